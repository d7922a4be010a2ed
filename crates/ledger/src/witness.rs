//! Witnesses (tlog-witness): both ends of the protocol in which a log shows a checkpoint and a proof that it only grew,
//! and gets a cosignature. HTTP itself is the caller's.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::cosignature::cosign;
use crate::disk::{Access, Disk, Step};
use crate::encoding::from_decimal;
use crate::key::{Algorithm, KeyError, SigningKey, VerifierKey};
use crate::log::Seen;
use crate::merkle::{Hash, MOST_PROOF_HASHES, consistency_holds, empty_root};
use crate::note::{MOST_NOTE_BYTES, NoteError, Signature};

/// Bytes that a request may have.
pub const MOST_REQUEST_BYTES: usize = MOST_NOTE_BYTES + 4096;

/// Where a request goes, below the submission prefix.
pub const ADD_CHECKPOINT: &str = "/add-checkpoint";

/// What a log sends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AddCheckpoint {
    /// The size that the witness cosigned last, as far as the log knows.
    pub old: u64,
    /// From there to the checkpoint.
    pub proof: Vec<Hash>,
    /// What is to be cosigned.
    pub checkpoint: SignedCheckpoint,
}

impl AddCheckpoint {
    /// Reads a body.
    pub fn parse(body: &[u8]) -> Result<Self, NoteError> {
        if body.len() > MOST_REQUEST_BYTES {
            return Err(NoteError::Malformed("the request is too long"));
        }
        let text = std::str::from_utf8(body).map_err(|_| NoteError::Malformed("it is not UTF-8"))?;
        let (head, checkpoint) = text.split_once("\n\n").ok_or(NoteError::Malformed(
            "there is no blank line before the checkpoint",
        ))?;
        let mut lines = head.split('\n');
        let old = lines
            .next()
            .and_then(|line| line.strip_prefix("old "))
            .and_then(from_decimal);
        let old = old.ok_or(NoteError::Malformed("the first line is not the old size"))?;
        let hash =
            |line| Hash::from_base64(line).ok_or(NoteError::Malformed("a line of the proof is no hash"));
        let proof: Vec<Hash> = lines
            .take(MOST_PROOF_HASHES + 1)
            .map(hash)
            .collect::<Result<_, _>>()?;
        if proof.len() > MOST_PROOF_HASHES {
            return Err(NoteError::Malformed("the proof has too many hashes"));
        }
        Ok(Self {
            old,
            proof,
            checkpoint: SignedCheckpoint::parse(checkpoint.as_bytes())?,
        })
    }

    /// The body.
    pub fn to_text(&self) -> String {
        let mut text = format!("old {}\n", self.old);
        for hash in &self.proof {
            let _ = writeln!(text, "{hash}");
        }
        text.push('\n');
        text.push_str(&self.checkpoint.note.to_text());
        text
    }
}

/// What a witness answered, as the log reads it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reply {
    /// Cosignature lines; whose they are and whether they fit is for
    /// [`Log::add_cosignatures`](crate::Log::add_cosignatures).
    Cosigned(Vec<Signature>),
    /// It has cosigned this size last, or another root for the same size.
    Conflict(u64),
    /// Anything else: the status.
    Refused(u16),
}

impl Reply {
    /// Reads an answer's status and body.
    pub fn read(status: u16, body: &[u8]) -> Self {
        let text = std::str::from_utf8(body)
            .ok()
            .filter(|text| text.len() <= MOST_NOTE_BYTES);
        let text = text.and_then(|text| text.strip_suffix('\n'));
        match (status, text) {
            (200, Some(lines)) => {
                let lines: Result<Vec<_>, _> = lines.split('\n').map(Signature::parse).collect();
                lines.map_or(Self::Refused(status), Self::Cosigned)
            }
            (409, Some(size)) => from_decimal(size).map_or(Self::Refused(status), Self::Conflict),
            _ => Self::Refused(status),
        }
    }

    /// What the reply to a question for `ours` leaves says of the witness, where the request's old size was that too.
    pub fn seen(&self, ours: u64) -> Option<Seen> {
        match self {
            Self::Cosigned(_) => Some(Seen::Agrees),
            Self::Conflict(theirs) if *theirs == ours => Some(Seen::OtherRoot),
            Self::Conflict(theirs) => Some(Seen::Size(*theirs)),
            Self::Refused(_) => None,
        }
    }
}

/// What a witness answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// 200 with cosignature lines.
    Cosigned(String),
    /// 400: not of the form of a request.
    Malformed(String),
    /// 403: no trusted key of this log signed, or one that claims to did not.
    Forbidden,
    /// 404: a log that this witness does not watch.
    UnknownLog,
    /// 409 with the size that was cosigned last.
    Conflict(u64),
    /// 422: the proof does not hold. This may be proof that the log misbehaves.
    Inconsistent,
    /// 500: the state could not be kept, so nothing was cosigned.
    Failed,
}

impl Answer {
    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Cosigned(_) => 200,
            Self::Malformed(_) => 400,
            Self::Forbidden => 403,
            Self::UnknownLog => 404,
            Self::Conflict(_) => 409,
            Self::Inconsistent => 422,
            Self::Failed => 500,
        }
    }

    /// The Content-Type.
    pub const fn content_type(&self) -> &'static str {
        match self {
            Self::Conflict(_) => "text/x.tlog.size",
            _ => "text/plain; charset=utf-8",
        }
    }

    /// The body.
    pub fn body(&self) -> String {
        match self {
            Self::Cosigned(lines) => lines.clone(),
            Self::Malformed(why) => format!("{why}\n"),
            Self::Forbidden => "no key that is trusted for this log signed this checkpoint\n".to_owned(),
            Self::UnknownLog => "this witness does not watch this log\n".to_owned(),
            Self::Conflict(size) => format!("{size}\n"),
            Self::Inconsistent => "the consistency proof does not hold\n".to_owned(),
            Self::Failed => "the witness could not keep its state; nothing was cosigned\n".to_owned(),
        }
    }
}

/// A witness: remembers the newest checkpoint of each log that it watches, in a file each.
pub struct Witness {
    disk: Disk,
    key: SigningKey,
    logs: Vec<VerifierKey>,
    /// The size and root that were cosigned last, by origin. Held from the check to the answer.
    state: Mutex<BTreeMap<String, Checkpoint>>,
}

impl Witness {
    /// Opens a witness over the state in `folder`.
    ///
    /// # Errors
    /// Those of the disk. Invalid data where a file of the state is none, or a key is not of the type that it should be.
    pub fn open(folder: &Path, key: SigningKey, logs: Vec<VerifierKey>) -> io::Result<Self> {
        Self::open_with(folder, key, logs, Arc::new(|_| Ok(())))
    }

    /// As [`Witness::open`]; `step` is asked before each step that changes the disk.
    pub fn open_with(folder: &Path, key: SigningKey, logs: Vec<VerifierKey>, step: Step) -> io::Result<Self> {
        let wrong = |why: String| io::Error::new(io::ErrorKind::InvalidData, why);
        if key.public().algorithm() != Algorithm::CosignatureV1 {
            return Err(wrong("the witness's key is not of type cosignature/v1".into()));
        }
        if let Some(other) = logs.iter().find(|key| key.algorithm() != Algorithm::Ed25519) {
            return Err(wrong(format!("{} is not the key of a log", other.name())));
        }
        let disk = Disk::open(folder, step)?;
        let mut state = BTreeMap::new();
        for log in &logs {
            if let Some(bytes) = disk.read(&state_file(log.name()))? {
                let signed = SignedCheckpoint::parse(&bytes);
                let signed =
                    signed.map_err(|error| wrong(format!("the state of {}: {error}", log.name())))?;
                if signed.checkpoint.origin != log.name() {
                    return Err(wrong(format!("the state of {} is another log's", log.name())));
                }
                state.insert(log.name().to_owned(), signed.checkpoint);
            }
        }
        Ok(Self {
            disk,
            key,
            logs,
            state: Mutex::new(state),
        })
    }

    /// The public half of its key.
    pub const fn public(&self) -> &VerifierKey {
        self.key.public()
    }

    /// The logs that it watches, and how many leaves it has cosigned of each.
    pub fn watched(&self) -> Vec<(String, u64)> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut logs: Vec<_> = self
            .logs
            .iter()
            .map(|log| {
                let size = state.get(log.name()).map_or(0, |last| last.size);
                (log.name().to_owned(), size)
            })
            .collect();
        logs.dedup();
        logs
    }

    /// Answers a request at `now`, in seconds since 1970. What is cosigned is on the disk before this returns. Waits for
    /// the disk.
    pub fn add_checkpoint(&self, body: &[u8], now: u64) -> Answer {
        let request = match AddCheckpoint::parse(body) {
            Ok(request) => request,
            Err(error) => return Answer::Malformed(error.to_string()),
        };
        let AddCheckpoint {
            old,
            proof,
            checkpoint: signed,
        } = request;
        let new = &signed.checkpoint;
        if self.logs.iter().all(|log| log.name() != new.origin) {
            return Answer::UnknownLog;
        }
        if signed.signed_by(&self.logs).is_err() {
            return Answer::Forbidden;
        }
        if old > new.size {
            return Answer::Malformed("the old size is above the checkpoint's".to_owned());
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (last_size, last_root) = state
            .get(&new.origin)
            .map_or_else(|| (0, empty_root()), |last| (last.size, last.root));
        if old != last_size || (old == new.size && last_root != new.root) {
            return Answer::Conflict(last_size);
        }
        if !consistency_holds(old, last_root, new.size, new.root, &proof) {
            return Answer::Inconsistent;
        }
        let file = state_file(&new.origin);
        let kept = signed.note.to_text();
        if self.disk.write(&file, kept.as_bytes(), Access::Private).is_err() {
            return Answer::Failed;
        }
        state.insert(new.origin.clone(), new.clone());
        Answer::Cosigned(cosign(&signed.note, &self.key, now).to_line())
    }
}

/// Reads the witness's key from `folder`, or makes one called `name` where there is none.
pub fn key_in(folder: &Path, name: &str) -> io::Result<SigningKey> {
    let wrong = |error: KeyError| io::Error::new(io::ErrorKind::InvalidData, error.to_string());
    let disk = Disk::open(folder, Arc::new(|_| Ok(())))?;
    if let Some(bytes) = disk.read("witness.key")?.map(zeroize::Zeroizing::new) {
        let text = std::str::from_utf8(&bytes).map_err(|_| wrong(KeyError::Malformed))?;
        let key = SigningKey::parse(text).map_err(wrong)?;
        return if key.public().name() == name {
            Ok(key)
        } else {
            let why = format!("the key there is that of {}, not of {name}", key.public().name());
            Err(io::Error::new(io::ErrorKind::InvalidData, why))
        };
    }
    let key = SigningKey::generate(name, Algorithm::CosignatureV1).map_err(wrong)?;
    disk.write("witness.key", key.to_secret_text().as_bytes(), Access::Private)?;
    Ok(key)
}

/// An origin may hold anything: its hash names the file.
fn state_file(origin: &str) -> String {
    let hash = Sha256::digest(origin);
    hash.iter().fold("state/".to_owned(), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    })
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::merkle::naive;
    use crate::note::Note;

    const NOW: u64 = 1_700_000_000;

    fn key(name: &str, algorithm: Algorithm, seed: u8) -> SigningKey {
        SigningKey::from_seed(name, algorithm, Zeroizing::new([seed; 32])).expect("a seed")
    }

    fn log() -> SigningKey {
        key("log.example", Algorithm::Ed25519, 1)
    }

    fn witness(folder: &Path) -> Witness {
        let key = key("w.example", Algorithm::CosignatureV1, 2);
        Witness::open(folder, key, vec![log().public().clone()]).expect("a folder")
    }

    fn signed(key: &SigningKey, origin: &str, leaves: &[Hash]) -> SignedCheckpoint {
        let text = Checkpoint::new(origin, leaves.len() as u64, naive::root(leaves)).to_string();
        let mut note = Note::new(&text).expect("a text");
        note.sign(key);
        SignedCheckpoint::from_note(note).expect("a checkpoint")
    }

    fn ask(witness: &Witness, old: usize, size: usize) -> Answer {
        let leaves = naive::leaves(size);
        let request = AddCheckpoint {
            old: old as u64,
            proof: naive::consistency(old.min(size), &leaves),
            checkpoint: signed(&log(), "log.example", &leaves),
        };
        assert_eq!(
            AddCheckpoint::parse(request.to_text().as_bytes()).as_ref(),
            Ok(&request)
        );
        witness.add_checkpoint(request.to_text().as_bytes(), NOW)
    }

    #[test]
    fn a_growing_log_is_cosigned_and_a_witness_that_starts_again_remembers() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = witness(folder.path());
        for (old, size) in [(0, 0), (0, 3), (3, 3), (3, 8), (8, 300)] {
            let answer = ask(&first, old, size);
            let Answer::Cosigned(lines) = &answer else {
                panic!("{answer:?}")
            };
            let mut note = signed(&log(), "log.example", &naive::leaves(size)).note;
            let Reply::Cosigned(lines) = Reply::read(200, lines.as_bytes()) else {
                panic!("{lines}")
            };
            note.add(lines[0].clone());
            assert_eq!(note.verify(&[first.public().clone()]).expect("cosigned").len(), 1);
        }
        drop(first);
        let again = witness(folder.path());
        assert_eq!(again.watched(), [("log.example".to_owned(), 300)]);
        assert_eq!(ask(&again, 0, 300), Answer::Conflict(300));
        assert_eq!(ask(&again, 8, 300), Answer::Conflict(300));
        assert_eq!(ask(&again, 8, 9), Answer::Conflict(300));
        assert!(matches!(ask(&again, 300, 301), Answer::Cosigned(_)));
    }

    #[test]
    fn each_wrong_request_has_its_status() {
        let folder = tempfile::tempdir().expect("a folder");
        let witness = witness(folder.path());
        assert!(matches!(ask(&witness, 0, 5), Answer::Cosigned(_)));
        assert_eq!(ask(&witness, 6, 5).status(), 400);
        assert_eq!(ask(&witness, 4, 6), Answer::Conflict(5));
        let leaves = naive::leaves(9);
        let mut other = leaves.clone();
        other[2] = Hash([7; 32]);
        let post = |old, proof: Vec<Hash>, checkpoint| {
            let request = AddCheckpoint {
                old,
                proof,
                checkpoint,
            };
            witness.add_checkpoint(request.to_text().as_bytes(), NOW)
        };
        let proof = naive::consistency(5, &leaves);
        let good = signed(&log(), "log.example", &leaves);
        let stranger = key("log.example", Algorithm::Ed25519, 9);
        assert_eq!(
            post(5, proof.clone(), signed(&stranger, "log.example", &leaves)),
            Answer::Forbidden
        );
        assert_eq!(
            post(5, proof.clone(), signed(&stranger, "no.example", &leaves)),
            Answer::UnknownLog
        );
        let mut short = proof.clone();
        short.pop();
        assert_eq!(post(5, short, good.clone()), Answer::Inconsistent);
        let forked = signed(&log(), "log.example", &other);
        assert_eq!(
            post(5, naive::consistency(5, &other), forked),
            Answer::Inconsistent
        );
        assert_eq!(
            post(5, Vec::new(), signed(&log(), "log.example", &other[..5])),
            Answer::Conflict(5)
        );
        let forged = good.note.to_text().replacen("\n9\n", "\n8\n", 1);
        let body = format!("old 5\n\n{forged}");
        assert_eq!(witness.add_checkpoint(body.as_bytes(), NOW), Answer::Forbidden);
        for bad in [
            "",
            "old 5",
            "old 05\n\n",
            "old x\n\n",
            "old 5\n\nnothing",
            "old 5\nAAAA\n\nx\n",
        ] {
            assert_eq!(
                witness.add_checkpoint(bad.as_bytes(), NOW).status(),
                400,
                "{bad:?}"
            );
        }
        assert_eq!(
            witness
                .add_checkpoint(&vec![b'x'; MOST_REQUEST_BYTES + 1], NOW)
                .status(),
            400
        );
        let many = vec![Hash([0; 32]); MOST_PROOF_HASHES + 1];
        assert_eq!(post(5, many, good.clone()).status(), 400);
        // None of this moved the witness.
        assert_eq!(witness.watched()[0].1, 5);
        assert!(matches!(post(5, proof, good), Answer::Cosigned(_)));
    }

    #[test]
    fn what_could_not_be_kept_is_not_cosigned() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = || key("w.example", Algorithm::CosignatureV1, 2);
        for step in ["write", "sync state", "rename", "sync the folder"] {
            let fail: Step = Arc::new(move |at: &str| {
                if at.starts_with(step) {
                    Err(io::Error::other("a full disk"))
                } else {
                    Ok(())
                }
            });
            let logs = vec![log().public().clone()];
            let witness = Witness::open_with(folder.path(), key(), logs, fail).expect("a folder");
            assert_eq!(ask(&witness, 0, 3), Answer::Failed, "{step}");
            let folder = tempfile::tempdir().expect("a folder");
            assert!(key_in(folder.path(), "w.example").is_ok());
            assert!(key_in(folder.path(), "other.example").is_err());
        }
    }

    #[test]
    fn replies_are_read_carefully() {
        assert_eq!(Reply::read(409, b"12\n"), Reply::Conflict(12));
        assert_eq!(Reply::read(409, b"12\n").seen(12), Some(Seen::OtherRoot));
        assert_eq!(Reply::read(409, b"12\n").seen(8), Some(Seen::Size(12)));
        for (status, body) in [
            (409, &b"12"[..]),
            (409, b"012\n"),
            (409, b"\xff\n"),
            (200, b"hello\n"),
            (200, b""),
            (500, b""),
        ] {
            assert_eq!(Reply::read(status, body), Reply::Refused(status));
        }
    }
}
