//! Sweeping up what has expired in memory and what nobody uses; the rows whose time is over are the purge's.

use crate::{App, Refused};

/// Forgets in memory what has expired.
pub(crate) fn sweep(app: &App) {
    app.gates.sweep();
    app.codes.sweep();
}

/// Deletes apps that nobody uses: registered before last month, and without a session.
pub(crate) async fn sweep_apps(app: &App) -> Result<(), Refused> {
    app.store
        .write("sweep_apps", |conn| {
            let now = conn.now().month();
            bauta_store::apps::delete_unused(conn, now.plus(-1))
        })
        .await?;
    Ok(())
}
