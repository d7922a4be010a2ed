//! Rules that stand in the way, each met on purpose: above all those that random ways seldom meet.

use std::collections::BTreeSet;
use std::time::Duration;

use bauta_inventory::{Eu, Status, Us};

use super::samples::{
    adjudicated, at, case_facts, emergency, findings, narrowed, private, produce, produced, refuse, reviewed,
    seconded, verified, why, withdrawn,
};
use super::told::{ANN, BEN, Told, court, document, gag, handle, hold, item, line, notice, received, scope};
use crate::{
    Adjudication, Answer, Basis, Binding, Correction, Decision, Fact, Finding, Guard, Hash, NarrowedLine,
    OfficerId, Position, PreservationFact, ProcessFact, Publication, PublicationFact, Record, Rule, Scope,
    ScopeLine, Second, Step, Told as Agreed,
};

fn answered(answer: Answer) -> ProcessFact {
    ProcessFact::Answered(answer)
}

fn consents(keyholder: u16, to: Agreed) -> ProcessFact {
    answered(Answer::Consents { keyholder, to })
}

fn decide(items: BTreeSet<crate::Item>, basis: Basis) -> ProcessFact {
    ProcessFact::Determined(Decision::Produce { items, basis })
}

fn instrument() -> Basis {
    Basis::Instrument {}
}

fn publish(to: Publication) -> Fact {
    Fact::Publication(PublicationFact::Published { to })
}

#[test]
fn no_demand_leaves_received_without_a_hold_decision() {
    let mut told = Told::default().then(ProcessFact::Received(Box::new(emergency())));
    for fact in [
        ProcessFact::VerificationBegun {},
        withdrawn(),
        ProcessFact::EmergencyAsked { reason: why() },
    ] {
        assert_eq!(told.refused(ANN, fact), Some(Rule::NoHold));
    }
    told.then(hold()).then(withdrawn());
}

#[test]
fn a_demand_that_asks_for_nothing_is_none() {
    let mut nothing = received();
    nothing.lines.clear();
    assert_eq!(
        Told::default().refused(ANN, ProcessFact::Received(Box::new(nothing))),
        Some(Rule::NoLines)
    );
}

#[test]
fn reasons_are_written() {
    let mut told = at(Position::Verifying);
    assert_eq!(
        told.refused(
            ANN,
            ProcessFact::NotGenuine {
                reason: " \n".to_owned()
            }
        ),
        Some(Rule::NoReason)
    );
    assert_eq!(
        told.refused(
            ANN,
            Fact::Corrected(Correction {
                of: 0,
                note: String::new(),
                demand: None
            })
        ),
        Some(Rule::NoReason)
    );
    assert_eq!(
        told.refused(
            ANN,
            Fact::Corrected(Correction {
                of: 99,
                note: why(),
                demand: None
            })
        ),
        Some(Rule::NoSuchEvent)
    );
}

#[test]
fn a_date_says_how_it_was_computed() {
    let ProcessFact::Reviewed {
        defects,
        mut deadlines,
    } = reviewed()
    else {
        unreachable!()
    };
    deadlines[0].how.zone.clear();
    let fact = ProcessFact::Reviewed { defects, deadlines };
    assert_eq!(at(Position::Verifying).refused(ANN, fact), Some(Rule::NoHow));
}

#[test]
fn events_are_added_at_the_end_only() {
    let mut told = at(Position::Verifying);
    told.now = Told::default().now;
    assert_eq!(told.refused(ANN, verified()), Some(Rule::Backwards));
}

#[test]
fn the_server_passes_on_and_decides_nothing() {
    let mut told = at(Position::Noticed);
    assert_eq!(
        told.refused(OfficerId::SERVER, produce()),
        Some(Rule::ServerDecides)
    );
    assert_eq!(
        told.refused(OfficerId::SERVER, publish(Publication::Band)),
        Some(Rule::ServerDecides)
    );
    told.by(OfficerId::SERVER, consents(0, Agreed::Disclosure));
}

#[test]
fn private_content_takes_a_warrant_or_each_keyholders_consent_or_a_duty_to_report() {
    let mut told = findings(Told::noticed(received()));
    assert_eq!(
        told.refused(ANN, decide(private(), instrument())),
        Some(Rule::ContentBarred)
    );
    assert_eq!(
        told.refused(ANN, decide(private(), Basis::Consent {})),
        Some(Rule::NoConsent)
    );
    let mut told = told.by(OfficerId::SERVER, consents(0, Agreed::Disclosure));
    assert_eq!(
        told.refused(ANN, decide(private(), Basis::Consent {})),
        Some(Rule::NoConsent),
        "one of two"
    );
    let told = told
        .then(consents(1, Agreed::Disclosure))
        .then(decide(private(), Basis::Consent {}));
    let told = told.by(BEN, seconded(Step::Determination));
    let mut told = told.then(answered(Answer::Revokes {
        keyholder: 1,
        to: Agreed::Disclosure,
    }));
    let ready = ProcessFact::Ready {
        items: private(),
        manifest: Hash::of(b"manifest"),
    };
    assert_eq!(
        told.refused(ANN, ready.clone()),
        Some(Rule::NoConsent),
        "it was taken back"
    );
    told.then(consents(1, Agreed::Disclosure)).then(ready);

    let law = |law: &str| Basis::DutyToReport { law: law.to_owned() };
    let mut told = Told::noticed(received());
    assert_eq!(
        told.refused(ANN, decide(private(), law(""))),
        Some(Rule::NoReason)
    );
    told.then(decide(private(), law("18 USC 2258A")));

    let mut warrant = received();
    warrant.terms.us.insert(Us::PrivateContent);
    findings(Told::noticed(warrant)).then(decide(private(), instrument()));
}

#[test]
fn the_findings_are_met_where_nothing_binds_and_recorded_where_it_does() {
    let mut loose = received();
    loose.terms.binding = Binding::NotByItself;
    let finding = |met| ProcessFact::FindingRecorded {
        finding: Finding::OffenceShown,
        met,
        reason: why(),
    };
    let mut told = findings(Told::noticed(loose.clone())).then(finding(false));
    assert_eq!(told.refused(ANN, produce()), Some(Rule::NoFindings));
    told.then(refuse())
        .by(BEN, seconded(Step::Determination))
        .then(ProcessFact::Closed {});

    let mut told = Told::noticed(received());
    assert_eq!(told.refused(ANN, produce()), Some(Rule::NoFindings));
    findings(told).then(finding(false)).then(produce());

    // A court that enforces it makes it bind.
    let enforced = findings(Told::noticed(loose))
        .then(finding(false))
        .then(ProcessFact::EnforcementSought { court: why() })
        .then(adjudicated(Adjudication::Enforced {}));
    enforced.then(ProcessFact::ScopeComputed(scope())).then(produce());

    // A timely objection ends what binds until then.
    let mut civil = received();
    civil.terms.binding = Binding::UntilObjection;
    let told = findings(Told::noticed(civil)).then(finding(false));
    assert!(told.state.process.is_binding());
    let objected = told.then(ProcessFact::Objected {
        grounds: BTreeSet::new(),
        reason: why(),
    });
    assert!(!objected.state.process.is_binding());
}

#[test]
fn a_court_puts_one_guard_aside_for_the_step_that_it_names_when_two_officers_have_entered_it() {
    let other = Record {
        column: "follows.followee_id".to_owned(),
        public: false,
        us: Us::Other,
        eu: Eu::Traffic,
        credential: false,
        rows: 3,
    };
    let mut wide = scope();
    wide.lines.push(ScopeLine {
        line: 4,
        status: Status::Held,
        records: vec![other],
    });
    let mut asks = received();
    asks.lines.push(line("followers", &[Us::Other]));
    let items = BTreeSet::from([item(4, "follows.followee_id", false)]);
    let order = |guard, step| ProcessFact::CourtOrdered {
        document: court("2017-04-20"),
        guard,
        step,
    };
    let mut told = findings(Told::noticed(asks).then(ProcessFact::ScopeComputed(wide)));
    assert_eq!(
        told.refused(ANN, decide(items.clone(), instrument())),
        Some(Rule::NotCompelled)
    );
    let mut told = told.then(order(Guard::Compelled, Step::Determination));
    assert_eq!(
        told.refused(ANN, decide(items.clone(), instrument())),
        Some(Rule::NotCompelled)
    );
    assert_eq!(
        told.refused(ANN, seconded(Step::CourtOrder)),
        Some(Rule::SamePerson)
    );
    let waited = ProcessFact::Seconded {
        step: Step::CourtOrder,
        second: Second::Waited,
    };
    assert_eq!(told.refused(ANN, waited), Some(Rule::NeedsTwo));
    let counsel = ProcessFact::Seconded {
        step: Step::CourtOrder,
        second: Second::Counsel,
    };
    assert_eq!(
        told.refused(BEN, counsel),
        Some(Rule::NeedsTwo),
        "two officers enter it"
    );
    let told = told
        .by(BEN, seconded(Step::CourtOrder))
        .then(decide(items.clone(), instrument()));
    let told = told.by(BEN, seconded(Step::Determination));
    assert!(told.state.process.overrides.is_empty(), "it is used once");
    // The user's time to answer is another guard, and production another step.
    let mut told = told.then(ProcessFact::Ready {
        items: items.clone(),
        manifest: Hash::of(b"m"),
    });
    let produce = ProcessFact::Produced {
        items,
        manifest: Hash::of(b"m"),
        second: Second::Officer,
    };
    assert_eq!(told.refused(BEN, produce.clone()), Some(Rule::WindowOpen));
    let mut told = told
        .then(order(Guard::Window, Step::Determination))
        .by(BEN, seconded(Step::CourtOrder));
    assert_eq!(
        told.refused(BEN, produce.clone()),
        Some(Rule::WindowOpen),
        "for another step"
    );
    told.then(order(Guard::Window, Step::Production))
        .by(BEN, seconded(Step::CourtOrder))
        .by(BEN, produce);
}

#[test]
fn an_emergency_takes_a_call_back_and_two_people_and_owes_notice_within_72_hours() {
    let mut told = Told::default()
        .then(ProcessFact::Received(Box::new(received())))
        .then(hold());
    assert_eq!(
        told.refused(ANN, ProcessFact::EmergencyAsked { reason: why() }),
        Some(Rule::NotAnEmergency)
    );
    let asked = Told::default()
        .then(ProcessFact::Received(Box::new(emergency())))
        .then(hold());
    let approve = ProcessFact::EmergencyApproved {
        items: private(),
        reason: why(),
    };
    let disclose = ProcessFact::EmergencyDisclosed {
        items: private(),
        manifest: Hash::of(b"m"),
    };
    let asked = asked.then(ProcessFact::EmergencyAsked { reason: why() });
    let mut told = asked.then(ProcessFact::ScopeComputed(scope()));
    assert_eq!(told.refused(ANN, approve.clone()), Some(Rule::NotVerified));
    let mut told = told.then(verified()).then(approve);
    assert_eq!(told.refused(ANN, disclose.clone()), Some(Rule::SamePerson));
    let mut told = told.by(BEN, disclose);
    assert_eq!(
        told.state.notice_by(),
        Some(told.now.plus(Duration::from_hours(72)))
    );
    assert_eq!(told.refused(ANN, ProcessFact::Closed {}), Some(Rule::NoticeOwed));
    told.then(notice()).then(ProcessFact::Closed {});
}

#[test]
fn a_stayed_case_stops_production_and_moves_nothing() {
    let fact = |wanted: &str| {
        let fact = case_facts()
            .into_iter()
            .find(|fact| fact.name() == wanted)
            .unwrap();
        Fact::Case { case: 0, fact }
    };
    let mut told = at(Position::Ready)
        .then(fact("drafted"))
        .then(fact("filed"))
        .then(fact("stayed"));
    assert_eq!(told.state.process.position, Position::Ready);
    assert_eq!(told.refused(BEN, produced(Second::Officer)), Some(Rule::Stayed));
    told.then(fact("pending")).by(BEN, produced(Second::Officer));
}

#[test]
fn narrowing_never_asks_for_more() {
    let told = || at(Position::Noticed);
    let narrow = |of, text: &str, us: &[Us]| ProcessFact::Narrowed {
        lines: vec![NarrowedLine {
            of,
            line: line(text, us),
        }],
        document: document("letter"),
    };
    assert_eq!(
        told().refused(ANN, narrow(1, "posts", &[Us::PublicContent])),
        Some(Rule::NotNarrower)
    );
    assert_eq!(
        told().refused(ANN, narrow(9, "user names", &[Us::Name])),
        Some(Rule::NotNarrower)
    );
    assert_eq!(
        told().refused(ANN, narrow(1, "all records", &[])),
        Some(Rule::NotNarrower)
    );
    let mut none = told();
    let nothing = ProcessFact::Narrowed {
        lines: Vec::new(),
        document: document("letter"),
    };
    assert_eq!(none.refused(ANN, nothing), Some(Rule::NoLines));
    // Out of an umbrella, in writing; the new line has a number of its own, and nothing is held for it yet.
    let mut told = told().then(ProcessFact::Narrowed {
        lines: narrowed(0),
        document: document("letter"),
    });
    assert_eq!(told.state.process.lines.keys().copied().collect::<Vec<_>>(), [4]);
    assert_eq!(
        told.refused(ANN, ProcessFact::ScopeComputed(scope())),
        Some(Rule::NotAsked)
    );
    let held = |line| Scope {
        lines: vec![ScopeLine {
            line,
            ..scope().lines[0].clone()
        }],
        ..scope()
    };
    let told = told.then(ProcessFact::ScopeComputed(held(4)));
    assert_eq!(
        told.state.process.position,
        Position::Noticed,
        "who was told stays told"
    );
}

#[test]
fn an_umbrella_is_answered_by_nothing_and_a_credential_by_its_name() {
    let mut wide = scope();
    wide.lines[0].line = 0;
    let mut told = Told::scoped(received());
    assert_eq!(
        told.refused(ANN, ProcessFact::ScopeComputed(wide)),
        Some(Rule::NotAsked)
    );
    let credential = BTreeSet::from([item(3, "credentials.passphrase_hash", false)]);
    let mut told = at(Position::Noticed);
    assert_eq!(
        told.refused(ANN, decide(credential, instrument())),
        Some(Rule::Credential)
    );
    assert_eq!(
        told.refused(ANN, decide(BTreeSet::new(), instrument())),
        Some(Rule::NothingChosen)
    );
    let elsewhere = BTreeSet::from([item(1, "accounts.bio", true)]);
    assert_eq!(
        told.refused(ANN, decide(elsewhere, instrument())),
        Some(Rule::NotHeld)
    );
    let until = told.now.plus(Duration::from_hours(1000));
    let columns = BTreeSet::from(["credentials.passphrase_hash".to_owned()]);
    let keep = Fact::Preservation(PreservationFact::Activated { columns, until });
    assert_eq!(told.refused(ANN, keep), Some(Rule::Credential));
}

#[test]
fn a_hold_only_instrument_produces_nothing() {
    let mut only = received();
    only.terms.hold_only = true;
    let mut told = findings(Told::noticed(only));
    assert_eq!(told.refused(ANN, produce()), Some(Rule::HoldOnly));
    told.then(refuse())
        .by(BEN, seconded(Step::Determination))
        .then(ProcessFact::Closed {});
}

#[test]
fn terms_are_read_anew_by_two_people_and_void_what_was_approved() {
    let mut terms = received().terms;
    terms.us.clear();
    let revised = ProcessFact::TermsRevised {
        terms: terms.clone(),
        pack: Hash::of(b"newer"),
        reason: why(),
    };
    let mut told = at(Position::Determined).then(revised);
    assert_ne!(told.state.process.terms.as_ref(), Some(&terms));
    assert_eq!(told.refused(ANN, seconded(Step::Terms)), Some(Rule::SamePerson));
    let told = told.by(BEN, seconded(Step::Terms));
    assert_eq!(told.state.process.terms.as_ref(), Some(&terms));
    assert_eq!(told.state.process.position, Position::Verifying);
    assert!(told.state.process.determination.is_none());
}

#[test]
fn a_single_officer_need_not_wait_past_a_binding_deadline() {
    let ProcessFact::Reviewed { mut deadlines, .. } = reviewed() else {
        unreachable!()
    };
    let mut told = at(Position::Noticed).then(produce());
    deadlines[0].at = told.now.plus(Duration::from_hours(3));
    let set = ProcessFact::DeadlineSet {
        deadline: deadlines.remove(0),
        reason: why(),
    };
    told = told.then(set);
    let waited = ProcessFact::Seconded {
        step: Step::Determination,
        second: Second::Waited,
    };
    assert_eq!(told.refused(ANN, waited.clone()), Some(Rule::TooEarly));
    told.now = told.now.plus(Duration::from_hours(1));
    let told = told.then(waited);
    assert!(told.state.process.waited);
}

#[test]
fn every_rule_says_something_and_belongs_to_an_invariant() {
    for rule in Rule::ALL {
        assert!(rule.says().len() > 15, "{rule:?}");
        assert!((1..=15).contains(&rule.invariant()), "{rule:?}");
    }
    let told = at(Position::Received).refused(ANN, gag(None));
    assert_eq!(told, Some(Rule::NoEnd));
    assert_eq!(handle().len(), 1);
}
