//! Repetitions of a home timeline: the one rule, for what is merged in memory and for what the store gives.

use bauta_model::PostId;
use rustc_hash::FxHashMap;

/// A boosted post is shown once within so many entries (Mastodon's number).
pub const REPEAT_WITHIN: usize = 40;

/// Looks at the entries of a home timeline, oldest first. A boost repeats where its post, or another boost of it, is
/// among the [`REPEAT_WITHIN`] entries before it, repetitions included.
#[derive(Default)]
pub struct Repeats {
    /// Where each post was met last.
    last: FxHashMap<PostId, usize>,
    place: usize,
}

impl Repeats {
    /// Whether the next entry repeats: the post `id`, or a boost of that name of `boosted`.
    pub fn next(&mut self, id: PostId, boosted: Option<PostId>) -> bool {
        let place = self.place;
        self.place += 1;
        let before = self.last.insert(boosted.unwrap_or(id), place);
        boosted.is_some() && before.is_some_and(|before| place - before <= REPEAT_WITHIN)
    }
}
