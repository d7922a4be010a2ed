//! A post in Mastodon's JSON: what is the same for every reader is rendered once and kept with the post's card, the
//! author's part with the author's, and a page is put together from these without a tree.

use bauta_model::{AccountId, Attachment, Post};
use bauta_service::App;
use bauta_service::reading::Shown;
use bauta_timeline::{AccountCard, Card, Piece};
use bytes::{BufMut, Bytes, BytesMut};
use serde_json::{Value, json};

use super::account;
use super::attachment::attachment;
use super::emoji;
use super::poll;
use super::quote;

/// What a post takes in a page, about: the buffer of a page is made large enough at once.
const USUAL_BYTES: usize = 2600;

/// A list of posts as `viewer` sees them.
pub(crate) fn list(app: &App, viewer: Option<AccountId>, posts: &[Shown]) -> Bytes {
    let mut out = BytesMut::with_capacity(2 + posts.len() * USUAL_BYTES);
    put_list(&mut out, app, viewer, posts);
    out.freeze()
}

/// Writes a list of posts.
pub(crate) fn put_list(out: &mut BytesMut, app: &App, viewer: Option<AccountId>, posts: &[Shown]) {
    out.put_u8(b'[');
    for (nth, shown) in posts.iter().enumerate() {
        if nth > 0 {
            out.put_u8(b',');
        }
        put(out, app, viewer, shown);
    }
    out.put_u8(b']');
}

/// A post as `viewer` sees it.
pub(crate) fn one(app: &App, viewer: Option<AccountId>, shown: &Shown) -> Bytes {
    let mut out = BytesMut::with_capacity(USUAL_BYTES);
    put(&mut out, app, viewer, shown);
    out.freeze()
}

/// A deleted post with its text as typed, for its author to write it anew.
pub(crate) fn with_source(app: &App, viewer: AccountId, shown: &Shown) -> Bytes {
    let mut out = BytesMut::with_capacity(USUAL_BYTES);
    put(&mut out, app, Some(viewer), shown);
    out.truncate(out.len() - 1);
    out.put_slice(b",\"text\":");
    out.put_slice(Value::from(shown.card.post.text.as_str()).to_string().as_bytes());
    out.put_u8(b'}');
    out.freeze()
}

pub(super) fn put(out: &mut BytesMut, app: &App, viewer: Option<AccountId>, shown: &Shown) {
    if let (Some(boost), Some(booster)) = (&shown.boost, &shown.boosted_by) {
        let wrapper = Shown {
            quote: None,
            ..shown.clone()
        };
        put_open(out, app, viewer, boost, booster, &wrapper);
        out.put_slice(b",\"reblog\":");
        put_open(out, app, viewer, &shown.card, &shown.author, shown);
        out.put_slice(b",\"reblog\":null}}");
    } else {
        put_open(out, app, viewer, &shown.card, &shown.author, shown);
        out.put_slice(b",\"reblog\":null}");
    }
}

/// Everything but what is boosted, and the closing brace.
fn put_open(
    out: &mut BytesMut,
    app: &App,
    viewer: Option<AccountId>,
    card: &Card,
    author: &AccountCard,
    shown: &Shown,
) {
    let flags = shown.flags;
    out.put_slice(card.piece(Piece::JsonHead, || head(app, &card.post, author)));
    out.put_slice(&account::rendered(app, author));
    if let Some(poll) = &card.post.poll {
        out.put_slice(b",\"poll\":");
        let voted = viewer.map(|viewer| shown.voted || card.post.author == viewer);
        let poll = poll::poll(app, card.post.id, poll, voted, &[]);
        out.put_slice(poll.to_string().as_bytes());
    }
    quote::put(out, app, viewer, shown);
    let Some(viewer) = viewer else { return };
    let flag = |out: &mut BytesMut, name: &str, set: bool| {
        out.put_slice(name.as_bytes());
        out.put_slice(if set { b"true" } else { b"false" });
    };
    flag(out, ",\"favourited\":", flags.favourited);
    flag(out, ",\"reblogged\":", flags.boosted);
    flag(out, ",\"muted\":", flags.muted);
    flag(out, ",\"bookmarked\":", flags.bookmarked);
    if card.post.author == viewer {
        flag(out, ",\"pinned\":", card.post.pinned);
    }
    if shown.filtered.is_empty() {
        out.put_slice(b",\"filtered\":[]");
    } else {
        let filtered: Value = shown.filtered.iter().map(crate::filters::result).collect();
        out.put_slice(b",\"filtered\":");
        out.put_slice(filtered.to_string().as_bytes());
    }
}

/// The post up to the place of its author.
fn head(app: &App, post: &Post, author: &AccountCard) -> Bytes {
    let base = &app.site.base_url;
    let url = format!("{base}/@{}/{}", author.account.handle, post.id);
    let mentions: Vec<Value> = post
        .mentions
        .iter()
        .map(|mention| {
            let handle = mention.handle.as_str();
            json!({
                "id": mention.account.to_string(),
                "username": mention.handle.name(),
                "url": format!("{base}/@{handle}"),
                "acct": handle,
            })
        })
        .collect();
    let tags: Vec<Value> = post
        .tags
        .iter()
        .map(|name| json!({ "name": name, "url": tag_url(base, name) }))
        .collect();
    let mut head = json!({
        "id": post.id.to_string(),
        "created_at": app.clock.slot_of(post.id.unix_seconds()).rfc3339(),
        "in_reply_to_id": post.in_reply_to.map(|id| id.to_string()),
        "in_reply_to_account_id": post.in_reply_to_author.map(|id| id.to_string()),
        "sensitive": post.sensitive,
        "spoiler_text": post.warning,
        "visibility": post.visibility.as_api(),
        "language": post.language,
        "uri": url,
        "url": url,
        "replies_count": post.replies_count,
        "reblogs_count": post.boosts_count,
        "favourites_count": post.favourites_count,
        "quotes_count": post.quotes_count,
        "edited_at": post.edited.map(bauta_model::CoarseTime::rfc3339),
        "content": post.html,
        // Which app somebody used is a trace, and is not kept.
        "application": null,
        "media_attachments": media(base, &post.media),
        "mentions": mentions,
        "tags": tags,
        "emojis": emoji::used(app, &author.account, [post.text.as_str(), post.warning.as_str()]),
        "card": null,
        "poll": null,
    });
    if post.poll.is_some() {
        // It differs by reader and by time, and is written for each.
        if let Some(fields) = head.as_object_mut() {
            fields.remove("poll");
        }
    }
    let mut head = head.to_string();
    head.pop();
    head.push_str(",\"account\":");
    Bytes::from(head)
}

/// The media of a post.
pub(crate) fn media(base: &str, media: &[Attachment]) -> Vec<Value> {
    media.iter().map(|one| attachment(base, one)).collect()
}

/// Where the public posts with a hashtag are.
pub(crate) fn tag_url(base: &str, tag: &str) -> String {
    let path: String = url::form_urlencoded::byte_serialize(tag.as_bytes()).collect();
    format!("{base}/tags/{path}")
}
