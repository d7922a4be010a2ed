//! What is wrong comes in as it is, or is refused in one line with status 1; nothing is lost and nothing half done.

#[expect(
    dead_code,
    reason = "these tests need the desk of that house, and not its log"
)]
mod log_house;

use std::fs;

use log_house::House;
use serde_json::{Value, json};

/// The paper, with some of it changed.
fn taken(house: &House, changes: &Value) -> String {
    let text = fs::read_to_string(house.summons()).expect("it was written");
    let mut demand: Value = serde_json::from_str(&text).expect("JSON");
    for (field, value) in changes.as_object().expect("fields") {
        demand[field] = value.clone();
    }
    let file = house.file("changed.json", demand.to_string().as_bytes());
    let taken = house.desk(&["intake", &file]);
    taken["id"].as_str().expect("an id").to_owned()
}

fn codes(review: &Value) -> Vec<&str> {
    let defects = review["defects"].as_array().into_iter().flatten();
    defects.filter_map(|defect| defect["code"].as_str()).collect()
}

/// A step that is refused: one line, status 1, and the demand as it was.
fn refused(house: &House, id: &str, arguments: &[&str]) -> String {
    let events = |house: &House| house.desk(&["show", id])["events"].clone();
    let before = events(house);
    let outcome = house.server.cli(&[&["desk"], arguments].concat());
    assert_eq!(outcome.status.code(), Some(1), "{arguments:?}");
    assert_eq!(outcome.stderr.trim_end().lines().count(), 1, "{}", outcome.stderr);
    assert_eq!(events(house), before, "{arguments:?} is half done");
    outcome.stderr
}

#[test]
fn impossible_dates_are_kept_as_received_and_flagged() {
    let house = House::new();
    let id = taken(
        &house,
        &json!({"due": "2017-02-30", "served": {"on": "the ides of March", "by": "fax"}}),
    );
    let review = house.desk(&["review", &id]);
    assert!(codes(&review).contains(&"impossible_date"), "{review}");
    assert_eq!(review["deadlines"], json!([]), "nothing is counted from it");
    let shown = house.desk(&["show", &id]);
    assert_eq!(
        (&shown["demand"]["due"], &shown["demand"]["served"]["on"]),
        (&"2017-02-30".into(), &"the ides of March".into())
    );
    let letter = house.server.done(&["desk", "letter", &id, "acknowledgement"]);
    assert!(letter.contains("the ides of March"), "{letter}");
}

#[test]
fn several_accounts_and_unknown_ones_take_the_same_path() {
    let house = House::new();
    let several = taken(
        &house,
        &json!({"targets": ["ALT_USCIS", "nobody_here", "not a handle!", "alt_uscis"]}),
    );
    let shown = house.desk(&["show", &several]);
    let exist: Vec<bool> = shown["targets"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| one["exists"].as_bool())
        .collect();
    assert_eq!(exist, [true, false, false], "each once");
    let nobody = taken(&house, &json!({"targets": ["nobody_here"]}));
    let (known, unknown) = (taken(&house, &json!({})), house.desk(&["review", &nobody]));
    let known = house.desk(&["review", &known]);
    assert!(codes(&unknown).contains(&"no_such_target") && !codes(&known).contains(&"no_such_target"));
    let shape = |review: &Value| -> Vec<(Value, Value)> {
        let lines = review["holdings"].as_array().into_iter().flatten();
        lines
            .map(|line| (line["requested"].clone(), line["status"].clone()))
            .collect()
    };
    assert_eq!(shape(&known), shape(&unknown), "the same statements");
    house.until_notice(&nobody);
    let text = fs::read_to_string(house.summons()).expect("it was written");
    let mut demand: Value = serde_json::from_str(&text).expect("JSON");
    demand["targets"] = json!([]);
    let file = house.file("none.json", demand.to_string().as_bytes());
    assert_eq!(
        house.server.cli(&["desk", "intake", &file]).status.code(),
        Some(1)
    );
}

#[test]
fn an_umbrella_is_answered_by_nothing() {
    let house = House::new();
    let id = taken(&house, &json!({"requested": ["any and all records"]}));
    let review = house.desk(&["review", &id]);
    assert!(codes(&review).contains(&"not_specific"));
    assert_eq!(
        (&review["holdings"], &review["unanswered"]),
        (&json!([]), &json!(["any and all records"]))
    );
    house.until_notice(&id);
    assert_eq!(house.desk(&["show", &id])["scope"]["lines"], json!([]));
}

#[test]
fn a_gag_without_an_end_a_second_gag_and_steps_out_of_order_are_refused() {
    let house = House::new();
    let id = taken(
        &house,
        &json!({"instrument": "search warrant", "non_disclosure": "order"}),
    );
    // Out of order: the hold comes first, and what is not noticed is not produced.
    let early = refused(&house, &id, &["scope", &id]);
    assert!(early.contains("can't happen"), "{early}");
    refused(&house, &id, &["determine", &id, "--produce"]);
    assert!(refused(&house, &id, &["close", &id]).contains("can't happen"));
    let order = house.file("order.txt", b"It is ordered that nobody be told.");
    let gag = |ends: &[&str]| -> Vec<String> {
        let all = [
            &[
                "gag",
                &id,
                "--order",
                &order,
                "--court",
                "D. Court",
                "--on",
                "2026-11-01",
                "--named",
                "alice",
            ][..],
            ends,
        ];
        all.concat().into_iter().map(str::to_owned).collect()
    };
    let refuse = |arguments: Vec<String>| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        refused(&house, &id, &arguments)
    };
    assert!(refuse(gag(&[])).contains("needs an end"));
    assert!(refuse(gag(&["--ends", "2001-01-01"])).contains("before it begins"));
    assert!(refuse(gag(&["--ends", "2026-02-30"])).contains("day"));
    let good = gag(&["--ends", "2099-01-01"]);
    let good: Vec<&str> = good.iter().map(String::as_str).collect();
    house.desk(&good);
    let second = refuse(gag(&["--ends", "2098-01-01"]));
    assert!(second.contains("in force already"), "{second}");
}

#[test]
fn a_document_that_is_a_bomb_or_lies_about_its_type_is_refused() {
    let house = House::new();
    // A PNG that says it is 100,000 × 100,000 pixels, an archive that is called a PDF, and half a PDF.
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bomb.extend(100_000_u32.to_be_bytes());
    bomb.extend(100_000_u32.to_be_bytes());
    bomb.extend(b"\x08\x02\0\0\0\0\0\0\0");
    for (name, bytes) in [
        ("bomb.png", bomb.as_slice()),
        ("lie.pdf", b"PK\x03\x04 an archive"),
        ("half.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog"),
        ("empty.pdf", b""),
    ] {
        let file = house.file(name, bytes);
        let out = house.path(&format!("{name}.pages"));
        let (status, said) = house.program(&["desk", "pages", &file, "--out", &out]);
        assert_eq!(status, Some(1), "{name}: {said}");
        assert_eq!(said.trim_end().lines().count(), 1, "{said}");
        assert!(!std::path::Path::new(&out).exists(), "{name} left pages behind");
    }
}
