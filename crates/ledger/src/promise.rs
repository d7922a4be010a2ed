//! Promises: what an issuer holds between the day of the demand and the receipt. The log signs at once that an entry
//! will be in it; who holds the promise can show an omission.
//!
//! A promise is a signed note of five lines: `bauta.ledger/promise/v1`, the log's origin, the commitment in base64, the
//! epoch after which it must be there, and the size that the log had. The second line of a checkpoint is a number, so
//! that neither can be taken for the other.

use crate::encoding::from_decimal;
use crate::key::{Algorithm, SigningKey, VerifierKey};
use crate::leaf::Commitment;
use crate::note::{Note, NoteError};

const FIRST_LINE: &str = "bauta.ledger/promise/v1";

/// Epochs after which a promised entry is in the log, where the queue is not unusually long: two days.
pub const PROMISED_EPOCHS: u64 = 48;

/// Bytes that a promise may have: five short lines and its signatures.
pub const MOST_PROMISE_BYTES: usize = 16 * 1024;

/// What the log promises.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Promise {
    /// Which log.
    pub origin: String,
    /// The entry.
    pub commitment: Commitment,
    /// When the checkpoint after this epoch is out, the entry is in the log.
    pub by_epoch: u64,
    /// How many leaves the log had: the entry is not among them.
    pub after_size: u64,
}

impl Promise {
    /// Signs it.
    pub fn sign(&self, key: &SigningKey) -> Result<Note, NoteError> {
        if self.origin.contains('\n') || self.origin.is_empty() {
            return Err(NoteError::Malformed("an origin is one line"));
        }
        let (origin, commitment) = (&self.origin, self.commitment);
        let text = format!(
            "{FIRST_LINE}\n{origin}\n{commitment}\n{}\n{}\n",
            self.by_epoch, self.after_size
        );
        let mut note = Note::new(&text)?;
        note.sign(key);
        Ok(note)
    }

    /// Whether bytes begin as a promise does; they may be none all the same.
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(FIRST_LINE.as_bytes())
    }

    /// Reads a promise that one of the log's keys signed.
    pub fn open(bytes: &[u8], keys: &[VerifierKey]) -> Result<Self, NoteError> {
        if bytes.len() > MOST_PROMISE_BYTES {
            return Err(NoteError::Malformed("it is too long for a promise"));
        }
        let note = Note::parse(bytes)?;
        let promise = Self::parse(note.text())?;
        let verified = note.verify(keys)?;
        let of_log =
            |key: &VerifierKey| key.name() == promise.origin && key.algorithm() == Algorithm::Ed25519;
        if verified.iter().any(|(key, _)| of_log(key)) {
            Ok(promise)
        } else {
            Err(NoteError::Unsigned)
        }
    }

    fn parse(text: &str) -> Result<Self, NoteError> {
        let lines: Vec<&str> = text.strip_suffix('\n').unwrap_or(text).split('\n').collect();
        let [FIRST_LINE, origin, commitment, by_epoch, after_size] = lines[..] else {
            return Err(NoteError::Malformed("it is not a promise"));
        };
        let number = |text| from_decimal(text).ok_or(NoteError::Malformed("a number of the promise is none"));
        let commitment = Commitment::from_base64(commitment);
        Ok(Self {
            origin: origin.to_owned(),
            commitment: commitment.ok_or(NoteError::Malformed("the promise's commitment is no hash"))?,
            by_epoch: number(by_epoch)?,
            after_size: number(after_size)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::checkpoint::Checkpoint;

    #[test]
    fn a_promise_is_kept_apart_from_checkpoints_and_other_logs() {
        let seed = Zeroizing::new([1; 32]);
        let key = SigningKey::from_seed("log.example", Algorithm::Ed25519, seed).expect("a seed");
        let keys = [key.public().clone()];
        let promise = Promise {
            origin: "log.example".to_owned(),
            commitment: Commitment::from_bytes([4; 32]),
            by_epoch: 414_002,
            after_size: 8,
        };
        let note = promise.sign(&key).expect("one line");
        assert_eq!(
            Promise::open(note.to_text().as_bytes(), &keys),
            Ok(promise.clone())
        );
        assert!(Checkpoint::parse(note.text()).is_err());
        let other = Promise {
            origin: "other.example".to_owned(),
            ..promise.clone()
        };
        let note = other.sign(&key).expect("one line");
        assert_eq!(
            Promise::open(note.to_text().as_bytes(), &keys),
            Err(NoteError::Unsigned)
        );
        let changed = promise
            .sign(&key)
            .expect("one line")
            .to_text()
            .replace("414002", "414003");
        assert!(matches!(
            Promise::open(changed.as_bytes(), &keys),
            Err(NoteError::Forged(_))
        ));
        let two_lines = Promise {
            origin: "a\nb".to_owned(),
            ..promise
        };
        assert!(two_lines.sign(&key).is_err());
    }
}
