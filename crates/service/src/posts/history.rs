//! What a post said before it was edited.

use std::sync::Arc;

use bauta_model::{CoarseTime, PostId};
use bauta_store::post_changes;

use crate::reading::{Shown, readable};
use crate::{App, Refused, Speaker};

pub use bauta_store::post_changes::Version;

/// Every version of a post, oldest first, the one that stands now last; with its author.
///
/// # Errors
/// [`Refused::NotFound`] for a post that the viewer may not read.
pub async fn history(
    app: &App,
    viewer: Option<&Speaker>,
    id: PostId,
) -> Result<(Shown, Vec<Version>), Refused> {
    let found = readable(app, viewer, id).await?;
    let post = Arc::clone(&found.card.post);
    let id = post.id;
    let mut versions = app
        .store
        .read("history", move |conn| post_changes::versions(conn, id))
        .await?;
    versions.push(Version {
        at: post.edited.unwrap_or_else(|| published(app, id)),
        sensitive: post.sensitive,
        warning: post.warning.clone(),
        text: post.text.clone(),
        html: post.html.clone(),
        media: post.media.clone(),
        options: post
            .poll
            .iter()
            .flat_map(bauta_model::Poll::titles)
            .map(str::to_owned)
            .collect(),
    });
    Ok((found, versions))
}

/// The slot of publication: what a crowded slot ran over is brought back to it.
fn published(app: &App, id: PostId) -> CoarseTime {
    app.clock.slot_of(id.unix_seconds())
}
