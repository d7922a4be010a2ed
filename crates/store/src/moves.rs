//! Accounts that move: which others they say that they are too, where they went, and whom that takes along.

use bauta_model::{AccountId, Month};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{aliases, follows, moves, remote_accounts};
use crate::{Conn, Result};

/// Where an account went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The new account.
    pub target: AccountId,
    /// When it went there.
    pub month: Month,
}

/// `account` says that it is `other` too.
pub fn add_alias(conn: &mut Conn, account: AccountId, other: AccountId) -> Result<()> {
    on!(conn, c => diesel::insert_into(aliases::table)
        .values((aliases::account_id.eq(account.get()), aliases::other_id.eq(other.get())))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// It says so no more.
pub fn remove_alias(conn: &mut Conn, account: AccountId, other: AccountId) -> Result<()> {
    conn.purge_after_commit();
    on!(conn, c => diesel::delete(aliases::table.find((account.get(), other.get()))).execute(c))?;
    Ok(())
}

/// Who else `account` says that it is.
pub fn aliases(conn: &mut Conn, account: AccountId) -> Result<Vec<AccountId>> {
    let rows: Vec<i64> = on!(conn, c => aliases::table
        .filter(aliases::account_id.eq(account.get()))
        .order(aliases::other_id)
        .select(aliases::other_id)
        .load(c))?;
    Ok(rows.into_iter().map(AccountId::new).collect())
}

/// `account` went to `target`; its followers here are yet to be led there.
pub fn set(conn: &mut Conn, account: AccountId, target: AccountId) -> Result<()> {
    let values = (
        moves::target_id.eq(target.get()),
        moves::month.eq(conn.now().month().get()),
        moves::carried.eq(false),
    );
    on!(conn, c => diesel::insert_into(moves::table)
        .values((moves::account_id.eq(account.get()), values))
        .on_conflict(moves::account_id)
        .do_update()
        .set(values)
        .execute(c))?;
    Ok(())
}

/// `account` is where it was after all. The month stays, so that nobody goes to and fro. False if it did not go.
pub fn take_back(conn: &mut Conn, account: AccountId) -> Result<bool> {
    let back = on!(conn, c => diesel::update(moves::table.find(account.get()))
        .filter(moves::target_id.ne(account.get()))
        .set((moves::target_id.eq(account.get()), moves::carried.eq(true)))
        .execute(c))?;
    Ok(back > 0)
}

/// Where `account` went.
pub fn of(conn: &mut Conn, account: AccountId) -> Result<Option<AccountId>> {
    Ok(last(conn, account)?
        .map(|last| last.target)
        .filter(|target| *target != account))
}

/// The last move of `account`: to itself, if that was taken back.
pub fn last(conn: &mut Conn, account: AccountId) -> Result<Option<Move>> {
    let row: Option<(i64, i32)> = on!(conn, c => moves::table
        .find(account.get())
        .select((moves::target_id, moves::month))
        .first(c)
        .optional())?;
    Ok(row.map(|(target, month)| Move {
        target: AccountId::new(target),
        month: Month::new(month),
    }))
}

/// Accounts that went away, and where to, whose followers here are yet to be led there.
pub fn to_carry(conn: &mut Conn, most: i64) -> Result<Vec<(AccountId, AccountId)>> {
    let rows: Vec<(i64, i64)> = on!(conn, c => moves::table
        .filter(diesel::dsl::not(moves::carried))
        .order(moves::account_id)
        .limit(most)
        .select((moves::account_id, moves::target_id))
        .load(c))?;
    Ok(rows
        .into_iter()
        .map(|(account, target)| (AccountId::new(account), AccountId::new(target)))
        .collect())
}

/// All followers here of `account` were led to where it went.
pub fn set_carried(conn: &mut Conn, account: AccountId) -> Result<()> {
    on!(conn, c => diesel::update(moves::table.find(account.get()))
        .set(moves::carried.eq(true))
        .execute(c))?;
    Ok(())
}

/// Followers of `account` that are of this server, above `after`, lowest first.
pub fn followers_here(
    conn: &mut Conn,
    account: AccountId,
    after: AccountId,
    most: i64,
) -> Result<Vec<AccountId>> {
    let rows: Vec<i64> = on!(conn, c => follows::table
        .filter(follows::followee_id.eq(account.get()))
        .filter(follows::follower_id.gt(after.get()))
        .filter(diesel::dsl::not(diesel::dsl::exists(remote_accounts::table
            .filter(remote_accounts::account_id.eq(follows::follower_id)))))
        .order(follows::follower_id)
        .limit(most)
        .select(follows::follower_id)
        .load(c))?;
    Ok(rows.into_iter().map(AccountId::new).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::follows::{How, follow};
    use crate::testing::{NOW, on_both, people};

    const HOW: How = How {
        show_boosts: true,
        notify: false,
    };

    #[test]
    fn an_account_goes_and_comes_back() {
        on_both(|conn| {
            people(conn, 3);
            let [one, two, three] = [1, 2, 3].map(AccountId::new);
            add_alias(conn, two, one).unwrap();
            add_alias(conn, two, one).unwrap();
            assert_eq!(aliases(conn, two).unwrap(), [one]);
            set(conn, one, two).unwrap();
            assert_eq!(to_carry(conn, 9).unwrap(), [(one, two)]);
            set_carried(conn, one).unwrap();
            assert!(to_carry(conn, 9).unwrap().is_empty());
            set(conn, one, three).unwrap();
            let went = Move {
                target: three,
                month: NOW.month(),
            };
            assert_eq!(last(conn, one).unwrap(), Some(went));
            assert_eq!(of(conn, one).unwrap(), Some(three));
            assert_eq!(to_carry(conn, 9).unwrap(), [(one, three)], "carried anew");
            assert!(take_back(conn, one).unwrap() && !take_back(conn, one).unwrap());
            assert_eq!(of(conn, one).unwrap(), None);
            assert!(
                last(conn, one)
                    .unwrap()
                    .is_some_and(|last| last.month == NOW.month())
            );
            remove_alias(conn, two, one).unwrap();
            assert!(aliases(conn, two).unwrap().is_empty());
        });
    }

    #[test]
    fn followers_come_in_turn() {
        on_both(|conn| {
            people(conn, 4);
            let [one, two, three, four] = [1, 2, 3, 4].map(AccountId::new);
            for follower in [four, two, three] {
                follow(conn, follower, one, HOW).unwrap();
            }
            assert_eq!(
                followers_here(conn, one, AccountId::new(0), 2).unwrap(),
                [two, three]
            );
            assert_eq!(followers_here(conn, one, three, 2).unwrap(), [four]);
        });
    }
}
