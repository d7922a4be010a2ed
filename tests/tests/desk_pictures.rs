//! A hold that names pictures keeps their bytes: what its owner deletes is gone for everybody, is produced all the same where
//! content may be, and goes when the hold is let go.

use std::fs;
use std::io::Read as _;

use age::x25519::Identity;
use bauta_tests::desk::{officers, refused, step, until_notice};
use bauta_tests::http::{Client, Part, Request};
use bauta_tests::server::Bauta;
use serde_json::{Value, json};

struct House {
    server: Bauta,
    folder: tempfile::TempDir,
    speaker: Client,
    reader: Identity,
}

impl House {
    fn new() -> Self {
        let server = Bauta::setup().without_rate_limits().start();
        server.done(&["account", "create", "heron"]);
        officers(&server);
        let reader = Identity::generate();
        let key = reader.to_public().to_string();
        server.done(&["desk", "officer", "alice", "--key", &key]);
        let token = server.token("heron", "read write");
        let speaker = server.client().with_token(&token);
        Self {
            server,
            folder: tempfile::tempdir().expect("a folder"),
            speaker,
            reader,
        }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Takes a demand for pictures in.
    fn demand(&self, instrument: &str) -> String {
        let demand = json!({
            "instrument": instrument, "issuer": "Harbour Police", "signed_by_judge": true, "signed": true,
            "offence_named": true, "served": {"on": "2026-11-01", "by": "fax"},
            "requested": ["pictures"], "targets": ["heron"],
        });
        let file = self.path("demand.json");
        fs::write(&file, demand.to_string()).expect("it can be written");
        let taken = step(&self.server, "clerk", &["intake", &file]);
        taken["id"].as_str().expect("an id").to_owned()
    }

    /// A page of a letter as a picture, in a post for followers. Gives the post, and the picture's path and bytes.
    fn post(&mut self, demand: &str) -> (String, String, Vec<u8>) {
        let (letter, pages) = (self.path("letter.pdf"), self.path("pages"));
        let draft = [
            "desk",
            "letter",
            demand,
            "first-hour",
            "--format",
            "pdf",
            "--out",
            &letter,
        ];
        self.server.done(&draft);
        self.server.done(&["desk", "pages", &letter, "--out", &pages]);
        let picture = fs::read(format!("{pages}/page-001.png")).expect("a page");
        let part = Part::file("file", "page.png", "image/png", &picture);
        let sent = self
            .speaker
            .send(&Request::post("/api/v1/media").multipart(&[part]));
        assert_eq!(sent.status, 200, "{}", sent.text());
        let attachment = sent.json();
        let id = attachment["id"].as_str().expect("an id");
        let form = [("status", "look"), ("media_ids[]", id), ("visibility", "private")];
        let posted = self.speaker.send(&Request::post("/api/v1/statuses").form(&form));
        assert_eq!(posted.status, 200, "{}", posted.text());
        let url = attachment["url"].as_str().expect("an address");
        let path = url.split_once(self.server.domain()).expect("ours").1.to_owned();
        let bytes = self.speaker.get(&path).body;
        assert!(!bytes.is_empty());
        let post = posted.json()["id"].as_str().expect("an id").to_owned();
        (post, path, bytes)
    }

    /// How many rows and pictures lie in the hold of a demand.
    fn held(&self, demand: &str) -> Value {
        step(&self.server, "clerk", &["show", demand])["holds"].clone()
    }

    /// Produces what was asked for, and gives the archive.
    fn produced(&self, demand: &str, name: &str) -> Vec<u8> {
        step(
            &self.server,
            "alice",
            &["determine", demand, "--produce", "--by-consent"],
        );
        step(&self.server, "carol", &["approve", demand]);
        step(&self.server, "alice", &["ready", demand]);
        let (to, out) = (self.reader.to_public().to_string(), self.path(name));
        step(
            &self.server,
            "bob",
            &["produce", demand, "--to", &to, "--out", &out],
        );
        let sealed = fs::read(&out).expect("the archive");
        let decryptor = age::Decryptor::new(sealed.as_slice()).expect("it is encrypted");
        let mut opened = Vec::new();
        decryptor
            .decrypt(std::iter::once(&self.reader as &dyn age::Identity))
            .expect("to this key")
            .read_to_end(&mut opened)
            .expect("it is whole");
        opened
    }
}

fn contains(archive: &[u8], bytes: &[u8]) -> bool {
    archive.windows(bytes.len()).any(|window| window == bytes)
}

#[test]
fn a_hold_keeps_the_bytes_of_pictures_until_it_is_let_go() {
    let mut house = House::new();
    let demand = house.demand("search warrant");
    let (post, path, bytes) = house.post(&demand);
    assert_eq!(
        until_notice(&house.server, "clerk", &demand)["position"],
        "noticed"
    );
    let held = house.held(&demand);
    assert_eq!(held[0]["rows"]["media/*"], held[0]["rows"]["media"], "{held}");

    let gone = Request::new("DELETE", &format!("/api/v1/statuses/{post}"));
    assert_eq!(house.speaker.send(&gone).status, 200);
    assert_eq!(house.speaker.get(&path).status, 404, "it is gone for everybody");
    house.server.stop();
    house.server.start_again();
    assert_eq!(house.held(&demand), held, "and still held");

    step(&house.server, "clerk", &["consent", &demand]);
    let archive = house.produced(&demand, "given.age");
    assert!(contains(&archive, &bytes), "the picture is in the archive");
    assert!(String::from_utf8_lossy(&archive).contains("Pictures, as files beside this one: "));

    let hold = house.demand("preservation request");
    step(&house.server, "clerk", &["hold", &hold]);
    assert_eq!(
        house.held(&hold)[0]["rows"].get("media/*"),
        None,
        "nothing is left to hold"
    );
    let (_, _, bytes) = {
        fs::remove_file(house.path("letter.pdf")).expect("it is ours");
        fs::remove_dir_all(house.path("pages")).expect("it is ours");
        house.post(&hold)
    };
    let until = ["--until", "2099-01-01"];
    step(
        &house.server,
        "clerk",
        &[&["preserve", &hold, "--column", "media.id"][..], &until].concat(),
    );
    let kept = house.held(&hold).to_string();
    assert!(kept.contains("media/*"), "{kept}");
    step(&house.server, "clerk", &["preserve", &hold, "--release"]);
    assert_eq!(house.held(&hold), json!([]));
    assert!(!bytes.is_empty());
    let other = [
        "preserve",
        &hold,
        "--column",
        "posts.text",
        "--until",
        "2099-01-01",
    ];
    refused(&house.server, "clerk", &other);
}
