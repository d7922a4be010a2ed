//! Cosignatures (cosignature/v1): a witness says that at a time it knew no longer log than this checkpoint.

use crate::key::{Algorithm, SigningKey};
use crate::note::{Note, Signature};

/// Bytes of the time before the signature.
const TIME_BYTES: usize = 8;

/// What is signed.
pub(crate) fn message(time: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

/// A cosignature's time, in seconds since 1970, and its Ed25519 signature. Nothing where it is too short, or the time
/// lies above what the specification allows.
pub fn split(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (time, signature) = bytes.split_first_chunk::<TIME_BYTES>()?;
    let time = u64::from_be_bytes(*time);
    i64::try_from(time).is_ok().then_some((time, signature))
}

/// The cosignature of a witness over a checkpoint at `time`, in seconds since 1970. It has to know that the checkpoint
/// follows from the one that it cosigned before: see [`crate::witness`].
pub fn cosign(checkpoint: &Note, key: &SigningKey, time: u64) -> Signature {
    debug_assert_eq!(
        key.public().algorithm(),
        Algorithm::CosignatureV1,
        "a log's key signs no time"
    );
    // 2^63 seconds are far away; the specification sets that limit.
    let time = time.min(i64::MAX as u64);
    let mut bytes = time.to_be_bytes().to_vec();
    bytes.extend(key.sign(message(time, checkpoint.text()).as_bytes()));
    Signature {
        name: key.public().name().to_owned(),
        id: key.public().id(),
        bytes,
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::note::NoteError;

    #[test]
    fn a_cosignature_binds_the_text_and_the_time() {
        let seed = Zeroizing::new([9; 32]);
        let key = SigningKey::from_seed("w.example/w1", Algorithm::CosignatureV1, seed).expect("a seed");
        let known = [key.public().clone()];
        let mut note = Note::new("log.example\n0\nroot\n").expect("a text");
        let signature = cosign(&note, &key, 1_679_315_147);
        note.add(signature.clone());
        let verified = note.verify(&known).expect("cosigned");
        let (time, _) = split(&verified[0].1.bytes).expect("a time");
        assert_eq!(time, 1_679_315_147);
        let mut later = Note::new(note.text()).expect("a text");
        let mut changed = signature.clone();
        changed.bytes[7] ^= 1;
        later.add(changed);
        assert!(matches!(later.verify(&known), Err(NoteError::Forged(_))));
        let mut short = Note::new(note.text()).expect("a text");
        short.add(Signature {
            bytes: vec![0; 7],
            ..signature
        });
        assert!(matches!(short.verify(&known), Err(NoteError::Forged(_))));
    }

    #[test]
    fn times_beyond_the_specification_are_none() {
        assert_eq!(split(&[0x80, 0, 0, 0, 0, 0, 0, 0, 1]), None);
        assert_eq!(split(&[0, 0, 0, 0, 0, 0, 1, 0, 7]), Some((256, &[7][..])));
    }
}
