//! Random ways of a demand: half the steps go on towards production, the others are anything at all.

use std::collections::BTreeSet;

use bauta_inventory::{Eu, Status, Us};
use proptest::prelude::*;

use super::samples::{
    adjudicated, case_facts, emergency, gag_facts, narrowed, preservation_facts, private, process_facts,
    refuse, reviewed, verified, why, withdrawn,
};
use super::told::{Told, court, gag, handle, hold, item};
use crate::{
    Adjudication, Answer, Basis, Binding, Bucket, Correction, Decision, Event, Fact, Finding, Guard, Hash,
    Item, LogRule, NoticeRule, OfficerId, Position, ProcessFact, Publication, PublicationFact, Received,
    Record, Refusal, Restated, Rule, Scope, ScopeLine, Second, State, Step, Told as Agreed,
};

/// One try.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    pub what: u8,
    pub officer: u8,
    pub hours: u16,
    pub n: u16,
}

pub fn choices() -> impl Strategy<Value = Vec<Choice>> {
    let one = (any::<u8>(), 0u8..20, 0u16..60, any::<u16>()).prop_map(|(what, officer, hours, n)| Choice {
        what,
        officer,
        hours,
        n,
    });
    proptest::collection::vec(one, 1..90)
}

/// Walks, and shows each step that was taken: the state before, the event, the state after.
pub fn walk(choices: &[Choice], seen: impl FnMut(&State, &Event, &State, &[Event])) -> Told {
    walk_and_refuse(choices, seen, |_| {})
}

/// The same, and shows each rule that stood in the way.
pub fn walk_and_refuse(
    choices: &[Choice],
    mut seen: impl FnMut(&State, &Event, &State, &[Event]),
    mut refused: impl FnMut(Rule),
) -> Told {
    let mut told = Told::default();
    // Every third desk has one officer.
    let alone = choices.first().is_some_and(|choice| choice.n.is_multiple_of(3));
    for choice in choices {
        told.now = told
            .now
            .plus(std::time::Duration::from_hours(choice.hours.into()));
        // Some are tried with a clock that went back.
        let now = told.now;
        let before = told.state.clone();
        let fact = propose(&told, *choice);
        let officer = match choice.officer {
            0 => OfficerId::SERVER,
            _ if alone => OfficerId::new(1),
            1..=11 => OfficerId::new(1),
            12..=18 => OfficerId::new(2),
            _ => OfficerId::new(3),
        };
        match told.attempt(officer, fact) {
            Ok(()) => {
                let event = told.events.last().cloned().unwrap();
                seen(&before, &event, &told.state, &told.events);
            }
            Err(refusal) => {
                assert_eq!(told.state, before, "{refusal} changed something at {now:?}");
                if let Refusal::Rule(rule) = refusal {
                    refused(rule);
                }
            }
        }
    }
    told
}

fn propose(told: &Told, choice: Choice) -> Fact {
    match choice.what {
        0..=159 => next(&told.state, choice.n),
        _ => anything(told, choice.n),
    }
}

fn pick<T>(mut from: Vec<T>, n: u16) -> T {
    let at = usize::from(n) % from.len();
    from.swap_remove(at)
}

/// The next step towards production or an end.
fn next(state: &State, n: u16) -> Fact {
    let process = &state.process;
    let notice = || ProcessFact::NoticeSent {
        keyholders: if process.found == 0 { 0 } else { 1 + n % 2 },
        window_ends: state
            .last
            .unwrap()
            .plus(std::time::Duration::from_hours(u64::from(n % 50))),
    };
    let second = |n: u16| {
        if n.is_multiple_of(3) {
            Second::Waited
        } else {
            Second::Officer
        }
    };
    let missing = Finding::ALL
        .into_iter()
        .find(|finding| !process.findings.contains_key(finding));
    if process.position == Position::ScopeComputed && n.is_multiple_of(6) {
        let hours = u64::from(n % 2_000);
        return Fact::Gag(gag(Some(
            state.last.unwrap().plus(std::time::Duration::from_hours(hours)),
        )));
    }
    let fact = match process.position {
        Position::Unopened => ProcessFact::Received(Box::new(some_received(n))),
        Position::Received if process.hold.is_none() => hold(),
        Position::Received if n.is_multiple_of(4) => ProcessFact::EmergencyAsked { reason: why() },
        Position::Received => ProcessFact::VerificationBegun {},
        Position::Verifying | Position::EmergencyAsked if !process.verified => verified(),
        Position::Verifying => reviewed(),
        Position::EmergencyAsked if process.scope.is_none() => ProcessFact::ScopeComputed(scope_of(state, n)),
        Position::EmergencyAsked => ProcessFact::EmergencyApproved {
            items: some_items(state, n),
            reason: why(),
        },
        Position::EmergencyApproved => ProcessFact::EmergencyDisclosed {
            items: some_items(state, n),
            manifest: Hash::of(b"manifest"),
        },
        Position::Reviewed | Position::Enforced => ProcessFact::ScopeComputed(scope_of(state, n)),
        Position::ScopeComputed | Position::NoticeDue if state.gag.bars_notice(state.last.unwrap()) => {
            ProcessFact::NoticeDelayed {}
        }
        Position::ScopeComputed | Position::NoticeDue => notice(),
        Position::Noticed | Position::NoticeDelayed if missing.is_some() && !n.is_multiple_of(5) => {
            ProcessFact::FindingRecorded {
                finding: missing.unwrap(),
                met: !n.is_multiple_of(7),
                reason: why(),
            }
        }
        Position::Noticed | Position::NoticeDelayed => some_decision(state, n),
        Position::Determining => ProcessFact::Seconded {
            step: Step::Determination,
            second: second(n),
        },
        Position::Determined if is_refused(state) => ProcessFact::Closed {},
        Position::Determined => ProcessFact::Ready {
            items: approved(state),
            manifest: Hash::of(b"manifest"),
        },
        Position::Ready => ProcessFact::Produced {
            items: approved(state),
            manifest: Hash::of(b"manifest"),
            second: second(n),
        },
        Position::EnforcementSought | Position::Challenged | Position::UnderReview => {
            adjudicated(match n % 3 {
                0 => Adjudication::Quashed {},
                1 => Adjudication::Enforced {},
                _ => Adjudication::Modified {
                    lines: narrowed(*process.lines.keys().next().unwrap()),
                },
            })
        }
        Position::Objected => ProcessFact::EnforcementSought { court: why() },
        _ if state.notice_owed() => notice(),
        _ => ProcessFact::Closed {},
    };
    Fact::Process(fact)
}

fn is_refused(state: &State) -> bool {
    let determination = state.process.determination.as_ref();
    determination.is_some_and(|determination| matches!(determination.decision, Decision::Refuse { .. }))
}

fn approved(state: &State) -> BTreeSet<Item> {
    match state
        .process
        .determination
        .as_ref()
        .map(|determination| &determination.decision)
    {
        Some(Decision::Produce { items, .. }) => items.clone(),
        _ => handle(),
    }
}

fn some_received(n: u16) -> Received {
    let mut received = emergency();
    let terms = &mut received.terms;
    terms.emergency = n.is_multiple_of(2);
    match n % 8 {
        0 => terms.us.extend([Us::PrivateContent, Us::Other]),
        1 => terms.binding = Binding::NotByItself,
        2 => terms.hold_only = true,
        3 => (terms.bucket, terms.log, terms.notice) = (Bucket::Band, LogRule::Band, NoticeRule::Barred),
        4 => terms.binding = Binding::UntilObjection,
        5 => received.found = 0,
        6 => terms.us.clear(),
        _ => {}
    }
    received
}

/// What is held for the lines that are asked for now, and at times for one that is not.
pub fn scope_of(state: &State, n: u16) -> Scope {
    let record = |column: &str, us, public, credential| Record {
        column: column.to_owned(),
        public,
        us,
        eu: Eu::None,
        credential,
        rows: 1,
    };
    let mut lines = Vec::new();
    let stray = n.is_multiple_of(11).then_some(40);
    for (number, line) in &state.process.lines {
        let mut records = Vec::new();
        if line.us.contains(&Us::Name) {
            records.push(record("accounts.handle", Us::Name, true, false));
        }
        if line.us.contains(&Us::PublicContent) {
            records.push(record("posts.text", Us::PublicContent, true, false));
            records.push(record("posts.text", Us::PrivateContent, false, false));
        }
        if line.us.contains(&Us::Identity) {
            records.push(record("credentials.passphrase_hash", Us::Identity, false, true));
        }
        if n.is_multiple_of(13) {
            records.clear();
        }
        lines.push(ScopeLine {
            line: stray.unwrap_or(*number),
            status: Status::Held,
            records,
        });
    }
    Scope {
        inventory: Hash::of(b"inventory"),
        pack: Hash::of(b"pack"),
        lines,
    }
}

/// Some of what is held, and at times a credential, or what nobody asked for.
fn some_items(state: &State, n: u16) -> BTreeSet<Item> {
    let lines = state.process.scope.iter().flat_map(|scope| &scope.lines);
    let held = lines.flat_map(|line| line.records.iter().map(move |record| (line.line, record)));
    let sound = held
        .clone()
        .filter(|(_, record)| !record.credential && (record.public || n.is_multiple_of(2)));
    let mut items: BTreeSet<Item> = sound
        .map(|(line, record)| item(line, &record.column, record.public))
        .collect();
    match n % 16 {
        0 => {
            items.insert(item(1, "accounts.bio", true));
        }
        1 => {
            items.insert(item(0, "accounts.handle", true));
        }
        2 => items.extend(held.map(|(line, record)| item(line, &record.column, record.public))),
        _ => {}
    }
    items
}

fn some_decision(state: &State, n: u16) -> ProcessFact {
    let basis = match n % 7 {
        0 => Basis::Consent {},
        1 => Basis::DutyToReport {
            law: "18 USC 2258A".to_owned(),
        },
        _ => Basis::Instrument {},
    };
    if n.is_multiple_of(9) {
        return refuse();
    }
    ProcessFact::Determined(Decision::Produce {
        items: some_items(state, n / 7),
        basis,
    })
}

fn anything(told: &Told, n: u16) -> Fact {
    let state = &told.state;
    let m = n / 16;
    match n % 16 {
        0..=6 => Fact::Process(pick(process_facts(), m)),
        7 => Fact::Process(pick(
            vec![
                withdrawn(),
                ProcessFact::AccountsCounted {
                    found: u32::from(m % 2),
                },
                ProcessFact::EnforcementSought { court: why() },
                ProcessFact::ScopeComputed(scope_of(state, m)),
                some_decision(state, m),
                ProcessFact::Ready {
                    items: some_items(state, m),
                    manifest: Hash::of(b"manifest"),
                },
                ProcessFact::Produced {
                    items: some_items(state, m),
                    manifest: Hash::of(b"manifest"),
                    second: Second::Waited,
                },
            ],
            m,
        )),
        8 => {
            let to = if m.is_multiple_of(3) {
                Agreed::Publication
            } else {
                Agreed::Disclosure
            };
            let keyholder = m % 3;
            Fact::Process(ProcessFact::Answered(pick(
                vec![
                    Answer::Consents { keyholder, to },
                    Answer::Consents { keyholder, to },
                    Answer::Revokes { keyholder, to },
                    Answer::Objects { keyholder },
                ],
                m,
            )))
        }
        9 => {
            let step = pick(
                vec![
                    Step::CourtOrder,
                    Step::Terms,
                    Step::NoticeException,
                    Step::Determination,
                ],
                m,
            );
            let second = pick(
                vec![Second::Officer, Second::Waited, Second::Counsel, Second::Officer],
                m / 4,
            );
            Fact::Process(ProcessFact::Seconded { step, second })
        }
        10 => Fact::Process(ProcessFact::CourtOrdered {
            document: court("2017-04-20"),
            guard: pick(
                vec![
                    Guard::Window,
                    Guard::Findings,
                    Guard::Compelled,
                    Guard::CallBack,
                    Guard::Wait,
                ],
                m,
            ),
            step: pick(vec![Step::Determination, Step::Production], m / 5),
        }),
        11 => Fact::Case {
            case: m % 3,
            fact: pick(case_facts(), m / 3),
        },
        12 => match m % 3 {
            0 => Fact::Gag(gag(Some(
                told.now.plus(std::time::Duration::from_hours((n % 400).into())),
            ))),
            _ => Fact::Gag(pick(gag_facts(told.now), m)),
        },
        13 => Fact::Preservation(pick(preservation_facts(told.now), m)),
        14 => Fact::Publication(PublicationFact::Published {
            to: pick(Publication::ALL.to_vec(), m),
        }),
        _ => Fact::Corrected(Correction {
            of: u32::from(m % 8),
            note: why(),
            demand: m.is_multiple_of(4).then(|| {
                let received = emergency();
                Box::new(Restated {
                    demand: received.demand,
                    lines: received.lines,
                })
            }),
        }),
    }
}

/// What nobody may see without what content takes.
pub fn is_private(item: &Item) -> bool {
    private()
        .iter()
        .any(|one| one.column == item.column && one.public == item.public)
}
