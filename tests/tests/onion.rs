//! The onion door over a private Tor network: what comes through Tor is served, keyed by its circuit, and nothing else is.

use bauta_tests::forms::{Browser, Page};
use bauta_tests::http::{Client, Request};
use bauta_tests::server::Bauta;
use bauta_tests::tor::behind_tor;

#[test]
fn people_come_through_tor_and_nobody_else_does() {
    let folder = tempfile::tempdir().expect("there is room");
    let (tor, server) = behind_tor(folder.path(), Bauta::setup().registrations("open"));
    let (mut client, page) = tor.first_answer("/about");
    assert_eq!(page.status, 200, "{}", page.text());
    // On the onion nothing leads to the other door, and no header names one.
    assert_eq!(page.header("onion-location"), None);
    assert!(!page.text().contains(&server.url("/")), "{}", page.text());

    // Each door answers to its own name alone.
    let clearnet = Request::get("/about").with_header("Host", server.domain());
    assert_eq!(client.send(&clearnet).status, 421);
    let onion = Request::get("/about").with_header("Host", tor.host());
    assert_eq!(server.client().send(&onion).status, 421);

    // Public pages of the clearnet tell of the onion; what is an API or private doesn't.
    let page = server.client().get("/about?x=1");
    assert_eq!(
        page.header("onion-location"),
        Some(format!("http://{}/about?x=1", tor.host()).as_str())
    );
    assert_eq!(
        server.client().get("/api/v2/instance").header("onion-location"),
        None
    );

    // A PROXY line elsewhere is no request, and a forged one at the onion's socket names nobody.
    let forged =
        b"PROXY TCP6 fc00:dead:beef:4dad::0:1 ::1 65535 80\r\nGET /about HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let answer = String::from_utf8_lossy(&server.client().raw(forged)).into_owned();
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");

    kept_to_the_onion(&server, tor.host(), || {
        Client::new("tor", tor.host()).through(tor.socks())
    });

    // Limits count by circuit: one is used up, and another is not.
    let busy = tor.socks().on_circuit("busy");
    let mut busy = Client::new("tor", tor.host()).through(busy);
    let full = (0..40).any(|_| {
        busy.send(&Request::post("/api/v1/accounts").form(&[("username", "x")]))
            .status
            == 429
    });
    assert!(full, "a circuit has no limit");
    let other = tor.socks().on_circuit("other");
    let mut other = Client::new("tor", tor.host()).through(other);
    let answer = other.send(&Request::post("/api/v1/accounts").form(&[("username", "x")]));
    assert_ne!(answer.status, 429);
}

/// An account that is kept to the onion comes in by no other door, and nobody learns of it before the passphrase was right.
fn kept_to_the_onion(server: &Bauta, host: &str, client: impl Fn() -> Client) {
    let made = server.done(&["account", "create", "mole"]);
    let passphrase = made.lines().last().unwrap_or_default().trim().to_owned();
    let sign_in = |browser: &mut Browser, passphrase: &str| -> Page {
        let form = browser.get("/sign-in").form("Sign in").fill("Handle", "mole");
        browser.submit(&form.fill("Passphrase", passphrase))
    };
    let mut outside = server.browser();
    assert_eq!(sign_in(&mut outside, &passphrase).status(), 200);
    assert!(
        outside.get("/settings/onion").says(host),
        "it is decided over the onion alone"
    );
    let mut inside = Browser::new(client());
    assert_eq!(sign_in(&mut inside, &passphrase).status(), 200);
    // Feeds lead to the door by which they were asked for.
    for feed in ["/@mole.atom", "/@mole.rss", "/@mole.json"] {
        let feed = inside.get(feed);
        assert_eq!(feed.status(), 200);
        assert!(
            feed.html().contains(host) && !feed.html().contains(server.domain()),
            "{}",
            feed.html()
        );
    }
    let token = server.token("mole", "read");
    let page = inside.get("/settings/onion");
    let form = page
        .form("Only over the onion, for good")
        .fill("Your passphrase", &passphrase);
    assert!(
        inside
            .submit(&form)
            .says("This account is used over the onion service alone.")
    );

    assert_eq!(outside.client.get("/settings").status, 303, "it was signed out");
    let wrong = sign_in(&mut outside, "not this");
    let right = sign_in(&mut outside, &passphrase);
    assert_eq!((wrong.status(), right.status()), (422, 403));
    assert!(!wrong.says("onion service alone") && right.says("onion service alone"));
    assert_eq!(inside.get("/settings").status(), 200);

    let ask = Request::get("/api/v1/accounts/verify_credentials");
    assert_eq!(
        server.client().with_token(&token).send(&ask).status,
        401,
        "its apps were signed out"
    );
    let token = server.token("mole", "read");
    assert_eq!(server.client().with_token(&token).send(&ask).status, 403);
    let me = client().with_token(&token).send(&ask).json();
    let avatar = me["avatar"].as_str().unwrap_or_default();
    assert!(avatar.starts_with(&format!("http://{host}/media/")), "{avatar}");
}
