//! Many rows at once, for the crowd of a demo and of a benchmark.

use bauta_model::{Account, AccountId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{accounts, follows};
use crate::{Conn, Result};

/// Makes accounts, each following `followee`, and counts the follows.
pub fn followers(conn: &mut Conn, followee: AccountId, crowd: &[Account]) -> Result<()> {
    for account in crowd {
        crate::accounts::insert(conn, account)?;
    }
    let pairs: Vec<(AccountId, AccountId)> = crowd.iter().map(|account| (account.id, followee)).collect();
    follow_all(conn, &pairs)
}

/// Makes every pair (follower, followee) a follow, and counts them. None may be there yet.
pub fn follow_all(conn: &mut Conn, pairs: &[(AccountId, AccountId)]) -> Result<()> {
    for (follower, followee) in pairs {
        on!(conn, c => diesel::insert_into(follows::table)
            .values((
                follows::follower_id.eq(follower.get()),
                follows::followee_id.eq(followee.get()),
                follows::show_boosts.eq(true),
                follows::notify.eq(false),
            ))
            .execute(c))?;
    }
    for (follower, count) in counted(pairs.iter().map(|pair| pair.0)) {
        on!(conn, c => diesel::update(accounts::table.find(follower.get()))
            .set(accounts::following_count.eq(accounts::following_count + count))
            .execute(c))?;
    }
    for (followee, count) in counted(pairs.iter().map(|pair| pair.1)) {
        on!(conn, c => diesel::update(accounts::table.find(followee.get()))
            .set(accounts::followers_count.eq(accounts::followers_count + count))
            .execute(c))?;
    }
    Ok(())
}

/// How often each account stands in the list.
fn counted(ids: impl Iterator<Item = AccountId>) -> std::collections::BTreeMap<AccountId, i64> {
    let mut counts = std::collections::BTreeMap::new();
    for id in ids {
        *counts.entry(id).or_insert(0) += 1;
    }
    counts
}
