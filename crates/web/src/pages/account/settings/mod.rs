//! What a person decides about their account: a list of pages, one decision each.

mod access;
mod decisions;
mod delete;
mod exchange;
mod expiry;
mod held;
mod index;
mod invites;
mod moving;
mod onion;
mod preferences;
mod profile;
mod push;
mod sessions;
mod unused;

pub(super) use access::Confirmed;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use bauta_service::App;

/// Routes of the settings.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/settings", get(index::list))
        .route("/settings/profile", get(profile::ask).post(profile::send))
        .route(
            "/settings/export",
            get(exchange::ask_export).post(exchange::export),
        )
        .route(
            "/settings/import",
            get(exchange::ask_import).post(exchange::import),
        )
        .route("/settings/expiry", get(expiry::ask).post(expiry::send))
        .route("/settings/held", get(held::table))
        .route("/settings/move", get(moving::ask).post(moving::send))
        .route(
            "/settings/decisions",
            get(decisions::list).post(decisions::object),
        )
        .route("/settings/delete", get(delete::ask).post(delete::send))
        .route("/settings/onion", get(onion::ask).post(onion::send))
        .route("/settings/unused", get(unused::ask).post(unused::send))
        .route(
            "/settings/preferences",
            get(preferences::ask).post(preferences::send),
        )
        .route(
            "/settings/passphrase",
            get(access::passphrase).post(access::change_passphrase),
        )
        .route("/settings/codes", get(access::codes).post(access::renew_codes))
        .route("/settings/sessions", get(sessions::list).post(sessions::end))
        .route("/settings/push", get(push::ask).post(push::send))
        .route("/settings/invites", get(invites::ask).post(invites::send))
}
