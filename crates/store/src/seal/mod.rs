//! The one pair through which every deletable or private text goes on its way to the disk and back.
//!
//! Without keys a value is written as it is, and start, `doctor` and /privacy say so. With keys it is sealed, and what has
//! been deleted is gone from every copy with the turn of the day (docs/decisions/0018).

mod columns;
mod walk;

pub(crate) mod mend;
pub(crate) mod turn;

use std::sync::Arc;

pub use bauta_seal::Place;
use bauta_seal::{Keyring, State, plain, state};
pub(crate) use columns::{COLUMNS, Column};

use crate::{Error, Result};

/// What becomes of a deleted text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deletion {
    /// Its key dies with the turn of the day, and with it every copy.
    KeyDies,
    /// It is overwritten in the files; flash memory may keep what was overwritten.
    Overwritten,
    /// The database server keeps copies for as long as it likes.
    NotReal,
}

/// Seals and opens.
#[derive(Clone, Default)]
pub(crate) struct Sealer(Option<Arc<Keyring>>);

impl Sealer {
    pub(crate) const fn new(keyring: Option<Arc<Keyring>>) -> Self {
        Self(keyring)
    }

    /// # Panics
    /// When the column is not one that a turn looks at: its values would lose their keys.
    pub(crate) fn seal(&self, place: Place, value: &[u8]) -> Vec<u8> {
        let column = Column::of(&place);
        assert!(
            column.is_some(),
            "{}.{} is not in COLUMNS",
            place.table,
            place.column
        );
        match &self.0 {
            _ if weakened() => plain(value),
            Some(keyring) => keyring.seal(&place, value),
            None => plain(value),
        }
    }

    /// Whether a value that is not sealed is read as it is, whatever the keys say.
    fn reads_plain(&self, place: &Place) -> bool {
        match &self.0 {
            None => true,
            Some(_) if weakened() => true,
            // Nothing may change what was written there before there were keys.
            Some(_) => Column::of(place).is_some_and(|column| column.appended),
        }
    }

    pub(crate) fn open(&self, place: Place, bytes: &[u8]) -> Result<Vec<u8>> {
        let opened = match (state(bytes), &self.0) {
            (State::Empty, _) => Some(Vec::new()),
            (State::Plain, _) if self.reads_plain(&place) => Some(bytes[1..].to_vec()),
            (_, Some(keyring)) => keyring.open_value(&place, bytes)?,
            _ => None,
        };
        opened.ok_or(Error::Sealed {
            table: place.table,
            column: place.column,
        })
    }
}

/// Whether the tests have switched sealing off. The usual program has no such switch.
fn weakened() -> bool {
    #[cfg(feature = "weaken")]
    return bauta_memory::weaken::is(bauta_memory::weaken::SEAL);
    #[cfg(not(feature = "weaken"))]
    false
}

#[cfg(test)]
mod tests;
