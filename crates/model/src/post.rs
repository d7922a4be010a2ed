//! Posts: what people say.

use crate::{
    AccountId, Attachment, CoarseTime, Handle, LinkCard, Poll, PostId, Quote, QuotePolicy, ReplyPolicy,
};

/// A post, or a boost of one (then it has no text of its own).
#[derive(Clone, Debug, PartialEq)]
pub struct Post {
    /// Slot of publication and sequence.
    pub id: PostId,
    /// Who speaks.
    pub author: AccountId,
    /// The post that this one answers, while it is there.
    pub in_reply_to: Option<PostId>,
    /// Whose post this one answers; it stays when that post is deleted.
    pub in_reply_to_author: Option<AccountId>,
    /// The first post of the thread (itself, if it begins one).
    pub thread: PostId,
    /// The post that this one boosts.
    pub boost_of: Option<PostId>,
    /// Who may read it.
    pub visibility: Visibility,
    /// Media are hidden until asked for.
    pub sensitive: bool,
    /// The content warning; empty if there is none.
    pub warning: String,
    /// The text as typed, links cleaned.
    pub text: String,
    /// The text as sanitised HTML, rendered once.
    pub html: String,
    /// ISO 639 code.
    pub language: Option<String>,
    /// Slot of the last edit.
    pub edited: Option<CoarseTime>,
    /// Whom it names.
    pub mentions: Vec<Mention>,
    /// Its hashtags, lower case, without `#`.
    pub tags: Vec<String>,
    /// Its media, in the author's order.
    pub media: Vec<Attachment>,
    /// What it asks its readers, if it does.
    pub poll: Option<Poll>,
    /// The post that it shows, if it does.
    pub quote: Option<Quote>,
    /// Who may quote it.
    pub quote_policy: QuotePolicy,
    /// Who may answer it.
    pub reply_policy: ReplyPolicy,
    /// What the page says of itself that it links to, if that was asked.
    pub card: Option<LinkCard>,
    /// Live replies.
    pub replies_count: i64,
    /// Boosts.
    pub boosts_count: i64,
    /// Public and unlisted quotes that its author lets be.
    pub quotes_count: i64,
    /// Favourites.
    pub favourites_count: i64,
    /// On its author's page, on top.
    pub pinned: bool,
    /// What moderators decided.
    pub state: PostState,
}

impl Post {
    /// A post without words that begins a thread.
    pub const fn new(id: PostId, author: AccountId, visibility: Visibility) -> Self {
        Self {
            id,
            author,
            in_reply_to: None,
            in_reply_to_author: None,
            thread: id,
            boost_of: None,
            visibility,
            sensitive: false,
            warning: String::new(),
            text: String::new(),
            html: String::new(),
            language: None,
            edited: None,
            mentions: Vec::new(),
            tags: Vec::new(),
            media: Vec::new(),
            poll: None,
            quote: None,
            quote_policy: QuotePolicy::Nobody,
            reply_policy: ReplyPolicy::Everybody,
            card: None,
            replies_count: 0,
            boosts_count: 0,
            quotes_count: 0,
            favourites_count: 0,
            pinned: false,
            state: PostState::Live,
        }
    }
}

/// An account that a post names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The account.
    pub account: AccountId,
    /// Its handle when the post was read from the store.
    pub handle: Handle,
}

/// What moderators decided about a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostState {
    /// Nothing.
    Live,
    /// Hidden from everyone but its author and moderators.
    Hidden,
}

impl PostState {
    /// The stored number.
    pub const fn code(self) -> i16 {
        match self {
            Self::Live => 0,
            Self::Hidden => 1,
        }
    }

    /// Reads the stored number.
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            0 => Some(Self::Live),
            1 => Some(Self::Hidden),
            _ => None,
        }
    }
}

/// Who may read a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Everyone, for good; in public lists and search.
    Public,
    /// Everyone who has the link or the profile; in no public list.
    Unlisted,
    /// Followers and whom it names.
    Followers,
    /// Whom it names. Operators can read it: it is not end-to-end encrypted.
    Direct,
}

/// The audience that everybody is in (ActivityPub § 5.6).
pub const EVERYBODY: &str = "https://www.w3.org/ns/activitystreams#Public";

/// Every spelling of [`EVERYBODY`].
pub fn is_everybody(audience: &str) -> bool {
    matches!(audience, EVERYBODY | "as:Public" | "Public")
}

impl Visibility {
    /// Who may read what is addressed so: what is neither for everybody nor for followers is for those whom it names.
    pub fn addressed(to: &[&str], cc: &[&str], is_followers: impl Fn(&str) -> bool) -> Self {
        let everybody = |list: &[&str]| list.iter().any(|one| is_everybody(one));
        if everybody(to) {
            Self::Public
        } else if everybody(cc) {
            Self::Unlisted
        } else if to.iter().chain(cc).any(|one| is_followers(one)) {
            Self::Followers
        } else {
            Self::Direct
        }
    }

    /// Every visibility, widest first.
    pub const ALL: [Self; 4] = [Self::Public, Self::Unlisted, Self::Followers, Self::Direct];

    /// The stored number. A higher one reaches fewer people.
    pub const fn code(self) -> i16 {
        match self {
            Self::Public => 0,
            Self::Unlisted => 1,
            Self::Followers => 2,
            Self::Direct => 3,
        }
    }

    /// Reads the stored number.
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            0 => Some(Self::Public),
            1 => Some(Self::Unlisted),
            2 => Some(Self::Followers),
            3 => Some(Self::Direct),
            _ => None,
        }
    }

    /// Mastodon's word for it.
    pub const fn as_api(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Unlisted => "unlisted",
            Self::Followers => "private",
            Self::Direct => "direct",
        }
    }

    /// Reads Mastodon's word.
    pub fn from_api(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|visibility| visibility.as_api() == word)
    }

    /// Anybody may read it, with or without an account.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Public | Self::Unlisted)
    }
}
