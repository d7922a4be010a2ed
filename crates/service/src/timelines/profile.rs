//! The posts of an account's page.

use bauta_model::{AccountId, PostId, PostState, Standing};
use bauta_timeline::{Answer, AuthorFilter, Page, Reach};

use super::{ids, stored};
use crate::reading::{Shown, Viewer, account_card, shown, tie};
use crate::{App, Refused, Speaker};

pub use bauta_store::timelines::Of;

/// A page of the posts of `author` that the viewer may read.
///
/// # Errors
/// [`Refused::NotFound`] for an account that is not there, is suspended, or blocks the viewer.
pub async fn profile(
    app: &App,
    viewer: Option<&Speaker>,
    author: AccountId,
    of: &Of,
    page: &Page,
) -> Result<Vec<Shown>, Refused> {
    let card = account_card(app, author).await?;
    if card.account.standing == Standing::Suspended {
        return Err(Refused::NotFound);
    }
    let who = viewer.map(Viewer::from);
    if tie(app, who, author).await?.blocked {
        return Err(Refused::NotFound);
    }
    let of_stranger =
        who.is_none() && *of == Of::Pinned && *page == Page::newest(app.site.limits.pinned_posts);
    let kept = card.pinned().filter(|_| of_stranger).map(<[PostId]>::to_vec);
    let ids = match kept.or_else(|| in_memory(app, who, author, of, page)) {
        Some(ids) => ids,
        None => in_store(app, who, author, of, page).await?,
    };
    if of_stranger {
        card.keep_pinned(&ids);
    }
    let mut list = shown(app, who.map(|viewer| viewer.account), &ids).await?;
    if of_stranger {
        // What was unpinned or hidden since it was kept.
        list.retain(|one| one.card.post.pinned && one.card.post.state == PostState::Live);
    }
    for one in &mut list {
        one.pinned_here = *of == Of::Pinned;
    }
    Ok(list)
}

/// Strangers, who are most, are answered from memory. To a reader who may be named in a post, or who hides whom the
/// author boosts, the store answers.
fn in_memory(
    app: &App,
    viewer: Option<Viewer>,
    author: AccountId,
    of: &Of,
    page: &Page,
) -> Option<Vec<PostId>> {
    let (None, Of::Posts { replies, boosts }) = (viewer, of) else {
        return None;
    };
    let filter = AuthorFilter {
        reach: Reach::Open,
        replies: *replies,
        boosts: *boosts,
    };
    match app.timelines.author(author, filter, page) {
        Answer::Page(entries) => Some(ids(&entries)),
        Answer::Cold => None,
    }
}

async fn in_store(
    app: &App,
    viewer: Option<Viewer>,
    author: AccountId,
    of: &Of,
    page: &Page,
) -> Result<Vec<PostId>, Refused> {
    let reader = viewer.map(|viewer| viewer.account);
    let (of, page) = (of.clone(), stored(page));
    app.store
        .read("profile", move |conn| {
            bauta_store::timelines::profile(conn, reader, author, &of, &page)
        })
        .await
        .map_err(Refused::from)
}
