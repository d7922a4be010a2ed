//! Quotes: posts that show another post below their own words.

use crate::PostId;

/// What a post quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The quoted post, while it is there.
    pub post: Option<PostId>,
    /// Whether its author lets it.
    pub state: QuoteState,
}

impl Quote {
    /// Nobody said no to it, and the quoted post is there.
    pub fn is_open(&self) -> bool {
        self.post.is_some() && matches!(self.state, QuoteState::Pending | QuoteState::Accepted)
    }

    /// The quoted post, where it may be shown to whoever may read it.
    pub fn accepted(&self) -> Option<PostId> {
        self.post.filter(|_| self.state == QuoteState::Accepted)
    }
}

/// What became of a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuoteState {
    /// Whose post it is has not answered yet.
    Pending,
    /// It may be shown.
    Accepted,
    /// The author said no.
    Rejected,
    /// The author took the consent back.
    Revoked,
    /// The quoted post is gone.
    Deleted,
}

impl QuoteState {
    /// Every state.
    pub const ALL: [Self; 5] = [
        Self::Pending,
        Self::Accepted,
        Self::Rejected,
        Self::Revoked,
        Self::Deleted,
    ];

    /// The stored number.
    pub const fn code(self) -> i16 {
        match self {
            Self::Pending => 0,
            Self::Accepted => 1,
            Self::Rejected => 2,
            Self::Revoked => 3,
            Self::Deleted => 4,
        }
    }

    /// Reads the stored number.
    pub fn from_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Who may quote a post. Its author always may, unless it is direct.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuotePolicy {
    /// Everybody.
    Public,
    /// Followers of its author.
    Followers,
    /// Nobody else.
    Nobody,
    /// Everybody may ask its author, who is elsewhere.
    Ask,
    /// Followers of its author, who is elsewhere, may ask them.
    AskFollowers,
}

impl QuotePolicy {
    /// Every policy that can be chosen here, widest first.
    pub const ALL: [Self; 3] = [Self::Public, Self::Followers, Self::Nobody];

    /// The stored number.
    pub const fn code(self) -> i16 {
        match self {
            Self::Public => 0,
            Self::Followers => 1,
            Self::Nobody => 2,
            Self::Ask => 3,
            Self::AskFollowers => 4,
        }
    }

    /// Reads the stored number.
    pub fn from_code(code: i16) -> Option<Self> {
        Self::ALL
            .into_iter()
            .chain([Self::Ask, Self::AskFollowers])
            .find(|policy| policy.code() == code)
    }

    /// Mastodon's word for it.
    pub const fn as_api(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Followers => "followers",
            // Mastodon has no word for those who ask: they are told of apart.
            Self::Nobody | Self::Ask | Self::AskFollowers => "nobody",
        }
    }

    /// Reads Mastodon's word.
    pub fn from_api(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.as_api() == word)
    }
}
