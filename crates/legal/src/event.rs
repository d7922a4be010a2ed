//! What happened to a demand: append-only events. Everything that is shown is a fold over them.
//!
//! A field called `reason`, `note` or `text` is free text and may name people: it stays at the desk, and the public form of
//! an event puts a fixed word in its place. No guard depends on more of it than that it is not empty.

mod facts;
mod records;
mod regions;

use bauta_model::CoarseTime;
use serde::{Deserialize, Serialize};

pub use facts::{
    Adjudication, Answer, Basis, Challenger, Decision, Exception, Finding, Ground, Held, HoldDecision,
    ProcessFact, Received, Second, Step, Told, Verified,
};
pub use records::{
    CourtDocument, DocketEntry, Document, Item, Line, NarrowedLine, Party, Record, Scope, ScopeLine,
};

pub use regions::{CaseFact, Correction, GagBasis, GagFact, PreservationFact, PublicationFact, Restated};

use crate::OfficerId;

/// What the kind of a document begins with that is a letter which a person sent: the letter's own kind follows.
pub const LETTER_SENT: &str = "letter sent: ";
/// The letter that tells an issuer that the demand came: how soon it went is in the report.
pub(crate) const ACKNOWLEDGED: &str = "letter sent: acknowledgement";

/// Gives each variant its name as a text.
macro_rules! names {
    ($of:ident { $($variant:ident => $name:literal,)* }) => {
        impl $of {
            /// Every name there is.
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            /// The fact's name, as it is written in data.
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $name,)*
                }
            }
        }
    };
}
use names;

/// One event of a demand. Its place in the row of events is its number, from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// When it was recorded.
    #[serde(with = "crate::moment::slot")]
    pub at: CoarseTime,
    /// Who recorded it.
    pub officer: OfficerId,
    /// What happened.
    pub fact: Fact,
}

/// What happened, by region. A fact of one region can't change another's position: it never gets to see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fact {
    /// To the demand itself.
    Process(ProcessFact),
    /// To a case before a court.
    Case {
        /// The number of the case at this demand, from 0.
        case: u16,
        /// What happened to it.
        fact: CaseFact,
    },
    /// To the duty of silence.
    Gag(GagFact),
    /// To the copy that is kept.
    Preservation(PreservationFact),
    /// To what the public can read.
    Publication(PublicationFact),
    /// To what is written of an earlier event: it stays, and this stands beside it.
    Corrected(Correction),
}

impl Fact {
    /// The fact's name, as in `process.withdrawn`.
    pub fn name(&self) -> String {
        match self {
            Self::Process(fact) => format!("process.{}", fact.name()),
            Self::Case { fact, .. } => format!("case.{}", fact.name()),
            Self::Gag(fact) => format!("gag.{}", fact.name()),
            Self::Preservation(fact) => format!("preservation.{}", fact.name()),
            Self::Publication(fact) => format!("publication.{}", fact.name()),
            Self::Corrected(_) => "corrected".to_owned(),
        }
    }
}
