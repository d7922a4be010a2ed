//! The summons of 2017 as a public record: a real log in a folder, with the demand's steps open.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use bauta_inventory::{Eu, Inventory, Status, Us};
use bauta_ledger::key::Algorithm;
use bauta_ledger::leaf::{Commitment, Opening, Salt};
use bauta_ledger::log::{KeyRing, Log};
use bauta_ledger::{Policy, SigningKey};
use bauta_legal::pack::RulePack;
use bauta_legal::record::{self, Band, Entry, Half, PublicId, Span, Version};
use bauta_legal::{
    CaseFact, Challenger, DefectCode, DocketEntry, Event, Fact, GagFact, Held, HoldDecision, Intake,
    OfficerId, Party, ProcessFact, Publication, PublicationFact, Received, ReceivedTime, Record, Scope,
    ScopeLine, State, Verified,
};
use bauta_model::{CoarseTime, Day};

/// The demand of the case, as a program hands it in.
const DEMAND: &str = r#"{
    "instrument": "administrative summons", "authority": "19 U.S.C. 1509",
    "issuer": "U.S. Customs and Border Protection, Office of Professional Responsibility",
    "issuer_rank": "special agent in charge", "signed_by_judge": false,
    "served": {"on": "2017-03-14", "by": "fax"}, "due": "2017-03-13T11:45:00",
    "non_disclosure": "request", "offence_named": false,
    "requested": ["all records regarding the account", "user names", "account login", "phone numbers",
        "mailing addresses", "I.P. addresses"],
    "issuer_verified": true, "signed": true, "targets": ["ALT_USCIS"]
}"#;

/// The public name of the demand.
pub const CASE: &str = "00c0ffee00c0ffee";

const COURT: &str = "N.D. Cal.";
const RULE: &str = "Fed. R. Civ. P. 41(a)(1)(A)(i)";

fn at(month: u32, day: u32, hour: i64) -> CoarseTime {
    let start = Day::from_civil(2017, month, day).unwrap().start();
    CoarseTime::from_unix_seconds(start.unix_seconds() + hour * 3600)
}

fn received() -> Received {
    let pack = RulePack::built_in();
    let demand = Intake::read(DEMAND, pack).unwrap().demand;
    let lines = demand.requested.iter();
    Received {
        terms: pack.terms(&demand).unwrap(),
        pack: pack.hash(),
        lines: lines
            .map(|text| bauta_legal::category::line(Inventory::builtin(), text))
            .collect(),
        found: 1,
        renews: None,
        demand,
    }
}

fn column(name: &str, credential: bool) -> Record {
    Record {
        column: name.to_owned(),
        public: !credential,
        us: if credential { Us::Identity } else { Us::Name },
        eu: Eu::Subscriber,
        credential,
        rows: 1,
    }
}

fn scope() -> Scope {
    let line = |line, status, records| ScopeLine {
        line,
        status,
        records,
    };
    let names = vec![
        column("accounts.display_name", false),
        column("accounts.handle", false),
    ];
    Scope {
        inventory: bauta_legal::Hash::of(b"inventory"),
        pack: RulePack::built_in().hash(),
        lines: vec![
            line(1, Status::Held, names),
            line(
                2,
                Status::Credential,
                vec![column("credentials.passphrase", true)],
            ),
            line(3, Status::NeverCollected, Vec::new()),
            line(4, Status::NeverCollected, Vec::new()),
            line(5, Status::NeverCollected, Vec::new()),
        ],
    }
}

fn intake() -> Vec<(CoarseTime, ProcessFact)> {
    let hold = HoldDecision {
        held: Held::SealedCopy,
        reason: "the default".to_owned(),
    };
    let verified = ProcessFact::Verified {
        how: Verified::CalledBack,
        note: "Jane Roe, the main number".to_owned(),
    };
    let reviewed = ProcessFact::Reviewed {
        defects: BTreeSet::from([
            DefectCode::DueBeforeService,
            DefectCode::OutsideScope,
            DefectCode::NotSpecific,
            DefectCode::NoOffenceNamed,
            DefectCode::NotSelfExecuting,
            DefectCode::SecrecyOnlyRequested,
        ]),
        deadlines: Vec::new(),
    };
    let told = ProcessFact::NoticeSent {
        keyholders: 1,
        window_ends: at(3, 31, 0),
    };
    vec![
        (at(3, 14, 15), ProcessFact::Received(Box::new(received()))),
        (at(3, 14, 15), ProcessFact::HoldDecided(hold)),
        (at(3, 14, 16), ProcessFact::VerificationBegun {}),
        (at(3, 14, 17), verified),
        (at(3, 15, 9), reviewed),
        (at(3, 15, 10), ProcessFact::ScopeComputed(scope())),
        (at(3, 16, 12), told),
    ]
}

fn court() -> Vec<(CoarseTime, Fact)> {
    let case = |fact| Fact::Case { case: 0, fact };
    let party = |role: &str, name: &str| Party {
        role: role.to_owned(),
        name: name.to_owned(),
    };
    let docketed = |on: &str, kind: &str, rule: Option<&str>, pages| {
        case(CaseFact::Docketed(DocketEntry {
            on: ReceivedTime::new(on),
            kind: kind.to_owned(),
            rule: rule.map(str::to_owned),
            pages,
        }))
    };
    let challenged = ProcessFact::Challenged {
        by: Challenger::Provider,
        court: COURT.to_owned(),
    };
    let filed = CaseFact::Filed {
        court: COURT.to_owned(),
        docket: "3:17-cv-01916".to_owned(),
        sealed: false,
        on: ReceivedTime::new("2017-04-06"),
        parties: vec![
            party("plaintiff", "Twitter, Inc."),
            party("defendant", "U.S. Department of Homeland Security"),
            party("defendant", "U.S. Customs and Border Protection"),
        ],
    };
    let withdrawn = ProcessFact::Withdrawn {
        on: ReceivedTime::new("2017-04-07"),
        document: None,
    };
    let dismissed = CaseFact::Dismissed {
        with_prejudice: false,
        voluntary: true,
        on: ReceivedTime::new("2017-04-07"),
        rule: Some(RULE.to_owned()),
    };
    let published = Fact::Publication(PublicationFact::Published {
        to: Publication::FullPage,
    });
    vec![
        (at(3, 16, 13), Fact::Gag(GagFact::Requested {})),
        (at(4, 6, 14), Fact::Process(challenged)),
        (at(4, 6, 14), case(CaseFact::Drafted { refiles: None })),
        (at(4, 6, 15), case(filed)),
        (at(4, 6, 15), docketed("2017-04-06", "complaint", None, Some(25))),
        (at(4, 7, 18), Fact::Process(withdrawn)),
        (at(4, 7, 20), case(dismissed)),
        (
            at(4, 7, 20),
            docketed("2017-04-07", "notice of voluntary dismissal", Some(RULE), None),
        ),
        (at(4, 8, 9), Fact::Process(ProcessFact::Closed {})),
        (at(4, 8, 9), published),
    ]
}

/// Every entry of the record: the case with its steps, four demands that are only counted, and a band.
fn entries() -> Vec<Entry> {
    let id = PublicId::read(CASE).unwrap();
    let facts = intake().into_iter().map(|(at, fact)| (at, Fact::Process(fact)));
    let events: Vec<Event> = facts
        .chain(court())
        .map(|(at, fact)| Event {
            at,
            officer: OfficerId::new(1),
            fact,
        })
        .collect();
    State::fold(&events).unwrap();
    let steps = record::steps(&id, &events, &[9; 32]).unwrap();
    let counted = record::tally(&steps, 0).unwrap();
    let mut entries: Vec<Entry> = steps.into_iter().map(Entry::from).collect();
    for number in 1..5_u32 {
        let early = number < 3;
        let mut other = counted.clone();
        other.demand = PublicId::read(&format!("{number:016x}")).unwrap();
        other.half = Half::read(if early { "2017-H1" } else { "2017-H2" }).unwrap();
        "=Waterways <b>Office</b>".clone_into(&mut other.issuer);
        other.rank = String::new();
        let instrument = if early {
            "civil_subpoena"
        } else {
            "grand_jury_subpoena"
        };
        instrument.clone_into(&mut other.instrument);
        other.withdrawn = false;
        other.challenged_by_provider = false;
        other.secrecy = record::Secrecy::None;
        other.nothing_held = number % 2 == 0;
        other.refused = number == 1;
        other.days_to_notice = Some(number);
        entries.push(other.into());
    }
    entries.push(Entry::Band(Band {
        v: Version,
        half: Half::read("2017-H1").unwrap(),
        revision: 0,
        process: Span::of(0),
        selectors: Span::of(0),
    }));
    entries.push(counted.into());
    entries
}

/// Writes a log with all of them open below `data`.
pub fn write(data: &Path) {
    let key = SigningKey::generate("log.lagoon.example", Algorithm::Ed25519).unwrap();
    let policy = Policy::of_logs([key.public().clone()]);
    let mut log = Log::open(&data.join("log"), KeyRing::of(key)).unwrap();
    log.compare(false, &[]).unwrap();
    let mut secrets: BTreeMap<Commitment, (Salt, String)> = BTreeMap::new();
    let mut queue = Vec::new();
    for entry in entries() {
        let payload = String::from_utf8(entry.to_bytes().unwrap()).unwrap();
        let salt = Salt::random().unwrap();
        let commitment = Commitment::to(&salt, payload.as_bytes());
        secrets.insert(commitment, (salt, payload));
        queue.push(commitment);
    }
    let mut openings = Vec::new();
    for (epoch, four) in (414_000..).zip(queue.chunks(4)) {
        for placed in log.append(epoch, four).unwrap() {
            let (salt, payload) = secrets[&placed.commitment].clone();
            openings.push(Opening {
                index: placed.index,
                salt,
                payload,
            });
        }
    }
    log.open_entries(&openings).unwrap();
    log.publish_policy(&policy).unwrap();
}
