//! Pinning: posts on top of their author's page.

use std::sync::Arc;

use bauta_model::{PostId, Visibility};
use bauta_store::post_actions;

use crate::reading::{Shown, readable, shown};
use crate::{App, Refused, Speaker};

/// Puts a post of the speaker on top of their page.
///
/// # Errors
/// [`Refused::NotFound`] for a post that the speaker may not read; [`Refused::Invalid`] for somebody else's, for a
/// direct one, and for one too many.
pub async fn pin(app: &App, speaker: &Speaker, id: PostId) -> Result<Shown, Refused> {
    speaker.speaks()?;
    set(app, speaker, id, true).await
}

/// Takes a post down again.
///
/// # Errors
/// As [`pin`].
pub async fn unpin(app: &App, speaker: &Speaker, id: PostId) -> Result<Shown, Refused> {
    speaker.speaks()?;
    set(app, speaker, id, false).await
}

async fn set(app: &App, speaker: &Speaker, id: PostId, pinned: bool) -> Result<Shown, Refused> {
    let found = readable(app, Some(speaker), id).await?;
    let post = &found.card.post;
    if post.author != speaker.account || found.boost.is_some() {
        return Err(Refused::invalid("id", "Someone else's post cannot be pinned."));
    }
    if post.visibility == Visibility::Direct {
        return Err(Refused::invalid("id", "A direct post cannot be pinned."));
    }
    let (account, most) = (speaker.account, app.site.limits.pinned_posts);
    let (cards, accounts) = (Arc::clone(&app.cards), Arc::clone(&app.accounts));
    app.store
        .write_then(
            "pin",
            move |conn| {
                let held = post_actions::count_pinned(conn, account)? as usize;
                if pinned && held >= most {
                    return Err(Refused::invalid(
                        "id",
                        format!("You can pin {most} posts at most."),
                    ));
                }
                Ok(post_actions::set_pinned(conn, id, pinned)?)
            },
            move |()| {
                cards.invalidate(id);
                // Its card keeps what is pinned.
                accounts.invalidate(account);
            },
        )
        .await?;
    shown(app, Some(account), &[id])
        .await?
        .pop()
        .ok_or(Refused::NotFound)
}
