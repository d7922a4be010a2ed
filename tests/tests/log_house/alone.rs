//! A desk with one officer, through the real program: it waits a day, or until a deadline that binds, and the public report
//! says so.

use bauta_tests::case::summons;
use bauta_tests::desk::{refused, step, until_notice};
use serde_json::{Value, json};

use crate::log_house::House;

const REFUSE: [&str; 4] = ["--refuse", "no_duty", "--reason", "No court ordered it."];

/// Takes a demand in and tells the user, as the one officer.
fn told(house: &House, demand: &Value) -> String {
    let file = house.file("alone.json", demand.to_string().as_bytes());
    let taken = step(&house.server, "alice", &["intake", &file]);
    let id = taken["id"].as_str().expect("an id").to_owned();
    assert_eq!(until_notice(&house.server, "alice", &id)["position"], "noticed");
    id
}

#[test]
fn one_officer_waits_a_day_or_until_a_deadline_that_binds_and_the_report_says_so() {
    let mut house = House::new();
    let duties = ["--duty", "intake", "--duty", "determine", "--duty", "produce"];
    house.desk(&[&["officer", "alice"][..], &duties].concat());

    // An order that binds, whose day is over: nobody can wait for it.
    let mut order = summons(&["ALT_USCIS"]);
    order["instrument"] = json!("court order");
    order["authority"] = json!("18 USC 2703(d)");
    order["signed_by_judge"] = json!(true);
    order["due"] = json!("2017-03-20");
    let order = told(&house, &order);
    step(
        &house.server,
        "alice",
        &[&["determine", &order][..], &REFUSE].concat(),
    );
    step(&house.server, "alice", &["approve", &order]);

    let summons = told(&house, &summons(&["ALT_USCIS"]));
    step(
        &house.server,
        "alice",
        &[&["determine", &summons][..], &REFUSE].concat(),
    );
    let agree = ["approve", &summons];
    let too_early = refused(&house.server, "alice", &agree);
    assert!(too_early.contains("24 hours"), "{too_early}");
    for (hours, is_over) in [(23, false), (25, true)] {
        house.server.stop();
        house.server.live_ahead(hours);
        house.server.start_again();
        if is_over {
            step(&house.server, "alice", &agree);
        } else {
            assert_eq!(refused(&house.server, "alice", &agree), too_early);
        }
    }
    for id in [&order, &summons] {
        step(&house.server, "alice", &["close", id]);
        step(&house.server, "alice", &["publish", id, "--to", "aggregate"]);
    }
    house.pass_hours();
    let told = house.server.client().get("/report/report.json").json();
    assert_eq!(told["total"]["one_officer"], 2, "{}", told["total"]);
    let page = house.server.client().get("/report").text();
    assert!(page.contains("decided by a desk with a single officer"), "{page}");
}
