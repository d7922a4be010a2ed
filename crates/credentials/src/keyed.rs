//! Hashes under a key, for what must be recognised again but not read.

use aws_lc_rs::hmac::{Context, HMAC_SHA256, Key};

/// HMAC-SHA256 under a key that this process holds, or that it made up and will forget.
pub struct KeyedHash(Key);

impl KeyedHash {
    /// A fresh key that nobody else has. When this is dropped, its hashes mean nothing any more.
    ///
    /// # Panics
    /// When the operating system has no randomness to give.
    pub fn random() -> Self {
        let mut key = [0; 32];
        getrandom::fill(&mut key).expect("the operating system has randomness");
        Self::from_key(&key)
    }

    /// A key that the store kept.
    pub fn from_key(key: &[u8; 32]) -> Self {
        Self(Key::new(HMAC_SHA256, key))
    }

    /// The hash of several values in order. Each is hashed with its length, so that moving a byte from one to its
    /// neighbour gives another hash.
    pub fn of(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = Context::with_key(&self.0);
        for part in parts {
            context.update(&(part.len() as u64).to_le_bytes());
            context.update(part);
        }
        let mut hash = [0; 32];
        hash.copy_from_slice(context.sign().as_ref());
        hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_and_every_cut_gives_another_hash() {
        let key = KeyedHash::from_key(&[7; 32]);
        assert_eq!(key.of(&[b"ab", b"c"]), key.of(&[b"ab", b"c"]));
        assert_ne!(key.of(&[b"ab", b"c"]), key.of(&[b"a", b"bc"]));
        assert_ne!(key.of(&[b"abc"]), key.of(&[b"abc", b""]));
        assert_ne!(key.of(&[b"abc"]), KeyedHash::random().of(&[b"abc"]));
    }
}
