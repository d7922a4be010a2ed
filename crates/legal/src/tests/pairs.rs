//! Every pair of state and event, region by region. The tables stand in the snapshots.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::samples::{
    adjudicated, at, case_facts, dismissed, gag_facts, preservation_facts, process_facts, why, withdrawn,
};
use super::told::{ANN, BEN, Told, court, notice, received};
use crate::{
    Adjudication, CaseFact, CasePosition, Fact, GagFact, GagPosition, OfficerId, Position, PreservationFact,
    PreservationPosition, ProcessFact, Publication, PublicationFact, Refusal,
};

/// What comes of a fact: the new position, `·` where there is no arrow, or the rule in the way.
fn comes_to(mut told: Told, officer: OfficerId, fact: Fact, position: fn(&Told) -> &'static str) -> String {
    let before = told.state.clone();
    match told.attempt(officer, fact) {
        Ok(()) => position(&told).to_owned(),
        Err(refusal) => {
            assert_eq!(told.state, before);
            match refusal {
                Refusal::Edge { .. } => "·".to_owned(),
                Refusal::Rule(rule) => format!("{rule:?}!"),
            }
        }
    }
}

fn process_position(told: &Told) -> &'static str {
    told.state.process.position.name()
}

#[test]
fn there_is_a_sample_of_every_fact() {
    let names = |facts: Vec<&'static str>| facts.into_iter().collect::<BTreeSet<_>>();
    let process = names(process_facts().iter().map(ProcessFact::name).collect());
    assert_eq!(process, ProcessFact::NAMES.iter().copied().collect());
    let case = names(case_facts().iter().map(CaseFact::name).collect());
    assert_eq!(case, CaseFact::NAMES.iter().copied().collect());
    let now = Told::default().now;
    let gag = names(gag_facts(now).iter().map(GagFact::name).collect());
    assert_eq!(gag, GagFact::NAMES.iter().copied().collect());
    let kept = names(
        preservation_facts(now)
            .iter()
            .map(PreservationFact::name)
            .collect(),
    );
    assert_eq!(kept, PreservationFact::NAMES.iter().copied().collect());
}

#[test]
fn every_position_of_the_demand_meets_every_fact() {
    let mut table = String::new();
    for position in Position::ALL {
        let _ = writeln!(table, "{}", position.name());
        for fact in process_facts() {
            let told = at(position);
            assert_eq!(told.state.process.position, position);
            let name = fact.name();
            let came = comes_to(told, BEN, Fact::Process(fact), process_position);
            if came != "·" {
                let _ = writeln!(table, "  {name} → {came}");
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_demand_is_withdrawn_from_every_position_before_production_and_then_only_closed() {
    for position in Position::ALL {
        let mut told = at(position);
        let came = told.attempt(ANN, Fact::Process(withdrawn()));
        let over = [
            Position::Unopened,
            Position::Produced,
            Position::EmergencyDisclosed,
            Position::Withdrawn,
            Position::Closed,
        ];
        assert_eq!(came.is_ok(), !over.contains(&position), "{position:?}");
        if came.is_err() {
            continue;
        }
        for fact in process_facts() {
            let closes = matches!(fact, ProcessFact::Closed {});
            let mut next = Told {
                state: told.state.clone(),
                events: Vec::new(),
                now: told.now,
            };
            if next.attempt(BEN, Fact::Process(fact)).is_ok() {
                let expected = if closes {
                    Position::Closed
                } else {
                    Position::Withdrawn
                };
                assert_eq!(next.state.process.position, expected);
            }
        }
        if told.state.notice_owed() && !told.state.gag.bars_notice(told.now) {
            told = told.then(notice());
        }
        if !told.state.notice_owed() {
            told.then(ProcessFact::Closed {});
        }
    }
}

#[test]
fn no_other_way_leads_to_production_after_a_court_set_it_aside() {
    let quashed = at(Position::Quashed);
    for fact in process_facts() {
        let mut next = Told {
            state: quashed.state.clone(),
            events: Vec::new(),
            now: quashed.now,
        };
        if next.attempt(BEN, Fact::Process(fact)).is_ok() {
            let still = [
                Position::Quashed,
                Position::UnderReview,
                Position::Withdrawn,
                Position::Closed,
            ];
            assert!(still.contains(&next.state.process.position));
        }
    }
    let reversed = at(Position::Quashed)
        .then(ProcessFact::ReviewSought { court: why() })
        .then(adjudicated(Adjudication::Enforced {}));
    assert_eq!(process_position(&reversed), "enforced");
    assert!(reversed.state.process.is_binding());
}

fn case(fact: CaseFact) -> Fact {
    Fact::Case { case: 0, fact }
}

fn case_at(position: CasePosition) -> Told {
    let fact = |wanted: &str| {
        case_facts()
            .into_iter()
            .find(|fact| fact.name() == wanted)
            .unwrap()
    };
    let told = Told::scoped(received()).then(case(fact("drafted")));
    let filed = |told: Told| told.then(case(fact("filed")));
    match position {
        CasePosition::Drafted => told,
        CasePosition::Filed => filed(told),
        CasePosition::Pending => filed(told).then(case(fact("pending"))),
        CasePosition::Stayed => filed(told).then(case(fact("stayed"))),
        CasePosition::DismissedWithoutPrejudice => filed(told).then(case(dismissed(false))),
        CasePosition::DismissedWithPrejudice => filed(told).then(case(dismissed(true))),
        CasePosition::Judgment => filed(told).then(case(fact("judged"))),
        CasePosition::Appealed => filed(told)
            .then(case(fact("judged")))
            .then(case(fact("appealed"))),
    }
}

#[test]
fn every_position_of_a_case_meets_every_fact() {
    let mut table = String::new();
    for position in CasePosition::ALL {
        let _ = writeln!(table, "{}", position.name());
        for fact in case_facts() {
            let told = case_at(position);
            let name = match &fact {
                CaseFact::Dismissed {
                    with_prejudice: true, ..
                } => "dismissed with prejudice",
                other => other.name(),
            };
            let came = comes_to(told, ANN, case(fact), |told| told.state.cases[0].position.name());
            if came != "·" {
                let _ = writeln!(table, "  {name} → {came}");
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_case_that_was_dismissed_without_prejudice_is_brought_again_once_as_a_new_one() {
    let again = |case: u16, refiles| Fact::Case {
        case,
        fact: CaseFact::Drafted {
            refiles: Some(refiles),
        },
    };
    let mut told = case_at(CasePosition::DismissedWithoutPrejudice).then(again(1, 0));
    assert!(told.attempt(ANN, again(2, 0)).is_err());
    assert!(told.attempt(ANN, again(2, 1)).is_err());
    assert!(told.attempt(ANN, again(4, 0)).is_err());
    assert_eq!(told.state.cases[0].refiled_as, Some(1));
    let fact = |wanted: &str| {
        case_facts()
            .into_iter()
            .find(|fact| fact.name() == wanted)
            .unwrap()
    };
    let told = told
        .then(Fact::Case {
            case: 1,
            fact: fact("filed"),
        })
        .then(Fact::Case {
            case: 1,
            fact: dismissed(false),
        });
    assert_eq!(crate::voluntary_dismissals(&told.state.cases, 0), 1);
    assert_eq!(crate::voluntary_dismissals(&told.state.cases, 1), 2);
    assert_eq!(told.state.process.position, Position::ScopeComputed);
}

fn gag_at(position: GagPosition) -> Told {
    let told = Told::scoped(received());
    let fact = |told: &Told, wanted: &str| {
        gag_facts(told.now)
            .into_iter()
            .find(|fact| fact.name() == wanted)
            .unwrap()
    };
    let with = |told: Told, wanted: &str| {
        let fact = fact(&told, wanted);
        told.then(fact)
    };
    match position {
        GagPosition::None => told,
        GagPosition::Requested => with(told, "requested"),
        GagPosition::Active => with(told, "activated"),
        GagPosition::Challenged => with(with(told, "activated"), "challenged"),
        GagPosition::Upheld => with(with(told, "activated"), "upheld"),
        GagPosition::Narrowed => with(with(told, "activated"), "narrowed"),
        GagPosition::Lifted => with(with(told, "activated"), "lifted"),
        GagPosition::Expired => with(with(told, "activated").wait_days(2), "expired"),
    }
}

#[test]
fn every_position_of_a_gag_meets_every_fact() {
    let mut table = String::new();
    for position in GagPosition::ALL {
        let _ = writeln!(table, "{}", position.name());
        for late in [false, true] {
            let told = || {
                if late {
                    gag_at(position).wait_days(3)
                } else {
                    gag_at(position)
                }
            };
            for fact in gag_facts(told().now) {
                let name = fact.name();
                let came = comes_to(told(), ANN, Fact::Gag(fact), |told| {
                    told.state.gag.position.name()
                });
                if came != "·" {
                    let when = if late { "after its end" } else { "in time" };
                    let _ = writeln!(table, "  {name}, {when} → {came}");
                }
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn every_position_of_a_copy_meets_every_fact() {
    let kept_at = |position: PreservationPosition| {
        let told = Told::scoped(received());
        let with = |told: Told, wanted: &str| {
            let facts = preservation_facts(told.now);
            let fact = facts.into_iter().find(|fact| fact.name() == wanted).unwrap();
            told.then(Fact::Preservation(fact))
        };
        match position {
            PreservationPosition::None => told,
            PreservationPosition::Active => with(told, "activated"),
            PreservationPosition::Extended => with(with(told, "activated"), "extended"),
            PreservationPosition::Released => with(with(told, "activated"), "released"),
            PreservationPosition::Used => with(with(told, "activated"), "used_by"),
        }
    };
    let mut table = String::new();
    for position in PreservationPosition::ALL {
        let _ = writeln!(table, "{}", position.name());
        for fact in preservation_facts(kept_at(position).now) {
            let name = fact.name();
            let read = |told: &Told| told.state.preservation.position.name();
            let came = comes_to(kept_at(position), ANN, Fact::Preservation(fact), read);
            if came != "·" {
                let _ = writeln!(table, "  {name} → {came}");
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn publication_only_goes_forward() {
    let publish = |to| Fact::Publication(PublicationFact::Published { to });
    for (number, from) in Publication::ALL.into_iter().enumerate() {
        for (other, to) in Publication::ALL.into_iter().enumerate() {
            let mut told = case_at(CasePosition::Filed);
            if from != Publication::Sealed {
                told = told.then(publish(from));
            }
            assert_eq!(
                told.attempt(ANN, publish(to)).is_ok(),
                other > number,
                "{from:?} to {to:?}"
            );
        }
    }
}

#[test]
fn nothing_happens_to_a_demand_that_has_not_come() {
    for fact in [
        case(CaseFact::Drafted { refiles: None }),
        Fact::Gag(GagFact::Requested {}),
        Fact::Gag(GagFact::Lifted {
            document: court("2017-04-20"),
        }),
        Fact::Preservation(PreservationFact::Released {}),
        Fact::Publication(PublicationFact::Published {
            to: Publication::Band,
        }),
    ] {
        assert!(matches!(
            Told::default().attempt(ANN, fact),
            Err(Refusal::Edge { .. })
        ));
    }
}
