//! Small pictures with a name cross between servers: rebuilt, got at the beginning of a slot, shown by name.

mod peer;
mod person;
#[path = "seizure/pictures.rs"]
mod pictures;

use bauta_tests::eventually;
use bauta_tests::http::Request;
use bauta_tests::server::Bauta;
use peer::{Lie, Peer};
use person::{Person, follow, says, server, text};
use serde_json::{Value, json};

const MARK: &str = "mark-e01b0c9ad2e74f6b";

#[test]
fn what_a_name_means_is_shown_on_the_other_server_too() {
    let here = server().start();
    let there = server()
        .database(&bauta_tests::postgres::fresh_database())
        .start();
    for (reader, author, names) in [
        (&here, &there, ["alice", "bob"]),
        (&there, &here, ["carol", "dora"]),
    ] {
        cross(reader, author, names);
    }
}

/// The moderator of `there` adds a picture, somebody there uses its name, and somebody here reads.
fn cross(here: &Bauta, there: &Bauta, names: [&str; 2]) {
    let (mime, file) = pictures::marked("png", MARK);
    let cat = format!("cat_of_{}", names[1]);
    let mut moderator = there.somebody(&format!("m{}", names[1]), "moderator");
    let form = moderator
        .get("/moderation/emoji")
        .form("Add it")
        .fill("Name", &cat);
    moderator.submit(&form.attach("Picture", "cat.png", mime, &file));
    let (mut alice, mut bob) = (Person::join(here, names[0]), Person::join(there, names[1]));
    let named = Request::new("PATCH", "/api/v1/accounts/update_credentials")
        .form(&[("display_name", &format!("B :{cat}:"))]);
    assert_eq!(bob.client.send(&named).status, 200);
    follow(&mut alice, &bob);
    bob.say(&format!("a :{cat}: is here"), &[]);
    let post = alice.reads("is here");
    let id = text(&post["id"]);
    let emojis = eventually("the picture is here", || {
        let post = alice.get(&format!("/api/v1/statuses/{id}"));
        let all = [post["emojis"].clone(), post["account"]["emojis"].clone()];
        all.iter()
            .all(|list| list[0]["shortcode"] == cat.as_str())
            .then_some(all)
    });
    let one = &emojis[0][0];
    assert_eq!(
        (&one["visible_in_picker"], &one["category"]),
        (&json!(false), &Value::Null)
    );
    for address in ["url", "static_url"] {
        let address = text(&one[address]);
        assert!(address.starts_with(&here.url("/media/emoji/")), "{address}");
        let got = alice.client.get(&address.replace(&here.url(""), ""));
        assert_eq!(got.status, 200, "{address}");
        assert!(
            !got.body.windows(MARK.len()).any(|part| part == MARK.as_bytes()),
            "the mark crossed"
        );
    }
    let acct = bob.acct.replace(':', "%3A");
    let page = here.browser().get(&format!("/@{acct}"));
    assert!(page.lint().is_empty(), "{:?}", page.lint());
    assert!(
        page.html().contains(&format!("alt=\":{cat}:\"")),
        "{}",
        page.html()
    );
    // Nobody of this server can use it: names of ours are ours.
    let own = alice.say(&format!("my :{cat}: is not"), &[]);
    assert_eq!(alice.get(&format!("/api/v1/statuses/{own}"))["emojis"], json!([]));
    assert!(!alice.get("/api/v1/custom_emojis").to_string().contains(&cat));
    // Rules that take no media from there take none of these.
    let address = text(&one["url"]).replace(&here.url(""), "");
    here.done(&["peers", "limit", there.domain(), "--reject-media"]);
    assert_eq!(alice.client.get(&address).status, 404);
    let post = alice.get(&format!("/api/v1/statuses/{id}"));
    assert_eq!(post["emojis"], json!([]));
    assert!(says(&post, &format!(":{cat}:")));
    here.done(&["peers", "remove", there.domain()]);
}

#[test]
fn names_and_files_that_lie_are_words_and_strangers_files_are_not_asked_for() {
    let here = server().start();
    let mut alice = Person::join(&here, "alice");
    let (peer, stranger) = (Peer::start("mallory"), Peer::start("stranger"));
    let mut door = here.client();
    let uri = here.url("/@alice");
    let (mime, good) = pictures::marked("gif", MARK);
    let emoji = |peer: &Peer, name: &str, path: &str| {
        let url = format!("http://{}{path}", peer.host);
        json!({"type": "Emoji", "name": name, "icon": {"type": "Image", "mediaType": "image/png", "url": url}})
    };
    let note = |peer: &Peer, words: &str, mut tags: Vec<Value>| {
        tags.push(json!({"type": "Mention", "href": uri, "name": "@alice"}));
        let note = json!({
            "id": format!("{}/notes/1", peer.actor), "type": "Note", "attributedTo": peer.actor,
            "content": format!("<p>{words}</p>"), "tag": tags,
            "to": ["https://www.w3.org/ns/activitystreams#Public", uri],
        });
        json!({"id": format!("{}/creates/1", peer.actor), "type": "Create", "actor": peer.actor, "object": note, "to": note["to"]})
    };
    stranger.file("/cat.gif", mime, &good);
    let told = note(
        &stranger,
        "a :cat: of a stranger",
        vec![emoji(&stranger, ":cat:", "/cat.gif")],
    );
    assert_eq!(stranger.tell(&mut door, &told, Lie::None).status, 202);

    let id = alice.find(&format!("mallory@{}", peer.host));
    alice.post(&format!("/api/v1/accounts/{id}/follow"), &[]);
    let accept = json!({
        "id": format!("{}/a", peer.actor), "type": "Accept", "actor": peer.actor,
        "object": {"type": "Follow", "actor": uri, "object": peer.actor},
    });
    assert_eq!(peer.tell(&mut door, &accept, Lie::None).status, 202);
    peer.file("/good.gif", mime, &good);
    peer.file(
        "/svg.png",
        "image/png",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    );
    peer.file("/html.png", "text/html", &good);
    peer.file(
        "/large.png",
        "image/png",
        &[good.clone(), vec![0; 300 << 10]].concat(),
    );
    peer.raw(
        "/endless.png",
        b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n".to_vec(),
        true,
    );
    let moved =
        b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/x\r\nContent-Length: 0\r\n\r\n".to_vec();
    peer.raw("/inside.png", moved, false);
    let mut tags = vec![emoji(&peer, ":good:", "/good.gif")];
    for lie in ["svg", "html", "large", "endless", "inside"] {
        tags.push(emoji(&peer, &format!(":{lie}:"), &format!("/{lie}.png")));
    }
    tags.push(emoji(&peer, "\"><script>", "/script.png"));
    tags.push(emoji(&peer, ":a-b:", "/dash.png"));
    tags.push(json!({"type": "Emoji", "name": 7, "icon": "x"}));
    tags.push(json!({"type": "Emoji", "name": ":data:", "icon": {"url": "data:image/png;base64,AAAA"}}));
    let words = ":good: :svg: :html: :large: :endless: :inside: :data: of mallory";
    assert_eq!(
        peer.tell(&mut door, &note(&peer, words, tags), Lie::None).status,
        202
    );
    let post = text(&alice.reads("of mallory")["id"]);
    let shown = eventually("the good one is here, and all were tried", || {
        let asked = peer.asked().join("");
        let tried = ["svg", "html", "large", "endless", "inside"]
            .iter()
            .all(|name| asked.contains(&format!("GET /{name}.png")));
        let emojis = alice.get(&format!("/api/v1/statuses/{post}"))["emojis"].clone();
        (tried && emojis != json!([])).then_some(emojis)
    });
    assert_eq!(shown.as_array().map(Vec::len), Some(1), "{shown}");
    assert_eq!(shown[0]["shortcode"], "good");
    assert!(!shown.to_string().contains(&peer.host), "{shown}");
    let still = text(&shown[0]["static_url"]).replace(&here.url(""), "");
    assert_eq!(alice.client.get(&still).status, 200);
    assert!(stranger.asked().iter().all(|line| !line.contains("/cat.gif")));
    for never in ["/script.png", "/dash.png"] {
        assert!(!peer.asked().join("").contains(never), "{never}");
    }
}
