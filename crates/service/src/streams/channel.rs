//! What a stream can be about, in Mastodon's words.

use bauta_model::Visibility;
use bauta_timeline::{Reader, Timelines};

use super::Said;
use crate::Scopes;

/// One thing that a stream is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// The home timeline, and notifications where the token may read them.
    User,
    /// Notifications alone.
    Notifications,
    /// Public posts.
    Public(Origin),
    /// Public posts with a hashtag, in lower case and without `#`.
    Tag(String, Origin),
}

/// Where posts come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Everywhere.
    All,
    /// This server.
    Local,
    /// Other servers.
    Remote,
}

/// Characters of a hashtag's name, at most.
const TAG_CHARS: usize = 100;

impl Channel {
    /// Reads Mastodon's name of a stream, with the hashtag that it may need. Nothing for one that is not there.
    pub fn parse(name: &str, tag: Option<&str>) -> Option<Self> {
        let tagged = |origin| {
            let tag = tag?.trim().trim_start_matches('#').to_lowercase();
            let fits = !tag.is_empty() && tag.chars().count() <= TAG_CHARS;
            fits.then_some(Self::Tag(tag, origin))
        };
        match name {
            "user" => Some(Self::User),
            "user:notification" => Some(Self::Notifications),
            "public" => Some(Self::Public(Origin::All)),
            "public:local" => Some(Self::Public(Origin::Local)),
            "public:remote" => Some(Self::Public(Origin::Remote)),
            "hashtag" => tagged(Origin::All),
            "hashtag:local" => tagged(Origin::Local),
            _ => None,
        }
    }

    /// Mastodon's name of the stream, and its hashtag.
    pub fn name(&self) -> Vec<&str> {
        match self {
            Self::User => vec!["user"],
            Self::Notifications => vec!["user:notification"],
            Self::Public(Origin::All) => vec!["public"],
            Self::Public(Origin::Local) => vec!["public:local"],
            Self::Public(Origin::Remote) => vec!["public:remote"],
            Self::Tag(tag, Origin::Local) => vec!["hashtag:local", tag],
            Self::Tag(tag, _) => vec!["hashtag", tag],
        }
    }

    /// Whether a token with `scopes` may listen.
    pub fn allowed(&self, scopes: &Scopes) -> bool {
        match self {
            Self::Notifications => scopes.allow("read:notifications"),
            _ => scopes.allow("read:statuses"),
        }
    }

    /// Whether notifications come on it, to a token with `scopes`.
    pub(super) fn tells(&self, scopes: &Scopes) -> bool {
        matches!(self, Self::User | Self::Notifications) && scopes.allow("read:notifications")
    }

    /// Whether a post belongs on it, for `reader`. The rules of reading are asked again when it is sent.
    pub(super) fn carries(&self, timelines: &Timelines, reader: &Reader, said: &Said) -> bool {
        match self {
            Self::User => timelines.wants(reader, &said.entry),
            Self::Notifications => false,
            Self::Public(origin) => {
                // Posts of other servers are in home timelines alone.
                *origin != Origin::Remote && timelines.is_in_public(reader, &said.entry)
            }
            Self::Tag(tag, origin) => {
                *origin != Origin::Remote
                    && said.entry.boost_of.is_none()
                    && said.entry.visibility == Visibility::Public
                    && said.tags.contains(tag)
                    && timelines.is_shown_to(reader, &said.entry)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written() {
        for name in [
            "user",
            "user:notification",
            "public",
            "public:local",
            "public:remote",
        ] {
            assert_eq!(Channel::parse(name, None).unwrap().name(), [name]);
        }
        for name in ["hashtag", "hashtag:local"] {
            assert_eq!(
                Channel::parse(name, Some("#Rivers")).unwrap().name(),
                [name, "rivers"]
            );
            assert_eq!(Channel::parse(name, None), None);
            assert_eq!(Channel::parse(name, Some(" # ")), None);
            assert_eq!(Channel::parse(name, Some(&"a".repeat(101))), None);
        }
        assert_eq!(Channel::parse("direct", None), None);
    }

    #[test]
    fn what_a_token_may_hear_is_within_its_scopes() {
        let statuses = Scopes::parse("read:statuses").unwrap();
        let notifications = Scopes::parse("read:notifications").unwrap();
        assert!(Channel::User.allowed(&statuses) && !Channel::User.tells(&statuses));
        assert!(!Channel::User.allowed(&notifications) && Channel::Notifications.allowed(&notifications));
        assert!(!Channel::Notifications.allowed(&statuses));
        assert!(!Channel::Public(Origin::All).allowed(&Scopes::parse("write").unwrap()));
        assert!(Channel::User.tells(&Scopes::all()) && !Channel::Public(Origin::All).tells(&Scopes::all()));
    }
}
