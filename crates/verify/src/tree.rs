//! The whole tree again, from its entries: the root, every tile, the rate at which it grew, and every earlier checkpoint.

use std::collections::{BTreeMap, BTreeSet};

use bauta_ledger::bundle;
use bauta_ledger::frontier::Frontier;
use bauta_ledger::leaf::{Commitment, LEAVES_PER_EPOCH, RateCheck};
use bauta_ledger::merkle::leaf_hash;
use bauta_ledger::tile::{Kind, TILE_WIDTH, TileId};
use bauta_ledger::{Checkpoint, Hash, Leaf, Policy, SignedCheckpoint};

use crate::{Failure, Progress, Read, get, judged};

/// Hours of a day: the log keeps one checkpoint of each day.
const HOURS: u64 = 24;

/// What is looked for on the way.
pub struct Wanted {
    /// Leaves by their index.
    pub leaves: BTreeSet<u64>,
    /// Entries by what they commit to.
    pub commitments: BTreeSet<Commitment>,
}

/// What came out of the walk.
pub struct Grown {
    /// Where the commitments that were asked for lie, those that are there.
    pub found: BTreeMap<Commitment, u64>,
    /// The epoch of the last leaf.
    pub last_epoch: Option<u64>,
    /// The leaves that were asked for.
    pub leaves: BTreeMap<u64, Leaf>,
    /// How many earlier checkpoints are beginnings of the tree.
    pub earlier: usize,
}

/// Reads every entry, and compares.
pub fn walk(
    read: &mut Read<'_>,
    signed: &SignedCheckpoint,
    previous: &[SignedCheckpoint],
    policy: &Policy,
    wanted: &Wanted,
    progress: &mut Progress<'_>,
) -> Result<Grown, Failure> {
    let size = signed.checkpoint.size;
    let mut earlier: Vec<SignedCheckpoint> = previous.to_vec();
    earlier.extend(kept(read, size, policy)?);
    let mut walk = Walk {
        signed,
        frontier: Frontier::default(),
        rate: RateCheck::default(),
        asked: earlier.iter().map(|one| one.checkpoint.size).collect(),
        roots: BTreeMap::new(),
        wanted,
        leaves: BTreeMap::new(),
        found: BTreeMap::new(),
        last_epoch: None,
        trouble: None,
    };
    for index in 0..size.div_ceil(TILE_WIDTH) {
        walk.bundle(read, index)?;
        progress(walk.frontier.size(), size);
    }
    let root = walk.frontier.root();
    walk.roots.insert(size, root);
    if root != signed.checkpoint.root {
        return Err(walk.inconsistent("the entries do not have the root that is signed", root));
    }
    walk.partial_tiles(read)?;
    // A tree that is signed as it is, and yet no log of ours: last, since a changed bit shows in the root first.
    if let Some(trouble) = walk.trouble.take() {
        return Err(walk.inconsistent(&trouble, root));
    }
    if let Err(error) = walk.rate.finish() {
        return Err(walk.inconsistent(&error.to_string(), root));
    }
    for one in &earlier {
        walk.grew_from(one)?;
    }
    Ok(Grown {
        found: walk.found,
        last_epoch: walk.last_epoch,
        leaves: walk.leaves,
        earlier: earlier.len(),
    })
}

/// The checkpoints that lie with the log, one of each day on which it grew.
fn kept(read: &mut Read<'_>, size: u64, policy: &Policy) -> Result<Vec<SignedCheckpoint>, Failure> {
    let Some(first) = TileId::at(Kind::Entries, 0, size) else {
        return Ok(Vec::new());
    };
    let bytes = tile(read, first)?.map_or_else(Vec::new, |(bytes, _)| bytes);
    let entries = bundle::decode_first(&bytes, 1).unwrap_or_default();
    let Some(Ok(leaf)) = entries.first().map(|entry| Leaf::decode(entry)) else {
        return Ok(Vec::new());
    };
    let last = leaf.epoch.saturating_add(size.div_ceil(LEAVES_PER_EPOCH));
    let mut kept = Vec::new();
    for day in leaf.epoch / HOURS..=last / HOURS {
        let path = format!("log/checkpoints/{day}");
        if let Some(bytes) = get(read, &path)? {
            kept.push(judged(&bytes, policy, &path)?);
        }
    }
    Ok(kept)
}

struct Walk<'a> {
    signed: &'a SignedCheckpoint,
    frontier: Frontier,
    rate: RateCheck,
    /// Sizes of earlier trees.
    asked: BTreeSet<u64>,
    roots: BTreeMap<u64, Hash>,
    wanted: &'a Wanted,
    leaves: BTreeMap<u64, Leaf>,
    found: BTreeMap<Commitment, u64>,
    last_epoch: Option<u64>,
    /// The first leaf that is none of ours, or is out of its time.
    trouble: Option<String>,
}

impl Walk<'_> {
    fn bundle(&mut self, read: &mut Read<'_>, index: u64) -> Result<(), Failure> {
        let size = self.signed.checkpoint.size;
        let Some(id) = TileId::at(Kind::Entries, index, size) else {
            return Ok(());
        };
        let (bytes, is_exact) = tile(read, id)?.ok_or_else(|| self.missing(id))?;
        let decoded = if is_exact {
            bundle::decode(&bytes, id.width)
        } else {
            bundle::decode_first(&bytes, id.width)
        };
        let entries = decoded.map_err(|error| self.wrong(&format!("log/{id}: {error}")))?;
        let mut tiles = Vec::new();
        for entry in entries {
            self.leaf(entry, &mut tiles);
        }
        tiles.iter().try_for_each(|(id, made)| self.same(read, *id, made))
    }

    fn leaf(&mut self, entry: &[u8], tiles: &mut Vec<(TileId, Vec<u8>)>) {
        let index = self.frontier.size();
        if self.asked.contains(&index) {
            self.roots.insert(index, self.frontier.root());
        }
        match Leaf::decode(entry) {
            Ok(leaf) => {
                if let Err(error) = self.rate.push(leaf.epoch) {
                    self.trouble.get_or_insert(error.to_string());
                }
                self.last_epoch = Some(leaf.epoch);
                if self.wanted.leaves.contains(&index) {
                    self.leaves.insert(index, leaf);
                }
                if self.wanted.commitments.contains(&leaf.commitment) {
                    self.found.entry(leaf.commitment).or_insert(index);
                }
            }
            Err(error) => {
                self.trouble.get_or_insert(format!("leaf {index}: {error}"));
            }
        }
        self.frontier
            .push(leaf_hash(entry), |id, bytes| tiles.push((id, bytes)));
    }

    fn partial_tiles(&self, read: &mut Read<'_>) -> Result<(), Failure> {
        self.frontier
            .partial()
            .try_for_each(|(id, made)| self.same(read, id, &made))
    }

    /// Whether the tile that is there is the one that the entries make.
    fn same(&self, read: &mut Read<'_>, id: TileId, made: &[u8]) -> Result<(), Failure> {
        let (bytes, is_exact) = tile(read, id)?.ok_or_else(|| self.missing(id))?;
        let is_same = if is_exact {
            bytes == made
        } else {
            bytes.starts_with(made)
        };
        if is_same {
            Ok(())
        } else {
            Err(self.wrong(&format!("log/{id} is not what the entries come to")))
        }
    }

    fn grew_from(&self, earlier: &SignedCheckpoint) -> Result<(), Failure> {
        let (old, now) = (&earlier.checkpoint, &self.signed.checkpoint);
        let why = if old.origin != now.origin {
            "an earlier checkpoint is of another log"
        } else if old.size > now.size {
            "an earlier checkpoint has more leaves than the log has now"
        } else if self.roots.get(&old.size) == Some(&old.root) {
            return Ok(());
        } else {
            "the log does not begin with what an earlier checkpoint signed"
        };
        Err(Failure::Inconsistent {
            why: why.to_owned(),
            now: self.signed.note.to_text(),
            of: "signed earlier",
            other: earlier.note.to_text(),
        })
    }

    fn missing(&self, id: TileId) -> Failure {
        self.wrong(&format!("log/{id} is not there"))
    }

    fn wrong(&self, why: &str) -> Failure {
        self.inconsistent(why, self.frontier.root())
    }

    fn inconsistent(&self, why: &str, root: Hash) -> Failure {
        let now = &self.signed.checkpoint;
        Failure::Inconsistent {
            why: why.to_owned(),
            now: self.signed.note.to_text(),
            of: "what the entries read so far come to",
            other: Checkpoint::new(&now.origin, self.frontier.size(), root).to_string(),
        }
    }
}

/// A tile's bytes, and whether they are of just this width: the full tile may lie in the place of a partial one.
fn tile(read: &mut Read<'_>, id: TileId) -> Result<Option<(Vec<u8>, bool)>, Failure> {
    if let Some(bytes) = get(read, &format!("log/{id}"))? {
        return Ok(Some((bytes, true)));
    }
    if id.is_full() {
        return Ok(None);
    }
    let full = TileId {
        width: TILE_WIDTH as u16,
        ..id
    };
    Ok(get(read, &format!("log/{full}"))?.map(|bytes| (bytes, false)))
}
