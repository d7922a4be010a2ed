//! What every page must obey, read off its source: readers touch nobody (law 9), "Safest" works (law 10), no handle
//! that others can unmask (law 11), and what a screen reader needs.

use std::collections::BTreeSet;

use crate::html::{Element, Token, squeezed, tokens};

/// Elements that need script, fetch from elsewhere, are blocked at "Safest", or change where links lead.
const FORBIDDEN: [&str; 14] = [
    "applet", "base", "embed", "font", "frame", "frameset", "iframe", "marquee", "math", "object", "portal",
    "script", "style", "svg",
];

/// Attributes whose value is fetched as the page is shown, or sent to.
const FETCHED: [&str; 8] = [
    "action",
    "background",
    "data",
    "formaction",
    "longdesc",
    "manifest",
    "poster",
    "src",
];

/// What `link` may be, beyond things that a browser fetches.
const UNFETCHED_LINKS: [&str; 9] = [
    "alternate",
    "author",
    "bookmark",
    "canonical",
    "license",
    "me",
    "next",
    "prev",
    "shortlink",
];

/// Fields for things that Bauta never asks for (law 11).
const NEVER_ASKED: [&str; 2] = ["email", "tel"];

/// Where a page may reload itself, it gives at least this many seconds to read.
const SHORTEST_REFRESH: u32 = 30;

/// What is wrong with a whole page; nothing, when it is good.
pub fn page_lint(html: &str) -> Vec<String> {
    let tokens = tokens(html);
    let mut problems = laws(&tokens);
    problems.extend(structure(&tokens));
    problems.extend(balance(&tokens));
    problems
}

/// What is wrong with a piece of HTML that others embed, or that posts are rendered to: the laws alone.
pub fn fragment_lint(html: &str) -> Vec<String> {
    let tokens = tokens(html);
    let mut problems = laws(&tokens);
    problems.extend(balance(&tokens));
    problems
}

fn elements(tokens: &[Token]) -> impl Iterator<Item = &Element> {
    tokens.iter().filter_map(|token| {
        if let Token::Open(element) = token {
            Some(element)
        } else {
            None
        }
    })
}

fn laws(tokens: &[Token]) -> Vec<String> {
    elements(tokens).flat_map(element_laws).collect()
}

fn element_laws(element: &Element) -> Vec<String> {
    let mut problems = Vec::new();
    let mut say = |what: String| problems.push(format!("<{}>: {what}", element.name));
    if FORBIDDEN.contains(&element.name.as_str()) {
        say("no page may have this element".to_owned());
    }
    let plays = matches!(element.name.as_str(), "audio" | "video");
    if plays && !(element.has("controls") && element.attribute("preload") == Some("none")) {
        say("nothing loads before somebody lets it play: controls and preload=none are missing".to_owned());
    }
    for (name, value) in &element.attributes {
        if name == "style"
            || name == "autoplay"
            || name == "ping"
            || name == "srcdoc"
            || name.starts_with("on")
        {
            say(format!("no page may have the attribute {name}"));
        }
        if FETCHED.contains(&name.as_str()) && !is_own(value) {
            say(format!("{name}={value:?} leads elsewhere"));
        }
        if name == "srcset" && value.split(',').any(|candidate| !is_own(candidate)) {
            say(format!("srcset={value:?} leads elsewhere"));
        }
        if name == "href" && is_code(value) {
            say(format!("href={value:?} is code"));
        }
    }
    match element.name.as_str() {
        "link" => problems.extend(link_law(element)),
        "meta" => problems.extend(meta_law(element)),
        "input" => problems.extend(input_law(element)),
        _ => (),
    }
    problems
}

fn link_law(element: &Element) -> Option<String> {
    let kinds = element.attribute("rel").unwrap_or_default().to_ascii_lowercase();
    let unfetched = !kinds.is_empty()
        && kinds
            .split_whitespace()
            .all(|kind| UNFETCHED_LINKS.contains(&kind));
    let href = element.attribute("href").unwrap_or_default();
    (!unfetched && !is_own(href)).then(|| format!("<link>: rel={kinds:?} fetches {href:?}"))
}

fn meta_law(element: &Element) -> Option<String> {
    let kind = element
        .attribute("http-equiv")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let content = element.attribute("content").unwrap_or_default();
    let slow = content
        .trim()
        .parse()
        .is_ok_and(|seconds: u32| seconds >= SHORTEST_REFRESH);
    (kind == "refresh" && !slow)
        .then(|| format!("<meta>: refresh={content:?} leads away, or leaves no time to read"))
}

fn input_law(element: &Element) -> Option<String> {
    let asked = [element.attribute("type"), element.attribute("autocomplete")];
    let never = asked
        .into_iter()
        .flatten()
        .find(|value| NEVER_ASKED.contains(value));
    never.map(|what| format!("<input>: Bauta never asks for {what} (law 11)"))
}

/// True for a URL that stays on this server: a path, a query, a fragment.
fn is_own(url: &str) -> bool {
    let url = url.trim();
    let first = url.split(['/', '?', '#']).next().unwrap_or_default();
    // Browsers take a backslash for a slash, and skip line breaks and tabs within a URL.
    !url.starts_with("//") && !first.contains(':') && !url.contains(['\\', '\t', '\n', '\r'])
}

/// True for links that would run, or show, what stands in them.
fn is_code(url: &str) -> bool {
    let plain: String = url
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .collect();
    let plain = plain.to_ascii_lowercase();
    ["javascript:", "data:", "vbscript:", "blob:"]
        .iter()
        .any(|scheme| plain.starts_with(scheme))
}

fn structure(tokens: &[Token]) -> Vec<String> {
    let mut problems = Vec::new();
    if tokens
        .iter()
        .find(|token| !matches!(token, Token::Text(text) if text.trim().is_empty()))
        != Some(&Token::Doctype)
    {
        problems.push("the page does not begin with a doctype".to_owned());
    }
    let all: Vec<&Element> = elements(tokens).collect();
    let has = |what: &dyn Fn(&Element) -> bool| all.iter().any(|element| what(element));
    if !has(&|e| e.name == "html" && e.attribute("lang").is_some_and(|lang| !lang.is_empty())) {
        problems.push("<html> has no lang".to_owned());
    }
    if !has(&|e| e.name == "meta" && e.attribute("name") == Some("viewport")) {
        problems.push("there is no viewport: phones would show it small".to_owned());
    }
    if text_of(tokens, "title").is_empty() {
        problems.push("there is no title".to_owned());
    }
    let headings = all.iter().filter(|element| element.name == "h1").count();
    if headings != 1 {
        problems.push(format!("there are {headings} h1, and should be one"));
    }
    problems.extend(repeated_ids(&all));
    problems.extend(
        all.iter()
            .filter(|element| element.name == "img" && !element.has("alt"))
            .map(|element| {
                format!(
                    "<img>: {:?} has no alt",
                    element.attribute("src").unwrap_or_default()
                )
            }),
    );
    problems.extend(unlabelled(tokens));
    problems.extend(all.iter().filter(|element| spells(element)).map(|element| {
        format!(
            "<{}>: {:?} lacks spellcheck=\"false\": some browsers send what is written away",
            element.name,
            element.attribute("name").unwrap_or_default()
        )
    }));
    problems
}

/// True for fields whose text a browser might send to a spelling service.
fn spells(element: &Element) -> bool {
    let asked = element.name == "textarea"
        || (element.name == "input" && element.attribute("type") == Some("password"));
    asked && element.attribute("spellcheck") != Some("false")
}

fn repeated_ids(all: &[&Element]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let ids = all.iter().filter_map(|element| element.attribute("id"));
    ids.filter(|id| !seen.insert(*id))
        .map(|id| format!("the id {id:?} is there twice"))
        .collect()
}

/// Fields that say nothing to a screen reader, labels that name no field, and buttons without words.
fn unlabelled(tokens: &[Token]) -> Vec<String> {
    let all: Vec<&Element> = elements(tokens).collect();
    let ids: BTreeSet<&str> = all.iter().filter_map(|element| element.attribute("id")).collect();
    let labelled: BTreeSet<&str> = all
        .iter()
        .filter(|element| element.name == "label")
        .filter_map(|label| label.attribute("for"))
        .collect();
    let mut problems: Vec<String> = labelled
        .iter()
        .filter(|id| !ids.contains(*id))
        .map(|id| format!("a label is for {id:?}, which is not there"))
        .collect();
    let mut within_label = false;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Open(element) if element.name == "label" => within_label = true,
            Token::Close(name) if name == "label" => within_label = false,
            Token::Open(element) if is_field(element) => {
                let named = within_label
                    || element
                        .attribute("aria-label")
                        .is_some_and(|label| !label.trim().is_empty())
                    || element.attribute("id").is_some_and(|id| labelled.contains(id))
                    || element
                        .attribute("aria-labelledby")
                        .is_some_and(|by| by.split_whitespace().all(|id| ids.contains(id)));
                if !named {
                    let name = element.attribute("name").unwrap_or_default();
                    problems.push(format!("<{}>: {name:?} has no label", element.name));
                }
            }
            Token::Open(element) if is_silent_button(element, &tokens[at..]) => {
                problems.push("<button>: nothing is written on it".to_owned());
            }
            _ => (),
        }
    }
    problems
}

/// `from` begins with the button.
fn is_silent_button(element: &Element, from: &[Token]) -> bool {
    element.name == "button" && !element.has("aria-label") && text_of(from, "button").is_empty()
}

fn is_field(element: &Element) -> bool {
    let silent = ["hidden", "submit", "button", "reset", "image"];
    match element.name.as_str() {
        "input" => !element
            .attribute("type")
            .is_some_and(|kind| silent.contains(&kind)),
        "select" | "textarea" | "meter" | "progress" => true,
        _ => false,
    }
}

/// The text of the first element of that name.
fn text_of(tokens: &[Token], name: &str) -> String {
    let from = tokens
        .iter()
        .skip_while(|token| !matches!(token, Token::Open(element) if element.name == name));
    let inside = from.take_while(|token| !matches!(token, Token::Close(closed) if closed == name));
    let words = inside.filter_map(|token| match token {
        Token::Text(text) => Some(text.as_str()),
        Token::Open(element) => element.attribute("alt"),
        _ => None,
    });
    squeezed(&words.collect::<Vec<_>>().join(" "))
}

/// Tags that are not closed in the order in which they were opened: a template that is broken.
fn balance(tokens: &[Token]) -> Vec<String> {
    const MAY_STAY_OPEN: [&str; 12] = [
        "body", "dd", "dt", "html", "li", "option", "p", "tbody", "td", "th", "thead", "tr",
    ];
    let mut open: Vec<&str> = Vec::new();
    let mut problems = Vec::new();
    for token in tokens {
        match token {
            Token::Open(element) if !element.is_void() => open.push(&element.name),
            Token::Close(name) => {
                while open
                    .last()
                    .is_some_and(|last| last != name && MAY_STAY_OPEN.contains(last))
                {
                    open.pop();
                }
                if open.last() == Some(&name.as_str()) {
                    open.pop();
                } else {
                    problems.push(format!("</{name}> closes nothing; open is {:?}", open.last()));
                    open.retain(|known| known != name);
                }
            }
            _ => (),
        }
    }
    problems.extend(
        open.iter()
            .filter(|name| !MAY_STAY_OPEN.contains(name))
            .map(|name| format!("<{name}> is not closed")),
    );
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "<!doctype html><html lang=en><head><meta charset=utf-8><title>A page</title>\
        <meta name=viewport content='width=device-width'><link rel=stylesheet href=/style.css>\
        <link rel=canonical href='https://elsewhere.example/@a/1'></head><body><h1>A page</h1><p>One<p>Two\
        <a href='https://elsewhere.example/'>away</a><img src=/a.png alt=''>\
        <form method=post action=/speak><input type=hidden name=t><label for=w>Words</label>\
        <textarea id=w name=w spellcheck=false></textarea><label><input type=checkbox name=c> Hide</label>\
        <button>Post</button></form></body></html>";

    #[test]
    fn a_good_page_is_good() {
        assert_eq!(page_lint(GOOD), Vec::<String>::new());
    }

    #[test]
    fn each_law_is_seen_to_be_broken() {
        for bad in [
            "<script src=/a.js></script>",
            "<svg></svg>",
            "<math></math>",
            "<iframe src=/x></iframe>",
            "<style>p{}</style>",
            "<p style='color:red'>",
            "<p onclick=x>",
            "<p ONCLICK=x>",
            "<img alt='' src=https://elsewhere.example/a.png>",
            "<img alt='' src=//elsewhere.example/a.png>",
            "<img alt='' src='/\\elsewhere.example/a.png'>",
            "<img alt='' src=data:image/png;base64,AA>",
            "<img alt='' src=/a.png srcset='/b.png 2x, https://elsewhere.example/c.png 3x'>",
            "<link rel=stylesheet href=https://elsewhere.example/a.css>",
            "<link rel=preconnect href=https://elsewhere.example>",
            "<link href=https://elsewhere.example>",
            "<form action=https://elsewhere.example><button>Go</button></form>",
            "<button formaction=//elsewhere.example>Go</button>",
            "<video controls preload=none autoplay></video>",
            "<video controls preload=auto></video>",
            "<audio preload=none></audio>",
            "<a href='java\nscript:alert(1)'>x</a>",
            "<a href=' JAVASCRIPT:alert(1)'>x</a>",
            "<a href=/x ping=/y>x</a>",
            "<base href=/x>",
            "<meta http-equiv=refresh content='0; url=https://elsewhere.example'>",
            "<meta http-equiv=Refresh content=5>",
            "<input type=email aria-label=x>",
            "<b>not closed",
            "not opened</b>",
        ] {
            assert_eq!(fragment_lint(bad).len(), 1, "{bad}: {:?}", fragment_lint(bad));
        }
    }

    #[test]
    fn what_a_screen_reader_needs_is_missed() {
        for (from, to) in [
            ("<!doctype html>", ""),
            (" lang=en", ""),
            ("<title>A page</title>", "<title> </title>"),
            ("<h1>A page</h1>", ""),
            ("<h1>A page</h1>", "<h1>A</h1><h1>B</h1>"),
            ("<p>One", "<p id=w>One"),
            (" alt=''", ""),
            ("<label for=w>Words</label>", ""),
            ("<label for=w>", "<label for=w></label><label for=v>"),
            (
                "<label><input type=checkbox name=c> Hide</label>",
                "<input type=checkbox name=c>",
            ),
            (
                "<button>Post</button>",
                "<button><img src=/a.png alt=''></button>",
            ),
            (" spellcheck=false", ""),
            ("name=viewport", "name=other"),
        ] {
            let bad = GOOD.replacen(from, to, 1);
            assert_eq!(page_lint(&bad).len(), 1, "{from} → {to}: {:?}", page_lint(&bad));
        }
    }
}
