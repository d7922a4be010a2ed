//! What a leaf of the log holds, and what opens it.
//!
//! Every leaf has the same 64 bytes, so that a real entry and a pad can't be told apart until the entry is opened:
//!
//! | bytes | what |
//! |---|---|
//! | 0 | version: 1 |
//! | 1 to 7 | zeros |
//! | 8 to 15 | the epoch as a big-endian number: hours since 1970 (UTC) |
//! | 16 to 31 | zeros |
//! | 32 to 63 | the commitment: SHA-256 of the domain `bauta.ledger/entry/v1`, a zero byte, 32 random bytes of salt, and the SHA-256 of the payload; for a pad 32 random bytes |
//!
//! The payload is JSON in the canonical spelling of whoever writes it (sorted keys, no white space): what counts are
//! its bytes. Pads are never opened.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::encoding::{from_base64, to_base64};

/// Bytes of a leaf.
pub const LEAF_BYTES: usize = 64;

/// Leaves of an epoch.
pub const LEAVES_PER_EPOCH: u64 = 4;

/// Seconds of an epoch.
pub const EPOCH_SECONDS: u64 = 3600;

/// Bytes that a payload may have. Far above what an entry of the desk has, and an opening stays a short line.
pub const MOST_PAYLOAD_BYTES: usize = 65_535;

const VERSION: u8 = 1;
const DOMAIN: &[u8] = b"bauta.ledger/entry/v1";

/// The epoch of a time in seconds since 1970.
pub const fn epoch_of(unix_seconds: u64) -> u64 {
    unix_seconds / EPOCH_SECONDS
}

/// Why bytes are no leaf.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeafError {
    /// Another length, version, or something where zeros belong.
    #[error("this is no leaf of version 1")]
    Malformed,
}

/// 32 random bytes that keep a payload from being guessed until it is opened.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Salt([u8; 32]);

impl Salt {
    /// Draws one.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// Wraps bytes that a store kept.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// As text, for a store that keeps it sealed.
    pub fn to_base64(&self) -> String {
        to_base64(&self.0)
    }

    /// Reads base64.
    pub fn from_base64(text: &str) -> Option<Self> {
        from_base64(text)?.try_into().ok().map(Self)
    }
}

/// Shows nothing: a salt is a secret until its entry is opened.
impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(…)")
    }
}

impl Serialize for Salt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&to_base64(&self.0))
    }
}

impl<'de> Deserialize<'de> for Salt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let bytes = from_base64(&text).and_then(|bytes| bytes.try_into().ok());
        bytes
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("a salt is 32 bytes in base64"))
    }
}

/// The commitment of an entry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Commitment([u8; 32]);

impl Commitment {
    /// What commits to a payload.
    pub fn to(salt: &Salt, payload: &[u8]) -> Self {
        let hash = Sha256::new()
            .chain_update(DOMAIN)
            .chain_update([0])
            .chain_update(salt.0)
            .chain_update(Sha256::digest(payload))
            .finalize();
        Self(hash.into())
    }

    /// What stands in a pad: it commits to nothing.
    pub fn pad() -> Result<Self, getrandom::Error> {
        Salt::random().map(|random| Self(random.0))
    }

    /// Wraps 32 bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads base64.
    pub fn from_base64(text: &str) -> Option<Self> {
        from_base64(text)?.try_into().ok().map(Self)
    }
}

/// Base64.
impl fmt::Display for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_base64(&self.0))
    }
}

/// A leaf: an entry or a pad, nobody can tell.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Leaf {
    /// The hour in which it was appended, or should have been.
    pub epoch: u64,
    /// What it commits to.
    pub commitment: Commitment,
}

impl Leaf {
    /// Its bytes.
    pub fn encode(&self) -> [u8; LEAF_BYTES] {
        let mut bytes = [0; LEAF_BYTES];
        bytes[0] = VERSION;
        bytes[8..16].copy_from_slice(&self.epoch.to_be_bytes());
        bytes[32..].copy_from_slice(&self.commitment.0);
        bytes
    }

    /// Reads its bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, LeafError> {
        let bytes: &[u8; LEAF_BYTES] = bytes.try_into().map_err(|_| LeafError::Malformed)?;
        let mut epoch = [0; 8];
        epoch.copy_from_slice(&bytes[8..16]);
        let mut commitment = [0; 32];
        commitment.copy_from_slice(&bytes[32..]);
        let leaf = Self {
            epoch: u64::from_be_bytes(epoch),
            commitment: Commitment(commitment),
        };
        // Comparing with what it would have written refuses other versions and anything in the zeros.
        if leaf.encode() == *bytes {
            Ok(leaf)
        } else {
            Err(LeafError::Malformed)
        }
    }
}

/// What opens an entry. A line of `openings` is one of these as JSON:
/// `{"index":5,"salt":"BASE64","payload":"{…}"}`, the payload being the text that was committed to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The leaf.
    pub index: u64,
    /// The salt of its commitment.
    pub salt: Salt,
    /// The text that it commits to.
    pub payload: String,
}

/// Why a line is no opening.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the openings is no opening: {why}")]
pub struct OpeningError {
    /// Counted from 1.
    pub line: usize,
    /// What the JSON lacks.
    pub why: String,
}

impl Opening {
    /// Whether it opens this leaf.
    pub fn opens(&self, leaf: &Leaf) -> bool {
        self.payload.len() <= MOST_PAYLOAD_BYTES
            && Commitment::to(&self.salt, self.payload.as_bytes()) == leaf.commitment
    }

    /// The line, with its newline.
    pub fn to_line(&self) -> String {
        let mut line = serde_json::to_string(self).expect("text and numbers are JSON");
        line.push('\n');
        line
    }

    /// Reads a file of openings: a line each, in whatever order, each in the one spelling of [`Opening::to_line`]. Each is
    /// still to be held against its leaf.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, OpeningError> {
        let lines = text.split_inclusive('\n').enumerate();
        let openings = lines.map(|(at, line)| {
            let error = |why: String| OpeningError { line: at + 1, why };
            let opening: Self = serde_json::from_str(line).map_err(|why| error(why.to_string()))?;
            if opening.to_line() == line {
                Ok(opening)
            } else {
                Err(error(
                    "it is spelt in another way than the log spells it".to_owned(),
                ))
            }
        });
        openings.collect()
    }
}

/// What is wrong with the epochs of a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// An epoch that does not follow from the one before.
    #[error("leaf {index} is of epoch {found} where {wanted} belongs: the log did not grow at its rate")]
    Epoch {
        /// The leaf.
        index: u64,
        /// Its epoch.
        found: u64,
        /// The epoch that it should have.
        wanted: u64,
    },
    /// The last epoch has too few leaves.
    #[error("the last epoch has {0} leaves where {LEAVES_PER_EPOCH} belong")]
    Short(u64),
}

/// Holds each leaf's epoch against the rate of the log: the first leaf says when the log began, and from there each hour
/// has [`LEAVES_PER_EPOCH`] leaves without a gap.
#[derive(Clone, Copy, Default, Debug)]
pub struct RateCheck {
    count: u64,
    first: u64,
}

impl RateCheck {
    /// Goes on behind the first `count` leaves of a log that began at epoch `first`.
    pub const fn resume(first: u64, count: u64) -> Self {
        Self { count, first }
    }

    /// Looks at the next leaf.
    pub fn push(&mut self, epoch: u64) -> Result<(), RateError> {
        if self.count == 0 {
            self.first = epoch;
        }
        let wanted = self.first.saturating_add(self.count / LEAVES_PER_EPOCH);
        if epoch != wanted {
            return Err(RateError::Epoch {
                index: self.count,
                found: epoch,
                wanted,
            });
        }
        self.count += 1;
        Ok(())
    }

    /// Whether the last epoch is whole.
    pub const fn finish(self) -> Result<(), RateError> {
        match self.count % LEAVES_PER_EPOCH {
            0 => Ok(()),
            some => Err(RateError::Short(some)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn leaf(salt: u8, payload: &str) -> Leaf {
        Leaf {
            epoch: 414_000,
            commitment: Commitment::to(&Salt([salt; 32]), payload.as_bytes()),
        }
    }

    #[test]
    fn a_leaf_has_one_layout() {
        let bytes = leaf(1, "{}").encode();
        assert_eq!(Leaf::decode(&bytes), Ok(leaf(1, "{}")));
        for at in (0..8).chain(16..32) {
            let mut bytes = bytes;
            bytes[at] ^= 2;
            assert_eq!(Leaf::decode(&bytes), Err(LeafError::Malformed), "{at}");
        }
        assert_eq!(Leaf::decode(&bytes[..63]), Err(LeafError::Malformed));
        assert_eq!(Leaf::decode(&[bytes, bytes].concat()), Err(LeafError::Malformed));
    }

    #[test]
    fn the_commitment_is_the_documented_hash() {
        let mut input = b"bauta.ledger/entry/v1\0".to_vec();
        input.extend([7; 32]);
        input.extend(Sha256::digest(b"{}"));
        assert_eq!(Sha256::digest(input)[..], leaf(7, "{}").encode()[32..]);
    }

    #[test]
    fn an_opening_opens_one_leaf() {
        let opening = |salt, payload: &str| Opening {
            index: 3,
            salt: Salt([salt; 32]),
            payload: payload.to_owned(),
        };
        assert!(opening(1, "{}").opens(&leaf(1, "{}")));
        assert!(!opening(2, "{}").opens(&leaf(1, "{}")));
        assert!(!opening(1, "{} ").opens(&leaf(1, "{}")));
    }

    #[test]
    fn a_file_of_openings_is_read_line_by_line() {
        let opening = Opening {
            index: 3,
            salt: Salt([1; 32]),
            payload: "{\"a\":\"\u{e4}\\n\"}".to_owned(),
        };
        let text = opening.to_line().repeat(2);
        assert_eq!(Opening::parse_all(&text), Ok(vec![opening.clone(), opening]));
        assert_eq!(Opening::parse_all(""), Ok(Vec::new()));
        for bad in [
            "{}",
            "x",
            "{\"index\":-1}",
            "{\"index\":1,\"salt\":\"AA==\",\"payload\":\"\"}",
            "\n",
        ] {
            let error = Opening::parse_all(bad).expect_err(bad);
            assert_eq!(error.line, 1);
        }
        assert!(Opening::parse_all(text.trim_end()).is_err());
        assert!(Opening::parse_all(&text.replace(',', ", ")).is_err());
        let more = text.replacen("\"index\"", "\"more\":1,\"index\"", 1);
        assert!(Opening::parse_all(&more).is_err());
    }

    #[test]
    fn the_rate_is_kept_or_the_log_is_wrong() {
        let check = |epochs: &[u64]| {
            let mut check = RateCheck::default();
            epochs.iter().try_for_each(|epoch| check.push(*epoch))?;
            check.finish()
        };
        assert_eq!(check(&[]), Ok(()));
        assert_eq!(check(&[9, 9, 9, 9, 10, 10, 10, 10]), Ok(()));
        assert_eq!(check(&[9, 9, 9]), Err(RateError::Short(3)));
        for bad in [&[9, 9, 9, 10][..], &[9, 9, 9, 9, 9], &[9, 9, 9, 9, 11], &[9, 8]] {
            assert!(matches!(check(bad), Err(RateError::Epoch { .. })), "{bad:?}");
        }
        let mut resumed = RateCheck::resume(9, 4);
        assert_eq!(resumed.push(10), Ok(()));
    }

    proptest! {
        #[test]
        fn every_changed_bit_of_a_leaf_shows(at in 0_usize..64, bit in 0_u8..8) {
            let good = leaf(1, "{}");
            let mut bytes = good.encode();
            bytes[at] ^= 1 << bit;
            prop_assert_ne!(Leaf::decode(&bytes), Ok(good));
        }

        #[test]
        fn openings_come_back(index in 0..=u64::MAX, salt: [u8; 32], payload in ".{0,60}") {
            let opening = Opening { index, salt: Salt(salt), payload };
            prop_assert_eq!(Opening::parse_all(&opening.to_line()), Ok(vec![opening]));
        }
    }
}
