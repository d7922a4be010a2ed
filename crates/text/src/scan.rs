//! Finds links, mentions and hashtags in what a person typed. Rendering, counting, cleaning and the leak check all
//! look through these eyes, so that they agree.

use crate::characters::{is_hidden, is_unprintable, is_word};
use url::Url;

/// Something in a text that is more than text.
pub struct Found<'t> {
    /// First byte.
    pub start: usize,
    /// One after the last byte.
    pub end: usize,
    /// What it is.
    pub what: What<'t>,
}

/// Kinds of things in a text.
pub enum What<'t> {
    /// An http or https link that can be followed.
    Link(Url),
    /// Looks like a link, but must not be one: it names a user or is not well-formed.
    Refused,
    /// `@name` or `@name@domain`.
    Mention {
        /// The part before the second `@`.
        name: &'t str,
        /// The part after it, with a port if it is a loopback host.
        domain: Option<&'t str>,
    },
    /// A hashtag, without `#`, as typed.
    Tag(&'t str),
}

/// Longer links are left as text: browsers and caches cut them.
const MAX_LINK_BYTES: usize = 2048;

/// Everything in `text` that is more than text, in order, without overlaps.
pub fn scan(text: &str) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    let mut before = None;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let thing = match c {
            'h' | 'H' => link_at(text, at, before),
            '@' => mention_at(text, at, before),
            '#' | '＃' => {
                tag_at(text, at + c.len_utf8(), before).map(|(end, what)| Found { start: at, end, what })
            }
            _ => None,
        };
        let end = thing.as_ref().map_or(at + c.len_utf8(), |thing| thing.end);
        found.extend(thing);
        before = text[..end].chars().next_back();
        at = end;
    }
    found
}

/// The links of `text`, as byte range and address.
pub fn links(text: &str) -> impl Iterator<Item = (usize, usize, Url)> {
    scan(text).into_iter().filter_map(|found| match found.what {
        What::Link(url) => Some((found.start, found.end, url)),
        _ => None,
    })
}

fn link_at(text: &str, start: usize, before: Option<char>) -> Option<Found<'_>> {
    // CJK is written without spaces, so only what could belong to the scheme forbids a link.
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '@' | '＠' | '#' | '＃' | '$')) {
        return None;
    }
    let scheme = scheme_len(&text[start..])?;
    let body = &text[start + scheme..];
    let body = &body[..body.find(ends_link).unwrap_or(body.len())];
    let body = trim_punctuation(body);
    if body.is_empty() {
        return None;
    }
    let end = start + scheme + body.len();
    let what = parse_link(&text[start..end], body).map_or(What::Refused, What::Link);
    Some(Found { start, end, what })
}

fn scheme_len(text: &str) -> Option<usize> {
    ["https://", "http://"]
        .into_iter()
        .find(|scheme| {
            text.get(..scheme.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(scheme))
        })
        .map(str::len)
}

fn ends_link(c: char) -> bool {
    c.is_whitespace()
        || is_unprintable(c)
        || is_hidden(c)
        || matches!(
            c,
            '<' | '>' | '"' | '`' | '\\' | '“' | '”' | '„' | '«' | '»' | '、' | '。' | '，' | '！' | '？'
        )
        || matches!(
            c,
            '「' | '」' | '『' | '』' | '（' | '）' | '【' | '】' | '《' | '》' | '；' | '：' | '\u{FFFC}'
        )
}

/// Punctuation at the end belongs to the sentence, and a bracket does that was not opened in the link.
fn trim_punctuation(body: &str) -> &str {
    const BRACKETS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];
    let mut surplus = BRACKETS
        .map(|(open, close)| body.matches(close).count() as isize - body.matches(open).count() as isize);
    let mut body = body;
    while let Some(last) = body.chars().next_back() {
        let bracket = BRACKETS.iter().position(|&(_, close)| close == last);
        match bracket {
            Some(kind) if surplus[kind] > 0 => surplus[kind] -= 1,
            None if matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '…' | '|') => {}
            _ => break,
        }
        body = &body[..body.len() - last.len_utf8()];
    }
    body
}

/// Reads a link whose typed host is where it leads: no user names before the host, no empty host (browsers skip
/// extra slashes).
fn parse_link(link: &str, body: &str) -> Option<Url> {
    let authority = &body[..body.find(['/', '?', '#']).unwrap_or(body.len())];
    if link.len() > MAX_LINK_BYTES || authority.is_empty() || authority.contains('@') {
        return None;
    }
    let url = Url::parse(link).ok()?;
    url.has_host().then_some(url)
}

/// Reads one link that is the whole of `text`.
pub fn whole_link(text: &str) -> Option<Url> {
    let found = link_at(text, 0, None)?;
    match found.what {
        What::Link(url) if found.end == text.len() => Some(url),
        _ => None,
    }
}

const fn is_handle_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The length of the leading run of characters that `wanted` takes.
fn run(text: &str, wanted: impl Fn(char) -> bool) -> usize {
    text.find(|c| !wanted(c)).unwrap_or(text.len())
}

fn cannot_precede(before: Option<char>) -> bool {
    before.is_some_and(|c| matches!(c, '=' | '/') || is_word(c))
}

fn mention_at(text: &str, start: usize, before: Option<char>) -> Option<Found<'_>> {
    if cannot_precede(before) || before == Some('@') {
        return None;
    }
    let after = &text[start + 1..];
    let mut name_len = run(after, is_handle_char);
    if name_len == 0 {
        return None;
    }
    // Other servers have names like `a.b`; a dot that ends a sentence is none of the name.
    let dots = run(&after[name_len..], |c| matches!(c, '.' | '-'));
    let more = run(&after[name_len + dots..], is_handle_char);
    if dots > 0 && more > 0 {
        name_len += dots + more;
    }
    let (name, rest) = after.split_at(name_len);
    let domain = rest.strip_prefix('@').and_then(domain_of);
    if domain.is_none() && rest.chars().next().is_some_and(|c| is_word(c) || c == '@') {
        return None;
    }
    let end = start + 1 + name_len + domain.map_or(0, |domain| 1 + domain.len());
    Some(Found {
        start,
        end,
        what: What::Mention { name, domain },
    })
}

/// The domain that `text` begins with. A port counts only where a name can't be meant for the network.
fn domain_of(text: &str) -> Option<&str> {
    let len = run(text, |c| is_word(c) || matches!(c, '.' | '-'));
    let domain = text[..len].trim_end_matches(['.', '-']);
    if domain.is_empty() || domain.starts_with(['.', '-']) {
        return None;
    }
    if domain == "localhost" || domain.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        let port = text[domain.len()..]
            .strip_prefix(':')
            .map_or(0, |rest| run(rest, |c| c.is_ascii_digit()));
        if port > 0 {
            return Some(&text[..domain.len() + 1 + port]);
        }
    }
    Some(domain)
}

/// Reads a hashtag whose text begins at `from`: characters of words, at least one a letter; inside, also a middle
/// dot or a joiner.
fn tag_at(text: &str, from: usize, before: Option<char>) -> Option<(usize, What<'_>)> {
    const INNER: [char; 3] = ['\u{B7}', '\u{30FB}', '\u{200C}'];
    if cannot_precede(before) {
        return None;
    }
    let rest = &text[from..];
    let tag = rest[..run(rest, |c| is_word(c) || INNER.contains(&c))].trim_end_matches(INNER);
    if tag.starts_with(INNER) || !tag.chars().any(char::is_alphabetic) {
        return None;
    }
    Some((from + tag.len(), What::Tag(tag)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<&str> {
        scan(text)
            .iter()
            .map(|found| &text[found.start..found.end])
            .collect()
    }

    #[test]
    fn punctuation_around_a_link_is_not_in_it() {
        assert_eq!(
            seen("(see https://a.example/b_(c)), ok"),
            ["https://a.example/b_(c)"]
        );
        assert_eq!(seen("https://a.example/?q=1! Yes"), ["https://a.example/?q=1"]);
        assert_eq!(seen("\"https://a.example\""), ["https://a.example"]);
        assert_eq!(seen("見てhttps://a.example/道。次"), ["https://a.example/道"]);
        assert_eq!(seen("xhttps://a.example"), [""; 0]);
        assert_eq!(seen("https:// and http://"), [""; 0]);
    }

    #[test]
    fn a_link_that_names_a_user_or_no_host_is_refused() {
        for text in [
            "https://a@b.example/",
            "https://a:b@c.example",
            "https:///b.example",
            "https://a b",
        ] {
            let refused = scan(text).iter().all(|found| matches!(found.what, What::Refused));
            assert!(refused || text == "https://a b", "{text}");
        }
        assert!(matches!(scan("https://[::1]/")[0].what, What::Link(_)));
    }

    #[test]
    fn mentions_end_where_names_end() {
        assert_eq!(seen("@alice, @bob. @c_d! (@e)"), ["@alice", "@bob", "@c_d", "@e"]);
        assert_eq!(seen("@a@b.example. x"), ["@a@b.example"]);
        assert_eq!(seen("@a@localhost:8080 x"), ["@a@localhost:8080"]);
        assert_eq!(seen("a@b.example @@c /@d =@e @é @fé"), [""; 0]);
    }

    #[test]
    fn hashtags_follow_mastodons_rules() {
        assert_eq!(
            seen("#tag, #Tag2 (#a_b) ＃広い"),
            ["#tag", "#Tag2", "#a_b", "＃広い"]
        );
        assert_eq!(seen("#2017 #_ a#b /#c # #1st"), ["#1st"]);
        assert_eq!(
            seen("#col·lecció. #हिन्दी #naïve"),
            ["#col·lecció", "#हिन्दी", "#naïve"]
        );
    }

    #[test]
    fn nothing_is_found_inside_links() {
        assert_eq!(seen("https://a.example/@bob#tag"), ["https://a.example/@bob#tag"]);
        assert_eq!(
            seen("https://x@b.example/@bob#tag"),
            ["https://x@b.example/@bob#tag"]
        );
    }
}
