//! Pages about what a person keeps: lists, hashtags, conversations, notes about others, servers left out.

mod conversations;
mod filters;
mod keep;
mod lists;
mod servers;
mod tags;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use bauta_service::App;

/// The routes of these pages.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/filters", get(filters::all))
        .route("/filters/new", get(filters::begin).post(filters::create))
        .route("/filters/{id}", get(filters::show).post(filters::change))
        .route("/filters/{id}/delete", post(filters::delete))
        .route("/lists", get(lists::all).post(lists::create))
        .route("/lists/{id}", get(lists::timeline))
        .route("/lists/{id}/edit", get(lists::edit).post(lists::change))
        .route("/lists/{id}/remove", post(lists::take_out))
        .route("/lists/{id}/delete", get(lists::question).post(lists::delete))
        .route("/@{handle}/keep", get(keep::ask).post(keep::send))
        .route("/@{handle}/tagged/{tag}", get(tags::tagged))
        .route("/tags/{tag}/follow", post(tags::follow))
        .route("/followed-tags", get(tags::followed))
        .route("/settings/featured", get(tags::featured).post(tags::feature))
        .route("/settings/servers", get(servers::list).post(servers::change))
        .route("/conversations", get(conversations::list))
        .route("/conversations/{id}/read", post(conversations::read))
        .route("/conversations/{id}/remove", post(conversations::remove))
}
