//! Base64 and decimals as the specifications want them: one spelling for each value, so that no changed byte of a
//! signed file goes unseen.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Standard base64 with padding (RFC 4648 § 4).
pub fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of standard base64 with padding; nothing when a bit that carries no value is set.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// An ASCII decimal without leading zeros, up to 2^63 - 1: other programs keep sizes in signed integers.
pub fn from_decimal(text: &str) -> Option<u64> {
    let canonical = text == "0" || (!text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit()));
    let value = canonical.then(|| text.parse::<u64>().ok()).flatten()?;
    i64::try_from(value).is_ok().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_spelling() {
        assert_eq!(from_decimal("0"), Some(0));
        assert_eq!(from_decimal("9223372036854775807"), Some(i64::MAX as u64));
        for bad in [
            "",
            "00",
            "01",
            "+1",
            "-1",
            " 1",
            "1 ",
            "9223372036854775808",
            "1e3",
            "１",
        ] {
            assert_eq!(from_decimal(bad), None, "{bad}");
        }
    }

    #[test]
    fn base64_has_one_spelling() {
        assert_eq!(from_base64("QQ=="), Some(b"A".to_vec()));
        for bad in ["QQ", "QR==", "QQ= =", "QQ==\n", "Q-=="] {
            assert_eq!(from_base64(bad), None, "{bad}");
        }
    }
}
