//! Media in an S3 bucket, against a real S3 server on loopback: carried away at the end of a slot, answered whole and in
//! parts, gone when deleted, and nothing lost by a kill or while the bucket is away.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bauta_tests::eventually;
use bauta_tests::http::{Client, Part, Request};
use bauta_tests::postgres::fresh_database;
use bauta_tests::server::{Bauta, Setup, free_port, program};

/// The program with the feature `s3`, which is the one with switches: one build for both.
fn with_s3() -> PathBuf {
    let file = program().with_file_name("bauta-weakened");
    assert!(
        file.is_file(),
        "it was not built: cargo build -p bauta --features weaken,s3 --bin bauta-weakened"
    );
    file
}

/// An S3 server; it ends with this value.
struct S3 {
    process: Child,
    port: u16,
}

impl S3 {
    fn start() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let port = free_port();
        let process = Command::new(root.join("target/xtask/venv/bin/python"))
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("moto is installed: cargo xtask test installs it");
        let s3 = Self { process, port };
        eventually("the S3 server answers", || {
            TcpStream::connect(("127.0.0.1", port)).ok().map(drop)
        });
        assert_eq!(s3.client().send(&Request::new("PUT", "/media")).status, 200);
        s3
    }

    fn client(&self) -> Client {
        let address = format!("127.0.0.1:{}", self.port);
        Client::new(&address, &address)
    }

    /// The names of all objects.
    fn names(&self) -> Vec<String> {
        let list = self.client().get("/media?list-type=2").text();
        let keys = list.split("<Key>").skip(1);
        keys.map(|rest| rest.split('<').next().unwrap().to_owned())
            .collect()
    }

    fn object(&self, name: &str) -> Vec<u8> {
        // It looks whether there is a signature, not whether it is right.
        let key = "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
        let asked = Request::get(&format!("/media/{name}")).with_header("authorization", key);
        let answer = self.client().send(&asked);
        if answer.status == 404 {
            return Vec::new();
        }
        assert_eq!(answer.header("content-type"), Some("application/octet-stream"));
        answer.body
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A door before the S3 server that can be shut, and that can swallow what is answered to a PUT.
struct Door {
    port: u16,
    shut: Arc<AtomicBool>,
    mute: Arc<AtomicBool>,
}

impl Door {
    fn before(s3: &S3) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let door = Self {
            port: listener.local_addr().unwrap().port(),
            shut: Arc::default(),
            mute: Arc::default(),
        };
        let (to, shut, mute) = (s3.port, Arc::clone(&door.shut), Arc::clone(&door.mute));
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                if shut.load(Ordering::SeqCst) {
                    continue;
                }
                let far = TcpStream::connect(("127.0.0.1", to)).unwrap();
                let (near_again, far_again) = (near.try_clone().unwrap(), far.try_clone().unwrap());
                let (shut_in, never) = (Arc::clone(&shut), Arc::default());
                std::thread::spawn(move || pass(near, far, &shut_in, &never));
                let (shut_out, mute) = (Arc::clone(&shut), Arc::clone(&mute));
                std::thread::spawn(move || pass(far_again, near_again, &shut_out, &mute));
            }
        });
        door
    }

    fn shut(&self, shut: bool) {
        self.shut.store(shut, Ordering::SeqCst);
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, shut: &AtomicBool, mute: &AtomicBool) {
    let mut buffer = vec![0; 65536];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        if shut.load(Ordering::SeqCst) {
            break;
        }
        if !mute.load(Ordering::SeqCst) && to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Both);
    let _ = from.shutdown(std::net::Shutdown::Both);
}

fn server(port: u16, folder: &Path) -> Setup {
    let key = folder.join("bucket.key");
    fs::write(&key, "AKIDEXAMPLE\nsecret-half\n").unwrap();
    let file = folder.join("bauta.toml");
    let section = format!(
        "[bucket]\nendpoint = \"http://127.0.0.1:{port}\"\nname = \"media\"\nkey = \"{}\"\n",
        key.display()
    );
    fs::write(&file, section).unwrap();
    Bauta::setup()
        .program(&with_s3())
        .without_rate_limits()
        .environment("BAUTA_SLOT", "1s")
        .environment("BAUTA_CONFIG", file.to_str().unwrap())
}

/// A PNG that no other number gives, large enough for a smaller form of its own.
fn drawn(number: usize) -> Vec<u8> {
    let pattern =
        format!("nullsrc=size=900x700,geq=lum='mod(X*X*{number}+Y*(7+{number})\\,256)':cb=128:cr=128");
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", &pattern])
        .args(["-frames:v", "1", "-f", "image2pipe", "-c:v", "png", "-"])
        .output()
        .expect("ffmpeg is needed for this test");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    made.stdout
}

/// Shows the picture of a number in a post. Gives the post, and the path of the picture's file.
fn show(client: &mut Client, number: usize) -> (String, String) {
    let part = Part::file("file", "a.png", "image/png", &drawn(number));
    let sent = client
        .send(&Request::post("/api/v1/media").multipart(&[part]))
        .json();
    let id = sent["id"].as_str().unwrap().to_owned();
    let form = [("status", "look"), ("media_ids[]", id.as_str())];
    let post = client.send(&Request::post("/api/v1/statuses").form(&form)).json();
    (post["id"].as_str().unwrap().to_owned(), format!("/media/{id}"))
}

/// The middle of a file, which no two files share.
fn middle(file: &[u8]) -> &[u8] {
    let half = file.len() / 2;
    &file[half..half + 48.min(file.len() - half)]
}

fn lies(folder: &Path, part: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().flatten().any(|entry| {
        fs::read(entry.path()).is_ok_and(|bytes| bytes.windows(part.len()).any(|window| window == part))
    })
}

fn in_bucket(s3: &S3, part: &[u8]) -> bool {
    s3.names()
        .iter()
        .any(|name| s3.object(name).windows(part.len()).any(|window| window == part))
}

#[test]
fn media_are_carried_away_answered_and_deleted_and_a_kill_or_an_absence_loses_nothing() {
    for database in [None, Some(fresh_database())] {
        let (s3, folder) = (S3::start(), tempfile::tempdir().unwrap());
        let door = Door::before(&s3);
        let mut setup = server(door.port, folder.path());
        if let Some(database) = &database {
            setup = setup.environment("BAUTA_DATABASE", database);
        }
        let mut server = setup.start();
        server.done(&["account", "create", "speaker"]);
        let token = server.token("speaker", "read write");
        let mut client = server.client().with_token(&token);

        let (post, path) = show(&mut client, 3);
        let file = server.client().get(&path).body;
        let media = server.data().join("media");
        eventually("it lies in the bucket, and here no more", || {
            (in_bucket(&s3, middle(&file)) && !lies(&media, middle(&file))).then_some(())
        });
        for name in s3.names() {
            let (before, random) = name.split_once('/').unwrap();
            assert_eq!((before.len(), random.len()), (16, 24), "{name}");
        }
        assert_eq!(server.client().get(&path).body, file);

        // The process ends when the object is there, and its row does not know yet.
        let before = s3.names().len();
        door.mute.store(true, Ordering::SeqCst);
        let (_, killed) = show(&mut client, 5);
        eventually("an object is there", || (s3.names().len() > before).then_some(()));
        server.kill();
        door.mute.store(false, Ordering::SeqCst);
        server.start_again();
        let mut client = server.client().with_token(&token);
        let second = server.client().get(&killed);
        assert_eq!(second.status, 200);
        // A picture, and the smaller one beside it, for each post.
        eventually("what no row names is deleted", || {
            let again = in_bucket(&s3, middle(&second.body)) && !lies(&media, middle(&second.body));
            (again && s3.names().len() == 2 * before).then_some(())
        });
        assert_eq!(server.client().get(&killed).body, second.body);

        // Away: what lies there can't be read, what is new stays here, what is deleted goes later.
        door.shut(true);
        assert_eq!(server.client().get(&path).status, 503);
        let (_, waiting) = show(&mut client, 11);
        let third = server.client().get(&waiting);
        assert_eq!(third.status, 200);
        let deleted = client.send(&Request::new("DELETE", &format!("/api/v1/statuses/{post}")));
        assert_eq!(deleted.status, 200);
        assert_eq!(server.client().get(&path).status, 404);
        eventually("that it is away is said", || {
            server.said().contains("bucket-away").then_some(())
        });
        assert!(in_bucket(&s3, middle(&file)) && lies(&media, middle(&third.body)));
        door.shut(false);
        eventually("all is made good", || {
            (!in_bucket(&s3, middle(&file)) && in_bucket(&s3, middle(&third.body))).then_some(())
        });
        assert_eq!(server.client().get(&waiting).body, third.body);
        assert!(
            !s3.names()
                .iter()
                .any(|name| server.said().contains(name.as_str()))
        );

        let told = server.cli(&["doctor"]).stdout;
        assert!(told.contains("bucket: nothing is sealed"), "{told}");
        let on = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
        let versioning = Request::new("PUT", "/media?versioning").body("application/xml", on.as_bytes());
        assert_eq!(s3.client().send(&versioning).status, 200);
        let told = server.cli(&["doctor"]).stdout;
        assert!(told.contains("bucket: it keeps, or kept, versions"), "{told}");
    }
}

#[test]
fn a_sealed_server_gives_nothing_readable_away_and_its_backup_has_the_pictures() {
    let (s3, folder) = (S3::start(), tempfile::tempdir().unwrap());
    let root = folder.path().join("root");
    let mut server = server(s3.port, folder.path()).start();
    server.done(&["account", "create", "speaker"]);
    let token = server.token("speaker", "read write");
    let (_, before) = show(&mut server.client().with_token(&token), 3);
    let older = server.client().get(&before).body;
    eventually("it is carried", || in_bucket(&s3, middle(&older)).then_some(()));
    server.stop();
    server.done(&["seal", "--root", root.to_str().unwrap()]);
    server.set_environment("BAUTA_ROOT_FILE", root.to_str().unwrap());
    server.start_again();
    let (_, path) = show(&mut server.client().with_token(&token), 5);
    let file = server.client().get(&path).body;
    eventually("both are carried, and what was readable is gone", || {
        (s3.names().len() == 4 && !in_bucket(&s3, middle(&older))).then_some(())
    });
    assert!(!in_bucket(&s3, middle(&file)));
    assert_eq!(server.client().get(&path).body, file);
    assert_eq!(server.client().get(&before).body, older);

    let secret = folder.path().join("age");
    let identity = age::x25519::Identity::generate();
    fs::write(
        &secret,
        age::secrecy::ExposeSecret::expose_secret(&identity.to_string()),
    )
    .unwrap();
    let backup = folder.path().join("backup.age");
    let to = identity.to_public().to_string();
    let said = server.done(&["backup", "--to", &to, "--out", backup.to_str().unwrap()]);
    assert!(said.contains("4 pictures"), "{said}");
}

#[test]
fn without_s3_in_it_the_program_refuses_a_bucket() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bauta.toml");
    fs::write(
        &file,
        "[bucket]\nendpoint = \"http://127.0.0.1:9\"\nname = \"media\"\nkey = \"k\"\n",
    )
    .unwrap();
    let output = Command::new(program())
        .args(["serve", "--config", file.to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("was built without S3"), "{said}");
}
