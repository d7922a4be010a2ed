//! What a desk does seldom, through the real command line: an emergency, an order to preserve, a court's override,
//! what further courts do, and dates and rules that change.

use bauta_tests::desk;
use bauta_tests::server::Bauta;
use serde_json::{Value, json};

struct House {
    server: Bauta,
    folder: tempfile::TempDir,
}

impl House {
    fn new() -> Self {
        let server = Bauta::setup().without_rate_limits().start();
        server.done(&["account", "create", "ALT_USCIS"]);
        for (officer, role) in [("clerk", "intake"), ("alice", "determine"), ("bob", "produce")] {
            server.done(&["account", "create", officer, "--role", role]);
        }
        let folder = tempfile::tempdir().expect("a folder");
        Self { server, folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn desk(&self, officer: &str, arguments: &[&str]) -> Value {
        desk::step(&self.server, officer, arguments)
    }

    fn refused(&self, officer: &str, arguments: &[&str]) -> String {
        desk::refused(&self.server, officer, arguments)
    }

    /// A demand of an instrument, with its hold decided.
    fn held(&self, instrument: &str) -> String {
        let demand = json!({
            "instrument": instrument, "issuer": "Harbour Police", "signed_by_judge": true, "signed": true,
            "served": {"on": "2026-11-01", "by": "fax"}, "requested": ["user names"], "targets": ["ALT_USCIS"],
        });
        let file = self.path("demand.json");
        std::fs::write(&file, demand.to_string()).expect("it can be written");
        let taken = self.desk("clerk", &["intake", &file]);
        let id = taken["id"].as_str().expect("an id").to_owned();
        self.desk("clerk", &["hold", &id]);
        id
    }
}

#[test]
fn an_emergency_is_disclosed_by_two_people_after_a_call_back() {
    let house = House::new();
    let id = house.held("emergency request");
    house.desk(
        "clerk",
        &["emergency", &id, "ask", "--reason", "a threat by telephone"],
    );
    house.desk("clerk", &["scope", &id]);
    let approve = ["emergency", &id, "approve", "--reason", "a recording"];
    assert!(house.refused("alice", &approve).contains("called back"));
    house.desk("clerk", &["verify", &id, "--note", "the directory"]);
    assert!(house.refused("clerk", &approve).contains("determines"));
    house.desk("alice", &approve);
    let to = age::x25519::Identity::generate().to_public().to_string();
    let out = house.path("given.age");
    let disclose = ["produce", &id, "--emergency", "--to", &to, "--out", &out];
    assert!(house.refused("alice", &disclose).contains("produces"));
    house.desk("bob", &disclose);
    let given = std::fs::read(&out).expect("the archive");
    assert!(given.starts_with(b"age-encryption.org/v1"));
    let shown = house.desk("clerk", &["show", &id]);
    assert_eq!(shown["position"], "emergency_disclosed");
    assert!(
        house.refused("clerk", &["close", &id]).contains("otice"),
        "notice is owed"
    );
    let summons = house.held("administrative summons");
    let ask = ["emergency", &summons, "ask", "--reason", "x"];
    assert!(house.refused("clerk", &ask).contains("emergency"));
}

#[test]
fn records_are_preserved_longer_and_let_go() {
    let house = House::new();
    let id = house.held("preservation request");
    let handle = "accounts.handle";
    let other = ["preserve", &id, "--column", "posts.text", "--until", "2099-01-01"];
    assert!(house.refused("clerk", &other).contains("was not asked for"));
    let never = ["preserve", &id, "--column", handle, "--until", "soon"];
    assert!(house.refused("clerk", &never).contains("is no day"));
    house.desk(
        "clerk",
        &["preserve", &id, "--column", handle, "--until", "2099-01-01"],
    );
    house.desk("clerk", &["preserve", &id, "--until", "2099-02-01"]);
    house.desk("clerk", &["preserve", &id, "--release"]);
    let again = ["preserve", &id, "--release"];
    assert!(
        house.refused("clerk", &again).contains("can't happen"),
        "they are gone"
    );
}

#[test]
fn a_court_puts_one_guard_aside_when_two_officers_enter_it() {
    let house = House::new();
    let id = house.held("court order");
    house.desk(
        "clerk",
        &["verify", &id, "--how", "court-record", "--note", "the docket"],
    );
    house.desk("clerk", &["review", &id, "--record"]);
    house.desk("clerk", &["scope", &id]);
    let order = house.path("order.txt");
    std::fs::write(&order, "It is ordered.").expect("it can be written");
    let enter = [
        "override",
        &id,
        "--guard",
        "window",
        "--step",
        "production",
        "--document",
        &order,
        "--court",
        "D. Court",
        "--on",
        "2026-11-02",
    ];
    assert!(house.refused("bob", &enter).contains("determines"));
    house.desk("alice", &enter);
    let agree = ["approve", &id, "--step", "court_order"];
    assert!(house.refused("alice", &agree).contains("second person"));
    assert!(house.refused("bob", &agree).contains("determines"));
    house
        .server
        .done(&["account", "create", "dora", "--role", "determine"]);
    house.desk("dora", &agree);
}

#[test]
fn courts_dates_and_rules_are_entered_as_they_come() {
    let house = House::new();
    let id = house.held("court order");
    let checked = ["verify", &id, "--how", "court-record", "--note", "the docket"];
    house.desk("clerk", &checked);
    house.desk("clerk", &["review", &id, "--record"]);
    let nameless = [
        "deadline",
        &id,
        "Not Even!",
        "--until",
        "2026-12-01",
        "--reason",
        "a call",
    ];
    assert!(house.refused("clerk", &nameless).contains("small letters"));
    let set = [
        "deadline",
        &id,
        "answer",
        "--until",
        "2026-12-01",
        "--binds",
        "--reason",
        "a call",
    ];
    house.desk("clerk", &set);
    let shown = house.desk("clerk", &["show", &id]);
    let dates = shown["deadlines"].as_array().expect("dates");
    let answer = dates
        .iter()
        .find(|date| date["name"] == "answer")
        .expect("it is there");
    assert_eq!(answer["binds"], true);
    assert_eq!(answer["how"]["zone"], "America/New_York");
    assert_eq!(answer["at"], "2026-12-02T04:59:00Z", "the end of the day, there");

    // Other rules for it take two people.
    house.desk("alice", &["terms", &id, "--reason", "the rules were corrected"]);
    let agree = ["approve", &id, "--step", "terms"];
    assert!(house.refused("alice", &agree).contains("second person"));
    house
        .server
        .done(&["account", "create", "carol", "--role", "counsel"]);
    house.desk("carol", &agree);
    // What was read under the old ones is read again.
    house.desk("clerk", &["review", &id, "--record"]);

    house.desk("clerk", &["scope", &id]);
    let order = house.path("order.txt");
    std::fs::write(&order, "It is so ordered.").expect("it can be written");
    let paper = ["--document", &order, "--court", "D. Court", "--on", "2026-11-10"];
    house.desk("clerk", &["enforcement", &id, "--court", "D. Court"]);
    let wider = [&["court", &id, "narrowed", "--line", "0=posts"][..], &paper].concat();
    assert!(
        house.refused("clerk", &wider).contains("lie within"),
        "no wider than it was"
    );
    let narrowed = [&["court", &id, "narrowed", "--line", "0=user names"][..], &paper].concat();
    assert_eq!(house.desk("clerk", &narrowed)["position"], "enforced");
    let higher = house.desk("clerk", &["appeal", &id, "--court", "Ct. App."]);
    assert_eq!(higher["position"], "under_review");
    let quashed = [&["court", &id, "quashed"][..], &paper].concat();
    assert_eq!(house.desk("clerk", &quashed)["position"], "quashed");

    let filed = [
        "case",
        &id,
        "file",
        "--court",
        "D. Court",
        "--docket",
        "1",
        "--on",
        "2026-11-02",
    ];
    house.desk("clerk", &filed);
    let judged = [&["case", &id, "judge"][..], &paper].concat();
    house.desk("clerk", &judged);
    house.desk("clerk", &["case", &id, "appeal", "--court", "Ct. App."]);
    let shown = house.desk("clerk", &["show", &id]);
    assert_eq!(shown["cases"][0]["position"], "appealed");
    house.desk("clerk", &["effect", &id]);
    let typed = house.path("typed.json");
    std::fs::write(
        &typed,
        json!({"process": {"seconded": {"step": "terms", "second": "officer"}}}).to_string(),
    )
    .expect("it can be written");
    assert!(
        house
            .refused("carol", &["record", &id, &typed])
            .contains("never typed")
    );
}

#[test]
fn a_court_leaves_a_gag_in_force_and_an_officer_is_let_in() {
    let house = House::new();
    let id = house.held("search warrant");
    let order = house.path("order.txt");
    std::fs::write(&order, "It is ordered.").expect("it can be written");
    let paper = ["--order", &order, "--court", "D. Court", "--on", "2026-11-01"];
    let gag = [&["gag", &id][..], &paper, &["--ends", "2099-01-01"]].concat();
    house.desk("alice", &gag);
    assert!(house.refused("bob", &["show", &id]).contains("nothing here"));
    assert!(
        house
            .refused("alice", &["let-in", &id, "--named", "nobody"])
            .contains("no officer")
    );
    house.desk("alice", &["let-in", &id, "--named", "bob"]);
    let upheld = [&["gag", &id, "--uphold"][..], &paper, &["--ends", "2098-01-01"]].concat();
    house.desk("bob", &upheld);
    let shown = house.desk("bob", &["show", &id]);
    assert_eq!(
        (&shown["gag"]["position"], &shown["gag"]["ends"]),
        (&json!("upheld"), &json!("2098-01-02T00:00:00Z"))
    );
    house.desk("alice", &["defer-log", &id, "--reason", "until it ends"]);
    house.desk("alice", &["defer-log", &id, "--resume"]);
    let narrowed = [&["gag", &id, "--narrow", "--user-may-know"][..], &paper].concat();
    house.desk("alice", &narrowed);
    let shown = house.desk("alice", &["show", &id]);
    assert_eq!(
        (&shown["gag"]["position"], &shown["gag"]["ends"]),
        (&json!("narrowed"), &json!("2098-01-02T00:00:00Z")),
        "the court set no other day"
    );
}
