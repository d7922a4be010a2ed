//! People on servers that meet, and what they do.
#![allow(dead_code, reason = "each test uses some of it")]

use bauta_tests::eventually;
use bauta_tests::http::{Client, Request};
use bauta_tests::server::{Bauta, Setup};
use serde_json::Value;

/// Three servers that meet, on SQLite, PostgreSQL and SQLite.
pub fn three() -> [Bauta; 3] {
    let second = server().database(&bauta_tests::postgres::fresh_database());
    [server().start(), second.start(), server().start()]
}

/// Each of three in each place.
pub const fn turns([first, second, third]: &[Bauta; 3]) -> [[&Bauta; 3]; 3] {
    [
        [first, second, third],
        [second, third, first],
        [third, first, second],
    ]
}

/// Somebody with an account and a token.
pub struct Person {
    /// Signed in.
    pub client: Client,
    /// `name@host`.
    pub acct: String,
}

impl Person {
    /// Makes an account and signs in.
    pub fn join(server: &Bauta, handle: &str) -> Self {
        server.done(&["account", "create", handle]);
        let token = server.token(handle, "read write follow");
        Self {
            client: server.client().with_token(&token),
            acct: format!("{handle}@{}", server.domain()),
        }
    }

    /// Asks, and gets JSON.
    pub fn get(&mut self, path: &str) -> Value {
        let answer = self.client.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    /// Sends a form, and gets JSON.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Value {
        let answer = self.client.send(&Request::post(path).form(fields));
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    /// The id here of somebody elsewhere.
    pub fn find(&mut self, acct: &str) -> String {
        let path = format!(
            "/api/v2/search?type=accounts&resolve=true&q={}",
            acct.replace(':', "%3A")
        );
        let found = self.get(&path);
        let account = &found["accounts"][0];
        assert_eq!(account["acct"], acct, "{found}");
        text(&account["id"])
    }

    /// Posts, and answers with the id.
    pub fn say(&mut self, words: &str, more: &[(&str, &str)]) -> String {
        let fields = [&[("status", words)], more].concat();
        text(&self.post("/api/v1/statuses", &fields)["id"])
    }

    /// How they stand to somebody.
    pub fn relation(&mut self, id: &str) -> Value {
        self.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0].clone()
    }

    /// Waits for a post with these words in the home timeline.
    pub fn reads(&mut self, words: &str) -> Value {
        eventually(words, || {
            let home = self.get("/api/v1/timelines/home");
            home.as_array()?.iter().find(|post| says(post, words)).cloned()
        })
    }

    /// Waits for a notification of a kind.
    pub fn hears(&mut self, kind: &str) -> Value {
        eventually(kind, || {
            let all = self.get("/api/v1/notifications");
            all.as_array()?.iter().find(|one| one["type"] == kind).cloned()
        })
    }
}

/// True if a post holds these words.
pub fn says(post: &Value, words: &str) -> bool {
    post["content"]
        .as_str()
        .is_some_and(|content| content.contains(words))
}

/// A text of JSON.
pub fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// A server that meets others on loopback, with slots of a second.
pub fn server() -> Setup {
    Bauta::setup()
        .without_rate_limits()
        .environment("BAUTA_PEERS", "loopback")
        .environment("BAUTA_SLOT", "1s")
}

/// Follows, and waits until it is accepted.
pub fn follow(from: &mut Person, to: &Person) -> String {
    let id = from.find(&to.acct);
    from.post(&format!("/api/v1/accounts/{id}/follow"), &[]);
    eventually("the follow is accepted", || {
        from.relation(&id)["following"]
            .as_bool()
            .filter(|follows| *follows)
    });
    id
}
