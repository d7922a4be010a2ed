//! Films and sounds through the real program, which has confined itself: made anew behind the answer, played in parts,
//! shown on pages where nothing loads by itself, and refused with the reason where there is no ffmpeg.

use std::path::Path;
use std::process::Command;

use bauta_tests::eventually;
use bauta_tests::http::{Client, Part, Request, Response};
use bauta_tests::page_lint;
use bauta_tests::server::Bauta;
use serde_json::Value;

const MARK: &str = "mark7c1e55a90b3f4d28";

/// Two seconds with a mark in their tags.
fn made(inputs: &[&str], ending: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("there is room");
    let file = folder.path().join(format!("made.{ending}"));
    let status = Command::new("ffmpeg")
        .args(["-nostdin", "-loglevel", "error", "-f", "lavfi", "-i"])
        .args(inputs)
        .args([
            "-metadata",
            &format!("title={MARK}"),
            "-metadata",
            &format!("comment={MARK}"),
        ])
        .arg(&file)
        .status()
        .expect("ffmpeg is needed for this test: apt-get install ffmpeg");
    assert!(status.success());
    let bytes = std::fs::read(file).expect("it was made");
    assert!(
        holds(&bytes, MARK),
        "the mark must be there before it can be gone"
    );
    bytes
}

fn film() -> Vec<u8> {
    let inputs = [
        "testsrc=size=320x180:rate=25:duration=2",
        "-f",
        "lavfi",
        "-i",
        "sine=duration=2",
    ];
    made(&inputs, "mp4")
}

fn sound() -> Vec<u8> {
    made(&["sine=duration=2"], "mp3")
}

fn holds(bytes: &[u8], mark: &str) -> bool {
    bytes.windows(mark.len()).any(|window| window == mark.as_bytes())
}

fn held_below(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).expect("it can be listed").flatten();
    entries.map(|entry| entry.path()).any(|path| {
        if path.is_dir() {
            held_below(&path)
        } else {
            std::fs::read(path).is_ok_and(|bytes| holds(&bytes, MARK))
        }
    })
}

fn upload(client: &mut Client, bytes: &[u8], name: &str, mime: &str) -> Response {
    let file = Part {
        name: "file".into(),
        file: Some((name.into(), mime.into())),
        value: bytes.to_vec(),
    };
    client.send(&Request::post("/api/v2/media").multipart(&[file]))
}

/// Asks until it is there, as apps do.
fn finished(client: &mut Client, begun: &Response) -> Value {
    assert_eq!(begun.status, 202, "{}", begun.text());
    let begun = begun.json();
    assert_eq!(begun["url"], Value::Null);
    let path = format!("/api/v1/media/{}", begun["id"].as_str().expect("an id"));
    let there = eventually("the film is made anew", || {
        let answer = client.get(&path);
        assert!(matches!(answer.status, 200 | 206), "{}", answer.text());
        (answer.status == 200).then(|| answer.json())
    });
    assert_eq!(there["type"], begun["type"]);
    there
}

fn path_of(url: &Value) -> String {
    let url = url.as_str().expect("an address");
    url[url.find("/media/").expect("of this server")..].to_owned()
}

#[test]
fn a_film_is_made_anew_posted_and_played_in_parts() {
    let server = Bauta::setup().without_rate_limits().argument("--strict").start();
    server.done(&["account", "create", "speaker"]);
    let mut client = server.client().with_token(&server.token("speaker", "read write"));
    let limits = &client.get("/api/v2/instance").json()["configuration"]["media_attachments"];
    let types = limits["supported_mime_types"].to_string();
    assert!(
        types.contains("video/mp4") && types.contains("audio/mpeg"),
        "{types}"
    );
    assert!(limits["video_size_limit"].as_u64() > Some(0));

    let begun = upload(&mut client, &film(), &format!("{MARK}.mp4"), "video/mp4");
    let film = finished(&mut client, &begun);
    assert_eq!(film["type"], "video");
    assert_eq!(film["meta"]["original"]["width"], 320);
    assert!(film["meta"]["original"]["duration"].as_u64() >= Some(2));
    assert!(film["blurhash"].as_str().is_some_and(|hash| hash.len() > 5));
    let begun = upload(&mut client, &sound(), "a.mp3", "audio/mpeg");
    let sound = finished(&mut client, &begun);
    assert_eq!(
        (&sound["type"], &sound["preview_url"]),
        (&"audio".into(), &Value::Null)
    );

    let path = path_of(&film["url"]);
    let whole = client.get(&path);
    assert_eq!(
        (whole.status, whole.header("content-type")),
        (200, Some("video/mp4"))
    );
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    let length = whole.body.len();
    let part = client.send(&Request::get(&path).with_header("range", "bytes=100-299"));
    assert_eq!(part.status, 206);
    assert_eq!(
        part.header("content-range"),
        Some(&*format!("bytes 100-299/{length}"))
    );
    assert_eq!(part.body, whole.body[100..300]);
    let behind = client.send(&Request::get(&path).with_header("range", &format!("bytes={length}-")));
    assert_eq!(behind.status, 416);
    let still = client.get(&path_of(&film["preview_url"]));
    assert!(
        still
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("image/"))
    );
    assert!(
        !held_below(server.data()),
        "a mark of the files that were sent is kept"
    );

    let ids = [&film["id"], &sound["id"]].map(|id| id.as_str().expect("an id").to_owned());
    let form = [
        ("status", "listen"),
        ("media_ids[]", &ids[0]),
        ("media_ids[]", &ids[1]),
    ];
    let posted = client.send(&Request::post("/api/v1/statuses").form(&form)).json();
    assert_eq!(
        posted["media_attachments"].as_array().map(Vec::len),
        Some(2),
        "{posted}"
    );
    let page = server.client().get("/@speaker").text();
    assert_eq!(page_lint(&page), Vec::<String>::new());
    assert!(
        page.contains("<video controls preload=\"none\"")
            && page.contains("<audio controls preload=\"none\"")
    );
}

#[test]
fn what_is_no_film_is_refused_with_the_reason() {
    let server = Bauta::setup().without_rate_limits().start();
    server.done(&["account", "create", "speaker"]);
    let mut client = server.client().with_token(&server.token("speaker", "read write"));
    let film = film();
    let begun = upload(&mut client, &film[..film.len() / 2], "half.mp4", "video/mp4").json();
    let path = format!("/api/v1/media/{}", begun["id"].as_str().expect("an id"));
    let told = eventually("the reason is told", || {
        let answer = client.get(&path);
        (answer.status == 422).then(|| answer.text())
    });
    assert!(told.contains("can't be read"), "{told}");
    let playlist = upload(
        &mut client,
        b"#EXTM3U\nfile:///etc/passwd\n",
        "a.mp4",
        "video/mp4",
    );
    assert_eq!(playlist.status, 422);
}

#[test]
fn without_ffmpeg_only_pictures_are_taken_and_the_answer_says_why() {
    let server = Bauta::setup()
        .without_rate_limits()
        .environment("BAUTA_FFMPEG", "off")
        .start();
    server.done(&["account", "create", "speaker"]);
    let mut client = server.client().with_token(&server.token("speaker", "read write"));
    let limits = &client.get("/api/v2/instance").json()["configuration"]["media_attachments"];
    assert!(!limits["supported_mime_types"].to_string().contains("video"));
    assert_eq!(limits["video_size_limit"], 0);
    let refused = upload(&mut client, &film(), "a.mp4", "video/mp4");
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert!(refused.text().contains("ffmpeg"), "{}", refused.text());
}

#[test]
fn whoever_writes_a_page_does_not_wait_for_a_film() {
    let server = Bauta::setup().without_rate_limits().start();
    let mut ann = server.somebody("ann", "user");
    let page = ann.get("/compose");
    let form = page
        .form("Add and look")
        .fill("Your words", "The gate at night")
        .attach("Add pictures, films or sounds", "a.mp4", "video/mp4", &film());
    let page = ann.submit(&form);
    assert_eq!(page.status(), 200);
    assert!(page.says("Being made anew."), "{}", page.text());
    assert!(page.lint().is_empty(), "{:?}", page.lint());
    // What is typed meanwhile stays; what can't be made ready is told, and the rest stays too.
    let broken = page
        .form("Add and look")
        .fill("Description of picture 1", "Two men and a ladder")
        .attach(
            "Add pictures, films or sounds",
            "b.mp4",
            "video/mp4",
            &film()[..3000],
        );
    let mut page = ann.submit(&broken);
    let mut told = false;
    let there = eventually("the film is there, and the broken one is told of", || {
        told |= page.says("can't be read");
        page = ann.submit(&page.form("Add and look"));
        (told && !page.says("Being made anew.")).then(|| page.clone())
    });
    assert!(there.html().contains("Two men and a ladder") && there.html().contains("The gate at night"));
    let posted = ann.submit(&there.form("Post"));
    assert!(posted.says("The gate at night"), "{}", posted.text());
    assert_eq!(posted.html().matches("<video").count(), 1, "{}", posted.html());
    assert!(posted.html().contains("Two men and a ladder"));
}
