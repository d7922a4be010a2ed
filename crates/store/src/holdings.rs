//! How many rows are held about an account, table by table, as inventory.toml ties rows to people.
//!
//! The statements are built from the inventory, so that no table can be forgotten; the server has compared its names with
//! the live tables when it started. An account that is not there takes the same statements.

use bauta_inventory::{Counts, Inventory, Subject, Table};
use bauta_model::AccountId;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::conn::on;
use crate::{Conn, Result};

#[derive(QueryableByName)]
struct Rows {
    #[diesel(sql_type = BigInt)]
    rows_held: i64,
}

/// Counts every table that holds something about `account`.
pub fn count(conn: &mut Conn, inventory: &Inventory, account: AccountId) -> Result<Counts> {
    let mut counts = Counts::new();
    for (key, table, subject) in inventory.counted() {
        let sql = count_sql(inventory, table, subject, conn.is_sqlite());
        let row: Rows =
            on!(conn, c => diesel::sql_query(sql).bind::<BigInt, _>(account.get()).get_result(c))?;
        counts.insert(key, row.rows_held as u64);
    }
    Ok(counts)
}

/// How many rows each declared table has, whomever they are about.
pub fn rows(conn: &mut Conn, inventory: &Inventory) -> Result<Counts> {
    let mut counts = Counts::new();
    for table in &inventory.tables {
        let sql = format!("SELECT count(*) AS rows_held FROM {}", table.name);
        let row: Rows = on!(conn, c => diesel::sql_query(sql).get_result(c))?;
        counts.insert(table.name.clone(), row.rows_held as u64);
    }
    Ok(counts)
}

fn count_sql(inventory: &Inventory, table: &Table, subject: &Subject, sqlite: bool) -> String {
    let parameter = if sqlite { "?1" } else { "$1" };
    format!(
        "SELECT count(*) AS rows_held FROM {} WHERE {}",
        table.name,
        belongs(inventory, subject, parameter)
    )
}

/// `column = ?1`, or the rows of another table that belong to the account.
pub(crate) fn belongs(inventory: &Inventory, subject: &Subject, parameter: &str) -> String {
    let column = &subject.column;
    let through = subject.through.as_deref().and_then(|name| inventory.table(name));
    match through.and_then(|table| table.subject.first().map(|inner| (table, inner))) {
        None => format!("{column} = {parameter}"),
        Some((table, inner)) => {
            let inner = belongs(inventory, inner, parameter);
            format!("{column} IN (SELECT id FROM {} WHERE {inner})", table.name)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_through_their_posts() {
        let inventory = Inventory::builtin();
        let table = inventory.table("post_edits").unwrap();
        assert_eq!(
            count_sql(inventory, table, &table.subject[0], true),
            "SELECT count(*) AS rows_held FROM post_edits WHERE post_id IN (SELECT id FROM posts WHERE author_id = ?1)"
        );
    }
}
