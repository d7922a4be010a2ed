//! Pages, feeds, embeds and short links. A format in, a service call, a format out: every function of the server without
//! a line of script.

mod ask;
mod assets;
mod csrf;
mod emoji;
mod error;
mod feeds;
mod frame;
mod headers;
mod log_files;
mod media;
mod pages;
mod polls;
mod posts;
mod quotes;
mod upload;
mod visitor;
#[macro_use]
mod words;
mod words_account;
mod words_care;
mod words_circles;
mod words_courts;
mod words_demo;
mod words_desk;
mod words_emoji;
mod words_exchange;
mod words_explore;
mod words_group;
mod words_legal;
mod words_papers;
mod words_record;
mod words_servers;
mod words_speaking;
mod words_told;
mod words_unusual;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use bauta_service::App;

pub use log_files::log_files;
pub use pages::demo;
pub use pages::source_place;
pub use pages::{RecordFolder, static_record};
pub use words::EN;

/// Tells whether a proxy or a content network in front of this server gave itself away. The program puts it on the router
/// as an extension, since only the edge sees what it is known by; `/privacy` says what it tells.
#[derive(Clone, Copy)]
pub struct ProxySeen(pub fn() -> bool);

/// Where the stylesheet of every page lies.
pub fn style_path() -> &'static str {
    &assets::STYLE_PATH
}

/// Every page of the server.
pub fn router(app: Arc<App>) -> Router {
    let routes = pages::routes()
        .merge(assets::routes())
        .fallback(error::nothing_here);
    routes
        .layer(middleware::from_fn_with_state(Arc::clone(&app), headers::protect))
        .with_state(app)
}
