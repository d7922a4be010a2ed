//! A browser that knows links and forms only: the reader at Tor Browser's "Safest", for whom every page must work.
//!
//! It finds fields by what is written beside them and buttons by what is written on them, as a person does; a page on
//! which a person would be lost fails the test.

mod fields;
mod form;

use crate::html::{self, Token, squeezed};
use crate::http::{Client, Request, Response};

pub use form::Form;

/// A browser: a client with cookies, and the page where it is.
#[derive(Clone, Debug)]
pub struct Browser {
    /// Sends what the browser sends; for headers and cookies.
    pub client: Client,
}

/// A page that was loaded.
#[derive(Clone, Debug)]
pub struct Page {
    /// The path it came from, after redirects.
    pub path: String,
    /// The whole answer.
    pub response: Response,
    tokens: Vec<Token>,
}

/// More redirects than this are a loop.
const MOST_REDIRECTS: usize = 10;

impl Browser {
    /// A browser without cookies.
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// Loads a page. Redirects within the server are followed; one that leads elsewhere is the page.
    ///
    /// # Panics
    /// When there is no answer, or redirects have no end.
    pub fn get(&mut self, path: &str) -> Page {
        self.load(&Request::get(path), path)
    }

    /// Follows the link with exactly this text.
    ///
    /// # Panics
    /// When the page has no such link; the message lists those it has.
    pub fn follow(&mut self, page: &Page, text: &str) -> Page {
        let links = page.links();
        let target = links
            .iter()
            .find(|(label, _)| label == text)
            .map(|(_, target)| target.clone());
        let target = target.unwrap_or_else(|| panic!("no link {text:?} on {}; it has {links:?}", page.path));
        self.get(&resolve(&page.path, &target, self.client.host()))
    }

    /// Sends a form as its button would.
    ///
    /// # Panics
    /// As [`Self::get`].
    pub fn submit(&mut self, form: &Form) -> Page {
        let action = resolve(form.page(), form.action(), self.client.host());
        let request = form.request(&action);
        let path = request.target.clone();
        self.load(&request, &path)
    }

    fn load(&mut self, request: &Request, path: &str) -> Page {
        let mut path = path.split('#').next().unwrap_or_default().to_owned();
        let mut response = self.client.send(request);
        for _ in 0..MOST_REDIRECTS {
            let again = [301, 302, 303].contains(&response.status);
            let target = response
                .header("location")
                .filter(|_| again)
                .map(|to| resolve(&path, to, self.client.host()));
            match target {
                Some(target) if target.starts_with('/') => {
                    path = target
                        .split_once('#')
                        .map_or(target.clone(), |(path, _)| path.to_owned());
                    response = self.client.get(&path);
                }
                _ => return Page::new(path, response),
            }
        }
        panic!(
            "redirects from {} have no end; the last is {path}",
            request.target
        );
    }
}

impl Page {
    fn new(path: String, response: Response) -> Self {
        let html = response
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"));
        let tokens = if html {
            html::tokens(&response.text())
        } else {
            Vec::new()
        };
        Self {
            path,
            response,
            tokens,
        }
    }

    /// A page that came some other way.
    pub fn of_html(path: &str, html: &str) -> Self {
        let response = Response {
            status: 200,
            headers: Vec::new(),
            body: html.as_bytes().to_vec(),
        };
        Self {
            path: path.to_owned(),
            response,
            tokens: html::tokens(html),
        }
    }

    /// The status code.
    pub fn status(&self) -> u16 {
        self.response.status
    }

    /// The source.
    pub fn html(&self) -> String {
        self.response.text()
    }

    /// The words that a reader sees, white space squeezed.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (at, token) in self.tokens.iter().enumerate() {
            let unseen = at.checked_sub(1).is_some_and(|before| {
                matches!(&self.tokens[before], Token::Open(element) if ["title", "script", "style"].contains(&element.name.as_str()))
            });
            match token {
                Token::Text(text) if !unseen => out.push_str(text),
                // Inline elements don't part words; all others do.
                Token::Open(element) if !is_inline(&element.name) => out.push(' '),
                Token::Close(name) if !is_inline(name) => out.push(' '),
                _ => (),
            }
        }
        squeezed(&out)
    }

    /// True when a reader sees `words`.
    pub fn says(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    /// The heading that names the page.
    pub fn heading(&self) -> String {
        self.text_within("h1")
            .into_iter()
            .next()
            .map(|(_, text)| text)
            .unwrap_or_default()
    }

    /// Text and target of each link.
    pub fn links(&self) -> Vec<(String, String)> {
        let links = self.text_within("a").into_iter();
        links
            .filter_map(|(element, text)| Some((text, element.attribute("href")?.to_owned())))
            .collect()
    }

    /// What is written on the buttons.
    pub fn buttons(&self) -> Vec<String> {
        fields::parse(&self.tokens)
            .buttons
            .into_iter()
            .map(|button| button.label)
            .collect()
    }

    /// The form that the button with exactly this text sends; the button is pressed by [`Browser::submit`].
    ///
    /// # Panics
    /// When there is no such button, or several in different forms.
    pub fn form(&self, button: &str) -> Form {
        let forms: Vec<Form> = self.forms(button);
        match forms.as_slice() {
            [form] => form.clone(),
            [] => panic!(
                "no button {button:?} on {}; it has {:?}: {}",
                self.path,
                self.buttons(),
                self.text()
            ),
            _ => panic!(
                "{} buttons {button:?} on {}: take one of forms()",
                forms.len(),
                self.path
            ),
        }
    }

    /// All forms with such a button, in the order of the page: a list of posts has one in each.
    pub fn forms(&self, button: &str) -> Vec<Form> {
        let parsed = fields::parse(&self.tokens);
        let pressed = parsed
            .buttons
            .iter()
            .filter(|candidate| candidate.label == button);
        pressed
            .filter_map(|pressed| Form::of(&parsed, pressed, &self.path))
            .collect()
    }

    /// What [`crate::page_lint`] says of it.
    pub fn lint(&self) -> Vec<String> {
        crate::page_lint(&self.html())
    }

    /// The elements of that name with the text in them (and the `alt` of pictures).
    fn text_within(&self, name: &str) -> Vec<(html::Element, String)> {
        let mut found: Vec<(html::Element, String)> = Vec::new();
        let mut inside = false;
        for token in &self.tokens {
            match token {
                Token::Open(element) if element.name == name => {
                    found.push((element.clone(), String::new()));
                    inside = true;
                }
                Token::Close(closed) if closed == name => inside = false,
                Token::Text(text) if inside => found.last_mut().expect("one is open").1.push_str(text),
                Token::Open(element) if inside => {
                    found
                        .last_mut()
                        .expect("one is open")
                        .1
                        .push_str(element.attribute("alt").unwrap_or(" "));
                }
                _ => (),
            }
        }
        found
            .into_iter()
            .map(|(element, text)| (element, squeezed(&text)))
            .collect()
    }
}

fn is_inline(name: &str) -> bool {
    [
        "a", "abbr", "b", "bdi", "code", "em", "i", "kbd", "mark", "q", "s", "small", "span", "strong",
        "sub", "sup", "time", "u", "wbr",
    ]
    .contains(&name)
}

/// Where `target` on the page `base` leads: a path on this server, or a whole URL elsewhere.
fn resolve(base: &str, target: &str, host: &str) -> String {
    for scheme in ["http://", "https://"] {
        if let Some(rest) = target
            .strip_prefix(scheme)
            .and_then(|rest| rest.strip_prefix(host))
        {
            if rest.is_empty() {
                return "/".to_owned();
            }
            if rest.starts_with(['/', '?']) {
                return rest.to_owned();
            }
        }
    }
    let base = base.split('#').next().unwrap_or_default();
    let base_path = base.split('?').next().unwrap_or_default();
    let has_scheme = target
        .split(['/', '?', '#'])
        .next()
        .is_some_and(|first| first.contains(':'));
    match target.chars().next() {
        _ if has_scheme || target.starts_with("//") => target.to_owned(),
        None | Some('#') => base.to_owned(),
        Some('/') => target.to_owned(),
        Some('?') => format!("{base_path}{target}"),
        Some(_) => beside(base_path, target),
    }
}

/// A relative path (RFC 3986 § 5.2.3 and 5.2.4).
fn beside(base_path: &str, target: &str) -> String {
    let (path, query) = target
        .find(['?', '#'])
        .map_or((target, ""), |at| target.split_at(at));
    let mut segments: Vec<&str> = base_path.split('/').collect();
    segments.pop();
    let last = path.rsplit('/').next().unwrap_or_default();
    for segment in path.split('/') {
        match segment {
            ".." if segments.len() > 1 => drop(segments.pop()),
            "." | ".." => (),
            _ => segments.push(segment),
        }
    }
    let open = if last == "." || last == ".." { "/" } else { "" };
    format!("{}{open}{query}", segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_where_a_browser_would_go() {
        for (base, target, expected) in [
            ("/@a/1?x=1", "embed", "/@a/embed"),
            ("/@a/1", "../about", "/about"),
            ("/@a/1", "../../about?q=.#x", "/about?q=.#x"),
            ("/a/b", ".", "/a/"),
            ("/a?b=c", "?d=e", "/a?d=e"),
            ("/a?b=c", "#top", "/a?b=c"),
            ("/a?b=c", "", "/a?b=c"),
            ("/a", "/b", "/b"),
            ("/a", "http://localhost:1/c?d", "/c?d"),
            ("/a", "http://localhost:1", "/"),
            ("/a", "http://localhost:12/c", "http://localhost:12/c"),
            ("/a", "//elsewhere/c", "//elsewhere/c"),
            ("/a", "myapp://done?code=1", "myapp://done?code=1"),
        ] {
            assert_eq!(
                resolve(base, target, "localhost:1"),
                expected,
                "{target} on {base}"
            );
        }
    }

    #[test]
    fn a_page_says_what_a_reader_sees() {
        let html = "<title>No</title><h1>Hello <b>you</b></h1><p>one<p>two, <a href='/x'>three</a>.\n<style>p{}</style>";
        let page = Page::of_html("/", html);
        assert_eq!(page.text(), "Hello you one two, three.");
        assert_eq!(page.heading(), "Hello you");
        assert_eq!(page.links(), [("three".to_owned(), "/x".to_owned())]);
        assert!(page.says("two, three") && !page.says("No"));
    }
}
