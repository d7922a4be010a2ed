//! The one pair through which every deletable or private text goes on its way to the disk and back.
//!
//! A sealed value begins with the version of its seal. Version 0 is plain: until an operator can set up a root key,
//! the pair keeps the place for it, and start, `doctor` and /privacy say that nothing is sealed yet.

use crate::{Error, Result};

/// Where a value lives: what a seal binds it to, so that it can't be moved elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row's primary id.
    pub row: i64,
}

impl Place {
    /// The place of `column` in row `row` of `table`.
    pub const fn new(table: &'static str, column: &'static str, row: i64) -> Self {
        Self { table, column, row }
    }
}

const PLAIN: u8 = 0;

/// Seals and opens.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sealer;

impl Sealer {
    #[expect(clippy::unused_self, reason = "the key will live here")]
    pub(crate) fn seal(self, _place: Place, value: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::with_capacity(value.len() + 1);
        sealed.push(PLAIN);
        sealed.extend_from_slice(value);
        sealed
    }

    #[expect(clippy::unused_self, reason = "the key will live here")]
    pub(crate) fn open(self, place: Place, sealed: &[u8]) -> Result<Vec<u8>> {
        match sealed.split_first() {
            Some((&PLAIN, value)) => Ok(value.to_vec()),
            _ => Err(Error::Sealed {
                table: place.table,
                column: place.column,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_and_what_is_not_does_not() {
        let place = Place::new("posts", "text", 1);
        let sealed = Sealer.seal(place, b"words");
        assert_eq!(Sealer.open(place, &sealed).unwrap(), b"words");
        assert!(Sealer.open(place, b"").is_err());
        assert!(Sealer.open(place, b"\x07words").is_err());
    }
}
