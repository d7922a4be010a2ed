//! Accounts that end when nobody uses them: after how many whole months, and the month at whose beginning that would be.
//! Of their use nothing else is kept.

use bauta_model::{AccountId, Month, Role};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{accounts, desk_notices, holds, lapses};
use crate::{Conn, Result};

/// When an account ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lapse {
    /// So many whole months nobody has to have used it.
    pub after_months: i32,
    /// It ends at the beginning of this month, unless somebody uses it before.
    pub dies: Month,
}

impl Lapse {
    /// As it stands for an account that is used in `now`: the month that has begun does not count.
    pub const fn used_in(after_months: i32, now: Month) -> Self {
        Self {
            after_months,
            dies: now.plus(after_months + 1),
        }
    }
}

/// When `account` ends by itself; nothing for one that never does.
pub fn of(conn: &mut Conn, account: AccountId) -> Result<Option<Lapse>> {
    let row: Option<(i32, i32)> = on!(conn, c => lapses::table
        .find(account.get())
        .select((lapses::after_months, lapses::dies_month))
        .first(c)
        .optional())?;
    Ok(row.map(|(after_months, dies)| Lapse {
        after_months,
        dies: Month::new(dies),
    }))
}

/// Sets it; nothing: the account never ends by itself.
pub fn set(conn: &mut Conn, account: AccountId, wanted: Option<Lapse>) -> Result<()> {
    let Some(wanted) = wanted else {
        on!(conn, c => diesel::delete(lapses::table.find(account.get())).execute(c))?;
        conn.purge_after_commit();
        return Ok(());
    };
    let values = (
        lapses::after_months.eq(wanted.after_months),
        lapses::dies_month.eq(wanted.dies.get()),
    );
    on!(conn, c => diesel::insert_into(lapses::table)
        .values((lapses::account_id.eq(account.get()), values))
        .on_conflict(lapses::account_id)
        .do_update()
        .set(values)
        .execute(c))?;
    Ok(())
}

/// True if the month of `account` has to be moved on, because it is used in `now`.
pub fn is_behind(conn: &mut Conn, account: AccountId, now: Month) -> Result<bool> {
    Ok(of(conn, account)?.is_some_and(|lapse| lapse.dies < Lapse::used_in(lapse.after_months, now).dies))
}

/// Moves the month of `account` on: it is used in `now`.
pub fn move_on(conn: &mut Conn, account: AccountId, now: Month) -> Result<()> {
    on!(conn, c => diesel::update(lapses::table
            .filter(lapses::account_id.eq(account.get()))
            .filter(lapses::dies_month.lt(lapses::after_months + (now.get() + 1))))
        .set(lapses::dies_month.eq(lapses::after_months + (now.get() + 1)))
        .execute(c))?;
    Ok(())
}

/// Moves all on: rows that were brought back from a backup know nothing of what was used since.
pub fn begin_anew(conn: &mut Conn, now: Month) -> Result<()> {
    on!(conn, c => diesel::update(lapses::table
            .filter(lapses::dies_month.lt(lapses::after_months + (now.get() + 1))))
        .set(lapses::dies_month.eq(lapses::after_months + (now.get() + 1)))
        .execute(c))?;
    Ok(())
}

/// Lapses whose month has come, and whose accounts may go.
macro_rules! over {
    ($now:expr) => {
        lapses::table
            .inner_join(accounts::table.on(accounts::id.eq(lapses::account_id)))
            .filter(lapses::dies_month.le($now.get()))
            .filter(accounts::role.ne(Role::Operator.code()))
            .filter(not(exists(
                holds::table.filter(holds::account_id.eq(lapses::account_id.nullable())),
            )))
            .filter(not(exists(
                desk_notices::table.filter(desk_notices::account_id.eq(lapses::account_id)),
            )))
    };
}

/// Accounts whose month has come, `most` at a time. Not those of whom something is held for a demand or who have a notice of
/// one: what is asked for is not to go by itself. Nor the operator's, without whom nobody runs the server.
pub fn due(conn: &mut Conn, now: Month, most: i64) -> Result<Vec<AccountId>> {
    let rows: Vec<i64> = on!(conn, c => over!(now)
        .order(lapses::account_id)
        .limit(most)
        .select(lapses::account_id)
        .load(c))?;
    Ok(rows.into_iter().map(AccountId::new).collect())
}

/// True if `account` is among [`due`].
pub fn is_due(conn: &mut Conn, account: AccountId, now: Month) -> Result<bool> {
    let found: i64 = on!(conn, c => over!(now)
        .filter(lapses::account_id.eq(account.get()))
        .count()
        .get_result(c))?;
    Ok(found > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, arrange, on_both, people};

    const ME: AccountId = AccountId::new(1);

    #[test]
    fn a_month_is_moved_on_by_use_and_never_back() {
        on_both(|conn| {
            people(conn, 2);
            let now = NOW.month();
            assert!(!is_behind(conn, ME, now).unwrap());
            set(conn, ME, Some(Lapse::used_in(3, now))).unwrap();
            assert_eq!(of(conn, ME).unwrap().unwrap().dies, now.plus(4));
            assert!(!is_behind(conn, ME, now).unwrap());
            assert!(is_behind(conn, ME, now.plus(1)).unwrap());
            move_on(conn, ME, now.plus(2)).unwrap();
            move_on(conn, ME, now).unwrap();
            assert_eq!(of(conn, ME).unwrap(), Some(Lapse::used_in(3, now.plus(2))));
            begin_anew(conn, now.plus(9)).unwrap();
            assert_eq!(of(conn, ME).unwrap(), Some(Lapse::used_in(3, now.plus(9))));
            set(conn, ME, Some(Lapse::used_in(6, now))).unwrap();
            set(conn, ME, None).unwrap();
            assert_eq!(of(conn, ME).unwrap(), None);
        });
    }

    #[test]
    fn what_is_held_for_a_demand_and_whoever_runs_the_server_do_not_end() {
        on_both(|conn| {
            people(conn, 4);
            let now = NOW.month();
            for id in 1..=4 {
                set(conn, AccountId::new(id), Some(Lapse::used_in(3, now))).unwrap();
            }
            arrange(
                conn,
                "INSERT INTO holds (id, purpose, account_id, until_day) VALUES (7, 1, 2, NULL);
                 UPDATE accounts SET role = 2 WHERE id = 3;",
            );
            set(conn, AccountId::new(4), Some(Lapse::used_in(6, now))).unwrap();
            assert_eq!(due(conn, now.plus(3), 9).unwrap(), []);
            assert_eq!(due(conn, now.plus(4), 9).unwrap(), [ME]);
            assert!(is_due(conn, ME, now.plus(4)).unwrap());
            assert!(!is_due(conn, AccountId::new(2), now.plus(4)).unwrap());
            assert_eq!(due(conn, now.plus(7), 9).unwrap(), [ME, AccountId::new(4)]);
            arrange(conn, "DELETE FROM holds;");
            assert_eq!(due(conn, now.plus(4), 9).unwrap(), [ME, AccountId::new(2)]);
        });
    }
}
