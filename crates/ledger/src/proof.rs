//! Receipts (tlog-proof): that an entry is in the log, in a file that can be checked offline.

use std::fmt::Write as _;

use crate::checkpoint::SignedCheckpoint;
use crate::encoding::{from_base64, from_decimal, to_base64};
use crate::leaf::{Commitment, Leaf, Opening};
use crate::merkle::{Hash, MOST_PROOF_HASHES, inclusion_holds, leaf_hash};
use crate::note::NoteError;

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// Bytes that a receipt may have: an entry in full as extra data, a proof and a checkpoint.
pub const MOST_PROOF_BYTES: usize = 2_000_000;

/// Why a text is no receipt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Not of the form of a tlog-proof.
    #[error("this is no tlog-proof: {0}")]
    Malformed(&'static str),
    /// Its checkpoint is none.
    #[error("the checkpoint in this proof: {0}")]
    Checkpoint(#[from] NoteError),
}

/// A proof with its checkpoint, which nobody has checked yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TlogProof {
    /// What else the receipt carries. Nothing vouches for it: here it is an opening, which the leaf checks.
    pub extra: Option<Vec<u8>>,
    /// Which leaf.
    pub index: u64,
    /// The inclusion proof, from the leaf's sibling up.
    pub path: Vec<Hash>,
    /// The log's checkpoint, with its signatures and cosignatures.
    pub checkpoint: SignedCheckpoint,
}

impl TlogProof {
    /// Reads a receipt. What is read is written back byte for byte.
    pub fn parse(bytes: &[u8]) -> Result<Self, ProofError> {
        if bytes.len() > MOST_PROOF_BYTES {
            return Err(ProofError::Malformed("it is too long"));
        }
        let all = std::str::from_utf8(bytes).map_err(|_| ProofError::Malformed("it is not UTF-8"))?;
        let (head, checkpoint) = all.split_once("\n\n").ok_or(ProofError::Malformed(
            "there is no blank line before the checkpoint",
        ))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(FIRST_LINE) {
            return Err(ProofError::Malformed(
                "it does not begin with c2sp.org/tlog-proof@v1",
            ));
        }
        let extra = lines.next_if(|line| line.starts_with("extra"));
        let extra = extra.map(read_extra).transpose()?;
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index = index.and_then(from_decimal);
        let index = index.ok_or(ProofError::Malformed("it has no index"))?;
        let path =
            lines.map(|line| Hash::from_base64(line).ok_or(ProofError::Malformed("a line is no hash")));
        let path: Vec<Hash> = path.take(MOST_PROOF_HASHES + 1).collect::<Result<_, _>>()?;
        if path.len() > MOST_PROOF_HASHES {
            return Err(ProofError::Malformed("it has too many hashes"));
        }
        let checkpoint = SignedCheckpoint::parse(checkpoint.as_bytes())?;
        Ok(Self {
            extra,
            index,
            path,
            checkpoint,
        })
    }

    /// The receipt as text; files of it end in `.tlog-proof`.
    pub fn to_text(&self) -> String {
        let mut text = format!("{FIRST_LINE}\n");
        if let Some(extra) = &self.extra {
            let _ = writeln!(text, "extra {}", to_base64(extra));
        }
        let _ = writeln!(text, "index {}", self.index);
        for hash in &self.path {
            let _ = writeln!(text, "{hash}");
        }
        text.push('\n');
        text.push_str(&self.checkpoint.note.to_text());
        text
    }

    /// One of our receipts: the opening that it carries, and whether the leaf that this makes is where the proof says.
    pub fn opening(&self) -> Result<(Extra, bool), ProofError> {
        let extra = self.extra.as_deref().ok_or(ProofError::Malformed(NO_OPENING))?;
        let extra = Extra::parse(extra)?;
        let holds = extra.opening.index == self.index && self.includes(&extra.leaf().encode());
        Ok((extra, holds))
    }

    /// Whether `entry` is where the proof says in the tree of its checkpoint. Who signed that is for
    /// [`crate::policy::Policy::judge`].
    pub fn includes(&self, entry: &[u8]) -> bool {
        let checkpoint = &self.checkpoint.checkpoint;
        let leaf = leaf_hash(entry);
        inclusion_holds(self.index, leaf, checkpoint.size, checkpoint.root, &self.path)
    }
}

/// What the extra data of our receipts is: all that makes the leaf, as JSON.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extra {
    /// The leaf's epoch.
    pub epoch: u64,
    /// What it commits to.
    pub opening: Opening,
}

impl Extra {
    /// As it stands in a receipt.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("text and numbers are JSON")
    }

    /// Reads what [`Extra::to_bytes`] writes, and no other spelling of it.
    pub fn parse(bytes: &[u8]) -> Result<Self, ProofError> {
        let extra: Self = serde_json::from_slice(bytes).map_err(|_| ProofError::Malformed(NO_OPENING))?;
        if extra.to_bytes() == bytes {
            Ok(extra)
        } else {
            Err(ProofError::Malformed(NO_OPENING))
        }
    }

    /// The leaf that it makes.
    pub fn leaf(&self) -> Leaf {
        Leaf {
            epoch: self.epoch,
            commitment: Commitment::to(&self.opening.salt, self.opening.payload.as_bytes()),
        }
    }
}

const NO_OPENING: &str = "its extra data is not the opening of an entry";

fn read_extra(line: &str) -> Result<Vec<u8>, ProofError> {
    let extra = line.strip_prefix("extra ").and_then(from_base64);
    extra.ok_or(ProofError::Malformed("its extra data is not proper base64"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use zeroize::Zeroizing;

    use super::*;
    use crate::checkpoint::Checkpoint;
    use crate::key::{Algorithm, SigningKey};
    use crate::merkle::naive;
    use crate::note::Note;

    fn proof(size: usize, index: usize, extra: Option<Vec<u8>>) -> TlogProof {
        let leaves = naive::leaves(size);
        let text = Checkpoint::new("log.example", size as u64, naive::root(&leaves)).to_string();
        let mut note = Note::new(&text).expect("a text");
        let seed = Zeroizing::new([1; 32]);
        note.sign(&SigningKey::from_seed("log.example", Algorithm::Ed25519, seed).expect("a seed"));
        TlogProof {
            extra,
            index: index as u64,
            path: naive::inclusion(index, &leaves),
            checkpoint: SignedCheckpoint::from_note(note).expect("a checkpoint"),
        }
    }

    #[test]
    fn a_receipt_is_read_back_and_holds_for_its_entry_only() {
        for (size, index, extra) in [
            (1, 0, None),
            (1, 0, Some(Vec::new())),
            (300, 299, Some(b"salt".to_vec())),
        ] {
            let proof = proof(size, index, extra);
            let read = TlogProof::parse(proof.to_text().as_bytes()).expect("our own");
            assert_eq!(read, proof);
            assert!(read.includes(format!("entry {index}").as_bytes()));
            assert!(!read.includes(b"entry 7"));
        }
    }

    #[test]
    fn what_is_no_receipt_is_refused() {
        let good = proof(3, 1, Some(b"x".to_vec())).to_text();
        assert!(TlogProof::parse(good.as_bytes()).is_ok());
        for (from, to) in [
            ("@v1", "@v2"),
            ("extra ", "extra  "),
            ("extra eA==\n", "extra eA\n"),
            ("extra eA==\n", "extra eB==\n"),
            ("extra eA==\n", "extra eA==\nextra eA==\n"),
            ("index 1", "index 01"),
            ("index 1", "index -1"),
            ("index 1\n", ""),
            ("index 1\n", "index 1\nAAAA\n"),
            ("log.example\n3", "log.example\n3 "),
            ("\n\n", "\n"),
        ] {
            assert!(
                TlogProof::parse(good.replacen(from, to, 1).as_bytes()).is_err(),
                "{from:?} {to:?}"
            );
        }
        let mut long = proof(3, 1, None);
        long.path = vec![Hash([0; 32]); MOST_PROOF_HASHES + 1];
        assert!(TlogProof::parse(long.to_text().as_bytes()).is_err());
        assert!(TlogProof::parse(&vec![b'a'; MOST_PROOF_BYTES + 1]).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn no_changed_bit_of_the_proof_goes_unseen(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
            let text = proof(7, 4, None).to_text();
            let signature = text.find('\u{2014}').expect("a signature");
            let mut bytes = text.into_bytes();
            // Signatures are the policy's to check.
            let at = at.index(signature);
            bytes[at] ^= 1 << bit;
            let origin = "log.example";
            let holds = TlogProof::parse(&bytes)
                .is_ok_and(|proof| proof.includes(b"entry 4") && proof.checkpoint.checkpoint.origin == origin);
            prop_assert!(!holds);
        }
    }
}
