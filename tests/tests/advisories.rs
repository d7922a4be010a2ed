//! What went wrong on other servers, tried on this one: cases that no other test has. docs/advisories.md lists all.

mod peer;
mod person;

use std::path::Path;

use bauta_tests::eventually;
use bauta_tests::http::{Client, Request};
use bauta_tests::server::Bauta;
use peer::{Lie, Peer};
use person::{Person, server, text};
use serde_json::{Value, json};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// Alice follows the actor of `peer`, who accepts.
fn follow(here: &Bauta, alice: &mut Person, door: &mut Client, peer: &Peer) -> String {
    let name = peer.actor.rsplit('/').next().unwrap_or_default();
    let id = alice.find(&format!("{name}@{}", peer.host));
    alice.post(&format!("/api/v1/accounts/{id}/follow"), &[]);
    let accept = json!({
        "id": format!("{}/accepts", peer.actor), "type": "Accept", "actor": peer.actor,
        "object": {"type": "Follow", "actor": here.url("/@alice"), "object": peer.actor},
    });
    assert_eq!(peer.tell(door, &accept, Lie::None).status, 202);
    id
}

fn note(peer: &Peer, name: &str, to: &str) -> Value {
    json!({
        "id": format!("{}/{name}", peer.actor), "type": "Note", "attributedTo": peer.actor,
        "content": format!("<p>words of {name}</p>"), "to": [to],
    })
}

fn told(peer: &Peer, kind: &str, object: &Value) -> Value {
    let name = object["id"]
        .as_str()
        .or(object.as_str())
        .unwrap_or("x")
        .replace('/', ".");
    json!({"id": format!("{}/{kind}/{name}", peer.actor), "type": kind, "actor": peer.actor, "object": object, "to": [PUBLIC]})
}

#[test]
fn suspended_people_come_in_by_nobodys_boost_and_their_signatures_count_no_more() {
    let here = server().start();
    let mut alice = Person::join(&here, "alice");
    here.done(&["account", "create", "mina", "--role", "moderator"]);
    let token = here.token("mina", "read write follow admin:read admin:write");
    let mut mina = here.client().with_token(&token);
    let mut door = here.client();
    let (bad, friend) = (Peer::start("bad"), Peer::start("friend"));
    let id = follow(&here, &mut alice, &mut door, &bad);
    follow(&here, &mut alice, &mut door, &friend);
    let first = note(&bad, "first", PUBLIC);
    assert_eq!(
        bad.tell(&mut door, &told(&bad, "Create", &first), Lie::None)
            .status,
        202
    );
    alice.reads("words of first");
    let act = Request::post(&format!("/api/v1/admin/accounts/{id}/action"));
    let act = act.form(&[("type", "suspend"), ("text", "It has to be.")]);
    assert_eq!(mina.send(&act).status, 200);
    let gone = eventually("what they said is away", || {
        let home = alice.get("/api/v1/timelines/home");
        (!home.to_string().contains("words of first")).then_some(home)
    });
    assert_eq!(gone, json!([]));
    // What they sign, and what somebody passes on: posts that were here, and new ones.
    let second = note(&bad, "second", PUBLIC);
    assert_eq!(
        bad.tell(&mut door, &told(&bad, "Create", &second), Lie::None)
            .status,
        403
    );
    bad.page("/bad/second", "application/activity+json", &second);
    for post in [&first, &second] {
        friend.tell(&mut door, &told(&friend, "Announce", &post["id"]), Lie::None);
    }
    let own = note(&friend, "own", PUBLIC);
    assert_eq!(
        friend
            .tell(&mut door, &told(&friend, "Create", &own), Lie::None)
            .status,
        202
    );
    alice.reads("words of own");
    let home = alice.get("/api/v1/timelines/home").to_string();
    assert!(
        !home.contains("words of first") && !home.contains("words of second"),
        "{home}"
    );
}

#[test]
fn a_follow_that_waits_for_consent_is_none() {
    let here = server().start();
    let mut alice = Person::join(&here, "alice");
    let mut door = here.client();
    let (locked, other) = (Peer::start("locked"), Peer::start("other"));
    let id = alice.find(&format!("locked@{}", locked.host));
    alice.post(&format!("/api/v1/accounts/{id}/follow"), &[]);
    let relation = alice.relation(&id);
    assert_eq!(
        (&relation["following"], &relation["requested"]),
        (&json!(false), &json!(true))
    );
    // Another's consent is nobody's, and a private post of theirs is not for whoever waits.
    let accept = json!({
        "id": format!("{}/a", other.actor), "type": "Accept", "actor": other.actor,
        "object": {"type": "Follow", "actor": here.url("/@alice"), "object": locked.actor},
    });
    assert_eq!(other.tell(&mut door, &accept, Lie::None).status, 403);
    let private = note(&locked, "private", &format!("{}/followers", locked.actor));
    locked.tell(&mut door, &told(&locked, "Create", &private), Lie::None);
    let relation = alice.relation(&id);
    assert_eq!(
        (&relation["following"], &relation["requested"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(alice.get("/api/v1/timelines/home"), json!([]));
}

#[test]
fn no_answer_holds_what_is_not_for_who_asks_and_the_deleted_sign_nothing() {
    let here = server().start();
    let mut alice = Person::join(&here, "alice");
    let mut door = here.client();
    let mallory = Peer::start("mallory");
    let private = alice.say("between few of us", &[("visibility", "private")]);
    let public = alice.say("open to all", &[]);
    let uri = |id: &str| here.url(&format!("/@alice/{id}"));
    for kind in [
        "Like",
        "Announce",
        "Flag",
        "Add",
        "Remove",
        "EmojiReact",
        "Undo",
        "QuoteRequest",
    ] {
        let mut activity = told(&mallory, kind, &json!(uri(&private)));
        activity["instrument"] = json!(uri(&private));
        activity["target"] = json!(format!("{}/featured", mallory.actor));
        let answer = mallory.tell(&mut door, &activity, Lie::None);
        assert!(
            answer.status < 500 && !answer.text().contains("between few"),
            "{kind}: {}",
            answer.text()
        );
    }
    assert_eq!(mallory.ask(&mut door, &format!("/@alice/{private}")).status, 404);
    let post = alice.get(&format!("/api/v1/statuses/{private}"));
    assert_eq!(
        (&post["favourites_count"], &post["reblogs_count"]),
        (&json!(0), &json!(0))
    );
    assert!(!String::from_utf8_lossy(&mallory.heard()).contains("between few"));

    // Whom she blocks gets nothing of hers, signed or not.
    assert_eq!(mallory.ask(&mut door, &format!("/@alice/{public}")).status, 200);
    let id = alice.find(&format!("mallory@{}", mallory.host));
    alice.post(&format!("/api/v1/accounts/{id}/block"), &[]);
    for path in [
        "/@alice".to_owned(),
        format!("/@alice/{public}"),
        "/@alice/outbox".to_owned(),
    ] {
        assert_eq!(mallory.ask(&mut door, &path).status, 404, "{path}");
    }
    // Whoever said that they are gone is: their key is forgotten, and their server has it no more.
    let farewell = told(&mallory, "Delete", &json!(mallory.actor));
    assert_eq!(mallory.tell(&mut door, &farewell, Lie::None).status, 202);
    mallory.raw(
        "/mallory",
        b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n".to_vec(),
        false,
    );
    let like = told(&mallory, "Like", &json!(uri(&public)));
    assert_eq!(mallory.tell(&mut door, &like, Lie::None).status, 401);
    let post = alice.get(&format!("/api/v1/statuses/{public}"));
    assert_eq!(post["favourites_count"], json!(0), "{post}");
    assert!(!text(&post["content"]).is_empty());
}

#[test]
fn names_of_lists_and_filters_have_an_end() {
    let here = server().start();
    let mut alice = Person::join(&here, "alice");
    let id = text(&alice.post("/api/v1/lists", &[("title", "harbour")])["id"]);
    let long = "x".repeat(100_000);
    let new = |path: &str, fields: &[(&str, &str)]| Request::post(path).form(fields);
    for request in [
        new("/api/v1/lists", &[("title", &long)]),
        Request::new("PUT", &format!("/api/v1/lists/{id}")).form(&[("title", &long)]),
        new("/api/v2/filters", &[("title", &long), ("context[]", "home")]),
        new("/api/v1/filters", &[("phrase", &long), ("context[]", "home")]),
    ] {
        assert_eq!(
            alice.client.send(&request).status,
            422,
            "{} {}",
            request.method,
            request.target
        );
    }
    assert_eq!(alice.get("/api/v1/lists")[0]["title"], "harbour");
    assert_eq!(alice.get("/api/v2/filters"), json!([]));
}

#[test]
fn the_page_names_tests_that_there_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = std::fs::read_to_string(root.join("docs/advisories.md")).expect("it is there");
    let mut named = 0;
    for cell in page.split('`').filter(|cell| cell.contains(".rs: ")) {
        let (file, test) = cell.split_once(": ").expect("a file and a test");
        let source = std::fs::read_to_string(root.join(file)).unwrap_or_default();
        assert!(
            source.contains(&format!("fn {test}(")),
            "there is no {test} in {file}"
        );
        named += 1;
    }
    let rows = page.lines().filter(|line| line.starts_with("| ")).count() - 2;
    assert!(named >= rows, "{named} tests for {rows} rows");
}

#[test]
fn nobody_pins_for_somebody_else_and_a_list_lists_what_is_its_authors() {
    let here = server().start();
    let mut alice = Person::join(&here, "alice");
    let mut door = here.client();
    let (bad, friend) = (Peer::start("bad"), Peer::start("friend"));
    let lists = [bad.pins("bad"), friend.pins("friend")];
    let theirs = note(&friend, "theirs", PUBLIC);
    friend.page("/friend/theirs", "application/activity+json", &theirs);
    let own = note(&bad, "own", PUBLIC);
    bad.page("/bad/own", "application/activity+json", &own);
    // A list that is longer than any is read, and names what is somebody else's.
    let mut names = vec![
        theirs["id"].clone(),
        own["id"].clone(),
        json!({"id": 7}),
        json!(null),
    ];
    for number in 0..300 {
        let name = format!("more{number}");
        let note = note(&bad, &name, PUBLIC);
        bad.page(&format!("/bad/{name}"), "application/activity+json", &note);
        names.push(note["id"].clone());
    }
    let list = json!({"id": lists[0], "type": "OrderedCollection", "orderedItems": names});
    bad.page("/bad/featured", "application/activity+json", &list);
    let bad_here = follow(&here, &mut alice, &mut door, &bad);
    let friend_here = follow(&here, &mut alice, &mut door, &friend);
    let told_note = told(&friend, "Create", &theirs);
    assert_eq!(friend.tell(&mut door, &told_note, Lie::None).status, 202);
    // Whose posts are on top of somebody's page.
    let mut pinned = |id: &str| -> Vec<String> {
        let list = alice.get(&format!("/api/v1/accounts/{id}/statuses?pinned=true"));
        let list = list.as_array().expect("a list");
        list.iter().map(|post| text(&post["account"]["id"])).collect()
    };
    eventually("the list is read", || {
        (!pinned(&bad_here).is_empty()).then_some(())
    });
    let read = pinned(&bad_here);
    assert!(
        read.len() <= 5 && read.iter().all(|author| *author == bad_here),
        "{read:?}"
    );

    let add = |peer: &Peer, name: &str, (object, target): (&Value, &str)| {
        json!({
            "id": format!("{}/adds/{name}", peer.actor), "type": "Add", "actor": peer.actor,
            "object": object["id"], "target": target,
        })
    };
    let elsewhere = format!("{}/else", bad.actor);
    for (name, what) in [
        ("1", (&theirs, lists[1].as_str())),
        ("2", (&theirs, lists[0].as_str())),
        ("3", (&theirs, elsewhere.as_str())),
    ] {
        bad.tell(&mut door, &add(&bad, name, what), Lie::None);
    }
    assert_eq!(pinned(&friend_here), Vec::<String>::new());
    assert_eq!(pinned(&bad_here), read);
    let right = add(&friend, "1", (&theirs, &lists[1]));
    assert_eq!(friend.tell(&mut door, &right, Lie::None).status, 202);
    assert_eq!(pinned(&friend_here), [friend_here.as_str()]);
    let remove = json!({
        "id": format!("{}/removes/1", bad.actor), "type": "Remove", "actor": bad.actor,
        "object": theirs["id"], "target": lists[1],
    });
    bad.tell(&mut door, &remove, Lie::None);
    assert_eq!(pinned(&friend_here).len(), 1);
}
