//! The people behind an account, by what they call themselves here. No row of what the account does points at them.

use bauta_model::{AccountId, Day, Duties, KeyholderId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{keyholder_invites, keyholders};
use crate::{Conn, Error, Place, Result};

/// One of the people behind an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyholder {
    /// Random.
    pub id: KeyholderId,
    /// Which account they act through.
    pub account: AccountId,
    /// The word by which the others know them; empty while there are no others.
    pub label: String,
    /// What they do.
    pub duties: Duties,
}

const fn place(id: KeyholderId) -> Place {
    Place::new("keyholders", "label", id.get())
}

type Row = (i64, i64, Vec<u8>, i16);

fn keyholder(conn: &Conn, (id, account, label, duties): Row) -> Result<Keyholder> {
    let id = KeyholderId::new(id);
    Ok(Keyholder {
        id,
        account: AccountId::new(account),
        label: conn.open(place(id), &label)?,
        duties: self::duties(duties)?,
    })
}

pub(crate) fn duties(code: i16) -> Result<Duties> {
    Duties::from_code(code).ok_or(Error::Unknown("keyholders.duties"))
}

/// Adds somebody to an account.
pub fn insert(conn: &mut Conn, new: &Keyholder) -> Result<()> {
    let label = conn.seal(place(new.id), &new.label);
    on!(conn, c => diesel::insert_into(keyholders::table)
        .values((
            keyholders::id.eq(new.id.get()),
            keyholders::account_id.eq(new.account.get()),
            keyholders::label.eq(&label),
            keyholders::duties.eq(new.duties.code()),
        ))
        .execute(c))?;
    Ok(())
}

/// Everybody behind an account, in an order that tells nothing about when they came.
pub fn of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<Keyholder>> {
    let rows: Vec<Row> = on!(conn, c => keyholders::table
        .filter(keyholders::account_id.eq(account.get()))
        .order(keyholders::id)
        .load(c))?;
    rows.into_iter().map(|row| keyholder(conn, row)).collect()
}

/// How many are behind an account.
pub fn count(conn: &mut Conn, account: AccountId) -> Result<i64> {
    Ok(on!(conn, c => keyholders::table
        .filter(keyholders::account_id.eq(account.get()))
        .count()
        .get_result(c))?)
}

/// Sets the word by which the others know somebody.
pub fn set_label(conn: &mut Conn, id: KeyholderId, label: &str) -> Result<()> {
    conn.purge_after_commit();
    let label = conn.seal(place(id), label);
    on!(conn, c => diesel::update(keyholders::table.find(id.get()))
        .set(keyholders::label.eq(&label))
        .execute(c))?;
    Ok(())
}

/// Sets what somebody does.
pub fn set_duties(conn: &mut Conn, id: KeyholderId, duties: Duties) -> Result<()> {
    on!(conn, c => diesel::update(keyholders::table.find(id.get()))
        .set(keyholders::duties.eq(duties.code()))
        .execute(c))?;
    Ok(())
}

/// Takes somebody out of an account, with their passphrase, codes and sessions. False if they were not in it.
pub fn delete(conn: &mut Conn, account: AccountId, id: KeyholderId) -> Result<bool> {
    conn.purge_after_commit();
    let gone = on!(conn, c => diesel::delete(
        keyholders::table
            .filter(keyholders::id.eq(id.get()))
            .filter(keyholders::account_id.eq(account.get()))
    ).execute(c))?;
    Ok(gone > 0)
}

/// An invitation into an account that waits: whoever made it is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Into which account.
    pub account: AccountId,
    /// What the one who comes will do.
    pub duties: Duties,
    /// The last day on which it is good.
    pub until: Day,
}

/// Keeps the hash of an invitation's code.
pub fn insert_invite(conn: &mut Conn, code_hash: &[u8; 32], invite: &Invite) -> Result<()> {
    on!(conn, c => diesel::insert_into(keyholder_invites::table)
        .values((
            keyholder_invites::code_hash.eq(&code_hash[..]),
            keyholder_invites::account_id.eq(invite.account.get()),
            keyholder_invites::duties.eq(invite.duties.code()),
            keyholder_invites::until_day.eq(invite.until.get()),
        ))
        .execute(c))?;
    Ok(())
}

/// The invitation that a code stands for, if it is good on `today`.
pub fn invite(conn: &mut Conn, code_hash: &[u8; 32], today: Day) -> Result<Option<Invite>> {
    let row: Option<(i64, i16, i32)> = on!(conn, c => keyholder_invites::table
        .find(&code_hash[..])
        .filter(keyholder_invites::until_day.ge(today.get()))
        .select((
            keyholder_invites::account_id,
            keyholder_invites::duties,
            keyholder_invites::until_day,
        ))
        .first(c)
        .optional())?;
    row.map(|(account, code, until)| {
        Ok(Invite {
            account: AccountId::new(account),
            duties: duties(code)?,
            until: Day::new(until),
        })
    })
    .transpose()
}

/// Uses an invitation up. False if somebody was faster.
pub fn use_up_invite(conn: &mut Conn, code_hash: &[u8; 32]) -> Result<bool> {
    conn.purge_after_commit();
    let gone = on!(conn, c => diesel::delete(keyholder_invites::table.find(&code_hash[..])).execute(c))?;
    Ok(gone > 0)
}

/// How many invitations into an account wait on `today`.
pub fn invites_waiting(conn: &mut Conn, account: AccountId, today: Day) -> Result<i64> {
    Ok(on!(conn, c => keyholder_invites::table
        .filter(keyholder_invites::account_id.eq(account.get()))
        .filter(keyholder_invites::until_day.ge(today.get()))
        .count()
        .get_result(c))?)
}

/// Makes every invitation into an account void.
pub fn void_invites(conn: &mut Conn, account: AccountId) -> Result<()> {
    conn.purge_after_commit();
    on!(conn, c => diesel::delete(
        keyholder_invites::table.filter(keyholder_invites::account_id.eq(account.get()))
    ).execute(c))?;
    Ok(())
}
