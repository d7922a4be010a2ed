//! What tables and columns the live database has, for the comparison with inventory.toml (law 1).

use diesel::prelude::*;
use diesel::sql_types::Text;

use bauta_inventory::{Inventory, LiveColumn};

use crate::conn::on;
use crate::{Conn, Error, Result};

/// SQLite: shadow tables and generated columns included.
pub(crate) const SQLITE_COLUMNS: &str = "SELECT t.name AS table_name, c.name AS column_name \
     FROM pragma_table_list AS t JOIN pragma_table_xinfo(t.name) AS c \
     WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY t.name, c.cid";

/// PostgreSQL: every table that is not the system's own.
pub(crate) const POSTGRES_COLUMNS: &str = "SELECT CAST(table_name AS TEXT) AS table_name, CAST(column_name AS TEXT) AS column_name \
     FROM information_schema.columns \
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY table_name, ordinal_position";

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
}

/// Lists every column of every table.
pub(crate) fn columns(conn: &mut Conn) -> Result<Vec<LiveColumn>> {
    let sql = if conn.is_sqlite() {
        SQLITE_COLUMNS
    } else {
        POSTGRES_COLUMNS
    };
    let rows: Vec<ColumnRow> = on!(conn, c => diesel::sql_query(sql).load(c))?;
    Ok(rows
        .into_iter()
        .map(|row| LiveColumn {
            table: row.table_name,
            column: row.column_name,
        })
        .collect())
}

/// Compares the live tables with the inventory, both ways.
///
/// # Errors
/// [`Error::Undeclared`] names every column that is on one side only.
pub(crate) fn check(conn: &mut Conn, inventory: &Inventory) -> Result<()> {
    let live = columns(conn)?;
    bauta_inventory::compare(inventory, &live).map_err(|differences| {
        let lines: Vec<String> = differences.iter().map(ToString::to_string).collect();
        Error::Undeclared(lines.join("; "))
    })
}
