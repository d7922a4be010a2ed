//! The timelines of a server: one log of what was said, and the readers who were here last.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bauta_model::{AccountId, PostId, Standing, Visibility};
use parking_lot::RwLock;

use crate::cache::{Cache, Limits as CacheLimits, Ticket};
use crate::entry::{Answer, AuthorFilter, Entry, Page, Slim};
use crate::home;
use crate::log::Log;
use crate::marks::Mark;
use crate::pick::pick;
use crate::reader::{Reader, ReaderSeed};

/// How much memory the timelines may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Entries held, newest first; each takes some 60 bytes.
    pub entries: usize,
    /// Readers held, those who read last.
    pub readers: CacheLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 65_536,
            readers: CacheLimits {
                count: 20_000,
                bytes: 64 << 20,
            },
        }
    }
}

/// Home, local and author timelines in memory. Every method takes `&self` and is short.
///
/// Service tells it of every change after the change is committed, and asks the store when the answer is
/// [`Answer::Cold`].
pub struct Timelines {
    log: RwLock<Log>,
    ready: AtomicBool,
    readers: Cache<AccountId, Reader>,
}

impl Timelines {
    /// Empty timelines, which answer [`Answer::Cold`] until they are loaded and ready.
    pub fn new(limits: Limits) -> Self {
        Self {
            log: RwLock::new(Log::new(limits.entries)),
            ready: AtomicBool::new(false),
            readers: Cache::new(limits.readers, Reader::weight),
        }
    }

    /// Takes a new entry in. The store's writer calls it in the order of ids, after the commit and before the answer.
    /// Its cost does not depend on how many follow the author. A held post may come later than its id.
    pub fn append(&self, entry: &Entry) {
        self.log.write().append(entry);
    }

    /// Takes a deleted post or boost away, with whatever boosts it.
    pub fn remove(&self, post: PostId) {
        self.log.write().remove(post);
    }

    /// Takes a deleted account away, with its posts, its boosts, and boosts of its posts.
    pub fn remove_author(&self, author: AccountId) {
        self.log.write().remove_author(author);
        self.readers.invalidate(&author);
    }

    /// Hides a post and its boosts, or shows them again: what moderators decided. Hidden posts are not handed in at the
    /// start; one that is shown again is then to be appended again, which does nothing where it is held.
    pub fn set_hidden(&self, post: PostId, hidden: bool) {
        self.log.write().set_hidden(post, hidden);
    }

    /// What moderators decided about an account. Suspended: in no timeline. Limited: not in the local one.
    /// At the start it must be told of every account that is not in good standing.
    pub fn set_standing(&self, author: AccountId, standing: Standing) {
        self.log.write().set_standing(author, standing);
    }

    /// Takes in the past, once, in any order, while posts are appended already. `whole`: there is nothing older.
    /// At most [`Limits::entries`] of the newest are kept, so there is no use in handing in more.
    pub fn load(&self, entries: impl IntoIterator<Item = Entry>, whole: bool) {
        self.log.write().load(entries, whole);
    }

    /// Lets questions be answered. Called after [`Timelines::load`] and the standings.
    pub fn set_ready(&self) {
        self.ready.store(true, Ordering::Release);
    }

    /// Whether questions are answered.
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// Entries held.
    pub fn len(&self) -> usize {
        self.log.read().len()
    }

    /// Whether none is held.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The reader, if they are held.
    pub fn reader(&self, id: AccountId) -> Option<Arc<Reader>> {
        self.readers.get(&id)
    }

    /// To be taken before a reader is loaded from the store.
    pub fn reader_ticket(&self, id: AccountId) -> Ticket {
        self.readers.ticket(&id)
    }

    /// Holds a reader that was loaded after `ticket` was taken. Where something changed in between, the answer serves
    /// this one request and is not held.
    pub fn put_reader(&self, ticket: Ticket, seed: ReaderSeed) -> Arc<Reader> {
        let (id, reader) = (seed.id, Arc::new(Reader::new(seed)));
        self.readers.insert(ticket, id, Arc::clone(&reader));
        reader
    }

    /// Forgets a reader: the next request loads them anew.
    pub fn drop_reader(&self, id: AccountId) {
        self.readers.invalidate(&id);
    }

    /// `reader` set a mark on `post`, or took it back.
    pub fn mark(&self, reader: AccountId, mark: Mark, post: PostId, on: bool) {
        if let Some(reader) = self.readers.changed(&reader) {
            reader.mark(mark, post, on);
        }
    }

    /// `reader` follows `account` now, with or without what it boosts.
    pub fn follow(&self, reader: AccountId, account: AccountId, boosts: bool) {
        if let Some(reader) = self.readers.changed(&reader) {
            reader.change(|relations| {
                relations.follows.insert(account, boosts);
            });
        }
    }

    /// `reader` does not follow `account` any more.
    pub fn unfollow(&self, reader: AccountId, account: AccountId) {
        if let Some(reader) = self.readers.changed(&reader) {
            reader.change(|relations| {
                relations.follows.remove(&account);
                // A list holds only who is followed.
                relations.apart.remove(&account);
            });
        }
    }

    /// `reader` sees nothing of `account` any more (mute, block, being blocked), or sees it again. When an account is
    /// hidden for more than one reason, it is for the caller to know the last.
    pub fn hide(&self, reader: AccountId, account: AccountId, hidden: bool) {
        if let Some(reader) = self.readers.changed(&reader) {
            reader.change(|relations| {
                if hidden {
                    relations.hidden.insert(account);
                } else {
                    relations.hidden.remove(&account);
                }
            });
        }
    }

    /// A page of the reader's home timeline: what they and whom they follow posted, without direct posts, without
    /// replies to people they do not follow, and each boosted post once within forty.
    pub fn home(&self, reader: &Reader, page: &Page) -> Answer {
        if !self.is_ready() {
            return Answer::Cold;
        }
        home::read(&self.log.read(), reader, page)
    }

    /// A page of the local timeline: public posts that begin a thread, of accounts in good standing that `reader` does
    /// not hide.
    pub fn local(&self, reader: Option<&Reader>, page: &Page) -> Answer {
        if !self.is_ready() {
            return Answer::Cold;
        }
        let log = self.log.read();
        let relations = reader.map(Reader::relations);
        pick(&log, log.public(), page, log.floor_of_all(), |_, entry| {
            !log.is_hidden(entry)
                && log.standing(entry.author) == Standing::Good
                && relations
                    .as_ref()
                    .is_none_or(|relations| !relations.hidden.contains(&entry.author))
        })
    }

    /// Whether an entry belongs into `reader`'s home timeline; that a boost repeats another is not looked at.
    pub fn wants(&self, reader: &Reader, entry: &Entry) -> bool {
        let slim = Slim::from(entry);
        self.log.read().is_shown(&slim) && reader.relations().want(&slim)
    }

    /// Whether an entry of somebody who is in a list of `reader`'s belongs into that list. `answers` tells whether the
    /// list shows a reply to that account.
    pub fn is_in_list(&self, reader: &Reader, entry: &Entry, answers: impl Fn(AccountId) -> bool) -> bool {
        let slim = Slim::from(entry);
        self.log.read().is_shown(&slim) && reader.relations().want_in_list(&slim, answers)
    }

    /// Whether an entry belongs into the public timelines as `reader` sees them.
    pub fn is_in_public(&self, reader: &Reader, entry: &Entry) -> bool {
        let slim = Slim::from(entry);
        !slim.is_boost()
            && entry.visibility == Visibility::Public
            && slim.stands_alone()
            && self.is_shown_to(reader, entry)
    }

    /// Whether an author in good standing said it whom `reader` does not hide.
    pub fn is_shown_to(&self, reader: &Reader, entry: &Entry) -> bool {
        let log = self.log.read();
        log.is_shown(&Slim::from(entry))
            && log.standing(entry.author) == Standing::Good
            && !reader.hides(entry.author)
    }

    /// Whether somebody said it whom `reader` does not hide, whatever the author's standing but suspension.
    pub fn is_heard_by(&self, reader: &Reader, entry: &Entry) -> bool {
        self.log.read().is_shown(&Slim::from(entry)) && !reader.hides(entry.author)
    }

    /// A page of what `author` posted.
    pub fn author(&self, author: AccountId, filter: AuthorFilter, page: &Page) -> Answer {
        if !self.is_ready() {
            return Answer::Cold;
        }
        let log = self.log.read();
        let floor = log.floor_of(author);
        let none = std::collections::VecDeque::new();
        let numbers = log.tail(author).map_or(&none, |tail| &tail.numbers);
        pick(&log, numbers, page, floor, |_, entry| {
            log.is_shown(entry)
                && filter.reach.takes(entry.visibility())
                && (filter.boosts || !entry.is_boost())
                && (filter.replies || entry.stands_alone())
        })
    }
}
