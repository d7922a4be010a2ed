//! Every value of a sealed column, one after another: a million posts don't stand in memory at once.

use diesel::connection::{DefaultLoadingMode, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary};

use super::Column;
use crate::conn::{Backend, on};
use crate::{Conn, Result};

/// A value as it lies there.
#[derive(QueryableByName)]
pub(super) struct Value {
    #[diesel(sql_type = BigInt)]
    pub(super) id: i64,
    #[diesel(sql_type = Binary)]
    pub(super) bytes: Vec<u8>,
}

/// Rows that PostgreSQL hands over at a time.
const FETCH: &str = "FETCH 2000 FROM sealed_values";

/// Gives each value of `column` to `take`. Within a transaction.
pub(super) fn each(
    conn: &mut Conn,
    column: &Column,
    mut take: impl FnMut(Value) -> Result<()>,
) -> Result<()> {
    let (table, name, row) = (column.table, column.name, column.row);
    let select = format!("SELECT {row} AS id, {name} AS bytes FROM {table} WHERE {name} IS NOT NULL");
    match &mut conn.backend {
        Backend::Sqlite(c) => {
            let values = diesel::sql_query(select).load_iter::<Value, DefaultLoadingMode>(c)?;
            for value in values {
                take(value?)?;
            }
            Ok(())
        }
        Backend::Postgres(c) => {
            c.batch_execute(&format!("DECLARE sealed_values NO SCROLL CURSOR FOR {select}"))?;
            loop {
                let values: Vec<Value> = diesel::sql_query(FETCH).load(c)?;
                if values.is_empty() {
                    return Ok(c.batch_execute("CLOSE sealed_values")?);
                }
                values.into_iter().try_for_each(&mut take)?;
            }
        }
    }
}

/// Up to `most` values of `column` that are not sealed.
pub(super) fn plain(conn: &mut Conn, column: &Column, most: usize) -> Result<Vec<Value>> {
    let (table, name, row) = (column.table, column.name, column.row);
    let first = if conn.is_sqlite() { "?1" } else { "$1" };
    let sql = format!(
        "SELECT {row} AS id, {name} AS bytes FROM {table} WHERE substr({name}, 1, 1) = {first} AND length({name}) > 1 \
         LIMIT {most}"
    );
    Ok(on!(conn, c => diesel::sql_query(sql).bind::<Binary, _>(&[0_u8][..]).load(c))?)
}

/// Puts `after` in the place of `before`, wherever it lies in `column` under the row `id`.
pub(super) fn replace(conn: &mut Conn, column: &Column, id: i64, before: &[u8], after: &[u8]) -> Result<()> {
    let (table, name, by) = (column.table, column.name, column.row);
    let (one, two, three) = if conn.is_sqlite() {
        ("?1", "?2", "?3")
    } else {
        ("$1", "$2", "$3")
    };
    let sql = format!("UPDATE {table} SET {name} = {one} WHERE {by} = {two} AND {name} = {three}");
    on!(conn, c => diesel::sql_query(sql)
        .bind::<Binary, _>(after)
        .bind::<BigInt, _>(id)
        .bind::<Binary, _>(before)
        .execute(c))?;
    Ok(())
}
