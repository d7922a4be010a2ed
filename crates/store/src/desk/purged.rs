//! Which tables had rows destroyed by rule. Only that makes an answer "expired".

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::conn::on;
use crate::schema::purge_log;
use crate::{Conn, Result};

/// Notes that rows of `table` were destroyed this month. On PostgreSQL, where copies of deleted rows stay behind, nothing
/// is destroyed and nothing is noted.
pub(crate) fn note(conn: &mut Conn, table: &str) -> Result<()> {
    if !conn.is_sqlite() {
        return Ok(());
    }
    let month = conn.now().month().get();
    on!(conn, c => diesel::insert_into(purge_log::table)
        .values((purge_log::source_table.eq(table), purge_log::month.eq(month)))
        .on_conflict(purge_log::source_table)
        .do_update()
        .set(purge_log::month.eq(month))
        .execute(c))?;
    Ok(())
}

/// The tables of which rows were destroyed.
pub fn tables(conn: &mut Conn) -> Result<BTreeSet<String>> {
    let rows: Vec<String> = on!(conn, c => purge_log::table.select(purge_log::source_table).load(c))?;
    Ok(rows.into_iter().collect())
}
