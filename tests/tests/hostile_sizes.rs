//! What lying servers try by size and by going round: none of it holds a worker, changes anything or fills the memory.

mod peer;

use bauta_tests::eventually;
use bauta_tests::http::{Client, Request};
use bauta_tests::server::Bauta;
use peer::{Lie, Peer};
use serde_json::{Value, json};

const ACTIVITY: &str = "application/activity+json";
const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

struct House {
    server: Bauta,
    alice: Client,
    door: Client,
    peer: Peer,
    uri: String,
}

impl House {
    fn open() -> Self {
        let server = Bauta::setup()
            .without_rate_limits()
            .environment("BAUTA_PEERS", "loopback")
            .environment("BAUTA_SLOT", "1s")
            .start();
        server.done(&["account", "create", "alice"]);
        let token = server.token("alice", "read write follow");
        Self {
            alice: server.client().with_token(&token),
            door: server.client(),
            peer: Peer::start("mallory"),
            uri: server.url("/@alice"),
            server,
        }
    }

    /// Alice follows the liar, so that what it says matters.
    fn follow(&mut self) {
        let path = format!(
            "/api/v2/search?resolve=true&q=mallory%40{}",
            self.peer.host.replace(':', "%3A")
        );
        let found = self.alice.get(&path).json();
        let id = found["accounts"][0]["id"].as_str().expect("found").to_owned();
        let follow = Request::post(&format!("/api/v1/accounts/{id}/follow"));
        assert_eq!(self.alice.send(&follow).status, 200);
        let accept = json!({
            "id": format!("{}/a", self.peer.actor), "type": "Accept", "actor": self.peer.actor,
            "object": {"type": "Follow", "actor": self.uri, "object": self.peer.actor},
        });
        assert_eq!(self.peer.tell(&mut self.door, &accept, Lie::None).status, 202);
    }

    fn note(&self, name: &str) -> Value {
        json!({
            "id": format!("http://{}{name}", self.peer.host), "type": "Note", "attributedTo": self.peer.actor,
            "content": format!("<p>{}</p>", name.trim_start_matches('/')), "to": [PUBLIC],
        })
    }

    fn told(&mut self, kind: &str, object: &Value) -> u16 {
        let activity = json!({
            "id": format!("{}/{kind}/{}", self.peer.actor, self.peer.asked().len()), "type": kind,
            "actor": self.peer.actor, "object": object, "to": [PUBLIC],
        });
        self.peer.tell(&mut self.door, &activity, Lie::None).status
    }

    fn home(&mut self) -> Vec<Value> {
        let home = self.alice.get("/api/v1/timelines/home").json();
        home.as_array().expect("a list").clone()
    }

    /// In KiB.
    fn resident(&self) -> u64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.server.process())).expect("it runs");
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .expect("it has memory");
        line.split_whitespace()
            .nth(1)
            .and_then(|text| text.parse().ok())
            .expect("a number")
    }
}

#[test]
fn what_is_too_large_or_never_ends_is_left_and_forgotten() {
    let mut house = House::open();
    house.follow();
    let before = house.resident();
    // A million recipients do not come through the door.
    let mut wide = house.note("/wide");
    wide["to"] = Value::Array(vec![json!("https://a.example/1"); 1_000_000]);
    let activity = json!({"id": format!("{}/w", house.peer.actor), "type": "Create", "actor": house.peer.actor, "object": wide});
    assert_eq!(
        house
            .peer
            .tell(&mut house.server.client(), &activity, Lie::None)
            .status,
        413
    );
    // Objects of 100 MB and without end, by name.
    let head =
        |length: &str| format!("HTTP/1.1 200 OK\r\nContent-Type: {ACTIVITY}\r\n{length}\r\n").into_bytes();
    house.peer.raw("/endless", head(""), true);
    house
        .peer
        .raw("/large", head("Content-Length: 104857600\r\n"), true);
    house.peer.raw("/slow", head("Content-Length: 100\r\n"), false);
    for name in ["/endless", "/large", "/slow"] {
        let uri = json!(format!("http://{}{name}", house.peer.host));
        for kind in ["Announce", "Create", "Update"] {
            let status = house.told(kind, &uri);
            assert!(status != 500, "{kind} {name}: {status}");
        }
    }
    assert_eq!(house.home().len(), 0);
    let grown = house.resident().saturating_sub(before);
    assert!(grown < 64 * 1024, "{grown} KiB are still held");
    assert_eq!(house.told("Create", &house.note("/small")), 202);
    eventually("others are still heard", || {
        (house.home().len() == 1).then_some(())
    });
}

#[test]
fn answers_that_go_round_or_never_begin_are_followed_a_few_steps() {
    let mut house = House::open();
    house.follow();
    // Two that answer each other, one that answers itself, and 10,000 one below the other.
    let (mut one, mut two, mut own) = (house.note("/one"), house.note("/two"), house.note("/own"));
    one["inReplyTo"] = two["id"].clone();
    two["inReplyTo"] = one["id"].clone();
    own["inReplyTo"] = own["id"].clone();
    house.peer.page("/one", ACTIVITY, &one);
    house.peer.page("/two", ACTIVITY, &two);
    house.peer.page("/own", ACTIVITY, &own);
    let mut deep = Vec::new();
    for number in 0..10_000 {
        let mut note = house.note(&format!("/deep/{number}"));
        note["inReplyTo"] = json!(format!("http://{}/deep/{}", house.peer.host, number + 1));
        deep.push((format!("/deep/{number}"), note));
    }
    for (path, note) in deep.iter().take(40) {
        house.peer.page(path, ACTIVITY, note);
    }
    for note in [&one, &own, &deep[0].1] {
        assert_eq!(house.told("Create", note), 202, "{note}");
    }
    let asked = house.peer.asked().join("");
    let times = |path: &str| asked.matches(&format!("GET {path} ")).count();
    assert!(
        times("/one") + times("/two") <= 4 && times("/own") <= 2,
        "{asked}"
    );
    assert!(asked.matches("GET /deep/").count() <= 8, "{asked}");
    // The same 10,000 in one document are too deep to be an activity.
    let nested = (0..10_000).fold("\"x\"".to_owned(), |inner, _| {
        format!("{{\"inReplyTo\":{inner}}}")
    });
    let body = format!(
        "{{\"type\":\"Create\",\"actor\":\"{}\",\"object\":{nested}}}",
        house.peer.actor
    );
    let request = Request::post("/inbox").body(ACTIVITY, body.as_bytes());
    assert_eq!(house.door.send(&request).status, 400);
}
