//! Tiles: the names of the files that a log is made of (tlog-tiles).

use std::fmt;

use crate::merkle::HASH_BYTES;
use crate::merkle::Hash;

/// Hashes in a full tile, and entries in a full bundle.
pub const TILE_WIDTH: u64 = 256;

/// A tile spans this many levels of the tree.
pub(crate) const TILE_HEIGHT: u32 = 8;

/// The highest level that a path may name. A tree of 2^63 - 1 leaves reaches level 7.
const HIGHEST_LEVEL: u8 = 63;

/// What a tile holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// Hashes of the tree at a level: 0 are the leaves, each level above holds the roots of full tiles below.
    Hashes(u8),
    /// The entries themselves.
    Entries,
}

/// A tile, full or partial.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TileId {
    /// What it holds.
    pub kind: Kind,
    /// Its place from the left.
    pub index: u64,
    /// How many hashes or entries, from 1 to 256. Below 256 it is partial.
    pub width: u16,
}

impl TileId {
    /// Whether nothing can be added to it any more.
    pub const fn is_full(self) -> bool {
        self.width as u64 == TILE_WIDTH
    }

    /// The full tile at the same place.
    pub const fn full(self) -> Self {
        Self {
            width: TILE_WIDTH as u16,
            ..self
        }
    }

    /// Reads a path below the log's prefix: `tile/0/x001/067.p/8`. Each tile has one path.
    pub fn parse(path: &str) -> Option<Self> {
        let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let kind = match kind {
            "entries" => Kind::Entries,
            level => Kind::Hashes(small(level).filter(|level| *level <= HIGHEST_LEVEL)?),
        };
        let (index, width) = match rest.split_once(".p/") {
            None => (rest, TILE_WIDTH as u16),
            Some((index, width)) => (index, u16::from(small(width).filter(|width| *width > 0)?)),
        };
        let id = Self {
            kind,
            index: index_of(index)?,
            width,
        };
        (id.to_string() == path).then_some(id)
    }

    /// The tiles of one kind that a tree of `size` leaves has, by the rule of the specification. Nothing where the tree
    /// has no tile of that kind.
    pub fn last(kind: Kind, size: u64) -> Option<Self> {
        let count = match kind {
            Kind::Entries => size,
            Kind::Hashes(level) => count_at(level, size),
        };
        let last = count.checked_sub(1)?;
        Some(Self {
            kind,
            index: last / TILE_WIDTH,
            width: (last % TILE_WIDTH) as u16 + 1,
        })
    }

    /// The tile of `kind` at `index` as a tree of `size` leaves has it; nothing where it lies beyond.
    pub fn at(kind: Kind, index: u64, size: u64) -> Option<Self> {
        let last = Self::last(kind, size)?;
        match index.cmp(&last.index) {
            std::cmp::Ordering::Less => Some(Self { index, ..last }.full()),
            std::cmp::Ordering::Equal => Some(last),
            std::cmp::Ordering::Greater => None,
        }
    }

    /// Every tile of hashes and every bundle that belongs to a tree of `size` leaves.
    pub fn all(size: u64) -> impl Iterator<Item = Self> {
        let kinds = std::iter::once(Kind::Entries).chain((0..8).map(Kind::Hashes));
        kinds.flat_map(move |kind| {
            let last = Self::last(kind, size);
            let full = last.map_or(0, |last| last.index);
            (0..full)
                .map(move |index| Self {
                    kind,
                    index,
                    width: TILE_WIDTH as u16,
                })
                .chain(last)
        })
    }
}

/// How many hashes the tiles of a level hold for a tree of `size` leaves.
pub(crate) fn count_at(level: u8, size: u64) -> u64 {
    size.checked_shr(u32::from(level) * TILE_HEIGHT).unwrap_or(0)
}

/// The path below the log's prefix.
impl fmt::Display for TileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Entries => f.write_str("tile/entries/")?,
            Kind::Hashes(level) => write!(f, "tile/{level}/")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        while groups.len() > 1 {
            write!(f, "x{:03}/", groups.pop().unwrap_or_default())?;
        }
        write!(f, "{:03}", groups[0])?;
        if !self.is_full() {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

/// A decimal of up to three digits. The comparison of [`TileId::parse`] refuses other spellings.
fn small(text: &str) -> Option<u8> {
    (text.len() <= 3).then(|| text.parse().ok()).flatten()
}

fn index_of(text: &str) -> Option<u64> {
    let mut index = 0_u64;
    // 2^63 leaves take six groups of three digits; seven can't overflow before the check of the spelling.
    if text.split('/').count() > 7 {
        return None;
    }
    for group in text.split('/') {
        let digits = group.strip_prefix('x').unwrap_or(group);
        if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
    }
    Some(index)
}

/// The bytes of a tile of hashes.
pub fn encode(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// The first `width` hashes of a tile's bytes. A longer tile is fine, since a log may have only the full one left.
pub fn decode(bytes: &[u8], width: u16) -> Option<Vec<Hash>> {
    if !bytes.len().is_multiple_of(HASH_BYTES) || bytes.len() > TILE_WIDTH as usize * HASH_BYTES {
        return None;
    }
    let hashes = bytes.chunks_exact(HASH_BYTES).filter_map(Hash::from_slice);
    let hashes: Vec<Hash> = hashes.take(usize::from(width)).collect();
    (hashes.len() == usize::from(width)).then_some(hashes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        let id = TileId {
            kind: Kind::Hashes(0),
            index: 1_234_067,
            width: 256,
        };
        assert_eq!(id.to_string(), "tile/0/x001/x234/067");
        let partial = TileId {
            kind: Kind::Entries,
            index: 273,
            width: 112,
        };
        assert_eq!(partial.to_string(), "tile/entries/273.p/112");
    }

    #[test]
    fn a_tree_has_the_tiles_of_the_specification() {
        // Its example: 70,000 leaves.
        let counted = |kind| TileId::last(kind, 70_000).map(|last| (last.index, last.width));
        assert_eq!(counted(Kind::Hashes(0)), Some((273, 112)));
        assert_eq!(counted(Kind::Hashes(1)), Some((1, 17)));
        assert_eq!(counted(Kind::Hashes(2)), Some((0, 1)));
        assert_eq!(counted(Kind::Hashes(3)), None);
        assert_eq!(TileId::all(70_000).count(), 274 + 274 + 2 + 1);
        assert_eq!(TileId::all(0).count(), 0);
        let paths: Vec<String> = TileId::all(256).map(|id| id.to_string()).collect();
        assert_eq!(paths, ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]);
        assert_eq!(TileId::at(Kind::Entries, 1, 256), None);
        assert!(TileId::at(Kind::Entries, 0, 257).is_some_and(TileId::is_full));
    }

    #[test]
    fn other_spellings_are_no_paths() {
        for bad in [
            "",
            "tile/",
            "tile/0",
            "tile/0/0",
            "tile/00/000",
            "tile/64/000",
            "tile/-1/000",
            "tile/0/x000/001",
            "tile/0/001/001",
            "tile/0/x001",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/08",
            "tile/0/000.p/",
            "tile/0/000/",
            "/tile/0/000",
            "tile/0/../000",
            "tile/+1/000",
            "tile/entries/x999/x999/x999/x999/x999/x999/x999/999",
        ] {
            assert_eq!(TileId::parse(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_path_and_its_tile_are_one(level in 0_u8..=64, index: u64, width in 1_u16..=256) {
            let kind = if level == 64 { Kind::Entries } else { Kind::Hashes(level) };
            let id = TileId { kind, index, width };
            prop_assert_eq!(TileId::parse(&id.to_string()), Some(id));
        }

        #[test]
        fn no_path_is_too_strange(path in "(tile/)?(entries|[0-9]{1,2})/[x0-9/.p]{0,12}") {
            if let Some(id) = TileId::parse(&path) {
                prop_assert_eq!(id.to_string(), path);
            }
        }
    }
}
