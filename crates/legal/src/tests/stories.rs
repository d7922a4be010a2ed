//! Whole ways of a demand, from the day it came.

use super::told::{ANN, BEN, Told, document, gag, handle, notice, positions, received, scope};
use crate::{
    Basis, CaseFact, Challenger, Decision, DocketEntry, Fact, Finding, GagFact, Hash, ProcessFact,
    ReceivedTime, Rule, Second, State, Step,
};

fn case(fact: CaseFact) -> Fact {
    Fact::Case { case: 0, fact }
}

fn findings(told: Told) -> Told {
    Finding::ALL.into_iter().fold(told, |told, finding| {
        told.then(ProcessFact::FindingRecorded {
            finding,
            met: true,
            reason: "It is.".to_owned(),
        })
    })
}

fn produce() -> ProcessFact {
    ProcessFact::Determined(Decision::Produce {
        items: handle(),
        basis: Basis::Instrument {},
    })
}

fn second(step: Step, second: Second) -> ProcessFact {
    ProcessFact::Seconded { step, second }
}

fn produced(second: Second) -> ProcessFact {
    ProcessFact::Produced {
        items: handle(),
        manifest: Hash::of(b"m"),
        second,
    }
}

#[test]
fn the_summons_of_2017_is_withdrawn_and_the_case_dismissed_as_two_facts() {
    let told = Told::noticed(received())
        .then(GagFact::Requested {})
        .then(ProcessFact::Challenged {
            by: Challenger::Provider,
            court: "N.D. Cal.".to_owned(),
        })
        .then(case(CaseFact::Drafted { refiles: None }))
        .then(case(CaseFact::Filed {
            court: "N.D. Cal.".to_owned(),
            docket: "3:17-cv-01916".to_owned(),
            sealed: false,
            on: ReceivedTime::new("2017-04-06"),
            parties: Vec::new(),
        }));
    assert_eq!(positions(&told)["process"], "challenged");
    let told = told.then(ProcessFact::Withdrawn {
        on: ReceivedTime::new("2017-04-07"),
        document: Some(document("letter")),
    });
    assert_eq!(
        (positions(&told)["process"], positions(&told)["case"]),
        ("withdrawn", "filed")
    );
    let told = told.then(case(CaseFact::Dismissed {
        with_prejudice: false,
        voluntary: true,
        on: ReceivedTime::new("2017-04-07"),
        rule: Some("Fed. R. Civ. P. 41(a)(1)(A)(i)".to_owned()),
    }));
    let told = told
        .then(ProcessFact::Closed {})
        .then(case(CaseFact::Docketed(DocketEntry {
            on: ReceivedTime::new("2017-04-21"),
            kind: "note: the inspector general's report".to_owned(),
            rule: None,
            pages: None,
        })));
    assert_eq!(positions(&told)["case"], "dismissed_without_prejudice");
    assert_eq!(State::fold(&told.events).unwrap(), told.state);
}

#[test]
fn production_takes_notice_time_and_two_people() {
    let mut told = findings(Told::noticed(received())).then(produce());
    assert_eq!(
        told.refused(ANN, second(Step::Determination, Second::Officer)),
        Some(Rule::SamePerson)
    );
    let told = told.by(BEN, second(Step::Determination, Second::Officer));
    let mut told = told.then(ProcessFact::Ready {
        items: handle(),
        manifest: Hash::of(b"m"),
    });
    assert_eq!(
        told.refused(BEN, produced(Second::Officer)),
        Some(Rule::WindowOpen)
    );
    let mut told = told.wait_days(20);
    assert_eq!(
        told.refused(ANN, produced(Second::Officer)),
        Some(Rule::SamePerson)
    );
    assert_eq!(told.refused(ANN, produced(Second::Waited)), Some(Rule::NotAlone));
    let told = told
        .by(BEN, produced(Second::Officer))
        .then(ProcessFact::Closed {});
    assert_eq!(told.state.process.produced, handle());
}

#[test]
fn a_single_officer_waits_a_day_and_the_state_says_so() {
    let mut told = findings(Told::noticed(received())).wait_days(20).then(produce());
    assert_eq!(
        told.refused(ANN, second(Step::Determination, Second::Waited)),
        Some(Rule::TooEarly)
    );
    let told = told
        .wait_days(1)
        .then(second(Step::Determination, Second::Waited));
    let told = told.then(ProcessFact::Ready {
        items: handle(),
        manifest: Hash::of(b"m"),
    });
    let told = told.wait_days(1).then(produced(Second::Waited));
    assert!(told.state.process.waited);
}

#[test]
fn a_wish_for_silence_delays_nothing_and_a_gag_delays_the_notice_until_it_ends() {
    let mut told = Told::scoped(received()).then(GagFact::Requested {});
    assert_eq!(
        told.refused(ANN, ProcessFact::NoticeDelayed {}),
        Some(Rule::NoGag)
    );
    let end = told.now.plus(std::time::Duration::from_hours(48));
    let mut told = told.then(gag(Some(end))).then(ProcessFact::NoticeDelayed {});
    assert_eq!(told.refused(ANN, notice()), Some(Rule::GagForbidsNotice));
    assert_eq!(told.refused(ANN, GagFact::Expired {}), Some(Rule::NotYetOver));
    assert_eq!(told.refused(ANN, gag(None)), Some(Rule::SecondGag));
    let told = told.then(ProcessFact::Withdrawn {
        on: ReceivedTime::new("2017-03-15"),
        document: Some(document("letter")),
    });
    let mut told = told.wait_days(2).then(GagFact::Expired {});
    assert_eq!(
        told.state.notice_by(),
        Some(end.plus(std::time::Duration::from_hours(24)))
    );
    assert_eq!(told.refused(ANN, ProcessFact::Closed {}), Some(Rule::NoticeOwed));
    let told = told.then(notice()).then(ProcessFact::Closed {});
    assert_eq!(
        (positions(&told)["process"], positions(&told)["gag"]),
        ("closed", "expired")
    );
}

#[test]
fn records_that_exist_are_not_answered_as_none() {
    let mut told = Told::noticed(received());
    assert_eq!(
        told.refused(ANN, ProcessFact::NoRecords {}),
        Some(Rule::StillHeld)
    );
    let mut empty = scope();
    empty.lines.retain(|line| line.line == 3);
    let told = told
        .then(ProcessFact::ScopeComputed(empty))
        .then(ProcessFact::NoRecords {});
    told.then(ProcessFact::Closed {});
}
