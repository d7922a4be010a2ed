//! From text to the codes of WinAnsi, which the standard fonts have letters for.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::plain::is_hidden;

/// Text as codes.
pub(super) struct Text {
    pub(super) codes: Vec<u8>,
    /// Some character has no letter and stands as its number.
    pub(super) numbers: bool,
}

/// Characters of the codes 0x80 to 0x9f (Windows-1252), with the unused ones as spaces.
const UPPER: &str = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

/// A character without a letter loses its accents, or else stands as its number: nothing is dropped without a word.
pub(super) fn encode(text: &str) -> Text {
    let mut out = Text {
        codes: Vec::with_capacity(text.len()),
        numbers: false,
    };
    for character in text
        .nfc()
        .filter(|character| !is_hidden(*character) || character.is_whitespace())
    {
        let character = if character.is_whitespace() { ' ' } else { character };
        if let Some(code) = code(character) {
            out.codes.push(code);
        } else if let Some(code) = plain(character) {
            out.codes.push(code);
        } else {
            out.numbers = true;
            out.codes
                .extend_from_slice(format!("[U+{:04X}]", u32::from(character)).as_bytes());
        }
    }
    out
}

fn code(character: char) -> Option<u8> {
    match u32::from(character) {
        0x20..=0x7e | 0xa0..=0xff => Some(u32::from(character) as u8),
        _ => {
            let at = UPPER
                .chars()
                .position(|upper| upper == character && upper != ' ')?;
            Some(0x80 + at as u8)
        }
    }
}

/// The letter below the accents, where that is all that is left.
fn plain(character: char) -> Option<u8> {
    let mut letters = std::iter::once(character)
        .nfkd()
        .filter(|part| !is_combining_mark(*part));
    let first = letters.next()?;
    letters.next().is_none().then(|| code(first))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str) -> (Vec<u8>, bool) {
        let text = encode(text);
        (text.codes, text.numbers)
    }

    #[test]
    fn what_has_a_letter_keeps_it_and_nothing_is_dropped() {
        assert_eq!(
            encoded("Zürich – “§ 2”"),
            (b"Z\xfcrich \x96 \x93\xa7 2\x94".to_vec(), false)
        );
        assert_eq!(encoded("€ ™"), (b"\x80 \x99".to_vec(), false));
        assert_eq!(encoded("č ő"), (b"c o".to_vec(), false));
        assert_eq!(encoded("Ж🛂"), (b"[U+0416][U+1F6C2]".to_vec(), true));
        assert_eq!(encoded("a\tb\nc\u{202e}d"), (b"a b cd".to_vec(), false));
        assert_eq!(UPPER.chars().count(), 32);
    }
}
