//! What an account takes along to another server, as lists of handles and addresses.

use bauta_model::{AccountId, PostId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{accounts, blocks, bookmarks, follows, list_members, lists, mutes, posts, remote_posts};
use crate::{Conn, Place, Result};

/// Whom `account` follows: the handle, whether boosts are shown, whether every post is told of.
pub fn following(conn: &mut Conn, account: AccountId) -> Result<Vec<(String, bool, bool)>> {
    Ok(on!(conn, c => follows::table
        .inner_join(accounts::table.on(accounts::id.eq(follows::followee_id)))
        .filter(follows::follower_id.eq(account.get()))
        .order(accounts::handle_key)
        .select((accounts::handle, follows::show_boosts, follows::notify))
        .load(c))?)
}

/// Whom `account` blocks.
pub fn blocked(conn: &mut Conn, account: AccountId) -> Result<Vec<String>> {
    Ok(on!(conn, c => blocks::table
        .inner_join(accounts::table.on(accounts::id.eq(blocks::target_id)))
        .filter(blocks::account_id.eq(account.get()))
        .order(accounts::handle_key)
        .select(accounts::handle)
        .load(c))?)
}

/// Whom `account` mutes for good, and whether notifications are hidden as well.
pub fn muted(conn: &mut Conn, account: AccountId) -> Result<Vec<(String, bool)>> {
    Ok(on!(conn, c => mutes::table
        .inner_join(accounts::table.on(accounts::id.eq(mutes::target_id)))
        .filter(mutes::account_id.eq(account.get()).and(mutes::expires_slot.is_null()))
        .order(accounts::handle_key)
        .select((accounts::handle, mutes::hide_notifications))
        .load(c))?)
}

/// Who is in which list of `account`: the list's title, the handle.
pub fn listed(conn: &mut Conn, account: AccountId) -> Result<Vec<(String, String)>> {
    let rows: Vec<(i64, Vec<u8>, String)> = on!(conn, c => lists::table
        .inner_join(list_members::table.on(list_members::list_id.eq(lists::id)))
        .inner_join(accounts::table.on(accounts::id.eq(list_members::account_id)))
        .filter(lists::account_id.eq(account.get()))
        .order((lists::id, accounts::handle_key))
        .select((lists::id, lists::title, accounts::handle))
        .load(c))?;
    rows.into_iter()
        .map(|(id, title, handle)| Ok((conn.open(Place::new("lists", "title", id), &title)?, handle)))
        .collect()
}

/// What `account` bookmarked: the number of the post, its author's handle, and for posts of other servers their address there.
pub fn bookmarked(conn: &mut Conn, account: AccountId) -> Result<Vec<(i64, String, Option<String>)>> {
    Ok(on!(conn, c => bookmarks::table
        .inner_join(posts::table.on(posts::id.eq(bookmarks::post_id)))
        .inner_join(accounts::table.on(accounts::id.eq(posts::author_id)))
        .left_join(remote_posts::table.on(remote_posts::post_id.eq(posts::id)))
        .filter(bookmarks::account_id.eq(account.get()))
        .order(posts::id.desc())
        .select((posts::id, accounts::handle, remote_posts::uri.nullable()))
        .load(c))?)
}

/// Posts and boosts of an account below an id, the newest first, whatever moderators decided about them or about it.
pub fn own_posts(conn: &mut Conn, account: AccountId, below: PostId, most: i64) -> Result<Vec<PostId>> {
    let found: Vec<i64> = on!(conn, c => posts::table
        .filter(posts::author_id.eq(account.get()).and(posts::id.lt(below.get())))
        .order(posts::id.desc())
        .limit(most)
        .select(posts::id)
        .load(c))?;
    Ok(found.into_iter().map(PostId::new).collect())
}

/// Posts of an account from one id to another, which is not among them.
pub fn own_posts_within(
    conn: &mut Conn,
    account: AccountId,
    from: PostId,
    to: PostId,
) -> Result<Vec<PostId>> {
    let found: Vec<i64> = on!(conn, c => posts::table
        .filter(posts::author_id.eq(account.get()))
        .filter(posts::id.ge(from.get()).and(posts::id.lt(to.get())))
        .select(posts::id)
        .load(c))?;
    Ok(found.into_iter().map(PostId::new).collect())
}
