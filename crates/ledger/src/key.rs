//! Keys of logs and witnesses: Ed25519, written as the signed-note specification and Go's `sumdb/note` do.

use std::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::cosignature;
use crate::encoding::{from_base64, to_base64};

const PUBLIC_KEY_BYTES: usize = 32;
const SEED_BYTES: usize = 32;
const SECRET_PREFIX: &str = "PRIVATE+KEY+";

/// What a key signs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Algorithm {
    /// The text of a note (type 0x01): logs.
    Ed25519 = 1,
    /// A checkpoint with a time (type 0x04): witnesses.
    CosignatureV1 = 4,
}

/// Why a text is no key.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not of the form name+id+key.
    #[error("this is no key of the form NAME+ID+KEY")]
    Malformed,
    /// A name that is empty or holds a space, a plus or a control character.
    #[error("a key's name must not be empty, nor hold spaces, plus signs or control characters")]
    Name,
    /// The id is not that of this name and key.
    #[error("the key's id does not belong to its name and key: it was mistyped or changed")]
    Id,
    /// A kind of key that this program doesn't know.
    #[error("keys of type {0} are not known here; known are Ed25519 (1) and cosignature/v1 (4)")]
    Type(u8),
    /// No randomness to make a key from.
    #[error("the system gives no randomness")]
    Randomness,
}

/// A public key with its name: a vkey.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VerifierKey {
    name: String,
    id: u32,
    algorithm: Algorithm,
    key: [u8; PUBLIC_KEY_BYTES],
}

impl VerifierKey {
    /// A key from its parts.
    pub fn new(name: &str, algorithm: Algorithm, key: [u8; PUBLIC_KEY_BYTES]) -> Result<Self, KeyError> {
        if !is_key_name(name) {
            return Err(KeyError::Name);
        }
        Ok(Self {
            name: name.to_owned(),
            id: key_id(name, algorithm, &key),
            algorithm,
            key,
        })
    }

    /// Reads `NAME+ID+KEY`.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError::Malformed);
        };
        let id = hex_id(id).ok_or(KeyError::Malformed)?;
        let bytes = from_base64(key).ok_or(KeyError::Malformed)?;
        let (algorithm, key) = bytes.split_first().ok_or(KeyError::Malformed)?;
        let algorithm = match algorithm {
            1 => Algorithm::Ed25519,
            4 => Algorithm::CosignatureV1,
            other => return Err(KeyError::Type(*other)),
        };
        let key = key.try_into().map_err(|_| KeyError::Malformed)?;
        let key = Self::new(name, algorithm, key)?;
        if key.id == id { Ok(key) } else { Err(KeyError::Id) }
    }

    /// The name that stands in its signature lines.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id that stands in its signatures.
    pub const fn id(&self) -> u32 {
        self.id
    }

    /// What it signs.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The key itself.
    pub const fn public_key(&self) -> &[u8; PUBLIC_KEY_BYTES] {
        &self.key
    }

    /// Whether `signature`, without its key id, is this key's over a note's text.
    pub fn verifies(&self, text: &str, signature: &[u8]) -> bool {
        match self.algorithm {
            Algorithm::Ed25519 => self.verifies_message(text.as_bytes(), signature),
            Algorithm::CosignatureV1 => cosignature::split(signature).is_some_and(|(time, signature)| {
                self.verifies_message(cosignature::message(time, text).as_bytes(), signature)
            }),
        }
    }

    fn verifies_message(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.key)
            .verify(message, signature)
            .is_ok()
    }
}

/// `NAME+ID+KEY`.
impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = typed(self.algorithm, &self.key);
        write!(f, "{}+{:08x}+{}", self.name, self.id, to_base64(&bytes))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

/// A private key with its name. It has no `Debug`, `Display` or `Clone`; its seed is overwritten when it is dropped.
pub struct SigningKey {
    public: VerifierKey,
    seed: Zeroizing<[u8; SEED_BYTES]>,
    pair: Ed25519KeyPair,
}

impl SigningKey {
    /// Makes a new key.
    pub fn generate(name: &str, algorithm: Algorithm) -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0; SEED_BYTES]);
        getrandom::fill(&mut *seed).map_err(|_| KeyError::Randomness)?;
        Self::from_seed(name, algorithm, seed)
    }

    /// The key of a seed (RFC 8032's private key).
    pub fn from_seed(
        name: &str,
        algorithm: Algorithm,
        seed: Zeroizing<[u8; SEED_BYTES]>,
    ) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&*seed).map_err(|_| KeyError::Malformed)?;
        let key = pair.public_key().as_ref().try_into();
        let key = key.map_err(|_| KeyError::Malformed)?;
        let public = VerifierKey::new(name, algorithm, key)?;
        Ok(Self { public, seed, pair })
    }

    /// Reads what [`SigningKey::to_secret_text`] writes; white space around it is ignored.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let rest = text
            .trim()
            .strip_prefix(SECRET_PREFIX)
            .ok_or(KeyError::Malformed)?;
        let mut parts = rest.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError::Malformed);
        };
        let bytes = Zeroizing::new(from_base64(key).ok_or(KeyError::Malformed)?);
        let (algorithm, seed) = bytes.split_first().ok_or(KeyError::Malformed)?;
        let algorithm = match algorithm {
            1 => Algorithm::Ed25519,
            4 => Algorithm::CosignatureV1,
            other => return Err(KeyError::Type(*other)),
        };
        let seed = seed.try_into().map_err(|_| KeyError::Malformed)?;
        let key = Self::from_seed(name, algorithm, Zeroizing::new(seed))?;
        if hex_id(id) == Some(key.public.id) {
            Ok(key)
        } else {
            Err(KeyError::Id)
        }
    }

    /// The key as text, for a file that only its owner can read: the form of Go's `sumdb/note`.
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        let bytes = Zeroizing::new(typed(self.public.algorithm, &*self.seed));
        let encoded = Zeroizing::new(to_base64(&bytes));
        let (name, id) = (&self.public.name, self.public.id);
        Zeroizing::new(format!("{SECRET_PREFIX}{name}+{id:08x}+{}\n", *encoded))
    }

    /// Its public half.
    pub const fn public(&self) -> &VerifierKey {
        &self.public
    }

    /// Signs bytes. Ed25519 gives the same signature each time.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        let signature = self.pair.sign(message);
        let bytes = signature.as_ref().try_into();
        bytes.expect("an Ed25519 signature has 64 bytes")
    }
}

/// Whether a name may stand in a signature line.
pub fn is_key_name(name: &str) -> bool {
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    !name.is_empty() && !name.chars().any(forbidden)
}

fn typed(algorithm: Algorithm, key: &[u8]) -> Vec<u8> {
    // With room for all at once: growing would leave a copy of a private key behind.
    let mut bytes = Vec::with_capacity(1 + key.len());
    bytes.push(algorithm as u8);
    bytes.extend(key);
    bytes
}

fn key_id(name: &str, algorithm: Algorithm, key: &[u8]) -> u32 {
    let hash = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', algorithm as u8])
        .chain_update(key)
        .finalize();
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
}

/// Eight lower-case hexadecimal digits.
fn hex_id(text: &str) -> Option<u32> {
    let id = u32::from_str_radix(text, 16).ok()?;
    (format!("{id:08x}") == text).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_seed("log.example", Algorithm::Ed25519, Zeroizing::new([seed; 32])).expect("a seed")
    }

    #[test]
    fn keys_are_read_back() {
        for algorithm in [Algorithm::Ed25519, Algorithm::CosignatureV1] {
            let key = SigningKey::generate("a.example/log", algorithm).expect("randomness");
            let public = key.public();
            assert_eq!(VerifierKey::parse(&public.to_string()).as_ref(), Ok(public));
            let read = SigningKey::parse(&key.to_secret_text()).expect("our own text");
            assert_eq!(read.public(), public);
        }
    }

    #[test]
    fn changed_keys_are_refused() {
        let public = key(1).public().to_string();
        for (from, to, error) in [
            ("log.example", "log.exomple", KeyError::Id),
            ("log.example", "", KeyError::Name),
            ("log.example", "log example", KeyError::Name),
            ("log.example", "log\u{2003}example", KeyError::Name),
            ("+", " ", KeyError::Malformed),
            ("AY", "A!", KeyError::Malformed),
            ("+A", "+B", KeyError::Type(5)),
        ] {
            assert_eq!(
                VerifierKey::parse(&public.replace(from, to)),
                Err(error),
                "{from} {to}"
            );
        }
        assert_eq!(
            VerifierKey::parse(&public.to_uppercase()),
            Err(KeyError::Malformed)
        );
        assert_eq!(
            VerifierKey::parse(&public[..public.len() - 4]),
            Err(KeyError::Malformed)
        );
        let secret = key(1).to_secret_text();
        for bad in [
            secret.replace("log", "lag"),
            secret.replace("PRIVATE", "PUBLIC"),
            public,
        ] {
            assert!(SigningKey::parse(&bad).is_err());
        }
    }

    #[test]
    fn a_signature_is_one_keys_over_one_text() {
        let signature = key(1).sign(b"text\n");
        assert!(key(1).public().verifies("text\n", &signature));
        assert!(!key(1).public().verifies("text\n\n", &signature));
        assert!(!key(2).public().verifies("text\n", &signature));
        assert!(!key(1).public().verifies("text\n", &signature[..63]));
        assert!(!key(1).public().verifies("text\n", &[]));
        assert_eq!(key(1).sign(b"text\n"), signature);
    }
}
