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
    assert_eq!(house.tell(&forged, Lie::None), 202, "nothing of it is believed");
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
fn what_is_forwarded_is_asked_of_its_origin() {
    let mut house = House::open();
    let posted = house
        .alice
        .send(&Request::post("/api/v1/statuses").form(&[("status", "what do you think?")]));
    let alices = format!("{}/{}", house.uri, posted.json()["id"].as_str().expect("an id"));
    let author = Peer::start("author");
    let name = |number: u32| format!("{}/notes/{number}", author.actor);
    let note = |number: u32, words: &str| {
        json!({
            "id": name(number), "type": "Note", "attributedTo": author.actor, "content": format!("<p>{words}</p>"),
            "to": [PUBLIC], "inReplyTo": alices, "tag": [{"type": "Mention", "href": house.uri, "name": "@alice"}],
        })
    };
    let serve = |number: u32, value: &Value| {
        author.page(
            &format!("/author/notes/{number}"),
            "application/activity+json",
            value,
        );
    };
    let forwarded = |kind: &str, object: Value| json!({"id": format!("{}/{kind}", author.actor), "type": kind, "actor": author.actor, "object": object, "to": [PUBLIC]});
    // What its origin does not have, or has in other words.
    let lie = forwarded("Create", note(1, "a lie"));
    assert_eq!(house.peer.tell(&mut house.door, &lie, Lie::None).status, 202);
    serve(2, &note(2, "the truth"));
    let lie = forwarded("Create", note(2, "another lie"));
    assert_eq!(house.peer.tell(&mut house.door, &lie, Lie::None).status, 202);
    let answer = forwarded("Delete", json!({"id": name(2), "type": "Tombstone"}));
    assert_eq!(house.peer.tell(&mut house.door, &answer, Lie::None).status, 202);
    let heard = house.alice.get("/api/v1/notifications").json();
    assert!(
        heard.to_string().contains("the truth") && !heard.to_string().contains(" lie"),
        "{heard}"
    );
    assert_eq!(heard.as_array().map(Vec::len), Some(1));
    // Somebody else's note under the author's name, and what has nothing to do with anybody here: nobody is asked.
    let mut others = note(3, "x");
    others["attributedTo"] = json!(house.peer.actor);
    serve(3, &others);
    house
        .peer
        .tell(&mut house.door, &forwarded("Create", note(3, "x")), Lie::None);
    let before = author.asked().len();
    let mut aside = note(4, "x");
    aside["inReplyTo"] = json!(name(9));
    house
        .peer
        .tell(&mut house.door, &forwarded("Create", aside), Lie::None);
    house
        .peer
        .tell(&mut house.door, &forwarded("Update", note(5, "x")), Lie::None);
    house
        .peer
        .tell(&mut house.door, &forwarded("Like", json!(alices)), Lie::None);
    assert_eq!(author.asked().len(), before, "{:?}", author.asked());
    // An edit and a deletion that its origin confirms.
    serve(2, &note(2, "the whole truth"));
    house.peer.tell(
        &mut house.door,
        &forwarded("Update", note(2, "a third lie")),
        Lie::None,
    );
    let heard = house.alice.get("/api/v1/notifications").json();
    assert!(
        heard.to_string().contains("the whole truth") && !heard.to_string().contains(" lie"),
        "{heard}"
    );
    serve(2, &json!({"id": name(2), "type": "Tombstone"}));
    // Told again within a second, the same would be a replay.
    let mut again = answer.clone();
    again["id"] = json!(format!("{}/Delete/again", author.actor));
    assert_eq!(house.peer.tell(&mut house.door, &again, Lie::None).status, 202);
    assert_eq!(house.notifications(), 0);
}

#[test]
fn what_comes_in_the_wrong_order_ends_as_it_should() {
    let mut house = House::open();
    let edited = |house: &House, words: &str, at: &str| {
        let mut note = house.note(1, words);
        note["updated"] = json!(at);
        json!({"id": format!("{}/{at}", house.peer.actor), "type": "Update", "actor": house.peer.actor, "object": note})
    };
    let first = house.create(1, &house.note(1, "first words"));
    let words = |house: &mut House| {
        let heard = house.get("/api/v1/notifications");
        heard[0]["status"]["content"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    // Mallory is known: the server has met them.
    let hello = house.create(9, &house.note(9, "hello"));
    assert_eq!(house.tell(&hello, Lie::None), 202);
    let second = edited(&house, "second words", "2017-04-07T14:02:00Z");
    let third = edited(&house, "third words", "2017-04-07T14:09:00Z");
    assert_eq!(house.tell(&third, Lie::None), 202);
    assert!(
        words(&mut house).contains("third words"),
        "an edit comes before its post"
    );
    for late in [&first, &second] {
        assert_eq!(house.tell(late, Lie::None), 202);
        assert!(words(&mut house).contains("third words"), "{late}");
    }
    assert_eq!(house.notifications(), 2);
    // Deleted: neither comes back, nor does what was deleted before it came.
    let delete = |house: &mut House, number: u32| {
        let delete = json!({
            "id": format!("{}/d{number}", house.peer.actor), "type": "Delete", "actor": house.peer.actor,
            "object": format!("{}/notes/{number}", house.peer.actor),
        });
        assert_eq!(house.tell(&delete, Lie::None), 202);
    };
    delete(&mut house, 1);
    delete(&mut house, 2);
    for (number, late) in [first, third, house.create(2, &house.note(2, "never"))]
        .iter()
        .enumerate()
    {
        let mut again = late.clone();
        again["id"] = json!(format!("{}/again/{number}", house.peer.actor));
        assert_eq!(house.tell(&again, Lie::None), 202);
    }
    assert_eq!(house.notifications(), 1);
}

#[test]
fn nobody_is_led_to_an_account_that_does_not_say_so() {
    let mut house = House::open();
    // Alice follows Mallory, who accepts.
    let acct = format!("mallory%40{}", house.peer.host.replace(':', "%3A"));
    let found = house.get(&format!("/api/v2/search?type=accounts&resolve=true&q={acct}"));
    let id = found["accounts"][0]["id"].as_str().expect("an id").to_owned();
    house
        .alice
        .send(&Request::post(&format!("/api/v1/accounts/{id}/follow")).form(&[]));
    let follow = json!({"id": format!("{}#follows/{id}", house.uri), "type": "Follow", "actor": house.uri, "object": house.peer.actor});
    let accept = json!({"id": format!("{}/a", house.peer.actor), "type": "Accept", "actor": house.peer.actor, "object": follow});
    assert_eq!(house.tell(&accept, Lie::None), 202);
    let victim = Peer::start("victim");
    let followed = |house: &mut House| {
        let own = house.get("/api/v1/accounts/verify_credentials")["id"]
            .as_str()
            .expect("an id")
            .to_owned();
        house.get(&format!("/api/v1/accounts/{own}/following"))
    };
    let go = |house: &House, object: &Value, target: &str| json!({"id": format!("{}/m", house.peer.actor), "type": "Move", "actor": house.peer.actor, "object": object, "target": target});
    let (own, alice) = (json!(house.peer.actor), house.uri.clone());
    for (object, target) in [
        (own.clone(), victim.actor.clone()),
        (json!(victim.actor), house.peer.actor.clone()),
        (own.clone(), house.peer.actor.clone()),
        (own.clone(), alice),
        (own.clone(), "http://127.0.0.1:1/nobody".to_owned()),
        (json!(null), victim.actor.clone()),
    ] {
        let told = go(&house, &object, &target);
        assert!(house.tell(&told, Lie::None) >= 202, "{told}");
        std::thread::sleep(std::time::Duration::from_millis(1100));
        let now = followed(&mut house);
        assert_eq!(now[0]["id"], id.as_str(), "{told}: {now}");
        assert_eq!(now.as_array().map(Vec::len), Some(1), "{now}");
    }
}

#[test]
fn what_a_reply_answers_is_got_with_limits() {
    let mut house = House::open();
    let author = Peer::start("author");
    let name = |number: u32| format!("{}/notes/{number}", author.actor);
    let serve = |number: u32, answers: Option<u32>, to: &str| {
        let note = json!({
            "id": name(number), "type": "Note", "attributedTo": author.actor, "content": format!("<p>number {number}</p>"),
            "to": [to], "inReplyTo": answers.map(name),
        });
        author.page(
            &format!("/author/notes/{number}"),
            "application/activity+json",
            &note,
        );
    };
    let asked = || {
        author
            .asked()
            .iter()
            .filter(|line| line.contains("/notes/"))
            .count()
    };
    let tell = |house: &mut House, number: u32, answers: u32| {
        let mut note = house.note(number, "an answer");
        note["inReplyTo"] = json!(name(answers));
        assert_eq!(house.tell(&house.create(number, &note), Lie::None), 202);
        house.get("/api/v1/notifications")[0]["status"].clone()
    };
    // Three above, the first of which begins the thread.
    for (number, answers) in [(1, None), (2, Some(1)), (3, Some(2))] {
        serve(number, answers, PUBLIC);
    }
    let post = tell(&mut house, 1, 3);
    let context = house.get(&format!(
        "/api/v1/statuses/{}/context",
        post["id"].as_str().expect("an id")
    ));
    let above: Vec<&str> = context["ancestors"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|post| post["content"].as_str())
        .collect();
    assert_eq!(above, ["<p>number 1</p>", "<p>number 2</p>", "<p>number 3</p>"]);
    assert_eq!(asked(), 3);
    // Read by anybody, nobody is asked; and what is here is not asked for again.
    house.get(&format!(
        "/api/v1/statuses/{}/context",
        post["id"].as_str().expect("an id")
    ));
    tell(&mut house, 2, 2);
    assert_eq!(asked(), 3);
    // A circle, a thread without end, and what is not for everybody.
    serve(11, Some(12), PUBLIC);
    serve(12, Some(11), PUBLIC);
    tell(&mut house, 3, 11);
    assert_eq!(asked(), 5, "each once");
    for number in 100..140 {
        serve(number, Some(number + 1), PUBLIC);
    }
    tell(&mut house, 4, 100);
    assert_eq!(asked(), 13, "eight of many");
    serve(200, None, &format!("{}/followers", author.actor));
    let post = tell(&mut house, 5, 200);
    assert!(post["in_reply_to_id"].is_null(), "{post}");
    // Nobody here has to do with it: nobody is asked.
    let before = asked();
    let mut aside = house.note(6, "aside");
    aside["inReplyTo"] = json!(name(300));
    aside["to"] = json!([PUBLIC]);
    aside["tag"] = json!([]);
    house.tell(&house.create(6, &aside), Lie::None);
    assert_eq!(asked(), before);
}

#[test]
fn a_poll_is_not_stuffed() {
    let mut house = House::open();
    let asked = Request::post("/api/v1/statuses").form(&[
        ("status", "high or low?"),
        ("poll[options][]", "high"),
        ("poll[options][]", "low"),
        ("poll[expires_in]", "600"),
        ("poll[multiple]", "true"),
    ]);
    let post = house.alice.send(&asked).json();
    let id = post["id"].as_str().expect("an id").to_owned();
    let mut number = 0;
    let mut vote = |house: &mut House, more: Value| {
        number += 1;
        let mut ballot = json!({
            "id": format!("{}/votes/{number}", house.peer.actor), "type": "Note", "attributedTo": house.peer.actor,
            "name": "high", "inReplyTo": format!("{}/{id}", house.uri), "to": house.uri,
        });
        for (name, value) in more.as_object().expect("members") {
            ballot[name] = value.clone();
        }
        let status = house.tell(&house.create(number, &ballot), Lie::None);
        let poll = house.get(&format!("/api/v1/polls/{id}"));
        let counts = [
            &poll["options"][0]["votes_count"],
            &poll["options"][1]["votes_count"],
        ]
        .map(Value::as_i64);
        (
            status,
            counts.map(Option::unwrap_or_default),
            poll["voters_count"].as_i64(),
        )
    };
    let none = ([0, 0], Some(0));
    for (lie, status) in [
        (json!({"name": "middle"}), 202),
        (json!({"attributedTo": house.uri}), 403),
        (json!({"id": format!("{}/votes/1", house.uri)}), 403),
        (json!({"inReplyTo": format!("{}/99", house.uri)}), 202),
    ] {
        let (said, counts, voters) = vote(&mut house, lie.clone());
        assert_eq!((said, counts, voters), (status, none.0, none.1), "{lie}");
    }
    assert_eq!(vote(&mut house, json!({})), (202, [1, 0], Some(1)));
    assert_eq!(
        vote(&mut house, json!({})),
        (202, [1, 0], Some(1)),
        "the same choice again"
    );
    assert_eq!(vote(&mut house, json!({"name": "low"})), (202, [1, 1], Some(1)));
    for name in ["high", "low", "low"] {
        assert_eq!(vote(&mut house, json!({"name": name})).1, [1, 1], "{name}");
    }
    // A ballot is no post.
    assert_eq!(house.notifications(), 0);
    // What they ask: too many options, twice the same, counts that are none.
    for (number, options) in [
        (
            1,
            json!(
                (0..1000)
                    .map(|n| json!({"name": n.to_string()}))
                    .collect::<Vec<_>>()
            ),
        ),
        (2, json!([{"name": "same"}, {"name": "same\u{200B}"}])),
        (3, json!([{"name": 7}, {"name": null}])),
        (4, json!({"name": "alone"})),
    ] {
        let mut question = house.note(number, "what now?");
        question["type"] = json!("Question");
        question["anyOf"] = options;
        assert_eq!(house.tell(&house.create(number, &question), Lie::None), 202);
    }
    let mut question = house.note(5, "how many?");
    question["type"] = json!("Question");
    question["oneOf"] = json!([
        {"name": "<b>a</b>", "replies": {"totalItems": -5}}, {"name": "b", "replies": {"totalItems": i64::MAX}},
    ]);
    question["votersCount"] = json!(i64::MAX);
    assert_eq!(house.tell(&house.create(5, &question), Lie::None), 202);
    let heard = house.get("/api/v1/notifications");
    let polls: Vec<&Value> = heard
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["status"]["poll"])
        .collect();
    assert_eq!(polls.len(), 5, "{heard}");
    assert!(polls[1..].iter().all(|poll| poll.is_null()), "{heard}");
    let counts = |at: usize| polls[0]["options"][at]["votes_count"].as_i64();
    assert!(
        counts(0) == Some(0) && counts(1).is_some_and(|votes| votes > 0),
        "{heard}"
    );
    let page = house.alice.get(&format!("/@mallory@{}", house.peer.host));
    assert!(!page.text().contains("<b>a</b>"), "{}", page.text());
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
        "attachment",
        "updated",
        "mediaType",
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
