//! What a row of the rule pack comes to for one demand: a copy taken at intake, so that a newer pack changes no past.

use std::collections::BTreeSet;
use std::fmt;

use bauta_inventory::{Eu, Us};
use bauta_model::CoarseTime;
use serde::{Deserialize, Serialize};

use crate::moment::slot;

/// The name of a row of the rule pack: lower-case letters, digits and underscores, 40 at most.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InstrumentId(String);

impl InstrumentId {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for InstrumentId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if text.is_empty() || text.len() > 40 || !text.bytes().all(letter) {
            return Err("an instrument is named with lower-case letters, digits and underscores".to_owned());
        }
        Ok(Self(text))
    }
}

impl TryFrom<&str> for InstrumentId {
    type Error = String;

    fn try_from(text: &str) -> Result<Self, String> {
        text.to_owned().try_into()
    }
}

impl From<InstrumentId> for String {
    fn from(id: InstrumentId) -> Self {
        id.0
    }
}

impl fmt::Display for InstrumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a demand can compel and which rules it is under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Classes of 18 USC 2703 that it can compel.
    pub us: BTreeSet<Us>,
    /// Classes of Regulation (EU) 2023/1543 that it can compel.
    pub eu: BTreeSet<Eu>,
    /// Whether there is a duty without a further order.
    pub binding: Binding,
    /// Whether the user may be told.
    pub notice: NoticeRule,
    /// Whether it gets an entry in the public log.
    pub log: LogRule,
    /// What it is counted as.
    pub bucket: Bucket,
    /// It asks for a hold and can't ask for production.
    pub hold_only: bool,
    /// It may take the path of an emergency.
    pub emergency: bool,
}

impl Terms {
    /// It compels private content.
    pub fn compels_content(&self) -> bool {
        self.us.contains(&Us::PrivateContent) || self.eu.contains(&Eu::Content)
    }
}

/// Whether a demand carries a duty by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    /// It does, or a court has ordered it.
    Yes,
    /// Until somebody objects in time.
    UntilObjection,
    /// Only when a court orders it.
    NotByItself,
    /// Never: whoever answers does so by their own will.
    Voluntary,
}

/// Whether the provider may tell the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeRule {
    /// Yes, unless a court's order came with it.
    Allowed,
    /// A statute bars it until a court says otherwise.
    Barred,
    /// A statute bars it when an official certifies that it has to.
    BarredIfCertified,
}

/// Whether a demand gets an entry in the public log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogRule {
    /// An entry of its own.
    Entry,
    /// None: it is counted in a band only.
    Band,
}

/// What a demand is counted as in the public report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    /// Administrative process.
    Administrative,
    /// Criminal subpoenas.
    CriminalSubpoena,
    /// Court orders.
    CourtOrder,
    /// Warrants.
    Warrant,
    /// Pen registers, trap and trace.
    PenTrap,
    /// Wiretaps.
    Wiretap,
    /// National security process, in bands.
    Band,
    /// Emergencies.
    Emergency,
    /// Preservation.
    Preservation,
    /// Civil process.
    Civil,
    /// From another country.
    CrossBorder,
    /// European Production Orders.
    Eu,
    /// Orders under the Digital Services Act.
    EuDsa,
    /// Orders to remove.
    Removal,
    /// Other national orders.
    Other,
    /// Requests without any process.
    Informal,
}

/// A date that counts, with how it was computed (invariant 11).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// Its name in the pack, or `due`, `notice_window`, …
    pub name: String,
    /// The slot at whose end it is over.
    #[serde(with = "slot")]
    pub at: CoarseTime,
    /// Missing it has a consequence in law; else it is the desk's own.
    pub binds: bool,
    /// How it was computed.
    pub how: DeadlineNote,
}

/// How a deadline was computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineNote {
    /// The rule, with its source.
    pub rule: String,
    /// The calendar whose days were counted.
    pub calendar: String,
    /// The IANA time zone.
    pub zone: String,
    /// Each step of the count.
    pub steps: Vec<String>,
}
