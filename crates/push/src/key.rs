//! The server's key for push services, and how it says that a message is from it (RFC 8292).

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bauta_model::CoarseTime;
use serde_json::json;
use url::Url;
use zeroize::Zeroizing;

/// Why web push can't begin.
#[derive(Debug)]
pub enum KeyError {
    /// The file can't be read or written.
    File(std::io::Error),
    /// The file holds no key.
    NoKey,
    /// Nothing can be sent.
    Client(String),
}

impl std::fmt::Display for KeyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(error) => write!(f, "push.key can't be used: {error}"),
            Self::NoKey => f.write_str(
                "push.key holds no key; delete it, a new one is made, and apps have to ask for pushes again",
            ),
            Self::Client(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for KeyError {}

/// How long a signature is good: half of what the RFC allows. It is counted from a slot.
const GOOD_FOR: i64 = 12 * 3600;

/// The key.
pub struct Key {
    pair: EcdsaKeyPair,
    public: String,
}

impl Key {
    /// Reads the key, or makes it at the first start with web push.
    pub fn open(path: &Path) -> Result<Self, KeyError> {
        let der = match std::fs::read(path) {
            Ok(der) => Zeroizing::new(der),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(path)?,
            Err(error) => return Err(KeyError::File(error)),
        };
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der).map_err(|_| KeyError::NoKey)?;
        let public = URL_SAFE_NO_PAD.encode(pair.public_key());
        Ok(Self { pair, public })
    }

    /// The public half, in base64url: what apps register with.
    pub fn public(&self) -> &str {
        &self.public
    }

    /// The `Authorization` of a message to `endpoint` from the server at `ours`.
    pub fn authorization(&self, endpoint: &Url, ours: &str, now: CoarseTime) -> Option<String> {
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = part(json!({"typ": "JWT", "alg": "ES256"}));
        let claims = part(json!({
            "aud": endpoint.origin().ascii_serialization(),
            "exp": now.unix_seconds() + GOOD_FOR,
            "sub": ours,
        }));
        let signed = format!("{head}.{claims}");
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).ok()?;
        let signature = URL_SAFE_NO_PAD.encode(signature);
        Some(format!("vapid t={signed}.{signature}, k={}", self.public))
    }
}

fn make(path: &Path) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
        .map_err(|_| KeyError::NoKey)?;
    let der = Zeroizing::new(made.as_ref().to_vec());
    let mut file = std::fs::OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(path)
        .map_err(KeyError::File)?;
    file.write_all(&der)
        .and_then(|()| file.sync_all())
        .map_err(KeyError::File)?;
    Ok(der)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;

    #[test]
    fn a_key_is_made_once_for_its_owner_alone_and_signs_what_it_says() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("push.key");
        let (first, again) = (Key::open(&path).unwrap(), Key::open(&path).unwrap());
        assert_eq!(first.public(), again.public());
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        let endpoint = Url::parse("https://push.example/x/secret?y").unwrap();
        let now = CoarseTime::from_unix_seconds(1_800_000_000);
        let said = first
            .authorization(&endpoint, "https://bauta.example", now)
            .unwrap();
        let (token, key) = said.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, bytes(key))
            .verify(signed.as_bytes(), &bytes(signature))
            .unwrap();
        let claims: serde_json::Value =
            serde_json::from_slice(&bytes(signed.split_once('.').unwrap().1)).unwrap();
        assert_eq!(
            claims,
            json!({"aud": "https://push.example", "exp": 1_800_043_200, "sub": "https://bauta.example"})
        );
        std::fs::write(&path, b"nonsense").unwrap();
        assert!(matches!(Key::open(&path), Err(KeyError::NoKey)));
    }
}
