//! Who follows whom, and who asked to. The counts of both accounts change with the rows, in the same write.

use bauta_model::AccountId;
use diesel::prelude::*;

use crate::conn::on;
use crate::notifications::{self, Kind};
use crate::schema::{accounts, follow_requests, follows};
use crate::window::{Window, in_window};
use crate::{Conn, Result, ids, keepsakes, lists};

/// How an account follows another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct How {
    /// With what the other boosts.
    pub show_boosts: bool,
    /// Tell of every post.
    pub notify: bool,
}

/// Makes `follower` follow `followee`, and settles a request. False if it does already.
pub fn follow(conn: &mut Conn, follower: AccountId, followee: AccountId, how: How) -> Result<bool> {
    withdraw(conn, follower, followee)?;
    let made = on!(conn, c => diesel::insert_into(follows::table)
        .values((
            follows::follower_id.eq(follower.get()),
            follows::followee_id.eq(followee.get()),
            follows::show_boosts.eq(how.show_boosts),
            follows::notify.eq(how.notify),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    if made > 0 {
        count(conn, follower, followee, 1)?;
    }
    Ok(made > 0)
}

/// Ends that `follower` follows `followee`, and what `followee` was told of it. False if it did not.
pub fn unfollow(conn: &mut Conn, follower: AccountId, followee: AccountId) -> Result<bool> {
    let ended =
        on!(conn, c => diesel::delete(follows::table.find((follower.get(), followee.get()))).execute(c))?;
    if ended > 0 {
        count(conn, follower, followee, -1)?;
        notifications::take_back_of_account(conn, followee, Kind::Follow, follower)?;
        lists::forget(conn, follower, followee)?;
        keepsakes::unendorse(conn, follower, followee)?;
    }
    Ok(ended > 0)
}

fn count(conn: &mut Conn, follower: AccountId, followee: AccountId, by: i64) -> Result<()> {
    on!(conn, c => diesel::update(accounts::table.find(follower.get()))
        .set(accounts::following_count.eq(accounts::following_count + by))
        .execute(c))?;
    on!(conn, c => diesel::update(accounts::table.find(followee.get()))
        .set(accounts::followers_count.eq(accounts::followers_count + by))
        .execute(c))?;
    Ok(())
}

/// Changes how `follower` follows `followee`, or asked to.
pub fn change(conn: &mut Conn, follower: AccountId, followee: AccountId, how: How) -> Result<()> {
    let key = (follower.get(), followee.get());
    on!(conn, c => diesel::update(follows::table.find(key))
        .set((follows::show_boosts.eq(how.show_boosts), follows::notify.eq(how.notify)))
        .execute(c))?;
    on!(conn, c => diesel::update(follow_requests::table.find(key))
        .set((follow_requests::show_boosts.eq(how.show_boosts), follow_requests::notify.eq(how.notify)))
        .execute(c))?;
    Ok(())
}

/// `follower` asks to follow `followee`. False if it asked already.
pub fn request(conn: &mut Conn, follower: AccountId, followee: AccountId, how: How) -> Result<bool> {
    let made = on!(conn, c => diesel::insert_into(follow_requests::table)
        .values((
            follow_requests::follower_id.eq(follower.get()),
            follow_requests::followee_id.eq(followee.get()),
            follow_requests::show_boosts.eq(how.show_boosts),
            follow_requests::notify.eq(how.notify),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made > 0)
}

/// Takes a request away, and what `followee` was told of it. False if there is none.
pub fn withdraw(conn: &mut Conn, follower: AccountId, followee: AccountId) -> Result<bool> {
    let key = (follower.get(), followee.get());
    let gone = on!(conn, c => diesel::delete(follow_requests::table.find(key)).execute(c))?;
    if gone > 0 {
        notifications::take_back_of_account(conn, followee, Kind::FollowRequest, follower)?;
    }
    Ok(gone > 0)
}

/// Turns a request into a follow, as it was asked for. False if there is none.
pub fn accept(conn: &mut Conn, follower: AccountId, followee: AccountId) -> Result<bool> {
    let asked: Option<(bool, bool)> = on!(conn, c => follow_requests::table
        .find((follower.get(), followee.get()))
        .select((follow_requests::show_boosts, follow_requests::notify))
        .first(c)
        .optional())?;
    let Some((show_boosts, notify)) = asked else {
        return Ok(false);
    };
    follow(conn, follower, followee, How { show_boosts, notify })?;
    Ok(true)
}

/// Followers of `account`.
pub fn followers(conn: &mut Conn, account: AccountId, window: &Window<AccountId>) -> Result<Vec<AccountId>> {
    let rows: Vec<i64> = in_window!(
        conn,
        window.bounds(AccountId::get),
        follows::follower_id,
        follows::table
            .filter(follows::followee_id.eq(account.get()))
            .select(follows::follower_id)
    );
    Ok(rows.into_iter().map(AccountId::new).collect())
}

/// Whom `account` follows.
pub fn following(conn: &mut Conn, account: AccountId, window: &Window<AccountId>) -> Result<Vec<AccountId>> {
    let rows: Vec<i64> = in_window!(
        conn,
        window.bounds(AccountId::get),
        follows::followee_id,
        follows::table
            .filter(follows::follower_id.eq(account.get()))
            .select(follows::followee_id)
    );
    Ok(rows.into_iter().map(AccountId::new).collect())
}

/// Who asked to follow `account`.
pub fn requests(conn: &mut Conn, account: AccountId, window: &Window<AccountId>) -> Result<Vec<AccountId>> {
    let rows: Vec<i64> = in_window!(
        conn,
        window.bounds(AccountId::get),
        follow_requests::follower_id,
        follow_requests::table
            .filter(follow_requests::followee_id.eq(account.get()))
            .select(follow_requests::follower_id)
    );
    Ok(rows.into_iter().map(AccountId::new).collect())
}

/// How many asked to follow `account`.
pub fn count_requests(conn: &mut Conn, account: AccountId) -> Result<i64> {
    Ok(on!(conn, c => follow_requests::table
        .filter(follow_requests::followee_id.eq(account.get()))
        .count()
        .get_result(c))?)
}

/// Whom ?1 follows among the followers of ?2, as far as they show whom they follow; at most ?3.
pub(crate) const FAMILIAR: &str = "SELECT mine.followee_id AS id FROM follows mine \
     JOIN follows theirs ON theirs.follower_id = mine.followee_id AND theirs.followee_id = ?2 \
     JOIN accounts a ON a.id = mine.followee_id AND a.standing <> 2 AND NOT a.hide_collections \
     WHERE mine.follower_id = ?1 ORDER BY mine.followee_id LIMIT ?3";

/// Whom `viewer` follows among the followers of `account`, as far as they show whom they follow.
pub fn familiar(conn: &mut Conn, viewer: AccountId, account: AccountId, most: i64) -> Result<Vec<AccountId>> {
    let rows = ids::select(conn, FAMILIAR, &[viewer.get(), account.get(), most], None)?;
    Ok(rows.into_iter().map(AccountId::new).collect())
}
