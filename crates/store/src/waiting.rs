//! People who signed up and wait to be let in. Until then their accounts are suspended: nobody sees them, and they can do
//! nothing.

use bauta_model::{AccountId, Month};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{accounts, waiting_accounts};
use crate::{Conn, Place, Result, Window};

/// Somebody who waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Who.
    pub account: AccountId,
    /// What they said to whoever decides; may be empty.
    pub words: String,
}

fn place(account: AccountId) -> Place {
    Place::new("waiting_accounts", "words", account.get())
}

/// Lets `account` wait.
pub fn insert(conn: &mut Conn, account: AccountId, words: &str) -> Result<()> {
    let sealed = conn.seal(place(account), words);
    on!(conn, c => diesel::insert_into(waiting_accounts::table)
        .values((
            waiting_accounts::account_id.eq(account.get()),
            waiting_accounts::words.eq(&sealed),
        ))
        .execute(c))?;
    Ok(())
}

/// Whether `account` waits.
pub fn waits(conn: &mut Conn, account: AccountId) -> Result<bool> {
    let found: i64 = on!(conn, c => waiting_accounts::table
        .filter(waiting_accounts::account_id.eq(account.get()))
        .count()
        .get_result(c))?;
    Ok(found > 0)
}

/// How many wait.
pub fn count(conn: &mut Conn) -> Result<i64> {
    Ok(on!(conn, c => waiting_accounts::table.count().get_result(c))?)
}

/// Those who wait, by their random numbers: in no order in which they came.
pub fn list(conn: &mut Conn, window: &Window<AccountId>) -> Result<Vec<Waiting>> {
    let below = window.below.map_or(i64::MAX, AccountId::get);
    let rows: Vec<(i64, Vec<u8>)> = on!(conn, c => waiting_accounts::table
        .filter(waiting_accounts::account_id.lt(below))
        .order(waiting_accounts::account_id.desc())
        .limit(window.limit as i64)
        .load(c))?;
    opened(conn, rows)
}

/// Everybody who waits, without what they said.
pub fn everybody(conn: &mut Conn) -> Result<Vec<AccountId>> {
    let ids: Vec<i64> = on!(conn, c => waiting_accounts::table
        .select(waiting_accounts::account_id)
        .load(c))?;
    Ok(ids.into_iter().map(AccountId::new).collect())
}

/// Those among `accounts` who wait.
pub fn among(conn: &mut Conn, among: &[AccountId]) -> Result<Vec<Waiting>> {
    let ids: Vec<i64> = among.iter().map(|id| id.get()).collect();
    let rows: Vec<(i64, Vec<u8>)> = on!(conn, c => waiting_accounts::table
        .filter(waiting_accounts::account_id.eq_any(&ids))
        .load(c))?;
    opened(conn, rows)
}

fn opened(conn: &mut Conn, rows: Vec<(i64, Vec<u8>)>) -> Result<Vec<Waiting>> {
    rows.into_iter()
        .map(|(id, words)| {
            let account = AccountId::new(id);
            Ok(Waiting {
                account,
                words: conn.open(place(account), &words)?,
            })
        })
        .collect()
}

/// Ends the waiting of `account`, and what was said goes. False where it does not wait.
pub fn end(conn: &mut Conn, account: AccountId) -> Result<bool> {
    let gone = on!(conn, c => diesel::delete(waiting_accounts::table.find(account.get())).execute(c))?;
    if gone > 0 {
        conn.purge_after_commit();
    }
    Ok(gone > 0)
}

/// Those who wait since before a month.
pub fn since_before(conn: &mut Conn, month: Month, most: i64) -> Result<Vec<AccountId>> {
    let ids: Vec<i64> = on!(conn, c => waiting_accounts::table
        .inner_join(accounts::table.on(accounts::id.eq(waiting_accounts::account_id)))
        .filter(accounts::joined_month.lt(month.get()))
        .limit(most)
        .select(waiting_accounts::account_id)
        .load(c))?;
    Ok(ids.into_iter().map(AccountId::new).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{arrange, on_both, people};

    #[test]
    fn who_waits_is_listed_until_they_are_let_in_or_gone() {
        on_both(|conn| {
            people(conn, 3);
            for (id, words) in [(1, "high water"), (2, "")] {
                insert(conn, AccountId::new(id), words).unwrap();
            }
            let listed = list(conn, &Window::first(10)).unwrap();
            let words: Vec<&str> = listed.iter().map(|one| one.words.as_str()).collect();
            assert_eq!(words, ["", "high water"]);
            assert_eq!(
                among(conn, &[AccountId::new(1), AccountId::new(3)]).unwrap(),
                listed[1..]
            );
            assert!(waits(conn, AccountId::new(1)).unwrap());
            let mut everybody = everybody(conn).unwrap();
            everybody.sort_unstable();
            assert_eq!(everybody, [AccountId::new(1), AccountId::new(2)]);
            assert!(end(conn, AccountId::new(1)).unwrap());
            assert!(!end(conn, AccountId::new(1)).unwrap());
            assert!(!waits(conn, AccountId::new(1)).unwrap());
            assert_eq!(count(conn).unwrap(), 1);
            arrange(conn, "DELETE FROM accounts WHERE id = 2;");
            assert_eq!(count(conn).unwrap(), 0);
        });
    }
}
