//! An app gives a token back (RFC 7009).

use std::sync::Arc;

use bauta_credentials::token::TokenHash;
use bauta_model::Secret;

use super::register::proven;
use super::token::Denied;
use crate::App;

/// Ends the session of `token`, if the app got it. A token that is not there any more is no error.
///
/// # Errors
/// [`Denied::Client`] for an unknown app or a wrong secret.
pub async fn revoke(
    app: &App,
    client_id: &str,
    client_secret: &Secret<String>,
    token: &Secret<String>,
) -> Result<(), Denied> {
    let registered = proven(app, client_id, client_secret.expose())
        .await?
        .ok_or(Denied::Client)?;
    let Some(hash) = TokenHash::of(token.expose()) else {
        return Ok(());
    };
    let cache = Arc::clone(&app.sessions);
    app.store
        .write_then(
            "revoke_token",
            move |conn| bauta_store::sessions::delete_by_token(conn, hash.as_bytes(), registered.id),
            move |gone| {
                if *gone {
                    cache.forget_token(&hash);
                }
            },
        )
        .await?;
    Ok(())
}
