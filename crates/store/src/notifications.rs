//! Notifications: what an account is told.

use bauta_model::{AccountId, NotificationId, PostId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::notifications;
use crate::{Conn, Result};

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
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Mention,
        Self::Follow,
        Self::FollowRequest,
        Self::Boost,
        Self::Favourite,
        Self::Update,
        Self::Status,
        Self::Report,
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
        }
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
    let id = conn.next_notification_id();
    on!(conn, c => diesel::insert_into(notifications::table)
        .values((
            notifications::id.eq(id.get()),
            notifications::account_id.eq(account.get()),
            notifications::kind.eq(kind.code()),
            notifications::from_id.eq(from.get()),
            notifications::post_id.eq(post.map(PostId::get)),
        ))
        .execute(c))?;
    Ok(id)
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
