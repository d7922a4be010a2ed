//! Tokens that forms carry, so that no other site can send them.
//!
//! A token is a keyed hash of its purpose and of what the browser's cookie names: nothing is stored. Pages are never
//! compressed together with what others choose, so it needs no masking.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use crate::KeyedHash;

/// Makes and checks the tokens of forms.
pub struct Csrf(KeyedHash);

impl Csrf {
    /// Under a key of this process: forms that were open over a restart must be sent again.
    ///
    /// # Panics
    /// When the operating system has no randomness to give.
    pub fn random() -> Self {
        Self(KeyedHash::random())
    }

    /// Under a key that the store kept: forms stay good over a restart.
    pub fn from_key(key: &[u8; 32]) -> Self {
        Self(KeyedHash::from_key(key))
    }

    /// The token for forms of one purpose in one session. `bound_to` is the hash of the session's token, or the random
    /// value of the short-lived cookie that a visitor of a form without session gets.
    pub fn token(&self, purpose: &str, bound_to: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(self.hash(purpose, bound_to))
    }

    /// Whether a form carries the token for its purpose and session, compared in constant time.
    pub fn verify(&self, purpose: &str, bound_to: &[u8], token: &str) -> bool {
        let mut given = [0; 32];
        URL_SAFE_NO_PAD.decode_slice(token, &mut given) == Ok(32)
            && bool::from(self.hash(purpose, bound_to).ct_eq(&given))
    }

    fn hash(&self, purpose: &str, bound_to: &[u8]) -> [u8; 32] {
        self.0.of(&[b"form", purpose.as_bytes(), bound_to])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_token_is_good_for_its_purpose_and_session_only() {
        let csrf = Csrf::random();
        let token = csrf.token("post", b"session a");
        assert!(csrf.verify("post", b"session a", &token));
        assert!(!csrf.verify("delete", b"session a", &token));
        assert!(!csrf.verify("post", b"session b", &token));
        assert!(!csrf.verify("posts", b"ession a", &token));
        assert!(!Csrf::random().verify("post", b"session a", &token));
    }

    proptest! {
        #[test]
        fn no_other_text_is_the_token(text in "\\PC{0,60}") {
            let csrf = Csrf::from_key(&[1; 32]);
            prop_assert!(!csrf.verify("post", b"session", &text) || text == csrf.token("post", b"session"));
        }
    }
}
