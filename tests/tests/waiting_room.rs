//! The waiting room as people meet it: who signs up without an invite is nobody until somebody lets them in.

use bauta_tests::forms::Browser;
use bauta_tests::http::Request;
use bauta_tests::server::{Bauta, Setup};

fn with_a_room() -> Setup {
    Bauta::setup().registrations("approval").without_rate_limits()
}

#[test]
fn people_wait_are_let_in_or_turned_away() {
    goes_through(&with_a_room().start());
    goes_through(
        &with_a_room()
            .database(&bauta_tests::postgres::fresh_database())
            .start(),
    );
}

fn goes_through(server: &Bauta) {
    let mut judge = server.somebody("judge", "moderator");
    assert!(
        server
            .browser()
            .get("/about")
            .says("Anybody, who then waits to be let in.")
    );
    let (mut ann, mut eve) = (joins(server, "ann"), joins(server, "eve"));
    for waits in [&mut ann, &mut eve] {
        let page = waits.get("/settings/decisions");
        assert!(page.says("You wait to be let in"), "{}", page.text());
        assert!(page.lint().is_empty(), "{:?}", page.lint());
        assert_eq!(waits.get("/compose").path.split('?').next(), Some("/sign-in"));
    }
    assert_eq!(server.browser().get("/@ann").status(), 404);

    let room = judge.get("/moderation/waiting");
    assert!(
        room.says("I read the gauges") && room.says("@eve"),
        "{}",
        room.text()
    );
    assert!(room.lint().is_empty(), "{:?}", room.lint());
    let room = judge.submit(&room.form("Let in @ann"));
    assert!(!room.says("@ann"), "{}", room.text());
    let room = judge.submit(&room.form("Turn away for good @eve"));
    assert!(room.says("Nobody waits."), "{}", room.text());

    let page = ann.get("/compose");
    let posted = ann.submit(&page.form("Post").fill("Your words", "High water"));
    assert!(posted.says("High water"), "{}", posted.text());
    assert_eq!(
        eve.get("/settings/decisions").path.split('?').next(),
        Some("/sign-in")
    );
    assert_eq!(server.browser().get("/@ann").status(), 200);
}

/// Through the pages, without an invite.
fn joins(server: &Bauta, name: &str) -> Browser {
    let mut browser = server.browser();
    let page = browser.get("/join");
    assert!(page.lint().is_empty(), "{:?}", page.lint());
    let page = browser.submit(
        &page
            .form("Go on")
            .fill("Your name here", name)
            .fill("A few words to whoever lets people in", "I read the gauges"),
    );
    let own = "obedient walrus trombone ledger mosaic";
    let form = page
        .form("Use my own")
        .fill("Passphrase", own)
        .fill("The same once more", own);
    let page = browser.submit(&form);
    let page = browser.submit(&page.form("Go on without"));
    let made = browser.submit(&page.form("Make my account"));
    assert!(made.says("You wait to be let in"), "{}", made.text());
    browser
}

#[test]
fn an_app_is_told_that_its_person_waits() {
    let server = with_a_room().start();
    let registered = server.client().get("/api/v2/instance").json();
    assert_eq!(registered["registrations"]["enabled"], true);
    assert_eq!(registered["registrations"]["approval_required"], true);
    let fields = [
        ("client_name", "x"),
        ("redirect_uris", "urn:ietf:wg:oauth:2.0:oob"),
        ("scopes", "read write"),
    ];
    let app = server
        .client()
        .send(&Request::post("/api/v1/apps").form(&fields))
        .json();
    let text = |value: &serde_json::Value| value.as_str().expect("a word").to_owned();
    let (id, secret) = (text(&app["client_id"]), text(&app["client_secret"]));
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", &*id),
        ("client_secret", &*secret),
        ("scope", "read write"),
    ];
    let token = server
        .client()
        .send(&Request::post("/oauth/token").form(&fields))
        .json();
    let mut of_app = server.client().with_token(&text(&token["access_token"]));
    let sign_up = |reason: &str| {
        let fields = [
            ("username", "ann"),
            ("password", "obedient walrus trombone ledger mosaic"),
            ("agreement", "true"),
            ("reason", reason),
        ];
        Request::post("/api/v1/accounts").form(&fields)
    };
    assert_eq!(of_app.send(&sign_up(&"x".repeat(501))).status, 422);
    let made = of_app.send(&sign_up("I read the gauges"));
    assert_eq!(made.status, 200, "{}", made.text());
    let mut ann = server.client().with_token(&text(&made.json()["access_token"]));
    let refused = ann.get("/api/v1/timelines/home");
    assert_eq!(refused.status, 403);
    assert_eq!(
        refused.json()["error"],
        "Your login is currently pending approval"
    );
}
