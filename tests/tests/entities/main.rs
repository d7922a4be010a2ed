//! Every endpoint that the manual says works is called on a real server, and its answer is held field by field against
//! what Mastodon documents.

mod people;
mod posts;
mod rest;
mod shape;
mod staff;
mod walk;

use bauta_tests::http::{Client, Part};
use bauta_tests::postgres;
use bauta_tests::server::{Bauta, Setup};
use serde_json::Value;
use walk::Walk;

/// Somebody with an app that may do everything.
pub struct Person {
    /// Of the account.
    pub id: String,
    /// Sends the token of the app.
    pub client: Client,
}

impl Person {
    fn new(server: &Bauta, handle: &str, role: &str) -> Self {
        server.done(&["account", "create", handle, "--role", role]);
        let scopes = "read write follow push profile admin:read admin:write";
        let mut client = server.client().with_token(&server.token(handle, scopes));
        let me = client.get("/api/v1/accounts/verify_credentials").json();
        Self {
            id: text(&me["id"]),
            client,
        }
    }
}

/// Who takes part.
pub struct Everybody {
    /// Where they are.
    pub server: Bauta,
    /// Speaks most.
    pub ann: Person,
    /// Answers her.
    pub bob: Person,
    /// Is reported, and gone in the end.
    pub cleo: Person,
    /// Runs it.
    pub operator: Person,
    /// Has no token.
    pub stranger: Client,
}

/// A text of an answer; empty where there was none, which was already noted as a problem.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A picture of one pixel.
pub fn picture() -> Part {
    Part::file("file", "one.png", "image/png", ONE_PIXEL)
}

const ONE_PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0,
    1, 8, 6, 0, 0, 0, 0x1F, 0x15, 0xC4, 0x89, 0, 0, 0, 13, b'I', b'D', b'A', b'T', 0x78, 0xDA, 0x63, 0x64,
    0xF8, 0xCF, 0x50, 0x0F, 0, 3, 0x86, 1, 0x80, 0x5A, 0x34, 0x7D, 0x6B, 0, 0, 0, 0, b'I', b'E', b'N', b'D',
    0xAE, 0x42, 0x60, 0x82,
];

fn go_through_everything(setup: Setup) {
    let setup = setup.environment("BAUTA_PUSH", "on").registrations("approval");
    let server = setup.without_rate_limits().start();
    let mut everybody = Everybody {
        ann: Person::new(&server, "ann", "user"),
        bob: Person::new(&server, "bob", "user"),
        cleo: Person::new(&server, "cleo", "user"),
        operator: Person::new(&server, "olga", "operator"),
        stranger: server.client(),
        server,
    };
    let mut walk = Walk::begin();
    people::walk(&mut walk, &mut everybody);
    posts::walk(&mut walk, &mut everybody);
    rest::walk(&mut walk, &mut everybody);
    staff::walk(&mut walk, &mut everybody);
    walk.end();
}

#[test]
fn every_answer_is_what_is_documented_on_sqlite() {
    go_through_everything(Bauta::setup());
}

#[test]
fn every_answer_is_what_is_documented_on_postgresql() {
    go_through_everything(Bauta::setup().database(&postgres::fresh_database()));
}
