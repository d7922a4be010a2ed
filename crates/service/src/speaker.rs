//! Who speaks: an account through one of its sessions.

use bauta_model::{AccountId, Duties, Duty, KeyholderId, Role, SessionId};
use bauta_store::sessions::Owner;

use crate::Refused;

/// A session of the pages or a token of an app, resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    /// The account that it speaks for.
    pub account: AccountId,
    /// Who of the people behind the account has the session; nothing where the operator made it. Nothing that is
    /// written as the account's may tell it.
    pub keyholder: Option<KeyholderId>,
    /// What they do in the account.
    pub duties: Duties,
    /// What the account may do beyond speaking.
    pub role: Role,
    /// The session, as its owner sees it in the list.
    pub session: SessionId,
    /// What kind of session it is.
    pub kind: SessionKind,
    /// What it may do.
    pub scopes: Scopes,
}

impl Speaker {
    /// Whose sessions are the speaker's own.
    pub const fn owner(&self) -> Owner {
        Owner {
            account: self.account,
            keyholder: self.keyholder,
        }
    }

    /// Whether the speaker does `duty` in the account.
    ///
    /// # Errors
    /// [`Refused::Forbidden`], which says which duty is missing.
    pub const fn may(&self, duty: Duty) -> Result<(), Refused> {
        if self.duties.has(duty) {
            return Ok(());
        }
        Err(Refused::Forbidden(match duty {
            Duty::Speak => {
                "You read in this account, and don't speak for it. Those behind it can decide otherwise together."
            }
            Duty::Answer => {
                "You don't answer notices in this account. Those behind it can decide otherwise together."
            }
            Duty::Manage => "You don't manage this account.",
        }))
    }

    /// Whether the speaker speaks for the account: whatever others see, and whatever changes what it reads.
    ///
    /// # Errors
    /// As [`Self::may`].
    pub const fn speaks(&self) -> Result<(), Refused> {
        self.may(Duty::Speak)
    }

    /// Whether the speaker manages the account: who is behind it, and where it stands as a whole.
    ///
    /// # Errors
    /// As [`Self::may`].
    pub const fn manages(&self) -> Result<(), Refused> {
        self.may(Duty::Manage)
    }

    /// The person, for what is theirs alone: a passphrase, codes.
    ///
    /// # Errors
    /// [`Refused::Forbidden`] with a token that the operator made: it is nobody's.
    pub(crate) fn keyholder(&self) -> Result<KeyholderId, Refused> {
        self.keyholder.ok_or(Refused::Forbidden(
            "This token was made by the operator. Only somebody who signed in can do this.",
        ))
    }
}

/// What a session came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionKind {
    /// The web pages.
    Web,
    /// An app, through OAuth.
    App,
    /// `bauta token`: shown to the person as "made by the operator".
    Operator,
}

impl SessionKind {
    /// The stored number.
    pub const fn code(self) -> i16 {
        match self {
            Self::Web => 0,
            Self::App => 1,
            Self::Operator => 2,
        }
    }

    /// Reads the stored number.
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            0 => Some(Self::Web),
            1 => Some(Self::App),
            2 => Some(Self::Operator),
            _ => None,
        }
    }
}

/// OAuth scopes: a set of Mastodon's words. A broad one (`read`) holds the granular ones (`read:statuses`).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Scopes(Vec<String>);

/// Every scope that this server knows; a granular one is within the word before its colon.
const KNOWN: &[&str] = &[
    "profile",
    "read",
    "read:accounts",
    "read:blocks",
    "read:bookmarks",
    "read:favourites",
    "read:filters",
    "read:follows",
    "read:lists",
    "read:mutes",
    "read:notifications",
    "read:search",
    "read:statuses",
    "write",
    "write:accounts",
    "write:blocks",
    "write:bookmarks",
    "write:conversations",
    "write:favourites",
    "write:filters",
    "write:follows",
    "write:lists",
    "write:media",
    "write:mutes",
    "write:notifications",
    "write:reports",
    "write:statuses",
    "follow",
    "push",
    "admin:read",
    "admin:read:accounts",
    "admin:read:reports",
    "admin:read:domain_allows",
    "admin:read:domain_blocks",
    "admin:read:ip_blocks",
    "admin:read:email_domain_blocks",
    "admin:read:canonical_email_blocks",
    "admin:write",
    "admin:write:accounts",
    "admin:write:reports",
    "admin:write:domain_allows",
    "admin:write:domain_blocks",
    "admin:write:ip_blocks",
    "admin:write:email_domain_blocks",
    "admin:write:canonical_email_blocks",
];

/// What the deprecated `follow` stands for.
const FOLLOW: &[&str] = &[
    "read:blocks",
    "write:blocks",
    "read:follows",
    "write:follows",
    "read:mutes",
    "write:mutes",
];

impl Scopes {
    /// Reads a list separated by white space. Nothing where a word is unknown.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words: Vec<String> = Vec::new();
        for word in text.split([' ', '+', '\n', '\t']).filter(|word| !word.is_empty()) {
            if !KNOWN.contains(&word) {
                return None;
            }
            if !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
        Some(Self(words))
    }

    /// Everything that the pages can do.
    pub fn all() -> Self {
        Self(["read", "write", "follow", "push"].map(str::to_owned).to_vec())
    }

    /// Every scope that this server knows.
    pub const fn known() -> &'static [&'static str] {
        KNOWN
    }

    /// True if the set holds `scope`, by itself or within a broader one.
    pub fn allow(&self, scope: &str) -> bool {
        self.0.iter().any(|held| {
            held == scope
                || scope
                    .strip_prefix(held.as_str())
                    .is_some_and(|rest| rest.starts_with(':'))
                || (held == "follow" && FOLLOW.contains(&scope))
                || (scope == "profile" && (held == "read" || held == "read:accounts"))
        })
    }

    /// True if every scope of `other` is within this set.
    pub fn hold(&self, other: &Self) -> bool {
        other.0.iter().all(|scope| self.allow(scope))
    }

    /// What is left of the set for somebody with these duties: whoever does not speak reads.
    #[must_use]
    pub fn narrowed(self, duties: Duties) -> Self {
        if duties.has(Duty::Speak) {
            return self;
        }
        let reads = |word: &String| word == "profile" || word.split(':').any(|part| part == "read");
        Self(self.0.into_iter().filter(reads).collect())
    }

    /// The words, for lists.
    pub fn words(&self) -> &[String] {
        &self.0
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broad_scope_holds_the_granular_ones() {
        let read = Scopes::parse("read").unwrap();
        assert!(read.allow("read:statuses"));
        assert!(!read.allow("write:statuses"));
        assert!(!Scopes::parse("read:statuses").unwrap().allow("read"));
        assert!(!Scopes::parse("read:statuses").unwrap().allow("read:accounts"));
    }

    #[test]
    fn follow_stands_for_what_it_used_to() {
        let follow = Scopes::parse("follow").unwrap();
        assert!(follow.allow("write:blocks"));
        assert!(!follow.allow("write:statuses"));
    }

    #[test]
    fn admin_is_not_within_read() {
        assert!(
            !Scopes::parse("read write follow push")
                .unwrap()
                .allow("admin:read")
        );
        assert!(Scopes::parse("admin:read").unwrap().allow("admin:read:reports"));
    }

    #[test]
    fn whoever_does_not_speak_reads() {
        let all = Scopes::parse("profile read write follow push admin:read admin:write write:media").unwrap();
        assert_eq!(all.clone().narrowed(Duties::ALL), all);
        assert_eq!(all.narrowed(Duties::NONE).to_string(), "profile read admin:read");
        let some = Scopes::parse("read:statuses admin:write:reports").unwrap();
        assert_eq!(
            some.narrowed(Duties::NONE.with(Duty::Manage)).to_string(),
            "read:statuses"
        );
    }

    #[test]
    fn unknown_words_are_refused() {
        assert!(Scopes::parse("read nonsense").is_none());
        assert_eq!(Scopes::parse("write+read").unwrap().to_string(), "write read");
    }

    use proptest::prelude::*;

    fn some() -> impl Strategy<Value = Scopes> {
        proptest::sample::subsequence(KNOWN, 0..=KNOWN.len())
            .prop_map(|words| Scopes::parse(&words.join(" ")).unwrap())
    }

    proptest! {
        #[test]
        fn what_a_held_set_allows_its_holder_allows(broad in some(), narrow in some(), scope in proptest::sample::select(KNOWN)) {
            prop_assert!(broad.hold(&broad));
            if broad.hold(&narrow) && narrow.allow(scope) {
                prop_assert!(broad.allow(scope), "{broad} holds {narrow}, but does not allow {scope}");
            }
        }

        #[test]
        fn no_set_allows_more_than_its_words_say(held in some(), scope in proptest::sample::select(KNOWN)) {
            let root = scope.split(':').next().unwrap_or_default();
            let within = |word: &String| {
                word == scope || scope.starts_with(&format!("{word}:"))
                    || (word == "follow" && FOLLOW.contains(&scope))
                    || (scope == "profile" && (word == "read" || word == "read:accounts"))
            };
            prop_assert_eq!(held.allow(scope), held.words().iter().any(within));
            if root == "admin" && held.allow(scope) {
                prop_assert!(held.words().iter().any(|word| word.starts_with("admin")));
            }
        }

        #[test]
        fn sets_come_back_from_their_words(held in some(), text in "[a-z: +]{0,30}") {
            prop_assert_eq!(Scopes::parse(&held.to_string()), Some(held));
            if let Some(parsed) = Scopes::parse(&text) {
                prop_assert!(parsed.words().iter().all(|word| KNOWN.contains(&word.as_str())));
            }
        }
    }
}
