//! Two real servers, one on SQLite and one on PostgreSQL, follow, speak, answer and delete across.

mod peer;
mod person;

use std::fmt::Write;

use aws_lc_rs::digest::{SHA256, digest};
use bauta_tests::eventually;
use bauta_tests::http::Request;
use peer::{Lie, Peer};
use person::{Person, follow, says, server, text};
use serde_json::{Value, json};

#[test]
fn two_servers_follow_speak_answer_and_delete() {
    let here = server().start();
    let there = server()
        .database(&bauta_tests::postgres::fresh_database())
        .start();
    let (mut alice, mut bob) = (Person::join(&here, "alice"), Person::join(&there, "bob"));
    speak(&mut alice, &mut bob);
    let (mut carol, mut dora) = (Person::join(&there, "carol"), Person::join(&here, "dora"));
    speak(&mut carol, &mut dora);
}

/// `reader` follows `author`, and all that can happen between them happens.
fn speak(reader: &mut Person, author: &mut Person) {
    let open = Request::new("PATCH", "/api/v1/accounts/update_credentials").form(&[("indexable", "true")]);
    assert_eq!(author.client.send(&open).status, 200);
    let early = author.say("pinned before anybody followed", &[]);
    author.post(&format!("/api/v1/statuses/{early}/pin"), &[]);
    let author_id = follow(reader, author);
    assert_eq!(author.hears("follow")["account"]["acct"], reader.acct.as_str());

    // Posts of each kind keep their audience.
    for visibility in ["public", "unlisted", "private"] {
        author.say(&format!("a {visibility} post"), &[("visibility", visibility)]);
        let read = reader.reads(&format!("a {visibility} post"));
        assert_eq!(read["visibility"], visibility);
        assert_eq!(read["account"]["acct"], author.acct.as_str());
    }
    let local = reader.get("/api/v1/timelines/public?local=true");
    let theirs = |post: &Value| post["account"]["acct"] == author.acct.as_str();
    assert!(!local.as_array().expect("a list").iter().any(theirs), "{local}");

    // What was pinned before is got once the follow stands; what is pinned and taken down after that is told.
    let mut has_pinned = |words: &[&str]| {
        eventually("pins are known", || {
            let pinned = reader.get(&format!("/api/v1/accounts/{author_id}/statuses?pinned=true"));
            let pinned = pinned.as_array()?;
            let all = words
                .iter()
                .all(|words| pinned.iter().any(|post| says(post, words)));
            (pinned.len() == words.len() && all).then_some(())
        });
    };
    has_pinned(&["pinned before"]);
    let late = author.say("pinned in their sight", &[]);
    author.post(&format!("/api/v1/statuses/{late}/pin"), &[]);
    has_pinned(&["pinned before", "in their sight"]);
    author.post(&format!("/api/v1/statuses/{early}/unpin"), &[]);
    has_pinned(&["in their sight"]);

    // Nobody answers what its author lets nobody answer.
    author.say("my last word", &[("reply_approval_policy", "nobody")]);
    let last = text(&reader.reads("my last word")["id"]);
    let answer = Request::post("/api/v1/statuses").form(&[("status", "but"), ("in_reply_to_id", &last)]);
    let answer = reader.client.send(&answer);
    assert!(
        answer.status == 403 && answer.text().contains("lets nobody answer it"),
        "{}",
        answer.text()
    );

    // Like, boost, answer; then taken back.
    let original = author.say("what do you think?", &[]);
    let copy = text(&reader.reads("what do you think?")["id"]);
    reader.post(&format!("/api/v1/statuses/{copy}/favourite"), &[]);
    assert_eq!(author.hears("favourite")["status"]["id"], original.as_str());
    reader.post(&format!("/api/v1/statuses/{copy}/reblog"), &[]);
    assert_eq!(author.hears("reblog")["status"]["id"], original.as_str());
    let words = format!("@{} I agree", author.acct);
    reader.say(&words, &[("in_reply_to_id", &copy)]);
    let heard = author.hears("mention");
    assert!(says(&heard["status"], "I agree"), "{heard}");
    assert_eq!(heard["status"]["in_reply_to_id"], original.as_str());
    reader.post(&format!("/api/v1/statuses/{copy}/unfavourite"), &[]);
    reader.post(&format!("/api/v1/statuses/{copy}/unreblog"), &[]);
    eventually("taken back", || {
        let post = author.get(&format!("/api/v1/statuses/{original}"));
        (post["favourites_count"] == 0 && post["reblogs_count"] == 0).then_some(())
    });

    // Edit, delete.
    let edited = Request::new("PUT", &format!("/api/v1/statuses/{original}"));
    let answer = author
        .client
        .send(&edited.form(&[("status", "what do you all think?")]));
    assert_eq!(answer.status, 200, "{}", answer.text());
    eventually("edited", || {
        let post = reader.get(&format!("/api/v1/statuses/{copy}"));
        says(&post, "what do you all think?").then_some(())
    });
    let mut finds = |words: &str| {
        let found = reader.get(&format!(
            "/api/v2/search?type=statuses&q={}",
            words.replace(' ', "+")
        ));
        found["statuses"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|post| post["id"] == copy.as_str())
            .count()
    };
    assert_eq!(
        (finds("what all think"), finds("what do you")),
        (1, 1),
        "found by its new words"
    );
    let answer = author
        .client
        .send(&Request::new("DELETE", &format!("/api/v1/statuses/{original}")));
    assert_eq!(answer.status, 200);
    eventually("deleted", || {
        (reader.client.get(&format!("/api/v1/statuses/{copy}")).status == 404).then_some(())
    });

    // A direct post reaches only whom it names.
    author.say(
        &format!("@{} between us", reader.acct),
        &[("visibility", "direct")],
    );
    let direct = reader.hears("mention");
    assert_eq!(direct["status"]["visibility"], "direct", "{direct}");

    // The end of it.
    reader.post(&format!("/api/v1/accounts/{author_id}/unfollow"), &[]);
    eventually("unfollowed", || {
        let own = author.get("/api/v1/accounts/verify_credentials");
        (own["followers_count"] == 0).then_some(())
    });
}

#[test]
fn polls_are_asked_answered_and_counted_across() {
    let here = server().start();
    let there = server()
        .database(&bauta_tests::postgres::fresh_database())
        .start();
    let (mut alice, mut bob) = (Person::join(&here, "alice"), Person::join(&there, "bob"));
    let (mut carol, mut dora) = (Person::join(&there, "carol"), Person::join(&here, "dora"));
    ask(&mut alice, &mut bob, &mut carol);
    ask(&mut carol, &mut dora, &mut alice);
}

/// `reader` follows `author` and votes in what they ask; `neighbour` is of the author's server.
fn ask(reader: &mut Person, author: &mut Person, neighbour: &mut Person) {
    follow(reader, author);
    let several = [
        ("poll[options][]", "high \u{2764}\u{FE0F}"),
        ("poll[options][]", "low"),
        ("poll[options][]", "dry"),
        ("poll[expires_in]", "600"),
        ("poll[multiple]", "true"),
    ];
    let original = author.say("where is the water?", &several);
    let copy = reader.reads("where is the water?");
    let poll = &copy["poll"];
    assert_eq!(poll["multiple"], true, "{copy}");
    assert_eq!(poll["options"][0]["title"], "high \u{2764}\u{FE0F}");
    assert_eq!(poll["voted"], false);
    assert_eq!(
        poll["expires_at"],
        author.get(&format!("/api/v1/polls/{original}"))["expires_at"]
    );
    let id = text(&poll["id"]);
    let voted = reader.post(
        &format!("/api/v1/polls/{id}/votes"),
        &[("choices[]", "0"), ("choices[]", "2")],
    );
    assert_eq!(
        (&voted["voted"], &voted["voters_count"]),
        (&Value::Bool(true), &1.into())
    );
    let counts = |poll: &Value| -> Vec<Option<i64>> {
        let options = poll["options"].as_array().expect("options");
        options
            .iter()
            .map(|option| option["votes_count"].as_i64())
            .collect()
    };
    eventually("the ballot is counted", || {
        let poll = author.get(&format!("/api/v1/polls/{original}"));
        (counts(&poll) == [Some(1), Some(0), Some(1)] && poll["voters_count"] == 1).then_some(())
    });
    let own = Request::post(&format!("/api/v1/polls/{id}/votes")).form(&[("choices[]", "1")]);
    assert_eq!(reader.client.send(&own).status, 422, "a second ballot");

    // What somebody else chose comes back to the reader, and is no edit.
    neighbour.post(&format!("/api/v1/polls/{original}/votes"), &[("choices[]", "1")]);
    eventually("the counts come back", || {
        let post = reader.get(&format!("/api/v1/statuses/{id}"));
        (counts(&post["poll"]) == [Some(1), Some(1), Some(1)] && post["edited_at"].is_null()).then_some(())
    });

    // Asked anew, votes are gone.
    let edited = Request::new("PUT", &format!("/api/v1/statuses/{original}")).form(&[
        ("status", "where is the water now?"),
        ("poll[options][]", "here"),
        ("poll[options][]", "there"),
        ("poll[expires_in]", "600"),
    ]);
    assert_eq!(author.client.send(&edited).status, 200);
    eventually("asked anew", || {
        let post = reader.get(&format!("/api/v1/statuses/{id}"));
        (post["poll"]["options"][0]["title"] == "here" && counts(&post["poll"]) == [Some(0), Some(0)])
            .then_some(())
    });

    // What is hidden until the end is not told before it.
    let hidden = [
        ("poll[options][]", "yes"),
        ("poll[options][]", "no"),
        ("poll[expires_in]", "600"),
        ("poll[hide_totals]", "true"),
    ];
    let original = author.say("a hidden count?", &hidden);
    let copy = text(&reader.reads("a hidden count?")["poll"]["id"]);
    reader.post(&format!("/api/v1/polls/{copy}/votes"), &[("choices[]", "1")]);
    eventually("the hidden ballot is counted", || {
        let poll = author.get(&format!("/api/v1/polls/{original}"));
        (poll["votes_count"] == 1).then_some(())
    });
    let poll = reader.get(&format!("/api/v1/polls/{copy}"));
    assert_eq!(counts(&poll), [None, None], "{poll}");
}

#[test]
fn a_report_reaches_the_other_moderators_without_its_reporter() {
    let here = server().start();
    let there = server()
        .database(&bauta_tests::postgres::fresh_database())
        .start();
    let (mut alice, mut bob) = (Person::join(&here, "alice"), Person::join(&there, "bob"));
    let mut moderator = there.somebody("mina", "moderator");
    let bob_here = follow(&mut alice, &bob);
    bob.say("something bad", &[]);
    let bad = text(&alice.reads("something bad")["id"]);
    let report = alice.post(
        "/api/v1/reports",
        &[
            ("account_id", &bob_here),
            ("status_ids[]", &bad),
            ("comment", "this is not right"),
            ("forward", "true"),
        ],
    );
    assert_eq!(report["forwarded"], true, "{report}");
    let queue = eventually("the report arrives", || {
        let page = moderator.get("/moderation");
        page.says("bob").then_some(page)
    });
    let (_, case) = queue
        .links()
        .into_iter()
        .find(|(_, to)| to.strip_prefix("/moderation/").is_some_and(|id| id.len() > 15))
        .expect("a link to the case");
    let case = moderator.get(&case);
    assert!(
        case.says("this is not right") && case.says("something bad"),
        "{}",
        case.text()
    );
    assert!(!case.html().contains("alice"), "{}", case.html());
    // On the pages, without script.
    let mut browser = here.somebody("carla", "user");
    let acct = bob.acct.replace('@', "%40").replace(':', "%3A");
    // A page elsewhere sends its reader here to follow from here: by the template of WebFinger.
    let jrd = here.client().get(&format!(
        "/.well-known/webfinger?resource=acct:alice@{}",
        here.domain()
    ));
    let links = jrd.json()["links"].clone();
    let subscribe = links
        .as_array()
        .expect("links")
        .iter()
        .find(|link| !link["template"].is_null());
    let template = text(&subscribe.expect("a template")["template"]);
    let uri = there.url("/@bob").replace(':', "%3A").replace('/', "%2F");
    let place = template.replace("{uri}", &uri).replace(&here.url(""), "");
    assert!(browser.get(&place).says(&bob.acct), "{place}");
    let page = browser.get(&format!("/tell-moderators?account={acct}"));
    assert!(page.html().contains("name=\"forward\""), "{}", page.html());
}

#[test]
fn an_account_moves_with_its_followers_where_both_sides_say_it() {
    let here = server().start();
    let there = server()
        .database(&bauta_tests::postgres::fresh_database())
        .start();
    let mut alice = Person::join(&here, "alice");
    let mut neighbour = Person::join(&there, "neighbour");
    let passphrase = text_of_passphrase(&there.done(&["account", "create", "bob"]));
    let token = there.token("bob", "read write follow");
    let mut bob = Person {
        client: there.client().with_token(&token),
        acct: format!("bob@{}", there.domain()),
    };
    follow(&mut alice, &bob);
    let bob_there = text(&neighbour.get("/api/v1/accounts/lookup?acct=bob")["id"]);
    neighbour.post(&format!("/api/v1/accounts/{bob_there}/follow"), &[]);
    let mut new = here.somebody("robert", "user");
    let mut old = there.signed_in("bob", &passphrase);
    let robert = format!("robert@{}", here.domain());

    let leave = |old: &mut bauta_tests::forms::Browser, passphrase: &str| {
        let form = old.get("/settings/move").form("Move my followers there");
        let form = form.fill("Handle of the account where you go", &robert);
        old.submit(&form.fill("Your passphrase, to be sure that it is you", passphrase))
    };
    // Without the passphrase, or where the new account says nothing of the old one, nobody goes anywhere.
    assert!(leave(&mut old, "wrong").says("passphrase"));
    assert!(leave(&mut old, &passphrase).says("does not say that it is this one too"));
    assert!(bob.get("/api/v1/accounts/verify_credentials")["moved"].is_null());

    let page = new.get("/settings/move");
    assert_eq!(page.lint(), Vec::<String>::new());
    let form = page.form("This account is mine too");
    let page = new.submit(&form.fill("Handle of the other account, such as name@server", &bob.acct));
    assert!(page.says(&bob.acct), "{}", page.text());
    let page = leave(&mut old, &passphrase);
    assert!(page.says(&robert), "{}", page.text());
    assert_eq!(page.lint(), Vec::<String>::new());

    // Followers on both servers are led there.
    let robert_here = text(&alice.get("/api/v1/accounts/lookup?acct=robert")["id"]);
    eventually("alice is led", || {
        alice.relation(&robert_here)["following"]
            .as_bool()
            .filter(|yes| *yes)
    });
    let lookup = format!("/api/v1/accounts/lookup?acct={}", robert.replace(':', "%3A"));
    let robert_there = text(&neighbour.get(&lookup)["id"]);
    eventually("the neighbour is led", || {
        neighbour.relation(&robert_there)["following"]
            .as_bool()
            .filter(|yes| *yes)
    });
    eventually("nobody follows the old account", || {
        let own = bob.get("/api/v1/accounts/verify_credentials");
        (own["followers_count"] == 0 && own["moved"]["acct"] == robert.as_str()).then_some(())
    });
    assert!(there.client().get("/@bob").text().contains("Has moved to"));
    // Not twice in a month; and staying after all is said too.
    let form = page.form("Say no longer that it has moved");
    let page = old.submit(&form);
    assert!(!page.says("Say no longer"), "{}", page.text());
    assert!(bob.get("/api/v1/accounts/verify_credentials")["moved"].is_null());
    assert!(leave(&mut old, &passphrase).says("once in a calendar month"));

    // Nobody elsewhere follows the old account any more; its end is told all the same.
    let bob_here = text(
        &alice.get(&format!(
            "/api/v1/accounts/lookup?acct={}",
            bob.acct.replace(':', "%3A")
        ))["id"],
    );
    let form = old.get("/settings/delete").form("Delete my account for good");
    let said = old.submit(&form.fill("Your passphrase, to be sure that it is you", &passphrase));
    assert_eq!(said.status(), 200, "{}", said.text());
    eventually("the old account is gone where nobody follows it", || {
        (alice.client.get(&format!("/api/v1/accounts/{bob_here}")).status == 404).then_some(())
    });
}

fn text_of_passphrase(said: &str) -> String {
    said.trim()
        .lines()
        .last()
        .expect("a passphrase")
        .trim()
        .to_owned()
}

#[test]
fn actors_and_conversations_tell_what_other_servers_look_for() {
    let here = server().start();
    let mut alice = Person::join(&here, "alice");
    let (peer, mut door) = (Peer::start("peer"), here.client());
    let mut ask = |path: &str| {
        let answer = peer.ask(&mut door, path);
        (answer.status == 200).then(|| answer.json())
    };
    alice.post("/api/v1/featured_tags", &[("name", "rialto")]);
    let actor = ask("/@alice").expect("the actor");
    assert_eq!(actor["webfinger"], alice.acct.as_str(), "{actor}");
    let key = &actor["assertionMethod"][0];
    assert_eq!(
        (&key["type"], &key["controller"]),
        (&json!("Multikey"), &actor["id"])
    );
    let may = &actor["interactionPolicy"]["canFeature"]["automaticApproval"];
    assert_eq!(*may, json!([actor["id"]]), "nobody is asked, so nobody may");
    assert_eq!(actor["featuredTags"], here.url("/@alice/tags"));
    let tags = ask("/@alice/tags").expect("the hashtags");
    assert_eq!(
        (&tags["totalItems"], &tags["items"][0]["name"]),
        (&json!(1), &json!("#rialto"))
    );

    // A conversation is what everybody may read of it, and is had at its beginning alone.
    let root = alice.say("a beginning", &[]);
    let below = [("in_reply_to_id", root.as_str())];
    let private = alice.say("for few", &[&below[..], &[("visibility", "private")]].concat());
    let answer = alice.say("an answer", &below);
    let uri = |id: &str| here.url(&format!("/@alice/{id}"));
    let context = format!("{}/context", uri(&root));
    for id in [&root, &answer] {
        let note = ask(&format!("/@alice/{id}")).expect("the post");
        assert_eq!(note["context"], context.as_str(), "{note}");
    }
    let said = ask(&format!("/@alice/{root}/context")).expect("the conversation");
    assert_eq!(said["id"], context.as_str());
    assert_eq!(said["orderedItems"], json!([uri(&root), uri(&answer)]), "{said}");
    let hidden = alice.say("another beginning", &[("visibility", "private")]);
    for none in [&private, &answer, &hidden] {
        assert_eq!(ask(&format!("/@alice/{none}/context")), None);
    }
}

#[test]
fn followers_are_compared_with_those_whom_the_other_side_keeps() {
    let here = server().start();
    let mut alice = Person::join(&here, "alice");
    let (peer, other, mut door) = (Peer::start("peer"), Peer::start("other"), here.client());
    let (uri, followers) = (here.url("/@alice"), format!("{}/followers", peer.actor));
    let digest_of = |name: &str| -> String {
        let digest = digest(&SHA256, name.as_bytes());
        let mut hex = String::new();
        for byte in digest.as_ref() {
            write!(hex, "{byte:02x}").expect("a String takes every text");
        }
        hex
    };
    let activity = |number: u32, kind: &str, object: Value| json!({"id": format!("{}/{number}", peer.actor), "type": kind, "actor": peer.actor, "object": object, "to": [followers]});
    let id = alice.find(&format!("peer@{}", peer.host));
    alice.post(&format!("/api/v1/accounts/{id}/follow"), &[]);
    let accepted = json!({"type": "Follow", "actor": uri, "object": peer.actor});
    assert_eq!(
        peer.tell(&mut door, &activity(1, "Accept", accepted), Lie::None)
            .status,
        202
    );

    // What the peer says of its followers here, with a post for them.
    let list = format!("{}/list", peer.actor);
    let lists = |names: Value| {
        let list = json!({"id": list, "type": "OrderedCollection", "orderedItems": names});
        peer.page("/peer/list", "application/activity+json", &list);
    };
    let mut tell = |number: u32, collection: &str, digest: &str| {
        let note = json!({
            "id": format!("{}/notes/{number}", peer.actor), "type": "Note", "attributedTo": peer.actor,
            "content": format!("<p>number {number}</p>"), "to": [followers],
        });
        let said = format!("collectionId=\"{collection}\", url=\"{list}\", digest=\"{digest}\"");
        let more = Some(("collection-synchronization", said.as_str()));
        let told = peer.tell_with(&mut door, &activity(number, "Create", note), Lie::None, more);
        assert_eq!(told.status, 202, "{}", told.text());
    };
    let asked = || {
        peer.asked()
            .iter()
            .filter(|line| line.contains("/peer/list"))
            .count()
    };
    lists(json!([]));
    // The same followers, and somebody else's: there is nothing to ask. The third is after them.
    tell(2, &followers, &digest_of(&uri));
    tell(3, &format!("{}/followers", other.actor), &"0".repeat(64));
    assert_eq!(alice.relation(&id)["following"], true);
    tell(4, &followers, &"0".repeat(64));
    eventually("whom the other side does not list follows no more", || {
        (alice.relation(&id)["following"] == false).then_some(())
    });
    assert_eq!(asked(), 1);
    // And of whom it lists and who does not follow, it is told so.
    lists(json!([uri]));
    let said = format!(
        "collectionId=\"{followers}\", url=\"{list}\", digest=\"{}\"",
        digest_of(&uri)
    );
    let like = activity(5, "Like", json!(uri));
    peer.tell_with(
        &mut door,
        &like,
        Lie::None,
        Some(("collection-synchronization", &said)),
    );
    eventually("a follow that is none is taken back", || {
        String::from_utf8_lossy(&peer.heard())
            .contains("\"type\":\"Undo\"")
            .then_some(())
    });

    // The other way: with a post for followers alone goes what they are at the server that it goes to.
    let follow = activity(6, "Follow", json!(uri));
    assert_eq!(peer.tell(&mut door, &follow, Lie::None).status, 202);
    alice.say("for all", &[]);
    alice.say("for few", &[("visibility", "private")]);
    let heard = eventually("both posts", || {
        let heard = String::from_utf8_lossy(&peer.heard()).into_owned();
        (heard.contains("for all") && heard.contains("for few")).then_some(heard)
    });
    let headers: Vec<&str> = heard
        .lines()
        .filter(|line| {
            line.to_ascii_lowercase()
                .starts_with("collection-synchronization:")
        })
        .collect();
    assert_eq!(headers.len(), 1, "{heard}");
    assert!(headers[0].contains(&digest_of(&peer.actor)), "{}", headers[0]);
    assert!(
        heard.contains("date digest collection-synchronization"),
        "it is signed: {heard}"
    );
    let mut listed = |asker: &Peer| asker.ask(&mut door, "/@alice/followers_synchronization").json();
    assert_eq!(listed(&peer)["orderedItems"], json!([peer.actor]));
    assert_eq!(listed(&other)["orderedItems"], json!([]));
}

#[test]
fn followers_have_names_where_the_account_shows_them() {
    let here = server().start();
    let (mut alice, mut bob) = (Person::join(&here, "alice"), Person::join(&here, "bob"));
    let (peer, mut door) = (Peer::start("peer"), here.client());
    let id = text(&alice.get("/api/v1/accounts/verify_credentials")["id"]);
    bob.post(&format!("/api/v1/accounts/{id}/follow"), &[]);
    let follow = json!({
        "id": format!("{}/follow", peer.actor), "type": "Follow", "actor": peer.actor, "object": here.url("/@alice"),
    });
    assert_eq!(peer.tell(&mut door, &follow, Lie::None).status, 202);
    let mut ask = |path: &str| {
        let answer = peer.ask(&mut door, path);
        (answer.status == 200).then(|| answer.json())
    };
    let list = ask("/@alice/followers").expect("how many");
    assert_eq!((&list["totalItems"], &list["first"]), (&json!(2), &Value::Null));
    assert_eq!(ask("/@alice/followers?page=true"), None, "she does not show who");
    let show =
        Request::new("PATCH", "/api/v1/accounts/update_credentials").form(&[("hide_collections", "false")]);
    assert_eq!(alice.client.send(&show).status, 200);
    let list = ask("/@alice/followers").expect("the list");
    let first = text(&list["first"]).replace(&here.url(""), "");
    let page = ask(&first).expect("its page");
    let mut names: Vec<String> = page["orderedItems"]
        .as_array()
        .expect("names")
        .iter()
        .map(text)
        .collect();
    names.sort();
    let mut expected = [here.url("/@bob"), peer.actor.clone()];
    expected.sort();
    assert_eq!(names, expected);
    assert_eq!((&page["partOf"], &page["next"]), (&list["id"], &Value::Null));
    let page = ask("/@alice/following?page=true").expect("whom she follows");
    assert_eq!(page["orderedItems"], json!([]));
    assert_eq!(ask("/@alice/followers?page=x"), None);
}
