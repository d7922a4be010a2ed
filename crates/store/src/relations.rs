//! How two accounts stand to each other.

use std::collections::{HashMap, HashSet};

use bauta_model::{AccountId, CoarseTime, Visibility};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{
    blocked_domains, blocks, follow_requests, follows, mutes, post_mentions, posts, preferences,
    remote_accounts,
};
use crate::{Conn, Result};

/// How one account (the first) stands to another (the second).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Between {
    /// The first follows the second.
    pub follows: bool,
    /// The first wants boosts of the second in its home timeline.
    pub show_boosts: bool,
    /// The first asked to be told of every post of the second.
    pub notify: bool,
    /// The second follows the first.
    pub followed_by: bool,
    /// The first asked to follow the second, who has not answered.
    pub requested: bool,
    /// The second asked to follow the first, who has not answered.
    pub requested_by: bool,
    /// The first blocks the second.
    pub blocks: bool,
    /// The second blocks the first.
    pub blocked_by: bool,
    /// The first mutes the second.
    pub mutes: bool,
    /// The mute covers notifications.
    pub mutes_notifications: bool,
    /// The slot in which the mute ends by itself.
    pub muted_until: Option<CoarseTime>,
}

impl Between {
    /// One of the two blocks the other.
    pub const fn is_blocked(&self) -> bool {
        self.blocks || self.blocked_by
    }

    /// The first sees nothing of the second in lists.
    pub const fn hides(&self) -> bool {
        self.is_blocked() || self.mutes
    }
}

/// How `first` stands to `second`.
pub fn between(conn: &mut Conn, first: AccountId, second: AccountId) -> Result<Between> {
    Ok(among(conn, first, &[second])?.remove(&second).unwrap_or_default())
}

/// How `first` stands to each of `others`: six queries for any number. Strangers are left out of the answer.
pub fn among(conn: &mut Conn, first: AccountId, others: &[AccountId]) -> Result<HashMap<AccountId, Between>> {
    let me = first.get();
    let ids: Vec<i64> = others.iter().map(|id| id.get()).collect();
    let now = conn.now().unix_seconds();
    let mut all: HashMap<AccountId, Between> = HashMap::new();
    if ids.is_empty() {
        return Ok(all);
    }
    let follow: Vec<(i64, bool, bool)> = on!(conn, c => follows::table
        .filter(follows::follower_id.eq(me).and(follows::followee_id.eq_any(&ids)))
        .select((follows::followee_id, follows::show_boosts, follows::notify))
        .load(c))?;
    for (id, show_boosts, notify) in follow {
        let between = all.entry(AccountId::new(id)).or_default();
        (between.follows, between.show_boosts, between.notify) = (true, show_boosts, notify);
    }
    let followed: Vec<i64> = on!(conn, c => follows::table
        .filter(follows::followee_id.eq(me).and(follows::follower_id.eq_any(&ids)))
        .select(follows::follower_id)
        .load(c))?;
    for id in followed {
        all.entry(AccountId::new(id)).or_default().followed_by = true;
    }
    let requests: Vec<(i64, i64)> = on!(conn, c => follow_requests::table
        .filter(follow_requests::follower_id.eq(me).and(follow_requests::followee_id.eq_any(&ids)))
        .or_filter(follow_requests::followee_id.eq(me).and(follow_requests::follower_id.eq_any(&ids)))
        .select((follow_requests::follower_id, follow_requests::followee_id))
        .load(c))?;
    for (follower, followee) in requests {
        if follower == me {
            all.entry(AccountId::new(followee)).or_default().requested = true;
        } else {
            all.entry(AccountId::new(follower)).or_default().requested_by = true;
        }
    }
    let block: Vec<(i64, i64)> = on!(conn, c => blocks::table
        .filter(blocks::account_id.eq(me).and(blocks::target_id.eq_any(&ids)))
        .or_filter(blocks::target_id.eq(me).and(blocks::account_id.eq_any(&ids)))
        .select((blocks::account_id, blocks::target_id))
        .load(c))?;
    for (account, target) in block {
        if account == me {
            all.entry(AccountId::new(target)).or_default().blocks = true;
        } else {
            all.entry(AccountId::new(account)).or_default().blocked_by = true;
        }
    }
    let muted: Vec<(i64, bool, Option<i64>)> = on!(conn, c => mutes::table
        .filter(mutes::account_id.eq(me).and(mutes::target_id.eq_any(&ids)))
        .select((mutes::target_id, mutes::hide_notifications, mutes::expires_slot))
        .load(c))?;
    for (id, hide_notifications, expires) in muted {
        if expires.is_none_or(|slot| slot > now) {
            let between = all.entry(AccountId::new(id)).or_default();
            (between.mutes, between.mutes_notifications) = (true, hide_notifications);
            between.muted_until = expires.map(CoarseTime::from_unix_seconds);
        }
    }
    Ok(all)
}

/// Everyone whom `first` has something to do with, for rules that are applied in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Circle {
    /// Followed accounts, with `show_boosts`.
    pub follows: Vec<(AccountId, bool)>,
    /// Blocked accounts, accounts that block, and accounts of servers that the first left out.
    pub blocked: Vec<AccountId>,
    /// Muted accounts, with the slot in which the mute ends.
    pub muted: Vec<(AccountId, Option<i64>)>,
}

/// Loads the circle of `first`.
pub fn circle(conn: &mut Conn, first: AccountId) -> Result<Circle> {
    let me = first.get();
    let follow: Vec<(i64, bool)> = on!(conn, c => follows::table
        .filter(follows::follower_id.eq(me))
        .select((follows::followee_id, follows::show_boosts))
        .load(c))?;
    let block: Vec<(i64, i64)> = on!(conn, c => blocks::table
        .filter(blocks::account_id.eq(me).or(blocks::target_id.eq(me)))
        .select((blocks::account_id, blocks::target_id))
        .load(c))?;
    let far: Vec<i64> = on!(conn, c => remote_accounts::table
        .inner_join(blocked_domains::table.on(blocked_domains::domain.eq(remote_accounts::domain)))
        .filter(blocked_domains::account_id.eq(me))
        .select(remote_accounts::account_id)
        .load(c))?;
    let muted: Vec<(i64, Option<i64>)> = on!(conn, c => mutes::table
        .filter(mutes::account_id.eq(me))
        .select((mutes::target_id, mutes::expires_slot))
        .load(c))?;
    Ok(Circle {
        follows: follow
            .into_iter()
            .map(|(id, boosts)| (AccountId::new(id), boosts))
            .collect(),
        blocked: block
            .into_iter()
            .map(|(account, target)| AccountId::new(if account == me { target } else { account }))
            .chain(far.into_iter().map(AccountId::new))
            .collect(),
        muted: muted
            .into_iter()
            .map(|(id, until)| (AccountId::new(id), until))
            .collect(),
    })
}

/// Who of `targets` takes direct posts from `author`: those who let strangers in, follow the author, or wrote to them
/// directly.
pub fn takes_direct(conn: &mut Conn, author: AccountId, targets: &[AccountId]) -> Result<HashSet<AccountId>> {
    let ids: Vec<i64> = targets.iter().map(|id| id.get()).collect();
    let open: Vec<i64> = on!(conn, c => preferences::table
        .filter(preferences::direct_from_strangers.eq(true).and(preferences::account_id.eq_any(&ids)))
        .select(preferences::account_id)
        .load(c))?;
    let followers: Vec<i64> = on!(conn, c => follows::table
        .filter(follows::followee_id.eq(author.get()).and(follows::follower_id.eq_any(&ids)))
        .select(follows::follower_id)
        .load(c))?;
    let wrote: Vec<i64> = on!(conn, c => post_mentions::table
        .inner_join(posts::table.on(posts::id.eq(post_mentions::post_id)))
        .filter(post_mentions::account_id.eq(author.get()))
        .filter(posts::visibility.eq(Visibility::Direct.code()).and(posts::author_id.eq_any(&ids)))
        .select(posts::author_id)
        .distinct()
        .load(c))?;
    Ok(open
        .into_iter()
        .chain(followers)
        .chain(wrote)
        .map(AccountId::new)
        .collect())
}

/// Accounts that follow `author` and asked to be told of every post, at most `most`.
pub fn told_of_posts(conn: &mut Conn, author: AccountId, most: i64) -> Result<Vec<AccountId>> {
    let ids: Vec<i64> = on!(conn, c => follows::table
        // The bare column, not a comparison: only so do the planners see that the partial index covers it.
        .filter(follows::notify)
        .filter(follows::followee_id.eq(author.get()))
        .select(follows::follower_id)
        .limit(most)
        .load(c))?;
    Ok(ids.into_iter().map(AccountId::new).collect())
}

/// True if somebody of this server follows `account`.
pub fn has_follower(conn: &mut Conn, account: AccountId) -> Result<bool> {
    use crate::schema::{follows, remote_accounts};
    let one: Option<i64> = on!(conn, c => follows::table
        .filter(follows::followee_id.eq(account.get()))
        .filter(diesel::dsl::not(follows::follower_id.eq_any(
            remote_accounts::table.select(remote_accounts::account_id))))
        .select(follows::follower_id)
        .first(c)
        .optional())?;
    Ok(one.is_some())
}
