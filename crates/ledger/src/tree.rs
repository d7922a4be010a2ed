//! Roots and proofs out of tiles, wherever those lie: a folder, memory, another server.

use std::collections::BTreeMap;

use crate::merkle::{Hash, empty_root, full_subtree, node_hash, split};
use crate::tile::{self, Kind, TILE_HEIGHT, TileId};

/// Why no proof came out of the tiles.
#[derive(Debug, thiserror::Error)]
pub enum TreeError<E> {
    /// The tile could not be read.
    #[error("{0} could not be read: {1}")]
    Read(TileId, E),
    /// The tile has another length than it must have.
    #[error("{0} has the wrong length")]
    Length(TileId),
    /// No such leaf, or no such older tree.
    #[error("{0} lies beyond the {1} leaves of the tree")]
    Beyond(u64, u64),
}

/// A tree of a known size whose tiles are read when they are needed, each once.
///
/// What comes out is only as good as the tiles: check it against a signed root.
pub struct TileTree<R> {
    size: u64,
    read: R,
    tiles: BTreeMap<(u8, u64), Vec<Hash>>,
}

impl<E, R: FnMut(TileId) -> Result<Vec<u8>, E>> TileTree<R> {
    /// A tree of `size` leaves. `read` gives the bytes of a tile of hashes; in place of a partial tile it may give a
    /// longer one.
    pub const fn new(size: u64, read: R) -> Self {
        Self {
            size,
            read,
            tiles: BTreeMap::new(),
        }
    }

    /// The root.
    pub fn root(&mut self) -> Result<Hash, TreeError<E>> {
        self.range(0, self.size)
    }

    /// The root of the tree when it had `size` leaves.
    pub fn root_at(&mut self, size: u64) -> Result<Hash, TreeError<E>> {
        if size > self.size {
            return Err(TreeError::Beyond(size, self.size));
        }
        self.range(0, size)
    }

    /// The hash of a leaf.
    pub fn leaf(&mut self, index: u64) -> Result<Hash, TreeError<E>> {
        if index >= self.size {
            return Err(TreeError::Beyond(index, self.size));
        }
        self.subtree(0, index)
    }

    /// The proof of RFC 6962 § 2.1.1 that the leaf at `index` is in the tree: from its sibling up.
    pub fn inclusion(&mut self, index: u64) -> Result<Vec<Hash>, TreeError<E>> {
        if index >= self.size {
            return Err(TreeError::Beyond(index, self.size));
        }
        let (mut from, mut to) = (0, self.size);
        let mut proof = Vec::new();
        while to - from > 1 {
            let middle = from + split(to - from);
            if index < middle {
                proof.push(self.range(middle, to)?);
                to = middle;
            } else {
                proof.push(self.range(from, middle)?);
                from = middle;
            }
        }
        proof.reverse();
        Ok(proof)
    }

    /// The proof of RFC 6962 § 2.1.2 that the tree of `old` leaves is the beginning of this one.
    pub fn consistency(&mut self, old: u64) -> Result<Vec<Hash>, TreeError<E>> {
        if old > self.size {
            return Err(TreeError::Beyond(old, self.size));
        }
        if old == 0 || old == self.size {
            return Ok(Vec::new());
        }
        let (mut from, mut to) = (0, self.size);
        let mut proof = Vec::new();
        while old != to {
            let middle = from + split(to - from);
            if old <= middle {
                proof.push(self.range(middle, to)?);
                to = middle;
            } else {
                proof.push(self.range(from, middle)?);
                from = middle;
            }
        }
        // The old tree itself is left out where it is a node of the new one.
        if from > 0 {
            proof.push(self.range(from, to)?);
        }
        proof.reverse();
        Ok(proof)
    }

    /// The hash over leaves `from..to`, where `from` is a multiple of the largest power of two within the length.
    fn range(&mut self, from: u64, to: u64) -> Result<Hash, TreeError<E>> {
        let mut subtrees = Vec::new();
        let mut at = from;
        while at < to {
            let height = (to - at).ilog2();
            subtrees.push(self.subtree(height, at >> height)?);
            at += 1 << height;
        }
        let root = subtrees
            .into_iter()
            .rev()
            .reduce(|right, left| node_hash(&left, &right));
        Ok(root.unwrap_or_else(empty_root))
    }

    /// The hash of the full subtree of 2^height leaves that is the `index`th of its height.
    fn subtree(&mut self, height: u32, index: u64) -> Result<Hash, TreeError<E>> {
        let (level, above) = ((height / TILE_HEIGHT) as u8, height % TILE_HEIGHT);
        let first = index << above;
        let hashes = self.tile(level, first / tile::TILE_WIDTH)?;
        let within = (first % tile::TILE_WIDTH) as usize;
        Ok(full_subtree(hashes[within..within + (1 << above)].to_vec()))
    }

    fn tile(&mut self, level: u8, index: u64) -> Result<&[Hash], TreeError<E>> {
        let id =
            TileId::at(Kind::Hashes(level), index, self.size).ok_or(TreeError::Beyond(index, self.size))?;
        if !self.tiles.contains_key(&(level, index)) {
            let bytes = (self.read)(id).map_err(|error| TreeError::Read(id, error))?;
            let hashes = tile::decode(&bytes, id.width).ok_or(TreeError::Length(id))?;
            self.tiles.insert((level, index), hashes);
        }
        Ok(&self.tiles[&(level, index)])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::frontier::Frontier;
    use crate::merkle::{consistency_holds, inclusion_holds, naive};

    fn tiles(leaves: &[Hash]) -> BTreeMap<TileId, Vec<u8>> {
        let mut frontier = Frontier::default();
        let mut tiles = BTreeMap::new();
        for leaf in leaves {
            frontier.push(*leaf, |id, bytes| {
                tiles.insert(id, bytes);
            });
        }
        tiles.extend(frontier.partial());
        tiles
    }

    fn check(leaves: &[Hash], index: usize, old: usize) {
        let tiles = tiles(leaves);
        let size = leaves.len() as u64;
        let mut tree = TileTree::new(size, |id| tiles.get(&id).cloned().ok_or(()));
        assert_eq!(tree.root().expect("tiles"), naive::root(leaves));
        assert_eq!(
            tree.inclusion(index as u64).expect("tiles"),
            naive::inclusion(index, leaves)
        );
        assert_eq!(
            tree.consistency(old as u64).expect("tiles"),
            naive::consistency(old, leaves)
        );
        assert_eq!(
            tree.root_at(old as u64).expect("tiles"),
            naive::root(&leaves[..old])
        );
        assert_eq!(tree.leaf(index as u64).expect("tiles"), leaves[index]);
    }

    #[test]
    fn proofs_agree_with_the_words_of_the_rfc_around_the_edges_of_tiles() {
        let leaves = naive::leaves(65_536 + 257);
        for size in [
            1_usize, 2, 3, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 65_793,
        ] {
            for old in [0, 1, size / 2, size.saturating_sub(1), size] {
                check(&leaves[..size], old.min(size - 1), old);
            }
        }
    }

    #[test]
    fn a_missing_short_or_odd_tile_is_an_error() {
        let tiles = tiles(&naive::leaves(300));
        let missing = TileTree::new(300, |_| Err::<Vec<u8>, &str>("gone")).root();
        assert!(matches!(missing, Err(TreeError::Read(..))));
        for cut in [1, 32, 31] {
            let read = |id| Ok::<_, ()>(tiles[&id][cut..].to_vec());
            assert!(matches!(
                TileTree::new(300, read).root(),
                Err(TreeError::Length(_))
            ));
        }
        let read = |id| Ok::<_, ()>(tiles[&id].clone());
        assert!(matches!(
            TileTree::new(300, read).inclusion(300),
            Err(TreeError::Beyond(300, 300))
        ));
        assert!(matches!(
            TileTree::new(300, read).consistency(301),
            Err(TreeError::Beyond(..))
        ));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn proofs_out_of_tiles_hold(size in 1_usize..1200, index in any::<prop::sample::Index>(), old in any::<prop::sample::Index>()) {
            let leaves = naive::leaves(size);
            let (index, old) = (index.index(size), old.index(size + 1));
            check(&leaves, index, old);
            let tiles = tiles(&leaves);
            let mut tree = TileTree::new(size as u64, |id| tiles.get(&id).cloned().ok_or(()));
            let root = tree.root().expect("tiles");
            let old_root = tree.root_at(old as u64).expect("tiles");
            let inclusion = tree.inclusion(index as u64).expect("tiles");
            prop_assert!(inclusion_holds(index as u64, leaves[index], size as u64, root, &inclusion));
            let consistency = tree.consistency(old as u64).expect("tiles");
            prop_assert!(consistency_holds(old as u64, old_root, size as u64, root, &consistency));
        }
    }
}
