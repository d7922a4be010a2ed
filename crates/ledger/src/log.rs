//! A log in a folder: appended an epoch at a time, signed only when it is on the disk, and never in two ways.
//!
//! | file | what |
//! |---|---|
//! | `checkpoint` | the newest published checkpoint |
//! | `checkpoints/DAY` | the last checkpoint of each day (days since 1970) |
//! | `tile/…` | tiles and entry bundles |
//! | `openings/…` | what opens entries, a file for each 256 leaves (see [`crate::leaf::Opening`]) |
//! | `policy` | the log's keys and witnesses as a tlog-policy |
//! | `pending` | a checkpoint's text that may have been signed and is not published yet |
//!
//! **The order of writes.** Tiles and bundles are synced first; then `pending` with the text that is going to be signed;
//! only then the key signs; `checkpoint` last. Whatever ends the process in between, the next start finds either no
//! `pending`, so that nothing was signed and the tiles beyond the checkpoint count for nothing, or a `pending` whose tiles
//! are all there, and signs exactly that text again.
//!
//! **After a restore or a move** a folder may be older than what was signed. A log that has witnesses signs nothing
//! before [`Log::compare`] heard how far they are; without witnesses nobody can know, and it says so.
//!
//! Everything here waits for the disk: call it on a blocking thread.

mod append;
pub mod copy;
mod keys;
mod publish;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

pub use append::Placed;
pub use keys::{KeyFolder, KeyRing};
pub use publish::opening_path;

use crate::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::disk::{Disk, Step};
use crate::frontier::Frontier;
use crate::key::KeyError;
use crate::leaf::{LEAVES_PER_EPOCH, Leaf, LeafError, RateCheck, RateError};
use crate::merkle::{Hash, leaf_hash};
use crate::note::NoteError;
use crate::tile::{self, Kind, TILE_WIDTH, TileId};
use crate::tree::{TileTree, TreeError};
use crate::{bundle, bundle::BundleError};

const CHECKPOINT: &str = "checkpoint";
const PENDING: &str = "pending";

/// Why a log did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The disk or its file system.
    #[error("the log's folder: {0}")]
    Io(#[from] io::Error),
    /// A file that must be there is not, or was changed.
    #[error(
        "the log is damaged: {0}; bring its folder back from a copy, and never start it anew under this name"
    )]
    Damaged(String),
    /// A key file is none.
    #[error("a key of the log can't be used: {0}")]
    Key(#[from] KeyError),
    /// The log has begun, and its key is not there.
    #[error(
        "the log has begun, and its key is not here: bring back the folder of keys from your copy; no other key goes on with it"
    )]
    KeyMissing,
    /// A witness cosigned more than is here, or the database knows of more.
    #[error(
        "this log had {theirs} leaves before, and here are {ours}: this is an old copy. Bring back the newest one; nothing was signed"
    )]
    Behind {
        /// What it had.
        theirs: u64,
        /// What is here.
        ours: u64,
    },
    /// A witness cosigned another tree of the same length.
    #[error(
        "a witness has cosigned another log of this name with {0} leaves: two copies have been signing. Nothing was signed"
    )]
    Forked(u64),
    /// Nobody has asked the witnesses yet.
    #[error("nothing is signed before the log's witnesses were asked how far they are")]
    NotCompared,
    /// The epoch is one that the log has, or lies before.
    #[error("epoch {0} is in the log already")]
    OldEpoch(u64),
    /// More entries than an epoch has leaves.
    #[error("an epoch has {LEAVES_PER_EPOCH} leaves, not {0}")]
    TooMany(usize),
    /// A promise would be too late, or an index lies beyond.
    #[error("the log has no leaf {0}")]
    NoLeaf(u64),
    /// The system has no randomness for pads.
    #[error("the system gives no randomness")]
    Randomness,
}

impl From<getrandom::Error> for LogError {
    fn from(_: getrandom::Error) -> Self {
        Self::Randomness
    }
}

impl From<BundleError> for LogError {
    fn from(error: BundleError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<LeafError> for LogError {
    fn from(error: LeafError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<RateError> for LogError {
    fn from(error: RateError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<NoteError> for LogError {
    fn from(error: NoteError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<TreeError<io::Error>> for LogError {
    fn from(error: TreeError<io::Error>) -> Self {
        match error {
            TreeError::Read(_, error) if error.kind() != io::ErrorKind::NotFound => Self::Io(error),
            TreeError::Beyond(index, _) => Self::NoLeaf(index),
            other => Self::Damaged(other.to_string()),
        }
    }
}

/// How a witness answered the question for its newest checkpoint.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seen {
    /// It has cosigned a tree of this size.
    Size(u64),
    /// It has cosigned another root for our own size.
    OtherRoot,
    /// It knows the log and has exactly our tree, or never cosigned anything.
    Agrees,
}

/// What comparing with the witnesses showed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Compared {
    /// This many witnesses answered, and none is ahead.
    With(usize),
    /// There is no witness, or none answered: nobody can know whether this copy is the newest.
    CannotKnow,
}

/// A log that this process, and no other, appends to.
pub struct Log {
    disk: Disk,
    keys: KeyRing,
    origin: String,
    frontier: Frontier,
    /// The last bundle's entries, when it is not full.
    open_bundle: Vec<Vec<u8>>,
    /// Epoch of the first leaf.
    first_epoch: Option<u64>,
    /// Signed and published, with what cosignatures there are.
    published: Option<SignedCheckpoint>,
    compared: Option<Compared>,
    /// Something failed halfway: what is in memory may not be what is on the disk.
    broken: bool,
}

impl Log {
    /// Opens the log in `folder`, or begins it where there is nothing, and checks the whole of its tree.
    ///
    /// # Errors
    /// [`LogError::Damaged`] when a tile, a bundle or a checkpoint is missing or does not fit the others.
    pub fn open(folder: &Path, keys: KeyRing) -> Result<Self, LogError> {
        Self::open_with(folder, keys, Arc::new(|_| Ok(())))
    }

    /// As [`Log::open`]; `step` is asked before each step that changes the disk, so that a test can end it there.
    pub fn open_with(folder: &Path, keys: KeyRing, step: Step) -> Result<Self, LogError> {
        let (mut log, pending) = Self::read(folder, keys, step)?;
        if let Some(pending) = pending {
            // It may have been signed and shown to a witness: the same text again, or nothing.
            log.publish_text(&pending)?;
        }
        Ok(log)
    }

    /// Reads and checks everything; the second is a checkpoint that may have been signed and is not published.
    fn read(folder: &Path, keys: KeyRing, step: Step) -> Result<(Self, Option<Checkpoint>), LogError> {
        let disk = Disk::open(folder, step)?;
        let origin = keys.origin().to_owned();
        let published = disk.read(CHECKPOINT)?;
        let published = published
            .map(|bytes| SignedCheckpoint::parse(&bytes))
            .transpose()?;
        let pending = disk.read(PENDING)?.map(|bytes| {
            let text =
                String::from_utf8(bytes).map_err(|_| LogError::Damaged("pending is not text".into()))?;
            Checkpoint::parse(&text).map_err(LogError::from)
        });
        let pending = pending.transpose()?;
        if let Some(signed) = &published {
            signed.signed_by(keys.ever())?;
        }
        let newest = newest(
            published.as_ref().map(|signed| &signed.checkpoint),
            pending.as_ref(),
        )?;
        let size = newest.map_or(0, |newest| newest.size);
        if newest.is_some_and(|newest| newest.origin != origin) {
            return Err(LogError::Damaged(format!(
                "its checkpoint is of another log than {origin}"
            )));
        }
        let loaded = load(&disk, size, published.as_ref().map(|signed| &signed.checkpoint))?;
        if newest.is_some_and(|newest| newest.root != loaded.frontier.root()) {
            return Err(LogError::Damaged(
                "the tiles do not have the root that the checkpoint signs".into(),
            ));
        }
        let log = Self {
            disk,
            keys,
            origin,
            frontier: loaded.frontier,
            open_bundle: loaded.open_bundle,
            first_epoch: loaded.first_epoch,
            published,
            compared: None,
            broken: false,
        };
        Ok((log, pending))
    }

    /// Opens the log to look at it, beside a process that may be appending: checks all of it and writes nothing.
    pub fn look(folder: &Path, keys: KeyRing) -> Result<Self, LogError> {
        let (mut log, _) = Self::read(folder, keys, Arc::new(|_| Ok(())))?;
        // What is only looked at is not appended to.
        log.broken = true;
        Ok(log)
    }

    /// The name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Leaves that are signed.
    pub const fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The root over them.
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// The keys that sign, and those that did.
    pub const fn keys(&self) -> &KeyRing {
        &self.keys
    }

    /// The newest checkpoint; nothing before the first epoch.
    pub const fn checkpoint(&self) -> Option<&SignedCheckpoint> {
        self.published.as_ref()
    }

    /// The next epoch that has no leaves yet; nothing before the first.
    pub fn next_epoch(&self) -> Option<u64> {
        self.first_epoch
            .map(|first| first + self.size() / LEAVES_PER_EPOCH)
    }

    /// What comparing with the witnesses showed, if that happened.
    pub const fn compared(&self) -> Option<Compared> {
        self.compared
    }

    /// Takes note of how far the witnesses are. Where `has_witnesses`, at least one must have answered before the log
    /// signs. An empty folder needs no comparing only when no witness has seen more than nothing.
    ///
    /// # Errors
    /// [`LogError::Behind`] or [`LogError::Forked`], and the log signs nothing.
    pub fn compare(&mut self, has_witnesses: bool, seen: &[Seen]) -> Result<Compared, LogError> {
        self.compared = None;
        for seen in seen {
            match *seen {
                Seen::Size(theirs) if theirs > self.size() => {
                    return Err(LogError::Behind {
                        theirs,
                        ours: self.size(),
                    });
                }
                Seen::OtherRoot => return Err(LogError::Forked(self.size())),
                Seen::Size(_) | Seen::Agrees => (),
            }
        }
        if has_witnesses && seen.is_empty() {
            return Err(LogError::NotCompared);
        }
        let compared = if seen.is_empty() {
            Compared::CannotKnow
        } else {
            Compared::With(seen.len())
        };
        self.compared = Some(compared);
        Ok(compared)
    }

    /// A leaf of the log.
    pub fn leaf(&self, index: u64) -> Result<Leaf, LogError> {
        let leaves = self.leaves(index, index.saturating_add(1))?;
        leaves.first().copied().ok_or(LogError::NoLeaf(index))
    }

    /// The leaves from `from` up to, not with, `to`.
    pub fn leaves(&self, from: u64, to: u64) -> Result<Vec<Leaf>, LogError> {
        if to > self.size() {
            return Err(LogError::NoLeaf(to - 1));
        }
        let mut leaves = Vec::new();
        let mut at = from;
        while at < to {
            let bundle = at / TILE_WIDTH;
            let id = TileId::at(Kind::Entries, bundle, self.size()).ok_or(LogError::NoLeaf(at))?;
            let bytes = read_tile(&self.disk, id)?;
            let end = to.min((bundle + 1) * TILE_WIDTH);
            let entries = bundle::decode_first(&bytes, id.width)?;
            for entry in &entries[(at % TILE_WIDTH) as usize..(end - bundle * TILE_WIDTH) as usize] {
                leaves.push(Leaf::decode(entry)?);
            }
            at = end;
        }
        Ok(leaves)
    }

    /// The proof that a leaf is in the newest checkpoint's tree.
    pub fn inclusion(&self, index: u64) -> Result<Vec<Hash>, LogError> {
        Ok(self.tree().inclusion(index)?)
    }

    /// The proof that the tree of `old` leaves is the beginning of the newest.
    pub fn consistency(&self, old: u64) -> Result<Vec<Hash>, LogError> {
        Ok(self.tree().consistency(old)?)
    }

    fn tree(&self) -> TileTree<impl FnMut(TileId) -> io::Result<Vec<u8>>> {
        let disk = self.disk.clone();
        TileTree::new(self.size(), move |id| read_tile(&disk, id))
    }
}

/// Which of two checkpoints is newer; they must not contradict each other.
fn newest<'c>(
    published: Option<&'c Checkpoint>,
    pending: Option<&'c Checkpoint>,
) -> Result<Option<&'c Checkpoint>, LogError> {
    match (published, pending) {
        (Some(published), Some(pending)) if pending.size == published.size && pending != published => Err(
            LogError::Damaged("pending and checkpoint say two things of one size".into()),
        ),
        (Some(published), Some(pending)) if pending.size < published.size => Ok(Some(published)),
        (published, pending) => Ok(pending.or(published)),
    }
}

/// A tile, or the full one in the place of a partial one.
fn read_tile(disk: &Disk, id: TileId) -> io::Result<Vec<u8>> {
    let bytes = match disk.read(&id.to_string())? {
        None => disk.read(&id.full().to_string())?,
        some => some,
    };
    bytes.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, format!("{id} is missing")))
}

struct Loaded {
    frontier: Frontier,
    open_bundle: Vec<Vec<u8>>,
    first_epoch: Option<u64>,
}

/// Builds the tree again from the entries, and holds every tile and the published root against it.
fn load(disk: &Disk, size: u64, published: Option<&Checkpoint>) -> Result<Loaded, LogError> {
    let missing = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => LogError::Damaged(error.to_string()),
        _ => LogError::Io(error),
    };
    let mut frontier = Frontier::default();
    let mut full = BTreeMap::new();
    let mut rate = RateCheck::default();
    let (mut open_bundle, mut first_epoch) = (Vec::new(), None);
    for index in 0..size.div_ceil(TILE_WIDTH) {
        let id = TileId::at(Kind::Entries, index, size).ok_or(LogError::NoLeaf(index * TILE_WIDTH))?;
        let bytes = read_tile(disk, id).map_err(missing)?;
        for entry in bundle::decode_first(&bytes, id.width)? {
            let leaf = Leaf::decode(entry)?;
            rate.push(leaf.epoch)?;
            first_epoch = first_epoch.or(Some(leaf.epoch));
            frontier.push(leaf_hash(entry), |id, bytes| {
                full.insert(id, bytes);
            });
            if !id.is_full() {
                open_bundle.push(entry.to_vec());
            }
            if published.is_some_and(|old| old.size == frontier.size() && old.root != frontier.root()) {
                return Err(LogError::Damaged(
                    "the entries are not those that the checkpoint signs".into(),
                ));
            }
        }
        for (id, wanted) in std::mem::take(&mut full) {
            compare_tile(disk, id, &wanted)?;
        }
    }
    rate.finish()?;
    for (id, wanted) in frontier.partial() {
        compare_tile(disk, id, &wanted)?;
    }
    Ok(Loaded {
        frontier,
        open_bundle,
        first_epoch,
    })
}

fn compare_tile(disk: &Disk, id: TileId, wanted: &[u8]) -> Result<(), LogError> {
    let found = read_tile(disk, id).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => LogError::Damaged(error.to_string()),
        _ => LogError::Io(error),
    })?;
    let found = tile::decode(&found, id.width).map(|hashes| tile::encode(&hashes));
    if found.as_deref() == Some(wanted) {
        Ok(())
    } else {
        Err(LogError::Damaged(format!("{id} does not fit the entries")))
    }
}

#[cfg(test)]
mod tests;
