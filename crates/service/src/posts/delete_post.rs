//! Deleting a post: the row with everything that hangs on it, and every trace in memory.

use std::sync::Arc;

use bauta_model::{Post, PostId};
use bauta_store::outbox::{self, Change};
use bauta_store::post_changes::{self, Gone};
use bauta_store::{Conn, remote};
use bauta_timeline::Entry;

use super::post::said;
use crate::reading::{Shown, readable};
use crate::streams::{Happening, Said, Streams};
use crate::{App, Refused, Speaker};

/// Deletes a post of the speaker with its media, whose bytes are erased at once, or takes a boost back by its id. Answers with what is gone, for its author to write
/// it anew.
///
/// # Errors
/// [`Refused::NotFound`] for a post of somebody else.
pub async fn delete_post(app: &App, speaker: &Speaker, id: PostId) -> Result<Shown, Refused> {
    speaker.speaks()?;
    let found = readable(app, Some(speaker), id).await?;
    let own = found.boost.as_ref().unwrap_or(&found.card);
    if own.post.author != speaker.account {
        return Err(Refused::NotFound);
    }
    remove(app, id).await?;
    Ok(found)
}

/// Deletes a post, whoever asks: for moderators, and for deleting an account.
///
/// # Errors
/// [`Refused::NotFound`] if it is gone already.
pub async fn remove(app: &App, id: PostId) -> Result<(), Refused> {
    remove_and(app, id, |_, _| Ok(())).await
}

/// As [`remove`], with more to write in the same go: why it was deleted.
pub(crate) async fn remove_and<F>(app: &App, id: PostId, also: F) -> Result<(), Refused>
where
    F: FnOnce(&mut Conn, &Post) -> Result<(), Refused> + Send + 'static,
{
    let eraser = crate::pictures::Eraser::of(app);
    let timelines = Arc::clone(&app.timelines);
    let (cards, accounts, search, streams) = (
        Arc::clone(&app.cards),
        Arc::clone(&app.accounts),
        Arc::clone(&app.search),
        Arc::clone(&app.streams),
    );
    app.store
        .write_then(
            "delete_post",
            move |conn| {
                // Read within the write: the counts that are taken back are those that stand now.
                let post = bauta_store::posts::by_id(conn, id)?.ok_or(Refused::NotFound)?;
                also(conn, &post)?;
                note_gone(conn, &post)?;
                super::receive::keep_away(conn, post.id)?;
                let gone = post_changes::delete(conn, &post)?;
                Ok::<_, Refused>((post, gone))
            },
            move |(post, gone): &(Post, Gone)| {
                eraser.erase(gone.places.clone());
                say_gone(&streams, post, gone);
                timelines.remove(post.id);
                search.forget(vec![post.id]);
                let boosts = gone.boosts.iter().map(|(boost, _)| *boost);
                let quoted = post.quote.as_ref().and_then(|quote| quote.post);
                let counted = [Some(post.id), post.in_reply_to, post.boost_of, quoted];
                for changed in counted
                    .into_iter()
                    .flatten()
                    .chain(boosts)
                    .chain(gone.replies.iter().copied())
                    .chain(gone.quotes.iter().copied())
                {
                    cards.invalidate(changed);
                }
                let boosters = gone.boosts.iter().map(|(_, booster)| *booster);
                for changed in std::iter::once(post.author).chain(boosters) {
                    accounts.invalidate(changed);
                }
                if let Some(boosted) = post.boost_of {
                    timelines.mark(post.author, bauta_timeline::Mark::Boost, boosted, false);
                }
            },
        )
        .await
        .map(|_| ())
}

/// Tells streams that a post is gone, with the boosts that went with it.
fn say_gone(streams: &Streams, post: &Post, gone: &Gone) {
    // Of a boost, whom it boosted decides nothing any more.
    let boosted = post.boost_of.map(|_| post.author);
    streams.say(Happening::Deleted(said(post, boosted)));
    for (boost, booster) in &gone.boosts {
        let entry = Entry {
            id: *boost,
            author: *booster,
            boost_of: Some((post.id, post.author)),
            reply_to: None,
            visibility: post.visibility,
        };
        let tags = Vec::new();
        streams.say(Happening::Deleted(Said {
            entry,
            tags,
            named: Vec::new(),
        }));
    }
}

/// Other servers are to be told. Whom the post named, whom it answered, and who boosted, liked or answered it can't be looked up once it is gone.
pub(crate) fn note_gone(conn: &mut Conn, post: &Post) -> bauta_store::Result<()> {
    let (kind, detail) = if let Some(boosted) = post.boost_of {
        (outbox::Kind::BoostGone, boosted.to_string())
    } else {
        let mut people: Vec<_> = post.mentions.iter().map(|mention| mention.account).collect();
        people.extend(post.in_reply_to_author);
        let followers_of_answered = match post.in_reply_to_author {
            Some(answered) if post.visibility.is_open() => remote::follower_inboxes(conn, answered)?,
            _ => Vec::new(),
        };
        let inboxes = remote::of_many(conn, &people)?
            .into_iter()
            .map(|account| account.inbox)
            .chain(remote::reached_inboxes(conn, post.id)?)
            .chain(followers_of_answered);
        (outbox::Kind::PostGone, inboxes.collect::<Vec<_>>().join("\n"))
    };
    let change = Change {
        detail,
        ..Change::new(kind, post.author, post.id.get())
    };
    outbox::note(conn, &change)
}
