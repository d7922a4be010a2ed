//! For tests of the rooms above: makes and looks at what no verb of theirs makes or shows. Not in the program.

use bauta_model::AccountId;
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::notifications;
use crate::{Conn, Result};

/// Runs statements.
pub fn run(conn: &mut Conn, statements: &str) -> Result<()> {
    conn.batch(statements)
}

/// What an account was told, oldest first: the kind with who did it.
pub fn told(conn: &mut Conn, account: AccountId) -> Result<Vec<(i16, AccountId)>> {
    let rows: Vec<(i16, i64)> = on!(conn, c => notifications::table
        .filter(notifications::account_id.eq(account.get()))
        .order(notifications::id.asc())
        .select((notifications::kind, notifications::from_id))
        .load(c))?;
    Ok(rows
        .into_iter()
        .map(|(kind, from)| (kind, AccountId::new(from)))
        .collect())
}
