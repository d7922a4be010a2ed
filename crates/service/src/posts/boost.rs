//! Boosting: showing somebody's post to one's own followers.

use std::sync::Arc;

use bauta_model::{Account, Post, PostId, Visibility};
use bauta_store::notifications::{self, Kind};
use bauta_store::outbox::{self, Change};
use bauta_store::post_actions;
use bauta_timeline::Mark;

use super::post::Memory;
use crate::reach::{self, Act};
use crate::reading::{Shown, readable, shown_one};
use crate::{App, Refused, Speaker};

/// What a boost came to.
enum Boosted {
    /// It was there before.
    Before(PostId),
    /// It is new, and counted with its author.
    Now(Box<(Post, Option<Account>)>),
}

/// Boosts a post: a public or unlisted one, or the speaker's own for followers. A second boost is the first.
///
/// Answers with the boost.
///
/// # Errors
/// [`Refused::NotFound`] for a post that the speaker may not read; [`Refused::Forbidden`] for one that was meant for
/// fewer people.
pub async fn boost(
    app: &App,
    speaker: &Speaker,
    id: PostId,
    visibility: Visibility,
) -> Result<Shown, Refused> {
    speaker.speaks()?;
    let found = readable(app, Some(speaker), id).await?;
    let original = Arc::clone(&found.card.post);
    let own = original.author == speaker.account;
    let visibility = match original.visibility {
        Visibility::Public | Visibility::Unlisted if visibility != Visibility::Direct => visibility,
        Visibility::Followers if own => Visibility::Followers,
        _ => {
            return Err(Refused::Forbidden(
                "This post is not for everyone: it can't be boosted.",
            ));
        }
    };
    let (account, boosted_author) = (speaker.account, original.author);
    reach::check(app, speaker, Act::Post).await?;
    let (memory, timelines) = (Memory::of(app), Arc::clone(&app.timelines));
    let marked = original.id;
    let written = app
        .store
        .write_then(
            "boost",
            move |conn| {
                if let Some(before) = post_actions::boost_by(conn, account, original.id)? {
                    return Ok(Boosted::Before(before));
                }
                let id = conn.next_post_id();
                let boost = of(&original, id, account, visibility);
                let counted = bauta_store::posts::insert(conn, &boost, Some(original.author))?;
                notifications::tell(conn, original.author, Kind::Boost, account, &original)?;
                outbox::note(conn, &Change::new(outbox::Kind::Boost, account, id.get()))?;
                Ok::<_, bauta_store::Error>(Boosted::Now(Box::new((boost, counted))))
            },
            move |boosted: &Boosted| {
                if let Boosted::Now(new) = boosted {
                    memory.take_boost(&new.0, boosted_author, new.1.as_ref());
                }
                timelines.mark(account, Mark::Boost, marked, true);
            },
        )
        .await;
    let boost = match written {
        Ok(Boosted::Before(id)) => id,
        Ok(Boosted::Now(new)) => new.0.id,
        Err(error) if error.is_dangling() => return Err(Refused::NotFound),
        Err(error) => return Err(error.into()),
    };
    shown_one(app, Some(account), boost).await
}

fn of(original: &Post, id: PostId, author: bauta_model::AccountId, visibility: Visibility) -> Post {
    Post {
        thread: original.thread,
        boost_of: Some(original.id),
        sensitive: original.sensitive,
        ..Post::new(id, author, visibility)
    }
}

/// Takes the speaker's boost of a post back. Answers with the post; where there was no boost, nothing happens.
///
/// # Errors
/// [`Refused::NotFound`] for a post that the speaker may not read.
pub async fn unboost(app: &App, speaker: &Speaker, id: PostId) -> Result<Shown, Refused> {
    speaker.speaks()?;
    let found = readable(app, Some(speaker), id).await?;
    let (account, original) = (speaker.account, found.card.post.id);
    let boost = app
        .store
        .read("boost_by", move |conn| {
            post_actions::boost_by(conn, account, original)
        })
        .await?;
    if let Some(boost) = boost {
        match super::remove(app, boost).await {
            Ok(()) | Err(Refused::NotFound) => {}
            Err(error) => return Err(error),
        }
        app.store
            .write("unboost", move |conn| {
                notifications::take_back(conn, Kind::Boost, account, original)
            })
            .await?;
    }
    app.timelines.mark(account, Mark::Boost, original, false);
    shown_one(app, Some(account), original).await
}
