//! Who may do what at the desk, and the public keys to which papers are encrypted.

use bauta_model::{AccountId, Handle};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{accounts, desk_officers};
use crate::{Conn, Error, Result};

/// An officer of the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    /// The account.
    pub account: AccountId,
    /// Its handle.
    pub handle: Handle,
    /// A set of bits that the desk gives a meaning.
    pub duties: i16,
    /// An `age` public key.
    pub age_key: Option<String>,
}

type Row = (i64, String, i16, Option<String>);

fn officer((account, handle, duties, age_key): Row) -> Result<Officer> {
    Ok(Officer {
        account: AccountId::new(account),
        handle: Handle::parse(&handle).map_err(|_| Error::Unknown("accounts.handle"))?,
        duties,
        age_key,
    })
}

/// Every officer, by handle.
pub fn all(conn: &mut Conn) -> Result<Vec<Officer>> {
    let rows: Vec<Row> = on!(conn, c => desk_officers::table
        .inner_join(accounts::table.on(accounts::id.eq(desk_officers::account_id)))
        .order(accounts::handle_key)
        .select((accounts::id, accounts::handle, desk_officers::duties, desk_officers::age_key))
        .load(c))?;
    rows.into_iter().map(officer).collect()
}

/// The officer that an account is, if it is one.
pub fn of(conn: &mut Conn, account: AccountId) -> Result<Option<Officer>> {
    let row: Option<Row> = on!(conn, c => desk_officers::table
        .inner_join(accounts::table.on(accounts::id.eq(desk_officers::account_id)))
        .filter(accounts::id.eq(account.get()))
        .select((accounts::id, accounts::handle, desk_officers::duties, desk_officers::age_key))
        .first(c)
        .optional())?;
    row.map(officer).transpose()
}

/// Gives an account these duties; none takes the office away, with its key.
pub fn set_duties(conn: &mut Conn, account: AccountId, duties: i16) -> Result<()> {
    if duties == 0 {
        on!(conn, c => diesel::delete(desk_officers::table.find(account.get())).execute(c))?;
        return Ok(());
    }
    on!(conn, c => diesel::insert_into(desk_officers::table)
        .values((desk_officers::account_id.eq(account.get()), desk_officers::duties.eq(duties)))
        .on_conflict(desk_officers::account_id)
        .do_update()
        .set(desk_officers::duties.eq(duties))
        .execute(c))?;
    Ok(())
}

/// Sets or takes away an officer's key. Papers that were encrypted before stay as they are.
pub fn set_key(conn: &mut Conn, account: AccountId, age_key: Option<&str>) -> Result<()> {
    on!(conn, c => diesel::update(desk_officers::table.find(account.get()))
        .set(desk_officers::age_key.eq(age_key))
        .execute(c))?;
    Ok(())
}
