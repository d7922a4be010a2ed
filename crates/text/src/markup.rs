//! Reading HTML that anybody may have written, tag by tag. Nothing here decides what stays.

/// A tag that is longer is none: whoever looks for its end would look through the whole page for each.
const LONGEST_TAG: usize = 8 * 1024;

/// Attributes of a tag; one with more is none, for the same reason.
const MOST_ATTRIBUTES: usize = 64;

/// Bytes of an attribute's name.
const LONGEST_NAME: usize = 256;

/// A tag as it stands in the input.
pub(crate) struct Tag<'h> {
    pub(crate) name: String,
    pub(crate) closes: bool,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) rest: &'h str,
}

/// The first `most` bytes, or a few less where a character would be cut.
pub(crate) fn head_of(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

pub(crate) fn attribute<'t>(tag: &'t Tag<'_>, name: &str) -> Option<&'t str> {
    tag.attributes
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
}

/// What follows the first `end`; nothing where there is none.
pub(crate) fn after<'h>(html: &'h str, end: &str) -> &'h str {
    html.find(end).map_or("", |at| &html[at + end.len()..])
}

/// What follows the end tag of a silent element.
pub(crate) fn after_end_of<'h>(html: &'h str, name: &str) -> &'h str {
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

/// Reads a tag; nothing where `<` begins none, or one that does not end soon.
pub(crate) fn tag(html: &str) -> Option<Tag<'_>> {
    let window = head_of(html, LONGEST_TAG);
    let mut tag = tag_within(window)?;
    tag.rest = &html[window.len() - tag.rest.len()..];
    Some(tag)
}

fn tag_within(html: &str) -> Option<Tag<'_>> {
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
        if attributes.len() >= MOST_ATTRIBUTES {
            return None;
        }
        let name = head_of(rest, LONGEST_NAME);
        let end = name.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/'))?;
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

pub(crate) fn decoded(value: &str) -> String {
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
pub(crate) fn reference(name: &str) -> Option<char> {
    let number = |text: &str, radix| u32::from_str_radix(text, radix).ok().and_then(char::from_u32);
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{A0}'),
        "ndash" => Some('–'),
        "mdash" => Some('—'),
        "hellip" => Some('…'),
        "lsquo" => Some('‘'),
        "rsquo" => Some('’'),
        "ldquo" => Some('“'),
        "rdquo" => Some('”'),
        "laquo" => Some('«'),
        "raquo" => Some('»'),
        _ => {
            let digits = name.strip_prefix('#')?;
            match digits.strip_prefix(['x', 'X']) {
                Some(hex) => number(hex, 16),
                None => number(digits, 10),
            }
        }
    }
}
