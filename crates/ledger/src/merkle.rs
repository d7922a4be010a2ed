//! Merkle trees of RFC 6962 § 2.1 over SHA-256: hashes, and the checks of proofs.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::encoding::{from_base64, to_base64};

/// Bytes of a hash.
pub const HASH_BYTES: usize = 32;

/// The most hashes that a proof over a tree of up to 2^63 - 1 leaves has (tlog-witness allows no more either).
pub const MOST_PROOF_HASHES: usize = 63;

/// A SHA-256 hash: of a leaf, of an inner node, or the root of a tree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; HASH_BYTES]);

impl Hash {
    /// Reads base64, as it stands in checkpoints and proofs.
    pub fn from_base64(text: &str) -> Option<Self> {
        Self::from_slice(&from_base64(text)?)
    }

    /// Wraps 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_base64(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// The root of the tree without leaves.
pub fn empty_root() -> Hash {
    Hash(Sha256::digest([]).into())
}

/// The hash of an entry as a leaf.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash(
        Sha256::new()
            .chain_update([0])
            .chain_update(entry)
            .finalize()
            .into(),
    )
}

/// The hash of a node above two others.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1; 1 + 2 * HASH_BYTES];
    bytes[1..=HASH_BYTES].copy_from_slice(&left.0);
    bytes[1 + HASH_BYTES..].copy_from_slice(&right.0);
    Hash(Sha256::digest(bytes).into())
}

/// The hash of a full subtree above the given hashes of equal height. Their number is a power of two.
pub(crate) fn full_subtree(mut hashes: Vec<Hash>) -> Hash {
    debug_assert!(hashes.len().is_power_of_two(), "only full subtrees have one hash");
    while hashes.len() > 1 {
        let half = hashes.len() / 2;
        for at in 0..half {
            hashes[at] = node_hash(&hashes[2 * at], &hashes[2 * at + 1]);
        }
        hashes.truncate(half);
    }
    hashes[0]
}

/// The largest power of two below `size`, which is at least 2 (RFC 6962's k).
pub(crate) fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// Whether `proof` shows that the leaf at `index` with hash `leaf` is in the tree of `size` leaves with `root`.
///
/// Follows RFC 9162 § 2.1.3.2, which checks the proofs of RFC 6962 § 2.1.1.
pub fn inclusion_holds(index: u64, leaf: Hash, size: u64, root: Hash, proof: &[Hash]) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            climb_to_right_child(&mut node, &mut last);
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && hash == root
}

/// Whether `proof` shows that the tree of `old_size` leaves with `old_root` is the beginning of the tree of `size`
/// leaves with `root`. The empty tree is the beginning of every tree; that takes an empty proof, and so do equal sizes.
///
/// Follows RFC 9162 § 2.1.4.2, which checks the proofs of RFC 6962 § 2.1.2.
pub fn consistency_holds(old_size: u64, old_root: Hash, size: u64, root: Hash, proof: &[Hash]) -> bool {
    if old_size > size {
        return false;
    }
    if old_size == size {
        return proof.is_empty() && old_root == root;
    }
    if old_size == 0 {
        return proof.is_empty() && old_root == empty_root();
    }
    let mut hashes = proof.iter();
    let (mut node, mut last) = (old_size - 1, size - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    // A full old tree is itself the first node of the path, and the proof leaves it out.
    let first = if old_size.is_power_of_two() {
        Some(&old_root)
    } else {
        hashes.next()
    };
    let Some(&first) = first else { return false };
    let (mut old, mut new) = (first, first);
    let mut any = false;
    for sibling in hashes {
        any = true;
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            old = node_hash(sibling, &old);
            new = node_hash(sibling, &new);
            climb_to_right_child(&mut node, &mut last);
        } else {
            new = node_hash(&new, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    any && last == 0 && old == old_root && new == root
}

/// Skips the levels at which the node on the right edge has no sibling.
fn climb_to_right_child(node: &mut u64, last: &mut u64) {
    while *node & 1 == 0 && *node != 0 {
        *node >>= 1;
        *last >>= 1;
    }
}

#[cfg(test)]
pub(crate) mod naive {
    //! RFC 6962 § 2.1 word by word, slow and plain: what the rest is compared with.

    use super::*;

    pub fn root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => empty_root(),
            [one] => *one,
            many => {
                let (left, right) = many.split_at(split(many.len() as u64) as usize);
                node_hash(&root(left), &root(right))
            }
        }
    }

    pub fn inclusion(index: usize, leaves: &[Hash]) -> Vec<Hash> {
        if leaves.len() == 1 {
            return Vec::new();
        }
        let k = split(leaves.len() as u64) as usize;
        let (mut path, sibling) = if index < k {
            (inclusion(index, &leaves[..k]), root(&leaves[k..]))
        } else {
            (inclusion(index - k, &leaves[k..]), root(&leaves[..k]))
        };
        path.push(sibling);
        path
    }

    pub fn consistency(old: usize, leaves: &[Hash]) -> Vec<Hash> {
        if old == 0 || old == leaves.len() {
            return Vec::new();
        }
        sub_proof(old, leaves, true)
    }

    fn sub_proof(old: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
        if old == leaves.len() {
            return if whole { Vec::new() } else { vec![root(leaves)] };
        }
        let k = split(leaves.len() as u64) as usize;
        let (mut path, sibling) = if old <= k {
            (sub_proof(old, &leaves[..k], whole), root(&leaves[k..]))
        } else {
            (sub_proof(old - k, &leaves[k..], false), root(&leaves[..k]))
        };
        path.push(sibling);
        path
    }

    pub fn leaves(count: usize) -> Vec<Hash> {
        (0..count)
            .map(|n| leaf_hash(format!("entry {n}").as_bytes()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_small_inclusion_proof_holds_and_no_other() {
        for size in 1..40_usize {
            let leaves = naive::leaves(size);
            let root = naive::root(&leaves);
            for index in 0..size {
                let proof = naive::inclusion(index, &leaves);
                let holds = |at: usize| inclusion_holds(at as u64, leaves[index], size as u64, root, &proof);
                assert!(holds(index), "{index} of {size}");
                assert!(
                    (0..size)
                        .filter(|other| *other != index)
                        .all(|other| !holds(other))
                );
                assert!(!holds(size) && !holds(size + 1));
            }
        }
    }

    #[test]
    fn every_small_consistency_proof_holds_and_no_other() {
        let leaves = naive::leaves(40);
        for size in 0..=40_usize {
            let root = naive::root(&leaves[..size]);
            for old in 0..=size {
                let old_root = naive::root(&leaves[..old]);
                let proof = naive::consistency(old, &leaves[..size]);
                let holds =
                    |old: usize, old_root| consistency_holds(old as u64, old_root, size as u64, root, &proof);
                assert!(holds(old, old_root), "{old} of {size}");
                assert!(!holds(size + 1, old_root));
                assert!(!holds(old, leaf_hash(b"another")));
                let mut longer = proof.clone();
                longer.push(root);
                assert!(!consistency_holds(
                    old as u64,
                    old_root,
                    size as u64,
                    root,
                    &longer
                ));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_changed_proof_does_not_hold(size in 2_usize..300, at in any::<prop::sample::Index>(), bit in 0_usize..256, old in any::<prop::sample::Index>()) {
            let leaves = naive::leaves(size);
            let root = naive::root(&leaves);
            let index = at.index(size);
            let mut proof = naive::inclusion(index, &leaves);
            let changed = at.index(proof.len());
            proof[changed].0[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!inclusion_holds(index as u64, leaves[index], size as u64, root, &proof));
            let old = 1 + old.index(size - 1);
            let mut proof = naive::consistency(old, &leaves);
            let old_root = naive::root(&leaves[..old]);
            prop_assert!(consistency_holds(old as u64, old_root, size as u64, root, &proof));
            let changed = at.index(proof.len());
            proof[changed].0[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!consistency_holds(old as u64, old_root, size as u64, root, &proof));
        }

        #[test]
        fn no_size_is_too_strange(index: u64, size: u64, old: u64, count in 0_usize..70) {
            let proof = vec![empty_root(); count];
            prop_assert!(!inclusion_holds(index, empty_root(), size, leaf_hash(b"x"), &proof));
            prop_assert!(!consistency_holds(old, leaf_hash(b"y"), size, leaf_hash(b"x"), &proof));
        }
    }
}
