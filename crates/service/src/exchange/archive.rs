//! The whole account as a file: its profile, posts, likes, bookmarks and media in ActivityStreams, as Mastodon lays them out; its
//! lists as CSV; and `held.json`, everything that the inventory says about the person.
//!
//! It is written piece by piece while it is sent, so that pictures are never in memory together. Nothing of it is kept.

use std::sync::Arc;

use bauta_model::{
    Account, AccountId, Attachment, EVERYBODY, Focus, LimiterKey, MediaId, Post, PostId, Secret, Visibility,
};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{Kind, address, export, held};
use crate::accounts::passphrase;
use crate::reading::{Shown, account_card, shown};
use crate::timelines::{self, Page};
use crate::{App, Refused, Speaker, pictures};

/// Pieces of a `.tar.gz`, in order; nothing more after an error.
pub type Archive = mpsc::Receiver<Result<Vec<u8>, Refused>>;

/// Pieces that may wait to be sent.
const WAITING: usize = 4;
/// Posts that are read at a time.
const AT_A_TIME: usize = 40;
/// Archives that are made at a time: each reads everything of an account.
const AT_ONCE: usize = 2;

static MAKING: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(AT_ONCE);

/// Begins to write the speaker's archive. It asks for the passphrase.
///
/// # Errors
/// [`Refused::WrongPassphrase`]; [`Refused::Limited`] after many tries; [`Refused::Busy`] while others are made.
pub async fn archive(
    app: &Arc<App>,
    speaker: &Speaker,
    own: &Secret<String>,
    limiter: LimiterKey,
) -> Result<Archive, Refused> {
    passphrase::prove_again(app, speaker, own, limiter).await?;
    let permit = MAKING.try_acquire().map_err(|_| Refused::Busy)?;
    let (sender, receiver) = mpsc::channel(WAITING);
    let (app, speaker) = (Arc::clone(app), speaker.clone());
    tokio::spawn(async move {
        let out = Out(sender);
        if let Err(Stop::Failed(refused)) = write(&app, &speaker, &out).await {
            let _ = out.0.send(Err(refused)).await;
        }
        drop(permit);
    });
    Ok(receiver)
}

enum Stop {
    /// Nobody reads on.
    HungUp,
    Failed(Refused),
}

impl From<Refused> for Stop {
    fn from(refused: Refused) -> Self {
        Self::Failed(refused)
    }
}

struct Out(mpsc::Sender<Result<Vec<u8>, Refused>>);

impl Out {
    async fn file(&self, name: &str, bytes: &[u8], smaller: bool) -> Result<(), Stop> {
        let entry = bauta_desk::tar_entry(name, bytes);
        self.send(&entry, smaller).await
    }

    async fn json(&self, name: &str, value: &Value) -> Result<(), Stop> {
        self.file(name, value.to_string().as_bytes(), true).await
    }

    async fn send(&self, bytes: &[u8], smaller: bool) -> Result<(), Stop> {
        let member = gzip(bytes, smaller);
        self.0.send(Ok(member)).await.map_err(|_| Stop::HungUp)
    }
}

/// A member of a gzip file (RFC 1952), without a time or a name. Members one after another are one file.
fn gzip(bytes: &[u8], smaller: bool) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    out.extend(miniz_oxide::deflate::compress_to_vec(
        bytes,
        if smaller { 6 } else { 0 },
    ));
    out.extend(crc32(bytes).to_le_bytes());
    out.extend((bytes.len() as u32).to_le_bytes());
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |mut crc: u32| {
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(crc & 1));
        }
        crc
    };
    let table: Vec<u32> = (0..256).map(step).collect();
    !bytes.iter().fold(!0, |crc, byte| {
        (crc >> 8) ^ table[((crc ^ u32::from(*byte)) & 0xFF) as usize]
    })
}

async fn write(app: &Arc<App>, speaker: &Speaker, out: &Out) -> Result<(), Stop> {
    let card = account_card(app, speaker.account).await?;
    out.json("actor.json", &actor(app, &card.account)).await?;
    for (name, id) in [("avatar", card.account.avatar), ("header", card.account.header)] {
        if let Some(id) = id {
            picture(app, out, name, id).await?;
        }
    }
    let mut media = Vec::new();
    let posts = outbox(app, speaker, &mut media).await?;
    out.json("outbox.json", &collection("outbox.json", posts)).await?;
    for (name, likes) in [("likes.json", true), ("bookmarks.json", false)] {
        let marked = marked(app, speaker, likes).await?;
        out.json(name, &collection(name, marked)).await?;
    }
    for kind in Kind::ALL {
        let file = export::file(app, speaker, kind).await?;
        out.file(kind.file(), file.as_bytes(), true).await?;
    }
    let (me, inventory) = (speaker.account, app.inventory);
    let rows = app
        .store
        .read("export_held", move |conn| held::rows(conn, inventory, me))
        .await;
    out.json("held.json", &Value::Object(rows.map_err(Refused::from)?))
        .await?;
    for id in media {
        picture(app, out, &format!("media_attachments/{id}"), id).await?;
    }
    // Two empty blocks end it.
    out.send(&[0; 1024], true).await
}

/// A picture. One that was deleted meanwhile, or that moderators hid, is left out.
async fn picture(app: &App, out: &Out, name: &str, id: MediaId) -> Result<(), Stop> {
    match pictures::read_own(app, id).await {
        Ok(found) => {
            let ending = ending(found.mime);
            out.file(&format!("{name}.{ending}"), &found.bytes, false).await
        }
        Err(Refused::NotFound) => Ok(()),
        Err(refused) => Err(refused.into()),
    }
}

fn collection(name: &str, items: Vec<Value>) -> Value {
    json!({
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": name,
        "type": "OrderedCollection",
        "totalItems": items.len(),
        "orderedItems": items,
    })
}

fn actor(app: &App, of: &Account) -> Value {
    let url = format!("{}/@{}", app.site.base_url, of.handle);
    let fields: Vec<Value> = of
        .fields
        .iter()
        .map(|field| json!({ "type": "PropertyValue", "name": field.name, "value": field.value_html }))
        .collect();
    json!({
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": url,
        "url": url,
        "type": if of.bot { "Service" } else { "Person" },
        "preferredUsername": of.handle.name(),
        "name": of.display_name,
        "summary": of.bio_html,
        "published": of.joined.start().rfc3339(),
        "manuallyApprovesFollowers": of.locked,
        "discoverable": of.discoverable,
        "indexable": of.indexable,
        "attachment": fields,
        "outbox": "outbox.json",
        "likes": "likes.json",
        "bookmarks": "bookmarks.json",
    })
}

/// Every post and boost of the speaker, newest first; the ids of their media are added to `media`. A suspended person takes
/// theirs along too, whom no timeline shows.
async fn outbox(app: &App, speaker: &Speaker, media: &mut Vec<MediaId>) -> Result<Vec<Value>, Refused> {
    let me = speaker.account;
    let (mut below, mut all) = (PostId::new(i64::MAX), Vec::new());
    loop {
        let ids = app.store.read("own_posts", move |conn| {
            bauta_store::exchange::own_posts(conn, me, below, AT_A_TIME as i64)
        });
        let ids = ids.await?;
        let Some(last) = ids.last() else {
            return Ok(all);
        };
        below = *last;
        for shown in &shown(app, Some(me), &ids).await? {
            all.push(activity(app, me, shown));
            if shown.boost.is_none() {
                media.extend(shown.card.post.media.iter().map(|one| one.id));
            }
        }
    }
}

async fn marked(app: &App, speaker: &Speaker, likes: bool) -> Result<Vec<Value>, Refused> {
    let (mut page, mut all) = (Page::newest(AT_A_TIME), Vec::new());
    loop {
        let found = if likes {
            timelines::favourites(app, speaker, &page).await?
        } else {
            timelines::bookmarks(app, speaker, &page).await?
        };
        all.extend(found.iter().map(|shown| json!(place(app, shown))));
        let Some(last) = found.last() else {
            return Ok(all);
        };
        page.max_id = Some(last.id());
    }
}

/// Where a post is.
fn place(app: &App, shown: &Shown) -> String {
    format!(
        "{}/@{}/{}",
        app.site.base_url, shown.author.account.handle, shown.card.post.id
    )
}

fn activity(app: &App, me: AccountId, shown: &Shown) -> Value {
    let published = app.clock.slot_of(shown.id().unix_seconds()).rfc3339();
    if shown.boost.is_some() {
        return json!({ "type": "Announce", "published": published, "object": place(app, shown) });
    }
    let author = format!("{}/@{}", app.site.base_url, shown.author.account.handle);
    let (to, cc) = audience(app, &author, &shown.card.post);
    debug_assert_eq!(me, shown.card.post.author);
    json!({
        "type": "Create",
        "actor": author,
        "published": published,
        "to": to,
        "cc": cc,
        "object": note(app, &author, shown, (&to, &cc)),
    })
}

fn note(app: &App, author: &str, shown: &Shown, (to, cc): (&[String], &[String])) -> Value {
    let post = &shown.card.post;
    let place = place(app, shown);
    let own = post.in_reply_to_author == Some(post.author);
    let answers = post.in_reply_to.map(|id| {
        if own {
            // As that post calls itself in this file.
            format!("{author}/{id}")
        } else {
            format!("{}/statuses/{id}", app.site.base_url)
        }
    });
    let media: Vec<Value> = post.media.iter().map(document).collect();
    let hashtags = post
        .tags
        .iter()
        .map(|tag| json!({ "type": "Hashtag", "name": format!("#{tag}") }));
    let mentions = post.mentions.iter().map(|mention| {
        let name = format!("@{}", address(app, mention.handle.as_str()));
        json!({ "type": "Mention", "name": name })
    });
    let tags: Vec<Value> = hashtags.chain(mentions).collect();
    let mut note = json!({
        "id": place,
        "url": place,
        "type": "Note",
        "attributedTo": author,
        "published": app.clock.slot_of(post.id.unix_seconds()).rfc3339(),
        "updated": post.edited.map(bauta_model::CoarseTime::rfc3339),
        "inReplyTo": answers,
        "summary": (!post.warning.is_empty()).then_some(&post.warning),
        "sensitive": post.sensitive,
        "content": post.html,
        "contentMap": post.language.as_ref().map(|code| json!({ code.as_str(): post.html })),
        "source": { "content": post.text, "mediaType": "text/plain" },
        "to": to,
        "cc": cc,
        "attachment": media,
        "tag": tags,
    });
    if let Some(poll) = &post.poll {
        let options: Vec<Value> = poll
            .options
            .iter()
            .map(|option| {
                json!({ "type": "Note", "name": option.title, "replies": { "type": "Collection", "totalItems": option.votes } })
            })
            .collect();
        note["type"] = json!("Question");
        note["endTime"] = json!(poll.expires.rfc3339());
        note[if poll.multiple { "anyOf" } else { "oneOf" }] = Value::Array(options);
    }
    note
}

/// What a file's name ends in.
fn ending(mime: &str) -> &'static str {
    match mime {
        "image/png" => "png",
        "image/gif" => "gif",
        "video/mp4" => "mp4",
        "audio/mp4" => "m4a",
        _ => "jpg",
    }
}

fn document(one: &Attachment) -> Value {
    let ending = ending(&one.mime);
    json!({
        "type": "Document",
        "mediaType": one.mime,
        "url": format!("media_attachments/{}.{ending}", one.id),
        "name": (!one.description.is_empty()).then_some(&one.description),
        "width": one.width,
        "height": one.height,
        "focalPoint": (one.focus != Focus::default()).then(|| [one.focus.x(), one.focus.y()].map(|side| f64::from(side) / 1000.0)),
        "blurhash": (!one.blurhash.is_empty()).then_some(&one.blurhash),
    })
}

/// Whom a post is for.
fn audience(app: &App, author: &str, post: &Post) -> (Vec<String>, Vec<String>) {
    let everybody = || EVERYBODY.to_owned();
    let followers = || format!("{author}/followers");
    let named: Vec<String> = post
        .mentions
        .iter()
        .map(|mention| format!("{}/@{}", app.site.base_url, mention.handle))
        .collect();
    match post.visibility {
        Visibility::Public => (vec![everybody()], [vec![followers()], named].concat()),
        Visibility::Unlisted => (vec![followers()], [vec![everybody()], named].concat()),
        Visibility::Followers => (vec![followers()], named),
        Visibility::Direct => (named, Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_is_the_one_that_everybody_computes() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }
}
