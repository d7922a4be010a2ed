//! HTML of other servers comes out well-formed and from the allow-list alone, and cleaning it again changes nothing.

use bauta_text::sanitise;

const ELEMENTS: [&str; 15] = [
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
];

/// Cleans `html` and checks what came out.
pub fn check(html: &str) {
    let out = sanitise(html);
    assert_eq!(violation(&out), None, "{html:?} became {out}");
    let again = sanitise(&out);
    assert_eq!(violation(&again), None, "{out:?} became {again}");
}

/// The first thing in `html` that is not on the list, or not closed.
fn violation(html: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find(['<', '>']) {
        if rest.as_bytes()[at] == b'>' {
            return Some("a stray >".into());
        }
        let end = at + rest[at..].find('>')?;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if tag == "br" {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Some(format!("{name} closes out of turn"));
            }
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        if !ELEMENTS.contains(&name) {
            return Some(format!("element {name}"));
        }
        if let Some(bad) = bad_attributes(name, attributes) {
            return Some(bad);
        }
        open.push(name);
    }
    if open.len() > 24 {
        return Some("too deep".into());
    }
    open.pop().map(|name| format!("{name} stays open"))
}

fn bad_attributes(name: &str, attributes: &str) -> Option<String> {
    let mut rest = attributes;
    if name == "a" {
        let address = rest.strip_prefix("href=\"")?;
        let (address, after) = address.split_once('"')?;
        if !address.starts_with("https://") && !address.starts_with("http://") {
            return Some(format!("address {address}"));
        }
        rest = after
            .strip_prefix(" rel=\"nofollow noopener noreferrer\"")
            .map_or("no rel", str::trim_start);
    }
    if rest.is_empty() {
        return None;
    }
    let classes = rest
        .strip_prefix("class=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    let known = |word: &str| matches!(word, "h-card" | "mention" | "hashtag" | "u-url");
    match classes {
        Some(classes) if matches!(name, "a" | "span") && classes.split(' ').all(known) => None,
        _ => Some(format!("{name} with {rest}")),
    }
}

#[test]
fn the_law_finds_what_breaks_it() {
    for html in [
        "<script>",
        "<p>",
        "<p onclick=\"x\"></p>",
        "<a href=\"javascript:x\" rel=\"nofollow noopener noreferrer\"></a>",
        "<p></b></p>",
        "a>b",
        "<span class=\"evil\"></span>",
    ] {
        assert!(violation(html).is_some(), "{html}");
    }
}
