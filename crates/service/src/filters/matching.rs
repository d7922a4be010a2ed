//! Which filters a post meets. Pure: what is compared is what a reader would read.

use bauta_model::{CoarseTime, Poll, Post, PostId};
use bauta_store::filters::Filter;

/// A filter that a post meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Met {
    /// The filter.
    pub filter: Filter,
    /// Its keywords that are in the post, as they were typed.
    pub keywords: Vec<String>,
    /// It is about this very post.
    pub post: Option<PostId>,
}

/// The filters in force at `now` that `post` meets.
pub(crate) fn met(filters: &[Filter], post: &Post, now: CoarseTime) -> Vec<Met> {
    let mut text = None;
    filters
        .iter()
        .filter(|filter| filter.until.is_none_or(|until| until > now))
        .filter_map(|filter| {
            let text = text.get_or_insert_with(|| readable(post));
            let keywords = filter.keywords.iter();
            let found = keywords.filter(|keyword| is_in(text, &keyword.keyword, keyword.whole_word));
            let keywords: Vec<String> = found.map(|keyword| keyword.keyword.clone()).collect();
            let this = filter
                .posts
                .iter()
                .find(|(_, id)| *id == post.id)
                .map(|(_, id)| *id);
            (!keywords.is_empty() || this.is_some()).then(|| Met {
                filter: filter.clone(),
                keywords,
                post: this,
            })
        })
        .collect()
}

/// Warning and words of a post, and the options of its poll, in lower case.
fn readable(post: &Post) -> String {
    let mut text = format!("{}\n{}", post.warning, bauta_text::plain(&post.html));
    for option in post.poll.iter().flat_map(Poll::titles) {
        text.extend(["\n", option]);
    }
    text.to_lowercase()
}

/// Whether `keyword` is in `text`, which is in lower case; as a whole word: where the letters or digits at its ends have
/// none beside them.
fn is_in(text: &str, keyword: &str, whole_word: bool) -> bool {
    let keyword = keyword.to_lowercase();
    if keyword.is_empty() {
        return false;
    }
    let of_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let (starts, ends) = (
        of_word(keyword.chars().next()),
        of_word(keyword.chars().next_back()),
    );
    text.match_indices(&keyword).any(|(at, found)| {
        let goes_on_before = starts && of_word(text[..at].chars().next_back());
        let goes_on_after = ends && of_word(text[at + found.len()..].chars().next());
        !whole_word || !(goes_on_before || goes_on_after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_whole_word_has_no_letter_beside_it() {
        for text in ["the bauta mask", "bauta", "(bauta)", "a-bauta.", "über bauta"] {
            assert!(is_in(text, "Bauta", true), "{text}");
        }
        for text in ["bautas", "abauta", "bauta_1", "übauta"] {
            assert!(
                !is_in(text, "bauta", true) && is_in(text, "bauta", false),
                "{text}"
            );
        }
        assert!(is_in("see #rivers", "#rivers", true));
        assert!(is_in("a#rivers", "#rivers", true), "a sign is its own border");
        assert!(is_in("xbauta bauta", "bauta", true), "the second place counts");
        assert!(!is_in("anything", "", false));
    }

    proptest! {
        #[test]
        fn no_text_and_no_keyword_make_it_panic(text in "\\PC{0,40}", keyword in "\\PC{0,8}", whole in any::<bool>()) {
            let text = text.to_lowercase();
            let found = is_in(&text, &keyword, whole);
            prop_assert!(!found || text.contains(&keyword.to_lowercase()));
        }
    }
}
