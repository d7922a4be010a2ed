//! From what the desk wrote down to what the public may read: the one list of what stays, what is withheld and what is
//! put in another's place. A field that is on no list is an error, so that a new one can't slip through.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::vocabulary;
use crate::{Answer, Event, Fact, Hash, OfficerId, ProcessFact};

/// What stands in the place of free text.
pub const WITHHELD: &str = "withheld";

/// Fields that are shown as they are: names of the law's things, dates, classes, columns.
const SHOWN: &[&str] = &[
    "about",
    "accounts",
    "appearance",
    "approved",
    "at",
    "authority",
    "basis",
    "binding",
    "binds",
    "bucket",
    "by",
    "calendar",
    "case",
    "cited",
    "clock",
    "code",
    "column",
    "columns",
    "compels",
    "consents",
    "content",
    "court",
    "court_record",
    "credential",
    "deadline",
    "deadlines",
    "demand",
    "docket",
    "document",
    "due",
    "emergency",
    "ends",
    "eu",
    "fact",
    "finding",
    "ground",
    "grounds",
    "guard",
    "held",
    "hold_only",
    "how",
    "inventory",
    "instrument",
    "issuer",
    "issuer_rank",
    "issuer_verified",
    "items",
    "keyholder",
    "kind",
    "language",
    "law",
    "line",
    "lines",
    "log",
    "member_state",
    "met",
    "name",
    "non_disclosure",
    "notice",
    "of",
    "offence_named",
    "on",
    "outcome",
    "pack",
    "pages",
    "parties",
    "public",
    "records",
    "refiles",
    "review",
    "role",
    "rule",
    "sealed",
    "sealed_docket",
    "second",
    "served",
    "signed",
    "signed_by_judge",
    "status",
    "step",
    "steps",
    "terms",
    "to",
    "umbrella",
    "underlying",
    "until",
    "us",
    "user",
    "user_may_know",
    "voluntary",
    "window_ends",
    "with_prejudice",
    "zone",
];

/// Fields that may name a person or the account: left empty.
const EMPTIED: &[&str] = &["upon", "redress", "entity_named", "foreign_conflict"];

/// Free text: a fixed word in its place, since a guard asks that there is one.
const COVERED: &[&str] = &["reason", "note", "statement"];

/// Why an event has no public form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotPublic {
    /// A field that nobody has decided about.
    #[error("nobody has decided whether the public may read the field {0:?}")]
    Undecided(String),
    /// What is left is no event.
    #[error("the public form is no event: {0}")]
    Shape(String),
}

/// Makes the public forms of one demand's events, in their order.
pub struct Public<'a> {
    salt: &'a [u8; 32],
    labels: BTreeMap<u64, u64>,
    accounts: u64,
    last: i64,
}

impl<'a> Public<'a> {
    /// For one demand. `salt` keeps the hashes of its documents from being guessed.
    pub const fn new(salt: &'a [u8; 32]) -> Self {
        Self {
            salt,
            labels: BTreeMap::new(),
            accounts: 1,
            last: i64::MIN,
        }
    }

    /// The public form, or nothing where the public learns nothing of it.
    pub fn event(&mut self, event: &Event) -> Result<Option<Event>, NotPublic> {
        if let Fact::Process(ProcessFact::Received(received)) = &event.fact {
            self.accounts = u64::from(received.demand.accounts.max(1));
        }
        if is_silent(&event.fact) {
            return Ok(None);
        }
        let shape = |error: serde_json::Error| NotPublic::Shape(error.to_string());
        let value = serde_json::to_value(&event.fact).map_err(shape)?;
        let mut fact = value;
        self.variant(&mut fact)?;
        let fact = serde_json::from_value(fact).map_err(shape)?;
        Ok(Some(Event {
            at: self.time(event),
            officer: OfficerId::new(self.label(event.officer.get())),
            fact,
        }))
    }

    /// What the server passed on for a user is told by its day only: when somebody was here is nobody's business.
    fn time(&mut self, event: &Event) -> bauta_model::CoarseTime {
        let exact = event.at.unix_seconds();
        let told = if event.officer == OfficerId::SERVER {
            event.at.day().start().unix_seconds().max(self.last)
        } else {
            exact
        };
        self.last = told;
        bauta_model::CoarseTime::from_unix_seconds(told)
    }

    /// Officers are numbered by when they first act on this demand, so that they can't be followed from one to the next.
    fn label(&mut self, officer: u64) -> u64 {
        if officer == OfficerId::SERVER.get() {
            return officer;
        }
        let next = self.labels.len() as u64 + 1;
        *self.labels.entry(officer).or_insert(next)
    }

    /// An enum's value: its name, over its fields.
    fn variant(&mut self, value: &mut Value) -> Result<(), NotPublic> {
        match value {
            Value::Object(map) => {
                for inner in map.values_mut() {
                    self.fields(inner)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn fields(&mut self, value: &mut Value) -> Result<(), NotPublic> {
        match value {
            Value::Array(items) => items.iter_mut().try_for_each(|item| self.fields(item)),
            Value::Object(map) => {
                let keys: Vec<String> = map.keys().cloned().collect();
                keys.iter().try_for_each(|key| self.field(map, key))
            }
            _ => Ok(()),
        }
    }

    fn field(&mut self, map: &mut Map<String, Value>, key: &str) -> Result<(), NotPublic> {
        let Some(value) = map.get_mut(key) else {
            return Ok(());
        };
        match key {
            _ if COVERED.contains(&key) => *value = Value::from(WITHHELD),
            _ if EMPTIED.contains(&key) => *value = Value::Null,
            // Names no account that is there, so as not to tell whether it is.
            "found" => *value = Value::from(self.accounts),
            "rows" => *value = Value::from(0),
            "keyholders" => *value = Value::from(value.as_u64().unwrap_or(0).max(1)),
            "defects" | "grounds" => without(value, "no_such_target"),
            "hash" | "manifest" => *value = Value::from(self.commitment(value)?),
            "officer" => *value = Value::from(self.label_text(value)),
            "officers" | "named" => self.label_all(value),
            "text" => *value = Value::from(shown_words(value)),
            "requested" => {
                for line in value.as_array_mut().into_iter().flatten() {
                    *line = Value::from(shown_words(line));
                }
            }
            "renews" if value.is_string() || value.is_null() => {}
            // What a name stands before: the variant of an enum inside.
            _ if is_variant(key) || SHOWN.contains(&key) => self.fields(value)?,
            _ => return Err(NotPublic::Undecided(key.to_owned())),
        }
        Ok(())
    }

    /// Hides what a document says from whoever would guess it, and lets whoever has it check.
    fn commitment(&self, value: &Value) -> Result<String, NotPublic> {
        let hash: Hash = value
            .as_str()
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| NotPublic::Shape("a hash is none".to_owned()))?;
        Ok(commitment(self.salt, &hash).to_string())
    }

    fn label_text(&mut self, value: &Value) -> String {
        let officer = value.as_str().and_then(|text| text.parse().ok()).unwrap_or(0);
        self.label(officer).to_string()
    }

    fn label_all(&mut self, value: &mut Value) {
        if let Some(items) = value.as_array_mut() {
            for item in items {
                *item = Value::from(self.label_text(item));
            }
        }
    }
}

/// The salted commitment to a document: `SHA-256("bauta.record/document/v1" ‖ 0 ‖ salt ‖ SHA-256(document))`.
pub fn commitment(salt: &[u8; 32], document: &Hash) -> Hash {
    let mut bytes = b"bauta.record/document/v1\0".to_vec();
    bytes.extend(salt);
    bytes.extend(document.bytes());
    Hash::of(&bytes)
}

/// What only the user, counsel or another demand is concerned with.
fn is_silent(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Process(
            ProcessFact::Answered(Answer::Seen { .. } | Answer::NamesCounsel { .. })
                | ProcessFact::AccountsCounted { .. }
                | ProcessFact::RenewedBy { .. }
                | ProcessFact::LogDeferred { .. }
                | ProcessFact::LogResumed {}
        ) | Fact::Preservation(crate::PreservationFact::UsedBy { .. })
    )
}

/// Names of variants that stand as keys inside a fact.
fn is_variant(key: &str) -> bool {
    const INSIDE: &[&str] = &[
        "certification",
        "consent",
        "consents",
        "duty_to_report",
        "enforced",
        "instrument",
        "modified",
        "objects",
        "order",
        "produce",
        "quashed",
        "refuse",
        "revokes",
        "statute",
    ];
    let facts = [
        ProcessFact::NAMES,
        crate::CaseFact::NAMES,
        crate::GagFact::NAMES,
        crate::PreservationFact::NAMES,
        crate::PublicationFact::NAMES,
    ];
    INSIDE.contains(&key) || facts.iter().any(|names| names.contains(&key))
}

fn without(value: &mut Value, code: &str) {
    if let Some(items) = value.as_array_mut() {
        items.retain(|item| item.as_str() != Some(code));
    }
}

fn shown_words(value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    if vocabulary::is_plain(text) {
        text.to_owned()
    } else {
        WITHHELD.to_owned()
    }
}
