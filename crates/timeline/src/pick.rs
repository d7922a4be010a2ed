//! Choosing a page from numbers of entries that ascend.

use std::collections::VecDeque;

use bauta_model::PostId;

use crate::entry::{Answer, Entry, Page, Slim};
use crate::log::{Log, NOTHING};

/// The page of those entries that `keep` takes, told the place in `numbers`. Entries at or below `edge` are not to be
/// relied on: an answer that would need them is [`Answer::Cold`]. [`NOTHING`] as the edge says that there are no others.
pub(crate) fn pick(
    log: &Log,
    numbers: &VecDeque<u64>,
    page: &Page,
    edge: PostId,
    keep: impl Fn(usize, &Slim) -> bool,
) -> Answer {
    let first_above = |id: PostId| numbers.partition_point(|number| log.at(*number).id <= id);
    let end = page.max_id.map_or(numbers.len(), |max| {
        numbers.partition_point(|number| log.at(*number).id < max)
    });
    let entry = |place: usize| {
        let slim = log.at(numbers[place]);
        keep(place, slim).then(|| Entry::from(slim))
    };
    if let Some(min) = page.min_id {
        if min < edge {
            return Answer::Cold;
        }
        let start = first_above(min).min(end);
        let mut found: Vec<_> = (start..end).filter_map(entry).take(page.limit).collect();
        found.reverse();
        return Answer::Page(found);
    }
    let since = page.since_id.unwrap_or(NOTHING);
    let start = first_above(since.max(edge)).min(end);
    let found: Vec<_> = (start..end).rev().filter_map(entry).take(page.limit).collect();
    if found.len() == page.limit || since >= edge {
        Answer::Page(found)
    } else {
        Answer::Cold
    }
}
