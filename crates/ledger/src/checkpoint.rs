//! Checkpoints: how long a log is and what its root is, signed (tlog-checkpoint).

use std::fmt;

use crate::encoding::from_decimal;
use crate::key::{Algorithm, VerifierKey};
use crate::merkle::{Hash, empty_root};
use crate::note::{Note, NoteError};

/// The text of a checkpoint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// Which log: its name, for ever.
    pub origin: String,
    /// Leaves.
    pub size: u64,
    /// The root of the tree of that many leaves.
    pub root: Hash,
    /// Lines that the log added. Ours adds none.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// A checkpoint without extension lines.
    pub fn new(origin: &str, size: u64, root: Hash) -> Self {
        Self {
            origin: origin.to_owned(),
            size,
            root,
            extensions: Vec::new(),
        }
    }

    /// Reads the text of a note. What is read is written back byte for byte.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let lines = text.strip_suffix('\n');
        let lines = lines.ok_or(NoteError::Malformed("the checkpoint's last line does not end"))?;
        let mut lines = lines.split('\n');
        let mut line = || {
            let line = lines.next().filter(|line| !line.is_empty());
            line.ok_or(NoteError::Malformed(
                "a checkpoint needs an origin, a size and a root",
            ))
        };
        let (origin, size, root) = (line()?, line()?, line()?);
        let size = from_decimal(size).ok_or(NoteError::Malformed("the checkpoint's size is no size"))?;
        let root = Hash::from_base64(root);
        let root = root.ok_or(NoteError::Malformed("the checkpoint's root is no hash"))?;
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(NoteError::Malformed("a checkpoint has no empty lines"));
        }
        if size == 0 && root != empty_root() {
            return Err(NoteError::Malformed("the root of an empty log is another"));
        }
        Ok(Self {
            origin: origin.to_owned(),
            size,
            root,
            extensions,
        })
    }
}

/// The text that is signed.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, self.root)?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// A checkpoint with its signatures, which nobody has checked yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedCheckpoint {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// The note that says it.
    pub note: Note,
}

impl SignedCheckpoint {
    /// Reads a note whose text is a checkpoint.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        Self::from_note(Note::parse(bytes)?)
    }

    /// Reads the text of a note as a checkpoint.
    pub fn from_note(note: Note) -> Result<Self, NoteError> {
        Ok(Self {
            checkpoint: Checkpoint::parse(note.text())?,
            note,
        })
    }

    /// The keys of the log that signed. Only keys of type Ed25519 whose name is the origin are looked at.
    ///
    /// # Errors
    /// [`NoteError::Forged`] when a known key's line does not fit, [`NoteError::Unsigned`] when there is none.
    pub fn signed_by<'k>(&self, keys: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, NoteError> {
        let verified = self.note.verified(keys)?;
        let of_log = verified.into_iter().map(|(key, _)| key);
        let of_log: Vec<_> = of_log.filter(|key| self.may_sign(key)).collect();
        if of_log.is_empty() {
            Err(NoteError::Unsigned)
        } else {
            Ok(of_log)
        }
    }

    /// Whether a key is one with which this log could sign.
    fn may_sign(&self, key: &VerifierKey) -> bool {
        key.algorithm() == Algorithm::Ed25519 && key.name() == self.checkpoint.origin
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::key::SigningKey;

    const ROOT: &str = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

    #[test]
    fn a_checkpoint_is_read_and_written_back() {
        for text in [
            format!("example.com/behind-the-sofa\n20852163\n{ROOT}\n"),
            format!("a log\n1\n{ROOT}\nmore\nstill more\n"),
            format!("x\n0\n{}\n", empty_root()),
        ] {
            let checkpoint = Checkpoint::parse(&text).expect("a checkpoint");
            assert_eq!(checkpoint.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_checkpoint_is_refused() {
        for bad in [
            String::new(),
            "\n".to_owned(),
            format!("x\n1\n{ROOT}"),
            format!("\n1\n{ROOT}\n"),
            format!("x\n01\n{ROOT}\n"),
            format!("x\n-1\n{ROOT}\n"),
            format!("x\n9223372036854775808\n{ROOT}\n"),
            format!("x\n0\n{ROOT}\n"),
            format!("x\n1\n{ROOT}\n\n"),
            format!("x\n1\n{ROOT}\n\ny\n"),
            format!("x\n1\n{}\n", &ROOT[4..]),
            format!("x\n1\n {ROOT}\n"),
            format!("x\n1\n{}\n", ROOT.replace("2I=", "2J=")),
            "x\n1\n".to_owned(),
        ] {
            assert!(Checkpoint::parse(&bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_log_signs_in_its_own_name_only() {
        let key = |name: &str, algorithm| {
            SigningKey::from_seed(name, algorithm, Zeroizing::new([1; 32])).expect("a seed")
        };
        let (log, other) = (
            key("log.example", Algorithm::Ed25519),
            key("other.example", Algorithm::Ed25519),
        );
        let text = Checkpoint::new("log.example", 1, empty_root()).to_string();
        let signed = |key: &SigningKey| {
            let mut note = Note::new(&text).expect("a text");
            note.sign(key);
            SignedCheckpoint::from_note(note).expect("a checkpoint")
        };
        let known = [log.public().clone(), other.public().clone()];
        assert_eq!(signed(&log).signed_by(&known), Ok(vec![&known[0]]));
        assert_eq!(signed(&other).signed_by(&known), Err(NoteError::Unsigned));
    }
}
