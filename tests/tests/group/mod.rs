//! A group behind an account of the name riva.
#![allow(dead_code, reason = "each test uses some of it")]

use std::ops::{Deref, DerefMut};

use bauta_tests::forms::{Browser, Page};
use bauta_tests::http::{Client, Request};
use bauta_tests::server::Bauta;

/// Somebody's browser, and the passphrase that is theirs.
pub struct Person {
    browser: Browser,
    /// The passphrase.
    pub words: String,
}

impl Person {
    /// The browser alone.
    pub fn into_browser(self) -> Browser {
        self.browser
    }
}

impl Deref for Person {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl DerefMut for Person {
    fn deref_mut(&mut self) -> &mut Browser {
        &mut self.browser
    }
}

/// Whoever is there first.
pub fn riva(server: &Bauta) -> Person {
    let made = server.done(&["account", "create", "riva"]);
    let words = made.lines().last().unwrap_or_default().trim().to_owned();
    Person {
        browser: server.signed_in("riva", &words),
        words,
    }
}

/// The path of the invitation that a page shows.
pub fn link(page: &Page) -> String {
    let html = page.html();
    let at = html
        .find("/join/with/")
        .unwrap_or_else(|| panic!("no invitation: {}", page.text()));
    html[at..].chars().take_while(|c| *c != '<').collect()
}

/// Comes by an invitation, with the words that were offered.
pub fn comes(server: &Bauta, invitation: &str, label: &str) -> (Browser, String) {
    let mut browser = server.browser();
    let page = browser.get(invitation);
    assert_eq!(page.lint(), Vec::<String>::new());
    let form = page
        .form("Come in")
        .fill("A word by which the others know you", label);
    let words = form.value("proposed").unwrap_or_default();
    assert_eq!(words.split_whitespace().count(), 7, "{words}");
    let page = browser.submit(&form);
    assert!(page.says(label), "{}", page.text());
    (browser, words)
}

/// An app that somebody signs in to by their passphrase, as test suites can on loopback.
pub fn app_of(server: &Bauta, words: &str) -> Client {
    let mut client = server.client();
    let fields = [
        ("client_name", "Scribe"),
        ("redirect_uris", "urn:ietf:wg:oauth:2.0:oob"),
        ("scopes", "read write follow push"),
    ];
    let app = client.send(&Request::post("/api/v1/apps").form(&fields)).json();
    let text = |name: &str| app[name].as_str().unwrap_or_default().to_owned();
    let (id, secret) = (text("client_id"), text("client_secret"));
    let fields = [
        ("grant_type", "password"),
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("username", "riva"),
        ("password", words),
        ("scope", "read write follow push"),
    ];
    let issued = client.send(&Request::post("/oauth/token").form(&fields));
    assert_eq!(issued.status, 200, "{}", issued.text());
    let token = issued.json()["access_token"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    server.client().with_token(&token)
}
