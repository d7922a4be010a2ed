//! Deadlines over weekends, holidays and changed clocks.

use bauta_model::{CoarseTime, Day};

use crate::pack::RulePack;
use crate::{Deadline, Demand, ReceivedTime, deadlines, notice_window};

fn demand(instrument: &str, served: &str, due: Option<&str>, zone: Option<&str>) -> Demand {
    let mut demand = super::told::received().demand;
    demand.instrument = instrument.try_into().unwrap();
    demand.served.on = ReceivedTime::new(served);
    demand.due = due.map(ReceivedTime::new);
    demand.zone = zone.map(str::to_owned);
    demand
}

fn one(name: &str, demand: &Demand) -> Deadline {
    let all = deadlines(demand, RulePack::built_in());
    all.into_iter()
        .find(|deadline| deadline.name == name)
        .expect("it has that date")
}

fn utc(deadline: &Deadline) -> String {
    deadline.at.rfc3339().replace(":00.000Z", "Z")
}

fn objection(served: &str, due: Option<&str>) -> Deadline {
    one("objection", &demand("civil_subpoena", served, due, None))
}

#[test]
fn an_objection_is_due_on_the_fourteenth_day_or_the_next_one_that_is_open() {
    for (served, ends) in [
        // A Tuesday, 14 days on a Tuesday, in summer time.
        ("2017-03-14", "2017-03-29T03:59Z"),
        // The fourteenth day is a Saturday: Monday.
        ("2017-03-11", "2017-03-28T03:59Z"),
        ("2017-04-01", "2017-04-18T03:59Z"),
        // It is Christmas: the day after. 2017-12-25 was a Monday.
        ("2017-12-11", "2017-12-27T04:59Z"),
        // It is a Saturday, and Monday is Independence Day as observed (4 July 2021 was a Sunday): Tuesday.
        ("2021-06-19", "2021-07-07T03:59Z"),
        // New Year's Day 2022 was a Saturday and observed on Friday 31 December 2021: Monday.
        ("2021-12-17", "2022-01-04T04:59Z"),
        // Juneteenth is a holiday since 2021 only.
        ("2020-06-05", "2020-06-20T03:59Z"),
        ("2023-06-05", "2023-06-21T03:59Z"),
        // Thanksgiving, the fourth Thursday; Memorial Day, the last Monday.
        ("2026-11-12", "2026-11-28T04:59Z"),
        ("2017-05-15", "2017-05-31T03:59Z"),
    ] {
        assert_eq!(utc(&objection(served, None)), ends, "served {served}");
    }
}

#[test]
fn a_date_says_how_it_was_computed() {
    let deadline = objection("2021-06-19", None);
    assert!(deadline.binds);
    assert_eq!(deadline.how.calendar, "us_federal");
    assert_eq!(deadline.how.zone, "America/New_York");
    assert!(deadline.how.rule.contains("FRCP 45(d)(2)(B)"));
    let steps = deadline.how.steps.join(" | ");
    assert_eq!(
        steps,
        "service: 19 June 2021 | 14 calendar days: 3 July 2021 | 3 July 2021 is off: a weekend | 4 July 2021 is off: \
         Independence Day | 5 July 2021 is off: Independence Day"
    );
}

#[test]
fn an_earlier_due_date_ends_the_time_to_object_unless_it_lies_before_service() {
    assert_eq!(
        utc(&objection("2017-03-14", Some("2017-03-20T12:00"))),
        "2017-03-20T16:00Z"
    );
    assert_eq!(
        utc(&objection("2017-03-14", Some("2017-03-13T11:45:00"))),
        "2017-03-29T03:59Z"
    );
}

#[test]
fn a_due_date_is_read_in_its_zone_and_binds_nobody_before_service() {
    let due = |due, zone| {
        one(
            "due",
            &demand("grand_jury_subpoena", "2017-03-14", Some(due), Some(zone)),
        )
    };
    let early = due("2017-03-13T11:45:00", "America/Los_Angeles");
    assert_eq!(
        (utc(&early), early.binds),
        ("2017-03-13T18:45Z".to_owned(), false)
    );
    let later = due("2017-03-24T11:45", "Europe/Berlin");
    assert_eq!((utc(&later), later.binds), ("2017-03-24T10:45Z".to_owned(), true));
    assert_eq!(
        utc(&due("2017-03-27T11:45", "Europe/Berlin")),
        "2017-03-27T09:45Z"
    );
}

#[test]
fn clocks_that_are_changed_lose_no_time() {
    let due = |due, zone| {
        utc(&one(
            "due",
            &demand("grand_jury_subpoena", "2017-01-02", Some(due), Some(zone)),
        ))
    };
    // Put forward over 02:30 on 12 March 2017; put back over 01:30 on 5 November 2017, and the first one counts.
    assert_eq!(due("2017-03-12T02:30", "America/New_York"), "2017-03-12T07:30Z");
    assert_eq!(due("2017-11-05T01:30", "America/New_York"), "2017-11-05T05:30Z");
    // Eight hours are eight hours while a clock is put forward.
    let emergency = demand(
        "european_production_order",
        "2027-03-28T00:30",
        None,
        Some("Europe/Berlin"),
    );
    assert_eq!(utc(&one("emergency_answer", &emergency)), "2027-03-28T07:30Z");
}

#[test]
fn days_are_counted_back_over_days_off() {
    let subpoena = demand("grand_jury_subpoena", "2017-03-14", Some("2017-04-17"), None);
    // The court day before Monday 17 April 2017 is Friday.
    assert_eq!(utc(&one("motion_to_quash", &subpoena)), "2017-04-15T03:59Z");
}

#[test]
fn an_impossible_date_gives_no_deadline() {
    for due in ["2017-02-30", "soon", "9999-12-31T99:00"] {
        let all = deadlines(
            &demand("grand_jury_subpoena", "2017-03-14", Some(due), None),
            RulePack::built_in(),
        );
        assert!(all.iter().all(|deadline| deadline.name != "due"), "{due}");
    }
    let all = deadlines(
        &demand("civil_subpoena", "yesterday", Some("2017-03-20"), None),
        RulePack::built_in(),
    );
    assert!(
        all.iter()
            .all(|deadline| deadline.name == "due" && !deadline.binds)
    );
    // The last day that a text of four digits can name.
    deadlines(
        &demand("civil_subpoena", "9999-12-31", Some("9999-12-31"), None),
        RulePack::built_in(),
    );
}

#[test]
fn the_window_is_fourteen_days_and_ends_two_business_days_before_a_binding_deadline() {
    let sent = Day::from_civil(2017, 3, 14)
        .unwrap()
        .start()
        .plus(std::time::Duration::from_hours(16));
    let demand = demand("grand_jury_subpoena", "2017-03-14", None, None);
    let window =
        |binding: Option<CoarseTime>| utc(&notice_window(sent, binding, &demand, RulePack::built_in()));
    let day = |day| {
        Some(
            Day::from_civil(2017, 3, day)
                .unwrap()
                .start()
                .plus(std::time::Duration::from_hours(18)),
        )
    };
    assert_eq!(window(None), "2017-03-29T03:59Z");
    // Monday 27 March: Friday and Thursday come before it.
    assert_eq!(window(day(27)), "2017-03-24T03:59Z");
    assert_eq!(window(Some(sent)), sent.rfc3339().replace(":00.000Z", "Z"));
}

#[test]
fn every_member_state_has_a_calendar_of_its_own() {
    let pack = RulePack::built_in();
    let of_states = pack
        .calendars()
        .filter(|one| one.in_place_of.as_deref() == Some("weekends"));
    let names: Vec<&str> = of_states.map(|one| one.label.as_str()).collect();
    assert_eq!(names.len(), crate::MEMBER_STATES.len());
    for (code, name) in crate::MEMBER_STATES {
        assert!(names.iter().any(|label| label.contains(name)), "{code} {name}");
    }
}

#[test]
fn an_order_of_the_union_ends_after_the_holidays_of_its_country() {
    let answer = |served: &str, zone: &str| {
        let demand = demand("european_production_order", served, None, Some(zone));
        let found = one("answer", &demand);
        (utc(&found), found.how.calendar)
    };
    // The tenth day is Easter Monday, 6 April 2026; the Tuesday after it is a working day, in summer time.
    let monday = "2026-03-27";
    assert_eq!(
        answer(monday, "Europe/Berlin"),
        ("2026-04-07T21:59Z".to_owned(), "germany".to_owned())
    );
    // Outside the Union there is no calendar: weekends only, and the date is the earlier one.
    assert_eq!(
        answer(monday, "Europe/Zurich"),
        ("2026-04-06T21:59Z".to_owned(), "weekends".to_owned())
    );
    // Orthodox Easter Monday, 13 April 2026, is one in Greece; 27 April is one in the Netherlands.
    assert_eq!(answer("2026-04-03", "Europe/Athens").0, "2026-04-14T20:59Z");
    assert_eq!(answer("2026-04-17", "Europe/Amsterdam").0, "2026-04-28T21:59Z");
    // 14 July 2026, and not in Germany.
    assert_eq!(answer("2026-07-04", "Europe/Paris").0, "2026-07-15T21:59Z");
    assert_eq!(answer("2026-07-04", "Europe/Berlin").0, "2026-07-14T21:59Z");
    // Corpus Christi, Thursday 4 June 2026, is one in Austria; 21 July is one in Belgium.
    assert_eq!(answer("2026-05-25", "Europe/Vienna").0, "2026-06-05T21:59Z");
    assert_eq!(answer("2026-07-11", "Europe/Brussels").0, "2026-07-22T21:59Z");
    // Good Friday is one in Germany, and not in France.
    assert_eq!(answer("2026-03-24", "Europe/Paris").0, "2026-04-03T21:59Z");
    assert_eq!(answer("2026-03-24", "Europe/Berlin").0, "2026-04-07T21:59Z");
}
