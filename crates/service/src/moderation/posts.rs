//! Hiding, showing and deleting posts.

use bauta_model::{Account, Post, PostId, PostState, Standing};
use bauta_store::moderation::{self, Decision};

use super::decide::{Why, checked, may_decide, moderators_only, put_on_record};
use crate::posts::{Memory, remove_and};
use crate::{App, Refused, Speaker};

/// Hides a post from everybody but its author and moderators.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::NotFound`]; [`Refused::Invalid`] without a reason; so for all below.
pub async fn hide_post(app: &App, speaker: &Speaker, id: PostId, why: Why) -> Result<(), Refused> {
    speaker.speaks()?;
    set_hidden(app, speaker, id, checked(why, true)?, true).await
}

/// Shows a hidden post again.
pub async fn show_post(app: &App, speaker: &Speaker, id: PostId, why: Why) -> Result<(), Refused> {
    speaker.speaks()?;
    set_hidden(app, speaker, id, checked(why, false)?, false).await
}

async fn set_hidden(app: &App, speaker: &Speaker, id: PostId, why: Why, hidden: bool) -> Result<(), Refused> {
    moderators_only(speaker)?;
    let (speaker, memory) = (speaker.clone(), Memory::of(app));
    let (state, decision) = if hidden {
        (PostState::Hidden, Decision::HidePost)
    } else {
        (PostState::Live, Decision::ShowPost)
    };
    app.store
        .write_then(
            "hide_post",
            move |conn| {
                let post = bauta_store::posts::by_id(conn, id)?.ok_or(Refused::NotFound)?;
                let author = bauta_store::accounts::by_id(conn, post.author)?.ok_or(Refused::NotFound)?;
                may_decide(&speaker, &author)?;
                if post.boost_of.is_some() {
                    return Err(Refused::invalid(
                        "id",
                        "A boost has nothing to hide: hide what it boosts.",
                    ));
                }
                if !hidden && bauta_store::quarantine::has_post(conn, id)? {
                    let why = "It is in quarantine: if that was wrong, release it there.";
                    return Err(Refused::invalid("decision", why));
                }
                if post.state != state {
                    moderation::set_post_state(conn, id, state)?;
                    put_on_record(conn, speaker.account, author.id, Some(id), decision, why)?;
                }
                Ok::<_, Refused>((Post { state, ..post }, author))
            },
            move |(post, author): &(Post, Account)| {
                if hidden {
                    memory.hide(post);
                } else {
                    memory.show(post, author.indexable && author.standing == Standing::Good);
                }
            },
        )
        .await?;
    Ok(())
}

/// Deletes a post for good.
pub async fn delete_post(app: &App, speaker: &Speaker, id: PostId, why: Why) -> Result<(), Refused> {
    speaker.speaks()?;
    moderators_only(speaker)?;
    let why = checked(why, true)?;
    let speaker = speaker.clone();
    remove_and(app, id, move |conn, post| {
        let author = bauta_store::accounts::by_id(conn, post.author)?.ok_or(Refused::NotFound)?;
        may_decide(&speaker, &author)?;
        put_on_record(
            conn,
            speaker.account,
            author.id,
            Some(id),
            Decision::DeletePost,
            why,
        )
    })
    .await
}
