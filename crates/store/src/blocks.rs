//! Blocks and mutes: whom an account does not want to hear of.

use bauta_model::{AccountId, CoarseTime};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{blocks, mutes};
use crate::window::{Window, in_window};
use crate::{Conn, Result, follows, notifications};

/// `account` blocks `target`: neither follows the other any more, nor was told of the other. False if it does already.
pub fn block(conn: &mut Conn, account: AccountId, target: AccountId) -> Result<bool> {
    for (one, other) in [(account, target), (target, account)] {
        follows::unfollow(conn, one, other)?;
        follows::withdraw(conn, one, other)?;
        notifications::forget_from(conn, one, other)?;
    }
    let made = on!(conn, c => diesel::insert_into(blocks::table)
        .values((blocks::account_id.eq(account.get()), blocks::target_id.eq(target.get())))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made > 0)
}

/// Ends a block. False if there was none.
pub fn unblock(conn: &mut Conn, account: AccountId, target: AccountId) -> Result<bool> {
    let gone = on!(conn, c => diesel::delete(blocks::table.find((account.get(), target.get()))).execute(c))?;
    Ok(gone > 0)
}

/// Whom `account` blocks.
pub fn blocked(conn: &mut Conn, account: AccountId, window: &Window<AccountId>) -> Result<Vec<AccountId>> {
    let rows: Vec<i64> = in_window!(
        conn,
        window.bounds(AccountId::get),
        blocks::target_id,
        blocks::table
            .filter(blocks::account_id.eq(account.get()))
            .select(blocks::target_id)
    );
    Ok(rows.into_iter().map(AccountId::new).collect())
}

/// How an account mutes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mute {
    /// Notifications are hidden as well.
    pub hide_notifications: bool,
    /// The slot in which it ends by itself.
    pub until: Option<CoarseTime>,
}

/// `account` mutes `target` from now on, or mutes it otherwise than before.
pub fn mute(conn: &mut Conn, account: AccountId, target: AccountId, how: Mute) -> Result<()> {
    let until = how.until.map(CoarseTime::unix_seconds);
    on!(conn, c => diesel::insert_into(mutes::table)
        .values((
            mutes::account_id.eq(account.get()),
            mutes::target_id.eq(target.get()),
            mutes::hide_notifications.eq(how.hide_notifications),
            mutes::expires_slot.eq(until),
        ))
        .on_conflict((mutes::account_id, mutes::target_id))
        .do_update()
        .set((mutes::hide_notifications.eq(how.hide_notifications), mutes::expires_slot.eq(until)))
        .execute(c))?;
    Ok(())
}

/// Ends a mute. False if there was none.
pub fn unmute(conn: &mut Conn, account: AccountId, target: AccountId) -> Result<bool> {
    let gone = on!(conn, c => diesel::delete(mutes::table.find((account.get(), target.get()))).execute(c))?;
    Ok(gone > 0)
}

/// Whom `account` mutes, with the slot in which the mute ends. A mute that has ended is not there.
pub fn muted(
    conn: &mut Conn,
    account: AccountId,
    window: &Window<AccountId>,
) -> Result<Vec<(AccountId, Option<CoarseTime>)>> {
    let now = conn.now().unix_seconds();
    let rows: Vec<(i64, Option<i64>)> = in_window!(
        conn,
        window.bounds(AccountId::get),
        mutes::target_id,
        mutes::table
            .filter(mutes::account_id.eq(account.get()))
            .filter(mutes::expires_slot.is_null().or(mutes::expires_slot.gt(now)))
            .select((mutes::target_id, mutes::expires_slot))
    );
    Ok(rows
        .into_iter()
        .map(|(id, until)| (AccountId::new(id), until.map(CoarseTime::from_unix_seconds)))
        .collect())
}

/// Whom `account` mutes so that it is not told of what they do.
pub(crate) fn not_heard(conn: &mut Conn, account: AccountId) -> Result<Vec<i64>> {
    let now = conn.now().unix_seconds();
    Ok(on!(conn, c => mutes::table
        .filter(mutes::account_id.eq(account.get()).and(mutes::hide_notifications.eq(true)))
        .filter(mutes::expires_slot.is_null().or(mutes::expires_slot.gt(now)))
        .select(mutes::target_id)
        .load(c))?)
}
