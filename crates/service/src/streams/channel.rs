//! What a stream can be about, in Mastodon's words.

use std::borrow::Cow;

use bauta_model::{ListId, Visibility};
use bauta_store::lists::Replies;
use bauta_timeline::{Reader, Timelines};

use super::{Circle, Said};
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
    /// What the people in a list of the listener's post.
    List(ListId),
    /// The listener's conversations.
    Direct,
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
    /// Reads Mastodon's name of a stream, with the hashtag or the list that it may need. Nothing for one that is not there.
    pub fn parse(name: &str, tag: Option<&str>, list: Option<&str>) -> Option<Self> {
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
            "direct" => Some(Self::Direct),
            "list" => Some(Self::List(list?.trim().parse().ok()?)),
            _ => None,
        }
    }

    /// Mastodon's name of the stream, and its hashtag or list.
    pub fn name(&self) -> Vec<Cow<'_, str>> {
        let whole = |name: &'static str| vec![Cow::Borrowed(name)];
        match self {
            Self::User => whole("user"),
            Self::Notifications => whole("user:notification"),
            Self::Public(Origin::All) => whole("public"),
            Self::Public(Origin::Local) => whole("public:local"),
            Self::Public(Origin::Remote) => whole("public:remote"),
            Self::Tag(tag, Origin::Local) => vec!["hashtag:local".into(), tag.into()],
            Self::Tag(tag, _) => vec!["hashtag".into(), tag.into()],
            Self::Direct => whole("direct"),
            Self::List(list) => vec!["list".into(), list.to_string().into()],
        }
    }

    /// Whether a token with `scopes` may listen.
    pub fn allowed(&self, scopes: &Scopes) -> bool {
        match self {
            Self::Notifications => scopes.allow("read:notifications"),
            Self::List(_) => scopes.allow("read:lists"),
            _ => scopes.allow("read:statuses"),
        }
    }

    /// Whether notifications come on it, to a token with `scopes`.
    pub(super) fn tells(&self, scopes: &Scopes) -> bool {
        matches!(self, Self::User | Self::Notifications) && scopes.allow("read:notifications")
    }

    /// Whether a post belongs on it, for `reader`, whose list it may be about is made of `circle`. The rules of reading are
    /// asked again when it is sent.
    pub(super) fn carries(
        &self,
        timelines: &Timelines,
        reader: &Reader,
        circle: Option<&Circle>,
        said: &Said,
    ) -> bool {
        match self {
            Self::User => timelines.wants(reader, &said.entry) || follows_tag_of(timelines, reader, said),
            Self::Direct => {
                said.entry.visibility == Visibility::Direct
                    && (said.entry.author == reader.id() || said.named.contains(&reader.id()))
                    && timelines.is_heard_by(reader, &said.entry)
            }
            Self::List(_) => circle.is_some_and(|circle| circle.carries(timelines, reader, said)),
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

/// Whether a public post is in the home timeline for one of its hashtags.
fn follows_tag_of(timelines: &Timelines, reader: &Reader, said: &Said) -> bool {
    said.entry.boost_of.is_none()
        && said.entry.visibility == Visibility::Public
        && said.tags.iter().any(|tag| reader.tags().contains(tag))
        && timelines.is_shown_to(reader, &said.entry)
}

impl Circle {
    fn carries(&self, timelines: &Timelines, reader: &Reader, said: &Said) -> bool {
        let answers = |to| match self.replies {
            Replies::None => false,
            Replies::List => self.members.contains(&to),
            Replies::Followed => reader.follows(to),
        };
        self.members.contains(&said.entry.author) && timelines.is_in_list(reader, &said.entry, answers)
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
            "direct",
        ] {
            assert_eq!(Channel::parse(name, None, None).unwrap().name(), [name]);
        }
        for name in ["hashtag", "hashtag:local"] {
            assert_eq!(
                Channel::parse(name, Some("#Rivers"), None).unwrap().name(),
                [name, "rivers"]
            );
            assert_eq!(Channel::parse(name, None, None), None);
            assert_eq!(Channel::parse(name, Some(" # "), None), None);
            assert_eq!(Channel::parse(name, Some(&"a".repeat(101)), None), None);
        }
        let list = Channel::parse("list", None, Some("7")).unwrap();
        assert_eq!(list.name(), ["list", "7"]);
        for wrong in [None, Some(""), Some("x"), Some("-7")] {
            assert_eq!(Channel::parse("list", None, wrong), None);
        }
        assert_eq!(Channel::parse("nowhere", None, None), None);
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
