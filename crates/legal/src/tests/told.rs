//! A demand for tests, told event by event.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Binding, Bucket, CourtDocument, Demand, Document, Event, Fact, GagBasis, GagFact, Hash, Held,
    HoldDecision, Item, Line, LogRule, NonDisclosure, NoticeRule, OfficerId, ProcessFact, Received,
    ReceivedTime, Record, Refusal, Rule, Scope, ScopeLine, Served, State, Terms,
};
use bauta_inventory::{Eu, Status, Us};
use bauta_model::{CoarseTime, Day};

pub const ANN: OfficerId = OfficerId::new(1);
pub const BEN: OfficerId = OfficerId::new(2);

/// A demand whose clock goes on by an hour with each event.
pub struct Told {
    pub state: State,
    pub events: Vec<Event>,
    pub now: CoarseTime,
}

impl Default for Told {
    fn default() -> Self {
        let day = Day::from_civil(2017, 3, 14).unwrap();
        Self {
            state: State::default(),
            events: Vec::new(),
            now: day.start(),
        }
    }
}

impl Told {
    pub fn attempt(&mut self, officer: OfficerId, fact: Fact) -> Result<(), Refusal> {
        self.now = self.now.plus(std::time::Duration::from_hours(1));
        let event = Event {
            at: self.now,
            officer,
            fact,
        };
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event, "{json}");
        self.state = self.state.apply(&event)?;
        self.events.push(event);
        Ok(())
    }

    pub fn by(mut self, officer: OfficerId, fact: impl Into<Shorthand>) -> Self {
        let fact = fact.into().0;
        let name = fact.name();
        if let Err(refusal) = self.attempt(officer, fact) {
            panic!(
                "{name} by {officer} at {:?}: {refusal}",
                self.state.process.position
            );
        }
        self
    }

    pub fn then(self, fact: impl Into<Shorthand>) -> Self {
        self.by(ANN, fact)
    }

    pub fn refused(&mut self, officer: OfficerId, fact: impl Into<Shorthand>) -> Option<Rule> {
        let before = self.state.clone();
        let refusal = self.attempt(officer, fact.into().0).expect_err("it is refused");
        assert_eq!(self.state, before);
        match refusal {
            Refusal::Rule(rule) => Some(rule),
            Refusal::Edge { .. } => None,
        }
    }

    pub fn wait_days(mut self, days: u64) -> Self {
        self.now = self.now.plus(std::time::Duration::from_hours(24 * days));
        self
    }

    /// Received, held, genuine, reviewed and computed.
    pub fn scoped(received: Received) -> Self {
        Self::default()
            .then(ProcessFact::Received(Box::new(received)))
            .then(hold())
            .then(ProcessFact::VerificationBegun {})
            .then(ProcessFact::Verified {
                how: crate::Verified::CalledBack,
                note: "a number".to_owned(),
            })
            .then(ProcessFact::Reviewed {
                defects: BTreeSet::new(),
                deadlines: Vec::new(),
            })
            .then(ProcessFact::ScopeComputed(scope()))
    }

    /// The same, with the user told.
    pub fn noticed(received: Received) -> Self {
        Self::scoped(received).then(notice())
    }
}

/// A fact of the process, or any.
pub struct Shorthand(pub Fact);

impl From<Fact> for Shorthand {
    fn from(fact: Fact) -> Self {
        Self(fact)
    }
}

impl From<ProcessFact> for Shorthand {
    fn from(fact: ProcessFact) -> Self {
        Self(Fact::Process(fact))
    }
}

impl From<GagFact> for Shorthand {
    fn from(fact: GagFact) -> Self {
        Self(Fact::Gag(fact))
    }
}

pub fn hold() -> ProcessFact {
    ProcessFact::HoldDecided(HoldDecision {
        held: Held::SealedCopy,
        reason: "the default".to_owned(),
    })
}

pub fn notice() -> ProcessFact {
    ProcessFact::NoticeSent {
        keyholders: 2,
        window_ends: Day::from_civil(2017, 3, 29).unwrap().start(),
    }
}

pub fn document(kind: &str) -> Document {
    Document {
        hash: Hash::of(kind.as_bytes()),
        kind: kind.to_owned(),
    }
}

pub fn court(on: &str) -> CourtDocument {
    CourtDocument {
        hash: Hash::of(on.as_bytes()),
        court: "N.D. Cal.".to_owned(),
        on: ReceivedTime::new(on),
    }
}

pub fn gag(ends: Option<CoarseTime>) -> GagFact {
    GagFact::Activated {
        basis: GagBasis::Order {
            document: court("2017-03-14"),
        },
        user_may_know: false,
        ends,
        review: None,
        named: BTreeSet::from([ANN, BEN]),
    }
}

pub fn terms() -> Terms {
    Terms {
        us: BTreeSet::from([
            Us::Name,
            Us::Mailing,
            Us::Session,
            Us::LengthAndType,
            Us::Identity,
            Us::Payment,
        ]),
        eu: BTreeSet::new(),
        binding: Binding::Yes,
        notice: NoticeRule::Allowed,
        log: LogRule::Entry,
        bucket: Bucket::CriminalSubpoena,
        hold_only: false,
        emergency: false,
    }
}

pub fn line(text: &str, us: &[Us]) -> Line {
    Line {
        text: text.to_owned(),
        umbrella: us.is_empty(),
        us: us.iter().copied().collect(),
        eu: BTreeSet::new(),
    }
}

/// Lines 0 (an umbrella), 1 (names), 2 (posts), 3 (logins).
pub fn received() -> Received {
    Received {
        demand: Demand {
            instrument: "grand_jury_subpoena".try_into().unwrap(),
            authority: "18 U.S.C. 2703(c)(2)".to_owned(),
            issuer: "An office".to_owned(),
            issuer_rank: String::new(),
            signed_by_judge: false,
            served: Served {
                on: ReceivedTime::new("2017-03-14"),
                by: "fax".to_owned(),
                upon: None,
            },
            due: None,
            appearance: None,
            zone: None,
            non_disclosure: NonDisclosure::Request,
            offence_named: true,
            requested: ["all records", "user names", "posts", "account login"]
                .map(str::to_owned)
                .to_vec(),
            issuer_verified: true,
            signed: true,
            accounts: 1,
            entity_named: None,
            member_state: None,
            court: None,
            sealed_docket: false,
            language: None,
            redress: None,
            foreign_conflict: None,
            underlying: None,
            cited: None,
        },
        terms: terms(),
        pack: Hash::of(b"pack"),
        lines: vec![
            line("all records", &[]),
            line("user names", &[Us::Name]),
            line("posts", &[Us::PublicContent]),
            line("account login", &[Us::Name, Us::Identity]),
        ],
        found: 1,
        renews: None,
    }
}

fn record(column: &str, us: Us, public: bool, credential: bool) -> Record {
    Record {
        column: column.to_owned(),
        public,
        us,
        eu: Eu::None,
        credential,
        rows: 1,
    }
}

pub fn scope() -> Scope {
    let held = |line, records| ScopeLine {
        line,
        status: Status::Held,
        records,
    };
    Scope {
        inventory: Hash::of(b"inventory"),
        pack: Hash::of(b"pack"),
        lines: vec![
            held(1, vec![record("accounts.handle", Us::Name, true, false)]),
            held(
                2,
                vec![
                    record("posts.text", Us::PublicContent, true, false),
                    record("posts.text", Us::PrivateContent, false, false),
                ],
            ),
            ScopeLine {
                line: 3,
                status: Status::Credential,
                records: vec![record("credentials.passphrase_hash", Us::Identity, false, true)],
            },
        ],
    }
}

pub fn item(line: u16, column: &str, public: bool) -> Item {
    Item {
        line,
        column: column.to_owned(),
        public,
    }
}

pub fn handle() -> BTreeSet<Item> {
    BTreeSet::from([item(1, "accounts.handle", true)])
}

pub fn positions(told: &Told) -> BTreeMap<&'static str, &'static str> {
    let state = &told.state;
    BTreeMap::from([
        ("process", state.process.position.name()),
        ("gag", state.gag.position.name()),
        ("preservation", state.preservation.position.name()),
        (
            "case",
            state.cases.last().map_or("none", |case| case.position.name()),
        ),
    ])
}
