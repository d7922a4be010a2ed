//! What the inventory says about a person, row by row: the same tables and columns that it declares as theirs to see, and no
//! other. Credentials, and what only moderators or officers see, are left out.

use bauta_inventory::{Column, Inventory, Who};
use bauta_model::AccountId;
use bauta_store::Conn;
use bauta_store::desk::held;
use serde_json::{Map, Value};

/// A column whose values its owner may have.
pub(super) fn is_theirs(column: &Column) -> bool {
    let seen = [Who::Public, Who::Followers, Who::Owner];
    !column.credential && column.who.iter().any(|who| seen.contains(who))
}

/// The rows of every table that are about `account`, by table.
pub(super) fn rows(
    conn: &mut Conn,
    inventory: &Inventory,
    account: AccountId,
) -> bauta_store::Result<Map<String, Value>> {
    let mut all = Map::new();
    for table in &inventory.tables {
        let columns: Vec<&str> = table
            .columns
            .iter()
            .filter(|column| is_theirs(column))
            .map(|column| column.name.as_str())
            .collect();
        let found = held::rows(conn, inventory, table, &columns, account)?;
        if !found.is_empty() {
            let rows = found.into_iter().map(|row| Value::Object(row.values));
            all.insert(table.name.clone(), rows.collect());
        }
    }
    Ok(all)
}
