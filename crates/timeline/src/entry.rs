//! What a timeline is made of, and what is asked of it.

use bauta_model::{AccountId, PostId, Visibility};

/// A post or a boost, as far as timelines need to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The post, or the boost itself.
    pub id: PostId,
    /// Who posted or boosted.
    pub author: AccountId,
    /// The boosted post and its author.
    pub boost_of: Option<(PostId, AccountId)>,
    /// Whom it answers.
    pub reply_to: Option<AccountId>,
    /// Who may read it.
    pub visibility: Visibility,
}

/// A piece of a timeline, in Mastodon's terms. Answers are newest first, whatever was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Only what is older than this.
    pub max_id: Option<PostId>,
    /// Only what is newer than this; the newest of it.
    pub since_id: Option<PostId>,
    /// Only what is newer than this; the oldest of it, which is the page right above. It wins over `since_id`.
    pub min_id: Option<PostId>,
    /// At most so many.
    pub limit: usize,
}

impl Page {
    /// The newest `limit`.
    pub const fn newest(limit: usize) -> Self {
        Self {
            max_id: None,
            since_id: None,
            min_id: None,
            limit,
        }
    }
}

/// What memory can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Exactly what was asked, newest first.
    Page(Vec<Entry>),
    /// The answer lies below what memory holds: ask the store.
    Cold,
}

/// How far into an author's posts somebody may look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// A stranger: public and unlisted.
    Open,
    /// A follower: also what is for followers.
    Follower,
    /// The author: everything.
    Own,
}

impl Reach {
    pub(crate) const fn takes(self, visibility: Visibility) -> bool {
        match visibility {
            Visibility::Public | Visibility::Unlisted => true,
            Visibility::Followers => !matches!(self, Self::Open),
            Visibility::Direct => matches!(self, Self::Own),
        }
    }
}

/// Which of an author's posts are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthorFilter {
    /// Who looks.
    pub reach: Reach,
    /// With replies to others. Replies to oneself are always in.
    pub replies: bool,
    /// With boosts.
    pub boosts: bool,
}

/// An [`Entry`] in 40 bytes.
#[derive(Clone, Copy)]
pub(crate) struct Slim {
    pub id: PostId,
    pub author: AccountId,
    boosted: PostId,
    /// The boosted author, or the answered one.
    other: AccountId,
    bits: u8,
}

const IS_BOOST: u8 = 1;
const IS_REPLY: u8 = 2;
const VISIBILITY_SHIFT: u32 = 2;
const VISIBILITY: u8 = 3 << VISIBILITY_SHIFT;
const GONE: u8 = 16;

impl Slim {
    pub fn boost_of(&self) -> Option<(PostId, AccountId)> {
        (self.bits & IS_BOOST != 0).then_some((self.boosted, self.other))
    }

    pub fn reply_to(&self) -> Option<AccountId> {
        (self.bits & IS_REPLY != 0).then_some(self.other)
    }

    pub fn visibility(&self) -> Visibility {
        let code = (self.bits & VISIBILITY) >> VISIBILITY_SHIFT;
        Visibility::from_code(i16::from(code)).expect("two bits hold one of the four visibilities")
    }

    /// The post that a reader would see: two entries with one subject are a repetition.
    pub fn subject(&self) -> PostId {
        if self.bits & IS_BOOST == 0 {
            self.id
        } else {
            self.boosted
        }
    }

    pub const fn is_boost(&self) -> bool {
        self.bits & IS_BOOST != 0
    }

    pub const fn is_gone(&self) -> bool {
        self.bits & GONE != 0
    }

    /// Empties the entry. Its id stays, for the order; nothing else does.
    pub const fn erase(&mut self) {
        self.author = AccountId::new(0);
        self.boosted = PostId::new(0);
        self.other = AccountId::new(0);
        self.bits = GONE;
    }

    /// Begins a thread, or goes on with its author's own.
    pub fn stands_alone(&self) -> bool {
        self.reply_to().is_none_or(|to| to == self.author)
    }
}

impl From<&Entry> for Slim {
    fn from(entry: &Entry) -> Self {
        let (boosted, other, kind) = match (entry.boost_of, entry.reply_to) {
            (Some((post, author)), _) => (post, author, IS_BOOST),
            (None, Some(author)) => (PostId::new(0), author, IS_REPLY),
            (None, None) => (PostId::new(0), AccountId::new(0), 0),
        };
        Self {
            id: entry.id,
            author: entry.author,
            boosted,
            other,
            bits: kind | (entry.visibility.code() as u8) << VISIBILITY_SHIFT,
        }
    }
}

impl From<&Slim> for Entry {
    fn from(slim: &Slim) -> Self {
        Self {
            id: slim.id,
            author: slim.author,
            boost_of: slim.boost_of(),
            reply_to: slim.reply_to(),
            visibility: slim.visibility(),
        }
    }
}
