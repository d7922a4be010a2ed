//! From what a person typed to HTML that is safe everywhere: rendered once, in the shape that Mastodon's clients know.
//!
//! The only tags are `p`, `br`, `a` and `span`; every other character that markup could be made of is escaped.

use crate::characters::{is_hidden, is_right_to_left};
use crate::escape::{escape_html, push_escaped};
use crate::host;
use crate::scan::{Found, What, scan};
use bauta_model::Handle;
use std::fmt::Write as _;
use url::Url;

/// Where a text is published.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// The domain of handles, with the port if it has one: `bauta.example`, `localhost:8080`.
    pub domain: &'a str,
    /// What absolute addresses begin with, without a slash at the end: `https://bauta.example`.
    pub base: &'a str,
}

/// A rendered text, and what was found in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// Sanitised HTML.
    pub html: String,
    /// The local accounts that it names, each once, in order, as their owners write their handles.
    pub mentions: Vec<Handle>,
    /// Its hashtags, lower case, without `#`, each once, in order.
    pub tags: Vec<String>,
    /// The addresses that it links to, each once, in order.
    pub links: Vec<String>,
}

/// The local handles that `text` names, each once, so that they can be looked up before rendering.
pub fn named(text: &str, site: Site<'_>) -> Vec<Handle> {
    let mut handles = Vec::new();
    for found in scan(text) {
        if let Some(handle) = local(&found, site) {
            push_once(&mut handles, handle);
        }
    }
    handles
}

/// Renders a post or a bio: paragraphs, line breaks, links, mentions and hashtags.
///
/// `resolve` tells how the owner of a handle writes it; a handle that it does not know stays text.
pub fn render(text: &str, site: Site<'_>, resolve: impl Fn(&Handle) -> Option<Handle>) -> Rendered {
    let text = text.trim();
    let mut page = Page::new(site, "nofollow noopener noreferrer", true);
    if !text.is_empty() {
        page.out.html.push_str("<p>");
        page.write(text, resolve);
        page.out.html.push_str("</p>");
    }
    page.out
}

/// Renders text that stays on one line: links, mentions and hashtags, without a paragraph around them.
pub fn render_line(text: &str, site: Site<'_>, resolve: impl Fn(&Handle) -> Option<Handle>) -> Rendered {
    let mut page = Page::new(site, "nofollow noopener noreferrer", false);
    page.write(text.trim(), resolve);
    page.out
}

/// Renders the value of a profile's field: one line, whose links claim to be of the same person.
pub fn render_field(text: &str, site: Site<'_>, resolve: impl Fn(&Handle) -> Option<Handle>) -> Rendered {
    let mut page = Page::new(site, "me nofollow noopener noreferrer", false);
    page.write(text.trim(), resolve);
    page.out
}

/// Makes the links to the site itself relative, so that a page shown at the onion address leads nobody out of it.
pub fn relative(html: &str, site: Site<'_>) -> String {
    // Quotes in text are escaped, so `href="` stands only where an attribute begins.
    html.replace(&format!("href=\"{}/", escape_html(site.base)), "href=\"/")
}

/// The handle that `found` names: of this site, or of another.
fn local(found: &Found<'_>, site: Site<'_>) -> Option<Handle> {
    match found.what {
        What::Mention { name, domain }
            if domain.is_none_or(|domain| domain.eq_ignore_ascii_case(site.domain)) =>
        {
            Handle::parse(name).ok()
        }
        What::Mention {
            name,
            domain: Some(domain),
        } => Handle::remote(name, domain).ok(),
        _ => None,
    }
}

fn push_once<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// HTML in the making.
struct Page<'a> {
    site: Site<'a>,
    rel: &'static str,
    /// Newlines make breaks and paragraphs; otherwise they are spaces.
    paragraphs: bool,
    out: Rendered,
}

impl<'a> Page<'a> {
    fn new(site: Site<'a>, rel: &'static str, paragraphs: bool) -> Self {
        Self {
            site,
            rel,
            paragraphs,
            out: Rendered::default(),
        }
    }

    fn write(&mut self, text: &str, resolve: impl Fn(&Handle) -> Option<Handle>) {
        let mut from = 0;
        for found in scan(text) {
            self.text(&text[from..found.start]);
            let typed = &text[found.start..found.end];
            match &found.what {
                What::Link(url) => self.link(url, typed),
                What::Tag(tag) => self.tag(tag),
                What::Mention { .. } => match local(&found, self.site).as_ref().and_then(&resolve) {
                    Some(handle) => self.mention(&handle),
                    None => self.text(typed),
                },
                What::Refused => self.text(typed),
            }
            from = found.end;
        }
        self.text(&text[from..]);
    }

    /// One newline is a break, more are a new paragraph.
    fn text(&mut self, text: &str) {
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if c != '\n' {
                push_escaped(&mut self.out.html, c);
            } else if !self.paragraphs {
                self.out.html.push(' ');
            } else if chars.next_if_eq(&'\n').is_some() {
                while chars.next_if_eq(&'\n').is_some() {}
                self.out.html.push_str("</p><p>");
            } else {
                self.out.html.push_str("<br>");
            }
        }
    }

    fn mention(&mut self, handle: &Handle) {
        let base = escape_html(self.site.base);
        let _ = write!(
            self.out.html,
            "<span class=\"h-card\"><a href=\"{base}/@{handle}\" class=\"u-url mention\">@<span>{handle}</span></a></span>"
        );
        push_once(&mut self.out.mentions, handle.clone());
    }

    fn tag(&mut self, tag: &str) {
        let lower = tag.to_lowercase();
        let base = escape_html(self.site.base);
        let path: String = url::form_urlencoded::byte_serialize(lower.as_bytes()).collect();
        let tag = escape_html(tag);
        let _ = write!(
            self.out.html,
            "<a href=\"{base}/tags/{path}\" class=\"mention hashtag\" rel=\"tag\">#<span>{tag}</span></a>"
        );
        push_once(&mut self.out.tags, lower);
    }

    /// A link shows its whole host (CVE-2023-36462: text that hides the host) and the beginning of what follows.
    fn link(&mut self, url: &Url, typed: &str) {
        let host = host::shown(url);
        let rest = shown_rest(url, typed);
        let room = LINK_SHOWN_CHARS.saturating_sub(host.chars().count());
        let (head, tail) = match rest.char_indices().nth(room) {
            Some((cut, _)) => rest.split_at(cut),
            None => (rest, ""),
        };
        let (href, rel, scheme) = (escape_html(url.as_str()), self.rel, url.scheme());
        let (host, head, tail) = (escape_html(&host), escape_html(head), escape_html(tail));
        let html = &mut self.out.html;
        let _ = write!(
            html,
            "<a href=\"{href}\" rel=\"{rel}\"><span class=\"invisible\">{scheme}://</span>"
        );
        let _ = if tail.is_empty() {
            write!(html, "<span>{host}{head}</span></a>")
        } else {
            write!(
                html,
                "<span class=\"ellipsis\">{host}{head}</span><span class=\"invisible\">{tail}</span></a>"
            )
        };
        push_once(&mut self.out.links, url.as_str().to_owned());
    }
}

/// How much of a link is shown, unless its host alone is longer.
const LINK_SHOWN_CHARS: usize = 30;

/// What follows the host: as typed, unless that could change the order in which the host is read.
fn shown_rest<'u>(url: &'u Url, typed: &'u str) -> &'u str {
    let after = typed.find("://").map_or(typed, |at| &typed[at + 3..]);
    let rest = after.find(['/', '?', '#']).map_or("", |at| &after[at..]);
    if rest.chars().any(|c| is_right_to_left(c) || is_hidden(c)) {
        &url[url::Position::BeforePath..]
    } else {
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: Site<'static> = Site {
        domain: "bauta.example",
        base: "https://bauta.example",
    };

    fn known(handle: &Handle) -> Option<Handle> {
        (handle.key() == "alt_uscis").then(|| Handle::parse("ALT_USCIS").unwrap())
    }

    fn html(text: &str) -> String {
        render(text, SITE, known).html
    }

    #[test]
    fn newlines_make_breaks_and_paragraphs() {
        assert_eq!(html("a\nb\n\n\nc\n"), "<p>a<br>b</p><p>c</p>");
        assert_eq!(html(" \n "), "");
    }

    #[test]
    fn markup_is_text() {
        assert_eq!(
            html("<b onclick='x'>&amp;"),
            "<p>&lt;b onclick=&#39;x&#39;&gt;&amp;amp;</p>"
        );
    }

    #[test]
    fn a_known_handle_is_a_link_as_its_owner_writes_it() {
        let link = "<span class=\"h-card\"><a href=\"https://bauta.example/@ALT_USCIS\" class=\"u-url mention\">\
                    @<span>ALT_USCIS</span></a></span>";
        assert_eq!(html("@alt_uscis"), format!("<p>{link}</p>"));
        assert_eq!(html("@alt_USCIS@BAUTA.example"), format!("<p>{link}</p>"));
        assert_eq!(
            html("@nobody @alt_uscis@far.example"),
            "<p>@nobody @alt_uscis@far.example</p>"
        );
        let rendered = render("@alt_uscis @ALT_USCIS @nobody", SITE, known);
        assert_eq!(rendered.mentions, [Handle::parse("ALT_USCIS").unwrap()]);
        assert_eq!(named("@b @a @B @c@far.example", SITE).len(), 3);
    }

    #[test]
    fn a_hashtag_links_to_its_lower_case() {
        let rendered = render("#Übung #übung #Two", SITE, known);
        assert_eq!(rendered.tags, ["übung", "two"]);
        assert!(rendered.html.starts_with(
            "<p><a href=\"https://bauta.example/tags/%C3%BCbung\" class=\"mention hashtag\" rel=\"tag\">#<span>Übung"
        ));
    }

    #[test]
    fn a_link_is_shortened_after_its_host() {
        assert_eq!(
            html("https://www.example.org/a/very/long/path?with=a&query=too"),
            "<p><a href=\"https://www.example.org/a/very/long/path?with=a&amp;query=too\" \
             rel=\"nofollow noopener noreferrer\"><span class=\"invisible\">https://</span>\
             <span class=\"ellipsis\">www.example.org/a/very/long/pa</span>\
             <span class=\"invisible\">th?with=a&amp;query=too</span></a></p>"
        );
        let long = format!("https://{}.example/path", "login.bank.example.".repeat(4));
        assert!(html(&long).contains(".example</span><span class=\"invisible\">/path"));
    }

    #[test]
    fn a_link_shows_where_it_leads() {
        assert!(html("https://bank.example@evil.example/").starts_with("<p>https://bank"));
        assert!(html("HTTPS://EVIL.example").contains("<span>evil.example</span>"));
        assert!(html("https://evil.example/\u{5D0}").contains("<span>evil.example/%D7%90</span>"));
    }

    #[test]
    fn only_web_links_are_links() {
        assert_eq!(
            html("javascript:alert(1) data:text/html,x ftp://a.example"),
            "<p>javascript:alert(1) data:text/html,x ftp://a.example</p>"
        );
    }

    #[test]
    fn a_field_claims_its_links() {
        let field = render_field("https://a.example\nx", SITE, known);
        assert!(field.html.contains("rel=\"me nofollow"));
        assert!(field.html.ends_with("</a> x"));
    }

    #[test]
    fn links_to_the_site_become_relative() {
        let html = html("#a https://bauta.example/@x https://bauta.example.evil/");
        let relative = relative(&html, SITE);
        assert!(relative.contains("href=\"/tags/a\""));
        assert!(relative.contains("href=\"/@x\""));
        assert!(relative.contains("href=\"https://bauta.example.evil/\""));
    }
}
