//! The newest entries of the server in the order of their ids, with an index by author. The oldest goes first.

use std::collections::VecDeque;

use bauta_model::{AccountId, PostId, Standing};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::entry::{Entry, Slim};

/// Where the numbers of entries begin. A number is never given twice within an epoch.
const FIRST: u64 = 1;

/// Below every id.
pub(crate) const NOTHING: PostId = PostId::new(0);

pub(crate) struct Log {
    capacity: usize,
    /// The number of the oldest entry; the others count on from it.
    first: u64,
    entries: VecDeque<Slim>,
    tails: FxHashMap<AccountId, Tail>,
    /// Numbers of public posts that begin a thread: the local timeline.
    public: VecDeque<u64>,
    /// Entries at or below this id are unknown, except in tails that say otherwise. [`NOTHING`]: all are known.
    floor: PostId,
    /// The newest entry that had to go for want of room.
    evicted: PostId,
    /// Tails that are empty and only tell how far they reached.
    spent: usize,
    /// Who is not in good standing.
    standing: FxHashMap<AccountId, Standing>,
    /// Posts that moderators hid since the start.
    hidden: FxHashSet<PostId>,
    /// Grows when numbers or the past have changed: whatever was merged before is void.
    epoch: u64,
    /// Grows when something was taken away.
    removals: u64,
    /// Until the start's load: what was taken away before it came.
    early: Option<Early>,
}

/// What an author said last.
pub(crate) struct Tail {
    pub numbers: VecDeque<u64>,
    /// The newest of the author's entries that had to go for want of room.
    pub floor: PostId,
}

/// What was taken away before the load came that may still hold it.
#[derive(Default)]
struct Early {
    posts: FxHashSet<PostId>,
    authors: FxHashSet<AccountId>,
}

impl Log {
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            first: FIRST,
            entries: VecDeque::new(),
            tails: FxHashMap::default(),
            public: VecDeque::new(),
            floor: NOTHING,
            evicted: NOTHING,
            spent: 0,
            standing: FxHashMap::default(),
            hidden: FxHashSet::default(),
            epoch: 0,
            removals: 0,
            early: Some(Early::default()),
        }
    }

    pub const fn first(&self) -> u64 {
        self.first
    }

    /// The number that the next entry will have.
    pub fn end(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    pub const fn epoch(&self) -> u64 {
        self.epoch
    }

    pub const fn removals(&self) -> u64 {
        self.removals
    }

    pub const fn evicted(&self) -> PostId {
        self.evicted
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// An entry by its number, which the caller knows to be held.
    pub fn at(&self, number: u64) -> &Slim {
        &self.entries[(number - self.first) as usize]
    }

    /// The number of the first entry that is not older than `id`.
    pub fn number_of(&self, id: PostId) -> u64 {
        self.first + self.entries.partition_point(|entry| entry.id < id) as u64
    }

    pub fn tail(&self, author: AccountId) -> Option<&Tail> {
        self.tails.get(&author)
    }

    pub const fn public(&self) -> &VecDeque<u64> {
        &self.public
    }

    /// Below what id something of `author` may be missing.
    pub fn floor_of(&self, author: AccountId) -> PostId {
        self.tail(author)
            .map_or(self.floor, |tail| self.floor.max(tail.floor))
    }

    /// Below what id something of anybody may be missing.
    pub fn floor_of_all(&self) -> PostId {
        self.floor.max(self.evicted)
    }

    pub fn standing(&self, author: AccountId) -> Standing {
        if self.standing.is_empty() {
            return Standing::Good;
        }
        self.standing.get(&author).copied().unwrap_or(Standing::Good)
    }

    /// Whether anybody but moderators may see the entry at all.
    pub fn is_shown(&self, entry: &Slim) -> bool {
        let suspended = |author| self.standing(author) == Standing::Suspended;
        !self.is_hidden(entry)
            && !suspended(entry.author)
            && !entry.boost_of().is_some_and(|(_, author)| suspended(author))
    }

    pub fn is_hidden(&self, entry: &Slim) -> bool {
        entry.is_gone() || (!self.hidden.is_empty() && self.hidden.contains(&entry.subject()))
    }

    pub fn append(&mut self, entry: &Entry) {
        match self.entries.back() {
            Some(last) if entry.id <= last.id => self.insert_late(entry),
            _ => {
                self.push(entry.into());
                self.make_room();
            }
        }
    }

    /// A post that was held keeps the id it got when it was written, and joins at its place in the past.
    fn insert_late(&mut self, entry: &Entry) {
        let place = self.entries.partition_point(|other| other.id < entry.id);
        let is_there = self.entries.get(place).is_some_and(|other| other.id == entry.id);
        if is_there {
            return;
        }
        if entry.id <= self.floor_of_all() {
            return self.note_missing(entry);
        }
        self.entries.insert(place, entry.into());
        self.number_again();
        self.make_room();
    }

    /// An entry from before what is held: all that is kept is that something is missing.
    fn note_missing(&mut self, entry: &Entry) {
        let tail = self.tails.entry(entry.author).or_insert_with(Tail::new);
        self.spent += usize::from(tail.numbers.is_empty() && tail.floor == NOTHING);
        tail.floor = tail.floor.max(entry.id);
        self.epoch += 1;
    }

    /// Puts the past before what was appended since the start. `whole`: there is nothing older than `entries`.
    pub fn load(&mut self, entries: impl IntoIterator<Item = Entry>, whole: bool) {
        let early = self.early.take().unwrap_or_default();
        let mut past: Vec<Slim> = entries.into_iter().map(|entry| Slim::from(&entry)).collect();
        for entry in &mut past {
            let taken = |post| early.posts.contains(&post);
            if taken(entry.id) || taken(entry.subject()) || early.authors.contains(&entry.author) {
                entry.erase();
            }
        }
        past.retain(|entry| !entry.is_gone());
        past.extend(self.entries.drain(..));
        past.sort_by_key(|entry| entry.id);
        past.dedup_by_key(|entry| entry.id);
        if !whole {
            // The oldest one is given up with it: asking the store for one page more is cheap.
            self.floor = self
                .floor
                .max(past.first().map_or(PostId::new(i64::MAX), |oldest| oldest.id));
        }
        self.entries = past.into();
        self.number_again();
        self.make_room();
    }

    fn number_again(&mut self) {
        let entries = std::mem::take(&mut self.entries);
        self.first = self.end().max(FIRST);
        for tail in self.tails.values_mut() {
            tail.numbers.clear();
        }
        self.public.clear();
        for entry in entries {
            self.push(entry);
        }
        self.spent = self.tails.values().filter(|tail| tail.numbers.is_empty()).count();
        self.epoch += 1;
    }

    fn push(&mut self, entry: Slim) {
        let number = self.end();
        if !entry.is_gone() {
            let tail = self.tails.entry(entry.author).or_insert_with(Tail::new);
            if tail.numbers.is_empty() && tail.floor != NOTHING {
                self.spent = self.spent.saturating_sub(1);
            }
            tail.numbers.push_back(number);
            if !entry.is_boost()
                && entry.visibility() == bauta_model::Visibility::Public
                && entry.stands_alone()
            {
                self.public.push_back(number);
            }
        }
        self.entries.push_back(entry);
    }

    fn make_room(&mut self) {
        while self.entries.len() > self.capacity {
            let Some(oldest) = self.entries.pop_front() else {
                return;
            };
            let number = self.first;
            self.first += 1;
            self.evicted = oldest.id;
            if self.public.front() == Some(&number) {
                self.public.pop_front();
            }
            if let Some(tail) = self.tails.get_mut(&oldest.author)
                && tail.numbers.front() == Some(&number)
            {
                tail.numbers.pop_front();
                tail.floor = tail.floor.max(oldest.id);
                self.spent += usize::from(tail.numbers.is_empty());
            }
        }
        self.forget_spent();
    }

    /// Tails that are empty only tell that something is missing. When there are many, the floor of all says it.
    fn forget_spent(&mut self) {
        if self.spent <= self.capacity / 4 + 64 {
            return;
        }
        let mut floor = self.floor;
        self.tails.retain(|_, tail| {
            let keep = !tail.numbers.is_empty();
            if !keep {
                floor = floor.max(tail.floor);
            }
            keep
        });
        self.floor = floor;
        self.spent = 0;
    }

    /// Takes a post away for good, with whatever boosts it.
    pub fn remove(&mut self, post: PostId) {
        if let Some(early) = &mut self.early {
            early.posts.insert(post);
        }
        self.erase_where(post, |entry| entry.id == post || entry.subject() == post);
    }

    /// Takes an account's posts and boosts away for good, with what boosts them.
    pub fn remove_author(&mut self, author: AccountId) {
        if let Some(early) = &mut self.early {
            early.authors.insert(author);
        }
        self.standing.remove(&author);
        self.erase_where(NOTHING, |entry| {
            entry.author == author || entry.boost_of().is_some_and(|(_, boosted)| boosted == author)
        });
        self.tails.remove(&author);
        self.number_again();
    }

    /// Erases what matches among the entries from `from` on: a boost has a higher id than its post.
    fn erase_where(&mut self, from: PostId, matches: impl Fn(&Slim) -> bool) {
        let start = self.entries.partition_point(|entry| entry.id < from);
        for (place, entry) in self.entries.iter_mut().enumerate().skip(start) {
            if entry.is_gone() || !matches(entry) {
                continue;
            }
            let number = self.first + place as u64;
            if let Some(tail) = self.tails.get_mut(&entry.author) {
                take_out(&mut tail.numbers, number);
            }
            take_out(&mut self.public, number);
            entry.erase();
        }
        self.removals += 1;
    }

    /// Hides a post from timelines, or shows it again: a decision of moderators that can be taken back.
    pub fn set_hidden(&mut self, post: PostId, hidden: bool) {
        if hidden {
            self.hidden.insert(post);
            self.removals += 1;
        } else {
            self.hidden.remove(&post);
            self.epoch += 1;
        }
    }

    pub fn set_standing(&mut self, author: AccountId, standing: Standing) {
        if standing == Standing::Good {
            self.standing.remove(&author);
        } else {
            self.standing.insert(author, standing);
        }
        self.epoch += 1;
    }
}

fn take_out(numbers: &mut VecDeque<u64>, number: u64) {
    if let Ok(place) = numbers.binary_search(&number) {
        numbers.remove(place);
    }
}

impl Tail {
    const fn new() -> Self {
        Self {
            numbers: VecDeque::new(),
            floor: NOTHING,
        }
    }
}
