//! Timelines: lists of posts, newest first. From memory while it reaches, from the store beyond.

mod cold_home;
mod home;
mod local;
mod profile;
mod saved;
mod tag;
#[cfg(test)]
mod tests;
mod warm;

pub use bauta_timeline::Page;
pub use home::home;
pub use local::{local, local_media};
pub use profile::{Of, profile};
pub use saved::{bookmarks, favourites};
pub use tag::{Tags, tag, tags};
pub use warm::warm;

use bauta_model::PostId;
use bauta_timeline::Entry;

fn ids(entries: &[Entry]) -> Vec<PostId> {
    entries.iter().map(|entry| entry.id).collect()
}

/// The page as the store takes it.
pub(crate) fn stored(page: &Page) -> bauta_store::timelines::Page {
    bauta_store::timelines::Page {
        below: page.max_id,
        since: page.since_id,
        right_above: page.min_id,
        limit: page.limit,
    }
}
