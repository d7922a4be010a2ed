//! The right edge of a growing tree: all that is needed to go on building it, and to write its tiles.

use crate::merkle::{Hash, empty_root, full_subtree, node_hash};
use crate::tile::{self, Kind, TILE_WIDTH, TileId};

/// The hashes of the rightmost tile of each level that is not full. Takes some kilobytes whatever the tree's size.
#[derive(Clone, Default, Debug, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    levels: Vec<Vec<Hash>>,
}

impl Frontier {
    /// The frontier of a tree of `size` leaves, from its rightmost tiles: `read` gives the hashes of a partial tile.
    pub fn load<E>(size: u64, mut read: impl FnMut(TileId) -> Result<Vec<Hash>, E>) -> Result<Self, E> {
        let mut levels = Vec::new();
        for level in 0..8 {
            match TileId::last(Kind::Hashes(level), size) {
                None => break,
                Some(last) if last.is_full() => levels.push(Vec::new()),
                Some(last) => levels.push(read(last)?),
            }
        }
        Ok(Self { size, levels })
    }

    /// Leaves in the tree.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf by its hash. Each tile that became full is given to `full` with its bytes, from the bottom up.
    pub fn push(&mut self, leaf: Hash, mut full: impl FnMut(TileId, Vec<u8>)) {
        self.size += 1;
        let mut hash = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            self.levels[level].push(hash);
            if (self.levels[level].len() as u64) < TILE_WIDTH {
                return;
            }
            let hashes = std::mem::take(&mut self.levels[level]);
            let kind = Kind::Hashes(level as u8);
            if let Some(id) = TileId::last(kind, self.size) {
                full(id, tile::encode(&hashes));
            }
            hash = full_subtree(hashes);
        }
    }

    /// The partial tiles of the tree with their bytes, from the bottom up.
    pub fn partial(&self) -> impl Iterator<Item = (TileId, Vec<u8>)> {
        let tiles = self
            .levels
            .iter()
            .enumerate()
            .filter(|(_, hashes)| !hashes.is_empty());
        tiles.filter_map(|(level, hashes)| {
            let id = TileId::last(Kind::Hashes(level as u8), self.size)?;
            Some((id, tile::encode(hashes)))
        })
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        let mut root: Option<Hash> = None;
        for hashes in &self.levels {
            // The tile's hashes stand for full subtrees, the largest first: fold them from the right.
            let mut rest = hashes.as_slice();
            while !rest.is_empty() {
                let width = 1 << rest.len().trailing_zeros();
                let (before, subtree) = rest.split_at(rest.len() - width);
                let subtree = full_subtree(subtree.to_vec());
                root = Some(root.map_or(subtree, |right| node_hash(&subtree, &right)));
                rest = before;
            }
        }
        root.unwrap_or_else(empty_root)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::merkle::naive;

    #[test]
    fn roots_agree_with_the_words_of_the_rfc() {
        let leaves = naive::leaves(1030);
        let mut frontier = Frontier::default();
        assert_eq!(frontier.root(), empty_root());
        for (at, leaf) in leaves.iter().enumerate() {
            frontier.push(*leaf, |_, _| ());
            let size = at + 1;
            if size < 70 || size % 256 < 3 || size % 101 == 0 {
                assert_eq!(frontier.root(), naive::root(&leaves[..size]), "{size}");
            }
        }
    }

    #[test]
    fn the_tiles_are_those_that_the_tree_has_and_bring_the_frontier_back() {
        let mut frontier = Frontier::default();
        let mut tiles = BTreeMap::new();
        for leaf in naive::leaves(65_536 + 300) {
            frontier.push(leaf, |id, bytes| {
                tiles.insert(id, bytes);
            });
        }
        tiles.extend(frontier.partial());
        let expected: Vec<TileId> = TileId::all(frontier.size())
            .filter(|id| id.kind != Kind::Entries)
            .collect();
        let mut written: Vec<TileId> = tiles.keys().copied().collect();
        written.sort();
        assert_eq!(written, expected);
        let loaded = Frontier::load(frontier.size(), |id| {
            tile::decode(&tiles[&id], id.width).ok_or(id)
        });
        assert_eq!(loaded, Ok(frontier));
    }
}
