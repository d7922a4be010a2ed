//! Handles: the public name of an account, on this server or on another.

use std::fmt;
use std::str::FromStr;

/// A handle, shown as it was typed: of this server 1 to 30 of `[A-Za-z0-9_]`, of another `name@domain`.
///
/// Two handles that differ only in case are the same: equality, hashing and order use [`Handle::key`].
#[derive(Clone)]
pub struct Handle {
    shown: Box<str>,
    key: Box<str>,
}

/// Why a text is not a handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHandle {
    /// Nothing was typed.
    #[error("a handle has at least one character")]
    Empty,
    /// Longer than [`Handle::MAX_CHARS`].
    #[error("a handle has at most 30 characters")]
    TooLong,
    /// Not the handle of another server: a name of up to 64 of `[A-Za-z0-9_.-]`, an `@` and a domain.
    #[error("a handle of another server is a name, an @ and a domain")]
    Elsewhere,
    /// Something other than a Latin letter, a digit or an underscore.
    #[error("a handle has only the letters A to Z, digits and underscores")]
    Character,
}

impl Handle {
    /// The longest handle, in characters (which are bytes here).
    pub const MAX_CHARS: usize = 30;

    /// The longest name that another server may give.
    pub const MAX_REMOTE_NAME: usize = 64;

    /// Reads a handle, with or without a leading `@`.
    pub fn parse(text: &str) -> Result<Self, InvalidHandle> {
        let text = text.strip_prefix('@').unwrap_or(text);
        if text.is_empty() {
            return Err(InvalidHandle::Empty);
        }
        if !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return Err(InvalidHandle::Character);
        }
        if text.len() > Self::MAX_CHARS {
            return Err(InvalidHandle::TooLong);
        }
        Ok(Self {
            shown: text.into(),
            key: text.to_ascii_lowercase().into(),
        })
    }

    /// The handle of an account of another server.
    pub fn remote(name: &str, domain: &str) -> Result<Self, InvalidHandle> {
        let plain = |text: &str, more: &[u8]| {
            text.bytes()
                .all(|b| b.is_ascii_alphanumeric() || more.contains(&b))
        };
        let fits = (1..=Self::MAX_REMOTE_NAME).contains(&name.len()) && (1..=253).contains(&domain.len());
        if !fits || !plain(name, b"_.-") || !plain(domain, b".-:[]") {
            return Err(InvalidHandle::Elsewhere);
        }
        let domain = domain.to_ascii_lowercase();
        Ok(Self {
            shown: format!("{name}@{domain}").into(),
            key: format!("{}@{domain}", name.to_ascii_lowercase()).into(),
        })
    }

    /// Reads a handle of this server, or `name@domain` of another; with or without a leading `@`.
    pub fn parse_any(text: &str) -> Result<Self, InvalidHandle> {
        let text = text.strip_prefix('@').unwrap_or(text);
        match text.split_once('@') {
            Some((name, domain)) => Self::remote(name, domain),
            None => Self::parse(text),
        }
    }

    /// The part before the `@`.
    pub fn name(&self) -> &str {
        self.shown.split('@').next().unwrap_or_default()
    }

    /// The other server; nothing for a handle of this one.
    pub fn domain(&self) -> Option<&str> {
        self.shown.split_once('@').map(|(_, domain)| domain)
    }

    /// The handle as its owner typed it.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// The lower-case form that decides whether two handles are one.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl FromStr for Handle {
    type Err = InvalidHandle;

    fn from_str(text: &str) -> Result<Self, InvalidHandle> {
        Self::parse(text)
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@{}", self.shown)
    }
}

impl PartialEq for Handle {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Handle {}

impl std::hash::Hash for Handle {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_does_not_make_another_handle() {
        let typed = Handle::parse("@ALT_USCIS").unwrap();
        assert_eq!(typed, Handle::parse("ALT_uscis").unwrap());
        assert_eq!(typed.as_str(), "ALT_USCIS");
    }

    #[test]
    fn handles_of_other_servers_have_a_domain() {
        let handle = Handle::parse_any("@Some.One@Peer.example:8080").unwrap();
        assert_eq!(
            (handle.name(), handle.domain()),
            ("Some.One", Some("peer.example:8080"))
        );
        assert_eq!(handle, Handle::remote("some.one", "peer.EXAMPLE:8080").unwrap());
        assert_eq!(Handle::parse_any("alice").unwrap().domain(), None);
        for text in ["a@", "@@b", "a@b@c", "a b@c", "a@b/c", "ü@b"] {
            assert_eq!(Handle::parse_any(text), Err(InvalidHandle::Elsewhere), "{text}");
        }
        assert!(
            Handle::parse("a@b.example").is_err(),
            "nobody signs up in another server's name"
        );
    }

    #[test]
    fn what_is_not_a_handle_says_why() {
        assert_eq!(Handle::parse(""), Err(InvalidHandle::Empty));
        assert_eq!(Handle::parse("@"), Err(InvalidHandle::Empty));
        assert_eq!(Handle::parse("a.b"), Err(InvalidHandle::Character));
        assert_eq!(Handle::parse("ünder"), Err(InvalidHandle::Character));
        assert_eq!(Handle::parse(&"a".repeat(31)), Err(InvalidHandle::TooLong));
    }

    proptest! {
        #[test]
        fn every_text_is_a_handle_or_an_error(text in "\\PC{0,40}") {
            if let Ok(handle) = Handle::parse(&text) {
                prop_assert!(handle.as_str().len() <= Handle::MAX_CHARS);
                prop_assert_eq!(Handle::parse(handle.key()).unwrap(), handle);
            }
        }
    }
}
