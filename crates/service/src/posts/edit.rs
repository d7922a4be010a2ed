//! Editing: new words for a post; the old ones stay in its history.

use std::sync::Arc;

use bauta_model::{AccountId, CoarseTime, MediaId, Post, PostId, QuotePolicy, ReplyPolicy, Standing};
use bauta_store::media::Place;
use bauta_store::notifications::{self, Kind};
use bauta_store::outbox::{self, Change};
use bauta_store::search::Indexed;
use bauta_store::{Conn, post_actions, post_changes, short_links};

use super::draft::{Prepared, Words, check_direct, prepare};
use super::edit_media::{MediaChanges, media_of};
use super::polls::{self, PollWish};
use super::post::said;
use super::quote;
use crate::attachments::{self, Described};
use crate::link_previews::Showing;
use crate::pictures::Eraser;
use crate::reading::{Shown, readable, shown_one};
use crate::streams::Happening;
use crate::{App, Refused, Speaker};

/// New words for a post.
#[derive(Clone, Debug)]
pub struct Edit {
    /// As typed.
    pub text: String,
    /// The content warning, as typed.
    pub warning: String,
    /// Media are hidden until asked for.
    pub sensitive: bool,
    /// ISO 639 code; nothing leaves it as it is.
    pub language: Option<String>,
    /// Its media from now on, in order; those that are left out are deleted. Nothing leaves them as they are.
    pub media: Option<Vec<MediaId>>,
    /// What is said of them.
    pub described: Vec<(MediaId, Described)>,
    /// What becomes of its poll. Votes stay where the same is asked as before.
    pub poll: PollWish,
    /// Who may quote it from now on; nothing leaves it as it is.
    pub quote_policy: Option<QuotePolicy>,
    /// Who may answer it from now on; nothing leaves it as it is.
    pub reply_policy: Option<ReplyPolicy>,
    /// The author saw what the leak check found.
    pub confirmed: bool,
}

/// People who boosted the post and are told of an edit, at most.
const MOST_TOLD: i64 = 500;

/// Replaces the words of a post of the speaker. The same words again change nothing.
///
/// # Errors
/// As [`super::post`]; [`Refused::NotFound`] for a post of somebody else.
pub async fn edit(app: &App, speaker: &Speaker, id: PostId, wanted: Edit) -> Result<Shown, Refused> {
    speaker.speaks()?;
    let found = readable(app, Some(speaker), id).await?;
    if found.card.post.author != speaker.account || found.boost.is_some() {
        return Err(Refused::NotFound);
    }
    let words = Words {
        text: &wanted.text,
        warning: &wanted.warning,
        language: wanted.language.as_deref(),
        shorten: false,
        confirmed: wanted.confirmed,
        has_media: match &wanted.media {
            Some(media) => !media.is_empty(),
            None => !found.card.post.media.is_empty(),
        },
        poll: wanted.poll.asked(),
        names: true,
    };
    let prepared = prepare(app, speaker, &found.author, words).await?;
    if found.card.post.visibility == bauta_model::Visibility::Direct {
        check_direct(app, speaker.account, &prepared.mentions).await?;
    }
    let changes = media_of(app, &wanted)?;
    let named = changes.media.clone().unwrap_or_default();
    let keeps_poll = matches!(wanted.poll, PollWish::Keep);
    let (account, now) = (speaker.account, app.clock.now());
    let sensitive = wanted.sensitive;
    let known = &found.card.post;
    let reply_policy = wanted.reply_policy.filter(|policy| *policy != known.reply_policy);
    let quote_policy = wanted
        .quote_policy
        .map(|wished| quote::policy(known.visibility, wished))
        .filter(|policy| *policy != known.quote_policy);
    let eraser = Eraser::of(app);
    let indexable = found.author.account.indexable && found.author.account.standing == Standing::Good;
    let (cards, search, streams) = (
        Arc::clone(&app.cards),
        Arc::clone(&app.search),
        Arc::clone(&app.streams),
    );
    let showing = Showing::of(app);
    let written = app
        .store
        .write_then(
            "edit",
            move |conn| {
                if let Some(policy) = reply_policy {
                    bauta_store::posts::set_reply_policy(conn, id, policy)?;
                }
                if let Some(policy) = quote_policy {
                    bauta_store::quotes::set_policy(conn, id, policy)?;
                }
                if reply_policy.is_some() || quote_policy.is_some() {
                    outbox::note(conn, &Change::new(outbox::Kind::Quote, account, id.get()))?;
                }
                let written = write(
                    conn,
                    (account, id, now),
                    (sensitive, keeps_poll),
                    prepared,
                    &changes,
                )?;
                let has_media = !written.0.media.is_empty();
                showing.show_edited(conn, (&written.0, has_media), now)?;
                Ok::<_, Refused>(written)
            },
            move |(post, places): &(Post, Vec<Place>)| {
                eraser.erase(places.clone());
                cards.invalidate(post.id);
                streams.say(Happening::Edited(said(post, None)));
                match Indexed::of(post, indexable) {
                    Some(words) => search.put(words),
                    None => search.forget(vec![post.id]),
                }
            },
        )
        .await;
    if matches!(
        written,
        Err(Refused::Invalid {
            field: "media_ids",
            ..
        })
    ) {
        return Err(attachments::not_yours(app, speaker, &named));
    }
    written?;
    shown_one(app, Some(speaker.account), id).await
}

fn write(
    conn: &mut Conn,
    (account, id, now): (AccountId, PostId, CoarseTime),
    (sensitive, keeps_poll): (bool, bool),
    words: Prepared,
    changes: &MediaChanges,
) -> Result<(Post, Vec<Place>), Refused> {
    // Read within the write: of two edits at once, the later replaces what the earlier wrote.
    let before = bauta_store::posts::by_id(conn, id)?.filter(|post| post.author == account);
    let before = before.ok_or(Refused::NotFound)?;
    let mut after = Post {
        sensitive: sensitive || !words.warning.is_empty(),
        warning: words.warning,
        text: words.text,
        html: words.html,
        language: words.language.or_else(|| before.language.clone()),
        edited: Some(now),
        mentions: words.mentions,
        tags: words.tags,
        poll: if keeps_poll {
            before.poll.clone()
        } else {
            polls::after(before.poll.as_ref(), words.poll)
        },
        ..before.clone()
    };
    let same = (&after.text, &after.warning, after.sensitive, &after.language)
        == (&before.text, &before.warning, before.sensitive, &before.language)
        && polls::ask_the_same(before.poll.as_ref(), after.poll.as_ref());
    if same && !changes.change(&before) {
        // Another end alone is no other version.
        bauta_store::polls::replace(conn, id, before.poll.as_ref(), after.poll.as_ref())?;
        let poll = after.poll;
        return Ok((Post { poll, ..before }, Vec::new()));
    }
    let was_at = before
        .edited
        .unwrap_or_else(|| conn.clock().slot_of(before.id.unix_seconds()));
    post_changes::edit(conn, &before, was_at, &after)?;
    let places = changes.put(conn, &before, &mut after)?;
    for link in &words.short_links {
        short_links::insert(conn, &link.code, id, &link.url)?;
    }
    tell(conn, &before, &after)?;
    outbox::note(conn, &Change::new(outbox::Kind::Post, account, id.get()))?;
    Ok((after, places))
}

/// Tells whom the new words name and the old did not, and who boosted or quoted the old words.
pub(super) fn tell(conn: &mut Conn, before: &Post, after: &Post) -> Result<(), Refused> {
    for mention in after
        .mentions
        .iter()
        .filter(|mention| !before.mentions.contains(mention))
    {
        notifications::tell(conn, mention.account, Kind::Mention, after.author, after)?;
    }
    for booster in post_actions::boosted_by(conn, after.id, AccountId::new(i64::MAX), MOST_TOLD)? {
        notifications::tell(conn, booster, Kind::Update, after.author, after)?;
    }
    Ok(quote::tell_quoters(conn, after, MOST_TOLD)?)
}
