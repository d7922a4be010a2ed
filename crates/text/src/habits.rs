//! Habits of writing: phrases of a text that its author has used before. They lead from one name to another. Computed while
//! somebody writes; nothing is kept.

use std::collections::{HashMap, HashSet};

/// Words of a phrase, at least: shorter ones are everybody's.
const WORDS: usize = 4;
/// Earlier texts that a phrase must stand in, at least: what was said once more is a quotation.
const TEXTS: usize = 2;

/// A word as it is compared, and where it stands.
struct Word {
    key: String,
    start: usize,
    end: usize,
}

/// Words without case and without what stands around them. Links, names and tags are no habits of writing: they end a phrase,
/// as nothing in between does.
fn words(text: &str) -> Vec<Option<Word>> {
    let around = |c: char| !c.is_alphanumeric();
    let (mut found, mut next) = (Vec::new(), 0);
    for piece in text.split_inclusive(char::is_whitespace) {
        let (start, typed) = (next, piece.trim_end());
        next += piece.len();
        if typed.starts_with(['@', '#']) || typed.contains("://") {
            found.push(None);
            continue;
        }
        let inner = typed.trim_start_matches(around);
        let start = start + typed.len() - inner.len();
        let inner = inner.trim_end_matches(around);
        if !inner.is_empty() {
            found.push(Some(Word {
                key: inner.to_lowercase(),
                start,
                end: start + inner.len(),
            }));
        }
    }
    found
}

/// Each run of [`WORDS`] words, with the places of its first and last word.
fn runs(words: &[Option<Word>]) -> impl Iterator<Item = (Vec<&str>, usize)> {
    words.windows(WORDS).enumerate().filter_map(|(at, window)| {
        let keys: Option<Vec<&str>> = window
            .iter()
            .map(|word| word.as_ref().map(|word| word.key.as_str()))
            .collect();
        Some((keys?, at))
    })
}

/// The places in `text` of phrases that stand in at least two of the texts that its author wrote `before`: in order, the
/// longest there are, none within another.
pub fn repeated(text: &str, before: &[&str]) -> Vec<std::ops::Range<usize>> {
    let earlier: Vec<_> = before.iter().map(|text| words(text)).collect();
    let mut counts: HashMap<Vec<&str>, usize> = HashMap::new();
    for words in &earlier {
        let distinct: HashSet<Vec<&str>> = runs(words).map(|(keys, _)| keys).collect();
        for keys in distinct {
            *counts.entry(keys).or_default() += 1;
        }
    }
    let words = words(text);
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    for (keys, at) in runs(&words) {
        if counts.get(&keys).is_none_or(|count| *count < TEXTS) {
            continue;
        }
        let (Some(Some(first)), Some(Some(last))) = (words.get(at), words.get(at + WORDS - 1)) else {
            continue;
        };
        match found.last_mut() {
            Some(phrase) if first.start < phrase.end => phrase.end = last.end,
            _ => found.push(first.start..last.end),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn phrases<'a>(text: &'a str, before: &[&str]) -> Vec<&'a str> {
        repeated(text, before)
            .into_iter()
            .map(|place| &text[place])
            .collect()
    }

    #[test]
    fn what_was_said_twice_before_is_a_habit() {
        let before = [
            "As far as I can see, the lagoon is rising.",
            "Well: as far as I can see nobody asks.",
            "Something else.",
        ];
        assert_eq!(
            phrases("The water, as far as I  can see, is high.", &before),
            ["as far as I  can see"]
        );
        assert!(phrases("The water, as far as I can see, is high.", &before[1..]).is_empty());
        assert!(phrases("as far as anybody", &before).is_empty());
        assert!(phrases("", &before).is_empty() && phrases("as far as I can see", &[]).is_empty());
    }

    #[test]
    fn names_tags_and_links_are_no_habits() {
        let text = "@ana @ben @cam @dan #a #b #c #d https://a.example/1 https://a.example/2";
        assert!(phrases(text, &[text, text]).is_empty());
        let signed = "one two @ana three four";
        assert!(phrases(signed, &[signed, signed]).is_empty());
    }

    proptest! {
        #[test]
        fn a_text_repeats_itself_whole(words in proptest::collection::vec("[a-zäß]{1,6}", 4..20), other in "[ -~]{0,40}") {
            let text = words.join(" ");
            prop_assert_eq!(phrases(&text, &[&text, &other, &text]), [text.as_str()]);
        }

        #[test]
        fn places_are_whole_words_in_order_and_nothing_new_is_a_habit(
            text in "(\\PC{0,6} ){0,12}",
            before in proptest::collection::vec("(\\PC{0,6} ){0,12}", 0..4),
        ) {
            let before: Vec<&str> = before.iter().map(String::as_str).collect();
            let mut end = 0;
            for place in repeated(&text, &before) {
                prop_assert!(place.start >= end && place.end <= text.len() && place.start < place.end);
                prop_assert!(text.is_char_boundary(place.start) && text.is_char_boundary(place.end));
                prop_assert!(before.len() >= TEXTS);
                end = place.end;
            }
        }
    }
}
