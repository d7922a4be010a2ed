//! HTML of other servers, rebuilt from an allow-list.
//!
//! Nothing of the input is copied: what is read becomes text, which is escaped again, or one of the few elements below,
//! written anew with attributes of our own making. What can't be read is text. So the output is well-formed, and holds no
//! element, attribute or address that is not on the list, whatever came in.

use url::Url;

use crate::characters::is_hidden;
use crate::escape::escape_html;

/// Elements that stay, as they are written.
const KEPT: [&str; 16] = [
    "p",
    "span",
    "a",
    "del",
    "pre",
    "blockquote",
    "code",
    "b",
    "strong",
    "u",
    "i",
    "em",
    "ul",
    "ol",
    "li",
    "br",
];

/// Elements that become paragraphs.
const HEADINGS: [&str; 7] = ["h1", "h2", "h3", "h4", "h5", "h6", "div"];

/// Elements whose content is not for reading.
const SILENT: [&str; 16] = [
    "script", "style", "svg", "math", "iframe", "object", "embed", "template", "noscript", "head", "title",
    "textarea", "select", "audio", "video", "canvas",
];

/// Classes that stay: they tell mentions and hashtags from links.
const CLASSES: [&str; 4] = ["h-card", "mention", "hashtag", "u-url"];

/// Elements within elements, at most.
const DEEPEST: usize = 24;

/// Longer input is cut before it is read.
const MOST_BYTES: usize = 128 * 1024;

/// Longer addresses are not followed.
const LONGEST_LINK: usize = 2048;

/// Rebuilds the HTML of another server's post or profile.
pub fn sanitise(html: &str) -> String {
    let mut end = html.len().min(MOST_BYTES);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    let mut page = Page::default();
    page.read(&html[..end]);
    page.finish()
}

struct Open {
    name: &'static str,
    /// Of a link: its host, and where its text begins in the output of text.
    link: Option<(String, usize)>,
}

#[derive(Default)]
struct Page {
    out: String,
    /// All text so far, to see what a link says.
    text: String,
    open: Vec<Open>,
}

/// A tag as it stands in the input.
struct Tag<'h> {
    name: String,
    closes: bool,
    attributes: Vec<(String, String)>,
    rest: &'h str,
}

impl Page {
    fn read(&mut self, html: &str) {
        let mut rest = html;
        while !rest.is_empty() {
            let plain = rest.find(['<', '&']).unwrap_or(rest.len());
            self.say(&rest[..plain]);
            rest = &rest[plain..];
            if rest.starts_with('&') {
                rest = self.entity(rest);
            } else if rest.starts_with("<!--") {
                rest = after(rest, "-->");
            } else if rest.starts_with("<!") || rest.starts_with("<?") {
                rest = after(rest, ">");
            } else if let Some(tag) = tag(rest) {
                rest = tag.rest;
                if SILENT.contains(&tag.name.as_str()) {
                    if !tag.closes {
                        rest = after_end_of(rest, &tag.name);
                    }
                } else {
                    self.tag(&tag);
                }
            } else if let Some(after) = rest.strip_prefix('<') {
                self.say("<");
                rest = after;
            }
        }
    }

    /// Writes text.
    fn say(&mut self, text: &str) {
        for c in text
            .chars()
            .filter(|c| !is_hidden(*c) && (!c.is_control() || *c == '\n'))
        {
            self.text.push(c);
            let mut buffer = [0; 4];
            self.out.push_str(&escape_html(c.encode_utf8(&mut buffer)));
        }
    }

    /// Reads one character reference; an `&` that begins none stands for itself.
    fn entity<'h>(&mut self, html: &'h str) -> &'h str {
        let end = html.bytes().take(12).position(|byte| byte == b';');
        let Some(end) = end else {
            self.say("&");
            return &html[1..];
        };
        if let Some(c) = reference(&html[1..end]) {
            let mut buffer = [0; 4];
            self.say(c.encode_utf8(&mut buffer));
            &html[end + 1..]
        } else {
            self.say("&");
            &html[1..]
        }
    }

    fn tag(&mut self, tag: &Tag<'_>) {
        let name = if HEADINGS.contains(&tag.name.as_str()) {
            "p"
        } else {
            tag.name.as_str()
        };
        let Some(name) = KEPT.into_iter().find(|kept| *kept == name) else {
            return;
        };
        if tag.closes {
            self.close(name);
        } else if name == "br" {
            self.text.push('\n');
            self.out.push_str("<br>");
        } else {
            self.start(name, tag);
        }
    }

    fn start(&mut self, name: &'static str, tag: &Tag<'_>) {
        let within = |wanted: &str| self.open.iter().any(|open| open.name == wanted);
        if self.open.len() >= DEEPEST || (name == "a" && within("a")) {
            return;
        }
        if name == "p" && within("p") {
            self.close("p");
        }
        let classes = classes(tag);
        let mut link = None;
        if name == "a" {
            let Some(url) = attribute(tag, "href").and_then(safe_link) else {
                return;
            };
            link = url.host_str().map(|host| (host.to_owned(), self.text.len()));
            self.out.push_str("<a href=\"");
            self.out.push_str(&escape_html(url.as_str()));
            self.out.push_str("\" rel=\"nofollow noopener noreferrer\"");
        } else {
            self.out.push('<');
            self.out.push_str(name);
        }
        if !classes.is_empty() && matches!(name, "a" | "span") {
            self.out.push_str(" class=\"");
            self.out.push_str(&classes);
            self.out.push('"');
        }
        self.out.push('>');
        self.open.push(Open { name, link });
    }

    /// Closes the innermost `name`, with what is open within it; nothing where none is open.
    fn close(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|open| open.name == name) else {
            return;
        };
        while self.open.len() > at {
            self.close_innermost();
        }
    }

    fn close_innermost(&mut self) {
        let Some(open) = self.open.pop() else { return };
        if let Some((host, from)) = open.link {
            let said = self.text[from..].trim().to_owned();
            if !tells_host(&said, &host) {
                self.say(&format!(" ({host})"));
            }
        }
        self.out.push_str("</");
        self.out.push_str(open.name);
        self.out.push('>');
        if matches!(open.name, "p" | "li" | "blockquote" | "pre") {
            self.text.push('\n');
        }
    }

    fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close_innermost();
        }
        self.out
    }
}

/// A link says where it leads, or is a mention or a hashtag: others get their host written behind them.
fn tells_host(said: &str, host: &str) -> bool {
    if said.starts_with(['@', '#', '＃']) {
        return !said.contains(char::is_whitespace) && !said.contains('/');
    }
    let said = said.to_ascii_lowercase();
    let bare = said
        .trim_start_matches("https://")
        .trim_start_matches("http://")
        .trim_start_matches("www.");
    let rest = bare.strip_prefix(host.trim_start_matches("www."));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#', ':', '…']))
}

fn safe_link(address: &str) -> Option<Url> {
    if address.len() > LONGEST_LINK {
        return None;
    }
    let url = Url::parse(address.trim()).ok()?;
    let web = matches!(url.scheme(), "http" | "https");
    (web && url.has_host() && url.username().is_empty() && url.password().is_none()).then_some(url)
}

fn classes(tag: &Tag<'_>) -> String {
    let all = attribute(tag, "class").unwrap_or_default();
    let kept: Vec<&str> = CLASSES
        .into_iter()
        .filter(|class| all.split_ascii_whitespace().any(|one| one == *class))
        .collect();
    kept.join(" ")
}

fn attribute<'t>(tag: &'t Tag<'_>, name: &str) -> Option<&'t str> {
    tag.attributes
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
}

/// What follows the first `end`; nothing where there is none.
fn after<'h>(html: &'h str, end: &str) -> &'h str {
    html.find(end).map_or("", |at| &html[at + end.len()..])
}

/// What follows the end tag of a silent element.
fn after_end_of<'h>(html: &'h str, name: &str) -> &'h str {
    let mut rest = html;
    while let Some(at) = rest.find("</") {
        let found = &rest[at + 2..];
        let named = found
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name));
        if named {
            return after(found, ">");
        }
        rest = found;
    }
    ""
}

/// Reads a tag; nothing where `<` begins none.
fn tag(html: &str) -> Option<Tag<'_>> {
    let mut rest = html.strip_prefix('<')?;
    let closes = rest.starts_with('/');
    if closes {
        rest = &rest[1..];
    }
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-')?;
    let name = rest[..end].to_ascii_lowercase();
    rest = &rest[end..];
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(rest) = rest.strip_prefix('>') {
            return Some(Tag {
                name,
                closes,
                attributes,
                rest,
            });
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/'))?;
        let key = rest[..end].to_ascii_lowercase();
        // A stray `=` is skipped, or this would not end.
        rest = if end == 0 { &rest[1..] } else { &rest[end..] };
        let mut value = String::new();
        if let Some(valued) = rest.trim_start().strip_prefix('=') {
            let (read, left) = quoted(valued.trim_start())?;
            value = decoded(read);
            rest = left;
        }
        attributes.push((key, value));
    }
}

/// Reads an attribute's value, quoted or not.
fn quoted(text: &str) -> Option<(&str, &str)> {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            let end = inner.find(quote)?;
            return Some((&inner[..end], &inner[end + 1..]));
        }
    }
    let end = text.find(|c: char| c.is_ascii_whitespace() || c == '>')?;
    Some((&text[..end], &text[end..]))
}

fn decoded(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        if let Some((c, end)) = end.and_then(|end| Some((reference(&rest[1..end])?, end))) {
            out.push(c);
            rest = &rest[end + 1..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// The character of `amp`, `#39`, `#x27`.
fn reference(name: &str) -> Option<char> {
    let number = |text: &str, radix| u32::from_str_radix(text, radix).ok().and_then(char::from_u32);
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{A0}'),
        _ => {
            let digits = name.strip_prefix('#')?;
            match digits.strip_prefix(['x', 'X']) {
                Some(hex) => number(hex, 16),
                None => number(digits, 10),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_servers_send_stays_readable() {
        for (html, expected) in [
            (
                "<p>Hi &amp; <b>you</b><br/>there</p>",
                "<p>Hi &amp; <b>you</b><br>there</p>",
            ),
            ("<p>one<p>two", "<p>one</p><p>two</p>"),
            ("<h1>Head</h1>", "<p>Head</p>"),
            ("a < b && c", "a &lt; b &amp;&amp; c"),
            ("<ul><li>x</ul>y", "<ul><li>x</li></ul>y"),
            ("<table><td>cell</td></table>", "cell"),
        ] {
            assert_eq!(sanitise(html), expected, "{html}");
        }
        let mention = r#"<span class="h-card x"><a href="https://p.example/@bob" class="u-url mention" onclick="x">@<span>bob</span></a></span>"#;
        assert_eq!(
            sanitise(mention),
            r#"<span class="h-card"><a href="https://p.example/@bob" rel="nofollow noopener noreferrer" class="mention u-url">@<span>bob</span></a></span>"#
        );
    }

    #[test]
    fn script_has_nowhere_to_be() {
        for html in [
            "<script>alert(1)</script>",
            "<SCRIPT SRC=x>a</SCRIPT\n>",
            "<img src=x onerror=alert(1)>",
            "<svg onload=alert(1)><p>",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<a href='java\tscript:x'>x</a>",
            "<a href=\"data:text/html,x\">x</a>",
            "<p onclick=\"x\" style=\"y\">",
            "<math><mi xlink:href=\"x\">",
            "<!--><script>x</script>-->",
            "<iframe srcdoc=\"&lt;script&gt;\">",
            "<a href=\"&#106;avascript:x\">x</a>",
            "<style>@import 'x'</style>",
            "<form action=x><button>",
            "<p/onmouseover=x>",
            "<base href=//x>",
        ] {
            let out = sanitise(html);
            for bad in [
                "script",
                "onerror",
                "onload",
                "onclick",
                "style",
                "javascript",
                "data:",
                "<img",
                "<svg",
                "<form",
                "href",
            ] {
                assert!(!out.contains(bad), "{html} became {out}");
            }
        }
    }

    #[test]
    fn a_link_says_where_it_leads() {
        let out = sanitise("<a href=\"https://evil.example/x\">https://bank.example/</a>");
        assert!(out.contains("https://bank.example/ (evil.example)</a>"), "{out}");
        let out = sanitise(
            "<a href=\"https://evil.example/\"><span class=\"invisible\">https://</span>evil.example/</a>",
        );
        assert!(!out.contains('(') && !out.contains("invisible"), "{out}");
        let out = sanitise("<a href=\"https://evil.example/\">evil.example.bank.example</a>");
        assert!(out.contains(" (evil.example)"), "{out}");
        assert!(!sanitise("<a href=\"https://me:you@evil.example/\">x</a>").contains("href"));
    }

    #[test]
    fn deep_and_long_input_ends() {
        let deep = "<blockquote>".repeat(100_000);
        assert!(sanitise(&deep).len() < 2000);
        let long = "<a href=\"https://x.example/\">".repeat(10_000);
        assert!(sanitise(&long).matches("<a ").count() == 1);
        assert!(sanitise(&"&".repeat(200_000)).len() <= MOST_BYTES * 5);
    }
}
