//! Entry bundles: up to 256 entries, each behind its length as two bytes (tlog-tiles).

use crate::tile::TILE_WIDTH;

/// Bytes that an entry may have.
pub const MOST_ENTRY_BYTES: usize = 65_535;

/// Why bytes are no bundle, or entries make none.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// The bytes end within an entry or go on behind the last, or there are too few.
    #[error("an entry bundle holds {found} whole entries where {wanted} belong, or is cut off")]
    Count {
        /// Whole entries in the bytes, counted up to one more than wanted.
        found: usize,
        /// Entries that the bundle's place in the tree wants.
        wanted: usize,
    },
    /// An entry is longer than its length field can say.
    #[error("an entry of {0} bytes does not fit: the most is {MOST_ENTRY_BYTES}")]
    TooLong(usize),
}

/// The bytes of a bundle.
pub fn encode<E: AsRef<[u8]>>(entries: &[E]) -> Result<Vec<u8>, BundleError> {
    let mut bytes = Vec::new();
    for entry in entries {
        let entry = entry.as_ref();
        let length = u16::try_from(entry.len()).map_err(|_| BundleError::TooLong(entry.len()))?;
        bytes.extend(length.to_be_bytes());
        bytes.extend(entry);
    }
    Ok(bytes)
}

/// The entries of a bundle of exactly `width` entries.
pub fn decode(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, BundleError> {
    let wanted = usize::from(width);
    let (entries, rest) = read(bytes, wanted);
    let cut_off = !rest.is_empty();
    if entries.len() == wanted && !cut_off {
        return Ok(entries);
    }
    let found = entries.len() + usize::from(cut_off && entries.len() == wanted);
    Err(BundleError::Count { found, wanted })
}

/// The first `width` entries of a bundle that may be longer, such as the full one in place of a partial one. Bytes
/// behind them still have to be whole entries.
pub fn decode_first(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, BundleError> {
    let wanted = usize::from(width);
    let (mut entries, rest) = read(bytes, TILE_WIDTH as usize);
    if entries.len() < wanted || !rest.is_empty() {
        let found = entries.len();
        return Err(BundleError::Count { found, wanted });
    }
    entries.truncate(wanted);
    Ok(entries)
}

/// Up to `most` whole entries, and what follows.
fn read(mut bytes: &[u8], most: usize) -> (Vec<&[u8]>, &[u8]) {
    let mut entries = Vec::with_capacity(most.min(TILE_WIDTH as usize));
    while entries.len() < most {
        let Some((length, rest)) = bytes.split_first_chunk::<2>() else {
            break;
        };
        let Some((entry, rest)) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length))) else {
            break;
        };
        entries.push(entry);
        bytes = rest;
    }
    (entries, bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_entry_has_its_length_before_it() {
        assert_eq!(encode(&["ab", ""]).expect("short"), b"\0\x02ab\0\0");
        assert_eq!(encode(&[vec![0; 65_536]]), Err(BundleError::TooLong(65_536)));
    }

    #[test]
    fn what_is_cut_off_or_goes_on_is_no_bundle() {
        let bytes = encode(&["ab", "c"]).expect("short");
        assert_eq!(decode(&bytes, 2), Ok(vec![&b"ab"[..], b"c"]));
        assert_eq!(decode(&bytes, 1), Err(BundleError::Count { found: 2, wanted: 1 }));
        assert_eq!(decode(&bytes, 3), Err(BundleError::Count { found: 2, wanted: 3 }));
        assert_eq!(decode_first(&bytes, 1), Ok(vec![&b"ab"[..]]));
        for end in 0..bytes.len() {
            assert!(decode(&bytes[..end], 2).is_err(), "{end}");
            assert!(decode_first(&bytes[..end], 2).is_err(), "{end}");
        }
    }

    proptest! {
        #[test]
        fn entries_come_back(entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..256)) {
            let bytes = encode(&entries).expect("short");
            let width = entries.len() as u16;
            let read = decode(&bytes, width).expect("our own");
            prop_assert!(read.iter().zip(&entries).all(|(read, entry)| read == entry));
        }
    }
}
