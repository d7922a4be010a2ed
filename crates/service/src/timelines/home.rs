//! The home timeline: what the speaker and the people whom they follow posted.

use bauta_timeline::{Answer, Page};

use super::{ids, stored};
use crate::reading::{Shown, reader, shown};
use crate::{App, Refused, Speaker};

/// A page of the speaker's home timeline.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn home(app: &App, speaker: &Speaker, page: &Page) -> Result<Vec<Shown>, Refused> {
    let account = speaker.account;
    let reader = reader(app, account).await?;
    let ids = match app.timelines.home(&reader, page) {
        Answer::Page(entries) => ids(&entries),
        Answer::Cold => {
            let page = stored(page);
            app.store
                .read("home", move |conn| {
                    bauta_store::timelines::home(conn, account, &page)
                })
                .await?
        }
    };
    shown(app, Some(account), &ids).await
}
