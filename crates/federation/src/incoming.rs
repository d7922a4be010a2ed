//! The parser of the inbox: from bytes that anybody may have sent to an activity, and from JSON to a note. Looks nothing
//! up and asks nobody, so that it can be tried with any input.

use bauta_model::{QuotePolicy, ReplyPolicy, Visibility};
use serde_json::Value;

use crate::json;

/// Activities that are understood, as FEDERATION.md lists them.
pub const UNDERSTOOD: [&str; 15] = [
    "Accept",
    "Add",
    "Announce",
    "Block",
    "Create",
    "Delete",
    "Flag",
    "Follow",
    "Like",
    "Move",
    "QuoteRequest",
    "Reject",
    "Remove",
    "Undo",
    "Update",
];

/// Levels of an activity: deeper ones are made to exhaust whoever reads them.
pub const DEEPEST: usize = 24;
/// Characters of a content warning.
const MOST_WARNING: usize = 500;

/// Why something is no activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Not JSON, not an object, or too deep.
    #[error("This is not an activity.")]
    Shape,
    /// Nobody says it.
    #[error("An activity has an actor.")]
    Nobody,
}

/// An activity. Who sent it, and whether to believe it, is still to be found out.
#[derive(Clone, Debug, PartialEq)]
pub struct Incoming {
    /// Who says it.
    pub actor: String,
    /// The whole.
    pub value: Value,
}

/// Reads an activity.
///
/// # Errors
/// [`Unreadable`], which says what is missing.
pub fn read(body: &[u8]) -> Result<Incoming, Unreadable> {
    let value: Value = serde_json::from_slice(body).map_err(|_| Unreadable::Shape)?;
    if !value.is_object() || depth(&value) > DEEPEST {
        return Err(Unreadable::Shape);
    }
    let actor = json::id_of(&value, "actor").ok_or(Unreadable::Nobody)?.to_owned();
    Ok(Incoming { actor, value })
}

impl Incoming {
    /// Which of [`UNDERSTOOD`] it is; nothing for another.
    pub fn kind(&self) -> Option<&'static str> {
        UNDERSTOOD.into_iter().find(|kind| json::is(&self.value, kind))
    }

    /// What it is about, whole or by name; the first where there are several.
    pub fn object(&self) -> Option<&Value> {
        json::list(&self.value, "object").first().copied()
    }

    /// True if `signer` may say it: as its actor, and under a name of that actor's origin, where it has one.
    pub fn is_by(&self, signer: &str) -> bool {
        let named = json::id(&self.value);
        self.actor == signer && named.is_none_or(|id| json::same_origin(id, signer))
    }

    /// Of an answer to a follow: who asked. Nothing if somebody else was asked than who answers.
    pub fn asked_by(&self) -> Option<&str> {
        let object = self.object()?;
        match json::id_of(object, "actor") {
            Some(follower) => {
                let fits = json::is(object, "Follow") && json::id_of(object, "object") == Some(&self.actor);
                fits.then_some(follower)
            }
            // Our follows are called by their actor, then the number of whom they follow.
            None => json::id(object)?.split('#').next(),
        }
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(all) => 1 + all.iter().map(depth).max().unwrap_or(0),
        Value::Object(all) => 1 + all.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// A note as it came: what it names is not looked up yet, and its HTML is not safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note<'v> {
    /// Its name, of its author's origin.
    pub uri: &'v str,
    /// Its page, of the same origin.
    pub url: &'v str,
    /// HTML as it came.
    pub html: String,
    /// The content warning, cut.
    pub warning: String,
    /// Who may read it.
    pub visibility: Visibility,
    /// Media are hidden until asked for.
    pub sensitive: bool,
    /// ISO 639 code.
    pub language: Option<String>,
    /// The name of what it answers.
    pub answers: Option<&'v str>,
    /// What it quotes.
    pub quotes: Option<Quoting<'v>>,
    /// Who may quote it.
    pub quote_policy: QuotePolicy,
    /// Who may answer it.
    pub reply_policy: ReplyPolicy,
    /// Whom it is addressed to or, unless it is direct, names: each once, without everybody.
    pub named: Vec<&'v str>,
    /// Hashtags, lower case, without `#`.
    pub tags: Vec<String>,
}

impl<'v> Note<'v> {
    /// Reads a note of the actor `author`, whose followers are called `followers` (empty where they have no name).
    /// Nothing where it is another's, or has a name of another origin.
    pub fn read(note: &'v Value, author: &str, followers: &str) -> Option<Self> {
        let uri = json::id(note)?;
        let kind = ["Note", "Article", "Page", "Question"]
            .iter()
            .any(|kind| json::is(note, kind));
        if !kind || json::id_of(note, "attributedTo")? != author || !json::same_origin(uri, author) {
            return None;
        }
        let (to, cc) = (json::addressed(note, "to"), json::addressed(note, "cc"));
        let visibility = visibility(&to, &cc, followers);
        let url = json::id_of(note, "url")
            .filter(|url| json::same_origin(url, uri))
            .unwrap_or(uri);
        Some(Self {
            uri,
            url,
            html: html(note, url),
            warning: json::text(note, "summary").chars().take(MOST_WARNING).collect(),
            visibility,
            sensitive: note["sensitive"].as_bool().unwrap_or(false),
            language: language(note),
            answers: json::id_of(note, "inReplyTo"),
            quotes: Quoting::read(note),
            quote_policy: quote_policy(note, author, followers),
            reply_policy: reply_policy(note, author, followers),
            named: named(note, visibility, [to, cc].concat()),
            tags: hashtags(note),
        })
    }
}

/// What a note says that it quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quoting<'v> {
    /// The name of the quoted post.
    pub uri: &'v str,
    /// It is said in the older fields alone, with which nobody is asked.
    pub unasked: bool,
    /// The name of the stamp that proves its author's consent.
    pub stamp: Option<&'v str>,
}

impl<'v> Quoting<'v> {
    /// Reads the fields of FEP-044f, or the older ones.
    pub fn read(note: &'v Value) -> Option<Self> {
        let older = ["quoteUri", "quoteUrl", "_misskey_quote"];
        let asked = json::id_of(note, "quote");
        let uri = asked.or_else(|| older.iter().find_map(|name| json::id_of(note, name)))?;
        Some(Self {
            uri,
            unasked: asked.is_none(),
            stamp: json::id_of(note, "quoteAuthorization"),
        })
    }
}

/// Who may quote a note of `author`. Where nothing is said, nobody is let.
fn quote_policy(note: &Value, author: &str, followers: &str) -> QuotePolicy {
    let can = &note["interactionPolicy"]["canQuote"];
    let (at_once, asked) = (
        json::addressed(can, "automaticApproval"),
        json::addressed(can, "manualApproval"),
    );
    let everybody = |list: &[&str]| list.iter().any(|one| json::is_public(one));
    let of_followers =
        |list: &[&str]| !followers.is_empty() && list.contains(&followers) && followers != author;
    if everybody(&at_once) {
        QuotePolicy::Public
    } else if everybody(&asked) {
        QuotePolicy::Ask
    } else if of_followers(&at_once) {
        QuotePolicy::Followers
    } else if of_followers(&asked) {
        QuotePolicy::AskFollowers
    } else {
        QuotePolicy::Nobody
    }
}

/// Who may answer a note of `author`, as GoToSocial says it, in its older words too. Where nothing is said, everybody;
/// whom a list means that is not known here, its author's server decides.
fn reply_policy(note: &Value, author: &str, followers: &str) -> ReplyPolicy {
    let can = &note["interactionPolicy"]["canReply"];
    let names = [
        "automaticApproval",
        "manualApproval",
        "always",
        "approvalRequired",
    ];
    if names.iter().all(|name| can[name].is_null()) {
        return ReplyPolicy::Everybody;
    }
    let lists: Vec<&str> = names.iter().flat_map(|name| json::addressed(can, name)).collect();
    let named: Vec<&str> = json::list(note, "tag")
        .into_iter()
        .filter(|tag| json::is(tag, "Mention"))
        .filter_map(|tag| tag["href"].as_str())
        .collect();
    let of_followers = |one: &str| !followers.is_empty() && one == followers;
    let known = |one: &str| one == author || of_followers(one) || named.contains(&one);
    if lists.iter().any(|one| json::is_public(one) || !known(one)) {
        ReplyPolicy::Everybody
    } else if lists.iter().any(|one| of_followers(one)) {
        ReplyPolicy::Followers
    } else if lists.iter().any(|one| *one != author) {
        ReplyPolicy::Mentioned
    } else {
        ReplyPolicy::Nobody
    }
}

/// The content; of what is neither a note nor a poll also its title and where it is.
fn html(note: &Value, url: &str) -> String {
    let content = json::text(note, "content");
    if json::is(note, "Note") || json::is(note, "Question") {
        return content.to_owned();
    }
    let (title, url) = (escaped(json::text(note, "name")), escaped(url));
    format!("<p>{title}</p>{content}<p><a href=\"{url}\">{url}</a></p>")
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

/// Who may read what came: what is not addressed to everybody or to the followers is for those whom it names.
pub(crate) fn visibility(to: &[&str], cc: &[&str], followers: &str) -> Visibility {
    Visibility::addressed(to, cc, |one| !followers.is_empty() && one == followers)
}

fn named<'v>(note: &'v Value, visibility: Visibility, mut uris: Vec<&'v str>) -> Vec<&'v str> {
    if visibility != Visibility::Direct {
        let tags = json::list(note, "tag")
            .into_iter()
            .filter(|tag| json::is(tag, "Mention"));
        uris.extend(tags.filter_map(|tag| tag["href"].as_str()));
    }
    uris.retain(|uri| !json::is_public(uri));
    uris.sort_unstable();
    uris.dedup();
    uris
}

fn language(note: &Value) -> Option<String> {
    let code = note["contentMap"].as_object()?.keys().next()?;
    let plain = code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    ((2..=16).contains(&code.len()) && plain).then(|| code.clone())
}

fn hashtags(note: &Value) -> Vec<String> {
    let mut tags: Vec<String> = json::list(note, "tag")
        .into_iter()
        .filter(|tag| json::is(tag, "Hashtag"))
        .filter_map(|tag| tag["name"].as_str())
        .map(|name| name.trim_start_matches('#').to_lowercase())
        .filter(|name| !name.is_empty() && name.chars().count() <= 100 && name.chars().all(is_of_tag))
        .collect();
    tags.sort();
    tags.dedup();
    tags
}

fn is_of_tag(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '\u{B7}' | '\u{30FB}' | '\u{200C}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_answer_is_read_in_every_spelling() {
        let (author, followers) = ("https://a.example/x", "https://a.example/x/followers");
        let named = "https://b.example/y";
        let policy = |can: Value| {
            let note = serde_json::json!({
                "tag": [{"type": "Mention", "href": named}], "interactionPolicy": {"canReply": can},
            });
            reply_policy(&note, author, followers)
        };
        for (can, expected) in [
            (serde_json::json!(null), ReplyPolicy::Everybody),
            (serde_json::json!({}), ReplyPolicy::Everybody),
            (
                serde_json::json!({"automaticApproval": "as:Public"}),
                ReplyPolicy::Everybody,
            ),
            (
                serde_json::json!({"automaticApproval": [author], "manualApproval": [json::PUBLIC]}),
                ReplyPolicy::Everybody,
            ),
            (
                serde_json::json!({"automaticApproval": [author, "https://a.example/x/following"]}),
                ReplyPolicy::Everybody,
            ),
            (
                serde_json::json!({"always": [author, followers, named]}),
                ReplyPolicy::Followers,
            ),
            (
                serde_json::json!({"automaticApproval": [author, named]}),
                ReplyPolicy::Mentioned,
            ),
            (
                serde_json::json!({"automaticApproval": [author]}),
                ReplyPolicy::Nobody,
            ),
            (serde_json::json!({"automaticApproval": []}), ReplyPolicy::Nobody),
        ] {
            assert_eq!(policy(can.clone()), expected, "{can}");
        }
    }

    #[test]
    fn what_is_addressed_to_somebody_elses_followers_is_direct() {
        let others = ["https://evil.example/followers"];
        assert_eq!(
            visibility(&others, &[], "https://a.example/followers"),
            Visibility::Direct
        );
        assert_eq!(visibility(&[""], &[], ""), Visibility::Direct);
        assert_eq!(visibility(&[], &["as:Public"], ""), Visibility::Unlisted);
        assert_eq!(visibility(&["Public"], &[], ""), Visibility::Public);
    }
}
