//! What the log publishes besides its tree: checkpoints, cosignatures, openings, receipts, promises, its policy.

use std::collections::BTreeMap;

use crate::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::disk::Access;
use crate::leaf::{Commitment, LEAVES_PER_EPOCH, Opening};
use crate::log::{CHECKPOINT, KeyRing, Log, LogError};
use crate::merkle::empty_root;
use crate::note::{Note, Signature};
use crate::policy::Policy;
use crate::promise::{PROMISED_EPOCHS, Promise};
use crate::proof::TlogProof;
use crate::tile::{Kind, TILE_WIDTH, TileId};

/// The file that has the opening of a leaf, below the log's prefix: `openings/x001/234`.
pub fn opening_path(index: u64) -> String {
    let id = TileId {
        kind: Kind::Entries,
        index: index / TILE_WIDTH,
        width: TILE_WIDTH as u16,
    };
    id.to_string().replacen("tile/entries", "openings", 1)
}

impl Log {
    /// Adds cosignatures to the newest checkpoint, where they are of `policy`'s witnesses and fit. Gives how many of its
    /// witnesses have cosigned it then.
    pub fn add_cosignatures(&mut self, policy: &Policy, lines: &[Signature]) -> Result<usize, LogError> {
        let Some(mut signed) = self.published.clone() else {
            return Ok(0);
        };
        let witnesses: Vec<_> = policy
            .witnesses()
            .iter()
            .map(|witness| witness.key.clone())
            .collect();
        let known = |note: &Note| {
            let verified = note.verified(&witnesses).unwrap_or_default();
            witnesses
                .iter()
                .filter(|witness| verified.iter().any(|(key, _)| key == witness))
                .count()
        };
        for line in lines {
            let mut alone = Note::new(signed.note.text())?;
            alone.add(line.clone());
            let is_new = signed
                .note
                .signatures()
                .iter()
                .all(|old| (&old.name, old.id) != (&line.name, line.id));
            if is_new && known(&alone) == 1 {
                signed.note.add(line.clone());
            }
        }
        let count = known(&signed.note);
        if self.published.as_ref() != Some(&signed) {
            self.put_checkpoint(signed)?;
        }
        Ok(count)
    }

    /// What witnesses are asked with before the log signs anything new: the newest checkpoint, or one of the empty tree,
    /// which is the beginning of every log of this name.
    pub fn question(&self) -> Result<SignedCheckpoint, LogError> {
        if let Some(signed) = &self.published {
            return Ok(signed.clone());
        }
        let mut note = Note::new(&Checkpoint::new(&self.origin, 0, empty_root()).to_string())?;
        self.keys.sign(&mut note);
        Ok(SignedCheckpoint::from_note(note)?)
    }

    /// Signs with other keys from now on: one was rotated.
    ///
    /// # Errors
    /// [`LogError::Damaged`] when they are another log's, or know none of the keys that signed the newest checkpoint.
    pub fn set_keys(&mut self, keys: KeyRing) -> Result<(), LogError> {
        if keys.origin() != self.origin {
            return Err(LogError::Damaged("the keys are those of another log".to_owned()));
        }
        if let Some(signed) = &self.published {
            signed.signed_by(keys.ever())?;
        }
        self.keys = keys;
        Ok(())
    }

    /// Publishes openings. Each is held against its leaf first; what is open already stays.
    pub fn open_entries(&self, openings: &[Opening]) -> Result<(), LogError> {
        let mut files: BTreeMap<String, BTreeMap<u64, Opening>> = BTreeMap::new();
        for opening in openings {
            if !opening.opens(&self.leaf(opening.index)?) {
                return Err(LogError::Damaged(format!(
                    "an opening does not fit leaf {}",
                    opening.index
                )));
            }
            let file = files.entry(opening_path(opening.index)).or_default();
            file.insert(opening.index, opening.clone());
        }
        for (path, mut openings) in files {
            let there = self.disk.read(&path)?.unwrap_or_default();
            let there =
                String::from_utf8(there).map_err(|_| LogError::Damaged(format!("{path} is not text")))?;
            let there =
                Opening::parse_all(&there).map_err(|error| LogError::Damaged(format!("{path}: {error}")))?;
            openings.extend(there.into_iter().map(|opening| (opening.index, opening)));
            let text: String = openings.values().map(Opening::to_line).collect();
            self.disk.write(&path, text.as_bytes(), Access::Public)?;
        }
        Ok(())
    }

    /// The receipt of an entry: a tlog-proof whose extra data is the opening.
    pub fn receipt(&self, opening: &Opening) -> Result<TlogProof, LogError> {
        let checkpoint = self.published.clone().ok_or(LogError::NoLeaf(opening.index))?;
        let leaf = self.leaf(opening.index)?;
        if !opening.opens(&leaf) {
            return Err(LogError::Damaged(format!(
                "an opening does not fit leaf {}",
                opening.index
            )));
        }
        let receipt = crate::proof::Extra {
            epoch: leaf.epoch,
            opening: opening.clone(),
        };
        Ok(TlogProof {
            extra: Some(receipt.to_bytes()),
            index: opening.index,
            path: self.inclusion(opening.index)?,
            checkpoint,
        })
    }

    /// A signed promise that an entry will be in the log: it was queued in the epoch `queued`, `now` is the epoch of this
    /// moment, and `waiting` entries wait before it.
    ///
    /// The date is [`PROMISED_EPOCHS`] after `queued`, or as often that much later as a long queue needs. A finer one
    /// would tell whoever holds it how many entries wait, and so of things that are done in silence.
    pub fn promise(
        &self,
        commitment: Commitment,
        queued: u64,
        now: u64,
        waiting: u64,
    ) -> Result<Note, LogError> {
        // One epoch more than the queue needs: the one that runs now may be closed already.
        let earliest = self.next_epoch().unwrap_or(now).max(now) + 1 + waiting / LEAVES_PER_EPOCH;
        let spans = earliest.saturating_sub(queued).div_ceil(PROMISED_EPOCHS).max(1);
        let promise = Promise {
            origin: self.origin.clone(),
            commitment,
            by_epoch: queued + spans * PROMISED_EPOCHS,
            after_size: self.size(),
        };
        Ok(promise.sign(self.keys.newest())?)
    }

    /// Writes the policy that goes with the log: its keys now, and the witnesses and quorum of `witnesses`.
    pub fn publish_policy(&self, witnesses: &Policy) -> Result<(), LogError> {
        let mut policy = witnesses.clone();
        for key in self.keys.ever() {
            policy.add_log(key.clone());
        }
        let text = policy.to_string();
        if self.disk.read("policy")?.as_deref() != Some(text.as_bytes()) {
            self.disk.write("policy", text.as_bytes(), Access::Public)?;
        }
        Ok(())
    }

    pub(super) fn put_checkpoint(&mut self, signed: SignedCheckpoint) -> Result<(), LogError> {
        let text = signed.note.to_text();
        let epochs = signed.checkpoint.size / LEAVES_PER_EPOCH;
        let last = self.first_epoch.unwrap_or_default() + epochs.saturating_sub(1);
        self.disk.write(
            &format!("checkpoints/{}", last / 24),
            text.as_bytes(),
            Access::Public,
        )?;
        self.disk.write(CHECKPOINT, text.as_bytes(), Access::Public)?;
        self.published = Some(signed);
        Ok(())
    }
}
