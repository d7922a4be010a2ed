//! Who may answer a post.

/// Who may answer a post. Its author always may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyPolicy {
    /// Whoever may read it.
    Everybody,
    /// Followers of its author, and whom it names.
    Followers,
    /// Whom it names.
    Mentioned,
    /// Nobody else.
    Nobody,
}

impl ReplyPolicy {
    /// Every policy, widest first.
    pub const ALL: [Self; 4] = [Self::Everybody, Self::Followers, Self::Mentioned, Self::Nobody];

    /// The stored number.
    pub const fn code(self) -> i16 {
        match self {
            Self::Everybody => 0,
            Self::Followers => 1,
            Self::Mentioned => 2,
            Self::Nobody => 3,
        }
    }

    /// Reads the stored number.
    pub fn from_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.code() == code)
    }

    /// The word for it in the client API, beside Mastodon's for quotes.
    pub const fn as_api(self) -> &'static str {
        match self {
            Self::Everybody => "public",
            Self::Followers => "followers",
            Self::Mentioned => "mentioned",
            Self::Nobody => "nobody",
        }
    }

    /// Reads that word.
    pub fn from_api(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.as_api() == word)
    }
}
