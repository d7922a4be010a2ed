//! The local timeline: everyone's public posts.

use bauta_timeline::{Answer, Page};

use super::{ids, stored};
use crate::reading::{Shown, reader, shown};
use crate::{App, Refused, Speaker};

/// A page of the local timeline, as the viewer may see it.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn local(app: &App, viewer: Option<&Speaker>, page: &Page) -> Result<Vec<Shown>, Refused> {
    let account = viewer.map(|speaker| speaker.account);
    let reader = match account {
        Some(account) => Some(reader(app, account).await?),
        None => None,
    };
    let ids = match app.timelines.local(reader.as_deref(), page) {
        Answer::Page(entries) => ids(&entries),
        Answer::Cold => {
            let page = stored(page);
            app.store
                .read("local", move |conn| {
                    bauta_store::timelines::local(conn, account, &page)
                })
                .await?
        }
    };
    shown(app, account, &ids).await
}

/// As [`local`], of the posts that show something. From the store: memory does not know which do.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn local_media(app: &App, viewer: Option<&Speaker>, page: &Page) -> Result<Vec<Shown>, Refused> {
    let account = viewer.map(|speaker| speaker.account);
    let page = stored(page);
    let ids = app
        .store
        .read("local_media", move |conn| {
            bauta_store::timelines::local_media(conn, account, &page)
        })
        .await?;
    shown(app, account, &ids).await
}
