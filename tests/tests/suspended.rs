//! Whoever was suspended and signed out signs in again, and can read why, object, take the account along, and do nothing
//! else.

mod peer;
mod person;

use bauta_tests::eventually;
use bauta_tests::forms::Browser;
use bauta_tests::http::Request;
use bauta_tests::server::Bauta;
use peer::{Lie, Peer};
use person::{Person, server, text};
use serde_json::{Value, json};

#[test]
fn a_suspended_person_signs_in_to_read_why_to_object_and_to_leave_with_their_account() {
    goes_through(&Bauta::setup().without_rate_limits().start());
    let other = bauta_tests::postgres::fresh_database();
    goes_through(&Bauta::setup().without_rate_limits().database(&other).start());
}

fn goes_through(server: &Bauta) {
    let made = server.done(&["account", "create", "ann"]);
    let passphrase = made.lines().last().unwrap_or_default().trim().to_owned();
    let mut ann = server.signed_in("ann", &passphrase);
    let token = server.token("ann", "read write follow push");
    let mut app = server.client().with_token(&token);
    let post = Request::post("/api/v1/statuses").form(&[("status", "The ladder is at the north gate")]);
    let post = app.send(&post).json()["id"].as_str().expect("an id").to_owned();
    let page = ann.get("/settings");
    ann.submit(&page.form("Sign out"));

    let mut judge = server.somebody("judge", "moderator");
    let page = judge.get("/moderation/people/ann");
    assert_eq!(page.status(), 200, "{}", page.text());
    let id = app.get("/api/v1/accounts/verify_credentials").json()["id"].clone();
    let staff = server.token("judge", "admin:read admin:write");
    let suspend = Request::post(&format!(
        "/api/v1/admin/accounts/{}/action",
        id.as_str().expect("an id")
    ))
    .form(&[("type", "suspend"), ("text", "Insults.")]);
    assert_eq!(server.client().with_token(&staff).send(&suspend).status, 200);

    // A wrong passphrase gets the same answer as ever; the right one leads to the reason.
    let mut ann = server.browser();
    let sign_in = ann.get("/sign-in").form("Sign in").fill("Handle", "ann");
    assert_eq!(
        ann.submit(&sign_in.clone().fill("Passphrase", "wrong")).status(),
        422
    );
    let why = ann.submit(&sign_in.fill("Passphrase", &passphrase));
    assert!(
        why.says("Insults.") && why.says("Your account is suspended."),
        "{}",
        why.text()
    );
    assert!(why.lint().is_empty(), "{:?}", why.lint());

    nothing_else(server, &mut ann, &post);

    // The account as a file, after the passphrase.
    let page = ann.get("/settings/export");
    assert!(page.lint().is_empty(), "{:?}", page.lint());
    let ask = |passphrase: &str| {
        page.form("Get the file")
            .forge("what", "archive")
            .fill("Your passphrase", passphrase)
    };
    assert_eq!(ann.submit(&ask("wrong")).status(), 422);
    let file = ann.submit(&ask(&passphrase));
    assert_eq!(
        (file.status(), file.response.header("content-type")),
        (200, Some("application/gzip"))
    );

    // An objection is one, once; and the end of the session is its end.
    let page = ann.get("/settings/decisions");
    let object = page
        .form("Send the objection")
        .fill("Why is the decision wrong?", "I never did.");
    assert!(ann.submit(&object).says("Moderators have not answered yet."));
    let page = ann.get("/settings/decisions");
    let mut copy = ann.clone();
    ann.submit(&page.form("Sign out"));
    assert!(
        !copy.get("/settings/decisions").says("Insults."),
        "the session has ended"
    );
}

/// Every page for somebody, as the manual lists them, and what their forms send: none opens, and nothing is done.
fn nothing_else(server: &Bauta, ann: &mut Browser, post: &str) {
    let csrf = ann
        .get("/settings/decisions")
        .form("Sign out")
        .value("csrf")
        .expect("a form has a token");
    let pages = include_str!("../../docs/pages.md");
    let mut looked_at = 0;
    let acts = ["favourite", "boost", "bookmark", "pin"].map(|act| format!("/@ann/{post}/{act}"));
    let more = ["/search?q=ladder&type=accounts"];
    let listed = pages.lines().filter_map(|line| {
        let mut cells = line.split('|').map(str::trim);
        let path = cells.nth(1)?.trim_matches('`').to_owned();
        let who = cells.next()?;
        let held = ["people", "moderators", "officers", "the operator"];
        let closed = held.iter().any(|word| who.starts_with(word)) && !who.contains("suspended");
        (path.starts_with('/') && closed).then_some(path)
    });
    for path in listed.chain(acts) {
        let path = path
            .replace("{handle}", "ann")
            .replace("{id}", post)
            .replace("{kind}", "memo")
            .replace("{step}", "hold")
            .replace("{copy}", "1");
        let form = Request::post(&path).form(&[
            ("csrf", csrf.as_str()),
            ("text", "I am still here"),
            ("handle", "ann"),
            ("name", "ann"),
            ("on", "1"),
        ]);
        for request in [Request::get(&path), form] {
            let answer = ann.client.send(&request);
            let away = answer
                .header("location")
                .is_some_and(|to| to.starts_with("/sign-in") || to.starts_with("/compose"));
            let refused = [401, 403, 404, 405, 415, 422].contains(&answer.status);
            assert!(
                refused || (answer.status == 303 && away),
                "{} {path}: {} {:?}",
                request.method,
                answer.status,
                answer.header("location")
            );
        }
        looked_at += 1;
    }
    assert!(looked_at > 40, "only {looked_at} pages");
    for path in more {
        assert!(!ann.get(path).says("north gate"), "{path}");
    }
    // Nor is the session's token one that an app could use.
    let token = ann.client.cookies().first().expect("a session").1.clone();
    let mut app = server.client().with_token(&token);
    for path in [
        "/api/v1/timelines/home",
        "/api/v1/notifications",
        "/api/v1/accounts/verify_credentials",
    ] {
        assert_eq!(app.get(path).status, 403, "{path}");
    }
    let say = Request::post("/api/v1/statuses").form(&[("status", "I am still here")]);
    assert_eq!(app.send(&say).status, 403);
    let mut judge = server.client().with_token(&server.token("judge", "read"));
    let found = judge.get("/api/v2/search?q=still&type=statuses").json();
    assert_eq!(found["statuses"].as_array().map(Vec::len), Some(0));
}

#[test]
fn that_an_account_is_suspended_is_told_to_those_who_may_know_it() {
    let here = server().start();
    let mut alice = Person::join(&here, "alice");
    let (peer, mut door) = (Peer::start("peer"), here.client());
    here.done(&["account", "create", "mina", "--role", "moderator"]);
    let token = here.token("mina", "read write follow admin:read admin:write");
    let mut mina = here.client().with_token(&token);
    let id = text(&alice.get("/api/v1/accounts/verify_credentials")["id"]);
    let follow = json!({
        "id": format!("{}/follow", peer.actor), "type": "Follow", "actor": peer.actor, "object": here.url("/@alice"),
    });
    assert_eq!(peer.tell(&mut door, &follow, Lie::None).status, 202);
    alice.say("before", &[]);
    let hears = |words: &str| {
        eventually(words, || {
            String::from_utf8_lossy(&peer.heard())
                .contains(words)
                .then_some(())
        });
    };
    hears("before");

    let act = Request::post(&format!("/api/v1/admin/accounts/{id}/action"));
    let act = act.form(&[("type", "suspend"), ("text", "It has to be.")]);
    assert_eq!(mina.send(&act).status, 200);
    hears("\"suspended\":true");
    let told = peer.ask(&mut door, "/@alice").json();
    assert_eq!(
        (&told["suspended"], &told["name"]),
        (&json!(true), &Value::Null),
        "{told}"
    );
    for (path, name) in [("/@alice/outbox", "what is below"), ("/@nobody", "nobody")] {
        assert_eq!(peer.ask(&mut door, path).status, 404, "{name}");
    }
    let lift = Request::post(&format!("/api/v1/admin/accounts/{id}/unsuspend"));
    assert_eq!(mina.send(&lift).status, 200);
    hears("\"featuredTags\":\"");
    let told = peer.ask(&mut door, "/@alice").json();
    assert_eq!(
        (&told["suspended"], &told["name"]),
        (&Value::Null, &json!("alice")),
        "{told}"
    );
}
