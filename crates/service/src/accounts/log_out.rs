//! Logging out: here, or everywhere.

use std::sync::Arc;

use crate::accounts::sessions;
use crate::{App, Refused, Speaker};

/// Ends the session that speaks.
pub async fn log_out(app: &App, speaker: &Speaker) -> Result<(), Refused> {
    match sessions::revoke(app, speaker, speaker.session).await {
        // Somebody was faster: it has ended all the same.
        Ok(()) | Err(Refused::NotFound) => Ok(()),
        Err(refused) => Err(refused),
    }
}

/// Ends every session and every app's access, but the session that speaks if it is to be kept.
pub async fn log_out_everywhere(app: &App, speaker: &Speaker, keep_this: bool) -> Result<(), Refused> {
    let owner = speaker.owner();
    let keep = keep_this.then_some(speaker.session);
    let (cache, codes) = (Arc::clone(&app.sessions), Arc::clone(&app.codes));
    app.store
        .write_then(
            "log_out_everywhere",
            move |conn| bauta_store::sessions::delete_all(conn, owner, keep),
            move |()| {
                cache.forget_owner(owner);
                codes.forget_owner(owner);
            },
        )
        .await?;
    Ok(())
}
