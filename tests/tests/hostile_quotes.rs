//! What lying servers try with quotes: forged consent, stamps for others' eyes, floods, private posts read through answers.

mod peer;

use bauta_tests::eventually;
use bauta_tests::http::{Client, Request};
use bauta_tests::server::Bauta;
use peer::{Lie, Peer};
use serde_json::{Value, json};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
const ACTIVITY: &str = "application/activity+json";

struct House {
    server: Bauta,
    /// Signed in.
    alice: Client,
    /// A stranger.
    door: Client,
    peer: Peer,
}

impl House {
    /// Alice, and a peer whom she follows.
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
            server,
        }
    }

    fn get(&mut self, path: &str) -> Value {
        let answer = self.alice.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    fn say(&mut self, fields: &[(&str, &str)]) -> String {
        let answer = self.alice.send(&Request::post("/api/v1/statuses").form(fields));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["id"].as_str().expect("an id").to_owned()
    }

    /// What alice calls a post of hers.
    fn uri(&self, id: &str) -> String {
        self.server.url(&format!("/@alice/{id}"))
    }

    /// A public note of the peer that says more.
    fn note(&self, name: &str, more: Value) -> Value {
        let mut note = json!({
            "id": format!("{}/notes/{name}", self.peer.actor), "type": "Note", "attributedTo": self.peer.actor,
            "content": format!("<p>{name}</p>"), "to": [PUBLIC],
        });
        for (field, value) in more.as_object().expect("fields") {
            note[field] = value.clone();
        }
        note
    }

    fn create(&mut self, note: &Value) -> u16 {
        let id = note["id"].as_str().expect("a name");
        let create = json!({
            "id": format!("{id}/create"), "type": "Create", "actor": self.peer.actor, "object": note, "to": note["to"],
        });
        self.tell(&create)
    }

    fn request(&mut self, quoted: &str, note: &Value) -> u16 {
        let id = note["id"].as_str().expect("a name");
        let request = json!({
            "id": format!("{id}/request"), "type": "QuoteRequest", "actor": self.peer.actor,
            "object": quoted, "instrument": note,
        });
        self.tell(&request)
    }

    fn tell(&mut self, activity: &Value) -> u16 {
        self.peer.tell(&mut self.door, activity, Lie::None).status
    }

    /// Waits for an answer of this type, which the peer's inbox hears, about this request.
    fn hears(&self, kind: &str, request: &str) -> String {
        eventually(kind, || {
            let heard = String::from_utf8_lossy(&self.peer.heard()).into_owned();
            let at = heard.find(&format!("\"type\":\"{kind}\""))?;
            let whole = heard[at.saturating_sub(4000)..].to_owned();
            whole.contains(request).then_some(whole)
        })
    }

    fn quotes_of(&mut self, id: &str) -> usize {
        let list = self.get(&format!("/api/v1/statuses/{id}/quotes"));
        list.as_array().map_or(0, Vec::len)
    }

    fn follow(&mut self) {
        let acct = format!("mallory@{}", self.peer.host).replace(':', "%3A");
        let found = self.get(&format!("/api/v2/search?type=accounts&resolve=true&q={acct}"));
        let id = found["accounts"][0]["id"].as_str().expect("found").to_owned();
        let follow = Request::post(&format!("/api/v1/accounts/{id}/follow"));
        assert_eq!(self.alice.send(&follow).status, 200);
        let ours = self.server.url("/@alice");
        let accept = json!({
            "id": format!("{}/accepts/1", self.peer.actor), "type": "Accept", "actor": self.peer.actor,
            "object": {"type": "Follow", "actor": ours, "object": self.peer.actor},
        });
        assert_eq!(self.tell(&accept), 202);
    }

    /// The quote in the newest post of the home timeline with these words.
    fn quote_in(&mut self, words: &str) -> Value {
        let home = self.get("/api/v1/timelines/home");
        let all = home.as_array().expect("a list");
        let with = |post: &&Value| post["content"].as_str().is_some_and(|html| html.contains(words));
        all.iter().find(with).unwrap_or_else(|| panic!("{words}: {home}"))["quote"].clone()
    }
}

#[test]
fn a_request_is_answered_by_the_policy_and_its_stamp_is_for_those_who_may_read() {
    let mut house = House::open();
    let open = house.say(&[("status", "the tide is high")]);
    let uri = house.uri(&open);
    let note = house.note("asked", json!({"quote": uri}));
    assert_eq!(house.request(&uri, &note), 202);
    let accepted = house.hears("Accept", "/notes/asked/request");
    assert!(accepted.contains("\"result\":"), "{accepted}");
    assert_eq!(house.quotes_of(&open), 1);
    let quoting = house.get(&format!("/api/v1/statuses/{open}/quotes"))[0]["id"].clone();
    let stamp = format!("/@alice/{open}/quotes/{}", quoting.as_str().expect("an id"));
    let said = house.peer.ask(&mut house.door, &stamp);
    assert_eq!(said.status, 200, "{}", said.text());
    let said = said.json();
    assert_eq!(said["type"], "QuoteAuthorization", "{said}");
    assert_eq!(said["interactingObject"], note["id"], "{said}");
    assert_eq!(said["interactionTarget"], uri.as_str(), "{said}");
    let unsigned = house
        .door
        .send(&Request::get(&stamp).with_header("accept", ACTIVITY));
    assert_eq!(unsigned.status, 401);
    for other in [format!("/@alice/{open}/quotes/1"), format!("{stamp}/x")] {
        assert_eq!(house.peer.ask(&mut house.door, &other).status, 404, "{other}");
    }
    // Taken back, the stamp is gone, and what was quoted before does not come back.
    let revoke = stamp.replace("/@alice", "/api/v1/statuses") + "/revoke";
    assert_eq!(house.alice.send(&Request::post(&revoke)).status, 200);
    assert_eq!(house.peer.ask(&mut house.door, &stamp).status, 404);
    house.hears("Delete", "QuoteAuthorization");
    let mut again = json!({
        "id": format!("{}/again", house.peer.actor), "type": "QuoteRequest", "actor": house.peer.actor,
        "object": uri, "instrument": note["id"],
    });
    assert_eq!(house.tell(&again), 202);
    house.hears("Reject", "/again");
    again["id"] = json!(format!("{}/edit", house.peer.actor));
    let mut edited = note.clone();
    edited["content"] = json!("<p>asked anew</p>");
    let update = json!({
        "id": format!("{}/update", house.peer.actor), "type": "Update", "actor": house.peer.actor, "object": edited,
    });
    assert_eq!(house.tell(&update), 202);
    assert_eq!(house.quotes_of(&open), 0);

    let closed = house.say(&[("status", "mine alone"), ("quote_approval_policy", "nobody")]);
    let uri = house.uri(&closed);
    let note = house.note("closed", json!({"quote": uri}));
    assert_eq!(house.request(&uri, &note), 202);
    house.hears("Reject", "/notes/closed/request");
    // Nor by the older fields, nor by a boost of it.
    let older = house.note(
        "older",
        json!({"quoteUri": uri, "cc": [house.server.url("/@alice")]}),
    );
    assert_eq!(house.create(&older), 202);
    assert_eq!(house.quotes_of(&closed), 0);
    let boost = house
        .alice
        .send(&Request::post(&format!("/api/v1/statuses/{closed}/reblog")));
    let boost = house.uri(boost.json()["id"].as_str().expect("an id"));
    let way_round = house.note("boost", json!({"quote": boost}));
    assert_eq!(house.request(&boost, &way_round), 403);
    assert_eq!(house.quotes_of(&closed), 0);
}

#[test]
fn nothing_private_is_read_or_known_through_answers_to_quotes() {
    let mut house = House::open();
    let private = house.say(&[("status", "for followers"), ("visibility", "private")]);
    let gone = house.uri("116000000000000001");
    for (name, uri) in [("private", house.uri(&private)), ("nowhere", gone)] {
        let note = house.note(name, json!({"quote": uri}));
        assert_eq!(house.request(&uri, &note), 202, "{name}");
        assert_eq!(house.create(&note), 202, "{name}");
    }
    // What comes after them is answered, and they are not.
    let open = house.say(&[("status", "for all")]);
    let uri = house.uri(&open);
    let note = house.note("open", json!({"quote": uri}));
    assert_eq!(house.request(&uri, &note), 202);
    house.hears("Accept", "/notes/open/request");
    let heard = String::from_utf8_lossy(&house.peer.heard()).into_owned();
    for name in ["private", "nowhere"] {
        assert!(!heard.contains(&format!("/notes/{name}/request")), "{heard}");
    }
    // A request for somebody else's post, and in somebody else's name.
    let other = Peer::start("other");
    let mut forged = house.note("forged", json!({"quote": uri}));
    forged["id"] = json!(format!("{}/notes/forged", other.actor));
    assert_eq!(house.request(&uri, &forged), 403);
    let mut theirs = house.note("theirs", json!({"quote": uri}));
    theirs["attributedTo"] = json!(other.actor);
    assert_eq!(house.request(&uri, &theirs), 403);
    let unlike = house.note("unlike", json!({"quote": house.uri(&private)}));
    assert_eq!(house.request(&uri, &unlike), 403);
    assert_eq!(house.quotes_of(&open), 1);
}

#[test]
fn a_forged_stamp_shows_nothing() {
    let mut house = House::open();
    house.follow();
    let victim = Peer::start("victim");
    let quoted = format!("{}/notes/1", victim.actor);
    let page = |peer: &Peer, path: &str, value: &Value| peer.page(path, ACTIVITY, value);
    let post = json!({
        "id": quoted, "type": "Note", "attributedTo": victim.actor, "content": "<p>said once</p>", "to": [PUBLIC],
        "interactionPolicy": {"canQuote": {"automaticApproval": [PUBLIC]}},
    });
    page(&victim, "/victim/notes/1", &post);
    let stamp = |peer: &Peer, note: &str, change: &dyn Fn(&mut Value)| {
        let path = format!("/stamps/{note}");
        let mut stamp = json!({
            "id": format!("http://{}{path}", peer.host), "type": "QuoteAuthorization", "attributedTo": victim.actor,
            "interactingObject": format!("{}/notes/{note}", house.peer.actor), "interactionTarget": quoted,
        });
        change(&mut stamp);
        page(peer, &path, &stamp);
        format!("http://{}{path}", peer.host)
    };
    let own = stamp(&house.peer, "own", &|_| ());
    let unlike = stamp(&victim, "unlike", &|stamp| {
        stamp["interactionTarget"] = json!(format!("{}/notes/2", victim.actor));
    });
    let wrong = stamp(&victim, "wrong", &|stamp| {
        stamp["interactingObject"] = json!("http://other.example/notes/1");
    });
    let typed = stamp(&victim, "typed", &|stamp| stamp["type"] = json!("Note"));
    let good = stamp(&victim, "good", &|_| ());
    for (name, stamp) in [
        ("own", Some(own)),
        ("unlike", Some(unlike)),
        ("wrong", Some(wrong)),
        ("typed", Some(typed)),
        ("missing", Some(format!("http://{}/stamps/none", victim.host))),
        ("none", None),
    ] {
        let note = house.note(name, json!({"quote": quoted, "quoteAuthorization": stamp}));
        assert_eq!(house.create(&note), 202, "{name}");
        assert_eq!(house.quote_in(name)["state"], "pending", "{name}");
    }
    // The older fields ask nobody, so that nothing is shown of an author elsewhere.
    let older = house.note("older", json!({"_misskey_quote": quoted}));
    assert_eq!(house.create(&older), 202);
    assert_eq!(house.quote_in("older")["state"], "pending");
    let note = house.note("good", json!({"quote": quoted, "quoteAuthorization": good}));
    assert_eq!(house.create(&note), 202);
    let seen = house.quote_in("good");
    assert_eq!(seen["state"], "accepted", "{seen}");
    assert!(
        seen["quoted_status"]["content"].to_string().contains("said once"),
        "{seen}"
    );
    // Whose it is takes it back, and nobody else.
    let gone = |by: &Peer| json!({"id": format!("{}/gone", by.actor), "type": "Delete", "actor": by.actor, "object": good});
    house.peer.tell(&mut house.door, &gone(&house.peer), Lie::None);
    assert_eq!(house.quote_in("good")["state"], "accepted");
    assert_eq!(
        victim.tell(&mut house.door, &gone(&victim), Lie::None).status,
        202
    );
    assert_eq!(house.quote_in("good")["state"], "revoked");
}

#[test]
fn an_answer_counts_only_from_whose_post_it_is() {
    let mut house = House::open();
    house.follow();
    let post = house.note(
        "1",
        json!({"interactionPolicy": {"canQuote": {"manualApproval": [PUBLIC]}}}),
    );
    assert_eq!(house.create(&post), 202);
    let home = house.get("/api/v1/timelines/home");
    assert_eq!(home[0]["quote_approval"]["current_user"], "manual", "{home}");
    let copy = home[0]["id"].as_str().expect("an id").to_owned();
    let quoting = house.say(&[("status", "look"), ("quoted_status_id", &copy)]);
    let name = format!("{}#quote", house.uri(&quoting));
    house.hears("QuoteRequest", &name);
    let state =
        |house: &mut House| house.get(&format!("/api/v1/statuses/{quoting}"))["quote"]["state"].clone();
    assert_eq!(state(&mut house), "pending");
    let other = Peer::start("other");
    let answer = |by: &Peer, number: u32, result: Value| {
        json!({
            "id": format!("{}/answers/{number}", by.actor), "type": "Accept", "actor": by.actor,
            "object": {"id": name, "type": "QuoteRequest"}, "result": result,
        })
    };
    let theirs = json!(format!("{}/stamps/1", other.actor));
    let told = other.tell(&mut house.door, &answer(&other, 1, theirs.clone()), Lie::None);
    assert_eq!(told.status, 202, "heard, and not believed");
    assert_eq!(
        house.tell(&answer(&house.peer, 2, theirs)),
        403,
        "a stamp of another origin"
    );
    assert_eq!(house.tell(&answer(&house.peer, 3, Value::Null)), 403, "no stamp");
    assert_eq!(state(&mut house), "pending");
    let own = json!(format!("{}/stamps/1", house.peer.actor));
    assert_eq!(house.tell(&answer(&house.peer, 4, own)), 202);
    assert_eq!(state(&mut house), "accepted");
    let mut no = answer(&house.peer, 5, Value::Null);
    no["type"] = json!("Reject");
    assert_eq!(house.tell(&no), 202);
    assert_eq!(state(&mut house), "rejected");
}

#[test]
fn an_answer_that_is_not_let_is_not_taken_in() {
    let mut house = House::open();
    let alice = house.server.url("/@alice");
    for (policy, taken) in [("nobody", 0), ("mentioned", 0), ("followers", 0), ("public", 1)] {
        let id = house.say(&[("status", policy), ("reply_approval_policy", policy)]);
        let uri = house.uri(&id);
        let said = house.peer.ask(&mut house.door, &format!("/@alice/{id}")).json();
        let can = &said["interactionPolicy"]["canReply"]["automaticApproval"];
        assert_eq!(can[0] == PUBLIC, policy == "public", "{said}");
        let mention = json!([{"type": "Mention", "href": alice, "name": "@alice"}]);
        let note = house.note(policy, json!({"inReplyTo": uri, "cc": [alice], "tag": mention}));
        assert_eq!(house.create(&note), 202, "{policy}");
        let context = house.get(&format!("/api/v1/statuses/{id}/context"));
        assert_eq!(
            context["descendants"].as_array().map(Vec::len),
            Some(taken),
            "{policy}: {context}"
        );
        let heard = house.get("/api/v1/notifications");
        assert_eq!(heard.as_array().map(Vec::len), Some(taken), "{policy}: {heard}");
    }
}
