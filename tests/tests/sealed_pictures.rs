//! Pictures of a sealed server: what lies in the media folder can't be read, parts are answered, a server that had pictures
//! before is sealed with them, and what was deleted has no key after the turn of the day, in no copy.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

#[path = "seizure/pictures.rs"]
mod pictures;

use std::fs;
use std::path::Path;
use std::process::Command;

use age::secrecy::ExposeSecret;
use bauta_tests::http::{Client, Part, Request};
use bauta_tests::postgres::fresh_database;
use bauta_tests::server::{Bauta, program};
use bauta_tests::{bounds, eventually};

/// Shows a picture in a post. Gives the post, and the path of the picture's file.
fn show(client: &mut Client, mark: &str) -> (String, String) {
    let (mime, file) = pictures::marked("jpeg", mark);
    let sent = client
        .send(&Request::post("/api/v1/media").multipart(&[Part::file("file", "a.jpg", mime, &file)]))
        .json();
    let id = sent["id"].as_str().unwrap().to_owned();
    let form = [("status", "look"), ("media_ids[]", id.as_str())];
    let post = client.send(&Request::post("/api/v1/statuses").form(&form)).json();
    (post["id"].as_str().unwrap().to_owned(), format!("/media/{id}"))
}

/// Uploads a film of ten seconds, and waits until it is made. Gives the path of its file.
fn film(client: &mut Client) -> String {
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("film.mp4");
    let status = Command::new("ffmpeg")
        .args(["-nostdin", "-loglevel", "error", "-f", "lavfi", "-i"])
        .arg("testsrc2=size=640x360:rate=25:duration=10")
        .arg(&made)
        .status()
        .expect("ffmpeg is needed for this test: apt-get install ffmpeg");
    assert!(status.success());
    let file = Part::file("file", "a.mp4", "video/mp4", &fs::read(made).unwrap());
    let begun = client
        .send(&Request::post("/api/v2/media").multipart(&[file]))
        .json();
    let id = begun["id"].as_str().unwrap().to_owned();
    eventually("the film is made", || {
        let answer = client.get(&format!("/api/v1/media/{id}"));
        (answer.status == 200).then_some(())
    });
    format!("/media/{id}")
}

/// The middle of a file, which no two files share.
fn middle(file: &[u8]) -> &[u8] {
    let half = file.len() / 2;
    &file[half..half + 48.min(file.len() - half)]
}

fn lies(folder: &Path, part: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return lies(&path, part);
        }
        fs::read(path).is_ok_and(|bytes| bytes.windows(part.len()).any(|window| window == part))
    })
}

fn seal(server: &mut Bauta, root: &Path) {
    server.stop();
    server.done(&["seal", "--root", root.to_str().unwrap()]);
    server.set_environment("BAUTA_ROOT_FILE", root.to_str().unwrap());
    server.start_again();
}

#[test]
fn a_picture_is_sealed_with_the_server_answered_in_parts_and_gone_from_every_copy_after_the_turn() {
    for database in [None, Some(fresh_database())] {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        let mut setup = Bauta::setup().without_rate_limits();
        if let Some(database) = &database {
            setup = setup.environment("BAUTA_DATABASE", database);
        }
        let mut server = setup.start();
        server.done(&["account", "create", "speaker"]);
        let token = server.token("speaker", "read write");
        // One from before there were keys.
        let (_, before) = show(&mut server.client().with_token(&token), "mark-before");
        let older = server.client().get(&before).body;
        assert!(
            lies(&server.data().join("media"), middle(&older)),
            "unsealed it can be read"
        );
        seal(&mut server, &root);
        assert_eq!(server.client().get(&before).body, older);
        assert!(
            !lies(server.data(), middle(&older)),
            "it was sealed with the server"
        );

        let mut client = server.client().with_token(&token);
        let (stays, kept) = show(&mut client, "mark-stays");
        let (goes, gone) = show(&mut client, "mark-goes");
        let (whole, lost) = (server.client().get(&kept).body, server.client().get(&gone).body);
        for file in [&whole, &lost] {
            assert!(!lies(server.data(), middle(file)));
        }
        let film = film(&mut client);
        let all = server.client().get(&film).body;
        assert!(all.len() > 70_000, "it has more than one chunk: {}", all.len());
        let part = Request::get(&film).with_header("range", "bytes=65530-65560");
        let part = server.client().send(&part);
        assert_eq!((part.status, part.body.as_slice()), (206, &all[65_530..=65_560]));
        assert!(!lies(server.data(), middle(&all)));

        let identity = age::x25519::Identity::generate();
        let secret = folder.path().join("age");
        fs::write(&secret, identity.to_string().expose_secret()).unwrap();
        let backup = folder.path().join("backup.age");
        let recipient = identity.to_public().to_string();
        server.done(&["backup", "--to", &recipient, "--out", backup.to_str().unwrap()]);
        let deleted = client.send(&Request::new("DELETE", &format!("/api/v1/statuses/{goes}")));
        assert_eq!(deleted.status, 200);
        assert_eq!(server.client().get(&gone).status, 404);
        server.stop();
        server.live_ahead(24);
        server.start_again();
        eventually("the keys turn", || {
            server.said().contains("keys-turned").then_some(())
        });
        assert_eq!(server.client().get(&kept).body, whole);
        server.stop();

        // The backup is from before the deletion; the keys and the root are the newest that there are.
        let data = folder.path().join("restored");
        fs::create_dir_all(data.join("seal")).unwrap();
        fs::copy(server.data().join("seal/keys"), data.join("seal/keys")).unwrap();
        let output = Command::new(program())
            .args([
                "restore",
                backup.to_str().unwrap(),
                "--identity",
                secret.to_str().unwrap(),
                "--data",
            ])
            .arg(&data)
            .env("BAUTA_ROOT_FILE", &root)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let restored = Bauta::setup()
            .without_rate_limits()
            .data(&data)
            .environment("BAUTA_ROOT_FILE", root.to_str().unwrap())
            .start();
        assert_eq!(restored.client().get(&kept).body, whole);
        assert_eq!(restored.client().get(&before).body, older);
        assert_eq!(restored.client().get(&gone).status, 404);
        let shown = restored.client().get(&format!("/api/v1/statuses/{stays}")).json();
        assert_eq!(shown["media_attachments"].as_array().unwrap().len(), 1);
        assert!(!lies(&data, middle(&lost)));
    }
}

/// The writes at which a sealing is killed: coarser the later, since what goes first is done once, and then each picture in its
/// turn.
const FIRST_WRITES: [usize; 8] = [1, 2, 4, 7, 11, 17, 26, 40];

/// Seals `data`, and is killed when one of its threads writes or syncs for the `nth` time. True if it was.
fn seal_killed(data: &Path, root: &Path, nth: usize) -> bool {
    let calls = "pwrite64,write,fsync,fdatasync,ftruncate,rename,unlink";
    let output = Command::new("strace")
        .args([
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            &format!("trace={calls}"),
            "-e",
        ])
        .arg(format!("inject={calls}:signal=KILL:when={nth}"))
        .arg(program())
        .args(["seal", "--data"])
        .arg(data)
        .arg("--root")
        .arg(root)
        .output()
        .expect("strace is installed (Debian package strace)");
    !output.status.success()
}

#[test]
fn a_sealing_that_is_killed_at_any_write_goes_on_and_no_picture_is_lost_or_left_readable() {
    let mut server = Bauta::setup().without_rate_limits().start();
    server.done(&["account", "create", "speaker"]);
    let token = server.token("speaker", "read write");
    let mut client = server.client().with_token(&token);
    let pictures: Vec<(String, Vec<u8>)> = (0..4)
        .map(|number| show(&mut client, &format!("mark-{number}")).1)
        .map(|path| (path.clone(), server.client().get(&path).body))
        .collect();
    server.stop();
    let folder = tempfile::tempdir().unwrap();
    let mut killed = 0;
    for round in 0..bounds::kills(FIRST_WRITES.len() as u32).min(200) as usize {
        let nth = FIRST_WRITES[round % FIRST_WRITES.len()] + round / FIRST_WRITES.len();
        let data = folder.path().join(format!("data-{round}"));
        let copied = Command::new("cp").arg("-a").args([server.data(), &data]).status();
        assert!(copied.unwrap().success());
        let mut root = folder.path().join(format!("root-{round}"));
        killed += usize::from(seal_killed(&data, &root, nth));
        if !data.join("seal/keys").exists() {
            // It had not begun to seal: it can be done again, under another root.
            root.set_extension("again");
            assert!(!seal_killed(&data, &root, 60_000), "it is done at last");
        }
        let mut setup = Bauta::setup().without_rate_limits().data(&data);
        setup = setup.environment("BAUTA_ROOT_FILE", root.to_str().unwrap());
        let again = setup.start();
        for (path, bytes) in &pictures {
            let answer = again.client().get(path);
            assert_eq!((answer.status, &answer.body), (200, bytes), "killed at {nth}");
            assert!(!lies(&data, middle(bytes)), "killed at {nth}: {path} can be read");
        }
    }
    assert!(killed > 0, "nothing was killed");
}
