//! The home timeline: what the speaker and the people whom they follow posted, and what has a hashtag that they follow.

use bauta_model::PostId;
use bauta_timeline::{Answer, Page};

use super::{cold_home, ids, stored};
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
                .read("home", move |conn| cold_home::page(conn, account, &page))
                .await?
        }
    };
    if reader.tags().is_empty() {
        return shown(app, Some(account), &ids).await;
    }
    let part = stored(page);
    let tagged = app
        .store
        .read("followed_tags", move |conn| {
            bauta_store::timelines::followed_tags(conn, account, &part)
        })
        .await?;
    shown(app, Some(account), &joined(ids, tagged, page)).await
}

/// One page out of two of the same bounds.
fn joined(mut ids: Vec<PostId>, more: Vec<PostId>, page: &Page) -> Vec<PostId> {
    ids.extend(more);
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids.dedup();
    // The page lies at the end that was asked for.
    if page.min_id.is_some() {
        ids.drain(..ids.len().saturating_sub(page.limit));
    }
    ids.truncate(page.limit);
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_pages_make_one_at_the_end_that_was_asked_for() {
        let ids = |all: &[i64]| all.iter().copied().map(PostId::new).collect::<Vec<_>>();
        let newest = Page::newest(3);
        assert_eq!(joined(ids(&[9, 7, 5]), ids(&[8, 7, 2]), &newest), ids(&[9, 8, 7]));
        let above = Page {
            min_id: Some(PostId::new(1)),
            ..newest
        };
        assert_eq!(joined(ids(&[9, 7, 5]), ids(&[8, 7, 2]), &above), ids(&[7, 5, 2]));
    }
}
