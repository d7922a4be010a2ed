//! Signed requests as other servers send them (RFC 9421), and the least that it takes to verify one.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
};
use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bauta_model::Clock;

use crate::process::HOST;

/// An RSA key of 2048 bits.
pub struct Key(RsaKeyPair);

impl Key {
    /// A fresh one.
    pub fn generate() -> Self {
        Self(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"))
    }

    /// The private half, as the store keeps it.
    pub fn kept(&self) -> String {
        let der: Pkcs8V1Der<'_> = self.0.as_der().expect("it has one");
        STANDARD.encode(der.as_ref())
    }

    /// The public half.
    pub fn pem(&self) -> String {
        let der: PublicKeyX509Der<'_> = self.0.public_key().as_der().expect("it has one");
        format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            STANDARD.encode(der.as_ref())
        )
    }

    /// Signs with RSASSA-PKCS1-v1_5 and SHA-256.
    pub fn sign(&self, message: &str) -> Vec<u8> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                message.as_bytes(),
                &mut signature,
            )
            .expect("it signs");
        signature
    }

    /// The headers that sign a POST of `body` to `uri`.
    pub fn headers(&self, key_id: &str, uri: &str, body: &str) -> [(&'static str, String); 3] {
        let digest = digest_of(body.as_bytes());
        let created = Clock::system().now().unix_seconds();
        let params = format!("({COVERED});created={created};keyid=\"{key_id}\"");
        let signature = STANDARD.encode(self.sign(&base(uri, &digest, &params)));
        [
            ("content-digest", digest),
            ("signature-input", format!("s={params}")),
            ("signature", format!("s=:{signature}:")),
        ]
    }

    /// The bytes of a POST of `activity` to the inbox of [`HOST`].
    pub fn request(&self, key_id: &str, activity: &str) -> Vec<u8> {
        let mut request = format!(
            "POST /inbox HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/activity+json\r\nContent-Length: {}\r\n",
            activity.len()
        );
        for (name, value) in self.headers(key_id, &inbox(), activity) {
            request.extend([name, ": ", &value, "\r\n"]);
        }
        request.push_str("\r\n");
        request.push_str(activity);
        request.into_bytes()
    }
}

const COVERED: &str = "\"@method\" \"@target-uri\" \"content-digest\"";

fn inbox() -> String {
    format!("http://{HOST}/inbox")
}

fn digest_of(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(digest(&SHA256, body)))
}

fn base(uri: &str, digest: &str, params: &str) -> String {
    format!(
        "\"@method\": POST\n\"@target-uri\": {uri}\n\"content-digest\": {digest}\n\"@signature-params\": {params}"
    )
}

/// The actor who signed what came to the inbox, if the key that `key_of` has under the name did.
pub fn signer(headers: &HeaderMap, body: &[u8], key_of: impl Fn(&str) -> Option<String>) -> Option<String> {
    let header = |name: &str| headers.get(name)?.to_str().ok();
    let said = header("content-digest")?;
    if said != digest_of(body) {
        return None;
    }
    let params = header("signature-input")?.strip_prefix("s=")?;
    let key_id = params.split("keyid=\"").nth(1)?.split('"').next()?;
    let signature = header("signature")?.strip_prefix("s=:")?.strip_suffix(':')?;
    let pem = key_of(key_id)?;
    let der: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, STANDARD.decode(der).ok()?)
        .verify(
            base(&inbox(), said, params).as_bytes(),
            &STANDARD.decode(signature).ok()?,
        )
        .ok()?;
    Some(key_id.split('#').next()?.to_owned())
}
