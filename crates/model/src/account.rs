//! Accounts: the pseudonyms that speak here.

use crate::{AccountId, Handle, MediaId, Month};

/// An account as every reader may know it, and as its flags rule what readers see.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// Random.
    pub id: AccountId,
    /// The public name.
    pub handle: Handle,
    /// Any Unicode, neutralised against bidi and zero-width tricks; may be empty.
    pub display_name: String,
    /// The bio as its owner typed it.
    pub bio: String,
    /// The bio as sanitised HTML.
    pub bio_html: String,
    /// Up to four.
    pub fields: Vec<Field>,
    /// Follows need the owner's consent.
    pub locked: bool,
    /// Posts are made by a program.
    pub bot: bool,
    /// May be suggested to others.
    pub discoverable: bool,
    /// Public posts may be found by full text.
    pub indexable: bool,
    /// Followers and following are counts to others. On unless the owner shows them.
    pub hide_collections: bool,
    /// The month of joining; nothing finer is known.
    pub joined: Month,
    /// What it may do beyond speaking.
    pub role: Role,
    /// What moderators decided.
    pub standing: Standing,
    /// A re-encoded picture, or the default mask.
    pub avatar: Option<MediaId>,
    /// A re-encoded picture, or none.
    pub header: Option<MediaId>,
    /// Live posts and boosts.
    pub posts_count: i64,
    /// Local followers.
    pub followers_count: i64,
    /// Followed accounts.
    pub following_count: i64,
}

impl Account {
    /// An account that nobody said anything about yet: not shown to anybody who does not know its name.
    pub const fn new(id: AccountId, handle: Handle, joined: Month) -> Self {
        Self {
            id,
            handle,
            display_name: String::new(),
            bio: String::new(),
            bio_html: String::new(),
            fields: Vec::new(),
            locked: false,
            bot: false,
            discoverable: false,
            indexable: false,
            hide_collections: true,
            joined,
            role: Role::User,
            standing: Standing::Good,
            avatar: None,
            header: None,
            posts_count: 0,
            followers_count: 0,
            following_count: 0,
        }
    }

    /// The display name, or the handle where there is none.
    pub fn name(&self) -> &str {
        if self.display_name.is_empty() {
            self.handle.as_str()
        } else {
            &self.display_name
        }
    }
}

/// A line of a profile: a label and a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Plain text.
    pub name: String,
    /// As typed.
    pub value: String,
    /// The value as sanitised HTML.
    pub value_html: String,
}

/// What an account may do beyond speaking. The desk's roles join these with the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Speaks, follows, reads.
    User,
    /// Also works the reports queue.
    Moderator,
    /// Also runs the server: invites without number, settings.
    Operator,
}

impl Role {
    /// The stored number.
    pub const fn code(self) -> i16 {
        match self {
            Self::User => 0,
            Self::Moderator => 1,
            Self::Operator => 2,
        }
    }

    /// Reads the stored number.
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            0 => Some(Self::User),
            1 => Some(Self::Moderator),
            2 => Some(Self::Operator),
            _ => None,
        }
    }

    /// May work the reports queue.
    pub const fn moderates(self) -> bool {
        matches!(self, Self::Moderator | Self::Operator)
    }
}

/// What moderators decided about an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Good,
    /// Seen by its followers and on its own page, not in public lists, nor in strangers' notifications.
    Limited,
    /// Seen by nobody; can do nothing.
    Suspended,
}

impl Standing {
    /// The stored number.
    pub const fn code(self) -> i16 {
        match self {
            Self::Good => 0,
            Self::Limited => 1,
            Self::Suspended => 2,
        }
    }

    /// Reads the stored number.
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            0 => Some(Self::Good),
            1 => Some(Self::Limited),
            2 => Some(Self::Suspended),
            _ => None,
        }
    }
}

/// What an account's owner prefers. Private.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preferences {
    /// Visibility that the composer begins with.
    pub default_visibility: crate::Visibility,
    /// New posts are marked sensitive.
    pub default_sensitive: bool,
    /// ISO 639 code that the composer begins with.
    pub default_language: Option<String>,
    /// Who may quote new posts, unless something else is said.
    pub default_quote_policy: crate::QuotePolicy,
    /// Who may answer new posts, unless something else is said.
    pub default_reply_policy: crate::ReplyPolicy,
    /// Colours of the pages.
    pub theme: Theme,
    /// Direct posts from people whom the owner does not follow are let in.
    pub direct_from_strangers: bool,
    /// Content warnings are opened without asking.
    pub expand_warnings: bool,
}

impl Default for Preferences {
    /// Everyone reads, nothing is hidden, and strangers can't send direct posts.
    fn default() -> Self {
        Self {
            default_visibility: crate::Visibility::Public,
            default_sensitive: false,
            default_language: None,
            default_quote_policy: crate::QuotePolicy::Public,
            default_reply_policy: crate::ReplyPolicy::Everybody,
            theme: Theme::Auto,
            direct_from_strangers: false,
            expand_warnings: false,
        }
    }
}

/// Colours of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// What the browser reports.
    Auto,
    /// Light.
    Light,
    /// Dark. Tor Browser always reports light, so this is a choice of the account.
    Dark,
}

impl Theme {
    /// The stored number.
    pub const fn code(self) -> i16 {
        match self {
            Self::Auto => 0,
            Self::Light => 1,
            Self::Dark => 2,
        }
    }

    /// Reads the stored number.
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            0 => Some(Self::Auto),
            1 => Some(Self::Light),
            2 => Some(Self::Dark),
            _ => None,
        }
    }
}
