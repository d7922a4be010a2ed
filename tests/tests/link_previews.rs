//! Previews of links: made when a post is published, of words and a rebuilt picture, never because somebody reads.

mod peer;
mod person;
#[path = "seizure/pictures.rs"]
mod pictures;

use bauta_tests::eventually;
use bauta_tests::http::Request;
use bauta_tests::server::Bauta;
use peer::Peer;
use person::{Person, follow, says, server, text};
use serde_json::Value;

const MARK: &str = "mark-77aa01c9d2e74f6b";

/// A page with this in its head.
fn page(site: &Peer, path: &str, head: &str) -> String {
    let html = format!("<!DOCTYPE html><html><head>{head}</head><body>x</body></html>");
    site.file(path, "text/html; charset=utf-8", html.as_bytes());
    format!("http://{}{path}", site.host)
}

fn card(reader: &mut Person, id: &str) -> Value {
    reader.get(&format!("/api/v1/statuses/{id}"))["card"].clone()
}

fn shown(reader: &mut Person, id: &str) -> Value {
    eventually("the preview is here", || {
        let card = card(reader, id);
        (!card.is_null()).then_some(card)
    })
}

fn asked(site: &Peer, path: &str) -> usize {
    let first = format!("GET {path} ");
    site.asked()
        .iter()
        .filter(|line| line.starts_with(&first))
        .count()
}

#[test]
fn a_link_is_shown_here_and_elsewhere_without_asking_for_readers() {
    let here = server().start();
    let there = server()
        .database(&bauta_tests::postgres::fresh_database())
        .start();
    cross(&here, &there);
    cross(&there, &here);
}

/// Bob of `there` links, Alice of `here` follows him.
fn cross(here: &Bauta, there: &Bauta) {
    let names = if here.domain() < there.domain() {
        ["alice", "bob"]
    } else {
        ["carol", "dora"]
    };
    let (mut alice, mut bob) = (Person::join(here, names[0]), Person::join(there, names[1]));
    follow(&mut alice, &bob);
    let site = Peer::start("site");
    let (mime, file) = pictures::marked("png", MARK);
    site.file("/ship.png", mime, &file);
    let link = page(
        &site,
        "/news",
        "<title>plain</title><meta property='og:title' content='Ships &amp; <script>alert(1)</script>'>\
         <meta property='og:description' content='\"><img src=x onerror=alert(1)>'><meta property='og:site_name' content='Harbour'>\
         <meta property='og:image' content='/ship.png'><meta property='og:image:alt' content='A ship'>",
    );
    let original = bob.say(&format!("read {link}#part and {link}?second"), &[]);
    let own = shown(&mut bob, &original);
    assert_eq!(own["title"], "Ships & <script>alert(1)</script>");
    assert_eq!((&own["type"], &own["html"]), (&"link".into(), &"".into()));
    assert_eq!(
        (&own["url"], &own["provider_name"]),
        (&link.as_str().into(), &"Harbour".into())
    );
    assert_eq!(
        (&own["image_description"], &own["width"]),
        (&"A ship".into(), &16.into())
    );
    let image = text(&own["image"]);
    let got = bob.client.get(&image.replace(&there.url(""), ""));
    assert!(
        image.starts_with(&there.url("/media/card/")) && got.status == 200,
        "{image}"
    );
    assert!(
        !got.body.windows(MARK.len()).any(|part| part == MARK.as_bytes()),
        "the mark crossed"
    );

    // Its follower's server asks for itself, at a moment of its own.
    let copy = text(&alice.reads("read")["id"]);
    let theirs = shown(&mut alice, &copy);
    assert!(
        text(&theirs["image"]).starts_with(&here.url("/media/card/")),
        "{theirs}"
    );
    assert_eq!((asked(&site, "/news"), asked(&site, "/ship.png")), (2, 2));

    // On pages it is text and a picture of this server's.
    for (server, path) in [
        (there, format!("/@{}/{original}", names[1])),
        (there, format!("/@{}", names[1])),
    ] {
        let page = server.browser().get(&path);
        assert!(page.lint().is_empty(), "{:?}", page.lint());
        let html = page.html();
        assert!(
            html.contains("Ships &amp; &lt;script&gt;") && html.contains("/media/card/"),
            "{html}"
        );
        assert!(
            !html.contains("<script") && !html.contains("<img src=x"),
            "{html}"
        );
    }

    // The same link again, here and there, is asked for no more today; nor because somebody reads.
    let again = bob.say(&format!("again {link}"), &[]);
    assert_eq!(shown(&mut bob, &again)["title"], own["title"]);
    let marker = page(&site, "/marker", "<title>marker</title>");
    let last = bob.say(&marker, &[]);
    shown(&mut bob, &last);
    assert_eq!(asked(&site, "/news"), 2);

    // Another link in other words; no link, no preview.
    let edit = |id: &str, words: &str| {
        Request::new("PUT", &format!("/api/v1/statuses/{id}")).form(&[("status", words)])
    };
    assert_eq!(
        bob.client.send(&edit(&again, &format!("now {marker}"))).status,
        200
    );
    assert_eq!(shown(&mut bob, &again)["title"], "marker");
    assert_eq!(bob.client.send(&edit(&again, "nothing now")).status, 200);
    assert!(card(&mut bob, &again).is_null());

    // What the operator throws away is gone, and the words stay.
    let said = there.done(&["peers", "purge-media", &site.host]);
    assert!(said.starts_with("1 cop"), "{said}");
    assert!(shown(&mut bob, &original)["image"].is_null());
    assert_eq!(bob.client.get(&image.replace(&there.url(""), "")).status, 404);
    // With the last post that links to it all of it goes.
    let delete = Request::new("DELETE", &format!("/api/v1/statuses/{original}"));
    assert_eq!(bob.client.send(&delete).status, 200);
    eventually("deleted elsewhere too", || {
        (alice.client.get(&format!("/api/v1/statuses/{copy}")).status == 404).then_some(())
    });
    let picture = text(&theirs["image"]).replace(&here.url(""), "");
    eventually("the picture goes with it", || {
        (alice.client.get(&picture).status == 404).then_some(())
    });
}

#[test]
fn pages_that_lie_are_left_away_and_private_links_are_not_asked_for() {
    let here = server().start();
    let mut alice = Person::join(&here, "alice");
    let site = Peer::start("site");
    let link = |path: &str| format!("http://{}{path}", site.host);
    let endless = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>endless</title>".to_vec();
    site.raw("/endless", endless, true);
    let huge = ["<title>huge</title>".as_bytes(), &vec![b'x'; 3 << 20]].concat();
    site.file("/huge", "text/html", &huge);
    site.file("/type", "application/activity+json", b"<title>type</title>");
    site.file("/script", "text/javascript", b"<title>script</title>");
    site.file("/untitled", "text/html", b"<p>no title</p>");
    let moved =
        |to: &str| format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n").into_bytes();
    site.raw("/private", moved("http://10.0.0.1/"), false);
    site.raw("/metadata", moved("http://169.254.169.254/latest"), false);
    site.raw("/mapped", moved("http://[::ffff:10.0.0.1]/"), false);
    site.raw("/file", moved("file:///etc/passwd"), false);
    site.raw("/onion", moved("http://abcdefghijklmnop.onion/"), false);
    site.raw("/round", moved("/round"), false);
    site.raw("/home", moved(&here.url("/about")), false);
    let lies = [
        "endless", "huge", "type", "script", "untitled", "private", "metadata", "mapped", "file", "onion",
        "round", "home",
    ];
    let posts: Vec<String> = lies
        .iter()
        .map(|lie| alice.say(&link(&format!("/{lie}")), &[]))
        .collect();

    // What only some were told of, what shows pictures of its own, names and this server's own pages: nobody is asked.
    let secret = |path: &str| page(&site, path, "<title>secret</title>");
    alice.say(&secret("/direct"), &[("visibility", "direct")]);
    alice.say(&secret("/followers"), &[("visibility", "private")]);
    let (mime, file) = pictures::marked("png", MARK);
    let upload = Request::post("/api/v2/media")
        .multipart(&[bauta_tests::http::Part::file("file", "x.png", mime, &file)]);
    let medium = text(&alice.client.send(&upload).json()["id"]);
    alice.say(&secret("/pictured"), &[("media_ids[]", &medium)]);
    let own = alice.say(&here.url("/about"), &[]);
    let onion = alice.say("http://abcdefghijklmnop.onion/x", &[]);

    // A picture that can't be rebuilt is left out, and the words are shown.
    site.file(
        "/bad.png",
        "image/png",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    );
    let bad = page(
        &site,
        "/bad",
        "<title>bad picture</title><meta property=og:image content=bad.png>",
    );
    let bad = alice.say(&bad, &[]);
    let good = page(
        &site,
        "/good",
        "<title>good</title><meta property=og:image content='javascript:alert(1)'>",
    );
    let good = alice.say(&good, &[("visibility", "unlisted")]);
    for id in [&bad, &good] {
        assert!(shown(&mut alice, id)["image"].is_null());
    }
    eventually("all were tried", || {
        lies.iter()
            .all(|lie| asked(&site, &format!("/{lie}")) > 0)
            .then_some(())
    });
    for (lie, id) in lies
        .iter()
        .zip(&posts)
        .chain([(&"own", &own), (&"onion", &onion)])
    {
        assert!(card(&mut alice, id).is_null(), "{lie}");
    }
    for never in ["/direct", "/followers", "/pictured"] {
        assert_eq!(asked(&site, never), 0, "{never}");
    }
}

#[test]
fn an_operator_can_have_no_page_asked() {
    let folder = tempfile::tempdir().expect("there is room");
    let config = folder.path().join("bauta.toml");
    std::fs::write(&config, "[peers]\npreviews = false\n").expect("there is room");
    let here = server()
        .argument("--config")
        .argument(&config.display().to_string())
        .start();
    let there = server().start();
    let (mut alice, mut bob) = (Person::join(&here, "alice"), Person::join(&there, "bob"));
    follow(&mut bob, &alice);
    let site = Peer::start("site");
    let link = page(&site, "/news", "<title>news</title>");
    let id = alice.say(&format!("read {link}"), &[]);
    // The other server has come round to asking: by then this one would have.
    let copy = bob.reads("read");
    assert!(says(&copy, "/news"));
    shown(&mut bob, &text(&copy["id"]));
    assert_eq!(asked(&site, "/news"), 1);
    assert!(card(&mut alice, &id).is_null());
}
