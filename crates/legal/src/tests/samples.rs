//! One fact of each name, and a demand at each position.

use std::collections::BTreeSet;

use super::told::{ANN, BEN, Told, court, document, gag, handle, hold, item, line, notice, received, scope};
use crate::{
    Adjudication, Answer, Basis, CaseFact, Challenger, Deadline, DeadlineNote, Decision, DocketEntry,
    Exception, Finding, GagFact, Ground, Guard, Hash, NarrowedLine, OfficerId, Position, PreservationFact,
    ProcessFact, Received, ReceivedTime, Second, Step, Told as Agreed, Verified,
};
use bauta_inventory::Us;
use bauta_model::{CoarseTime, Day};

pub fn why() -> String {
    "It is so.".to_owned()
}

fn deadline() -> Deadline {
    Deadline {
        name: "due".to_owned(),
        at: Day::from_civil(2017, 6, 1).unwrap().start(),
        binds: true,
        how: DeadlineNote {
            rule: "As it stands on the paper.".to_owned(),
            calendar: "none".to_owned(),
            zone: "America/New_York".to_owned(),
            steps: vec!["received".to_owned()],
        },
    }
}

pub fn narrowed(of: u16) -> Vec<NarrowedLine> {
    vec![NarrowedLine {
        of,
        line: line("user names", &[Us::Name]),
    }]
}

pub fn withdrawn() -> ProcessFact {
    ProcessFact::Withdrawn {
        on: ReceivedTime::new("2017-04-07"),
        document: None,
    }
}

pub fn seconded(step: Step) -> ProcessFact {
    ProcessFact::Seconded {
        step,
        second: Second::Officer,
    }
}

pub fn produce() -> ProcessFact {
    ProcessFact::Determined(Decision::Produce {
        items: handle(),
        basis: Basis::Instrument {},
    })
}

pub fn ready() -> ProcessFact {
    ProcessFact::Ready {
        items: handle(),
        manifest: Hash::of(b"manifest"),
    }
}

pub fn produced(second: Second) -> ProcessFact {
    ProcessFact::Produced {
        items: handle(),
        manifest: Hash::of(b"manifest"),
        second,
    }
}

pub fn verified() -> ProcessFact {
    ProcessFact::Verified {
        how: Verified::CalledBack,
        note: why(),
    }
}

pub fn reviewed() -> ProcessFact {
    ProcessFact::Reviewed {
        defects: BTreeSet::new(),
        deadlines: vec![deadline()],
    }
}

pub fn adjudicated(outcome: Adjudication) -> ProcessFact {
    ProcessFact::Adjudicated {
        outcome,
        document: court("2017-04-20"),
    }
}

/// A fact of each name.
pub fn process_facts() -> Vec<ProcessFact> {
    let court_name = || "N.D. Cal.".to_owned();
    vec![
        ProcessFact::Received(Box::new(emergency())),
        hold(),
        ProcessFact::VerificationBegun {},
        verified(),
        ProcessFact::NotGenuine { reason: why() },
        reviewed(),
        ProcessFact::DeadlineSet {
            deadline: deadline(),
            reason: why(),
        },
        ProcessFact::AccountsCounted { found: 1 },
        ProcessFact::ScopeComputed(scope()),
        ProcessFact::NoRecords {},
        ProcessFact::NoticeDue {
            by: Day::from_civil(2017, 6, 1).unwrap().start(),
        },
        notice(),
        ProcessFact::NoticeDelayed {},
        ProcessFact::NoticeExcepted {
            ground: Exception::AccountTaken,
            reason: why(),
        },
        seconded(Step::Determination),
        ProcessFact::Answered(Answer::Consents {
            keyholder: 0,
            to: Agreed::Disclosure,
        }),
        ProcessFact::Objected {
            grounds: BTreeSet::new(),
            reason: why(),
        },
        ProcessFact::ObjectionLifted { reason: why() },
        ProcessFact::Narrowed {
            lines: narrowed(1),
            document: document("letter"),
        },
        ProcessFact::EnforcementSought { court: court_name() },
        ProcessFact::WentStale { reason: why() },
        ProcessFact::Challenged {
            by: Challenger::Provider,
            court: court_name(),
        },
        adjudicated(Adjudication::Quashed {}),
        ProcessFact::ReviewSought { court: court_name() },
        ProcessFact::FindingRecorded {
            finding: Finding::OffenceShown,
            met: true,
            reason: why(),
        },
        produce(),
        ready(),
        produced(Second::Officer),
        withdrawn(),
        ProcessFact::EmergencyAsked { reason: why() },
        ProcessFact::EmergencyDeclined { reason: why() },
        ProcessFact::EmergencyApproved {
            items: handle(),
            reason: why(),
        },
        ProcessFact::EmergencyDisclosed {
            items: handle(),
            manifest: Hash::of(b"manifest"),
        },
        ProcessFact::CourtOrdered {
            document: court("2017-04-20"),
            guard: Guard::Findings,
            step: Step::Determination,
        },
        ProcessFact::TermsRevised {
            terms: super::told::terms(),
            pack: Hash::of(b"newer"),
            reason: why(),
        },
        ProcessFact::EffectGiven {},
        ProcessFact::RenewedBy {
            demand: "00000000000000a2".to_owned(),
        },
        ProcessFact::OutsideStated {
            line: 0,
            about: "proxy".to_owned(),
            statement: why(),
        },
        ProcessFact::LogDeferred { reason: why() },
        ProcessFact::LogResumed {},
        ProcessFact::DocumentAdded(document("letter")),
        ProcessFact::OfficerLeft { officer: ANN },
        ProcessFact::Closed {},
    ]
}

/// A fact of each name of a case.
pub fn case_facts() -> Vec<CaseFact> {
    vec![
        CaseFact::Drafted { refiles: None },
        CaseFact::Filed {
            court: "N.D. Cal.".to_owned(),
            docket: "3:17-cv-01916".to_owned(),
            sealed: false,
            on: ReceivedTime::new("2017-04-06"),
            parties: Vec::new(),
        },
        CaseFact::Pending {},
        CaseFact::Stayed {},
        dismissed(false),
        dismissed(true),
        CaseFact::Judged {
            document: court("2017-06-01"),
        },
        CaseFact::Appealed {
            court: "9th Cir.".to_owned(),
        },
        CaseFact::Docketed(DocketEntry {
            on: ReceivedTime::new("2017-04-06"),
            kind: "complaint".to_owned(),
            rule: None,
            pages: Some(25),
        }),
        CaseFact::DocumentAdded(document("complaint")),
    ]
}

pub fn dismissed(with_prejudice: bool) -> CaseFact {
    CaseFact::Dismissed {
        with_prejudice,
        voluntary: true,
        on: ReceivedTime::new("2017-04-07"),
        rule: None,
    }
}

/// A fact of each name of a gag; `now` is when it happens.
pub fn gag_facts(now: CoarseTime) -> Vec<GagFact> {
    let ends = Some(now.plus(std::time::Duration::from_hours(30)));
    vec![
        GagFact::Requested {},
        gag(ends),
        GagFact::Named {
            officers: BTreeSet::from([OfficerId::new(3)]),
        },
        GagFact::Challenged {
            court: "N.D. Cal.".to_owned(),
        },
        GagFact::Upheld {
            document: court("2017-04-20"),
            ends: None,
        },
        GagFact::Narrowed {
            document: court("2017-04-20"),
            user_may_know: true,
            ends: None,
        },
        GagFact::Lifted {
            document: court("2017-04-20"),
        },
        GagFact::Expired {},
    ]
}

/// A fact of each name of a copy.
pub fn preservation_facts(now: CoarseTime) -> Vec<PreservationFact> {
    let until = now.plus(std::time::Duration::from_hours(24 * 90));
    vec![
        PreservationFact::Activated {
            columns: BTreeSet::from(["accounts.handle".to_owned()]),
            until,
        },
        PreservationFact::Extended { until },
        PreservationFact::Released {},
        PreservationFact::UsedBy {
            demand: "00000000000000a2".to_owned(),
        },
    ]
}

/// A demand that may take the path of an emergency.
pub fn emergency() -> Received {
    let mut received = received();
    received.terms.emergency = true;
    received
}

pub fn findings(told: Told) -> Told {
    Finding::ALL.into_iter().fold(told, |told, finding| {
        told.then(ProcessFact::FindingRecorded {
            finding,
            met: true,
            reason: why(),
        })
    })
}

/// A demand that stands at `position`, with as few rules in its way as may be.
pub fn at(position: Position) -> Told {
    let begun = || {
        Told::default()
            .then(ProcessFact::Received(Box::new(emergency())))
            .then(hold())
    };
    let noticed = || findings(Told::noticed(emergency())).wait_days(20);
    let asked = || {
        begun()
            .then(ProcessFact::EmergencyAsked { reason: why() })
            .then(verified())
    };
    let approved = || {
        let scoped = asked().then(ProcessFact::ScopeComputed(scope()));
        scoped.then(ProcessFact::EmergencyApproved {
            items: handle(),
            reason: why(),
        })
    };
    let court = || "N.D. Cal.".to_owned();
    let sought = || noticed().then(ProcessFact::EnforcementSought { court: court() });
    match position {
        Position::Unopened => Told::default(),
        Position::Received => begun(),
        Position::Verifying => begun().then(ProcessFact::VerificationBegun {}),
        Position::NotGenuine => at(Position::Verifying).then(ProcessFact::NotGenuine { reason: why() }),
        Position::Reviewed => at(Position::Verifying).then(verified()).then(reviewed()),
        Position::ScopeComputed => Told::scoped(emergency()),
        Position::NoticeDue => {
            let by = Day::from_civil(2017, 6, 1).unwrap().start();
            Told::scoped(emergency()).then(ProcessFact::NoticeDue { by })
        }
        Position::Noticed => noticed(),
        Position::NoticeDelayed => {
            let told = findings(Told::scoped(emergency()));
            let ends = Day::from_civil(2018, 1, 1).unwrap().start();
            told.then(gag(Some(ends))).then(ProcessFact::NoticeDelayed {})
        }
        Position::Determining => noticed().then(produce()),
        Position::Determined => at(Position::Determining).by(BEN, seconded(Step::Determination)),
        Position::Ready => at(Position::Determined).then(ready()),
        Position::Produced => at(Position::Ready).by(BEN, produced(Second::Officer)),
        Position::NoRecords => {
            let mut nothing = scope();
            nothing.lines.retain(|line| line.line == 3);
            noticed()
                .then(ProcessFact::ScopeComputed(nothing))
                .then(ProcessFact::NoRecords {})
        }
        Position::Objected => noticed().then(ProcessFact::Objected {
            grounds: BTreeSet::new(),
            reason: why(),
        }),
        Position::EnforcementSought => sought(),
        Position::Stale => sought().then(ProcessFact::WentStale { reason: why() }),
        Position::Challenged => noticed().then(ProcessFact::Challenged {
            by: Challenger::User,
            court: court(),
        }),
        Position::Quashed => sought().then(adjudicated(Adjudication::Quashed {})),
        Position::Enforced => sought().then(adjudicated(Adjudication::Enforced {})),
        Position::UnderReview => at(Position::Enforced).then(ProcessFact::ReviewSought { court: court() }),
        Position::EmergencyAsked => asked(),
        Position::EmergencyApproved => approved(),
        Position::EmergencyDeclined => asked().then(ProcessFact::EmergencyDeclined { reason: why() }),
        Position::EmergencyDisclosed => approved().by(
            BEN,
            ProcessFact::EmergencyDisclosed {
                items: handle(),
                manifest: Hash::of(b"manifest"),
            },
        ),
        Position::Withdrawn => noticed().then(withdrawn()),
        Position::Closed => at(Position::Withdrawn).then(ProcessFact::Closed {}),
    }
}

pub fn refuse() -> ProcessFact {
    ProcessFact::Determined(Decision::Refuse {
        ground: Ground::Defects,
        reason: why(),
    })
}

/// The rows of posts that are not for everyone.
pub fn private() -> BTreeSet<crate::Item> {
    BTreeSet::from([item(2, "posts.text", false)])
}
