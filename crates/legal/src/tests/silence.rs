//! Silence, notice, pages, copies and corrections: their rules, each met on purpose.

use std::collections::BTreeSet;
use std::time::Duration;

use super::samples::{at, narrowed, preservation_facts, produce, produced, ready, seconded, why, withdrawn};
use super::told::{ANN, BEN, Told, court, document, notice, received, scope};
use crate::{
    Answer, Correction, Exception, Fact, GagBasis, GagFact, Logged, Notice, OfficerId, Position,
    PreservationFact, ProcessFact, Publication, PublicationFact, Received, Restated, Rule, Second, State,
    Step, Told as Agreed,
};

fn answered(answer: Answer) -> ProcessFact {
    ProcessFact::Answered(answer)
}

fn consents(keyholder: u16, to: Agreed) -> ProcessFact {
    answered(Answer::Consents { keyholder, to })
}

fn correction(demand: Option<Box<Restated>>) -> Fact {
    Fact::Corrected(Correction {
        of: 0,
        note: why(),
        demand,
    })
}

fn publish(to: Publication) -> Fact {
    Fact::Publication(PublicationFact::Published { to })
}

#[test]
fn a_gag_needs_a_ground_an_end_and_names() {
    let with = |basis, ends, review, named: &[OfficerId]| GagFact::Activated {
        basis,
        user_may_know: false,
        ends,
        review,
        named: named.iter().copied().collect(),
    };
    let order = || GagBasis::Order {
        document: court("2017-03-14"),
    };
    let mut told = Told::scoped(received());
    let later = Some(told.now.plus(Duration::from_hours(100)));
    let earlier = Some(received_at(&told));
    for (fact, rule) in [
        (with(order(), None, None, &[ANN]), Rule::NoEnd),
        (with(order(), earlier, None, &[ANN]), Rule::EndIsPast),
        (with(order(), later, None, &[BEN]), Rule::NobodyNamed),
        (with(GagBasis::Statute {}, later, None, &[ANN]), Rule::NoStatute),
        (
            with(
                GagBasis::Certification {
                    document: document("c"),
                },
                later,
                None,
                &[ANN],
            ),
            Rule::NoStatute,
        ),
    ] {
        assert_eq!(told.refused(ANN, fact), Some(rule));
    }
    let mut told = told.then(with(order(), None, later, &[ANN]));
    assert_eq!(
        told.refused(BEN, ProcessFact::NoticeDelayed {}),
        Some(Rule::NotNamed)
    );
    assert_eq!(
        told.refused(ANN, publish(Publication::Aggregate)),
        Some(Rule::GagForbidsPublication)
    );
    assert_eq!(
        told.refused(ANN, GagFact::Expired {}),
        Some(Rule::NotYetOver),
        "a review date is no end"
    );
    let told = told.then(ProcessFact::LogDeferred { reason: why() });
    assert_eq!(told.state.logged(told.now), Logged::Deferred);
    let told = told.then(GagFact::Lifted {
        document: court("2017-05-01"),
    });
    assert_eq!(told.state.logged(told.now), Logged::Entry);
}

fn received_at(told: &Told) -> bauta_model::CoarseTime {
    told.events[0].at
}

#[test]
fn a_gag_outlives_the_withdrawal_and_a_court_that_narrows_it_lets_the_user_know() {
    let mut told = at(Position::NoticeDelayed).then(withdrawn());
    assert_eq!(told.refused(ANN, ProcessFact::Closed {}), Some(Rule::NoticeOwed));
    let narrowed = GagFact::Narrowed {
        document: court("2017-05-01"),
        user_may_know: true,
        ends: None,
    };
    let told = told.then(narrowed).then(notice());
    assert!(told.state.gag.in_force(told.now));
    told.then(ProcessFact::Closed {});
}

#[test]
fn what_is_produced_under_a_gag_is_told_of_when_it_ends_or_not_produced() {
    let told = at(Position::NoticeDelayed)
        .then(produce())
        .by(BEN, seconded(Step::Determination))
        .then(ready());
    let mut lifted = Told {
        state: told.state.clone(),
        events: told.events.clone(),
        now: told.now,
    }
    .then(GagFact::Lifted {
        document: court("2017-05-01"),
    });
    assert_eq!(
        lifted.refused(BEN, produced(Second::Officer)),
        Some(Rule::NoNotice)
    );
    assert_eq!(
        lifted.state.notice_by(),
        Some(lifted.state.gag.ended.unwrap().plus(Duration::from_hours(24)))
    );
    let mut told = told.by(BEN, produced(Second::Officer));
    assert_eq!(told.refused(ANN, ProcessFact::Closed {}), Some(Rule::NoticeOwed));
}

#[test]
fn not_telling_the_user_takes_two_people_and_no_waiting() {
    let excepted = ProcessFact::NoticeExcepted {
        ground: Exception::AccountTaken,
        reason: why(),
    };
    let mut told = Told::scoped(received()).then(excepted);
    assert!(told.state.notice_owed());
    let waited = ProcessFact::Seconded {
        step: Step::NoticeException,
        second: Second::Waited,
    };
    assert_eq!(told.refused(ANN, waited), Some(Rule::NeedsTwo));
    assert_eq!(
        told.refused(ANN, seconded(Step::NoticeException)),
        Some(Rule::SamePerson)
    );
    let told = told.by(BEN, seconded(Step::NoticeException));
    assert!(!told.state.notice_owed());
    assert_eq!(told.state.process.position, Position::Noticed);
    assert!(matches!(told.state.process.notice, Notice::Excepted { .. }));
}

#[test]
fn a_demand_about_nobody_takes_the_same_path() {
    let mut nobody = received();
    nobody.found = 0;
    let sent = |keyholders| ProcessFact::NoticeSent {
        keyholders,
        window_ends: bauta_model::Day::from_civil(2017, 3, 29).unwrap().start(),
    };
    let mut told = Told::scoped(nobody);
    assert_eq!(told.refused(ANN, sent(1)), Some(Rule::KeyholdersWrong));
    let mut empty = scope();
    for line in &mut empty.lines {
        line.records.iter_mut().for_each(|record| record.rows = 0);
    }
    told.then(ProcessFact::ScopeComputed(empty))
        .then(sent(0))
        .then(ProcessFact::NoRecords {})
        .then(ProcessFact::Closed {});
    assert_eq!(
        Told::scoped(received()).refused(ANN, sent(0)),
        Some(Rule::KeyholdersWrong)
    );
}

#[test]
fn a_hold_ends_later_than_now_and_than_before() {
    let mut told = Told::scoped(received());
    let columns = || BTreeSet::from(["accounts.handle".to_owned()]);
    let past = Fact::Preservation(PreservationFact::Activated {
        columns: columns(),
        until: told.events[0].at,
    });
    assert_eq!(told.refused(ANN, past), Some(Rule::UntilIsPast));
    let keep = preservation_facts(told.now)[0].clone();
    let mut told = told.then(Fact::Preservation(keep));
    let until = told.now.plus(Duration::from_hours(2));
    let shorter = Fact::Preservation(PreservationFact::Extended { until });
    assert_eq!(told.refused(ANN, shorter), Some(Rule::UntilIsPast));
    told.then(Fact::Preservation(PreservationFact::UsedBy { demand: why() }))
        .then(Fact::Preservation(PreservationFact::Released {}));
}

#[test]
fn a_correction_stands_beside_the_event_and_voids_what_was_approved() {
    let told = at(Position::Ready).then(correction(None));
    assert_eq!(told.state.process.position, Position::Ready);
    let Received {
        mut demand, lines, ..
    } = received();
    demand.offence_named = false;
    let first = told.events[0].clone();
    let told = told.then(correction(Some(Box::new(Restated { demand, lines }))));
    assert_eq!(told.state.process.position, Position::Verifying);
    assert!(told.state.process.determination.is_none() && told.state.process.scope.is_none());
    assert_eq!(told.events[0], first);
}

#[test]
fn a_demand_that_was_narrowed_is_not_read_wider_again() {
    let told = at(Position::Noticed).then(ProcessFact::Narrowed {
        lines: narrowed(1),
        document: document("letter"),
    });
    let Received { demand, lines, .. } = received();
    let mut told = told;
    let wider = correction(Some(Box::new(Restated { demand, lines })));
    assert_eq!(told.refused(ANN, wider), Some(Rule::NotNarrower));
}

#[test]
fn a_renewed_demand_is_a_new_one_that_inherits_nothing() {
    let old = at(Position::Determined).then(ProcessFact::RenewedBy {
        demand: "00000000000000a2".to_owned(),
    });
    assert_eq!(old.state.process.renewed_by.len(), 1);
    let mut again = received();
    again.renews = Some("00000000000000a1".to_owned());
    let new = Told::default().then(ProcessFact::Received(Box::new(again)));
    let process = &new.state.process;
    assert!(process.scope.is_none() && process.determination.is_none() && process.hold.is_none());
    assert!(process.notice == Notice::Not && process.consents.is_empty() && !process.verified);
    assert_eq!(State::fold(&new.events).unwrap(), new.state);
}

#[test]
fn a_page_takes_a_public_docket_or_each_keyholders_consent() {
    let mut told = at(Position::Noticed).then(publish(Publication::Aggregate));
    assert_eq!(
        told.refused(ANN, publish(Publication::RedactedPage)),
        Some(Rule::NoConsentToPublish)
    );
    let mut told = told
        .then(consents(0, Agreed::Publication))
        .then(consents(1, Agreed::Disclosure));
    assert_eq!(
        told.refused(ANN, publish(Publication::RedactedPage)),
        Some(Rule::NoConsentToPublish)
    );
    let mut told = told
        .then(consents(1, Agreed::Publication))
        .then(publish(Publication::RedactedPage));
    assert_eq!(
        told.refused(ANN, publish(Publication::Band)),
        Some(Rule::BackwardsPublication)
    );
    assert_eq!(
        told.refused(ANN, answered(Answer::Seen { keyholder: 2 })),
        Some(Rule::NoSuchKeyholder)
    );
}
