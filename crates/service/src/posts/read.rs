//! Reading posts by id.

use std::sync::Arc;

use bauta_model::{Post, PostId};

use crate::reading::{Shown, Viewer, may_read, readable, shown, tie};
use crate::{App, Refused, Speaker};

/// The post of an id.
///
/// # Errors
/// [`Refused::NotFound`] whether there is no such post or the viewer may not know of it.
pub async fn read(app: &App, viewer: Option<&Speaker>, id: PostId) -> Result<Shown, Refused> {
    readable(app, viewer, id).await
}

/// The posts of several ids, in their order; those that the viewer may not read are left out.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn read_many(app: &App, viewer: Option<&Speaker>, ids: &[PostId]) -> Result<Vec<Shown>, Refused> {
    let list = shown(app, viewer.map(|speaker| speaker.account), ids).await?;
    only_readable(app, viewer, list).await
}

/// Leaves out what the viewer may not read, boosts of it included.
pub(crate) async fn only_readable(
    app: &App,
    viewer: Option<&Speaker>,
    list: Vec<Shown>,
) -> Result<Vec<Shown>, Refused> {
    let who = viewer.map(Viewer::from);
    let mut readable = Vec::with_capacity(list.len());
    for one in list {
        let author = &one.author.account;
        let mut allowed = may_read(who, tie(app, who, author.id).await?, &one.card.post, author);
        if let (Some(boost), Some(booster)) = (&one.boost, &one.boosted_by) {
            let tie = tie(app, who, booster.account.id).await?;
            allowed = allowed && may_read(who, tie, &boost.post, &booster.account);
        }
        if allowed {
            readable.push(one);
        }
    }
    Ok(readable)
}

/// The post as its author typed it, to edit it.
///
/// # Errors
/// [`Refused::NotFound`] for a post of somebody else.
pub async fn source(app: &App, speaker: &Speaker, id: PostId) -> Result<Arc<Post>, Refused> {
    let post = Arc::clone(&readable(app, Some(speaker), id).await?.card.post);
    if post.author == speaker.account {
        Ok(post)
    } else {
        Err(Refused::NotFound)
    }
}
