//! The pack that is built in, what is found by it, and what can't be a pack.

use bauta_inventory::Inventory;
use bauta_model::{CoarseTime, Day};
use serde_json::{Map, Value, json};

use crate::pack::{GENERAL, NotFound};
use crate::{
    Binding, Defect, DefectCode, Demand, InstrumentId, Intake, InvalidIntake, NonDisclosure, ReceivedTime,
    RulePack, Server, category, review,
};

/// The facts of the summons of 14 March 2017, as of public record.
const SUMMONS: &str = r#"{
    "instrument": "administrative summons",
    "authority": "19 U.S.C. 1509",
    "issuer": "U.S. Customs and Border Protection, Office of Professional Responsibility",
    "issuer_rank": "special agent in charge",
    "signed_by_judge": false,
    "served": {"on": "2017-03-14", "by": "fax"},
    "due": "2017-03-13T11:45:00",
    "non_disclosure": "request",
    "offence_named": false,
    "requested": ["all records regarding the account", "user names", "account login", "phone numbers",
        "mailing addresses", "I.P. addresses"],
    "issuer_verified": true,
    "signed": true,
    "targets": ["ALT_USCIS"]
}"#;

/// The summons with some fields set otherwise.
fn handed(fields: Value) -> Result<Intake, InvalidIntake> {
    let mut all: Map<String, Value> = serde_json::from_str(SUMMONS).unwrap();
    all.extend(fields.as_object().cloned().unwrap_or_default());
    Intake::of(all, RulePack::built_in())
}

fn summons() -> Demand {
    Intake::read(SUMMONS, RulePack::built_in()).unwrap().demand
}

fn defects_at(demand: &Demand, now: CoarseTime) -> Vec<Defect> {
    let entities = ["Example Society".to_owned()];
    let server = Server {
        entities: &entities,
        now,
        found: 1,
        inventory: Inventory::builtin(),
    };
    review(demand, RulePack::built_in(), &server)
}

fn codes(demand: &Demand) -> Vec<&'static str> {
    let now = Day::from_civil(2017, 3, 14).unwrap().start();
    defects_at(demand, now)
        .iter()
        .map(|defect| defect.code.code())
        .collect()
}

#[test]
fn the_summons_of_2017_has_its_six_defects_and_no_other() {
    let mut expected = vec![
        "due_before_service",
        "outside_scope",
        "not_specific",
        "no_offence_named",
        "not_self_executing",
        "secrecy_only_requested",
    ];
    expected.sort_unstable();
    for year in [2017, 2026] {
        let now = Day::from_civil(year, 11, 24).unwrap().start();
        let defects = defects_at(&summons(), now);
        let mut found: Vec<&str> = defects.iter().map(|defect| defect.code.code()).collect();
        found.sort_unstable();
        assert_eq!(found, expected);
        assert!(
            defects
                .iter()
                .all(|d| !d.rule.is_empty() && !d.fact.is_empty() && !d.source.is_empty())
        );
    }
    assert_eq!(summons().instrument.as_str(), "administrative_summons_customs");
}

#[test]
fn each_defect_is_found_on_a_demand_that_has_it() {
    let with = |change: &dyn Fn(&mut Demand)| {
        let mut demand = summons();
        change(&mut demand);
        codes(&demand)
    };
    assert!(with(&|d| d.due = Some(ReceivedTime::new("2017-02-30"))).contains(&"impossible_date"));
    assert!(!with(&|d| d.due = Some(ReceivedTime::new("2017-02-30"))).contains(&"due_before_service"));
    assert!(with(&|d| d.appearance = Some(ReceivedTime::new("2017-03-01"))).contains(&"return_date_past"));
    assert!(with(&|d| d.issuer_verified = false).contains(&"issuer_unverified"));
    assert!(with(&|d| d.signed = false).contains(&"not_signed"));
    assert!(with(&|d| d.entity_named = Some("Another Company".to_owned())).contains(&"wrong_entity"));
    assert!(!with(&|d| d.entity_named = Some("EXAMPLE  society".to_owned())).contains(&"wrong_entity"));
    assert!(with(&|d| d.accounts = 2).contains(&"no_such_target"));
    assert!(with(&|d| d.requested.push("direct messages".to_owned())).contains(&"content_without_warrant"));
    assert!(!with(&|d| d.requested.push("public posts".to_owned())).contains(&"content_without_warrant"));
    assert!(!with(&|d| d.non_disclosure = NonDisclosure::Order).contains(&"secrecy_only_requested"));
    assert!(!with(&|d| d.offence_named = true).contains(&"no_offence_named"));
    assert!(!with(&|d| d.requested = vec!["user names".to_owned()]).contains(&"not_specific"));
    for below in [
        "assistant special agent in charge",
        "deputy district director",
        "agent",
        "",
    ] {
        assert!(
            with(&|d| d.issuer_rank = below.to_owned()).contains(&"issuer_below_rank"),
            "{below}"
        );
    }
    for rank in [
        "Special Agent-in-Charge",
        "acting special agent in charge",
        "District Director",
    ] {
        assert!(
            !with(&|d| d.issuer_rank = rank.to_owned()).contains(&"issuer_below_rank"),
            "{rank}"
        );
    }
    let civil = |d: &mut Demand| {
        d.instrument = "civil_subpoena".try_into().unwrap();
        d.due = Some(ReceivedTime::new("2017-03-20"));
    };
    assert!(with(&civil).contains(&"too_little_time"));
    assert!(!with(&civil).contains(&"outside_scope"));
}

#[test]
fn every_defect_but_none_that_its_row_leaves_out_can_be_found() {
    for row in RulePack::built_in().instruments() {
        let mut demand = summons();
        demand.instrument = row.id.clone();
        let now = Day::from_civil(2017, 3, 14).unwrap().start();
        for defect in defects_at(&demand, now) {
            assert!(!row.skip.contains(&defect.code), "{}: {}", row.id, defect.code);
            let general = RulePack::built_in().check(row, defect.code).is_some();
            assert!(general, "{}: {}", row.id, defect.code);
        }
    }
}

#[test]
fn the_pack_has_a_row_for_each_instrument_of_the_table() {
    let pack = RulePack::built_in();
    assert_eq!(pack.instruments().count(), 28);
    assert_eq!(pack.hash(), RulePack::load(&[]).unwrap().hash());
    for (name, _) in RulePack::files() {
        if *name != GENERAL {
            assert!(pack.instrument(&InstrumentId::try_from(*name).unwrap()).is_some());
        }
    }
}

#[test]
fn a_citation_tells_two_instruments_of_one_name_apart() {
    let pack = RulePack::built_in();
    let found = |words, law| pack.find(words, law).map(|one| one.id.as_str());
    assert_eq!(
        found("Administrative Summons", "19 USC 1509"),
        Ok("administrative_summons_customs")
    );
    assert_eq!(
        found("administrative summons", "19 U.S.C. § 1509(a)"),
        Ok("administrative_summons_customs")
    );
    assert_eq!(
        found("administrative summons", "26 U.S.C. 7602"),
        Ok("administrative_subpoena")
    );
    assert_eq!(found("N.S.L.", ""), Ok("national_security_letter"));
    assert_eq!(found("spell", ""), Err(NotFound::Unknown("spell".to_owned())));
}

#[test]
fn terms_follow_what_a_document_arrives_as_or_cites() {
    let pack = RulePack::built_in();
    let mut demand = summons();
    demand.instrument = "mlat_request".try_into().unwrap();
    assert_eq!(pack.terms(&demand).unwrap().binding, Binding::NotByItself);
    assert!(pack.terms(&demand).unwrap().us.is_empty());
    demand.underlying = Some("search_warrant".try_into().unwrap());
    let terms = pack.terms(&demand).unwrap();
    assert_eq!((terms.binding, terms.compels_content()), (Binding::Yes, true));
    assert_eq!(terms.bucket, crate::Bucket::CrossBorder);
    demand.instrument = "european_production_order".try_into().unwrap();
    assert_eq!(pack.terms(&demand).unwrap().eu.len(), 2);
    demand.signed_by_judge = true;
    assert!(pack.terms(&demand).unwrap().compels_content());
    demand.instrument = "fisa_order".try_into().unwrap();
    assert_eq!(pack.terms(&demand).unwrap().log, crate::LogRule::Band);
}

#[test]
fn an_umbrella_is_never_expanded_and_unknown_words_name_no_class() {
    let inventory = Inventory::builtin();
    let all = category::line(inventory, "all records regarding the account");
    assert!(all.umbrella && all.us.is_empty() && all.eu.is_empty());
    let unknown = category::line(inventory, "the colour of their shoes");
    assert!(!unknown.umbrella && unknown.us.is_empty());
    assert!(
        category::line(inventory, "phone numbers")
            .us
            .contains(&bauta_inventory::Us::Identity)
    );
}

#[test]
fn a_pack_that_contradicts_itself_is_refused_and_says_where() {
    let text = |name: &str| {
        RulePack::files()
            .iter()
            .find(|(file, _)| *file == name)
            .unwrap()
            .1
            .to_owned()
    };
    let refusal = |name: &str, from: &str, to: &str| {
        let text = text(name);
        assert!(text.contains(from), "{name} has {from}");
        let own = vec![(name.to_owned(), text.replacen(from, to, 1))];
        RulePack::load(&own).expect_err("it is refused").to_string()
    };
    let summons = "administrative_summons_customs";
    for (name, from, to, says) in [
        (
            summons,
            "binds = \"not_by_itself\"",
            "binds = \"yes\"",
            "binds by itself",
        ),
        (summons, "log = \"entry\"", "log = \"band\"", "band"),
        (
            summons,
            "id = \"administrative_summons_customs\"",
            "id = \"other\"",
            "the file's name",
        ),
        (summons, "version = 1", "version = 1\ncolour = 1", "colour"),
        (
            summons,
            "version = 1",
            "version = 1\nskip = [\"outside_scope\"]",
            "left out",
        ),
        ("search_warrant", "judge = true\n", "", "without a judge"),
        (
            "preservation_request",
            "compels = []",
            "compels = [\"basic\"]",
            "a hold only",
        ),
        (
            "emergency_request",
            "binds = \"voluntary\"",
            "binds = \"yes\"",
            "binds by itself",
        ),
        (
            "emergency_request",
            "compels = []",
            "compels = [\"name\"]",
            "voluntary",
        ),
        (
            "mlat_request",
            "binds = \"as_underlying\"",
            "binds = \"yes\"",
            "arrives as",
        ),
        (
            "civil_subpoena",
            "calendar = \"us_federal\"",
            "calendar = \"moon\"",
            "moon",
        ),
        ("civil_subpoena", "length = 14", "length = 0", "its length"),
        ("civil_subpoena", "[least_time]\ndays = 14\n", "", "least_time"),
        (
            GENERAL,
            "zone = \"America/New_York\"",
            "zone = \"Mars/Olympus\"",
            "Mars/Olympus",
        ),
        (
            GENERAL,
            "month = 1\nday = 1",
            "month = 2\nday = 30",
            "no such day",
        ),
        (GENERAL, "id = \"weekends\"", "id = \"us_federal\"", "twice"),
        (
            GENERAL,
            "in_place_of = \"weekends\"",
            "in_place_of = \"moon\"",
            "the place of `moon`",
        ),
        (
            GENERAL,
            "[\"Europe/Paris\"]",
            "[\"Europe/Berlin\"]",
            "another one",
        ),
        (
            GENERAL,
            "[\"Europe/Paris\"]",
            "[\"Mars/Olympus\"]",
            "no IANA time zone",
        ),
        (GENERAL, "easter = -2", "easter = 400", "no such day"),
        (
            GENERAL,
            "[checks.not_signed]",
            "[checks.too_little_time]",
            "not_signed",
        ),
    ] {
        let refused = refusal(name, from, to);
        assert!(
            refused.contains(says) && refused.contains(name),
            "{name}: {refused}"
        );
    }
    let mine = text(summons).replace("version = 1", "version = 2");
    let pack = RulePack::load(&[(summons.to_owned(), mine)]).unwrap();
    assert_ne!(pack.hash(), RulePack::built_in().hash());
    assert_eq!(pack.instruments().count(), 28);
}

#[test]
fn what_is_handed_in_is_checked_and_dates_are_kept_as_received() {
    let taken = handed(json!({"due": "2017-02-31", "targets": ["a", "b"]})).unwrap();
    assert_eq!(taken.demand.due.unwrap().text(), "2017-02-31");
    assert_eq!(taken.demand.accounts, 2);
    for (fields, field, says) in [
        (json!({"requested": [" "]}), "requested", "`requested` is empty"),
        (json!({"issuer": "x".repeat(4_001)}), "issuer", "`issuer`"),
        (json!({"requested": vec!["x"; 201]}), "requested", "`requested`"),
        (json!({"targets": []}), "targets", "1 to 1000"),
        (json!({"zone": "Mars/Olympus"}), "zone", "IANA"),
        (json!({"member_state": "XX"}), "member_state", "member state"),
        (json!({"instrument": "spell"}), "instrument", "spell"),
        (json!({"underlying": "spell"}), "instrument", "spell"),
        (json!({"sealed": true}), "demand", "unknown field"),
        (json!({"accounts": 3}), "demand", "unknown field"),
        (json!({"served": 3}), "demand", "no demand"),
    ] {
        let refused = handed(fields).unwrap_err();
        assert_eq!(refused.field(), field);
        assert!(refused.to_string().contains(says), "{refused}");
    }
    let order = json!({"instrument": "treaty request", "underlying": "search warrant", "member_state": "NL"});
    let order = handed(order).unwrap().demand;
    assert_eq!(order.underlying.unwrap().as_str(), "search_warrant");
    assert!(
        DefectCode::ALL
            .iter()
            .all(|code| serde_json::to_string(code).unwrap() == format!("\"{code}\""))
    );
}
