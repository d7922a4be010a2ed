//! Rows of backups that were made before several people could be behind one account: whoever could sign in then is the
//! one keyholder of their account.

use bauta_model::{AccountId, Duties, KeyholderId, NoticeId};
use serde_json::{Map, Value};

use crate::keyholders::{self, Keyholder};
use crate::{Conn, Error, Result};

/// The row of `table` as it is written today.
pub(crate) fn brought_up(conn: &mut Conn, table: &str, line: &str) -> Result<Option<String>> {
    if !["credentials", "recovery_codes", "sessions"].contains(&table) {
        return Ok(None);
    }
    let mut row: Map<String, Value> =
        serde_json::from_str(line).map_err(|_| Error::Unknown("a row of a backup"))?;
    if row.contains_key("keyholder_id") {
        return Ok(None);
    }
    let Some(account) = row.get("account_id").and_then(Value::as_i64).map(AccountId::new) else {
        return Ok(None);
    };
    let by_operator = row.get("kind").and_then(Value::as_i64) == Some(2);
    if table == "sessions" && by_operator {
        return Ok(None);
    }
    let keyholder = if table == "credentials" {
        Some(only(conn, account)?)
    } else {
        let people = keyholders::of_account(conn, account)?;
        people.first().map(|one| one.id)
    };
    let Some(keyholder) = keyholder else {
        return Ok(None);
    };
    row.insert("keyholder_id".to_owned(), keyholder.get().into());
    Ok(Some(Value::Object(row).to_string()))
}

fn only(conn: &mut Conn, account: AccountId) -> Result<KeyholderId> {
    let only = Keyholder {
        id: KeyholderId::random(),
        account,
        label: String::new(),
        duties: Duties::ALL,
    };
    keyholders::insert(conn, &only)?;
    Ok(only.id)
}

/// After a row of `table` was written: a notice that was not seen waits for whoever is behind its account.
pub(crate) fn after(conn: &mut Conn, table: &str, line: &str) -> Result<()> {
    if table != "desk_notices" {
        return Ok(());
    }
    let row: Map<String, Value> =
        serde_json::from_str(line).map_err(|_| Error::Unknown("a row of a backup"))?;
    // SQLite writes 0, PostgreSQL false.
    let unseen = matches!(row.get("seen"), Some(seen) if *seen == 0 || *seen == false);
    let number = |name: &str| row.get(name).and_then(Value::as_i64);
    let (Some(id), Some(account)) = (number("id"), number("account_id")) else {
        return Ok(());
    };
    if unseen {
        for one in keyholders::of_account(conn, AccountId::new(account))? {
            crate::desk::notices::waits(conn, NoticeId::new(id), one.id)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{account, on_both};
    use crate::{backup, credentials, sessions};

    #[test]
    fn whoever_could_sign_in_is_the_one_keyholder_of_their_account() {
        on_both(|conn| {
            crate::accounts::insert(conn, &account(1)).unwrap();
            let tables = backup::tables(conn).unwrap();
            let mut bring = |name: &str, row: &str| {
                let table = tables.iter().find(|table| table.name == name).unwrap();
                backup::import(conn, table, row).unwrap();
            };
            bring(
                "credentials",
                r#"{"account_id":1,"passphrase_hash":"$argon2id$x"}"#,
            );
            bring("recovery_codes", r#"{"code_hash":"\\x01","account_id":1}"#);
            bring(
                "sessions",
                r#"{"token_hash":"\\x02","id":5,"account_id":1,"app_id":null,"kind":0,"scopes":"read","expires_month":null}"#,
            );
            bring(
                "sessions",
                r#"{"token_hash":"\\x03","id":6,"account_id":1,"app_id":null,"kind":2,"scopes":"read","expires_month":null}"#,
            );
            let people = keyholders::of_account(conn, AccountId::new(1)).unwrap();
            assert_eq!((people.len(), people[0].duties), (1, Duties::ALL));
            let only = people[0].id;
            let ways = credentials::of_account(conn, AccountId::new(1)).unwrap();
            assert_eq!(ways, [(only, "$argon2id$x".to_owned())]);
            assert_eq!(credentials::recovery_codes_left(conn, only).unwrap(), 1);
            let owner = |keyholder| sessions::Owner {
                account: AccountId::new(1),
                keyholder,
            };
            let month = bauta_model::Month::new(600);
            assert_eq!(
                sessions::of_owner(conn, owner(Some(only)), month).unwrap().len(),
                2
            );
            assert_eq!(sessions::of_owner(conn, owner(None), month).unwrap().len(), 1);
        });
    }
}
