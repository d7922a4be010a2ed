//! Notifications: what an account is told.

use bauta_model::{AccountId, NotificationId, Post, PostId};
use diesel::prelude::*;

use crate::conn::on;
use crate::notification_policy::{self, Answer};
use crate::schema::notifications;
use crate::{Conn, Result, ids};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Somebody named the account in a post.
    Mention,
    /// Somebody follows it.
    Follow,
    /// Somebody wants to follow it.
    FollowRequest,
    /// Somebody boosted its post.
    Boost,
    /// Somebody favourited its post.
    Favourite,
    /// A post that it boosted was edited.
    Update,
    /// Somebody whose posts it asked to be told of posted.
    Status,
    /// A report for moderators.
    Report,
    /// A poll is over that it asked or voted in: "from" is whoever asked.
    Poll,
    /// Moderators decided something about the account: "from" is the account itself, since who decided is not told.
    Decision,
    /// Somebody quoted its post.
    Quote,
    /// A post that it quoted was edited: the post is its own, "from" is whoever edited.
    QuotedUpdate,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Mention,
        Self::Follow,
        Self::FollowRequest,
        Self::Boost,
        Self::Favourite,
        Self::Update,
        Self::Status,
        Self::Report,
        Self::Decision,
        Self::Poll,
        Self::Quote,
        Self::QuotedUpdate,
    ];

    /// The stored number.
    pub const fn code(self) -> i16 {
        match self {
            Self::Mention => 0,
            Self::Follow => 1,
            Self::FollowRequest => 2,
            Self::Boost => 3,
            Self::Favourite => 4,
            Self::Update => 5,
            Self::Status => 6,
            Self::Report => 7,
            Self::Decision => 8,
            Self::Poll => 9,
            Self::Quote => 10,
            Self::QuotedUpdate => 11,
        }
    }

    /// A policy can hold it back: what comes from the account's own doing, and what moderators say, it can't.
    pub(crate) const fn is_held_back(self) -> bool {
        matches!(
            self,
            Self::Mention | Self::Follow | Self::FollowRequest | Self::Boost | Self::Favourite | Self::Quote
        )
    }

    /// Reads the stored number.
    pub fn from_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Tells `account` that `from` did something, about `post` where there is one.
pub fn insert(
    conn: &mut Conn,
    account: AccountId,
    kind: Kind,
    from: AccountId,
    post: Option<PostId>,
) -> Result<NotificationId> {
    let id = put(conn, account, kind, from, post, false)?;
    conn.note_told(account, id);
    Ok(id)
}

fn put(
    conn: &mut Conn,
    account: AccountId,
    kind: Kind,
    from: AccountId,
    post: Option<PostId>,
    aside: bool,
) -> Result<NotificationId> {
    let id = conn.next_notification_id();
    on!(conn, c => diesel::insert_into(notifications::table)
        .values((
            notifications::id.eq(id.get()),
            notifications::account_id.eq(account.get()),
            notifications::kind.eq(kind.code()),
            notifications::from_id.eq(from.get()),
            notifications::post_id.eq(post.map(PostId::get)),
            notifications::filtered.eq(aside),
        ))
        .execute(c))?;
    Ok(id)
}

/// Writes what the account's policy lets through. True if the account is told now.
fn write(
    conn: &mut Conn,
    account: AccountId,
    kind: Kind,
    from: AccountId,
    post: Option<&Post>,
) -> Result<bool> {
    let about = post.map(|post| post.id);
    match notification_policy::judge(conn, account, kind, from, post)? {
        Answer::Accept => insert(conn, account, kind, from, about).map(|_| true),
        Answer::Filter => put(conn, account, kind, from, about, true).map(|_| false),
        Answer::Drop => Ok(false),
    }
}

/// Gives ?1 if it wants to hear from ?2 about the thread ?3 in the slot ?4: no block either way, nor of its server, no mute that covers
/// notifications, no mute of the thread, no account of another server. Its policy is asked after that.
pub(crate) const HEARS: &str = "SELECT a.id AS id FROM accounts a WHERE a.id = ?1 AND a.standing <> 2 \
     AND NOT EXISTS (SELECT 1 FROM remote_accounts r WHERE r.account_id = ?1) \
     AND NOT EXISTS (SELECT 1 FROM blocks x WHERE x.account_id = ?1 AND x.target_id = ?2) \
     AND NOT EXISTS (SELECT 1 FROM blocks x WHERE x.account_id = ?2 AND x.target_id = ?1) \
     AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.account_id = ?1 AND m.target_id = ?2 AND m.hide_notifications \
     AND (m.expires_slot IS NULL OR m.expires_slot > ?4)) \
     AND NOT EXISTS (SELECT 1 FROM blocked_domains d JOIN remote_accounts r ON r.domain = d.domain \
     WHERE d.account_id = ?1 AND r.account_id = ?2) \
     AND NOT EXISTS (SELECT 1 FROM muted_threads t WHERE t.account_id = ?1 AND t.thread_id = ?3) \
     AND EXISTS (SELECT 1 FROM accounts f WHERE f.id = ?2 AND f.standing <> 2)";

/// Tells `account` that `from` did something with `post`, unless that is nothing new or it does not want to hear.
pub fn tell(conn: &mut Conn, account: AccountId, kind: Kind, from: AccountId, post: &Post) -> Result<bool> {
    let now = conn.now().unix_seconds();
    let hears = account != from
        && !ids::select(
            conn,
            HEARS,
            &[account.get(), from.get(), post.thread.get(), now],
            None,
        )?
        .is_empty();
    Ok(hears && write(conn, account, kind, from, Some(post))?)
}

/// Takes back what `from` told about `post`: a favourite or a boost that was undone.
pub fn take_back(conn: &mut Conn, kind: Kind, from: AccountId, post: PostId) -> Result<()> {
    on!(conn, c => diesel::delete(notifications::table.filter(
            notifications::post_id.eq(post.get())
                .and(notifications::from_id.eq(from.get()))
                .and(notifications::kind.eq(kind.code()))))
        .execute(c))?;
    Ok(())
}

/// Takes back that `account` was told of what `from` did with `post`.
pub fn take_back_from(
    conn: &mut Conn,
    (account, kind): (AccountId, Kind),
    from: AccountId,
    post: PostId,
) -> Result<()> {
    on!(conn, c => diesel::delete(notifications::table.filter(
            notifications::account_id.eq(account.get())
                .and(notifications::post_id.eq(post.get()))
                .and(notifications::from_id.eq(from.get()))
                .and(notifications::kind.eq(kind.code()))))
        .execute(c))?;
    Ok(())
}

/// Tells `account` that `from` did something with the account itself, unless it does not want to hear.
pub fn tell_of_account(conn: &mut Conn, account: AccountId, kind: Kind, from: AccountId) -> Result<bool> {
    let now = conn.now().unix_seconds();
    let hears =
        account != from && !ids::select(conn, HEARS, &[account.get(), from.get(), 0, now], None)?.is_empty();
    if hears {
        take_back_of_account(conn, account, kind, from)?;
        return write(conn, account, kind, from, None);
    }
    Ok(false)
}

/// Takes back what `from` told `account` about the account itself: a follow or a request that was undone.
pub fn take_back_of_account(conn: &mut Conn, account: AccountId, kind: Kind, from: AccountId) -> Result<()> {
    on!(conn, c => diesel::delete(notifications::table.filter(
            notifications::account_id.eq(account.get())
                .and(notifications::from_id.eq(from.get()))
                .and(notifications::kind.eq(kind.code()))))
        .execute(c))?;
    Ok(())
}

/// Takes away everything that `account` was told of `from`.
pub(crate) fn forget_from(conn: &mut Conn, account: AccountId, from: AccountId) -> Result<()> {
    on!(conn, c => diesel::delete(notifications::table.filter(
            notifications::account_id.eq(account.get()).and(notifications::from_id.eq(from.get()))))
        .execute(c))?;
    Ok(())
}
