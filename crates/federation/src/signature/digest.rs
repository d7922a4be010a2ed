//! Digests of bodies: `Digest` (RFC 3230) and `Content-Digest` (RFC 9530).

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The SHA-256 of a body, in base64: computed once, however many servers the body goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyDigest(String);

impl BodyDigest {
    /// Of `body`.
    pub fn of(body: &[u8]) -> Self {
        Self(STANDARD.encode(digest(&SHA256, body)))
    }

    /// As a `Digest` header.
    pub fn old_header(&self) -> String {
        format!("SHA-256={}", self.0)
    }

    /// As a `Content-Digest` header.
    pub fn new_header(&self) -> String {
        format!("sha-256=:{}:", self.0)
    }
}

/// True if `header` (`Digest`) holds a SHA-256 or SHA-512 of `body`, and no wrong one of them.
pub fn old_is(header: &str, body: &[u8]) -> bool {
    right(
        header.split(',').filter_map(|one| one.trim().split_once('=')),
        body,
    )
}

/// True if `header` (`Content-Digest`) holds a SHA-256 or SHA-512 of `body`, and no wrong one of them.
pub fn new_is(header: &str, body: &[u8]) -> bool {
    let each = header.split(',').filter_map(|one| {
        let (name, value) = one.trim().split_once('=')?;
        Some((name, value.strip_prefix(':')?.strip_suffix(':')?))
    });
    right(each, body)
}

fn right<'a>(digests: impl Iterator<Item = (&'a str, &'a str)>, body: &[u8]) -> bool {
    let mut found = false;
    for (name, value) in digests {
        let algorithm = match name.to_ascii_lowercase().as_str() {
            "sha-256" => &SHA256,
            "sha-512" => &SHA512,
            _ => continue,
        };
        if STANDARD.encode(digest(algorithm, body)) != value {
            return false;
        }
        found = true;
    }
    found
}
