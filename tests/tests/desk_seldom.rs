//! What a desk does seldom, through the real command line: an emergency, an order to preserve, a court's override.

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
        let all = [&["desk"], arguments, &["--officer", officer, "--json"]].concat();
        serde_json::from_str(&self.server.done(&all)).expect("it is JSON")
    }

    fn refused(&self, officer: &str, arguments: &[&str]) -> String {
        let all = [&["desk"], arguments, &["--officer", officer]].concat();
        let outcome = self.server.cli(&all);
        assert_eq!(outcome.status.code(), Some(1), "{arguments:?}");
        outcome.stderr
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
