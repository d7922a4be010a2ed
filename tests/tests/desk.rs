//! The legal desk through the real command line against a running server: the case that Bauta is built from, a production
//! with consent, two officers racing, and a gag that nobody outside can tell of.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use age::secrecy::ExposeSecret;
use bauta_tests::case::summons;
use bauta_tests::desk;
use bauta_tests::server::Bauta;
use serde_json::{Value, json};

/// A server with an account, officers with keys, and a folder.
struct House {
    server: Bauta,
    folder: tempfile::TempDir,
    identity: age::x25519::Identity,
}

impl House {
    fn new() -> Self {
        let server = Bauta::setup().without_rate_limits().start();
        server.done(&["account", "create", "ALT_USCIS"]);
        desk::officers(&server);
        let identity = age::x25519::Identity::generate();
        server.done(&[
            "desk",
            "officer",
            "alice",
            "--key",
            &identity.to_public().to_string(),
        ]);
        Self {
            server,
            folder: tempfile::tempdir().expect("a temporary directory"),
            identity,
        }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("it can be written");
        path.display().to_string()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a step as an officer and gives its JSON.
    fn desk(&self, officer: &str, arguments: &[&str]) -> Value {
        desk::step(&self.server, officer, arguments)
    }

    /// Runs a step that is refused, and gives the one line that says why.
    fn refused(&self, officer: &str, arguments: &[&str]) -> String {
        desk::refused(&self.server, officer, arguments)
    }

    fn take_in(&self, demand: &Value) -> String {
        let file = self.file("demand.json", demand.to_string().as_bytes());
        let taken: Value =
            serde_json::from_str(&self.server.done(&["desk", "intake", &file])).unwrap_or(Value::Null);
        taken.to_string().trim_matches('"').to_owned()
    }

    /// From the hold to the notice.
    fn until_notice(&self, id: &str) {
        assert_eq!(
            desk::until_notice(&self.server, "clerk", id)["position"],
            "noticed"
        );
    }

    fn open(&self, file: &Path) -> Vec<u8> {
        let sealed = std::fs::read(file).expect("it is there");
        let decryptor = age::Decryptor::new(sealed.as_slice()).expect("it is encrypted");
        let mut opened = Vec::new();
        decryptor
            .decrypt(std::iter::once(&self.identity as &dyn age::Identity))
            .expect("to this key")
            .read_to_end(&mut opened)
            .expect("it is whole");
        opened
    }
}

#[test]
fn the_summons_of_2017_is_taken_in_read_answered_told_fought_and_withdrawn() {
    let house = House::new();
    let id = house.take_in(&summons(&["ALT_uscis"]));
    let review: Value =
        serde_json::from_str(&house.server.done(&["desk", "review", &id, "--json"])).expect("it is JSON");
    let defects: BTreeSet<&str> = review["defects"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|defect| defect["code"].as_str())
        .collect();
    let expected = [
        "due_before_service",
        "outside_scope",
        "not_specific",
        "no_offence_named",
        "not_self_executing",
        "secrecy_only_requested",
    ];
    assert_eq!(defects, BTreeSet::from(expected));
    let mut answer: BTreeMap<String, Vec<(String, Value)>> = BTreeMap::new();
    for line in review["holdings"].as_array().into_iter().flatten() {
        let status = line["status"].as_str().unwrap_or_default().to_owned();
        let requested = line["requested"].as_str().unwrap_or_default().to_owned();
        answer
            .entry(requested)
            .or_default()
            .push((status, line["columns"].clone()));
    }
    let line = |status: &str, columns: &[&str]| (status.to_owned(), json!(columns));
    let never = || vec![line("never_collected", &[])];
    let expected = BTreeMap::from([
        (
            "user names".to_owned(),
            vec![line("held", &["accounts.handle", "accounts.display_name"])],
        ),
        (
            "account login".to_owned(),
            vec![
                line("held", &["accounts.handle"]),
                line(
                    "credential",
                    &["credentials.passphrase_hash", "recovery_codes.code_hash"],
                ),
                line("never_collected", &[]),
            ],
        ),
        ("phone numbers".to_owned(), never()),
        ("mailing addresses".to_owned(), never()),
        ("I.P. addresses".to_owned(), never()),
    ]);
    assert_eq!(answer, expected);
    assert_eq!(review["unanswered"], json!(["all records regarding the account"]));

    assert!(
        house.refused("clerk", &["scope", &id]).contains("can't happen"),
        "the hold comes first"
    );
    house.desk("clerk", &["gag", &id, "--request"]);
    house.until_notice(&id);
    let token = house.server.token("ALT_USCIS", "read");
    let told = house
        .server
        .client()
        .with_token(&token)
        .get("/api/v1/notifications")
        .json();
    let status = &told[0]["status"];
    assert_eq!(told[0]["type"], "mention");
    assert_eq!(status["visibility"], "direct");
    assert!(
        status["content"]
            .as_str()
            .is_some_and(|text| text.contains("A message from your server")),
        "{status}"
    );

    let counsel = age::x25519::Identity::generate().to_public().to_string();
    house.desk("clerk", &["counsel", &id, "--key", &counsel]);
    house.desk(
        "alice",
        &["object", &id, "--reason", "The statute is about imports."],
    );
    house.desk("alice", &["challenge", &id, "--court", "N.D. Cal."]);
    let file = [
        "case",
        &id,
        "file",
        "--court",
        "N.D. Cal.",
        "--docket",
        "3:17-cv-01916",
        "--on",
        "2017-04-06",
    ];
    house.desk(
        "alice",
        &[&file[..], &["--party", "plaintiff=Twitter, Inc."]].concat(),
    );
    house.desk(
        "alice",
        &[
            "case",
            &id,
            "docket",
            "--on",
            "2017-04-06",
            "--kind",
            "complaint",
            "--pages",
            "25",
        ],
    );
    house.desk("alice", &["withdraw", &id, "--on", "2017-04-07"]);
    let shown = house.desk("alice", &["show", &id]);
    assert_eq!(
        (&shown["position"], &shown["cases"][0]["position"]),
        (&json!("withdrawn"), &json!("filed"))
    );
    let rule = "Fed. R. Civ. P. 41(a)(1)(A)(i)";
    house.desk(
        "alice",
        &["case", &id, "dismiss", "--on", "2017-04-07", "--rule", rule],
    );
    let shown = house.desk("alice", &["show", &id]);
    assert_eq!(shown["position"], "withdrawn");
    assert_eq!(shown["cases"][0]["position"], "dismissed_without_prejudice");
    let closed = house.desk("alice", &["close", &id]);
    assert_eq!(closed["position"], "closed");
    // A later docket note on a closed case, and a renewed demand that links back and takes nothing over.
    house.desk(
        "alice",
        &[
            "case",
            &id,
            "docket",
            "--on",
            "2017-04-21",
            "--kind",
            "letter of the inspector general",
        ],
    );
    let again = house.file("again.json", summons(&["ALT_USCIS"]).to_string().as_bytes());
    let renewed = house.desk("clerk", &["intake", &again, "--renews", &id]);
    let renewed = house.desk("clerk", &["show", renewed["id"].as_str().expect("an id")]);
    assert_eq!(
        (&renewed["renews"], &renewed["position"]),
        (&json!(id), &json!("received"))
    );
    assert_eq!(renewed["notice"]["state"], "not");
}

#[test]
fn what_is_produced_is_asked_for_approved_and_held_and_two_people_did_it() {
    let house = House::new();
    let id = house.take_in(&summons(&["ALT_USCIS"]));
    house.until_notice(&id);
    house.desk("clerk", &["consent", &id]);
    assert!(
        house
            .refused("clerk", &["determine", &id, "--produce", "--by-consent"])
            .contains("determines")
    );
    house.desk("alice", &["determine", &id, "--produce", "--by-consent"]);
    assert!(
        house
            .refused("alice", &["approve", &id])
            .contains("second person")
    );
    house.desk("carol", &["approve", &id]);
    house.desk("alice", &["ready", &id, "--redact", "0:accounts.display_name:1"]);
    let out = house.path("archive.age").display().to_string();
    let to = house.identity.to_public().to_string();
    assert!(
        house
            .refused("alice", &["produce", &id, "--to", &to, "--out", &out])
            .contains("second person")
    );
    assert!(
        house
            .refused("bob", &["produce", &id, "--to", "age1nobody", "--out", &out])
            .contains("age public key")
    );
    house.desk("bob", &["produce", &id, "--to", &to, "--out", &out]);
    let archive = house.open(Path::new(&out));
    let text = String::from_utf8_lossy(&archive);
    assert!(text.contains("ALT_USCIS") && text.contains("[redacted]") && text.contains("never collected"));
    assert!(
        !text.contains("argon2id") && !text.contains("joined_month"),
        "nothing more than was asked for"
    );
    let columns: Vec<Value> = house.desk("bob", &["manifests", &id])[0]["items"]
        .as_array()
        .expect("items")
        .clone();
    let columns: BTreeSet<&str> = columns
        .iter()
        .filter_map(|item| item["column"].as_str())
        .collect();
    assert_eq!(
        columns,
        BTreeSet::from(["accounts.display_name", "accounts.handle"])
    );
    assert_eq!(house.desk("bob", &["close", &id])["position"], "closed");
}

#[test]
fn of_two_officers_who_race_the_second_is_told_so() {
    let house = House::new();
    let id = house.take_in(&summons(&["ALT_USCIS", "nobody_of_this_name"]));
    let seen = house.desk("clerk", &["show", &id])["events"].to_string();
    house.desk("clerk", &["hold", &id, "--expect", &seen]);
    let late = house.refused(
        "alice",
        &["hold", &id, "--nothing", "--reason", "r", "--expect", &seen],
    );
    assert!(late.contains("Somebody else"), "{late}");
    let shown = house.desk("clerk", &["show", &id]);
    assert_eq!(
        (&shown["events"], &shown["hold"]["held"]),
        (&json!(2), &json!("sealed_copy"))
    );
    assert_eq!(shown["targets"][1]["exists"], false);
    let nonsense = house.file("nonsense.json", b"{\"instrument\": \"a nod\", \"served\": {\"on\": \"x\", \"by\": \"y\"}, \"requested\": [\"z\"], \"targets\": [\"a\"]}");
    house.refused("clerk", &["intake", &nonsense]);
    assert_eq!(
        house.desk("clerk", &["list"]).as_array().map(Vec::len),
        Some(1),
        "nothing half done"
    );
}

/// Invariant 14, as far as this server speaks to anybody: the user, a stranger and a moderator.
#[test]
fn a_gagged_demand_changes_no_byte_for_anybody_but_its_officers() {
    let house = House::new();
    house
        .server
        .done(&["account", "create", "mod", "--role", "moderator"]);
    let user = house.server.token("ALT_USCIS", "read");
    let moderator = house.server.token("mod", "read");
    let everything = || -> Vec<(String, u16, Vec<u8>)> {
        let mut all = Vec::new();
        for token in [None, Some(&user), Some(&moderator)] {
            for path in [
                "/",
                "/about",
                "/privacy",
                "/@ALT_USCIS",
                "/@server",
                "/health",
                "/metrics",
                "/api/v1/notifications",
                "/api/v1/conversations",
                "/api/v1/timelines/home",
                "/api/v1/accounts/lookup?acct=ALT_USCIS",
                "/api/v2/instance",
                "/nodeinfo/2.0",
                "/@ALT_USCIS.atom",
                "/@ALT_USCIS.rss",
                "/@ALT_USCIS.json",
                "/report",
                "/report/feed.atom",
                "/report/data/report.json",
                "/cases",
                "/local",
                "/api/v1/timelines/public",
                "/api/v1/streaming/health",
            ] {
                let mut client = house.server.client();
                if let Some(token) = token {
                    client = client.with_token(token);
                }
                let answer = client.get(path);
                all.push((path.to_owned(), answer.status, answer.body));
            }
        }
        let held = house
            .server
            .done(&["inventory", "holdings", "ALT_USCIS", "--json"]);
        all.push(("holdings".to_owned(), 0, held.into_bytes()));
        all
    };
    let before = everything();
    let mut order = summons(&["ALT_USCIS"]);
    order["instrument"] = json!("search warrant");
    order["non_disclosure"] = json!("order");
    let id = house.take_in(&order);
    let paper = house.file("order.txt", b"It is ordered that nobody be told.");
    let gag = [
        "gag",
        &id,
        "--order",
        &paper,
        "--court",
        "D. Court",
        "--on",
        "2026-11-01",
        "--ends",
        "2099-01-01",
    ];
    house.desk("alice", &[&gag[..], &["--named", "clerk"]].concat());
    assert!(
        house.refused("bob", &["show", &id]).contains("nothing here"),
        "he is not named"
    );
    assert_eq!(house.desk("bob", &["list"]), json!([]));
    house.desk("clerk", &["hold", &id]);
    house.desk(
        "clerk",
        &["verify", &id, "--note", "on the docket", "--how", "court-record"],
    );
    house.desk("clerk", &["review", &id, "--record"]);
    house.desk("clerk", &["scope", &id]);
    assert_eq!(
        house.desk("clerk", &["notice", &id])["position"],
        "notice_delayed"
    );
    assert_eq!(before, everything());
    // Only a court's document ends it; then the user is told.
    assert!(house.refused("alice", &["close", &id]).contains("can't happen"));
    house.desk(
        "alice",
        &[
            "gag",
            &id,
            "--order",
            &paper,
            "--court",
            "D. Court",
            "--on",
            "2026-11-20",
            "--lift",
        ],
    );
    assert_eq!(house.desk("bob", &["notice", &id])["position"], "noticed");
    assert_ne!(before, everything());
}

#[test]
fn a_key_that_nobody_else_has_opens_a_paper() {
    let house = House::new();
    let id = house.take_in(&summons(&["ALT_USCIS"]));
    for (lie, says) in [
        (&b"the fax of 14 March"[..], "neither a PDF nor a picture"),
        (b"%PDF-1.7\nnothing but a name", "cut off"),
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\xff\xff\xff\0\xff\xff\xff\x08\x02\0\0\0",
            "can't be read",
        ),
    ] {
        let lie = house.file("lie.pdf", lie);
        let refused = house.refused("clerk", &["paper", &id, "--add", &lie]);
        assert!(refused.contains(says), "{refused}");
    }
    assert_eq!(
        house.desk("clerk", &["paper", &id]),
        json!([]),
        "nothing was kept"
    );
    let letter = house.path("fax.pdf").display().to_string();
    house.server.done(&[
        "desk",
        "letter",
        &id,
        "first-hour",
        "--format",
        "pdf",
        "--out",
        &letter,
    ]);
    let fax = std::fs::read(&letter).expect("the paper");
    let paper = house.desk("clerk", &["paper", &id, "--add", &letter, "--name", "fax"]);
    let out = house.path("fax.age");
    let number = paper["paper"].as_str().expect("a number");
    house.desk(
        "clerk",
        &["paper", &id, "--get", number, "--out", &out.display().to_string()],
    );
    assert!(house.open(&out).ends_with(&fax));
    let note = house.file("note.txt", b"our weak point");
    house.refused("clerk", &["paper", &id, "--add", &note, "--counsel-note"]);
    let secret = house.identity.to_string();
    assert!(secret.expose_secret().starts_with("AGE-SECRET-KEY-"));
    house.server.done(&[
        "desk",
        "officer",
        "carol",
        "--key",
        &house.identity.to_public().to_string(),
    ]);
    let note = house.desk("carol", &["paper", &id, "--add", &note, "--counsel-note"]);
    let number = note["paper"].as_str().expect("a number");
    let out = house.path("note.age").display().to_string();
    assert!(
        house
            .refused("alice", &["paper", &id, "--get", number, "--out", &out])
            .contains("counsel")
    );
    let shown = house.desk("alice", &["show", &id]).to_string();
    assert!(
        !shown.contains("counsel_note") && !shown.contains("weak point"),
        "no event tells of it"
    );
}
