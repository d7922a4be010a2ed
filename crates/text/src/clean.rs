//! Cleaning what a person typed: one kind of newline, no control and no hidden characters.
//!
//! Hidden characters can mark a copy of a text, and so betray who passed it on. Joiners and variation selectors stay
//! where a script or an emoji needs them.

use crate::characters::{is_hidden, is_mark, is_pictograph, is_unprintable, joins, takes_presentation};

const ZERO_WIDTH_NON_JOINER: char = '\u{200C}';
const ZERO_WIDTH_JOINER: char = '\u{200D}';
const KEYCAP: char = '\u{20E3}';
const BLACK_FLAG: char = '\u{1F3F4}';
const TAG_LETTERS: std::ops::RangeInclusive<char> = '\u{E0030}'..='\u{E007A}';
const TAG_END: char = '\u{E007F}';

/// Cleans a text of several lines: a post, a bio, a report.
pub fn clean_text(text: &str) -> String {
    visible(text, |c| match c {
        // Spaces of unusual width can carry a mark; Japanese and French spaces are usual where they are used.
        '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{205F}' => ' ',
        c => c,
    })
}

/// Cleans a text of one line: a content warning, a field, a title. White space is collapsed.
pub fn clean_line(text: &str) -> String {
    one_line(&visible(text, |c| if c.is_whitespace() { ' ' } else { c }))
}

/// Cleans a display name: one line, in which nothing passes for empty space or piles up over its neighbours.
pub fn clean_name(text: &str) -> String {
    // The blank Braille cell looks like nothing.
    let spaced = visible(text, |c| {
        if c.is_whitespace() || c == '\u{2800}' {
            ' '
        } else {
            c
        }
    });
    let mut out = String::with_capacity(spaced.len());
    let mut marks = 0;
    for c in spaced.chars() {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        if marks <= MAX_MARKS {
            out.push(c);
        }
    }
    let name = one_line(&out);
    if name.chars().all(|c| is_mark(c) || is_hidden(c) || c == ' ') {
        String::new()
    } else {
        name
    }
}

/// No script needs more marks than these on one letter.
const MAX_MARKS: usize = 4;

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Drops what can't be seen and maps the rest. Repeated until nothing changes, because a mapping or a drop can
/// leave a joiner without the neighbour that justified it; each round is shorter.
fn visible(text: &str, map: impl Fn(char) -> char) -> String {
    let newlines = text.replace("\r\n", "\n");
    let mut kept: String = newlines
        .chars()
        .map(|c| {
            if matches!(c, '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}') {
                '\n'
            } else {
                c
            }
        })
        .filter(|c| !is_unprintable(*c))
        .map(map)
        .collect();
    loop {
        let shorter = drop_hidden(&kept);
        if shorter.len() == kept.len() {
            return shorter.trim().to_owned();
        }
        kept = shorter;
    }
}

fn drop_hidden(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == BLACK_FLAG {
            let (flag, after) = rest.split_at(flag_len(rest));
            out.push_str(flag);
            rest = after;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if !is_hidden(c) || is_needed(c, &out, rest) {
            out.push(c);
        }
    }
    out
}

/// The length of a black flag with the letters of a region behind it, if they are complete: gb-sct is Scotland.
fn flag_len(text: &str) -> usize {
    let tags = &text[BLACK_FLAG.len_utf8()..];
    let letters = tags.find(|c| !TAG_LETTERS.contains(&c)).unwrap_or(tags.len());
    let count = letters / TAG_END.len_utf8();
    if (4..=6).contains(&count) && tags[letters..].starts_with(TAG_END) {
        BLACK_FLAG.len_utf8() + letters + TAG_END.len_utf8()
    } else {
        BLACK_FLAG.len_utf8()
    }
}

/// A hidden character has work to do between what was kept before it and what follows.
fn is_needed(c: char, before: &str, after: &str) -> bool {
    let mut earlier = before.chars().rev();
    let (previous, next) = (earlier.next(), after.chars().next());
    let between_letters = previous.is_some_and(joins) && next.is_some_and(joins);
    match c {
        '\u{FE0E}' | '\u{FE0F}' => previous
            .is_some_and(|base| is_pictograph(base) || (takes_presentation(base) && next == Some(KEYCAP))),
        ZERO_WIDTH_NON_JOINER => between_letters,
        ZERO_WIDTH_JOINER => {
            let base = if previous == Some('\u{FE0F}') {
                earlier.next()
            } else {
                previous
            };
            between_letters || (base.is_some_and(is_pictograph) && next.is_some_and(is_pictograph))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_newline_becomes_one_kind() {
        assert_eq!(clean_text("a\r\nb\rc\u{2028}d\u{85}e"), "a\nb\nc\nd\ne");
    }

    #[test]
    fn hidden_and_control_characters_are_dropped() {
        assert_eq!(
            clean_text("w\u{200B}a\u{2060}t\u{FEFF}e\u{E0041}r\u{0}m\u{FE0F}\u{AD}\u{202E}k"),
            "watermk"
        );
        assert_eq!(clean_text("wi\u{200D}re\u{200C}d"), "wired");
        assert_eq!(clean_text("a\u{2003}b"), "a b");
        assert_eq!(clean_text("  \n a \u{200B} \n"), "a");
    }

    #[test]
    fn emoji_stay_whole() {
        for emoji in ["👩‍👩‍👧‍👦", "❤️", "❤️‍🔥", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏳️‍🌈", "👩🏽‍🚀", "☺︎"]
        {
            assert_eq!(clean_text(emoji), emoji);
        }
        assert_eq!(clean_text("🏴\u{E0067}\u{E0062}"), "🏴");
        assert_eq!(clean_text("👩\u{200D}"), "👩");
    }

    #[test]
    fn joiners_stay_where_scripts_need_them() {
        for word in ["می\u{200C}خواهم", "क्\u{200D}ष", "ශ්\u{200D}රී"] {
            assert_eq!(clean_text(word), word);
        }
    }

    #[test]
    fn a_name_can_neither_turn_around_nor_hide() {
        assert_eq!(clean_name("\u{202E}nimda\u{2066} \n x"), "nimda x");
        assert_eq!(clean_name("\u{3164}\u{2800} \u{200B}"), "");
        assert_eq!(
            clean_name(&format!("Z{}", "\u{301}".repeat(50))).chars().count(),
            5
        );
        assert_eq!(clean_name("👩‍🚀 Ada"), "👩‍🚀 Ada");
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in hostile()) {
            for clean in [clean_text, clean_line, clean_name] {
                let once = clean(&text);
                prop_assert_eq!(clean(&once), once.clone());
                let hidden = ['\u{200B}', '\u{2060}', '\u{202E}', '\u{FEFF}', '\r', '\0'];
                prop_assert!(!once.contains(hidden));
            }
        }
    }

    /// Texts rich in joiners, selectors, tags, marks and emoji.
    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("\u{200D}"),
            Just("\u{200C}"),
            Just("\u{FE0F}"),
            Just("\u{E0067}"),
            Just("\u{E007F}"),
            Just("🏴"),
            Just("👩"),
            Just("ب"),
            Just("ष"),
            Just("\u{94D}"),
            Just("\u{301}"),
            Just("1"),
            Just("\u{20E3}"),
            Just("\r\n"),
            Just("\u{2003}"),
            Just("\u{202E}"),
            Just("a"),
            Just(" "),
            Just("\u{2060}"),
            Just("\0"),
            Just("\u{2800}"),
            Just("\u{FEFF}"),
            Just("\u{200B}"),
        ];
        proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }
}
