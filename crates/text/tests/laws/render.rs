//! Rendered HTML holds only what the allow-list names, and a link shows the host to which it leads.

use bauta_model::Handle;
use bauta_text::{Site, count, excerpt, plain, relative, render, render_field, render_line};
use url::Url;

const SITE: Site<'static> = Site {
    domain: "bauta.example",
    base: "https://bauta.example",
};

/// Renders `text` in every way and checks what came out.
pub fn check(text: &str) {
    let known = |handle: &Handle| Some(handle.clone());
    let post = render(text, SITE, known);
    for html in [
        &post.html,
        &render_line(text, SITE, known).html,
        &render_field(text, SITE, known).html,
    ] {
        for html in [html, &relative(html, SITE)] {
            assert_eq!(violation(html), None, "{text:?} became {html}");
        }
    }
    assert!(post.tags.iter().all(|tag| *tag == tag.to_lowercase()));
    let clean = bauta_text::clean_text(text);
    assert!(count(&clean, "") <= clean.chars().count() + 23 * clean.matches("://").count());
    assert!(!excerpt(&plain(&post.html), 20).contains('\n'));
}

const OPENING: [&str; 6] = [
    "<p>",
    "<br>",
    "<span>",
    "<span class=\"invisible\">",
    "<span class=\"ellipsis\">",
    "<span class=\"h-card\">",
];

/// What may follow the address in the tag of a link.
const LINK_ENDS: [&str; 4] = [
    "\" class=\"u-url mention\">",
    "\" class=\"mention hashtag\" rel=\"tag\">",
    "\" rel=\"nofollow noopener noreferrer\">",
    "\" rel=\"me nofollow noopener noreferrer\">",
];

/// The first thing in `html` that the allow-list does not name.
pub fn violation(html: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        if let Some(bad) = bad_text(&rest[..at]) {
            return Some(bad);
        }
        let Some(end) = rest[at..].find('>').map(|len| at + len + 1) else {
            return Some("an open tag".into());
        };
        let (tag, after) = (&rest[at..end], &rest[end..]);
        if let Some(name) = tag.strip_prefix("</") {
            if open.pop() != name.strip_suffix('>') {
                return Some(format!("{tag} closes nothing"));
            }
        } else if let Some(link) = tag.strip_prefix("<a href=\"") {
            if let Some(bad) = bad_link(link, after) {
                return Some(bad);
            }
            open.push("a");
        } else if !OPENING.contains(&tag) {
            return Some(format!("the tag {tag}"));
        } else if tag != "<br>" {
            open.push(if tag == "<p>" { "p" } else { "span" });
        }
        rest = after;
    }
    bad_text(rest).or_else(|| open.pop().map(|tag| format!("{tag} is left open")))
}

fn bad_text(text: &str) -> Option<String> {
    let raw = text.contains(['>', '"', '\'', '\0', '\u{FFFF}']);
    let entity = |part: &str| {
        ["amp;", "lt;", "gt;", "quot;", "#39;"]
            .iter()
            .any(|name| part.starts_with(name))
    };
    (raw || !text.split('&').skip(1).all(entity)).then(|| format!("the text {text:?}"))
}

/// Checks the tag of a link, and that the text which follows begins with the host of its address.
fn bad_link(tag: &str, after: &str) -> Option<String> {
    let Some(address) = LINK_ENDS.iter().find_map(|end| tag.strip_suffix(end)) else {
        return Some(format!("the link {tag}"));
    };
    if let Some(bad) = bad_text(address) {
        return Some(bad);
    }
    if address.starts_with('/') {
        return address
            .starts_with("//")
            .then(|| format!("the address {address}"));
    }
    let Ok(url) = Url::parse(&plain(address)) else {
        return Some(format!("the address {address}"));
    };
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() {
        return Some(format!("the address {address}"));
    }
    let scheme = format!("<span class=\"invisible\">{}://</span>", url.scheme());
    let shown = after
        .strip_prefix(&scheme)
        .map(|shown| plain(&shown[..shown.find("</span>").unwrap_or(0)]));
    let leads = shown.map(|shown| Url::parse(&format!("{}://{shown}", url.scheme())));
    match leads {
        Some(Ok(seen)) if seen.host() == url.host() && seen.port() == url.port() => None,
        Some(_) => Some(format!("a text that hides the host of {address}")),
        // Mentions and hashtags show a name.
        None => (!after.starts_with("@<span>") && !after.starts_with("#<span>"))
            .then(|| format!("the text of {address}")),
    }
}
