//! The public record: what a demand's events look like to those who may know of them, and to nobody what they may not.
//!
//! An entry is target-free and in one canonical form (see [`canonical`]). The log holds a commitment to each from the day
//! on which it happened; what opens it, and when, follows the publication of its demand.

mod band;
pub mod canonical;
mod count;
mod half;
mod id;
mod paper;
mod public;
mod step;
mod tally;
mod vocabulary;

use serde::{Deserialize, Serialize};

pub use band::{Band, Span};
pub use count::{Uncountable, tally};
pub use half::Half;
pub use id::{PublicId, Version};
pub use paper::{Format, Paper};
pub use public::{NotPublic, WITHHELD, commitment};
pub use step::{Step, steps};
pub use tally::{Eu, Given, Secrecy, Tally};

/// The longest entry, in bytes: what an entry bundle of the log's format can hold.
pub const MOST_BYTES: usize = 65_535;

/// One entry of the record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Entry {
    /// An event of a demand.
    Step(Box<Step>),
    /// A published document.
    Paper(Box<Paper>),
    /// A demand, counted.
    Tally(Box<Tally>),
    /// National-security process of a half-year, in a band.
    Band(Band),
}

impl From<Step> for Entry {
    fn from(step: Step) -> Self {
        Self::Step(Box::new(step))
    }
}

impl From<Paper> for Entry {
    fn from(paper: Paper) -> Self {
        Self::Paper(Box::new(paper))
    }
}

impl From<Tally> for Entry {
    fn from(tally: Tally) -> Self {
        Self::Tally(Box::new(tally))
    }
}

/// Why bytes are no entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAnEntry {
    /// More than an entry may have.
    #[error("it is longer than {MOST_BYTES} bytes")]
    TooLong,
    /// Not of a known kind, or not in the canonical form.
    #[error(transparent)]
    NotCanonical(#[from] canonical::NotCanonical),
}

impl Entry {
    /// The canonical bytes, which the log's leaf commits to.
    ///
    /// # Errors
    /// [`NotAnEntry::TooLong`] above [`MOST_BYTES`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, NotAnEntry> {
        let bytes = canonical::write(self)?;
        if bytes.len() > MOST_BYTES {
            Err(NotAnEntry::TooLong)
        } else {
            Ok(bytes)
        }
    }

    /// Reads an entry from just the bytes that [`Self::to_bytes`] writes.
    ///
    /// # Errors
    /// [`NotAnEntry`] otherwise.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotAnEntry> {
        if bytes.len() > MOST_BYTES {
            return Err(NotAnEntry::TooLong);
        }
        Ok(canonical::parse(bytes)?)
    }
}
