//! A log with a report beside it, as a server writes them: one demand whose story is open, one that is only counted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use bauta_ledger::cosignature::cosign;
use bauta_ledger::key::Algorithm;
use bauta_ledger::leaf::{Commitment, Opening, Salt};
use bauta_ledger::log::{KeyRing, Log};
use bauta_ledger::{Policy, SigningKey};
use bauta_legal::record::{self, Entry, Format, Paper, PublicId, Tally, Version};
use bauta_legal::report::{self, package};
use bauta_legal::{
    Binding, Bucket, CaseFact, Demand, Event, Fact, GagFact, Hash, Held, HoldDecision, LogRule,
    NonDisclosure, NoticeRule, OfficerId, ProcessFact, Publication, PublicationFact, Received, ReceivedTime,
    Served, Terms, Verified,
};
use bauta_model::{CoarseTime, Day};
use bauta_verify::{Asked, Failure, Folder, verify};
use tempfile::TempDir;
use zeroize::Zeroizing;

/// The epoch in which the log begins, in March 2017.
pub const EPOCH: u64 = 413_736;

pub const PICTURE: &[u8] = b"pixels only";

/// Files of a log and its report, and the policy that a reader got elsewhere.
pub struct House {
    pub folder: TempDir,
    pub policy: Vec<u8>,
    pub receipt: Vec<u8>,
    /// Given before the first entry was in the log, for that entry.
    pub promise: Vec<u8>,
    /// Given for an entry that was left out.
    pub broken: Vec<u8>,
    pub earlier: Vec<u8>,
}

fn key(name: &str, algorithm: Algorithm, seed: u8) -> SigningKey {
    SigningKey::from_seed(name, algorithm, Zeroizing::new([seed; 32])).unwrap()
}

pub fn id(number: u64) -> PublicId {
    PublicId::read(&format!("{number:016x}")).unwrap()
}

fn received() -> Received {
    Received {
        demand: Demand {
            instrument: "administrative_summons".try_into().unwrap(),
            authority: "19 U.S.C. 1509".to_owned(),
            issuer: "Waterways Office".to_owned(),
            issuer_rank: "agent".to_owned(),
            signed_by_judge: false,
            served: Served {
                on: ReceivedTime::new("2017-03-14"),
                by: "fax".to_owned(),
                upon: None,
            },
            due: Some(ReceivedTime::new("2017-03-13T11:45:00")),
            appearance: None,
            zone: None,
            non_disclosure: NonDisclosure::Request,
            offence_named: false,
            requested: vec!["phone numbers".to_owned()],
            issuer_verified: true,
            signed: true,
            accounts: 1,
            entity_named: None,
            court: None,
            member_state: None,
            sealed_docket: false,
            language: None,
            redress: None,
            foreign_conflict: None,
            underlying: None,
            cited: None,
        },
        terms: Terms {
            us: BTreeSet::new(),
            eu: BTreeSet::new(),
            binding: Binding::NotByItself,
            notice: NoticeRule::Allowed,
            log: LogRule::Entry,
            bucket: Bucket::Administrative,
            hold_only: false,
            emergency: false,
        },
        pack: Hash::of(b"pack"),
        lines: vec![bauta_legal::Line {
            text: "phone numbers".to_owned(),
            umbrella: false,
            us: BTreeSet::new(),
            eu: BTreeSet::new(),
        }],
        found: 1,
        renews: None,
    }
}

/// What happened to the one demand, an hour apart.
pub fn events() -> Vec<Event> {
    let process = Fact::Process;
    let case = |fact| Fact::Case { case: 0, fact };
    let facts = vec![
        process(ProcessFact::Received(Box::new(received()))),
        process(ProcessFact::HoldDecided(HoldDecision {
            held: Held::SealedCopy,
            reason: "the rule".to_owned(),
        })),
        process(ProcessFact::VerificationBegun {}),
        process(ProcessFact::Verified {
            how: Verified::CalledBack,
            note: "a number".to_owned(),
        }),
        process(ProcessFact::Reviewed {
            defects: BTreeSet::new(),
            deadlines: Vec::new(),
        }),
        Fact::Gag(GagFact::Requested {}),
        case(CaseFact::Drafted { refiles: None }),
        case(CaseFact::Filed {
            court: "N.D. Cal.".to_owned(),
            docket: "3:17-cv-01916".to_owned(),
            sealed: false,
            on: ReceivedTime::new("2017-04-06"),
            parties: Vec::new(),
        }),
        process(ProcessFact::Withdrawn {
            on: ReceivedTime::new("2017-04-07"),
            document: None,
        }),
        Fact::Publication(PublicationFact::Published {
            to: Publication::RedactedPage,
        }),
    ];
    let start = Day::from_civil(2017, 3, 14).unwrap().start();
    (1..)
        .zip(facts)
        .map(|(hour, fact)| Event {
            at: CoarseTime::from_unix_seconds(start.unix_seconds() + hour * 3600),
            officer: OfficerId::new(1),
            fact,
        })
        .collect()
}

pub fn entries() -> Vec<Entry> {
    let steps = record::steps(&id(1), &events(), &[3; 32]).unwrap();
    let counted = record::tally(&steps, 0).unwrap();
    let mut entries: Vec<Entry> = steps.into_iter().map(Entry::from).collect();
    entries.push(counted.clone().into());
    entries.push(
        Tally {
            demand: id(2),
            withdrawn: false,
            closed: false,
            ..counted
        }
        .into(),
    );
    entries.push(
        Paper {
            v: Version,
            demand: id(1),
            number: 0,
            title: "The summons".to_owned(),
            format: Format::Png,
            sha256: Hash::of(PICTURE),
            bytes: PICTURE.len() as u32,
            original: None,
        }
        .into(),
    );
    entries
}

/// Writes a log of `epochs` hours with `entries` in it, all of them open, and the report that they come to.
pub fn build(entries: &[Entry], epochs: u64) -> House {
    let folder = tempfile::tempdir().unwrap();
    let signer = key("log.example", Algorithm::Ed25519, 1);
    let witness = key("witness.example", Algorithm::CosignatureV1, 2);
    let policy = format!(
        "log {}\nwitness w {}\nquorum w\n",
        signer.public(),
        witness.public()
    );
    let judge = Policy::parse(policy.as_bytes()).unwrap();
    let mut log = Log::open(&folder.path().join("log"), KeyRing::of(signer)).unwrap();
    log.compare(false, &[]).unwrap();
    let mut waiting: BTreeMap<Commitment, (Salt, String)> = BTreeMap::new();
    let mut queue = Vec::new();
    for entry in entries {
        let payload = String::from_utf8(entry.to_bytes().unwrap()).unwrap();
        let salt = Salt::random().unwrap();
        let commitment = Commitment::to(&salt, payload.as_bytes());
        waiting.insert(commitment, (salt, payload));
        queue.push(commitment);
    }
    let promise = |commitment| log.promise(commitment, EPOCH, EPOCH, 0).unwrap().to_text();
    let kept = queue.first().map_or_else(String::new, |first| promise(*first));
    let broken = promise(Commitment::from_bytes([9; 32]));
    let mut openings = Vec::new();
    let mut earlier = Vec::new();
    let busy = queue.len().div_ceil(4) as u64;
    assert!(busy <= epochs);
    for (epoch, four) in (EPOCH..).zip(queue.chunks(4)) {
        for placed in log.append(epoch, four).unwrap() {
            let (salt, payload) = waiting[&placed.commitment].clone();
            openings.push(Opening {
                index: placed.index,
                salt,
                payload,
            });
        }
        earlier = log.checkpoint().unwrap().note.to_text().into_bytes();
    }
    if busy < epochs {
        log.append(EPOCH + epochs - 1, &[]).unwrap();
    }
    let checkpoint = log.checkpoint().unwrap().note.clone();
    log.add_cosignatures(&judge, &[cosign(&checkpoint, &witness, 1_491_573_720)])
        .unwrap();
    log.open_entries(&openings).unwrap();
    log.publish_policy(&judge).unwrap();
    let receipt = openings
        .first()
        .map(|opening| log.receipt(opening).unwrap().to_text().into_bytes());
    let mut opened: Vec<report::Opened> = openings
        .iter()
        .map(|opening| report::Opened {
            index: opening.index,
            entry: Entry::parse(opening.payload.as_bytes()).unwrap(),
        })
        .collect();
    opened.sort_by_key(|opened| opened.index);
    let house = House {
        folder,
        policy: policy.into_bytes(),
        receipt: receipt.unwrap_or_default(),
        promise: kept.into_bytes(),
        broken: broken.into_bytes(),
        earlier,
    };
    if let Ok(report) = report::fold(&opened) {
        for file in package::files(&report).unwrap() {
            house.put(&format!("report/{}", file.path), &file.bytes);
        }
    }
    house.put(&format!("report/documents/{}/0.png", id(1)), PICTURE);
    house
}

impl House {
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn put(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn check(&self) -> Result<bauta_verify::Verified, Failure> {
        self.check_with(&Asked {
            policy: Some(self.policy.clone()),
            ..Asked::default()
        })
    }

    pub fn check_with(&self, asked: &Asked) -> Result<bauta_verify::Verified, Failure> {
        let folder = Folder::new(self.folder.path());
        verify(&mut |path| folder.read(path), asked, &mut |_, _| ())
    }

    /// Every file below the folder, by its path with slashes.
    pub fn files(&self) -> Vec<String> {
        fn below(folder: &Path, root: &Path, found: &mut Vec<String>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    below(&path, root, found);
                } else {
                    found.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        let mut found = Vec::new();
        below(self.folder.path(), self.folder.path(), &mut found);
        found.sort();
        found
    }
}
