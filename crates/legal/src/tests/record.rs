//! The public form of a demand's events: it can be replayed, it tells no target, and it hides what nobody may guess.

use std::collections::BTreeSet;

use super::told::{Told, court, document, gag, handle, received, scope};
use crate::record::{self, Entry, Given, PublicId, Secrecy, Step};
use crate::report::{Contradiction, Opened, Outcome, cases, fold};
use crate::{
    Answer, Basis, CaseFact, Challenger, Correction, Decision, DefectCode, Fact, Finding, Hash, LogRule,
    OfficerId, ProcessFact, Publication, PublicationFact, Received, ReceivedTime, Second, State,
    Step as Guarded, Told as Agreed,
};

const SALT: [u8; 32] = [7; 32];

fn id() -> PublicId {
    PublicId::read("00000000000000a1").unwrap()
}

fn case(fact: CaseFact) -> Fact {
    Fact::Case { case: 0, fact }
}

fn published(to: Publication) -> Fact {
    Fact::Publication(PublicationFact::Published { to })
}

/// A demand with as much in it that nobody may learn as there is place for.
fn naming() -> Received {
    let mut received = received();
    received.demand.served.upon = Some("Jane Roe".to_owned());
    received.demand.entity_named = Some("Jane Roe's server".to_owned());
    received.demand.redress = Some("write to Jane Roe".to_owned());
    received
        .demand
        .requested
        .push("the telephone of Jane Roe".to_owned());
    received.lines[0].text = "all records of @jane_roe".to_owned();
    received
}

fn filed() -> CaseFact {
    CaseFact::Filed {
        court: "N.D. Cal.".to_owned(),
        docket: "3:17-cv-01916".to_owned(),
        sealed: false,
        on: ReceivedTime::new("2017-04-06"),
        parties: Vec::new(),
    }
}

fn fought() -> Told {
    Told::noticed(naming())
        .then(crate::GagFact::Requested {})
        .by(
            OfficerId::SERVER,
            ProcessFact::Answered(Answer::Seen { keyholder: 0 }),
        )
        .by(
            OfficerId::SERVER,
            ProcessFact::Answered(Answer::NamesCounsel { keyholder: 0 }),
        )
        .by(
            OfficerId::SERVER,
            ProcessFact::Answered(Answer::Objects { keyholder: 0 }),
        )
        .by(
            OfficerId::new(8_412),
            ProcessFact::Challenged {
                by: Challenger::Provider,
                court: "N.D. Cal.".to_owned(),
            },
        )
        .then(case(CaseFact::Drafted { refiles: None }))
        .then(case(filed()))
        .then(ProcessFact::Withdrawn {
            on: ReceivedTime::new("2017-04-07"),
            document: Some(document("letter")),
        })
        .then(case(CaseFact::Dismissed {
            with_prejudice: false,
            voluntary: true,
            on: ReceivedTime::new("2017-04-07"),
            rule: None,
        }))
        .then(Fact::Corrected(Correction {
            of: 11,
            note: "Jane Roe told us".to_owned(),
            demand: None,
        }))
        .then(ProcessFact::Closed {})
}

fn steps(told: &Told) -> Vec<Step> {
    record::steps(&id(), &told.events, &SALT).unwrap()
}

fn text(steps: &[Step]) -> String {
    let bytes = steps
        .iter()
        .flat_map(|step| Entry::from(step.clone()).to_bytes().unwrap())
        .collect();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_story_is_replayed_from_its_public_form() {
    let told = fought();
    let steps = steps(&told);
    let state = State::fold(steps.iter().map(|step| &step.event)).unwrap();
    assert_eq!(state.process.position, told.state.process.position);
    assert_eq!(state.cases, told.state.cases);
    assert_eq!(state.gag, told.state.gag);
    // What came later only adds: an entry that is in the log is never written anew.
    for end in 0..=told.events.len() {
        let earlier = record::steps(&id(), &told.events[..end], &SALT).unwrap();
        assert_eq!(earlier, steps[..earlier.len()]);
    }
}

#[test]
fn no_name_and_no_hour_of_a_user_is_in_it() {
    let told = fought();
    let public = text(&steps(&told));
    for word in ["roe", "Roe", "8412", "jane"] {
        assert!(!public.contains(word), "{word}: {public}");
    }
    assert!(public.contains("user names"), "{public}");
    assert!(!public.contains("seen") && !public.contains("names_counsel"));
    let objected = steps(&told)
        .into_iter()
        .find(|step| matches!(step.event.fact, Fact::Process(ProcessFact::Answered(_))));
    let (before, at) = (&told.events[7].at, objected.unwrap().event.at);
    assert_eq!(
        at, *before,
        "the day of the answer, and not before the event before it"
    );
}

#[test]
fn an_account_that_is_not_there_looks_like_one_that_is() {
    let ProcessFact::NoticeSent { window_ends, .. } = super::told::notice() else {
        unreachable!("it is a notice")
    };
    let there = Told::scoped(received()).then(ProcessFact::NoticeSent {
        keyholders: 1,
        window_ends,
    });
    let mut missing = received();
    missing.found = 0;
    let mut nothing = scope();
    for line in &mut nothing.lines {
        for record in &mut line.records {
            record.rows = 0;
        }
    }
    let mut not_there = Told::default();
    for event in &there.events {
        let fact = match &event.fact {
            Fact::Process(ProcessFact::Received(_)) => {
                Fact::Process(ProcessFact::Received(Box::new(missing.clone())))
            }
            Fact::Process(ProcessFact::Reviewed { deadlines, .. }) => Fact::Process(ProcessFact::Reviewed {
                defects: BTreeSet::from([DefectCode::NoSuchTarget]),
                deadlines: deadlines.clone(),
            }),
            Fact::Process(ProcessFact::ScopeComputed(_)) => {
                Fact::Process(ProcessFact::ScopeComputed(nothing.clone()))
            }
            Fact::Process(ProcessFact::NoticeSent { .. }) => Fact::Process(ProcessFact::NoticeSent {
                keyholders: 0,
                window_ends,
            }),
            other => other.clone(),
        };
        not_there.attempt(event.officer, fact).unwrap();
    }
    assert_eq!(text(&steps(&there)), text(&steps(&not_there)));
}

#[test]
fn a_document_can_be_checked_by_who_has_it_and_not_be_guessed() {
    let told = fought();
    let public = text(&steps(&told));
    let letter = document("letter").hash;
    assert!(!public.contains(&letter.to_string()));
    assert!(public.contains(&record::commitment(&SALT, &letter).to_string()));
    assert_ne!(
        record::commitment(&[8; 32], &letter),
        record::commitment(&SALT, &letter)
    );
    assert_ne!(
        record::commitment(&SALT, &Hash::of(b"another")),
        record::commitment(&SALT, &letter)
    );
}

#[test]
fn the_line_in_the_report_is_what_the_steps_come_to() {
    let tally = record::tally(&steps(&fought()), 0).unwrap();
    assert!(tally.withdrawn && tally.closed && tally.challenged_by_provider && tally.challenged_by_user);
    assert!(!tally.quashed && !tally.refused && !tally.nothing_held && !tally.one_officer);
    assert_eq!(
        (tally.given, tally.affected, tally.notified),
        (Given::Nothing, 0, tally.asked)
    );
    assert_eq!(tally.secrecy, Secrecy::Requested);
    assert_eq!(tally.days_to_notice, Some(0));
    assert_eq!(tally.half.to_string(), "2017-H1");
    assert!(record::tally(&[], 0).is_err());
}

#[test]
fn an_order_of_a_member_state_is_told_with_how_soon_it_was_acknowledged_and_given_effect() {
    let mut order = received();
    order.terms.bucket = crate::Bucket::Removal;
    let without = record::tally(&steps(&Told::noticed(order.clone())), 0).unwrap();
    assert_eq!(without.eu, None);
    order.demand.member_state = Some("NL".to_owned());
    let told = Told::noticed(order)
        .then(ProcessFact::DocumentAdded(document("letter sent: notice")))
        .wait_days(2)
        .then(ProcessFact::DocumentAdded(document(
            "letter sent: acknowledgement",
        )));
    let came = told.events[0].at.unix_seconds();
    let hours = |told: &Told| (told.now.unix_seconds() - came) as u32 / 3600;
    let acknowledged = hours(&told);
    let told = told.wait_days(1).then(ProcessFact::EffectGiven {});
    let eu = record::tally(&steps(&told), 0).unwrap().eu.unwrap();
    assert_eq!((eu.state.as_deref(), eu.items > 0), (Some("NL"), true));
    assert_eq!(eu.hours_to_acknowledge, Some(acknowledged));
    assert_eq!(eu.hours_to_effect, Some(hours(&told)));
}

#[test]
fn what_was_given_is_told_as_a_part_or_in_full() {
    let mut told = Told::noticed(received()).wait_days(20);
    for finding in Finding::ALL {
        told = told.then(ProcessFact::FindingRecorded {
            finding,
            met: true,
            reason: "so".to_owned(),
        });
    }
    let told = told
        .then(ProcessFact::Determined(Decision::Produce {
            items: handle(),
            basis: Basis::Instrument {},
        }))
        .wait_days(2)
        .then(ProcessFact::Seconded {
            step: Guarded::Determination,
            second: Second::Waited,
        })
        .then(ProcessFact::Ready {
            items: handle(),
            manifest: Hash::of(b"manifest"),
        })
        .wait_days(2)
        .then(ProcessFact::Produced {
            items: handle(),
            manifest: Hash::of(b"manifest"),
            second: Second::Waited,
        });
    let tally = record::tally(&steps(&told), 0).unwrap();
    assert_eq!((tally.given, tally.affected), (Given::Part, 1));
    assert!(tally.one_officer && !tally.closed);
}

#[test]
fn national_security_process_has_no_entry() {
    let mut received = received();
    received.terms.log = LogRule::Band;
    assert!(steps(&Told::scoped(received)).is_empty());
}

fn opened(entries: impl IntoIterator<Item = Entry>) -> Vec<Opened> {
    (10..)
        .zip(entries)
        .map(|(index, entry)| Opened { index, entry })
        .collect()
}

#[test]
fn a_case_has_a_page_when_its_steps_say_so() {
    let told = fought();
    let sealed = opened(steps(&told).into_iter().map(Entry::from));
    assert!(cases(&sealed).unwrap().is_empty());
    let told = told.then(published(Publication::RedactedPage));
    let open = opened(steps(&told).into_iter().map(Entry::from));
    let found = cases(&open).unwrap();
    assert_eq!((found.len(), found[0].outcome()), (1, Outcome::Withdrawn));
    assert_eq!(fold(&open).unwrap().cases, [id()]);
}

#[test]
fn without_a_public_docket_or_consent_there_is_no_page() {
    let mut told = Told::noticed(received());
    assert!(
        told.attempt(super::told::ANN, published(Publication::RedactedPage))
            .is_err()
    );
    let agreed = |keyholder| {
        ProcessFact::Answered(Answer::Consents {
            keyholder,
            to: Agreed::Publication,
        })
    };
    let mut told = told.by(OfficerId::SERVER, agreed(0));
    assert!(
        told.attempt(super::told::ANN, published(Publication::FullPage))
            .is_err()
    );
    let told = told
        .by(OfficerId::SERVER, agreed(1))
        .then(published(Publication::FullPage));
    assert_eq!(
        cases(&opened(steps(&told).into_iter().map(Entry::from)))
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_gag_publishes_nothing_beyond_a_band() {
    let mut told = Told::noticed(received()).then(gag(Some(
        Told::default().now.plus(std::time::Duration::from_hours(240)),
    )));
    let refused = told.attempt(super::told::ANN, published(Publication::Aggregate));
    assert!(refused.is_err());
    let told = told.then(crate::GagFact::Lifted {
        document: court("2017-05-01"),
    });
    let tally = record::tally(&steps(&told), 0).unwrap();
    assert_eq!(tally.secrecy, Secrecy::Binding);
}

#[test]
fn a_tally_that_its_steps_do_not_come_to_is_a_contradiction() {
    let told = fought();
    let all = steps(&told);
    let honest = record::tally(&all[..9], 0).unwrap();
    let open: Vec<Entry> = all.iter().cloned().map(Entry::from).collect();
    let with = |tally: &record::Tally| {
        let mut entries = open.clone();
        entries.push(tally.clone().into());
        fold(&opened(entries))
    };
    // The steps say more than the tally that was made before them, and count.
    assert_eq!(with(&honest).unwrap().total.withdrawn, 1);
    let mut false_one = honest.clone();
    false_one.asked += 1;
    assert!(matches!(with(&false_one), Err(Contradiction::Tally { .. })));
    let mut beyond = honest;
    beyond.steps = 99;
    assert!(matches!(with(&beyond), Err(Contradiction::Tally { .. })));
    let mut gap = open;
    gap.remove(3);
    assert!(matches!(
        fold(&opened(gap)),
        Err(Contradiction::Steps { step: 3, .. })
    ));
}
