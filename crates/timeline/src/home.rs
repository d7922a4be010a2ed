//! Merging a home timeline from tails, keeping it, and letting new entries join.

use std::collections::{BinaryHeap, VecDeque};

use bauta_model::{AccountId, PostId};

use crate::entry::{Answer, Page, Slim};
use crate::log::{Log, NOTHING};
use crate::pick::pick;
use crate::reader::{Reader, Relations};
use crate::repeats::{REPEAT_WITHIN, Repeats};

/// Entries that are kept merged for a reader: ten pages of an app.
pub(crate) const KEPT: usize = 400;

/// With more news than this, merging anew costs less than looking at each.
const MANY_NEWS: u64 = 2048;

/// Entries of a merge that reaches further back than what is kept. Beyond it the store is asked.
const DEEPEST: usize = 4096;

/// A home timeline as it was last merged.
pub(crate) struct Home {
    merged: Merged,
    /// The number of the first entry that was not looked at.
    next: u64,
    removals: u64,
    /// What the merge rests on; nothing while there is none.
    basis: Option<Basis>,
}

/// When one of these changes, a merge is void.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Basis {
    epoch: u64,
    relations: u64,
}

/// A stretch of a home timeline.
struct Merged {
    /// Numbers of what belongs into it, repetitions included, ascending.
    numbers: VecDeque<u64>,
    /// Whether each is shown, or is a repetition.
    shown: VecDeque<bool>,
    /// Entries at or below this id are not in here. [`NOTHING`]: there are none.
    floor: PostId,
}

impl Home {
    pub const fn new() -> Self {
        Self {
            merged: Merged::nothing(),
            next: 0,
            removals: 0,
            basis: None,
        }
    }
}

/// The reader's page.
pub(crate) fn read(log: &Log, reader: &Reader, page: &Page) -> Answer {
    let relations = reader.relations();
    let mut home = reader.home.lock();
    home.refresh(log, &relations);
    match home.merged.page(log, page) {
        Answer::Cold if page.min_id.is_none() && home.merged.numbers.len() >= KEPT => {
            deep(log, &relations, page)
        }
        answer => answer,
    }
}

/// A page from further back than what is kept, merged for this once.
fn deep(log: &Log, relations: &Relations, page: &Page) -> Answer {
    let below = page.max_id.map_or(log.end(), |max| log.number_of(max));
    let mut count = page.limit * 2 + REPEAT_WITHIN * 2;
    loop {
        let merged = Merged::from_tails(log, relations, below, count);
        let exhausted = merged.numbers.len() < count;
        match merged.page(log, page) {
            Answer::Cold if !exhausted && count < DEEPEST => count *= 2,
            answer => return answer,
        }
    }
}

impl Home {
    fn refresh(&mut self, log: &Log, relations: &Relations) {
        let basis = Some(Basis {
            epoch: log.epoch(),
            relations: relations.version,
        });
        if self.basis != basis || self.next < log.first() || log.end() - self.next > MANY_NEWS {
            self.merged = Merged::from_tails(log, relations, log.end(), KEPT);
            self.basis = basis;
        } else {
            self.merged.drop_evicted(log);
            if self.removals != log.removals() {
                self.merged.drop_removed(log);
            }
            for number in self.next..log.end() {
                let entry = log.at(number);
                if log.is_shown(entry) && relations.want(entry) {
                    self.merged.push(log, number);
                }
            }
            self.merged.shorten(log);
        }
        self.next = log.end();
        self.removals = log.removals();
    }
}

impl Merged {
    const fn nothing() -> Self {
        Self {
            numbers: VecDeque::new(),
            shown: VecDeque::new(),
            floor: NOTHING,
        }
    }

    /// The newest `count` entries for a reader whose numbers are below `below`.
    fn from_tails(log: &Log, relations: &Relations, below: u64, count: usize) -> Self {
        let mut merged = Self {
            floor: NOTHING,
            ..Self::nothing()
        };
        // The newest number of each tail that is not taken yet, with the place it has there.
        let mut heads: BinaryHeap<(u64, usize, AccountId)> =
            BinaryHeap::with_capacity(relations.follows.len() + 1);
        merged.floor = log.floor_of(relations.id);
        let own = std::iter::once(relations.id).filter(|id| !relations.follows.contains_key(id));
        for author in relations.follows.keys().copied().chain(own) {
            merged.floor = merged.floor.max(log.floor_of(author));
            let Some(tail) = log.tail(author) else { continue };
            let end = if below == log.end() {
                tail.numbers.len()
            } else {
                tail.numbers.partition_point(|number| *number < below)
            };
            if let Some(place) = end.checked_sub(1) {
                heads.push((tail.numbers[place], place, author));
            }
        }
        while let Some(mut head) = heads.peek_mut() {
            let (number, place, author) = *head;
            let entry = log.at(number);
            if merged.numbers.len() == count {
                merged.floor = merged.floor.max(entry.id);
                break;
            }
            if log.is_shown(entry) && relations.want(entry) {
                merged.numbers.push_front(number);
            }
            match (place.checked_sub(1), log.tail(author)) {
                (Some(older), Some(tail)) => *head = (tail.numbers[older], older, author),
                _ => {
                    std::collections::binary_heap::PeekMut::pop(head);
                }
            }
        }
        merged.find_repeats(log);
        merged
    }

    /// Says of each entry whether it is shown.
    fn find_repeats(&mut self, log: &Log) {
        let mut repeats = Repeats::default();
        self.shown.clear();
        for number in &self.numbers {
            let entry = log.at(*number);
            let boosted = entry.boost_of().map(|(post, _)| post);
            self.shown.push_back(!repeats.next(entry.id, boosted));
        }
    }

    /// Takes a new entry in: what [`Repeats`] would say of it.
    fn push(&mut self, log: &Log, number: u64) {
        let entry = log.at(number);
        let repeats = entry.is_boost()
            && self
                .numbers
                .iter()
                .rev()
                .take(REPEAT_WITHIN)
                .any(|before| log.at(*before).subject() == entry.subject());
        self.numbers.push_back(number);
        self.shown.push_back(!repeats);
    }

    /// Keeps the newest [`KEPT`].
    fn shorten(&mut self, log: &Log) {
        while self.numbers.len() > KEPT {
            if let Some(number) = self.numbers.pop_front() {
                self.floor = self.floor.max(log.at(number).id);
            }
            self.shown.pop_front();
        }
    }

    fn drop_evicted(&mut self, log: &Log) {
        while self.numbers.front().is_some_and(|number| *number < log.first()) {
            self.numbers.pop_front();
            self.shown.pop_front();
            self.floor = self.floor.max(log.evicted());
        }
    }

    fn drop_removed(&mut self, log: &Log) {
        self.numbers.retain(|number| log.is_shown(log.at(*number)));
        self.find_repeats(log);
    }

    fn page(&self, log: &Log, page: &Page) -> Answer {
        pick(log, &self.numbers, page, self.edge(log), |place, _: &Slim| {
            self.shown[place]
        })
    }

    /// What lies at or below this id can't be relied on: where something older is missing, nobody knows whether a
    /// boost among the first entries repeats it.
    fn edge(&self, log: &Log) -> PostId {
        if self.floor == NOTHING {
            return NOTHING;
        }
        let unsure = |(number, shown): (&u64, &bool)| {
            let entry = log.at(*number);
            (*shown && entry.is_boost()).then_some(entry.id)
        };
        let first = self.numbers.iter().zip(&self.shown).take(REPEAT_WITHIN);
        first.filter_map(unsure).fold(self.floor, PostId::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::Entry;
    use crate::marks::Marks;
    use crate::reader::ReaderSeed;
    use bauta_model::Visibility;

    #[test]
    fn what_is_kept_for_a_reader_does_not_grow() {
        let me = AccountId::new(1);
        let reader = Reader::new(ReaderSeed {
            id: me,
            follows: Vec::new(),
            hidden: Vec::new(),
            apart: Vec::new(),
            tags: Vec::new(),
            marks: Marks::whole(),
        });
        let mut log = Log::new(100_000);
        log.load([], true);
        for id in 1..=2000 {
            let visibility = Visibility::Public;
            log.append(&Entry {
                id: PostId::new(id),
                author: me,
                boost_of: None,
                reply_to: None,
                visibility,
            });
            read(&log, &reader, &Page::newest(20));
            let home = reader.home.lock();
            assert!(home.merged.numbers.len() <= KEPT && home.merged.shown.len() <= KEPT);
        }
    }
}
