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

const STATUS: &str = "SELECT CASE WHEN $1::text::xid8 < pg_snapshot_xmax(pg_current_snapshot()) \
     THEN pg_xact_status($1::text::xid8) END AS word";

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

/// Whether a transaction of that number is on the disk. Its session must have ended. A number that the server does not
/// know was lost with it in a crash: it would refuse to say anything of it.
pub(crate) fn committed(conn: &mut Conn, number: &str) -> Result<bool> {
    let Backend::Postgres(c) = &mut conn.backend else {
        return Ok(false);
    };
    let row: Word = diesel::sql_query(STATUS).bind::<Text, _>(number).get_result(c)?;
    Ok(row.word.as_deref() == Some("committed"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::on_both;

    #[test]
    fn only_what_was_committed_is() {
        on_both(|conn| {
            for (end, expected) in [("COMMIT", true), ("ROLLBACK", false)] {
                begin(conn).unwrap();
                let number = number(conn).unwrap();
                conn.batch(end).unwrap();
                if let Some(number) = number {
                    assert_eq!(committed(conn, &number).unwrap(), expected, "{end}");
                    let lost = number.parse::<u64>().unwrap() + 1_000_000;
                    assert!(!committed(conn, &lost.to_string()).unwrap());
                }
            }
        });
    }
}
