//! An operator's own rules beside the built-in ones: read at the start, used by the desk, by its letters and by /legal; and
//! a pack that contradicts itself, with which nothing starts.

use std::fs;
use std::path::Path;
use std::process::Command;

use bauta_tests::server::{Bauta, program};
use serde_json::{Value, json};

/// A harbour's own instrument, which no built-in file has.
fn harbour(folder: &Path) {
    let informal = fs::read_to_string("../rules/informal_request.toml").expect("the rules of the repository");
    let own = informal
        .replace("id = \"informal_request\"", "id = \"harbour_letter\"")
        .replace("name = \"Informal request\"", "name = \"Harbour letter\"");
    let own: String = own
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("aliases"))
        .collect();
    fs::write(folder.join("harbour_letter.toml"), own).expect("written");
}

/// A folder with a configuration that names a folder of rules.
fn configured() -> (tempfile::TempDir, std::path::PathBuf, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = folder.path().join("rules");
    fs::create_dir(&rules).expect("a folder");
    let config = folder.path().join("bauta.toml");
    fs::write(&config, format!("[legal]\nrules = '{}'\n", rules.display())).expect("written");
    let config = config.display().to_string();
    (folder, rules, config)
}

#[test]
fn own_rules_are_those_of_the_desk_its_letters_and_the_page_for_officials() {
    let (folder, rules, config) = configured();
    harbour(&rules);
    let server = Bauta::setup().argument("--config").argument(&config).start();
    server.done(&["account", "create", "ALT_USCIS"]);
    let demand = json!({
        "instrument": "harbour letter",
        "authority": "",
        "issuer": "Harbour office",
        "served": {"on": "2017-03-14", "by": "mail"},
        "requested": ["phone numbers"],
        "targets": ["ALT_USCIS"],
    });
    let file = folder.path().join("demand.json");
    fs::write(&file, demand.to_string()).expect("written");
    let file = file.display().to_string();
    let taken = server.done(&["desk", "intake", &file, "--json"]);
    let id = serde_json::from_str::<Value>(&taken).expect("JSON")["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let review: Value = serde_json::from_str(&server.done(&["desk", "review", &id, "--json"])).expect("JSON");
    let hash = review["rules"].as_str().expect("a hash");
    let shown: Value = serde_json::from_str(&server.done(&["desk", "show", &id, "--json"])).expect("JSON");
    assert_eq!(shown["demand"]["instrument"], "harbour_letter");
    let letter = server.done(&["desk", "letter", &id, "what-we-hold"]);
    assert!(
        letter.contains("Harbour letter") && letter.replace(['\n', ' '], "").contains(hash),
        "{letter}"
    );
    let official = server.client().get("/legal").text();
    assert!(official.contains("Harbour letter") && official.contains(hash));
    let report = server.client().get("/report").text();
    assert!(
        report.contains(hash) && report.contains("harbour_letter"),
        "{report}"
    );
    // Without them the program knows no such paper, and another hash.
    let plain = Bauta::start();
    plain.done(&["account", "create", "ALT_USCIS"]);
    let refused = plain.cli(&["desk", "intake", &file]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(refused.stderr.contains("harbour letter"), "{}", refused.stderr);
    assert!(!plain.client().get("/legal").text().contains(hash));
}

#[test]
fn with_rules_that_contradict_themselves_nothing_starts_and_one_line_says_why() {
    let (folder, rules, config) = configured();
    let civil = fs::read_to_string("../rules/civil_subpoena.toml").expect("the rules of the repository");
    let broken = civil.replace("\"us_federal\"", "\"moon\"");
    assert_ne!(broken, civil);
    fs::write(rules.join("civil_subpoena.toml"), broken).expect("written");
    let output = Command::new(program())
        .args(["serve", "--listen", "127.0.0.1:0", "--config", &config, "--data"])
        .arg(folder.path().join("data"))
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(
        said.contains("civil_subpoena.toml") && said.contains("moon"),
        "{said}"
    );
    assert!(!folder.path().join("data").exists(), "nothing half done");
}
