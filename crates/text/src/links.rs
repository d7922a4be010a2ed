//! Cleaning links: tracking parameters go, redirectors are unwrapped without asking them. All else stays byte for byte.

use crate::scan::{links, whole_link};
use crate::tracking::{is_tracking, target_names};
use std::borrow::Cow;
use url::{Url, form_urlencoded};

/// Cleans every link in `text`. What is not a link, and a link that has nothing to hide, stays exactly as typed.
pub fn clean_links(text: &str) -> String {
    let mut text = text.to_owned();
    // A cleaned link can end in punctuation that then no longer belongs to it; each round is shorter.
    while let Some(shorter) = clean_once(&text) {
        text = shorter;
    }
    text
}

fn clean_once(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end, url) in links(text) {
        if let Some(clean) = clean_parsed(&text[start..end], url) {
            out.push_str(&text[from..start]);
            out.push_str(&clean);
            from = end;
        }
    }
    (from > 0).then(|| out + &text[from..])
}

/// Cleans one link; nothing when there is nothing to clean.
pub fn clean_url(link: &str) -> Option<String> {
    clean_parsed(link, whole_link(link)?)
}

fn clean_parsed(link: &str, url: Url) -> Option<String> {
    let (mut link, mut url) = (Cow::Borrowed(link), url);
    while let Some((target, parsed)) = target(&link, &url) {
        (link, url) = (Cow::Owned(target), parsed);
    }
    match strip(&link, url.host_str().unwrap_or_default()) {
        Some(stripped) => Some(stripped),
        None => matches!(link, Cow::Owned(_)).then(|| link.into_owned()),
    }
}

/// Where a redirector leads. Always shorter than the redirector's address.
fn target(link: &str, url: &Url) -> Option<(String, Url)> {
    let names = target_names(url.host_str()?, url.path())?;
    let (_, target) = form_urlencoded::parse(url.query()?.as_bytes())
        .find(|(name, _)| names.iter().any(|known| name.eq_ignore_ascii_case(known)))?;
    let parsed = whole_link(&target)?;
    (target.len() < link.len()).then(|| (target.into_owned(), parsed))
}

/// The link without tracking parameters in its query and its fragment.
fn strip(link: &str, host: &str) -> Option<String> {
    let (before, fragment) = link
        .split_once('#')
        .map_or((link, None), |(link, part)| (link, Some(part)));
    let (path, query) = before
        .split_once('?')
        .map_or((before, None), |(path, part)| (path, Some(part)));
    let clean_query = query.and_then(|query| strip_pairs(query, host));
    let clean_fragment = fragment
        .filter(|fragment| fragment.contains('='))
        .and_then(|fragment| strip_pairs(fragment, host));
    if clean_query.is_none() && clean_fragment.is_none() {
        return None;
    }
    let mut out = path.to_owned();
    let parts = [('?', query, clean_query), ('#', fragment, clean_fragment)];
    for (sign, typed, clean) in parts {
        match (typed, clean) {
            (_, Some(clean)) if clean.is_empty() => {}
            (_, Some(clean)) => {
                out.push(sign);
                out.push_str(&clean);
            }
            (Some(typed), None) => {
                out.push(sign);
                out.push_str(typed);
            }
            (None, None) => {}
        }
    }
    Some(out)
}

/// The pairs that don't track; nothing if all of them may stay.
fn strip_pairs(pairs: &str, host: &str) -> Option<String> {
    let tracks = |pair: &&str| {
        form_urlencoded::parse(pair.as_bytes())
            .next()
            .is_some_and(|(name, _)| is_tracking(host, &name))
    };
    let kept: Vec<&str> = pairs.split('&').filter(|pair| !tracks(pair)).collect();
    (kept.len() < pairs.split('&').count()).then(|| kept.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tracking_parameters_go_and_the_rest_stays_as_typed() {
        for (typed, clean) in [
            (
                "https://a.example/?utm_source=x&b=%7e1&UTM_medium=y#c",
                "https://a.example/?b=%7e1#c",
            ),
            ("https://a.example/p?fbclid=1", "https://a.example/p"),
            ("https://a.example/p#utm_source=1", "https://a.example/p"),
            ("https://youtu.be/abc?si=XYZ&t=10", "https://youtu.be/abc?t=10"),
            ("https://x.com/a/status/1?s=20&t=abc", "https://x.com/a/status/1"),
            (
                "https://WWW.Instagram.com/p/1/?igsh=abc==",
                "https://WWW.Instagram.com/p/1/",
            ),
            ("https://a.example/?ut%6D_source=1", "https://a.example/"),
        ] {
            assert_eq!(clean_links(typed), clean);
            assert_eq!(clean_links(&format!("({typed}), x")), format!("({clean}), x"));
        }
    }

    #[test]
    fn the_same_names_mean_something_elsewhere() {
        for typed in [
            "https://a.example/?s=search&t=10&si=1",
            "https://A.example/?&&x",
            "https://a.example?#",
            "https://docs.example/#section",
            "text?utm_source=1",
        ] {
            assert_eq!(clean_links(typed), typed);
            assert_eq!(clean_url(typed), None);
        }
    }

    #[test]
    fn redirectors_are_unwrapped_without_asking_them() {
        for (typed, clean) in [
            (
                "https://www.google.com/url?sa=t&q=https://a.example/b%3Fc%3D1&ved=2",
                "https://a.example/b?c=1",
            ),
            (
                "https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2F%3Ffbclid%3D1&h=x",
                "https://a.example/",
            ),
            (
                "https://duckduckgo.com/l/?uddg=https%3A%2F%2Fa.example%2F",
                "https://a.example/",
            ),
            (
                "https://vk.com/away.php?to=https%3A%2F%2Fwww.youtube.com%2Fredirect%3Fq%3Dhttps%253A%252F%252Fa.example",
                "https://a.example",
            ),
        ] {
            assert_eq!(clean_links(typed), clean);
        }
        let no_web_link = "https://vk.com/away.php?to=javascript:alert(1)";
        assert_eq!(clean_links(no_web_link), no_web_link);
    }
}
