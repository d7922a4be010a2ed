//! Queries that are text: each a constant that both databases run, with numbers for parameters, giving ids.
//!
//! Parameters are written `?1`, turned into `$1` for PostgreSQL, because SQLite takes `$2` for a name and numbers it by
//! first appearance. A query uses every parameter that it is given.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::cached::Cached;
use crate::conn::Backend;
use crate::{Conn, Result};

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Runs a query that selects one number under the name `id`. `word` is the parameter after the numbers.
pub(crate) fn select(conn: &mut Conn, sql: &str, numbers: &[i64], word: Option<&str>) -> Result<Vec<i64>> {
    select_words(conn, sql, numbers, word.as_slice())
}

/// As [`select`], with any number of words after the numbers.
pub(crate) fn select_words(conn: &mut Conn, sql: &str, numbers: &[i64], words: &[&str]) -> Result<Vec<i64>> {
    let rows: Vec<IdRow> = match &mut conn.backend {
        Backend::Sqlite(c) => {
            let mut query = diesel::sql_query(sql).into_boxed();
            for number in numbers {
                query = query.bind::<BigInt, _>(*number);
            }
            for word in words {
                query = query.bind::<Text, _>(*word);
            }
            Cached(query).load(c)?
        }
        Backend::Postgres(c) => {
            let mut query = diesel::sql_query(sql.replace('?', "$")).into_boxed();
            for number in numbers {
                query = query.bind::<BigInt, _>(*number);
            }
            for word in words {
                query = query.bind::<Text, _>(*word);
            }
            Cached(query).load(c)?
        }
    };
    Ok(rows.into_iter().map(|row| row.id).collect())
}
