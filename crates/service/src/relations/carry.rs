//! Leading followers to where an account went: slot by slot, and on where a start interrupted it.

use bauta_model::AccountId;
use bauta_store::{moves, relations::between};

use super::follow::{Wish, make};
use super::{change, unfollow};
use crate::peers::speaks;
use crate::{App, Refused};

/// Accounts that went away whose followers are looked at in a slot.
const MOST_MOVES: i64 = 50;
/// Followers who are read at a time.
const STEP: i64 = 500;

/// Makes everybody here who follows an account that went away follow where it went instead: at once, or by asking. Who and
/// that account block each other ends to follow alone.
///
/// # Errors
/// [`Refused::Failed`] where the store fails; who was led so far stays so.
pub(crate) async fn carry_moves(app: &App) -> Result<(), Refused> {
    let moved = app
        .store
        .read("to_carry", |conn| moves::to_carry(conn, MOST_MOVES))
        .await?;
    for (old, new) in moved {
        let mut after = AccountId::new(0);
        loop {
            let some = app
                .store
                .read("followers_here", move |conn| {
                    moves::followers_here(conn, old, after, STEP)
                })
                .await?;
            let Some(last) = some.last().copied() else {
                break;
            };
            for follower in some {
                carry(app, follower, (old, new)).await?;
            }
            after = last;
        }
        app.store
            .write("carried", move |conn| moves::set_carried(conn, old))
            .await?;
    }
    Ok(())
}

async fn carry(app: &App, follower: AccountId, (old, new): (AccountId, AccountId)) -> Result<(), Refused> {
    let speaker = speaks(follower);
    if follower != new {
        let led = change(app, &speaker, new, "carry", move |conn| {
            let tie = between(conn, follower, old)?;
            let wish = Wish {
                show_boosts: Some(tie.show_boosts),
                notify: Some(tie.notify),
            };
            make(conn, follower, new, wish)
        })
        .await;
        match led {
            // Where the new account is gone, the old one is better than nothing.
            Err(Refused::NotFound | Refused::Invalid { .. }) => return Ok(()),
            Err(Refused::Forbidden(_)) | Ok(_) => {}
            Err(other) => return Err(other),
        }
    }
    unfollow(app, &speaker, old).await.map(|_| ())
}
