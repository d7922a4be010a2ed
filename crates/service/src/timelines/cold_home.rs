//! Pages of a home timeline that memory does not reach: from the store, by the same rule of repetitions.

use bauta_model::{AccountId, PostId};
use bauta_store::timelines::{Page, boosted, home};
use bauta_store::{Conn, Result};
use bauta_timeline::{REPEAT_WITHIN, Repeats};

/// The page of `reader`'s home timeline. Whether an entry repeats depends on those before it, so more is read than shown.
pub(super) fn page(conn: &mut Conn, reader: AccountId, page: &Page) -> Result<Vec<PostId>> {
    match page.right_above {
        Some(above) => upwards(conn, reader, page, above.max(page.since.unwrap_or(above))),
        None => downwards(conn, reader, page),
    }
}

/// The newest of the range.
fn downwards(conn: &mut Conn, reader: AccountId, page: &Page) -> Result<Vec<PostId>> {
    let since = page.since.unwrap_or(PostId::new(0));
    let mut entries: Vec<Entry> = Vec::new();
    let mut step = page.limit + REPEAT_WITHIN;
    loop {
        let older = Page {
            below: entries.last().map(|last| last.id).or(page.below),
            ..Page::newest(step)
        };
        let more = read(conn, reader, &older)?;
        let ended = more.len() < step;
        entries.extend(more);
        let sure = entries.len() - if ended { 0 } else { REPEAT_WITHIN };
        let reached = ended || entries[..sure].last().is_some_and(|last| last.id <= since);
        let mut found = shown(&entries, sure, since);
        if reached || found.len() >= page.limit {
            found.truncate(page.limit);
            return Ok(found);
        }
        step *= 2;
    }
}

/// The oldest of the range.
fn upwards(conn: &mut Conn, reader: AccountId, page: &Page, above: PostId) -> Result<Vec<PostId>> {
    let before = Page {
        below: Some(PostId::new(above.get().saturating_add(1))),
        ..Page::newest(REPEAT_WITHIN)
    };
    let mut repeats = Repeats::default();
    for entry in read(conn, reader, &before)?.iter().rev() {
        repeats.next(entry.id, entry.boosted);
    }
    let (mut found, mut from) = (Vec::new(), above);
    loop {
        let newer = Page {
            right_above: Some(from),
            since: None,
            ..*page
        };
        let more = read(conn, reader, &newer)?;
        for entry in more.iter().rev() {
            from = entry.id;
            if !repeats.next(entry.id, entry.boosted) && found.len() < page.limit {
                found.push(entry.id);
            }
        }
        if more.len() < page.limit || found.len() >= page.limit {
            found.reverse();
            return Ok(found);
        }
    }
}

/// An entry, as far as repetitions need to know it.
struct Entry {
    id: PostId,
    boosted: Option<PostId>,
}

fn read(conn: &mut Conn, reader: AccountId, page: &Page) -> Result<Vec<Entry>> {
    let ids = home(conn, reader, page)?;
    let boosted = boosted(conn, &ids)?;
    let entry = |id: PostId| Entry {
        id,
        boosted: boosted.get(&id).copied(),
    };
    Ok(ids.into_iter().map(entry).collect())
}

/// Those of the first `sure` above `since` that repeat nothing; the others are there to tell. Newest first, as given.
fn shown(entries: &[Entry], sure: usize, since: PostId) -> Vec<PostId> {
    let mut repeats = Repeats::default();
    let mut found = Vec::new();
    for (place, entry) in entries.iter().enumerate().rev() {
        let repeated = repeats.next(entry.id, entry.boosted);
        if place < sure && entry.id > since && !repeated {
            found.push(entry.id);
        }
    }
    found.reverse();
    found
}
