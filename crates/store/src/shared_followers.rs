//! Followers whom two servers both keep, to be compared (FEP-8fcf): those at one host of an account of this server, and those
//! of this server of an account elsewhere.

use bauta_model::{AccountId, Handle};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{accounts, follows, remote_accounts};
use crate::{Conn, Result};

/// The actors at `host` that follow `account`, by their names.
pub fn at_host(conn: &mut Conn, account: AccountId, host: &str) -> Result<Vec<String>> {
    Ok(on!(conn, c => remote_accounts::table
        .inner_join(follows::table.on(follows::follower_id.eq(remote_accounts::account_id)))
        .filter(follows::followee_id.eq(account.get()))
        .filter(remote_accounts::domain.eq(host))
        .select(remote_accounts::uri)
        .order(remote_accounts::uri)
        .load(c))?)
}

/// The accounts of this server that follow `account`; nothing where they are more than `most`.
pub fn here(conn: &mut Conn, account: AccountId, most: i64) -> Result<Option<Vec<(AccountId, Handle)>>> {
    let rows: Vec<(i64, String)> = on!(conn, c => accounts::table
        .inner_join(follows::table.on(follows::follower_id.eq(accounts::id)))
        .filter(follows::followee_id.eq(account.get()))
        .select((accounts::id, accounts::handle))
        .limit(most + 1)
        .load(c))?;
    if rows.len() as i64 > most {
        return Ok(None);
    }
    let known = rows
        .into_iter()
        .filter_map(|(id, handle)| Some((AccountId::new(id), Handle::parse(&handle).ok()?)));
    Ok(Some(known.collect()))
}
