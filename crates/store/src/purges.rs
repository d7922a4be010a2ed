//! What the store deletes by itself: exactly what inventory.toml declares, and when it declares it.

use bauta_inventory::{Inventory, Purge, Unit};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::conn::Backend;
use crate::{Conn, Result};

/// Deletes every row that its table's `purge` says is over.
///
/// The statements are built from the inventory's names, which were compared with the live tables at start: so the
/// declaration is the rule, and not a copy of it.
pub fn run(conn: &mut Conn, inventory: &Inventory) -> Result<usize> {
    let mut gone = 0;
    for table in &inventory.tables {
        if let Some(purge) = &table.purge {
            let sql = statement(&table.name, purge);
            let bound = first_kept(conn, purge);
            let deleted = match &mut conn.backend {
                Backend::Sqlite(c) => diesel::sql_query(sql).bind::<BigInt, _>(bound).execute(c)?,
                Backend::Postgres(c) => diesel::sql_query(sql.replace('?', "$"))
                    .bind::<BigInt, _>(bound)
                    .execute(c)?,
            };
            if deleted > 0 {
                crate::desk::purged::note(conn, &table.name)?;
            }
            gone += deleted;
        }
    }
    if gone > 0 {
        conn.purge_after_commit();
    }
    Ok(gone)
}

/// A row without a time in its column stays: it has no end.
fn statement(table: &str, purge: &Purge) -> String {
    format!("DELETE FROM {table} WHERE {} < ?1", purge.column)
}

/// The lowest value of the column that is kept. A row stays through the unit in its column and `keep` more; but a slot
/// in a column is the moment at which something ends.
fn first_kept(conn: &Conn, purge: &Purge) -> i64 {
    let keep = i64::from(purge.keep);
    match purge.unit {
        Unit::Month => i64::from(conn.now().month().get()) - keep,
        Unit::Day => i64::from(conn.now().day().get()) - keep,
        Unit::Slot => conn.now().unix_seconds() + 1 - keep * conn.clock().slot().as_secs() as i64,
    }
}
