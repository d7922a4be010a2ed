//! What proves that somebody owns an account. Hashes only: they are named to their owner and never produced.

use bauta_model::{AccountId, Handle};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{accounts, credentials};
use crate::{Conn, Result};

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
pub fn by_handle(conn: &mut Conn, handle: &Handle) -> Result<Option<(AccountId, Option<String>)>> {
    let row: Option<(i64, Option<String>)> = on!(conn, c => accounts::table
        .left_join(credentials::table.on(credentials::account_id.eq(accounts::id)))
        .filter(accounts::handle_key.eq(handle.key()))
        .select((accounts::id, credentials::passphrase_hash.nullable()))
        .first(c)
        .optional())?;
    Ok(row.map(|(id, hash)| (AccountId::new(id), hash)))
}
