//! RSA keys of actors: ours, made when they are first needed and sealed in the store, and others' as PEM.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bauta_model::AccountId;
use bauta_service::{App, Refused};
use bauta_store::remote;

/// The number by which the server itself signs.
pub const SERVER: AccountId = AccountId::new(0);

/// One of our keys.
pub struct OwnKey(RsaKeyPair);

impl OwnKey {
    /// Signs `message` with RSASSA-PKCS1-v1_5 and SHA-256, in base64.
    pub fn sign(&self, message: &str) -> Option<String> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                message.as_bytes(),
                &mut signature,
            )
            .ok()?;
        Some(STANDARD.encode(signature))
    }

    /// The public half as others want it.
    pub fn public_pem(&self) -> String {
        match AsDer::<PublicKeyX509Der<'_>>::as_der(self.0.public_key()) {
            Ok(der) => pem(der.as_ref()),
            Err(_) => String::new(),
        }
    }

    /// The public half as FEP-521a wants it: base 58 of the multicodec `rsa-pub` and the key of RFC 8017.
    pub fn public_multibase(&self) -> String {
        let varint: [u8; 2] = [0x85, 0x24];
        format!("z{}", base58(&[&varint, self.0.public_key().as_ref()].concat()))
    }

    /// A fresh key, and the text under which it is kept.
    pub fn generate() -> Option<(Self, String)> {
        let key = RsaKeyPair::generate(KeySize::Rsa2048).ok()?;
        let der: Pkcs8V1Der<'_> = key.as_der().ok()?;
        let kept = STANDARD.encode(der.as_ref());
        Some((Self(key), kept))
    }

    fn read(kept: &str) -> Option<Self> {
        let der = STANDARD.decode(kept).ok()?;
        RsaKeyPair::from_pkcs8(&der).ok().map(Self)
    }
}

fn pem(der: &[u8]) -> String {
    let mut out = String::from("-----BEGIN PUBLIC KEY-----\n");
    for line in STANDARD.encode(der).as_bytes().chunks(64) {
        out.push_str(&String::from_utf8_lossy(line));
        out.push('\n');
    }
    out.push_str("-----END PUBLIC KEY-----\n");
    out
}

/// Base 58 of Bitcoin's alphabet (draft-msporny-base58). Short things alone: it takes a time that grows with the square.
fn base58(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    // The least digit first.
    let mut digits: Vec<u8> = Vec::new();
    for byte in &bytes[zeros..] {
        let mut carried = u32::from(*byte);
        for digit in &mut digits {
            carried += u32::from(*digit) << 8;
            *digit = (carried % 58) as u8;
            carried /= 58;
        }
        while carried > 0 {
            digits.push((carried % 58) as u8);
            carried /= 58;
        }
    }
    digits.resize(digits.len() + zeros, 0);
    let letters = digits.iter().rev().map(|digit| ALPHABET[usize::from(*digit)]);
    letters.map(char::from).collect()
}

/// True if `signature` (base64) of `message` is by the key in `pem`. Keys under 2048 bits are no keys.
pub fn verify(pem: &str, message: &str, signature: &str) -> bool {
    let body: String = pem
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .flat_map(str::chars)
        .filter(|c| !c.is_whitespace())
        .collect();
    let (Ok(der), Ok(signature)) = (STANDARD.decode(body), STANDARD.decode(signature)) else {
        return false;
    };
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der)
        .verify(message.as_bytes(), &signature)
        .is_ok()
}

/// The key of one of our actors, or of [`SERVER`]; it is made at the first call.
pub async fn own(app: &App, account: AccountId) -> Result<OwnKey, Refused> {
    let kept = app
        .store
        .read("own_key", move |conn| remote::own_key(conn, account))
        .await?;
    let kept = if let Some(kept) = kept {
        kept
    } else {
        let made = tokio::task::spawn_blocking(|| OwnKey::generate().map(|(_, kept)| kept)).await;
        let made = made.ok().flatten().ok_or(Refused::Busy)?;
        app.store
            .write("make_own_key", move |conn| {
                remote::make_own_key(conn, account, &made)
            })
            .await?
    };
    OwnKey::read(&kept).ok_or(Refused::Busy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_58_is_that_of_its_draft() {
        for (bytes, written) in [
            (b"Hello World!".as_slice(), "2NEpo7TZRRrLZSi2U"),
            (
                b"The quick brown fox jumps over the lazy dog.",
                "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
            ),
            (&[0, 0, 0x28, 0x7f, 0xb4, 0xcd], "11233QC4"),
            (&[], ""),
        ] {
            assert_eq!(base58(bytes), written);
        }
    }

    #[test]
    fn what_a_key_signs_its_public_half_verifies() {
        let (key, kept) = OwnKey::generate().unwrap();
        let key = OwnKey::read(&kept).map(|again| (again, key)).unwrap().0;
        let signature = key.sign("words").unwrap();
        let pem = key.public_pem();
        assert!(verify(&pem, "words", &signature));
        assert!(!verify(&pem, "other words", &signature));
        assert!(!verify("", "words", &signature));
        assert!(!verify(&pem, "words", "not base64"));
        let (other, _) = OwnKey::generate().unwrap();
        assert!(!verify(&other.public_pem(), "words", &signature));
    }
}
