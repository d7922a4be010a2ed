//! Taking along and bringing in: lists as CSV in Mastodon's columns, and the whole account as an archive.

mod archive;
mod bring;
mod export;
mod held;
mod import;
mod outbox;
mod packed;
#[cfg(test)]
mod tests;

pub use archive::{Archive, archive};
pub use bring::{MOST_ARCHIVE_BYTES, begin_archive};
pub use export::export;
pub(crate) use import::Imports;
pub use import::{Failed, Progress, What, begin, progress};

use crate::App;

/// A list that is written and read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whom somebody follows.
    Follows,
    /// Whom somebody blocks.
    Blocks,
    /// Whom somebody mutes for good.
    Mutes,
    /// Who is in which list.
    Lists,
    /// Saved posts.
    Bookmarks,
    /// Servers that are left out.
    Domains,
}

impl Kind {
    /// Every list.
    pub const ALL: [Self; 6] = [
        Self::Follows,
        Self::Blocks,
        Self::Mutes,
        Self::Lists,
        Self::Bookmarks,
        Self::Domains,
    ];

    /// The name of its file, as Mastodon writes it.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Follows => "following_accounts.csv",
            Self::Blocks => "blocked_accounts.csv",
            Self::Mutes => "muted_accounts.csv",
            Self::Lists => "lists.csv",
            Self::Bookmarks => "bookmarks.csv",
            Self::Domains => "blocked_domains.csv",
        }
    }

    /// One word, for forms.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Follows => "follows",
            Self::Blocks => "blocks",
            Self::Mutes => "mutes",
            Self::Lists => "lists",
            Self::Bookmarks => "bookmarks",
            Self::Domains => "domains",
        }
    }

    /// Reads [`Kind::word`].
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A handle with its domain, as other servers read it.
fn address(app: &App, handle: &str) -> String {
    if handle.contains('@') {
        handle.to_owned()
    } else {
        format!("{handle}@{}", app.site.domain)
    }
}
