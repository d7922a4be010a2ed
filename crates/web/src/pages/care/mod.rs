//! Pages about how people stand to each other, what they are told, and what moderators decide.

mod announcements;
pub mod illegal;
mod lists;
mod many;
mod moderation;
mod notifications;
pub mod relation;
mod report;
mod requests;
mod told;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use bauta_service::{App, Listed, Refused, Window};

use crate::ask::Ask;

pub use relation::Relation;
use relation::Tie;

/// The routes of these pages.
pub fn routes() -> Router<Arc<App>> {
    let mut routes = Router::new()
        .route("/requests", get(requests::list).post(requests::answer))
        .route("/notifications", get(notifications::list))
        .route("/settings/notifications", get(told::ask).post(told::send))
        .route("/notifications/aside", get(told::aside).post(told::settle))
        .route("/announcements", get(announcements::list))
        .route("/announcements/{id}", post(announcements::react))
        .route("/announcements/{id}/dismiss", post(announcements::dismiss))
        .route("/moderation/announcements", post(announcements::publish))
        .route(
            "/moderation/announcements/{id}/remove",
            post(announcements::remove),
        )
        .route("/notifications/clear", post(notifications::clear))
        .route("/notifications/{id}/dismiss", post(notifications::dismiss))
        .route("/blocks", get(lists::blocks))
        .route("/blocks/many", get(many::ask).post(many::send))
        .route("/mutes", get(lists::mutes))
        .route("/tell-moderators", get(report::form).post(report::send))
        .route("/report-illegal", get(illegal::form).post(illegal::send))
        .route(
            "/report-illegal/outcome",
            get(illegal::ask_outcome).post(illegal::outcome),
        )
        .merge(moderation::routes());
    for tie in Tie::ALL {
        let path = format!("/@{{handle}}/{}", tie.path());
        let question = move |state, visitor, path| relation::question(state, visitor, path, tie);
        let tied = move |state, path, ask, form| relation::tie(state, path, ask, form, tie);
        routes = routes.route(&path, get(question).post(tied));
    }
    routes
}

/// Lines on a page of people, notifications or reports.
const PAGE_LINES: usize = 40;

/// The part of a list that is asked for.
pub fn window<Id: std::str::FromStr>(ask: &Ask) -> Result<Window<Id>, Refused> {
    Ok(Window {
        below: ask.parsed("max_id", crate::EN.wrong_page)?,
        since: None,
        right_above: None,
        limit: PAGE_LINES,
    })
}

/// Where the list goes on, if it does.
pub fn older<T, Id: Copy>(listed: &Listed<T, Id>) -> Option<Id> {
    listed.lowest.filter(|_| listed.more)
}
