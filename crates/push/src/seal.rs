//! A message that only the app can read: aes128gcm (RFC 8188) under keys of RFC 8291, in one record.

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};

/// The size that a record says to have. The one that is sent is shorter, as the last one may be.
const RECORD: u32 = 4096;

/// Ends the text within a record that is the last.
const LAST: u8 = 2;

struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const N: usize>(key: &Prk, info: &[&[u8]]) -> Result<[u8; N], Unspecified> {
    let mut out = [0; N];
    key.expand(info, Bytes(N))?.fill(&mut out)?;
    Ok(out)
}

/// Encrypts `text` for the app with this key and secret, filled up to `size` bytes, so that its length tells nothing.
/// Nothing where the key is no point of the curve, or the text is longer.
pub fn seal(text: &[u8], size: usize, app_key: &[u8], app_secret: &[u8]) -> Option<Vec<u8>> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).ok()?;
    let own = PrivateKey::generate(&ECDH_P256).ok()?;
    if text.len() >= size || size + 1 + AES_128_GCM.tag_len() > RECORD as usize {
        return None;
    }
    seal_with(&own, &salt, text, size - text.len() - 1, app_key, app_secret).ok()
}

fn seal_with(
    own: &PrivateKey,
    salt: &[u8; 16],
    text: &[u8],
    fill: usize,
    app_key: &[u8],
    app_secret: &[u8],
) -> Result<Vec<u8>, Unspecified> {
    let public = own.compute_public_key()?;
    let public = public.as_ref();
    let peer = UnparsedPublicKey::new(&ECDH_P256, app_key);
    let shared = agree(own, peer, Unspecified, |shared| {
        Ok(Salt::new(HKDF_SHA256, app_secret).extract(shared))
    })?;
    let material: [u8; 32] = expand(&shared, &[b"WebPush: info\0", app_key, public])?;
    let key = Salt::new(HKDF_SHA256, salt).extract(&material);
    let content: [u8; 16] = expand(&key, &[b"Content-Encoding: aes128gcm\0"])?;
    let nonce: [u8; 12] = expand(&key, &[b"Content-Encoding: nonce\0"])?;

    let mut record = text.to_vec();
    record.push(LAST);
    record.resize(record.len() + fill, 0);
    // The key is of this record alone, so its nonce is used once.
    let cipher = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &content)?);
    cipher.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut record)?;

    let mut message = Vec::with_capacity(21 + public.len() + record.len());
    message.extend_from_slice(salt);
    message.extend_from_slice(&RECORD.to_be_bytes());
    message.push(public.len() as u8);
    message.extend_from_slice(public);
    message.extend_from_slice(&record);
    Ok(message)
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// RFC 8291, appendix A.
    const APP_KEY: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const APP_PRIVATE: &str = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
    const APP_SECRET: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    #[test]
    fn the_example_of_the_rfc_comes_out() {
        let own =
            PrivateKey::from_private_key(&ECDH_P256, &bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
                .unwrap();
        let salt: [u8; 16] = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let text = b"When I grow up, I want to be a watermelon";
        let sealed = seal_with(&own, &salt, text, 0, &bytes(APP_KEY), &bytes(APP_SECRET)).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(sealed),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl\
             7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    /// What an app does.
    fn open(message: &[u8]) -> Vec<u8> {
        let (salt, rest) = message.split_at(16);
        let (public, record) = rest[5..].split_at(usize::from(rest[4]));
        let app = PrivateKey::from_private_key(&ECDH_P256, &bytes(APP_PRIVATE)).unwrap();
        let peer = UnparsedPublicKey::new(&ECDH_P256, public);
        let shared = agree(&app, peer, Unspecified, |shared| {
            Ok(Salt::new(HKDF_SHA256, &bytes(APP_SECRET)).extract(shared))
        });
        let material: [u8; 32] =
            expand(&shared.unwrap(), &[b"WebPush: info\0", &bytes(APP_KEY), public]).unwrap();
        let key = Salt::new(HKDF_SHA256, salt).extract(&material);
        let content: [u8; 16] = expand(&key, &[b"Content-Encoding: aes128gcm\0"]).unwrap();
        let nonce: [u8; 12] = expand(&key, &[b"Content-Encoding: nonce\0"]).unwrap();
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &content).unwrap());
        let mut record = record.to_vec();
        let nonce = Nonce::assume_unique_for_key(nonce);
        let plain = cipher.open_in_place(nonce, Aad::empty(), &mut record).unwrap();
        let end = plain.iter().rposition(|byte| *byte != 0).unwrap();
        assert_eq!(plain[end], LAST);
        plain[..end].to_vec()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn every_text_has_one_length_and_the_app_reads_it(text in prop::collection::vec(any::<u8>(), 0..500)) {
            let sealed = seal(&text, 512, &bytes(APP_KEY), &bytes(APP_SECRET)).unwrap();
            prop_assert_eq!(sealed.len(), 16 + 5 + 65 + 512 + 16);
            prop_assert_eq!(open(&sealed), text);
        }

        #[test]
        fn a_key_that_is_no_point_is_refused(key in prop::collection::vec(any::<u8>(), 0..70)) {
            prop_assert!(seal(b"x", 512, &key, &[0; 16]).is_none());
        }
    }

    #[test]
    fn what_does_not_fit_is_not_cut() {
        assert!(seal(&[0; 512], 512, &bytes(APP_KEY), &bytes(APP_SECRET)).is_none());
        assert!(seal(b"x", 5000, &bytes(APP_KEY), &bytes(APP_SECRET)).is_none());
    }
}
