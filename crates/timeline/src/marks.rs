//! What a reader did with posts: favourited, boosted, bookmarked, pinned, muted the thread.

use bauta_model::PostId;
use rustc_hash::{FxHashMap, FxHashSet};

/// Something that a reader does with a post, and can take back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Favourited.
    Favourite,
    /// Boosted.
    Boost,
    /// Bookmarked.
    Bookmark,
    /// Pinned on the own profile.
    Pin,
    /// Wants no more notifications of the thread; the post is its first.
    MuteThread,
}

impl Mark {
    const fn bit(self) -> u8 {
        match self {
            Self::Favourite => 1,
            Self::Boost => 2,
            Self::Bookmark => 4,
            Self::Pin => 8,
            Self::MuteThread => 0,
        }
    }
}

/// The flags of one post for one reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// Favourited.
    pub favourited: bool,
    /// Boosted.
    pub boosted: bool,
    /// Bookmarked.
    pub bookmarked: bool,
    /// Pinned.
    pub pinned: bool,
    /// The thread is muted.
    pub muted: bool,
}

/// The marks of a reader, as far back as they were loaded.
#[derive(Default)]
pub struct Marks {
    posts: FxHashMap<PostId, u8>,
    muted: FxHashSet<PostId>,
    /// Marks of older posts are not held.
    since: Option<PostId>,
}

impl Marks {
    /// Marks that hold everything the reader ever marked; fill them with [`Marks::set`].
    pub fn whole() -> Self {
        Self::default()
    }

    /// Marks of posts from `since` on alone. Muted threads must be there all the same: they are few.
    pub fn since(since: PostId) -> Self {
        Self {
            since: Some(since),
            ..Self::default()
        }
    }

    /// Sets a mark or takes it back.
    pub fn set(&mut self, mark: Mark, post: PostId, on: bool) {
        if mark == Mark::MuteThread {
            if on {
                self.muted.insert(post);
            } else {
                self.muted.remove(&post);
            }
            return;
        }
        let bits = self.posts.get(&post).copied().unwrap_or(0);
        match if on { bits | mark.bit() } else { bits & !mark.bit() } {
            0 => self.posts.remove(&post),
            bits => self.posts.insert(post, bits),
        };
    }

    /// The flags of a post in a thread, or nothing where the post is older than what was loaded: ask the store.
    pub fn flags(&self, post: PostId, thread: PostId) -> Option<Flags> {
        if self.since.is_some_and(|since| post < since) {
            return None;
        }
        let bits = self.posts.get(&post).copied().unwrap_or(0);
        let has = |mark: Mark| bits & mark.bit() != 0;
        Some(Flags {
            favourited: has(Mark::Favourite),
            boosted: has(Mark::Boost),
            bookmarked: has(Mark::Bookmark),
            pinned: has(Mark::Pin),
            muted: self.is_muted(thread),
        })
    }

    /// Whether the thread that begins with `thread` is muted.
    pub fn is_muted(&self, thread: PostId) -> bool {
        self.muted.contains(&thread)
    }

    pub(crate) fn weight(&self) -> usize {
        // A key, a byte and the room that a table leaves free.
        (self.posts.capacity() + self.muted.capacity()) * 18
    }
}
