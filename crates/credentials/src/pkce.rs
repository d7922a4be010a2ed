//! PKCE (RFC 7636): an authorisation code is of use only to the app that asked for it.
//!
//! Only the method S256 is taken. `plain` puts the secret itself into an address bar (RFC 9700 § 2.1.1).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use crate::token::sha256;

/// Why a challenge is not taken. OAuth's answer to either is `invalid_request`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidChallenge {
    /// `plain`, or something unknown. A request that names no method means `plain` (RFC 7636 § 4.3).
    #[error("code_challenge_method must be S256")]
    Method,
    /// Not the base64url form of a SHA-256 hash.
    #[error("code_challenge must be the base64url form of a SHA-256 hash, without padding")]
    Challenge,
}

/// The hash of the secret that the app will show when it redeems the code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Challenge([u8; 32]);

impl Challenge {
    /// Reads `code_challenge` and `code_challenge_method`.
    pub fn parse(challenge: &str, method: Option<&str>) -> Result<Self, InvalidChallenge> {
        if method != Some("S256") {
            return Err(InvalidChallenge::Method);
        }
        let mut hash = [0; 32];
        match URL_SAFE_NO_PAD.decode_slice(challenge, &mut hash) {
            Ok(32) => Ok(Self(hash)),
            _ => Err(InvalidChallenge::Challenge),
        }
    }

    /// Wraps bytes that the store kept.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether `code_verifier` is the secret behind the challenge, compared in constant time. A verifier that breaks
    /// the grammar of RFC 7636 § 4.1 (43 to 128 unreserved characters) is not.
    pub fn is_met_by(&self, verifier: &str) -> bool {
        let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
        (43..=128).contains(&verifier.len())
            && verifier.bytes().all(unreserved)
            && bool::from(sha256(verifier.as_bytes()).ct_eq(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_rfc_is_met() {
        let challenge = Challenge::parse(CHALLENGE, Some("S256")).unwrap();
        assert!(challenge.is_met_by(VERIFIER));
        assert!(!challenge.is_met_by(CHALLENGE));
        assert_eq!(Challenge::from_bytes(*challenge.as_bytes()), challenge);
    }

    #[test]
    fn plain_and_broken_challenges_are_refused() {
        for method in [None, Some("plain"), Some("s256"), Some("")] {
            assert_eq!(Challenge::parse(CHALLENGE, method), Err(InvalidChallenge::Method));
        }
        for challenge in [
            "",
            "E9Mel",
            &CHALLENGE[1..],
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=",
        ] {
            assert_eq!(
                Challenge::parse(challenge, Some("S256")),
                Err(InvalidChallenge::Challenge)
            );
        }
    }

    #[test]
    fn a_verifier_keeps_to_the_grammar() {
        for verifier in [
            "a".repeat(42),
            "a".repeat(129),
            format!("{}ü", "a".repeat(43)),
            format!("{} ", "a".repeat(43)),
        ] {
            let challenge = Challenge(sha256(verifier.as_bytes()));
            assert!(!challenge.is_met_by(&verifier));
        }
    }

    proptest! {
        #[test]
        fn only_its_own_verifier_meets_a_challenge(one in "[A-Za-z0-9._~-]{43,128}", two in "\\PC{0,130}") {
            let challenge = Challenge(sha256(one.as_bytes()));
            prop_assert!(challenge.is_met_by(&one));
            prop_assert_eq!(challenge.is_met_by(&two), one == two);
        }
    }
}
