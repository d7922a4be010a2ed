//! The case of 2017 from the intake to the public log, through the real program: the promise at once, the receipt later, for
//! whoever issued the demand, for the user and for counsel; the whole record checked offline and over the network, with
//! witnesses; and each kind of tampering found with the status that is documented.

#[path = "log_house/alone.rs"]
mod alone;
mod log_house;

use std::fs;

use log_house::{House, Verdict, alter, sealed_to};
use serde_json::Value;

#[test]
fn a_promise_comes_at_once_and_the_receipt_follows() {
    let mut house = House::new();
    let taken = house.desk(&["intake", &house.summons(), "--json"]);
    let id = taken["id"].as_str().expect("an id").to_owned();
    let promise = house.file(
        "issuer.promise",
        taken["promise"].as_str().expect("a promise").as_bytes(),
    );
    // Given again it is the same promise: nobody learns from it what else waits.
    let again = house.desk(&["receipt", &id, "--json"]);
    assert_eq!(
        (&again["kind"], &again["text"]),
        (&"promise".into(), &taken["promise"])
    );
    let letter = house.server.done(&["desk", "letter", &id, "acknowledgement"]);
    assert!(letter.contains("Enclosed: a promise"), "{letter}");

    // The user has nothing before the notice, and both promises with it.
    assert!(!house.notices().contains("/notices/"));
    house.until_notice(&id);
    let notice = house.notice_path();
    let page = house.browser().get(&notice);
    let links = page.links();
    let files: Vec<&str> = links
        .iter()
        .map(|(_, target)| target.as_str())
        .filter(|target| target.contains("/receipt/"))
        .collect();
    assert_eq!(files.len(), 2, "{links:?}");
    assert!(page.says("Signed promise"), "{}", page.text());
    assert_eq!(page.lint(), Vec::<String>::new());
    let told = house.fetch(&format!("{notice}/receipt/notice"));
    assert!(told.starts_with("bauta.ledger/promise/v1\n"), "{told}");
    assert_eq!(
        house.fetch(&format!("{notice}/receipt/demand")),
        taken["promise"].as_str().expect("text")
    );
    for hidden in ["/receipt/officer", "/receipt/", "0/receipt/demand"] {
        assert_eq!(house.status(&format!("{notice}{hidden}")), 404, "{hidden}");
    }
    // Nobody else's.
    assert_eq!(
        house
            .server
            .client()
            .get(&format!("{notice}/receipt/notice"))
            .status,
        303
    );

    // Counsel's copy carries them.
    let counsel = age::x25519::Identity::generate();
    let link = house.name_counsel(&notice, &counsel.to_public().to_string());
    let pickup: Value = serde_json::from_slice(&sealed_to(&counsel, &house.pick_up(&link))).expect("JSON");
    assert_eq!(pickup["proofs"][1], told, "{pickup}");

    house.pass_hours();
    let told_promise = house.file("user.promise", told.as_bytes());
    let receipt = house.path("issuer.tlog-proof");
    house.server.done(&["desk", "receipt", &id, "--out", &receipt]);
    let user_receipt = house.file(
        "user.tlog-proof",
        house.fetch(&format!("{notice}/receipt/notice")).as_bytes(),
    );
    assert!(house.browser().get(&notice).says("Receipt leaf") || house.browser().get(&notice).says("leaf"));
    let steps = house.desk(&["receipt", &id, "--list", "--json"]);
    assert!(
        steps
            .as_array()
            .is_some_and(|all| all.len() >= 6 && all.iter().all(|step| step["leaf"].is_u64())),
        "{steps}"
    );
    let letter = house.server.done(&["desk", "letter", &id, "acknowledgement"]);
    assert!(letter.contains("Enclosed: the receipt"), "{letter}");
    let site = house.site();
    for files in [[&promise, &receipt], [&told_promise, &user_receipt]] {
        let verdict = House::verify(&site, &["--receipt", files[0], "--receipt", files[1]]);
        assert_eq!(verdict.status, 0, "{verdict:?}");
        assert_eq!(
            (&verdict.said["promises"], &verdict.said["receipts"]),
            (&1.into(), &1.into())
        );
    }
}

#[test]
fn the_whole_case_verifies_from_a_folder_and_from_the_server_and_no_change_goes_unseen() {
    let mut house = House::with_witness();
    let id = house.play_the_case();
    house.publish_a_copy(&id);
    house.pass_hours();
    let earlier = house.file(
        "earlier",
        house.server.client().get("/log/checkpoint").body.as_slice(),
    );
    house.pass_hours();
    house.until_cosigned();
    let receipt = house.path("receipt");
    house.server.done(&["desk", "receipt", &id, "--out", &receipt]);
    let policy = house.reader_policy();
    let asked = ["--policy", &policy, "--receipt", &receipt, "--previous", &earlier];
    let folder = house.report("report");
    for place in [&folder, &house.site()] {
        let verdict = House::verify(place, &asked);
        assert_eq!(verdict.status, 0, "{place}: {verdict:?}");
        let said = &verdict.said;
        assert_eq!(
            (&said["demands"], &said["replayed"], &said["receipts"]),
            (&1.into(), &1.into(), &1.into())
        );
        assert_eq!(
            (&said["witnesses"], &said["own_policy"]),
            (&serde_json::json!(["w"]), &false.into())
        );
        assert!(said["earlier_checkpoints"].as_u64() > Some(1), "{said}");
    }
    let demands = fs::read_to_string(format!("{folder}/report/data/demands.csv")).expect("the data");
    assert_eq!(demands.lines().count(), 2, "{demands}");

    // Each file, changed, and what the check says then.
    let check = || House::verify(&folder, &asked);
    let tamper = |path: &str, expected: &[u8]| {
        let restore = alter(&format!("{folder}/{path}"));
        let verdict = check();
        assert!(expected.contains(&verdict.status), "{path}: {verdict:?}");
        restore();
    };
    let lines = fs::read_to_string(format!("{folder}/log/checkpoint")).expect("a checkpoint");
    // In the text that is signed; the lines of signatures come further below.
    fs::write(
        format!("{folder}/log/checkpoint"),
        lines.replacen("localhost/log", "localhost/lag", 1),
    )
    .expect("written");
    assert_eq!(check().status, 1);
    fs::write(format!("{folder}/log/checkpoint"), &lines).expect("written");
    for tile in House::newest_tiles(&folder) {
        tamper(&tile, &[2]);
    }
    tamper("log/openings/000", &[3]);
    for file in [
        "report/report.json",
        "report/data/demands.csv",
        "report/datapackage.json",
    ] {
        tamper(file, &[4]);
    }
    let copy = House::files_below(&format!("{folder}/report/documents"));
    assert_eq!(copy.len(), 1, "{copy:?}");
    let restore = alter(&copy[0]);
    assert_eq!(check().status, 3);
    restore();
    // The log's and the witness's known signatures.
    for (name, expected) in [("localhost/log", 1), ("w.localhost", 1)] {
        let forged = forge(&lines, name);
        fs::write(format!("{folder}/log/checkpoint"), forged).expect("written");
        assert_eq!(check().status, expected, "{name}");
    }
    // Without the witness's line there are too few.
    let without: String = lines
        .split_inclusive('\n')
        .filter(|line| !line.contains("w.localhost"))
        .collect();
    fs::write(format!("{folder}/log/checkpoint"), without).expect("written");
    assert_eq!(check().status, 6);
    fs::write(format!("{folder}/log/checkpoint"), &lines).expect("written");
    // What the reader brings: a receipt and a checkpoint that are not what they were.
    let restore = alter(&receipt);
    assert!([1, 3].contains(&check().status));
    restore();
    let restore = alter(&earlier);
    assert_eq!(check().status, 1);
    restore();
    let Verdict { status, said } = check();
    assert_eq!(status, 0, "all is as it was: {said}");
}

/// A bit of a signature, in the middle of the base64.
fn forge(checkpoint: &str, name: &str) -> String {
    let line = checkpoint
        .lines()
        .find(|line| line.starts_with('\u{2014}') && line.contains(name))
        .expect("it signed");
    let mut bytes = line.as_bytes().to_vec();
    let at = bytes.len() - 20;
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    checkpoint.replace(line, &String::from_utf8(bytes).expect("ASCII after the dash"))
}

#[test]
fn wrong_use_of_the_check_has_a_status_of_its_own() {
    let house = House::new();
    for wrong in [
        &["verify"][..],
        &["verify", "--policy"],
        &["verify", ".", "--no-such-flag"],
        &["verify", ".", "second"],
        &["verify", "no-such-folder"],
        &["verify", ".", "--policy", "no-such-file"],
        &["verify", ".", "--receipt", "no-such-file"],
    ] {
        let outcome = house.program(wrong);
        assert_eq!(outcome.0, Some(64), "{wrong:?}: {}", outcome.1);
        assert!(!outcome.1.trim().is_empty());
    }
    assert_eq!(house.program(&["verify", "--help"]).0, Some(0));
    assert_eq!(house.program(&["ledger", "--no-such-flag"]).0, Some(2));
}

#[test]
fn the_operator_answers_for_what_lies_outside_line_by_line() {
    let house = House::new();
    let taken = house.desk(&["intake", &house.summons()]);
    let id = taken["id"].as_str().expect("an id").to_owned();
    let asked = house.desk(&["outside", &id]);
    let of_addresses = |asked: &Value| -> Vec<Value> {
        let all = asked.as_array().cloned().unwrap_or_default();
        let all = all
            .into_iter()
            .filter(|line| line["requested"] == "I.P. addresses");
        all.collect()
    };
    let lines = of_addresses(&asked);
    let about: Vec<&str> = lines.iter().filter_map(|line| line["about"].as_str()).collect();
    assert_eq!(about, ["host", "proxy", "tor"]);
    let line = lines[0]["line"].to_string();
    let words = "Our hoster keeps flow records for seven days; we can't read them.";
    let state = |line: &str, about: &str, words: &str| {
        let arguments = [
            "desk", "outside", &id, "--line", line, "--about", about, "--say", words,
        ];
        house.server.cli(&arguments)
    };
    // Only what the line asks about, never for an umbrella, never without words, and never typed as a bare fact.
    for (line, about, words) in [
        (line.as_str(), "mail", words),
        ("0", "host", words),
        ("99", "host", words),
        (line.as_str(), "host", " "),
        (line.as_str(), "host", &"x".repeat(5000)),
    ] {
        let refused = state(line, about, words);
        assert_eq!(refused.status.code(), Some(1), "{line} {about}");
        assert_eq!(refused.stderr.trim_end().lines().count(), 1, "{}", refused.stderr);
    }
    let typed = format!(
        "{{\"process\": {{\"outside_stated\": {{\"line\": {line}, \"about\": \"host\", \"statement\": \"x\"}}}}}}"
    );
    let typed = house.file("fact.json", typed.as_bytes());
    assert_eq!(
        house.server.cli(&["desk", "record", &id, &typed]).status.code(),
        Some(1)
    );
    assert_eq!(house.desk(&["show", &id])["events"], 1, "nothing half done");

    assert_eq!(state(&line, "host", words).status.code(), Some(0));
    let mut browser = house.officer();
    let page = browser.get(&format!("/desk/{id}/outside"));
    assert_eq!(page.lint(), Vec::<String>::new());
    assert!(page.says(words) && page.says("Stated"), "{}", page.text());
    let question = lines[1]["question"].as_str().expect("a question");
    let label = format!("I.P. addresses : {question}");
    let no_proxy = "No proxy stands in front of this server.";
    let form = page.form("State this");
    let answered = browser.submit(&form.fill(&label, no_proxy));
    assert_eq!(answered.status(), 200, "{}", answered.text());
    // Two who answer at once: the second is told so.
    let late = browser.submit(&page.form("State this").fill(&label, "Other words."));
    assert!(
        late.status() == 422 && late.says("Somebody else"),
        "{}",
        late.text()
    );
    let shown = house.desk(&["show", &id]);
    let last = shown["timeline"]
        .as_array()
        .and_then(|all| all.last())
        .cloned()
        .expect("events");
    assert_eq!(
        (&last["what"], &last["officer"]),
        (&"process.outside_stated".into(), &"alice".into())
    );
    assert_eq!(shown["events"], 3, "what stayed the same was not stated again");

    let said = of_addresses(&house.desk(&["outside", &id]));
    assert_eq!(said[0]["statement"]["words"], words);
    assert_eq!(said[1]["statement"]["words"], no_proxy);
    assert!(
        said[1]["statement"]["at"]
            .as_str()
            .is_some_and(|at| at.ends_with('Z'))
    );
    let letter = house.server.done(&["desk", "letter", &id, "what-we-hold"]);
    let letter = letter.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        letter.contains("The operator's own statement, of") && letter.contains(no_proxy),
        "{letter}"
    );
    assert!(
        letter.contains("[the operator answers this line in their own words]"),
        "Tor's is still open"
    );
    assert!(browser.get(&format!("/desk/{id}")).says(no_proxy));
}
