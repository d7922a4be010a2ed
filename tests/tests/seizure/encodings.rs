//! The forms that a mark can take on its way into a file, a log or memory.

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use md5::{Digest, Md5};

use super::marks::Mark;

/// A form, for people.
pub type Form = &'static str;

/// Every form of a mark, each with its bytes, without doubles.
pub fn of(mark: &Mark) -> Vec<(Form, Vec<u8>)> {
    let mut forms = Vec::new();
    let text = mark.text.as_str();
    let lower = text.to_lowercase();
    for (text, as_is) in [(text, true), (lower.as_str(), false)] {
        let bytes = text.as_bytes();
        forms.push((
            if as_is { "as it was sent" } else { "in lower case" },
            bytes.to_vec(),
        ));
        forms.push((
            "UTF-16, little endian",
            text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ));
        forms.push((
            "UTF-16, big endian",
            text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        ));
        forms.extend(coded(bytes));
        forms.push(("URL-escaped", escaped(bytes, |byte| format!("%{byte:02X}"))));
        forms.push((
            "URL-escaped, lower case",
            escaped(bytes, |byte| format!("%{byte:02x}")),
        ));
        forms.push(("form-escaped", text.replace(' ', "+").into_bytes()));
        forms.push(("URL-escaped spaces", text.replace(' ', "%20").into_bytes()));
        forms.push(("JSON-escaped", escaped(bytes, |byte| format!("\\u{byte:04x}"))));
        forms.extend(hashed(bytes));
    }
    for packed in &mark.packed {
        forms.push(("packed", packed.clone()));
        forms.extend(coded(packed));
        forms.extend(hashed(packed));
    }
    forms.sort_by(|one, other| one.1.cmp(&other.1));
    forms.dedup_by(|one, other| one.1 == other.1);
    forms
}

/// In hexadecimal, and in base64 at each of the three places where a triple of bytes can begin.
fn coded(bytes: &[u8]) -> Vec<(Form, Vec<u8>)> {
    let mut forms = vec![
        ("in hexadecimal", hex(bytes).into_bytes()),
        (
            "in hexadecimal, upper case",
            hex(bytes).to_uppercase().into_bytes(),
        ),
    ];
    for phase in 0..3 {
        let shifted = [&[0; 3][..phase], bytes].concat();
        // Characters that share bits with neighbours are not the mark's own.
        let (from, to) = ((phase * 8).div_ceil(6), shifted.len() * 8 / 6);
        for engine in [&STANDARD, &URL_SAFE] {
            forms.push(("in base64", engine.encode(&shifted).as_bytes()[from..to].to_vec()));
        }
    }
    forms
}

fn hashed(bytes: &[u8]) -> Vec<(Form, Vec<u8>)> {
    let mut digests = vec![("MD5", Md5::digest(bytes).to_vec())];
    for (name, algorithm) in [
        ("SHA-1", &digest::SHA1_FOR_LEGACY_USE_ONLY),
        ("SHA-256", &digest::SHA256),
        ("SHA-512", &digest::SHA512),
    ] {
        digests.push((name, digest::digest(algorithm, bytes).as_ref().to_vec()));
    }
    let mut forms = Vec::new();
    for (name, digest) in digests {
        forms.push((name, digest.clone()));
        forms.push((name, hex(&digest).into_bytes()));
        forms.push((name, STANDARD.encode(&digest).trim_end_matches('=').into()));
    }
    forms
}

fn escaped(bytes: &[u8], each: impl Fn(u8) -> String) -> Vec<u8> {
    bytes.iter().flat_map(|byte| each(*byte).into_bytes()).collect()
}

/// In hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}
