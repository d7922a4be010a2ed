//! Appending: whole epochs at a time, real entries first drawn among pads.

use crate::bundle;
use crate::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::disk::Access;
use crate::leaf::{Commitment, LEAVES_PER_EPOCH, Leaf};
use crate::log::{Log, LogError, PENDING};
use crate::merkle::leaf_hash;
use crate::tile::{Kind, TILE_WIDTH, TileId};

/// Where an appended entry lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Placed {
    /// What was given.
    pub commitment: Commitment,
    /// Its leaf.
    pub index: u64,
}

impl Log {
    /// Appends every epoch up to and with `epoch`: those that were missed get pads, the last one the entries, in a random
    /// order among its pads. A log that is empty begins at `epoch`. Signs the new checkpoint and publishes it.
    ///
    /// When this fails, nothing or all of it is in the log: [`Log::open`] finds out which.
    ///
    /// # Errors
    /// [`LogError::NotCompared`] before [`Log::compare`]; [`LogError::OldEpoch`], [`LogError::TooMany`].
    pub fn append(&mut self, epoch: u64, entries: &[Commitment]) -> Result<Vec<Placed>, LogError> {
        if self.broken {
            return Err(LogError::Damaged(
                "an earlier write failed: open the log again".into(),
            ));
        }
        if self.compared.is_none() {
            return Err(LogError::NotCompared);
        }
        if entries.len() as u64 > LEAVES_PER_EPOCH {
            return Err(LogError::TooMany(entries.len()));
        }
        let first = self.next_epoch().unwrap_or(epoch);
        if epoch < first {
            return Err(LogError::OldEpoch(epoch));
        }
        let mut leaves = Vec::new();
        for missed in first..epoch {
            leaves.extend(Self::epoch(missed, &[])?);
        }
        let begin = self.size() + leaves.len() as u64;
        let last = Self::epoch(epoch, entries)?;
        let placed = entries.iter().filter_map(|commitment| {
            let at = last.iter().position(|leaf| leaf.commitment == *commitment)?;
            let index = begin + at as u64;
            Some(Placed {
                commitment: *commitment,
                index,
            })
        });
        let placed = placed.collect();
        leaves.extend(last);
        self.broken = true;
        self.write(&leaves)?;
        self.first_epoch = self.first_epoch.or(Some(first));
        let text = Checkpoint::new(&self.origin, self.size(), self.root());
        // From here on this text, and no other of this size, may be signed.
        self.disk
            .write(PENDING, text.to_string().as_bytes(), Access::Private)?;
        self.publish_text(&text)?;
        self.broken = false;
        Ok(placed)
    }

    /// The leaves of one epoch, in an order that says nothing.
    fn epoch(epoch: u64, entries: &[Commitment]) -> Result<Vec<Leaf>, LogError> {
        let mut commitments = entries.to_vec();
        while (commitments.len() as u64) < LEAVES_PER_EPOCH {
            commitments.push(Commitment::pad()?);
        }
        // Commitments are indistinguishable from random bytes: their own order is a random order.
        commitments.sort();
        let leaves = commitments
            .into_iter()
            .map(|commitment| Leaf { epoch, commitment });
        Ok(leaves.collect())
    }

    /// Writes bundles and tiles, full and partial, and syncs each, then their folders.
    fn write(&mut self, leaves: &[Leaf]) -> Result<(), LogError> {
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        for leaf in leaves {
            let entry = leaf.encode();
            self.open_bundle.push(entry.to_vec());
            self.frontier
                .push(leaf_hash(&entry), |id, bytes| files.push((id.to_string(), bytes)));
            if self.open_bundle.len() as u64 == TILE_WIDTH {
                let index = (self.frontier.size() - 1) / TILE_WIDTH;
                let full = std::mem::take(&mut self.open_bundle);
                let id = TileId {
                    kind: Kind::Entries,
                    index,
                    width: TILE_WIDTH as u16,
                };
                files.push((id.to_string(), bundle::encode(&full)?));
            }
        }
        if let Some(id) = TileId::last(Kind::Entries, self.frontier.size()).filter(|id| !id.is_full()) {
            files.push((id.to_string(), bundle::encode(&self.open_bundle)?));
        }
        let partial = self.frontier.partial();
        files.extend(partial.map(|(id, bytes)| (id.to_string(), bytes)));
        self.disk.write_all(&files, Access::Public)?;
        Ok(())
    }

    /// Signs a text whose tiles are on the disk and which stands in `pending`, publishes it and tidies up.
    pub(super) fn publish_text(&mut self, text: &Checkpoint) -> Result<(), LogError> {
        let newer = self
            .published
            .as_ref()
            .is_none_or(|old| old.checkpoint.size < text.size);
        if newer {
            let mut note = crate::note::Note::new(&text.to_string())?;
            self.keys.sign(&mut note);
            self.put_checkpoint(SignedCheckpoint::from_note(note)?)?;
        }
        self.disk.remove(PENDING)?;
        self.remove_old_partials()
    }

    /// A partial tile is in nobody's way while the full one is new; those of the tile before that go.
    fn remove_old_partials(&self) -> Result<(), LogError> {
        for kind in [Kind::Entries, Kind::Hashes(0), Kind::Hashes(1), Kind::Hashes(2)] {
            let Some(last) = TileId::last(kind, self.size()) else {
                continue;
            };
            if let Some(index) = last.index.checked_sub(2) {
                let full = TileId { index, ..last }.full();
                self.disk.remove_folder(&format!("{full}.p"))?;
            }
        }
        Ok(())
    }
}
