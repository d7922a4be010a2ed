//! Tokens: 256 random bits that stand for a session, an app's access, or an authorisation code.
//!
//! The server keeps the hash alone. One pass of SHA-256 is enough for it: nobody tries 2^256 values.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bauta_model::Secret;
use zeroize::Zeroize;

/// Characters of a token.
pub const CHARS: usize = 43;

/// What the server keeps of a token. It has no `Debug` or `Display`: it names a session.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash of a token that somebody sent, or nothing for a text that no token of ours looks like.
    pub fn of(token: &str) -> Option<Self> {
        if token.len() != CHARS {
            return None;
        }
        let mut bytes = [0; 32];
        let read = URL_SAFE_NO_PAD.decode_slice(token, &mut bytes);
        let hash = (read == Ok(32)).then(|| Self(sha256(&bytes)));
        bytes.zeroize();
        hash
    }

    /// Wraps a hash that the store kept.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A fresh token (URL-safe base64) and its hash.
///
/// # Panics
/// When the operating system has no randomness to give.
pub fn generate() -> (Secret<String>, TokenHash) {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    let made = (
        Secret::new(URL_SAFE_NO_PAD.encode(bytes)),
        TokenHash(sha256(&bytes)),
    );
    bytes.zeroize();
    made
}

/// The SHA-256 of bytes in hexadecimal, as authorities and other servers name a file by it.
pub fn sha256_hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    sha256(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_token_finds_its_hash_and_no_other_text_does() {
        let (token, hash) = generate();
        let text = token.expose();
        assert_eq!(text.len(), CHARS);
        assert!(TokenHash::of(text) == Some(hash));
        assert!(TokenHash::of(&text[1..]).is_none());
        assert!(TokenHash::of(&format!("{text}=")).is_none());
        assert!(TokenHash::of(&format!(" {}", &text[1..])).is_none());
        assert!(TokenHash::from_bytes(*hash.as_bytes()) == hash);
        assert!(generate().1 != hash);
    }

    #[test]
    fn one_token_has_one_spelling() {
        // The last character carries four bits: its other two must be zero, or two texts would be one token.
        assert!(TokenHash::of(&"A".repeat(43)).is_some());
        assert!(TokenHash::of(&format!("{}B", "A".repeat(42))).is_none());
    }

    proptest! {
        #[test]
        fn any_text_is_a_token_or_nothing(text in "\\PC{0,50}") {
            if TokenHash::of(&text).is_some() {
                prop_assert!(text.len() == CHARS && text.is_ascii());
            }
        }
    }
}
