//! Sweeping up what has expired, so that nothing is held longer than was said.

use crate::{App, Refused};

/// Months that the record of a deletion is kept: no backup older than that may be restored.
const DELETIONS_KEPT: i32 = 12;

/// Deletes sessions, invites and apps that are of no use any more.
pub(crate) async fn sweep(app: &App) -> Result<(), Refused> {
    app.gates.sweep();
    app.codes.sweep();
    app.store
        .write("sweep", |conn| {
            let now = conn.now().month();
            bauta_store::sessions::delete_expired(conn, now)?;
            bauta_store::invites::delete_expired(conn, now)?;
            bauta_store::apps::delete_unused(conn, now.plus(-1))?;
            bauta_store::deletions::forget_before(conn, now.plus(-DELETIONS_KEPT))
        })
        .await?;
    Ok(())
}
