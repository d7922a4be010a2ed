//! What a reader does with a post for themselves or its author: favourite, bookmark, mute the thread.

use std::sync::Arc;

use bauta_model::PostId;
use bauta_store::notifications::{self, Kind};
use bauta_store::outbox::{self, Change};
use bauta_store::post_actions;
use bauta_timeline::Mark;

use crate::reading::{Shown, readable, shown_one};
use crate::{App, Refused, Speaker};

/// Favourites a post: it counts, and its author is told.
///
/// # Errors
/// [`Refused::NotFound`] for a post that the speaker may not read; so for all below.
pub async fn favourite(app: &App, speaker: &Speaker, id: PostId) -> Result<Shown, Refused> {
    speaker.speaks()?;
    set_favourite(app, speaker, id, true).await
}

/// Takes a favourite back, and what its author was told.
pub async fn unfavourite(app: &App, speaker: &Speaker, id: PostId) -> Result<Shown, Refused> {
    speaker.speaks()?;
    set_favourite(app, speaker, id, false).await
}

async fn set_favourite(app: &App, speaker: &Speaker, id: PostId, on: bool) -> Result<Shown, Refused> {
    let post = Arc::clone(&readable(app, Some(speaker), id).await?.card.post);
    let (account, id, cards) = (speaker.account, post.id, Arc::clone(&app.cards));
    let timelines = Arc::clone(&app.timelines);
    let written = app
        .store
        .write_then(
            "favourite",
            move |conn| {
                outbox::note(conn, &Change::new(outbox::Kind::Like, account, id.get()))?;
                if on {
                    let new = post_actions::favourite(conn, account, id)?;
                    if new {
                        notifications::tell(conn, post.author, Kind::Favourite, account, &post)?;
                    }
                    return Ok(new);
                }
                let gone = post_actions::unfavourite(conn, account, id)?;
                notifications::take_back(conn, Kind::Favourite, account, id)?;
                Ok(gone)
            },
            move |changed: &bool| {
                if *changed {
                    cards.invalidate(id);
                }
                timelines.mark(account, Mark::Favourite, id, on);
            },
        )
        .await;
    finish(app, speaker, id, written.map(|_| ())).await
}

/// Bookmarks a post. Nobody is told, and nothing counts it.
pub async fn bookmark(app: &App, speaker: &Speaker, id: PostId) -> Result<Shown, Refused> {
    speaker.speaks()?;
    set_bookmark(app, speaker, id, true).await
}

/// Takes a bookmark back.
pub async fn unbookmark(app: &App, speaker: &Speaker, id: PostId) -> Result<Shown, Refused> {
    speaker.speaks()?;
    set_bookmark(app, speaker, id, false).await
}

async fn set_bookmark(app: &App, speaker: &Speaker, id: PostId, on: bool) -> Result<Shown, Refused> {
    let id = readable(app, Some(speaker), id).await?.card.post.id;
    let (account, timelines) = (speaker.account, Arc::clone(&app.timelines));
    let written = app
        .store
        .write_then(
            "bookmark",
            move |conn| post_actions::set_bookmark(conn, account, id, on),
            move |()| timelines.mark(account, Mark::Bookmark, id, on),
        )
        .await;
    finish(app, speaker, id, written).await
}

/// Wants no more notifications of the post's thread.
pub async fn mute_thread(app: &App, speaker: &Speaker, id: PostId) -> Result<Shown, Refused> {
    speaker.speaks()?;
    set_thread_mute(app, speaker, id, true).await
}

/// Wants notifications of the post's thread again.
pub async fn unmute_thread(app: &App, speaker: &Speaker, id: PostId) -> Result<Shown, Refused> {
    speaker.speaks()?;
    set_thread_mute(app, speaker, id, false).await
}

async fn set_thread_mute(app: &App, speaker: &Speaker, id: PostId, on: bool) -> Result<Shown, Refused> {
    let post = Arc::clone(&readable(app, Some(speaker), id).await?.card.post);
    let (account, thread, timelines) = (speaker.account, post.thread, Arc::clone(&app.timelines));
    let written = app
        .store
        .write_then(
            "mute_thread",
            move |conn| post_actions::set_thread_mute(conn, account, thread, on),
            move |()| timelines.mark(account, Mark::MuteThread, thread, on),
        )
        .await;
    finish(app, speaker, post.id, written).await
}

/// Answers with the post as it stands now.
async fn finish(
    app: &App,
    speaker: &Speaker,
    id: PostId,
    written: bauta_store::Result<()>,
) -> Result<Shown, Refused> {
    match written {
        Ok(()) => {}
        // The post was deleted a moment ago.
        Err(error) if error.is_dangling() => return Err(Refused::NotFound),
        Err(error) => return Err(error.into()),
    }
    shown_one(app, Some(speaker.account), id).await
}
