//! Requests to follow a locked account: its owner lets people in, or not. Who asked is not told of a no.

use std::sync::Arc;

use bauta_model::AccountId;
use bauta_store::outbox::{self, Change};
use bauta_store::{Window, follows};
use bauta_timeline::AccountCard;

use super::lists::people;
use super::{Between, change, exists};
use crate::{App, Listed, Refused, Speaker};

/// Who asks to follow the speaker.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn requests(
    app: &App,
    speaker: &Speaker,
    window: Window<AccountId>,
) -> Result<Listed<Arc<AccountCard>, AccountId>, Refused> {
    let me = speaker.account;
    let ids = app
        .store
        .read("follow_requests", move |conn| {
            follows::requests(conn, me, &window)
        })
        .await?;
    people(app, None, &ids, &window).await
}

/// How many ask to follow the speaker.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn count_requests(app: &App, speaker: &Speaker) -> Result<i64, Refused> {
    let me = speaker.account;
    let count = app
        .store
        .read("count_follow_requests", move |conn| {
            follows::count_requests(conn, me)
        })
        .await?;
    Ok(count)
}

/// Lets `follower` follow the speaker.
///
/// # Errors
/// [`Refused::NotFound`] where they do not ask.
pub async fn accept_request(app: &App, speaker: &Speaker, follower: AccountId) -> Result<Between, Refused> {
    speaker.speaks()?;
    let me = speaker.account;
    change(app, speaker, follower, "accept_follow", move |conn| {
        exists(conn, follower)?;
        outbox::note(conn, &Change::new(outbox::Kind::Answer, me, follower.get()))?;
        asked(follows::accept(conn, follower, me)?)
    })
    .await
}

/// Does not let `follower` follow the speaker.
///
/// # Errors
/// [`Refused::NotFound`] where they do not ask.
pub async fn reject_request(app: &App, speaker: &Speaker, follower: AccountId) -> Result<Between, Refused> {
    speaker.speaks()?;
    let me = speaker.account;
    change(app, speaker, follower, "reject_follow", move |conn| {
        exists(conn, follower)?;
        outbox::note(conn, &Change::new(outbox::Kind::Answer, me, follower.get()))?;
        asked(follows::withdraw(conn, follower, me)?)
    })
    .await
}

fn asked(done: bool) -> Result<(), Refused> {
    if done { Ok(()) } else { Err(Refused::NotFound) }
}
