//! The timeline of a hashtag.

use bauta_timeline::Page;

use super::stored;
use crate::reading::{Shown, shown};
use crate::{App, Refused, Speaker};

/// A page of the public posts with a hashtag, with or without `#`, whatever its case.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn tag(app: &App, viewer: Option<&Speaker>, tag: &str, page: &Page) -> Result<Vec<Shown>, Refused> {
    let account = viewer.map(|speaker| speaker.account);
    let tag = tag.trim_start_matches('#').to_lowercase();
    let page = stored(page);
    let ids = app
        .store
        .read("tag", move |conn| {
            bauta_store::timelines::tag(conn, account, &tag, &page)
        })
        .await?;
    shown(app, account, &ids).await
}
