//! The Mastodon client API and OAuth: a format in, a verb of service, a format out.
//!
//! Handlers translate only. One file an endpoint group; every one uses the same extractors ([`Auth`], [`Params`]) and
//! the same list of errors ([`ApiError`]).

pub mod absent;
mod accounts;
mod admin;
mod announcements;
mod apps;
mod auth;
mod conversations;
mod credentials;
mod cross_origin;
mod discovery;
pub mod domains;
mod entities;
mod error;
mod films;
mod filters;
mod grouped;
mod instance;
mod keepsakes;
mod lists;
mod markers;
mod media;
mod notification_policy;
mod notifications;
mod oauth;
mod pages;
mod params;
mod polls;
mod preferences;
mod quotes;
mod relations;
mod reports;
mod scheduled;
mod search;
mod status_actions;
mod statuses;
mod streaming;
mod tags;
mod timelines;
mod uploads;

use std::sync::Arc;

use axum::Router;
use axum::routing::any;
use bauta_service::App;

pub(crate) use axum::extract::State;

pub(crate) use auth::{Auth, Visit};
pub(crate) use error::ApiError;
pub(crate) use params::{Params, Upload};

/// What every handler gets.
pub(crate) type Shared = Arc<App>;
/// What a handler answers.
pub(crate) type Answer<T = axum::response::Response> = Result<T, ApiError>;

/// Everything under `/api`, `/oauth` (but the authorise page, which is a page) and `/media`.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .merge(absent::routes())
        .merge(accounts::routes())
        .merge(admin::routes())
        .merge(announcements::routes())
        .merge(discovery::routes())
        .merge(domains::routes())
        .merge(apps::routes())
        .merge(conversations::routes())
        .merge(credentials::routes())
        .merge(filters::routes())
        .merge(grouped::routes())
        .merge(instance::routes())
        .merge(keepsakes::routes())
        .merge(lists::routes())
        .merge(markers::routes())
        .merge(media::routes())
        .merge(notification_policy::routes())
        .merge(notifications::routes())
        .merge(oauth::routes())
        .merge(polls::routes())
        .merge(quotes::routes())
        .merge(preferences::routes())
        .merge(relations::routes())
        .merge(reports::routes())
        .merge(scheduled::routes())
        .merge(search::routes())
        .merge(status_actions::routes())
        .merge(statuses::routes())
        .merge(streaming::routes())
        .merge(tags::routes())
        .merge(timelines::routes())
        .merge(uploads::routes())
        .route("/api/{*rest}", any(|| async { ApiError::NoSuchPath }))
        .method_not_allowed_fallback(|| async { ApiError::NoSuchMethod })
        .layer(axum::middleware::from_fn_with_state(
            Arc::clone(&app),
            params::token_in_body,
        ))
        .layer(axum::middleware::from_fn(cross_origin::headers))
        .with_state(app)
}
