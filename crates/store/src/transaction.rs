//! The writer's transactions: begun, numbered, and found again after a connection broke.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use crate::conn::Backend;
use crate::{Conn, Result};

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Nullable<Text>)]
    word: Option<String>,
}

/// Begins a transaction that writes.
pub(crate) fn begin(conn: &mut Conn) -> Result<()> {
    conn.batch(if conn.is_sqlite() {
        "BEGIN IMMEDIATE"
    } else {
        "BEGIN"
    })
}

/// The number by which the open transaction can be found again. SQLite needs none: its answer can't be lost.
pub(crate) fn number(conn: &mut Conn) -> Result<Option<String>> {
    let Backend::Postgres(c) = &mut conn.backend else {
        return Ok(None);
    };
    let row: Word = diesel::sql_query("SELECT pg_current_xact_id()::text AS word").get_result(c)?;
    Ok(row.word)
}

/// Whether a transaction of that number is on the disk. Its session must have ended.
pub(crate) fn committed(conn: &mut Conn, number: &str) -> Result<bool> {
    let Backend::Postgres(c) = &mut conn.backend else {
        return Ok(false);
    };
    let row: Word = diesel::sql_query("SELECT pg_xact_status($1::text::xid8) AS word")
        .bind::<Text, _>(number)
        .get_result(c)?;
    Ok(row.word.as_deref() == Some("committed"))
}
