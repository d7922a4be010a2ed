//! What events speak of: lines asked for, records held, documents, parties.

use std::collections::BTreeSet;

use bauta_inventory::{Eu, Status, Us};
use serde::{Deserialize, Serialize};

use crate::{Hash, ReceivedTime};

/// A line of a demand that is still asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its words.
    pub text: String,
    /// It names no kind of record: nothing is answered before it is narrowed in writing.
    pub umbrella: bool,
    /// Classes of 18 USC 2703 that it names; empty where nobody knows the words.
    pub us: BTreeSet<Us>,
    /// Classes of Regulation (EU) 2023/1543 that it names.
    pub eu: BTreeSet<Eu>,
}

/// A line that takes the place of an older one, which must contain it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NarrowedLine {
    /// The number of the older line.
    pub of: u16,
    /// The new line.
    pub line: Line,
}

/// Asked against held, computed from the inventory and the database, never typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// The hash of the inventory that it was computed from.
    pub inventory: Hash,
    /// The hash of the rule pack that it was computed from.
    pub pack: Hash,
    /// One or more for each line that is asked for.
    pub lines: Vec<ScopeLine>,
}

/// What one line comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeLine {
    /// The number of the line.
    pub line: u16,
    /// What it comes to.
    pub status: Status,
    /// The columns that answer it.
    pub records: Vec<Record>,
}

/// A column that answers a line. Where rows of a column are public or not, there are two of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// `table.column`.
    pub column: String,
    /// Its rows that everybody can read, or its other ones.
    pub public: bool,
    /// Its class in 18 USC 2703.
    pub us: Us,
    /// Its class in Regulation (EU) 2023/1543.
    pub eu: Eu,
    /// It is named and never produced.
    pub credential: bool,
    /// How many rows.
    pub rows: u64,
}

/// A record as an answer to a line: what is approved and produced.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The number of the line.
    pub line: u16,
    /// `table.column`.
    pub column: String,
    /// Its rows that everybody can read, or its other ones.
    pub public: bool,
}

/// A document by its hash; the document itself is sealed elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// SHA-256 of the document, or a salted commitment to it.
    pub hash: Hash,
    /// What it is: `complaint`, `letter`, …
    pub kind: String,
}

/// An order or a decision of a court.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CourtDocument {
    /// SHA-256 of the document, or a salted commitment to it.
    pub hash: Hash,
    /// The court.
    pub court: String,
    /// Its date, as it stands there.
    pub on: ReceivedTime,
}

/// A line of a court's docket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocketEntry {
    /// Its date, as it stands there.
    pub on: ReceivedTime,
    /// What was entered: `complaint`, `notice of voluntary dismissal`.
    pub kind: String,
    /// The rule that it cites.
    #[serde(default)]
    pub rule: Option<String>,
    /// How many pages.
    #[serde(default)]
    pub pages: Option<u32>,
}

/// Somebody at a case, by their part in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// `plaintiff`, `defendant`, `user's counsel`, …
    pub role: String,
    /// Their name, as on the docket.
    pub name: String,
}
