//! The way back: from our own HTML to plain text, for titles and previews.

use unicode_segmentation::UnicodeSegmentation;

/// The text of HTML that [`crate::render()`] made.
pub fn plain(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = if rest.starts_with('<') {
            skip_tag(rest, &mut out)
        } else {
            read_entity(rest, &mut out)
        };
    }
    out.push_str(rest);
    out.trim().to_owned()
}

/// Skips a tag; a break becomes a newline, the end of a paragraph two.
fn skip_tag<'h>(html: &'h str, out: &mut String) -> &'h str {
    let Some(end) = html.find('>') else { return "" };
    match &html[..=end] {
        "<br>" | "<br/>" | "<br />" => out.push('\n'),
        "</p>" => out.push_str("\n\n"),
        _ => {}
    }
    &html[end + 1..]
}

const ENTITIES: [(&str, char); 6] = [
    ("&amp;", '&'),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&quot;", '"'),
    ("&#39;", '\''),
    ("&nbsp;", '\u{A0}'),
];

/// Reads one of the entities that we write; any other `&` stands for itself.
fn read_entity<'h>(html: &'h str, out: &mut String) -> &'h str {
    for (name, c) in ENTITIES {
        if let Some(rest) = html.strip_prefix(name) {
            out.push(c);
            return rest;
        }
    }
    out.push('&');
    &html[1..]
}

/// The beginning of plain text on one line, at most `chars` characters with the ellipsis, cut between words where
/// there is a gap in the second half.
pub fn excerpt(text: &str, chars: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut ends = line
        .grapheme_indices(true)
        .map(|(at, _)| at)
        .skip(chars.saturating_sub(1));
    let (Some(cut), Some(_)) = (ends.next(), ends.next()) else {
        return line;
    };
    let head = &line[..cut];
    let head = match head.rfind(' ') {
        Some(gap) if gap * 2 >= cut => &head[..gap],
        _ => head,
    };
    format!("{}…", head.trim_end_matches([' ', ',', ';', ':']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_rendered_reads_as_it_was_typed() {
        let site = crate::Site {
            domain: "bauta.example",
            base: "https://bauta.example",
        };
        let typed = "1 < 2 & 'so' on\nsee https://example.org/a?b=1&c=2 #Tag\n\n\"end\"";
        assert_eq!(plain(&crate::render(typed, site, |_| None).html), typed);
    }

    #[test]
    fn a_broken_tag_ends_the_text() {
        assert_eq!(plain("a<b"), "a");
        assert_eq!(plain("a &b"), "a &b");
    }

    #[test]
    fn an_excerpt_ends_between_words() {
        assert_eq!(excerpt("We the\n\npeople", 20), "We the people");
        assert_eq!(excerpt("We the people", 13), "We the people");
        assert_eq!(excerpt("We the people", 12), "We the…");
        assert_eq!(excerpt("Donaudampfschiff", 6), "Donau…");
        assert_eq!(excerpt("abc", 0), "…");
        assert_eq!(excerpt("", 0), "");
    }
}
