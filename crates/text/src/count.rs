//! How long a post is, as Mastodon counts.

use crate::scan::{What, scan};
use unicode_segmentation::UnicodeSegmentation;

/// What every link counts, however long it is; clients are told so.
pub const LINK_CHARS: usize = 23;

/// A cluster with more marks than any script or emoji needs counts again for each so many code points, so that a
/// short post can't be a tower of accents.
const CLUSTER_CHARS: usize = 12;

/// The length of a post with its content warning, in grapheme clusters.
///
/// In the text a link counts [`LINK_CHARS`] and the domain of a mention nothing; in the warning everything counts.
pub fn count(text: &str, warning: &str) -> usize {
    let mut counted = String::with_capacity(text.len());
    let mut from = 0;
    for found in scan(text) {
        counted.push_str(&text[from..found.start]);
        match found.what {
            What::Link(_) => counted.extend(std::iter::repeat_n('x', LINK_CHARS)),
            What::Mention {
                name,
                domain: Some(_),
            } => {
                counted.push('@');
                counted.push_str(name);
            }
            What::Mention { .. } | What::Tag(_) | What::Refused => {
                counted.push_str(&text[found.start..found.end]);
            }
        }
        from = found.end;
    }
    counted.push_str(&text[from..]);
    clusters(&counted) + clusters(warning)
}

fn clusters(text: &str) -> usize {
    if text.is_ascii() && !text.contains('\r') {
        return text.len();
    }
    text.graphemes(true)
        .map(|cluster| cluster.chars().count().div_ceil(CLUSTER_CHARS))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_counts_23_whatever_its_length() {
        assert_eq!(count("https://a.example/", ""), 23);
        assert_eq!(count(&format!("x https://a.example/{}", "y".repeat(500)), ""), 25);
        assert_eq!(count("https://", ""), 8);
    }

    #[test]
    fn the_domain_of_a_mention_counts_nothing() {
        assert_eq!(count("hi @alice@far.example!", ""), count("hi @alice!", ""));
    }

    #[test]
    fn the_warning_counts_as_it_is() {
        assert_eq!(count("abc", "https://a.example/"), 3 + 18);
    }

    #[test]
    fn what_looks_like_one_character_counts_one() {
        assert_eq!(count("e\u{301}", ""), 1);
        assert_eq!(count("👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿🇨🇭", ""), 3);
    }

    #[test]
    fn a_tower_of_accents_is_not_one_character() {
        assert_eq!(count(&format!("e{}", "\u{301}".repeat(1199)), ""), 100);
    }
}
