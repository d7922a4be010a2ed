//! Reading what an account was told, and clearing it.
//!
//! A muted account's notifications are left out while the mute lasts, not deleted: a mute ends. Suspended accounts are
//! left out for as long as they are.

use bauta_model::{AccountId, NotificationId, PostId, Standing};
use diesel::prelude::*;

use crate::conn::on;
use crate::notifications::Kind;
use crate::schema::{accounts, notifications};
use crate::window::{Window, in_window};
use crate::{Conn, Error, Result, blocks, markers};

/// Something that an account was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Its id; it holds the slot.
    pub id: NotificationId,
    /// What happened.
    pub kind: Kind,
    /// Who did it.
    pub from: AccountId,
    /// The post that it is about.
    pub post: Option<PostId>,
}

type Row = (i64, i16, i64, Option<i64>);

fn notification((id, kind, from, post): Row) -> Result<Notification> {
    Ok(Notification {
        id: NotificationId::new(id),
        kind: Kind::from_code(kind).ok_or(Error::Unknown("notifications.kind"))?,
        from: AccountId::new(from),
        post: post.map(PostId::new),
    })
}

const ROW: (
    notifications::id,
    notifications::kind,
    notifications::from_id,
    notifications::post_id,
) = (
    notifications::id,
    notifications::kind,
    notifications::from_id,
    notifications::post_id,
);

/// What `account` was told, of the wanted kinds, by `from` alone where that is asked for; with what its policy set `aside`, if
/// that is wanted too.
pub fn list(
    conn: &mut Conn,
    account: AccountId,
    kinds: &[Kind],
    from: Option<AccountId>,
    aside: bool,
    window: &Window<NotificationId>,
) -> Result<Vec<Notification>> {
    let muted = blocks::not_heard(conn, account)?;
    let kinds: Vec<i16> = kinds.iter().map(|kind| kind.code()).collect();
    // One account, or all: ids of accounts are positive.
    let (from_least, from_most) = from.map_or((0, i64::MAX), |from| (from.get(), from.get()));
    let rows: Vec<Row> = in_window!(
        conn,
        window.bounds(NotificationId::get),
        notifications::id,
        notifications::table
            .inner_join(accounts::table.on(accounts::id.eq(notifications::from_id)))
            .filter(accounts::standing.ne(Standing::Suspended.code()))
            .filter(notifications::account_id.eq(account.get()))
            .filter(notifications::from_id.between(from_least, from_most))
            .filter(notifications::from_id.ne_all(&muted))
            .filter(notifications::kind.eq_any(&kinds))
            // No is less than yes to both databases.
            .filter(notifications::filtered.le(aside))
            .select(ROW)
    );
    rows.into_iter().map(notification).collect()
}

/// One of what `account` was told.
pub fn by_id(conn: &mut Conn, account: AccountId, id: NotificationId) -> Result<Option<Notification>> {
    let row: Option<Row> = on!(conn, c => notifications::table
        .inner_join(accounts::table.on(accounts::id.eq(notifications::from_id)))
        .filter(accounts::standing.ne(Standing::Suspended.code()))
        .filter(notifications::account_id.eq(account.get()))
        .filter(notifications::id.eq(id.get()))
        .select(ROW)
        .first(c)
        .optional())?;
    row.map(notification).transpose()
}

/// What `account` was told of one kind about one post, newest first.
pub fn about(
    conn: &mut Conn,
    account: AccountId,
    kind: Kind,
    post: PostId,
    most: i64,
) -> Result<Vec<Notification>> {
    let muted = blocks::not_heard(conn, account)?;
    let rows: Vec<Row> = on!(conn, c => notifications::table
        .inner_join(accounts::table.on(accounts::id.eq(notifications::from_id)))
        .filter(accounts::standing.ne(Standing::Suspended.code()))
        .filter(notifications::account_id.eq(account.get()))
        .filter(notifications::post_id.eq(post.get()).and(notifications::kind.eq(kind.code())))
        .filter(notifications::from_id.ne_all(&muted))
        .filter(notifications::filtered.eq(false))
        .order(notifications::id.desc())
        .limit(most)
        .select(ROW)
        .load(c))?;
    rows.into_iter().map(notification).collect()
}

/// How many `account` has not read, counted up to `most`.
pub fn unread(conn: &mut Conn, account: AccountId, kinds: &[Kind], most: usize) -> Result<usize> {
    Ok(unread_rows(conn, account, kinds, most)?.len())
}

/// What `account` has not read, newest first, at most `most`.
pub fn unread_rows(
    conn: &mut Conn,
    account: AccountId,
    kinds: &[Kind],
    most: usize,
) -> Result<Vec<Notification>> {
    let window = Window {
        since: Some(markers::notifications_read(conn, account)?),
        ..Window::first(most)
    };
    list(conn, account, kinds, None, false, &window)
}

/// Forgets one. False if there is none.
pub fn dismiss(conn: &mut Conn, account: AccountId, id: NotificationId) -> Result<bool> {
    let gone = on!(conn, c => diesel::delete(notifications::table.filter(
            notifications::id.eq(id.get()).and(notifications::account_id.eq(account.get()))))
        .execute(c))?;
    Ok(gone > 0)
}

/// Forgets all of them.
pub fn clear(conn: &mut Conn, account: AccountId) -> Result<()> {
    on!(conn, c => diesel::delete(notifications::table.filter(notifications::account_id.eq(account.get())))
        .execute(c))?;
    Ok(())
}
