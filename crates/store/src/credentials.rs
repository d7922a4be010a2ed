//! What proves that somebody owns an account. Hashes only: they are named to their owner and never produced.

use bauta_model::{AccountId, Handle, Standing};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{accounts, credentials, recovery_codes};
use crate::{Conn, Error, Result};

/// An account and what its passphrase is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The account.
    pub account: AccountId,
    /// What moderators decided.
    pub standing: Standing,
    /// The PHC string; none for an account that nobody can log in to.
    pub passphrase_hash: Option<String>,
}

/// Sets the hash (a PHC string) of the account's passphrase.
pub fn set_passphrase_hash(conn: &mut Conn, id: AccountId, hash: &str) -> Result<()> {
    conn.purge_after_commit();
    on!(conn, c => diesel::insert_into(credentials::table)
        .values((credentials::account_id.eq(id.get()), credentials::passphrase_hash.eq(hash)))
        .on_conflict(credentials::account_id)
        .do_update()
        .set(credentials::passphrase_hash.eq(hash))
        .execute(c))?;
    Ok(())
}

/// The account of a handle, with its hash where it has one.
pub fn by_handle(conn: &mut Conn, handle: &Handle) -> Result<Option<Known>> {
    let row: Option<(i64, i16, Option<String>)> = on!(conn, c => accounts::table
        .left_join(credentials::table.on(credentials::account_id.eq(accounts::id)))
        .filter(accounts::handle_key.eq(handle.key()))
        .select((accounts::id, accounts::standing, credentials::passphrase_hash.nullable()))
        .first(c)
        .optional())?;
    row.map(|(id, standing, passphrase_hash)| {
        Ok(Known {
            account: AccountId::new(id),
            standing: Standing::from_code(standing).ok_or(Error::Unknown("accounts.standing"))?,
            passphrase_hash,
        })
    })
    .transpose()
}

/// The hash of an account's passphrase, where it has one.
pub fn passphrase_hash(conn: &mut Conn, id: AccountId) -> Result<Option<String>> {
    Ok(on!(conn, c => credentials::table
        .find(id.get())
        .select(credentials::passphrase_hash)
        .first(c)
        .optional())?)
}

/// Replaces the recovery codes of an account; none at all is an empty list.
pub fn set_recovery_codes(conn: &mut Conn, id: AccountId, code_hashes: &[[u8; 32]]) -> Result<()> {
    conn.purge_after_commit();
    on!(conn, c => diesel::delete(recovery_codes::table.filter(recovery_codes::account_id.eq(id.get()))).execute(c))?;
    if code_hashes.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = code_hashes
        .iter()
        .map(|hash| {
            (
                recovery_codes::code_hash.eq(&hash[..]),
                recovery_codes::account_id.eq(id.get()),
            )
        })
        .collect();
    on!(conn, c => diesel::insert_into(recovery_codes::table).values(&rows).execute(c))?;
    Ok(())
}

/// How many recovery codes an account has left.
pub fn recovery_codes_left(conn: &mut Conn, id: AccountId) -> Result<i64> {
    Ok(on!(conn, c => recovery_codes::table
        .filter(recovery_codes::account_id.eq(id.get()))
        .count()
        .get_result(c))?)
}

/// The account that a recovery code belongs to.
pub fn by_recovery_code(conn: &mut Conn, code_hash: &[u8; 32]) -> Result<Option<AccountId>> {
    let id: Option<i64> = on!(conn, c => recovery_codes::table
        .find(&code_hash[..])
        .select(recovery_codes::account_id)
        .first(c)
        .optional())?;
    Ok(id.map(AccountId::new))
}

/// Uses a recovery code up. False if there is none, or if somebody was faster.
pub fn use_up_recovery_code(conn: &mut Conn, code_hash: &[u8; 32]) -> Result<bool> {
    conn.purge_after_commit();
    let gone = on!(conn, c => diesel::delete(recovery_codes::table.find(&code_hash[..])).execute(c))?;
    Ok(gone > 0)
}
