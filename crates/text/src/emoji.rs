//! Shortcodes of small pictures, `:name:`, found in texts and replaced in HTML of ours.

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
