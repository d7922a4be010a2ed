//! Statements that are prepared once, although diesel would prepare them anew each time.
//!
//! Diesel keeps no UPDATE and no query that is text, since it can't know how many different ones there will be. Those
//! that are wrapped here are a handful, and are found again by their text.

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::{QueryResult, RunQueryDsl};

/// A statement of which there are few different texts.
pub(crate) struct Cached<Q>(pub Q);

impl<Q: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for Cached<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q> QueryId for Cached<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Cached<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, C> RunQueryDsl<C> for Cached<Q> {}

#[cfg(test)]
mod tests {
    use crate::ids;
    use crate::testing::on_sqlite;

    /// `.cargo/config.toml` says how SQLite is compiled. Without the guarantee of stable plans it prepares a statement
    /// again whenever its limit is bound, which is what most of a read then costs.
    #[test]
    fn sqlite_does_not_prepare_a_cached_statement_again() {
        on_sqlite(|conn| {
            for option in ["ENABLE_QPSG", "THREADSAFE=2"] {
                let used = ids::select(
                    conn,
                    "SELECT sqlite_compileoption_used(?1) AS id",
                    &[],
                    Some(option),
                );
                assert_eq!(used.unwrap(), [1], "{option}");
            }
        });
    }
}
