//! A sealed server: what lies on its disk can't be read, a start waits for the root, and what was deleted has no key after
//! the turn of the day, in a backup neither.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use age::secrecy::ExposeSecret;
use bauta_seal::{Keyring, Root, has_keys};
use bauta_tests::eventually;
use bauta_tests::http::{Client, Request};
use bauta_tests::postgres::fresh_database;
use bauta_tests::server::{Bauta, program};
use tempfile::TempDir;

const WAITS: &str = "give the root with bauta unseal";

/// A server whose operator has sealed its data before anybody spoke.
struct House {
    server: Bauta,
    folder: TempDir,
    token: String,
}

impl House {
    fn new(database: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut setup = Bauta::setup().without_rate_limits();
        if let Some(database) = database {
            setup = setup.environment("BAUTA_DATABASE", database);
        }
        let mut server = setup.start();
        server.stop();
        let root = folder.path().join("root");
        server.done(&["seal", "--root", root.to_str().unwrap()]);
        server.set_environment("BAUTA_ROOT_FILE", root.to_str().unwrap());
        server.start_again();
        server.done(&["account", "create", "speaker"]);
        let token = server.token("speaker", "read write");
        Self {
            server,
            folder,
            token,
        }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    fn client(&self) -> Client {
        self.server.client().with_token(&self.token)
    }

    fn say(&self, text: &str) -> String {
        let form = [("status", text), ("visibility", "private")];
        let posted = self
            .client()
            .send(&Request::post("/api/v1/statuses").form(&form))
            .json();
        posted["id"].as_str().unwrap().to_owned()
    }

    fn content(&self, id: &str) -> (u16, String) {
        let answer = self.client().get(&format!("/api/v1/statuses/{id}"));
        (
            answer.status,
            answer.json()["content"].as_str().unwrap_or_default().to_owned(),
        )
    }

    fn delete(&self, id: &str) {
        let answer = self
            .client()
            .send(&Request::new("DELETE", &format!("/api/v1/statuses/{id}")));
        assert_eq!(answer.status, 200);
    }

    fn keys_day(&self) -> String {
        let bytes = fs::read(self.server.data().join("seal/keys")).unwrap();
        bauta_model::Day::new(i32::from_le_bytes(bytes[16..20].try_into().unwrap())).iso()
    }

    /// Some days pass, with a restart between, and the keys turn.
    fn days_pass(&mut self, days: u32) {
        let before = self.keys_day();
        self.server.stop();
        self.server.live_ahead(24 * days);
        self.server.start_again();
        eventually("the keys turn", || (self.keys_day() != before).then_some(()));
        eventually("and it says so", || {
            self.server.said().contains("keys-turned").then_some(())
        });
    }

    /// A fresh age key: its public half, and a file with its secret half.
    fn recipient(&self) -> (String, String) {
        let identity = age::x25519::Identity::generate();
        let file = self.folder.path().join("age");
        fs::write(&file, identity.to_string().expose_secret()).unwrap();
        (identity.to_public().to_string(), file.display().to_string())
    }
}

fn holds(folder: &Path, mark: &str) -> bool {
    fs::read_dir(folder)
        .unwrap()
        .flatten()
        .any(|entry| match fs::read(entry.path()) {
            Ok(bytes) => bytes.windows(mark.len()).any(|part| part == mark.as_bytes()),
            Err(_) => entry.path().is_dir() && holds(&entry.path(), mark),
        })
}

fn on_both(test: impl Fn(House)) {
    test(House::new(None));
    test(House::new(Some(&fresh_database())));
}

#[test]
fn nothing_that_people_wrote_can_be_read_on_the_disk() {
    let house = House::new(None);
    let id = house.say("unreadable7c91d4e2");
    assert_eq!(house.content(&id), (200, "<p>unreadable7c91d4e2</p>".to_owned()));
    assert!(!holds(house.server.data(), "unreadable7c91d4e2"));
    // The same search finds the name, which is not sealed: the page says so.
    assert!(holds(house.server.data(), "speaker"));
    let page = house.server.client().get("/privacy").text();
    assert!(page.contains("Handles, who follows whom, times and counts are not sealed"));
    let doctor = house.server.cli(&["doctor"]).stdout;
    assert!(
        doctor.contains("warn  sealing: the root lies on the same disk"),
        "{doctor}"
    );
}

#[test]
fn a_start_waits_for_the_root_and_for_nothing_else() {
    let mut house = House::new(None);
    let id = house.say("words");
    house.server.stop();
    let root = house.root();
    let root = root.to_str().unwrap();
    house.server.set_environment("BAUTA_ROOT_FILE", "");
    let unnamed = house.server.cli(&["invite"]);
    assert_eq!(unnamed.status.code(), Some(1));
    house.server.forget_environment("BAUTA_ROOT_FILE");
    let sealed = house.server.cli(&["invite"]);
    assert!(sealed.stderr.contains("the data is sealed"), "{sealed:?}");
    let other = house.folder.path().join("other");
    fs::write(&other, Root::new(bauta_model::Day::new(20_000)).text().expose()).unwrap();
    house.server.start_after(WAITS, |server| {
        assert!(server.client().try_send(&Request::new("GET", "/health")).is_err());
        let asked = server.cli(&["invite"]);
        assert!(asked.stderr.contains("the data is sealed"), "{asked:?}");
        let wrong = server.cli(&["unseal", "--root", other.to_str().unwrap()]);
        assert!(wrong.stderr.contains("do not open with this root"), "{wrong:?}");
        let nothing = server.cli(&["unseal"]);
        assert!(nothing.stderr.contains("this is not a root"), "{nothing:?}");
        server.done(&["unseal", "--root", root, "--turn"]);
    });
    assert_eq!(house.content(&id).0, 200);
    // Asked again, a server that has its keys says so.
    house.server.done(&["unseal", "--root", root]);
    // One that waits can be stopped.
    house.server.stop();
    let mut waiting = Command::new(program());
    waiting
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(house.server.data());
    let mut waiting = waiting.stdout(std::process::Stdio::null()).spawn().unwrap();
    let socket = house.server.data().join("admin.sock");
    eventually("it waits", || socket.exists().then_some(()));
    let process = rustix::process::Pid::from_raw(waiting.id().cast_signed()).unwrap();
    rustix::process::kill_process(process, rustix::process::Signal::TERM).unwrap();
    assert!(waiting.wait().unwrap().success());
}

#[test]
fn what_was_deleted_has_no_key_after_the_turn_and_no_backup_brings_it_back() {
    on_both(|mut house| {
        let (stays, goes) = (house.say("what stays"), house.say("regretted 5d1e"));
        let (recipient, identity) = house.recipient();
        let backup = house.folder.path().join("backup.age").display().to_string();
        house
            .server
            .done(&["backup", "--to", &recipient, "--out", &backup]);
        house.delete(&goes);
        house.days_pass(1);
        assert_eq!(house.content(&stays), (200, "<p>what stays</p>".to_owned()));
        house.server.stop();
        // The machine is lost: what is left is the backup, the newest copy of the keys, and the root.
        let restore = |with_keys: bool| {
            let data = house.folder.path().join(format!("data{with_keys}"));
            if with_keys {
                fs::create_dir_all(data.join("seal")).unwrap();
                fs::copy(house.server.data().join("seal/keys"), data.join("seal/keys")).unwrap();
            }
            let output = Command::new(program())
                .args(["restore", &backup, "--identity", &identity, "--data"])
                .arg(&data)
                .env("BAUTA_ROOT_FILE", house.root())
                .output()
                .unwrap();
            let said = [output.stdout, output.stderr].concat();
            (output.status.code(), String::from_utf8(said).unwrap(), data)
        };
        let (status, said, _) = restore(false);
        assert_eq!(status, Some(1));
        assert!(said.contains("bring the folder seal back"), "{said}");
        let (status, said, data) = restore(true);
        assert_eq!(status, Some(0), "{said}");
        assert!(said.contains("can't be read any more by anybody"), "{said}");
        let restored = Bauta::setup()
            .without_rate_limits()
            .data(&data)
            .environment("BAUTA_ROOT_FILE", house.root().to_str().unwrap())
            .start();
        let mut client = restored.client().with_token(&house.token);
        let content = client.get(&format!("/api/v1/statuses/{stays}")).json();
        assert_eq!(content["content"], "<p>what stays</p>");
        assert_eq!(client.get(&format!("/api/v1/statuses/{goes}")).status, 404);
    });
}

#[test]
fn an_older_root_is_led_on_and_a_newer_one_opens_no_older_keys() {
    let mut house = House::new(None);
    let id = house.say("words");
    let older = house.folder.path().join("older-keys");
    fs::copy(house.server.data().join("seal/keys"), &older).unwrap();
    let first = fs::read_to_string(house.root()).unwrap();
    house.days_pass(3);
    assert_eq!(house.content(&id).0, 200);
    let root = house.root();
    house
        .server
        .done(&["unseal", "--root", root.to_str().unwrap(), "--turn"]);
    let now = fs::read_to_string(&root).unwrap();
    assert_ne!(now, first);
    assert!(now.contains(&house.keys_day()));
    house.server.stop();
    let keys = house.server.data().join("seal/keys");
    let newest = fs::read(&keys).unwrap();
    fs::copy(&older, &keys).unwrap();
    let stale = house.server.cli(&["invite"]);
    assert!(
        stale.stderr.contains("nothing leads back to an earlier root"),
        "{stale:?}"
    );
    // Whoever kept the first root can open the older keys, and is told that they are older.
    fs::write(&root, first).unwrap();
    let stale = house.server.cli(&["invite"]);
    assert!(stale.stderr.contains("an older copy of the keys"), "{stale:?}");
    fs::write(&keys, &newest[..newest.len() - 1]).unwrap();
    let cut = house.server.cli(&["invite"]);
    assert!(cut.stderr.contains("the key file is damaged"), "{cut:?}");
    fs::write(&keys, newest).unwrap();
    fs::write(&root, now).unwrap();
    house.server.start_again();
    assert_eq!(house.content(&id).0, 200);
}

#[test]
fn a_server_that_was_not_sealed_can_be() {
    let mut server = Bauta::setup().without_rate_limits().start();
    server.done(&["account", "create", "speaker"]);
    let token = server.token("speaker", "read write");
    let mut client = server.client().with_token(&token);
    let form = [("status", "from before a71f"), ("visibility", "private")];
    let id = client.send(&Request::post("/api/v1/statuses").form(&form)).json()["id"].clone();
    let running = server.cli(&["seal"]);
    assert!(running.stderr.contains("another bauta process"), "{running:?}");
    assert!(!has_keys(&server.data().join("seal")));
    server.stop();
    let said = server.done(&["seal"]);
    let root = said.lines().last().unwrap().to_owned();
    assert!(Root::read(&root).is_ok());
    assert!(!holds(server.data(), "from before a71f"));
    let twice = server.cli(&["seal"]);
    assert!(twice.stderr.contains("sealed already"), "{twice:?}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("root");
    fs::write(&file, &root).unwrap();
    server.start_after(WAITS, |server| {
        drop(server.done(&["unseal", "--root", file.to_str().unwrap()]));
    });
    let path = format!("/api/v1/statuses/{}", id.as_str().unwrap());
    let read = server.client().with_token(&token).get(&path).json();
    assert_eq!(read["content"], "<p>from before a71f</p>");
    // Only the key file has the keys: it opens with the root alone.
    let today = bauta_model::Clock::system().today();
    assert!(Keyring::open(&server.data().join("seal"), &Root::read(&root).unwrap(), today).is_ok());
}
