//! What lying servers try: none of it changes anything. Cases are from the advisories of other servers.

mod peer;

use bauta_tests::http::{Client, Request};
use bauta_tests::server::Bauta;
use peer::{Lie, Peer};
use serde_json::{Value, json};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

struct House {
    server: Bauta,
    /// Signed in.
    alice: Client,
    /// A stranger.
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

    fn get(&mut self, path: &str) -> Value {
        let answer = self.alice.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    fn notifications(&mut self) -> usize {
        self.get("/api/v1/notifications").as_array().map_or(0, Vec::len)
    }

    fn tell(&mut self, activity: &Value, lie: Lie) -> u16 {
        self.peer.tell(&mut self.door, activity, lie).status
    }

    fn note(&self, number: u32, words: &str) -> Value {
        json!({
            "id": format!("{}/notes/{number}", self.peer.actor), "type": "Note", "attributedTo": self.peer.actor,
            "content": format!("<p>{words}</p>"), "to": [format!("{}/followers", self.peer.actor), self.uri],
            "tag": [{"type": "Mention", "href": self.uri, "name": "@alice"}],
        })
    }

    fn create(&self, number: u32, note: &Value) -> Value {
        json!({
            "id": format!("{}/creates/{number}", self.peer.actor), "type": "Create", "actor": self.peer.actor,
            "object": note, "to": note["to"],
        })
    }
}

#[test]
fn only_what_its_actor_signed_for_this_server_and_now_is_taken() {
    let mut house = House::open();
    for (number, lie) in [
        Lie::Unsigned,
        Lie::OtherHost,
        Lie::OtherKey,
        Lie::Stale,
        Lie::WrongDigest,
        Lie::TwoDigests,
    ]
    .into_iter()
    .enumerate()
    {
        let create = house.create(number as u32, &house.note(number as u32, "hello"));
        assert_eq!(house.tell(&create, lie), 401, "{lie:?}");
        assert_eq!(house.notifications(), 0, "{lie:?}");
    }
    let create = house.create(99, &house.note(99, "hello <script>alert(1)</script>"));
    assert_eq!(house.tell(&create, Lie::None), 202);
    let heard = house.get("/api/v1/notifications");
    assert_eq!(heard[0]["status"]["visibility"], "private", "{heard}");
    assert!(!heard.to_string().contains("script"), "{heard}");
    // The same post in another request, then that request once more.
    let body = house.create(100, &create["object"]).to_string();
    let uri = house.server.url("/inbox");
    let mut request = Request::post("/inbox").body("application/activity+json", body.as_bytes());
    for (name, value) in house.peer.signed("POST", &uri, Some(body.as_bytes()), Lie::None) {
        request = request.with_header(name, &value);
    }
    assert_eq!(house.door.send(&request).status, 202);
    assert_eq!(house.door.send(&request).status, 409, "a replay");
    assert_eq!(house.notifications(), 1, "the same post again is no new one");
}

#[test]
fn nobody_speaks_for_another() {
    let mut house = House::open();
    let victim = Peer::start("victim");
    let mut theirs = house.note(1, "I am the victim");
    theirs["attributedTo"] = json!(victim.actor);
    assert_eq!(
        house.tell(&house.create(1, &theirs), Lie::None),
        403,
        "another's post"
    );
    let mut elsewhere = house.note(2, "from elsewhere");
    elsewhere["id"] = json!(format!("{}/notes/2", victim.actor));
    assert_eq!(
        house.tell(&house.create(2, &elsewhere), Lie::None),
        403,
        "a name of another origin"
    );
    let mut forged = house.create(3, &theirs);
    forged["actor"] = json!(victim.actor);
    assert_eq!(house.tell(&forged, Lie::None), 202, "forwarded ones are left");
    assert_eq!(house.notifications(), 0);
    // An account whose document is a file that somebody uploaded.
    let stranger = Peer::start("stranger");
    let page = json!({"id": stranger.actor, "type": "Person"});
    stranger.page("/stranger", "text/html", &page);
    let like = json!({"id": format!("{}/1", stranger.actor), "type": "Like", "actor": stranger.actor, "object": house.uri});
    assert_eq!(stranger.tell(&mut house.door, &like, Lie::None).status, 401);
}

#[test]
fn nothing_is_widened_answered_or_followed_that_was_not_asked_for() {
    let mut house = House::open();
    let note = house.note(1, "for my followers");
    assert_eq!(house.tell(&house.create(1, &note), Lie::None), 202);
    let mut wide = note.clone();
    wide["to"] = json!([PUBLIC]);
    assert_eq!(house.tell(&house.create(2, &wide), Lie::None), 202);
    let update = json!({"id": format!("{}/u", house.peer.actor), "type": "Update", "actor": house.peer.actor, "object": wide});
    assert_eq!(house.tell(&update, Lie::None), 202);
    let heard = house.get("/api/v1/notifications");
    assert_eq!(heard[0]["status"]["visibility"], "private", "{heard}");
    // An answer to a follow that nobody asked for.
    let follow = json!({"id": format!("{}#follows/1", house.uri), "type": "Follow", "actor": house.uri, "object": house.peer.actor});
    let accept = json!({"id": format!("{}/a", house.peer.actor), "type": "Accept", "actor": house.peer.actor, "object": follow});
    assert_eq!(house.tell(&accept, Lie::None), 202);
    let own = house.get("/api/v1/accounts/verify_credentials");
    assert_eq!(own["following_count"], 0, "{own}");
    // A private post is nobody's whom it is not for, and nothing is had unsigned.
    let private = house.alice.send(
        &Request::post("/api/v1/statuses").form(&[("status", "for followers"), ("visibility", "private")]),
    );
    let path = format!("/@alice/{}", private.json()["id"].as_str().expect("an id"));
    assert_eq!(house.peer.ask(&mut house.door, &path).status, 404);
    let uri = house.server.url(&path);
    let like = json!({"id": format!("{}/l", house.peer.actor), "type": "Like", "actor": house.peer.actor, "object": uri});
    assert_eq!(house.tell(&like, Lie::None), 202);
    let announce = json!({"id": format!("{}/b", house.peer.actor), "type": "Announce", "actor": house.peer.actor, "object": uri, "to": [PUBLIC]});
    house.tell(&announce, Lie::None);
    let post = house.get(&format!(
        "/api/v1/statuses/{}",
        path.rsplit('/').next().expect("an id")
    ));
    assert_eq!(
        (&post["favourites_count"], &post["reblogs_count"]),
        (&json!(0), &json!(0)),
        "{post}"
    );
    let unsigned = Request::get("/@alice").with_header("accept", "application/activity+json");
    assert_eq!(house.door.send(&unsigned).status, 401);
    assert_eq!(house.peer.ask(&mut house.door, "/@alice").status, 200);
}

#[test]
fn wrong_shapes_are_refused_and_reading_asks_nobody() {
    let mut house = House::open();
    let create = house.create(1, &house.note(1, "a post to read"));
    assert_eq!(house.tell(&create, Lie::None), 202);
    let odd = [
        json!(null),
        json!(7),
        json!([]),
        json!({}),
        json!([[["x"]]]),
        json!("x"),
        json!({"id": {"id": 1}}),
        json!(true),
    ];
    for kind in [
        "Create", "Update", "Delete", "Follow", "Accept", "Reject", "Undo", "Announce", "Like", "Block",
        "Flag", "Move", "Nonsense",
    ] {
        for value in &odd {
            for field in ["object", "type", "to", "id", "actor"] {
                let mut activity = create.clone();
                activity["type"] = json!(kind);
                activity[field] = value.clone();
                let status = house.tell(&activity, Lie::None);
                assert!(status < 500, "{kind} with {field} {value}: {status}");
            }
        }
    }
    for field in [
        "content",
        "summary",
        "tag",
        "to",
        "cc",
        "inReplyTo",
        "contentMap",
        "url",
        "attributedTo",
        "sensitive",
        "name",
    ] {
        for value in &odd {
            let mut note = house.note(2, "odd");
            note[field] = value.clone();
            let status = house.tell(&house.create(2, &note), Lie::None);
            assert!(status < 500, "{field} {value}: {status}");
        }
    }
    let mut deep = json!("x");
    for _ in 0..100 {
        deep = json!([deep]);
    }
    assert_eq!(
        house.tell(
            &json!({"type": "Create", "actor": house.peer.actor, "object": deep}),
            Lie::None
        ),
        400
    );
    let mut many = house.note(3, "many");
    many["to"] = Value::Array(vec![json!(house.uri); 20_000]);
    assert!(house.tell(&house.create(3, &many), Lie::None) < 500);
    // Reading what came makes nobody ask its server.
    let before = house.peer.asked().len();
    house.get("/api/v1/notifications");
    house.get("/api/v1/timelines/home");
    let acct = format!("/@mallory@{}", house.peer.host);
    assert_eq!(house.door.get(&acct).status, 200);
    assert_eq!(house.peer.asked().len(), before, "{:?}", house.peer.asked());
}
