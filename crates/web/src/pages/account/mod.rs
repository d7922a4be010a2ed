//! The pages by which a person comes, goes, and decides about their account.

mod authorise;
pub mod form;
mod group;
pub use form::{Problems, limiter, local_path};
mod join;
mod recover;
mod settings;
mod sign_in;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use bauta_service::App;

/// Routes of these pages.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/sign-in", get(sign_in::ask).post(sign_in::send))
        .route("/sign-out", post(sign_in::out))
        .route("/sign-out/everywhere", post(sign_in::out_everywhere))
        .route("/join", get(join::ask).post(join::send))
        .route("/join/{code}", get(join::ask_with_invite))
        .route("/join/first/{token}", get(join::ask_with_link))
        .route("/recover", get(recover::ask).post(recover::send))
        .route("/oauth/authorize", get(authorise::ask).post(authorise::send))
        .merge(settings::routes())
        .merge(group::routes())
}
