//! Shortcodes of small pictures, `:name:`, found in texts and replaced in HTML of ours.

use unicode_segmentation::UnicodeSegmentation;

/// The shortest name.
const SHORTEST: usize = 2;
/// The longest name.
const LONGEST: usize = 64;

/// True for what can be the name of a small picture: 2 to 64 ASCII letters, digits and underscores.
pub fn is_shortcode(name: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&name.len()) && name.bytes().all(is_of_name)
}

const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// True for one emoji of Unicode: a single character as people see it, made of pictures, their variants and what joins them.
pub fn is_emoji(text: &str) -> bool {
    let mut seen = text.graphemes(true);
    let one = seen.next().is_some() && seen.next().is_none();
    one && text.chars().all(is_of_emoji) && text.chars().any(is_picture)
}

const fn is_picture(c: char) -> bool {
    matches!(c,
        '\u{203C}' | '\u{2049}' | '\u{20E3}' | '\u{2122}' | '\u{2139}' | '\u{A9}' | '\u{AE}'
        | '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{23FF}' | '\u{24C2}' | '\u{25A0}'..='\u{27BF}'
        | '\u{2900}'..='\u{297F}' | '\u{2B00}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
        | '\u{1F000}'..='\u{1FAFF}')
}

/// Pictures, and what stands within one: digits of keycaps, a joiner, variants, and the letters of flags of regions.
const fn is_of_emoji(c: char) -> bool {
    is_picture(c) || matches!(c, '0'..='9' | '#' | '*' | '\u{200D}' | '\u{FE0F}' | '\u{E0020}'..='\u{E007F}')
}

/// The names between colons in `text`, in order, each as often as it stands there. A colon beside a letter, a digit or
/// another colon begins or ends none: times and addresses stay what they are.
pub fn shortcodes(text: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (start, end) = next(text, at)?;
        at = end;
        Some(&text[start + 1..end - 1])
    })
}

/// Where the next shortcode stands at or behind `from`, with its colons.
fn next(text: &str, from: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut start = from;
    while let Some(found) = bytes.get(start..)?.iter().position(|byte| *byte == b':') {
        start += found;
        let name = bytes[start + 1..]
            .iter()
            .take_while(|byte| is_of_name(**byte))
            .count();
        let end = start + 1 + name;
        let ends = bytes.get(end) == Some(&b':');
        if ends && is_shortcode(&text[start + 1..end]) && is_edge(text, start, end + 1) {
            return Some((start, end + 1));
        }
        start = end.max(start + 1);
    }
    None
}

fn is_edge(text: &str, start: usize, end: usize) -> bool {
    let sticks = |c: char| c.is_alphanumeric() || c == ':';
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    !before.is_some_and(sticks) && !after.is_some_and(sticks)
}

/// Puts what `picture` gives in the place of shortcodes in HTML that this crate made; inside of tags nothing is changed.
pub fn with_emoji(html: &str, picture: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while !rest.is_empty() {
        let (words, tag) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        push_words(&mut out, words, &picture);
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        out.push_str(&tag[..end]);
        rest = &tag[end..];
    }
    out
}

fn push_words(out: &mut String, words: &str, picture: impl Fn(&str) -> Option<String>) {
    let mut from = 0;
    while let Some((start, end)) = next(words, from) {
        out.push_str(&words[from..start]);
        match picture(&words[start + 1..end - 1]) {
            Some(html) => out.push_str(&html),
            None => out.push_str(&words[start..end]),
        }
        from = end;
    }
    out.push_str(&words[from..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<&str> {
        shortcodes(text).collect()
    }

    #[test]
    fn a_shortcode_stands_alone_between_its_colons() {
        assert_eq!(found(":bauta:"), ["bauta"]);
        assert_eq!(
            found("at :bauta:, and (:sea_2:) :bauta:"),
            ["bauta", "sea_2", "bauta"]
        );
        assert_eq!(found(":one: :two:"), ["one", "two"]);
        for none in [
            "",
            ":",
            "::",
            ":a:",
            "12:34:56",
            "a:bauta:",
            ":bauta:b",
            "::bauta::",
            ":ba uta:",
            ":bäuta:",
            "é:bauta:",
            "https://a.example:80:443:",
        ] {
            assert_eq!(found(none), Vec::<&str>::new(), "{none}");
        }
        assert_eq!(found("12:30 :bauta:"), ["bauta"]);
        assert!(!is_shortcode(&"a".repeat(65)));
    }

    #[test]
    fn an_emoji_is_one_picture_and_no_word() {
        for one in ["🌊", "👍🏽", "🏳️‍🌈", "👨‍👩‍👧", "❤️", "1️⃣", "🇮🇹", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"]
        {
            assert!(is_emoji(one), "{one}");
        }
        for none in ["", "a", "1", "🌊🌊", "x🌊", "<b>", "\u{200D}", "é", "#"] {
            assert!(!is_emoji(none), "{none}");
        }
    }

    #[test]
    fn pictures_take_the_place_of_words_and_of_nothing_in_a_tag() {
        let picture = |name: &str| (name == "bauta").then(|| "<img alt=\":bauta:\">".to_owned());
        assert_eq!(
            with_emoji(
                "<p>a :bauta: :other: <a href=\"/:bauta:\">:bauta:</a></p>",
                picture
            ),
            "<p>a <img alt=\":bauta:\"> :other: <a href=\"/:bauta:\"><img alt=\":bauta:\"></a></p>"
        );
    }

    proptest! {
        #[test]
        fn without_pictures_nothing_changes(html in "[<>:a-z é]{0,60}") {
            prop_assert_eq!(with_emoji(&html, |_| None), html);
        }

        #[test]
        fn every_name_that_is_found_can_be_one(text in "[:_a-zA-Z0-9 é]{0,60}") {
            prop_assert!(shortcodes(&text).all(is_shortcode));
        }
    }
}
