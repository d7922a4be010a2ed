//! Pictures of other servers: rebuilt when they arrive, never got because somebody reads, and got again when asked for.

mod peer;
mod person;
#[path = "seizure/pictures.rs"]
mod pictures;

use bauta_tests::eventually;
use bauta_tests::http::{Part, Request};
use bauta_tests::server::Bauta;
use peer::{Lie, Peer};
use person::{Person, follow, says, server, text};
use serde_json::{Value, json};

const MARK: &str = "mark-5b1f0c9ad2e74f6b";

#[test]
fn pictures_cross_rebuilt_and_come_back_when_asked_for() {
    let here = server().start();
    let there = server()
        .database(&bauta_tests::postgres::fresh_database())
        .start();
    cross(&here, &there);
    cross(&there, &here);
}

/// Bob of `there` shows pictures to Alice of `here`.
fn cross(here: &Bauta, there: &Bauta) {
    let name = |who: &str| format!("{who}_{}", if here.domain() < there.domain() { "a" } else { "b" });
    let (alice_name, bob_name) = (name("alice"), name("bob"));
    let mut browser = here.somebody(&alice_name, "user");
    let token = here.token(&alice_name, "read write follow");
    let mut alice = Person {
        client: here.client().with_token(&token),
        acct: format!("{alice_name}@{}", here.domain()),
    };
    let mut bob = Person::join(there, &bob_name);
    let (mime, file) = pictures::marked("png", MARK);
    let avatar = Request::new("PATCH", "/api/v1/accounts/update_credentials")
        .multipart(&[Part::file("avatar", "me.png", mime, &file)]);
    assert_eq!(bob.client.send(&avatar).status, 200);
    let bob_id = follow(&mut alice, &bob);
    let upload = Request::post("/api/v2/media").multipart(&[
        Part::file("file", "x.png", mime, &file),
        Part::text("description", "a <bridge>"),
        Part::text("focus", "0.5,-0.25"),
    ]);
    let medium = text(&bob.client.send(&upload).json()["id"]);
    let original = bob.say("look at this", &[("media_ids[]", &medium)]);
    let post = alice.reads("look at this");
    let id = text(&post["id"]);
    let shown = is_here(&mut alice, &id);
    assert_eq!(shown["description"], "a <bridge>");
    assert_eq!(shown["meta"]["focus"]["x"], 0.5);
    assert!(
        shown["blurhash"].is_string() && shown["remote_url"].is_null(),
        "{shown}"
    );
    assert_ours(here, there, &shown);
    let path = path_of(here, &shown["url"]);
    let got = alice.client.get(&path);
    assert_eq!(got.status, 200);
    assert!(!holds(&got.body, MARK), "the mark crossed");
    eventually("the avatar is here", || {
        let account = alice.get(&format!("/api/v1/accounts/{bob_id}"));
        let avatar = text(&account["avatar"]);
        assert!(avatar.starts_with(&here.url("/media/")), "{avatar}");
        (!avatar.contains("/mask/")).then_some(())
    });

    // Gone for the operator: a place to ask at, which asks nobody by itself.
    let mut operator = here.somebody(&name("olga"), "operator");
    let page = operator.get("/moderation/servers");
    assert!(page.lint().is_empty(), "{:?}", page.lint());
    let form = page.form("Delete the copies");
    let wrong = operator.submit(&form.clone().fill("Name of the server", "no domain"));
    assert_eq!(wrong.status(), 422);
    let said = operator.submit(&form.fill("Name of the server", &host(there)));
    assert!(said.says("2 copies were deleted"), "{}", said.text());
    assert_eq!(alice.client.get(&path).status, 404, "erased");
    let away = media(&mut alice, &id);
    assert_eq!(
        (&away["type"], &away["description"]),
        (&json!("unknown"), &json!("a <bridge>"))
    );
    let page = browser.get(&path_of(here, &away["url"]));
    assert_eq!(page.status(), 200, "{}", page.text());
    assert!(page.lint().is_empty(), "{:?}", page.lint());
    browser.submit(&page.form("Get a copy"));
    is_here(&mut alice, &id);

    // Without the picture, and back with it.
    let edit = |media: &[(&str, &str)]| {
        let fields = [&[("status", "look at this now")], media].concat();
        Request::new("PUT", &format!("/api/v1/statuses/{original}")).form(&fields)
    };
    assert_eq!(bob.client.send(&edit(&[("media_ids[]", "")])).status, 200);
    eventually("edited", || {
        let post = alice.get(&format!("/api/v1/statuses/{id}"));
        (says(&post, "now") && post["media_attachments"] == json!([])).then_some(())
    });
    assert_eq!(
        alice.client.get(&path).status,
        404,
        "what no post shows is erased"
    );

    // Rules: nothing more is taken, and what is here goes.
    let medium = text(&bob.client.send(&upload).json()["id"]);
    bob.say("and at this", &[("media_ids[]", &medium)]);
    let id = text(&alice.reads("and at this")["id"]);
    let path = path_of(here, &is_here(&mut alice, &id)["url"]);
    here.done(&["peers", "limit", &host(there), "--reject-media"]);
    assert_eq!(alice.client.get(&path).status, 404);
    let away = media(&mut alice, &id);
    let page = browser.get(&path_of(here, &away["url"]));
    assert_eq!(browser.submit(&page.form("Get a copy")).status(), 403);
    here.done(&["peers", "remove", &host(there)]);

    // With the post its files go.
    let page = browser.get(&path_of(here, &away["url"]));
    browser.submit(&page.form("Get a copy"));
    let path = path_of(here, &is_here(&mut alice, &id)["url"]);
    let posts = bob.get("/api/v1/timelines/home");
    let newest = text(&posts[0]["id"]);
    assert_eq!(
        bob.client
            .send(&Request::new("DELETE", &format!("/api/v1/statuses/{newest}")))
            .status,
        200
    );
    eventually("deleted with its file", || {
        (alice.client.get(&path).status == 404).then_some(())
    });
}

fn host(server: &Bauta) -> String {
    server.domain().to_owned()
}

fn media(reader: &mut Person, id: &str) -> Value {
    reader.get(&format!("/api/v1/statuses/{id}"))["media_attachments"][0].clone()
}

fn is_here(reader: &mut Person, id: &str) -> Value {
    eventually("the picture is here", || {
        let shown = media(reader, id);
        (shown["type"] == "image").then_some(shown)
    })
}

/// No address of it is of the other server.
fn assert_ours(here: &Bauta, there: &Bauta, shown: &Value) {
    assert!(!shown.to_string().contains(there.domain()), "{shown}");
    assert!(text(&shown["url"]).starts_with(&here.url("/media/")), "{shown}");
}

fn path_of(server: &Bauta, url: &Value) -> String {
    text(url).replace(&server.url(""), "")
}

fn holds(bytes: &[u8], mark: &str) -> bool {
    bytes.windows(mark.len()).any(|part| part == mark.as_bytes())
}

#[test]
fn files_that_lie_are_tried_and_left_away_and_strangers_files_are_not_asked_for() {
    let here = server().start();
    let mut alice = Person::join(&here, "alice");
    let peer = Peer::start("mallory");
    let mut door = here.client();
    let uri = here.url("/@alice");
    let (_, good) = pictures::marked("png", MARK);
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bomb.extend(100_000_u32.to_be_bytes());
    bomb.extend(100_000_u32.to_be_bytes());
    bomb.extend(b"\x08\x02\0\0\0\0\0\0\0");
    peer.file("/good.png", "image/png", &good);
    peer.file("/stranger.png", "image/png", &good);
    peer.file("/bomb.png", "image/png", &bomb);
    peer.file("/html.png", "text/html", &good);
    peer.file("/activity.png", "application/activity+json", &good);
    peer.file("/half.png", "image/png", &good[..good.len() / 3]);
    peer.file(
        "/svg.png",
        "image/png",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    );
    peer.file(
        "/large.png",
        "image/png",
        &[good.clone(), vec![0; 17 << 20]].concat(),
    );
    peer.raw(
        "/endless.png",
        b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n".to_vec(),
        true,
    );
    let moved =
        |to: &str| format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n").into_bytes();
    peer.raw("/inside.png", moved("http://169.254.169.254/latest"), false);
    peer.raw("/file.png", moved("file:///etc/passwd"), false);
    peer.raw("/round.png", moved("/round.png"), false);
    let lies = [
        "bomb", "html", "activity", "half", "svg", "large", "endless", "inside", "file", "round",
    ];
    let document = |name: &str| json!({"type": "Document", "mediaType": "image/png", "name": name, "url": format!("http://{}/{name}.png", peer.host)});
    let note = |number: u32, media: Vec<Value>| {
        let note = json!({
            "id": format!("{}/notes/{number}", peer.actor), "type": "Note", "attributedTo": peer.actor,
            "content": format!("<p>number {number}</p>"), "attachment": media,
            "to": ["https://www.w3.org/ns/activitystreams#Public", uri],
            "tag": [{"type": "Mention", "href": uri, "name": "@alice"}],
        });
        json!({
            "id": format!("{}/creates/{number}", peer.actor), "type": "Create", "actor": peer.actor,
            "object": note, "to": note["to"],
        })
    };

    // Nobody follows: nothing is asked for, read or not.
    assert_eq!(
        peer.tell(&mut door, &note(1, vec![document("stranger")]), Lie::None)
            .status,
        202
    );
    let heard = alice.hears("mention");
    assert_eq!(
        heard["status"]["media_attachments"][0]["type"], "unknown",
        "{heard}"
    );

    let id = alice.find(&format!("mallory@{}", peer.host));
    alice.post(&format!("/api/v1/accounts/{id}/follow"), &[]);
    let accept = json!({
        "id": format!("{}/a", peer.actor), "type": "Accept", "actor": peer.actor,
        "object": {"type": "Follow", "actor": uri, "object": peer.actor},
    });
    assert_eq!(peer.tell(&mut door, &accept, Lie::None).status, 202);
    let mut all: Vec<Value> = lies.iter().map(|name| document(name)).collect();
    all.push(
        json!({"type": "Video", "mediaType": "video/mp4", "url": format!("http://{}/film.mp4", peer.host)}),
    );
    all.push(json!({"type": "Document", "mediaType": "image/png", "url": "javascript:alert(1)"}));
    all.push(document("good"));
    assert_eq!(peer.tell(&mut door, &note(2, all), Lie::None).status, 202);
    let post = text(&alice.reads("number 2")["id"]);
    let shown = eventually("the good one is here, and all were tried", || {
        let asked = peer.asked().join("");
        let tried = lies
            .iter()
            .all(|name| asked.contains(&format!("GET /{name}.png")));
        let post = alice.get(&format!("/api/v1/statuses/{post}"));
        let media = post["media_attachments"].as_array()?.clone();
        let here = media.iter().any(|one| one["type"] == "image");
        (tried && here).then_some(media)
    });
    assert_eq!(shown.len(), lies.len() + 2, "one that has no address is none");
    let of = |kind: &str| shown.iter().filter(|one| one["type"] == kind).count();
    assert_eq!((of("image"), of("unknown")), (1, lies.len() + 1), "{shown:?}");
    let asked = peer.asked().join("");
    for never in ["/stranger.png", "/film.mp4"] {
        assert!(!asked.contains(never), "{asked}");
    }
    assert!(
        !shown.iter().any(|one| one.to_string().contains(&peer.host)),
        "{shown:?}"
    );
}
