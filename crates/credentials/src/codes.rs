//! Codes that people copy by hand: recovery codes and invites. 80 random bits, sixteen characters in four groups.
//!
//! The alphabet is Crockford's base 32: digits and letters without I, L, O and U. What is typed is read forgivingly.
//! 80 bits are enough for one pass of SHA-256: nobody tries 2^80 values, not even against a stolen file.

use bauta_model::Secret;
use zeroize::Zeroize;

use crate::token::sha256;

/// How many recovery codes are made at a time.
pub const RECOVERY_CODES: usize = 10;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SYMBOLS: usize = 16;
const GROUP: usize = 4;

/// What a code is for. A code of one kind is never one of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Resets the passphrase of the account that it belongs to. It names neither account nor server.
    Recovery,
    /// Lets one person sign up.
    Invite,
    /// Lets one person join those behind an account.
    Keyholder,
    /// Shows what became of a report.
    Report,
}

impl Kind {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Recovery => b"bauta recovery code\0",
            Self::Invite => b"bauta invite code\0",
            Self::Keyholder => b"bauta keyholder code\0",
            Self::Report => b"bauta report code\0",
        }
    }
}

/// What the server keeps of a code. It has no `Debug` or `Display`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CodeHash([u8; 32]);

impl CodeHash {
    /// The hash of a code as somebody typed it: case, spaces and hyphens do not count, O is 0, I and L are 1. Nothing
    /// for a text that can't be a code.
    pub fn of(kind: Kind, typed: &str) -> Option<Self> {
        // A code with every group spaced out is far shorter than this.
        if typed.len() > 128 {
            return None;
        }
        let mut symbols = Vec::with_capacity(SYMBOLS);
        for c in typed.chars().filter(|c| !is_filler(*c)) {
            if symbols.len() == SYMBOLS {
                symbols.zeroize();
                return None;
            }
            symbols.push(symbol(c)?);
        }
        let hash = (symbols.len() == SYMBOLS).then(|| Self::of_symbols(kind, &symbols));
        symbols.zeroize();
        hash
    }

    fn of_symbols(kind: Kind, symbols: &[u8]) -> Self {
        let mut labelled = Vec::with_capacity(kind.label().len() + SYMBOLS);
        labelled.extend_from_slice(kind.label());
        labelled.extend_from_slice(symbols);
        let hash = Self(sha256(&labelled));
        labelled.zeroize();
        hash
    }

    /// Wraps a hash that the store kept.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A fresh code as it is shown, `7QK3-M0VE-9XTB-42HD`, and its hash.
///
/// # Panics
/// When the operating system has no randomness to give.
pub fn generate(kind: Kind) -> (Secret<String>, CodeHash) {
    let mut random = [0u8; SYMBOLS];
    getrandom::fill(&mut random).expect("the operating system has randomness");
    // 256 is a multiple of 32, so every symbol is as likely as the other.
    let mut symbols = random.map(|byte| ALPHABET[usize::from(byte % 32)]);
    random.zeroize();
    let mut shown = String::with_capacity(SYMBOLS + SYMBOLS / GROUP);
    for (i, symbol) in symbols.iter().enumerate() {
        if i > 0 && i % GROUP == 0 {
            shown.push('-');
        }
        shown.push(char::from(*symbol));
    }
    let hash = CodeHash::of_symbols(kind, &symbols);
    symbols.zeroize();
    (Secret::new(shown), hash)
}

/// A fresh set of recovery codes.
///
/// # Panics
/// When the operating system has no randomness to give.
pub fn recovery_set() -> Vec<(Secret<String>, CodeHash)> {
    (0..RECOVERY_CODES).map(|_| generate(Kind::Recovery)).collect()
}

/// Whatever people and their keyboards put between the groups.
fn is_filler(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '_' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn symbol(c: char) -> Option<u8> {
    let upper = u8::try_from(c).ok()?.to_ascii_uppercase();
    match upper {
        b'O' => Some(b'0'),
        b'I' | b'L' => Some(b'1'),
        _ => ALPHABET.contains(&upper).then_some(upper),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_four_groups_of_four() {
        let (code, hash) = generate(Kind::Invite);
        let groups: Vec<_> = code.expose().split('-').collect();
        assert_eq!(groups.len(), 4);
        assert!(groups.iter().all(|group| group.len() == 4));
        assert!(CodeHash::of(Kind::Invite, code.expose()) == Some(hash));
        assert!(CodeHash::from_bytes(*hash.as_bytes()) == hash);
    }

    #[test]
    fn a_recovery_code_is_no_invite() {
        let (code, hash) = generate(Kind::Recovery);
        assert!(CodeHash::of(Kind::Invite, code.expose()) != Some(hash));
        assert_eq!(recovery_set().len(), RECOVERY_CODES);
    }

    #[test]
    fn what_people_type_is_forgiven() {
        let right = CodeHash::of(Kind::Recovery, "0O1I-LABC-DEFG-HJKM");
        assert!(right.is_some());
        assert!(CodeHash::of(Kind::Recovery, " ooii labc\u{2013}defg.hjkm\n") == right);
        assert!(CodeHash::of(Kind::Recovery, "0000000000000000") != right);
        for wrong in [
            "",
            "0O1I-LABC-DEFG",
            "0O1I-LABC-DEFG-HJKM-0",
            "0O1I-LABC-DEFG-HJKU",
            "ÖO1I-LABC-DEFG-HJKM",
        ] {
            assert!(CodeHash::of(Kind::Recovery, wrong).is_none(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_code_or_nothing(text in any::<String>()) {
            let _ = CodeHash::of(Kind::Invite, &text);
        }

        #[test]
        fn a_wrong_symbol_is_another_code(at in 0usize..16, other in 0usize..32) {
            let mut symbols = *b"0123456789ABCDEF";
            let right = CodeHash::of(Kind::Invite, "0123456789ABCDEF");
            symbols[at] = ALPHABET[other];
            let same = symbols == *b"0123456789ABCDEF";
            prop_assert!((CodeHash::of(Kind::Invite, std::str::from_utf8(&symbols).unwrap()) == right) == same);
        }
    }
}
