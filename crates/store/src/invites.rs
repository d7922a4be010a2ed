//! Invites. Forgetful: a row says that an invite exists and until when, not who made it nor who used it.

use bauta_model::{AccountId, Month};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{invite_allowances, invites};
use crate::{Conn, Result};

/// Keeps the hashes of new invites.
pub fn insert(conn: &mut Conn, code_hashes: &[[u8; 32]], expires: Month) -> Result<()> {
    let rows: Vec<_> = code_hashes
        .iter()
        .map(|hash| {
            (
                invites::code_hash.eq(&hash[..]),
                invites::expires_month.eq(expires.get()),
            )
        })
        .collect();
    on!(conn, c => diesel::insert_into(invites::table).values(&rows).execute(c))?;
    Ok(())
}

/// True if an invite is good in `month`.
pub fn is_good(conn: &mut Conn, code_hash: &[u8; 32], month: Month) -> Result<bool> {
    let found: i64 = on!(conn, c => invites::table
        .filter(invites::code_hash.eq(&code_hash[..]))
        .filter(invites::expires_month.ge(month.get()))
        .count()
        .get_result(c))?;
    Ok(found > 0)
}

/// Uses an invite up: its row is gone with the write that makes the account. False if there is none.
pub fn use_up(conn: &mut Conn, code_hash: &[u8; 32], month: Month) -> Result<bool> {
    conn.purge_after_commit();
    let gone = on!(conn, c => diesel::delete(
        invites::table
            .filter(invites::code_hash.eq(&code_hash[..]))
            .filter(invites::expires_month.ge(month.get()))
    ).execute(c))?;
    Ok(gone > 0)
}

/// How many invites an account made in `month`.
pub fn minted(conn: &mut Conn, account: AccountId, month: Month) -> Result<i32> {
    let count: Option<i32> = on!(conn, c => invite_allowances::table
        .find(account.get())
        .filter(invite_allowances::month.eq(month.get()))
        .select(invite_allowances::minted)
        .first(c)
        .optional())?;
    Ok(count.unwrap_or(0))
}

/// Sets how many invites an account made in `month`; what it made earlier is forgotten.
pub fn set_minted(conn: &mut Conn, account: AccountId, month: Month, count: i32) -> Result<()> {
    on!(conn, c => diesel::insert_into(invite_allowances::table)
        .values((
            invite_allowances::account_id.eq(account.get()),
            invite_allowances::month.eq(month.get()),
            invite_allowances::minted.eq(count),
        ))
        .on_conflict(invite_allowances::account_id)
        .do_update()
        .set((
            invite_allowances::month.eq(month.get()),
            invite_allowances::minted.eq(count),
        ))
        .execute(c))?;
    Ok(())
}
