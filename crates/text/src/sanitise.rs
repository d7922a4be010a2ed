//! HTML of other servers, rebuilt from an allow-list.
//!
//! Nothing of the input is copied: what is read becomes text, which is escaped again, or one of the few elements below,
//! written anew with attributes of our own making. What can't be read is text. So the output is well-formed, and holds no
//! element, attribute or address that is not on the list, whatever came in.

use url::Url;

use crate::characters::is_hidden;
use crate::escape::escape_html;
use crate::markup::{Tag, after, after_end_of, attribute, head_of, reference, tag};

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
    let mut page = Page::default();
    page.read(head_of(html, MOST_BYTES));
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

pub(crate) fn safe_link(address: &str) -> Option<Url> {
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
        // Tags that never end: each is looked through for a while, not to the end of all.
        for endless in [
            "<a ",
            "<a<",
            "<a b",
            "<a b=\"",
            "<a b='c",
            "<a =",
            "</p ",
            "<!",
            "<script></x",
        ] {
            assert!(
                sanitise(&endless.repeat(60_000)).len() <= MOST_BYTES * 5,
                "{endless}"
            );
        }
    }
}
