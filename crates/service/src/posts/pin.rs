//! Pinning: posts on top of their author's page, here and on other servers.

use std::sync::Arc;

use bauta_model::{AccountId, PostId, Visibility};
use bauta_store::outbox::{self, Change};
use bauta_store::{Conn, post_actions, posts};

use crate::reading::{Shown, readable, shown_one};
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
                post_actions::set_pinned(conn, id, pinned)?;
                Ok(outbox::note(
                    conn,
                    &Change::new(outbox::Kind::Pin, account, id.get()),
                )?)
            },
            move |()| {
                cards.invalidate(id);
                // Its card keeps what is pinned.
                accounts.invalidate(account);
            },
        )
        .await?;
    shown_one(app, Some(account), id).await
}

/// What an account of another server says of its pins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pins {
    /// These, and no others.
    All(Vec<PostId>),
    /// This one too.
    One(PostId),
    /// This one no more.
    Not(PostId),
}

/// Puts posts of `author`, of another server, on top of its page, or takes them down. What is not the author's own, direct,
/// or one too many is left out.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn receive_pins(app: &App, author: AccountId, pins: Pins) -> Result<(), Refused> {
    let most = app.site.limits.pinned_posts;
    let (cards, accounts) = (Arc::clone(&app.cards), Arc::clone(&app.accounts));
    app.store
        .write_then(
            "receive_pins",
            move |conn| change(conn, author, pins, most),
            move |changed: &Vec<PostId>| {
                for id in changed {
                    cards.invalidate(*id);
                }
                accounts.invalidate(author);
            },
        )
        .await?;
    Ok(())
}

/// The posts that changed.
fn change(
    conn: &mut Conn,
    author: AccountId,
    pins: Pins,
    most: usize,
) -> Result<Vec<PostId>, bauta_store::Error> {
    let before = post_actions::pinned_by(conn, author)?;
    let mut wanted = before.clone();
    match pins {
        Pins::All(posts) => wanted = posts,
        Pins::One(post) if !wanted.contains(&post) => wanted.push(post),
        Pins::One(_) => {}
        Pins::Not(post) => wanted.retain(|one| *one != post),
    }
    let mut after = Vec::new();
    for id in wanted {
        let fits = posts::by_id(conn, id)?.is_some_and(|post| {
            post.author == author && post.boost_of.is_none() && post.visibility != Visibility::Direct
        });
        if fits && after.len() < most && !after.contains(&id) {
            after.push(id);
        }
    }
    let mut changed = Vec::new();
    for (list, other, pinned) in [(&after, &before, true), (&before, &after, false)] {
        for id in list.iter().filter(|id| !other.contains(id)) {
            post_actions::set_pinned(conn, *id, pinned)?;
            changed.push(*id);
        }
    }
    Ok(changed)
}
