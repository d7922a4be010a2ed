//! Passphrases: made for a person, or judged when it is the person's own.

use std::sync::LazyLock;

use bauta_model::Secret;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroize;

use crate::strength;

/// Words of a generated passphrase: 7 × log2(7776) = 90 bits.
pub const WORDS: usize = 7;

/// The shortest passphrase of a person's own, in characters after [`normalise`].
pub const MIN_CHARS: usize = 12;

/// The longest passphrase, in characters. Everything counts: nothing is cut off before hashing.
pub const MAX_CHARS: usize = 256;

/// What a person's own passphrase must be worth, in bits as [`judge`] counts them (it counts low).
///
/// A machine that tries 100,000 a second (each needs 19 MiB and two passes) needs 11,000 years for half of 2^56.
pub const MIN_BITS: f64 = 56.0;

const LIST: &str = include_str!("../words/eff_large.txt");

/// The words of the list in the order of their bytes, made when the first passphrase is judged or generated.
static LIST_WORDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut words: Vec<_> = LIST.lines().collect();
    words.sort_unstable();
    words
});

/// Why a person's own passphrase is not accepted. The sentences are for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooWeak {
    /// Fewer than [`MIN_CHARS`].
    #[error("A passphrase of your own has at least 12 characters.")]
    Short,
    /// More than [`MAX_CHARS`].
    #[error("A passphrase has at most 256 characters.")]
    Long,
    /// Long enough, but made of what is tried first.
    #[error(
        "That is too easy to guess: it is made of common words, names, dates or patterns. Take five or more words that have nothing to do with each other."
    )]
    Guessable,
}

/// A fresh passphrase: seven words of the EFF long list between single spaces.
///
/// # Panics
/// When the operating system has no randomness to give.
pub fn generate() -> Secret<String> {
    let words = &*LIST_WORDS;
    // Allocated once, so that no half-made copy stays behind. The longest word of the list has nine letters.
    let mut text = String::with_capacity(WORDS * 10);
    for nth in 0..WORDS {
        if nth > 0 {
            text.push(' ');
        }
        text.push_str(words[random_below(words.len() as u32) as usize]);
    }
    Secret::new(text)
}

/// A number below `end`, each as likely as the other: draws that would favour the low ones are drawn again.
fn random_below(end: u32) -> u32 {
    let fair = u32::MAX - u32::MAX % end;
    loop {
        let drawn = getrandom::u32().expect("the operating system has randomness");
        if drawn < fair {
            return drawn % end;
        }
    }
}

/// The form of a passphrase that is hashed, the same at sign-up and at login: Unicode NFC, as keyboards differ in how
/// they compose; white space trimmed, and within the text one space for each run of it, as eyes can't count it. Case
/// and everything else count. [`crate::Hasher`] applies it to whatever it is given.
pub fn normalise(typed: &str) -> Secret<String> {
    let mut composed: String = String::with_capacity(typed.len() * 2);
    composed.extend(typed.nfc());
    let mut text = String::with_capacity(composed.len());
    for word in composed.split_whitespace() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    composed.zeroize();
    Secret::new(text)
}

/// Whether a passphrase of a person's own is accepted. `about` holds what is public around it: handle, display name,
/// name of the server; parts of these are worth nothing.
pub fn judge(own: &str, about: &[&str]) -> Result<(), TooWeak> {
    // Looked at before anything else, so that a giant text costs nothing.
    if own.len() > MAX_CHARS * 4 * 2 {
        return Err(TooWeak::Long);
    }
    let own = normalise(own);
    match own.expose().chars().count() {
        ..MIN_CHARS => Err(TooWeak::Short),
        chars if chars > MAX_CHARS => Err(TooWeak::Long),
        _ if strength::bits(own.expose(), about) < MIN_BITS => Err(TooWeak::Guessable),
        _ => Ok(()),
    }
}

/// Whether the list has `word`, in lower case.
pub(crate) fn is_listed(word: &str) -> bool {
    LIST_WORDS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn the_list_has_7776_words_and_none_twice() {
        let words: HashSet<_> = LIST.lines().collect();
        assert_eq!(LIST.lines().count(), 7776);
        assert_eq!(words.len(), 7776);
        assert!(words.iter().all(|w| (3..=9).contains(&w.len())));
        assert!(
            words
                .iter()
                .all(|w| w.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
        );
        assert!(((7776f64).log2() * 7.0) > 90.0);
    }

    #[test]
    fn a_generated_passphrase_is_seven_listed_words_and_strong() {
        let (one, two) = (generate(), generate());
        assert!(one.expose() != two.expose());
        let words: Vec<_> = one.expose().split(' ').collect();
        assert_eq!(words.len(), WORDS);
        assert!(words.iter().all(|word| is_listed(word)));
        assert_eq!(judge(one.expose(), &["alt_uscis", "example.org"]), Ok(()));
    }

    #[test]
    fn random_words_come_from_the_whole_list() {
        let drawn: HashSet<_> = (0..20_000).map(|_| random_below(7776) / 77).collect();
        assert_eq!(drawn.len(), 7776 / 77 + 1);
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for weak in [
            "passwordpassword",
            "Password123456!",
            "P4ssw0rd!P4ssw0rd!",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "abcdefghijklmnopqrstuvwxyz",
            "zyxwvutsrqponmlkjihg",
            "qwertyuiopasdfghjklzxcvbnm",
            "1234567890123456789012345",
            "17.05.1984 18.06.1985",
            "1984-05-17 1985-06-18 07.04.2017",
            "correct horse battery staple",
            "to be or not to be",
            "apple apple apple apple apple apple",
            "alt_uscis alt_uscis example.org 2017",
            "ALT_USCIS@example.org!!!",
            "iloveyou iloveyou forever",
            "monkey dragon letmein",
            "0000000000000000000",
            "abcabcabcabcabcabcabcabcabcabc",
        ] {
            assert_eq!(
                judge(weak, &["ALT_USCIS", "example.org"]),
                Err(TooWeak::Guessable),
                "{weak}: {} bits",
                strength::bits(weak, &["ALT_USCIS", "example.org"])
            );
        }
        assert_eq!(judge("  x9$K  ", &[]), Err(TooWeak::Short));
        assert_eq!(judge(&"x9".repeat(200), &[]), Err(TooWeak::Long));
        assert_eq!(judge(&"x".repeat(10_000_000), &[]), Err(TooWeak::Long));
    }

    #[test]
    fn what_is_hard_to_guess_is_accepted() {
        for strong in [
            "obedient walrus trombone Genoa quarterly",
            "k7$Rq2!vLx9p",
            "mein Nachbar sammelt rostige Fahrräder im Keller",
            "9f86d081884c7d659a2f",
            "шкаф медленно поёт ржавым гвоздям",
        ] {
            assert_eq!(
                judge(strong, &["ALT_USCIS", "example.org"]),
                Ok(()),
                "{strong}: {}",
                strength::bits(strong, &[])
            );
        }
    }

    #[test]
    fn how_a_keyboard_composes_and_spaces_does_not_matter() {
        assert!(normalise(" cafe\u{301}  noir\t").expose() == normalise("caf\u{e9} noir").expose());
        assert!(normalise("Case").expose() != normalise("case").expose());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn normalising_twice_changes_nothing(text in "\\PC{0,60}") {
            let once = normalise(&text);
            let twice = normalise(once.expose());
            prop_assert_eq!(twice.expose(), once.expose());
        }

        #[test]
        fn no_text_makes_the_judge_panic(text in any::<String>(), about in any::<String>()) {
            let _ = judge(&text, &[&about]);
        }

        #[test]
        fn repeating_a_weak_text_does_not_make_it_strong(text in "[a-z]{1,8}", times in 2usize..20) {
            prop_assert!(judge(&text.repeat(times), &[]).is_err());
        }
    }
}
