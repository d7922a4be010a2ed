//! A reader: whom they follow and hide, what they marked, and their home timeline as it was last merged.

use std::ops::Deref;

use bauta_model::{AccountId, PostId};
use parking_lot::{Mutex, RwLock};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::entry::Slim;
use crate::home::Home;
use crate::marks::{Mark, Marks};

/// A follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Follow {
    /// Who is followed.
    pub account: AccountId,
    /// With what they boost.
    pub boosts: bool,
}

/// What the store knows of a reader, for [`crate::Timelines::put_reader`].
pub struct ReaderSeed {
    /// The reader.
    pub id: AccountId,
    /// Accepted follows.
    pub follows: Vec<Follow>,
    /// Muted, blocked, and blocking accounts: never shown to this reader.
    pub hidden: Vec<AccountId>,
    /// Followed accounts that are read in a list of their own: not in the home timeline.
    pub apart: Vec<AccountId>,
    /// Hashtags that the reader follows, in lower case and without `#`.
    pub tags: Vec<String>,
    /// What the reader marked.
    pub marks: Marks,
}

/// A reader with their timeline, shared by the requests that read it.
pub struct Reader {
    id: AccountId,
    tags: Vec<String>,
    relations: RwLock<Relations>,
    marks: RwLock<Marks>,
    pub(crate) home: Mutex<Home>,
}

/// Whom a reader follows and hides.
pub(crate) struct Relations {
    pub id: AccountId,
    /// With whether their boosts are shown.
    pub follows: FxHashMap<AccountId, bool>,
    pub hidden: FxHashSet<AccountId>,
    pub apart: FxHashSet<AccountId>,
    /// Grows with every change.
    pub version: u64,
}

impl Reader {
    pub(crate) fn new(seed: ReaderSeed) -> Self {
        let follows = seed
            .follows
            .into_iter()
            .map(|follow| (follow.account, follow.boosts))
            .collect();
        Self {
            id: seed.id,
            tags: seed.tags,
            relations: RwLock::new(Relations {
                id: seed.id,
                follows,
                hidden: seed.hidden.into_iter().collect(),
                apart: seed.apart.into_iter().collect(),
                version: 0,
            }),
            marks: RwLock::new(seed.marks),
            home: Mutex::new(Home::new()),
        }
    }

    /// Who reads.
    pub const fn id(&self) -> AccountId {
        self.id
    }

    /// Whether they follow `account`.
    pub fn follows(&self, account: AccountId) -> bool {
        self.relations.read().follows.contains_key(&account)
    }

    /// Whether they mute or block `account`, or are blocked by it.
    pub fn hides(&self, account: AccountId) -> bool {
        self.relations.read().hidden.contains(&account)
    }

    /// Hashtags that they follow.
    pub fn tags(&self) -> &[String] {
        &self.tags
    }

    /// The marks, locked for as long as the answer lives: take it once for a page, and not across an await.
    pub fn marks(&self) -> impl Deref<Target = Marks> + '_ {
        self.marks.read()
    }

    pub(crate) fn mark(&self, mark: Mark, post: PostId, on: bool) {
        self.marks.write().set(mark, post, on);
    }

    pub(crate) fn relations(&self) -> impl Deref<Target = Relations> + '_ {
        self.relations.read()
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Relations)) {
        let mut relations = self.relations.write();
        change(&mut relations);
        relations.version += 1;
    }

    /// Bytes in memory, about.
    pub(crate) fn weight(&self) -> usize {
        let relations = self.relations.read();
        // A key, a flag and the room that a table leaves free; 9 bytes for each place of the merged timeline.
        size_of::<Self>()
            + (relations.follows.capacity() + relations.hidden.capacity() + relations.apart.capacity()) * 18
            + self
                .tags
                .iter()
                .map(|tag| tag.len() + size_of::<String>())
                .sum::<usize>()
            + self.marks.read().weight()
            + crate::home::KEPT * 9
    }
}

impl Relations {
    /// Whether an entry belongs into this reader's home timeline, standing and repetitions aside: Mastodon's rules.
    pub fn want(&self, entry: &Slim) -> bool {
        if entry.visibility() == bauta_model::Visibility::Direct {
            return false;
        }
        if entry.author != self.id && self.apart.contains(&entry.author) {
            return false;
        }
        let hides = |account: AccountId| self.hidden.contains(&account);
        if let Some((_, boosted)) = entry.boost_of() {
            return !hides(boosted)
                && (entry.author == self.id
                    || self.follows.get(&entry.author) == Some(&true) && !hides(entry.author));
        }
        if entry.author == self.id {
            return true;
        }
        if !self.follows.contains_key(&entry.author) || hides(entry.author) {
            return false;
        }
        entry.reply_to().is_none_or(|to| {
            to == entry.author || to == self.id || (self.follows.contains_key(&to) && !hides(to))
        })
    }

    /// Whether an entry of somebody who is in a list of this reader's belongs into that list. `answers` tells whether the
    /// list shows a reply to that account.
    pub fn want_in_list(&self, entry: &Slim, answers: impl Fn(AccountId) -> bool) -> bool {
        let hides = |account: AccountId| self.hidden.contains(&account);
        let follows = self.follows.get(&entry.author);
        let (Some(boosts), false) = (follows, hides(entry.author)) else {
            return false;
        };
        if entry.visibility() == bauta_model::Visibility::Direct {
            return false;
        }
        match entry.boost_of() {
            Some((_, boosted)) => *boosts && !hides(boosted),
            None => entry
                .reply_to()
                .is_none_or(|to| to == entry.author || to == self.id || answers(to)),
        }
    }
}
