//! What a page says of itself in its head, and the link of a post that leads to one. All of it is text: what shows it
//! escapes it.

use url::Url;

use crate::clean::clean_line;
use crate::markup::{after, after_end_of, attribute, decoded, head_of, tag};
use crate::sanitise::safe_link;

/// Of a longer page the rest is not looked at.
const MOST_BYTES: usize = 512 * 1024;
/// Characters of a title; the rest is cut.
const TITLE_CHARS: usize = 200;
/// Characters of a description; the rest is cut.
const DESCRIPTION_CHARS: usize = 400;
/// Characters of the name of a site; the rest is cut.
const SITE_CHARS: usize = 80;

/// Tags that don't end. What has more of them is no page, and each would be looked through again.
const MOST_BROKEN: usize = 1000;

/// Elements whose content is not the page's word on itself.
const SILENT: [&str; 7] = [
    "script", "style", "svg", "template", "noscript", "iframe", "textarea",
];

/// What a page says of itself: on one line each, without control and hidden characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageHead {
    /// Its title; empty where it has none.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// The site that it is a page of.
    pub site: String,
    /// Where its picture is, as it stands there.
    pub picture: String,
    /// What the picture shows.
    pub picture_said: String,
}

/// What can be said of one thing, best first.
#[derive(Default)]
struct Found([Option<String>; 3]);

impl Found {
    fn note(&mut self, rank: usize, value: &str) {
        if self.0[rank].is_none() && !value.trim().is_empty() {
            self.0[rank] = Some(value.to_owned());
        }
    }

    fn best(self, most: usize) -> String {
        let value = self.0.into_iter().flatten().next().unwrap_or_default();
        // Before it is cleaned it may be as long as the page.
        crate::excerpt(&clean_line(head_of(&value, 8 * most)), most)
    }
}

/// Reads the head of a page: `og:` names before `twitter:` ones, before the plain ones.
pub fn page_head(html: &str) -> PageHead {
    let [mut title, mut description, mut site, mut picture, mut said] = <[Found; 5]>::default();
    let (mut rest, mut broken) = (head_of(html, MOST_BYTES), 0);
    while let Some(at) = rest.find('<').filter(|_| broken <= MOST_BROKEN) {
        rest = &rest[at..];
        if rest.starts_with("<!--") {
            rest = after(rest, "-->");
            continue;
        }
        let Some(tag) = tag(rest) else {
            broken += 1;
            rest = &rest[1..];
            continue;
        };
        rest = tag.rest;
        match tag.name.as_str() {
            "body" => break,
            "title" if !tag.closes => {
                let end = rest.find("</").unwrap_or(rest.len());
                title.note(2, &decoded(&rest[..end]));
            }
            "meta" => {
                let name = attribute(&tag, "property").or_else(|| attribute(&tag, "name"));
                let content = attribute(&tag, "content").unwrap_or_default();
                match name.unwrap_or_default().to_ascii_lowercase().as_str() {
                    "og:title" => title.note(0, content),
                    "twitter:title" => title.note(1, content),
                    "og:description" => description.note(0, content),
                    "twitter:description" => description.note(1, content),
                    "description" => description.note(2, content),
                    "og:site_name" => site.note(0, content),
                    "og:image:secure_url" => picture.note(0, content),
                    "og:image" | "og:image:url" => picture.note(1, content),
                    "twitter:image" => picture.note(2, content),
                    "og:image:alt" => said.note(0, content),
                    "twitter:image:alt" => said.note(1, content),
                    _ => {}
                }
            }
            name if !tag.closes && SILENT.contains(&name) => rest = after_end_of(rest, name),
            _ => {}
        }
    }
    let picture = picture.0.into_iter().flatten().next().unwrap_or_default();
    PageHead {
        title: title.best(TITLE_CHARS),
        description: description.best(DESCRIPTION_CHARS),
        site: site.best(SITE_CHARS),
        picture: picture.trim().to_owned(),
        picture_said: said.best(DESCRIPTION_CHARS),
    }
}

/// The first link to a page in the HTML of a post: mentions and hashtags are none.
pub fn first_link(html: &str) -> Option<Url> {
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let Some(tag) = tag(rest) else {
            rest = &rest[1..];
            continue;
        };
        rest = tag.rest;
        if tag.name != "a" || tag.closes {
            continue;
        }
        let class = attribute(&tag, "class").unwrap_or_default();
        let names = class
            .split_ascii_whitespace()
            .any(|one| matches!(one, "mention" | "hashtag"));
        let said = rest.trim_start_matches(|c: char| c.is_whitespace());
        if names || said.starts_with(['#', '@', '＃']) {
            continue;
        }
        if let Some(url) = attribute(&tag, "href").and_then(safe_link) {
            return Some(url);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_what_it_is() {
        let head = page_head(
            "<!DOCTYPE html><HTML><head><title>Plain &amp; simple</title>\
             <!-- <meta property=\"og:title\" content=\"in a comment\"> -->\
             <script>'<meta property=\"og:title\" content=\"in a script\">'</script>\
             <META CONTENT='The  harbour\n\u{202e}news&#x21;' PROPERTY=og:title />\
             <meta name=description content=\"What happened\">\
             <meta property=\"og:site_name\" content=\"Harbour\">\
             <meta property=\"og:image\" content=\" /a.png \"><meta property=\"og:image:alt\" content=\"A ship\">\
             </head><body><meta property=\"og:description\" content=\"too late\"></body>",
        );
        assert_eq!(
            head,
            PageHead {
                title: "The harbour news!".into(),
                description: "What happened".into(),
                site: "Harbour".into(),
                picture: "/a.png".into(),
                picture_said: "A ship".into(),
            }
        );
        assert_eq!(page_head("<title>Only & this</title>").title, "Only & this");
        for nothing in [
            "",
            "<title>",
            "<title></title>",
            "{\"title\": 1}",
            "<meta property>",
        ] {
            assert_eq!(page_head(nothing), PageHead::default(), "{nothing}");
        }
    }

    #[test]
    fn whatever_a_page_says_is_short_and_ends() {
        let long = format!(
            "<title>{}</title><meta name=description content=\"{}\">",
            "x".repeat(400_000),
            "y ".repeat(3000)
        );
        let head = page_head(&long);
        assert_eq!(head.title.chars().count(), TITLE_CHARS);
        assert!(head.description.chars().count() <= DESCRIPTION_CHARS);
        for endless in [
            "<",
            "<a ",
            "<meta content=\"",
            "<meta property='og:title' content=",
            "<!--",
            "<title>",
            "<script>",
            "</",
        ] {
            let head = page_head(&endless.repeat(100_000));
            assert!(head.title.chars().count() <= TITLE_CHARS, "{endless}");
        }
    }

    #[test]
    fn mentions_and_hashtags_are_no_links() {
        let html = "<p><a href=\"https://a.example/@x\" class=\"u-url mention\">@x</a> \
                    <a href=\"https://a.example/tags/y\">#y</a> <a href=\"javascript:x\">z</a> \
                    <a href=\"https://b.example/page?a=1&amp;b=2\">b</a> <a href=\"https://c.example/\">c</a></p>";
        assert_eq!(
            first_link(html).unwrap().as_str(),
            "https://b.example/page?a=1&b=2"
        );
        assert_eq!(first_link("<p>no link</p>"), None);
        assert_eq!(first_link("<a href=\"https://me:you@c.example/\">c</a>"), None);
    }
}
