//! Accounts that are used over the onion service alone. There is no way back, so nothing here takes one off the list.

use bauta_model::AccountId;
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::onion_accounts;
use crate::{Conn, Result};

/// Keeps `account` to the onion service.
pub fn insert(conn: &mut Conn, account: AccountId) -> Result<()> {
    on!(conn, c => diesel::insert_into(onion_accounts::table)
        .values(onion_accounts::account_id.eq(account.get()))
        .on_conflict(onion_accounts::account_id)
        .do_nothing()
        .execute(c))?;
    Ok(())
}

/// All of them.
pub fn all(conn: &mut Conn) -> Result<Vec<AccountId>> {
    let ids: Vec<i64> = on!(conn, c => onion_accounts::table
        .select(onion_accounts::account_id)
        .load(c))?;
    Ok(ids.into_iter().map(AccountId::new).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{arrange, on_both, people};

    #[test]
    fn who_is_kept_to_the_onion_stays_so_until_the_account_is_gone() {
        on_both(|conn| {
            people(conn, 2);
            assert_eq!(all(conn).unwrap(), []);
            for _ in 0..2 {
                insert(conn, AccountId::new(2)).unwrap();
            }
            assert_eq!(all(conn).unwrap(), [AccountId::new(2)]);
            arrange(conn, "DELETE FROM accounts WHERE id = 2;");
            assert_eq!(all(conn).unwrap(), []);
        });
    }
}
