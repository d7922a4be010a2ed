//! The leak check: what in a text could identify its author or somebody else. Nothing is kept; each find says what it
//! is, and can be mended by one button.
//!
//! It runs on cleaned text: parameters that only track are gone before.

mod links;
mod network;
mod numbers;
mod places;

use crate::scan::{What, scan};

/// What kind of thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LeakKind {
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// Coordinates, or a link to a place on a map.
    Place,
    /// A link that carries a session, a share id, a token or a passphrase.
    LinkToken,
    /// A link to a document in somebody's cloud storage, or to a meeting.
    SharedDocument,
    /// An IP address.
    NetworkAddress,
    /// A file path with the name of a user.
    UserPath,
    /// A number of a card or a bank account.
    Account,
    /// A short link, whose owner sees who follows it.
    ShortLink,
}

impl LeakKind {
    /// A short word for forms and for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Place => "place",
            Self::LinkToken => "link_token",
            Self::SharedDocument => "shared_document",
            Self::NetworkAddress => "network_address",
            Self::UserPath => "user_path",
            Self::Account => "account_number",
            Self::ShortLink => "short_link",
        }
    }

    /// One sentence for the author.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Email => "This is an e-mail address.",
            Self::Phone => "This looks like a telephone number.",
            Self::Place => "This tells a place.",
            Self::LinkToken => "This link carries an id or a token that may be yours alone.",
            Self::SharedDocument => "This link may show who owns or shares the document.",
            Self::NetworkAddress => "This is an IP address.",
            Self::UserPath => "This file path names a user.",
            Self::Account => "This looks like a card or account number.",
            Self::ShortLink => {
                "A short link hides where it leads, and its owner sees who made and who follows it."
            }
        }
    }

    /// What the button says that mends it.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::LinkToken => "Remove the token",
            Self::SharedDocument | Self::ShortLink => "Remove the link",
            Self::UserPath => "Mask the name",
            Self::Email | Self::Phone | Self::Place | Self::NetworkAddress | Self::Account => "Mask it",
        }
    }

    /// Worth a hint, but no reason to ask again.
    pub const fn is_warning(self) -> bool {
        matches!(self, Self::ShortLink)
    }

    const fn mask(self) -> &'static str {
        match self {
            Self::Email => "[e-mail]",
            Self::Phone => "[phone]",
            Self::Place => "[place]",
            Self::NetworkAddress => "[IP]",
            Self::Account => "[number]",
            Self::LinkToken | Self::SharedDocument | Self::ShortLink => "[link]",
            Self::UserPath => "[path]",
        }
    }
}

/// Something found, as a range of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Find {
    /// What it is.
    pub kind: LeakKind,
    /// First byte.
    pub start: usize,
    /// One after the last byte.
    pub end: usize,
}

/// Everything that could identify somebody, in order, without overlaps: what lies inside another find shows once
/// that is mended.
pub fn find(text: &str) -> Vec<Find> {
    let mut links: Vec<(usize, usize)> = Vec::new();
    let mut finds = Vec::new();
    for found in scan(text) {
        let range = (found.start, found.end);
        let typed = &text[found.start..found.end];
        let kind = match &found.what {
            What::Link(url) => links::find(typed, url),
            What::Refused => links::names_user(typed),
            What::Mention { .. } | What::Tag(_) => continue,
        };
        finds.extend(kind.map(|kind| (kind, range)));
        links.push(range);
    }
    finds.extend(network::find(text));
    let numbers = numbers::find(text).into_iter().chain(places::find(text));
    finds.extend(numbers.filter(|(_, range)| !links.iter().any(|link| link.0 < range.1 && range.0 < link.1)));
    finds.sort_by_key(|(_, (start, end))| (*start, usize::MAX - end));
    let mut last = 0;
    finds.retain(|(_, (start, end))| {
        let apart = *start >= last;
        if apart {
            last = *end;
        }
        apart
    });
    finds
        .into_iter()
        .map(|(kind, (start, end))| Find { kind, start, end })
        .collect()
}

/// The text with one find masked or removed. A find that is not of this text changes nothing.
pub fn mend(text: &str, find: Find) -> String {
    let (Some(before), Some(found), Some(after)) = (
        text.get(..find.start),
        text.get(find.start..find.end),
        text.get(find.end..),
    ) else {
        return text.to_owned();
    };
    let mended = match find.kind {
        LeakKind::LinkToken => links::without_tokens(found),
        LeakKind::UserPath => network::without_user(found),
        _ => None,
    };
    format!("{before}{}{after}", mended.as_deref().unwrap_or(find.kind.mask()))
}

/// What stands at `at` has `label` (ASCII, lower case) right before it.
fn follows(text: &str, at: usize, label: &str) -> bool {
    let head = at.checked_sub(label.len()).and_then(|start| text.get(start..at));
    head.is_some_and(|head| head.eq_ignore_ascii_case(label))
}

/// A kind and a range of bytes.
type Seen = (LeakKind, (usize, usize));

#[cfg(test)]
mod tests;
