//! Blocking: neither side follows, reads or hears of the other any more. The blocked side is not told.

use bauta_model::AccountId;
use bauta_store::blocks;
use bauta_store::outbox::{self, Change};

use super::{Between, change, exists, not_oneself};
use crate::{App, Refused, Speaker};

/// Blocks an account.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn block(app: &App, speaker: &Speaker, other: AccountId) -> Result<Between, Refused> {
    speaker.speaks()?;
    not_oneself(speaker, other)?;
    let me = speaker.account;
    change(app, speaker, other, "block", move |conn| {
        exists(conn, other)?;
        blocks::block(conn, me, other)?;
        outbox::note(conn, &Change::new(outbox::Kind::Block, me, other.get()))?;
        Ok(())
    })
    .await
}

/// Ends a block. Nothing happens where there is none.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn unblock(app: &App, speaker: &Speaker, other: AccountId) -> Result<Between, Refused> {
    speaker.speaks()?;
    let me = speaker.account;
    change(app, speaker, other, "unblock", move |conn| {
        exists(conn, other)?;
        blocks::unblock(conn, me, other)?;
        outbox::note(conn, &Change::new(outbox::Kind::Block, me, other.get()))?;
        Ok(())
    })
    .await
}
