//! What proves that somebody may act through an account. Hashes only: they are named to their owner and never produced.

use bauta_model::{AccountId, Handle, KeyholderId, Standing};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{accounts, credentials, recovery_codes};
use crate::{Conn, Error, Result};

/// An account and what passphrases are compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The account.
    pub account: AccountId,
    /// What moderators decided.
    pub standing: Standing,
    /// Everybody who can sign in, with the PHC string of their passphrase; nobody, for an account that is a server's own.
    pub ways: Vec<(KeyholderId, String)>,
}

/// Sets the hash (a PHC string) of a keyholder's passphrase.
pub fn set_passphrase_hash(
    conn: &mut Conn,
    account: AccountId,
    keyholder: KeyholderId,
    hash: &str,
) -> Result<()> {
    conn.purge_after_commit();
    on!(conn, c => diesel::insert_into(credentials::table)
        .values((
            credentials::keyholder_id.eq(keyholder.get()),
            credentials::account_id.eq(account.get()),
            credentials::passphrase_hash.eq(hash),
        ))
        .on_conflict(credentials::keyholder_id)
        .do_update()
        .set(credentials::passphrase_hash.eq(hash))
        .execute(c))?;
    Ok(())
}

/// The account of a handle, with the hashes of those who can sign in.
pub fn by_handle(conn: &mut Conn, handle: &Handle) -> Result<Option<Known>> {
    let row: Option<(i64, i16)> = on!(conn, c => accounts::table
        .filter(accounts::handle_key.eq(handle.key()))
        .select((accounts::id, accounts::standing))
        .first(c)
        .optional())?;
    row.map(|(id, standing)| {
        let account = AccountId::new(id);
        Ok(Known {
            account,
            standing: Standing::from_code(standing).ok_or(Error::Unknown("accounts.standing"))?,
            ways: of_account(conn, account)?,
        })
    })
    .transpose()
}

/// Everybody who can sign in to an account, with the hash of their passphrase.
pub fn of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<(KeyholderId, String)>> {
    let rows: Vec<(i64, String)> = on!(conn, c => credentials::table
        .filter(credentials::account_id.eq(account.get()))
        .order(credentials::keyholder_id)
        .select((credentials::keyholder_id, credentials::passphrase_hash))
        .load(c))?;
    Ok(rows
        .into_iter()
        .map(|(id, hash)| (KeyholderId::new(id), hash))
        .collect())
}

/// The hash of a keyholder's passphrase.
pub fn passphrase_hash(conn: &mut Conn, id: KeyholderId) -> Result<Option<String>> {
    Ok(on!(conn, c => credentials::table
        .find(id.get())
        .select(credentials::passphrase_hash)
        .first(c)
        .optional())?)
}

/// Replaces the recovery codes of a keyholder; none at all is an empty list.
pub fn set_recovery_codes(
    conn: &mut Conn,
    account: AccountId,
    keyholder: KeyholderId,
    code_hashes: &[[u8; 32]],
) -> Result<()> {
    conn.purge_after_commit();
    on!(conn, c => diesel::delete(
        recovery_codes::table.filter(recovery_codes::keyholder_id.eq(keyholder.get()))
    ).execute(c))?;
    if code_hashes.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = code_hashes
        .iter()
        .map(|hash| {
            (
                recovery_codes::code_hash.eq(&hash[..]),
                recovery_codes::account_id.eq(account.get()),
                recovery_codes::keyholder_id.eq(keyholder.get()),
            )
        })
        .collect();
    on!(conn, c => diesel::insert_into(recovery_codes::table).values(&rows).execute(c))?;
    Ok(())
}

/// How many recovery codes a keyholder has left.
pub fn recovery_codes_left(conn: &mut Conn, id: KeyholderId) -> Result<i64> {
    Ok(on!(conn, c => recovery_codes::table
        .filter(recovery_codes::keyholder_id.eq(id.get()))
        .count()
        .get_result(c))?)
}

/// The account and the keyholder that a recovery code belongs to.
pub fn by_recovery_code(conn: &mut Conn, code_hash: &[u8; 32]) -> Result<Option<(AccountId, KeyholderId)>> {
    let ids: Option<(i64, i64)> = on!(conn, c => recovery_codes::table
        .find(&code_hash[..])
        .select((recovery_codes::account_id, recovery_codes::keyholder_id))
        .first(c)
        .optional())?;
    Ok(ids.map(|(account, keyholder)| (AccountId::new(account), KeyholderId::new(keyholder))))
}

/// Uses a recovery code up. False if there is none, or if somebody was faster.
pub fn use_up_recovery_code(conn: &mut Conn, code_hash: &[u8; 32]) -> Result<bool> {
    conn.purge_after_commit();
    let gone = on!(conn, c => diesel::delete(recovery_codes::table.find(&code_hash[..])).execute(c))?;
    Ok(gone > 0)
}
