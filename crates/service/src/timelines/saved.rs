//! What the speaker bookmarked and favourited.

use bauta_timeline::Page;

use super::stored;
use crate::reading::{Shown, shown};
use crate::{App, Refused, Speaker};

/// A page of the speaker's bookmarks, by the ids of the posts.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn bookmarks(app: &App, speaker: &Speaker, page: &Page) -> Result<Vec<Shown>, Refused> {
    let (account, page) = (speaker.account, stored(page));
    let ids = app
        .store
        .read("bookmarks", move |conn| {
            bauta_store::timelines::bookmarks(conn, account, &page)
        })
        .await?;
    shown(app, Some(account), &ids).await
}

/// A page of the speaker's favourites, by the ids of the posts.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn favourites(app: &App, speaker: &Speaker, page: &Page) -> Result<Vec<Shown>, Refused> {
    let (account, page) = (speaker.account, stored(page));
    let ids = app
        .store
        .read("favourites", move |conn| {
            bauta_store::timelines::favourites(conn, account, &page)
        })
        .await?;
    shown(app, Some(account), &ids).await
}
