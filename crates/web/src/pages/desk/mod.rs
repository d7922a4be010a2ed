//! The legal desk: demands from the paper to the end, for officers; and what a user is told, and answers. To everybody
//! else these pages are not there.

mod act;
mod copies;
mod courts;
mod demand;
mod inbox;
mod intake;
mod letters;
mod message;
mod outside;
mod paper;
mod pickup;
mod proof;
mod rest;
mod step;
mod steps;
mod table;
mod unusual;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use bauta_desk::Officer;
use bauta_model::DemandId;
use bauta_service::{App, Refused};

use crate::visitor::Visitor;

/// The routes of these pages.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/desk", get(inbox::inbox))
        .route("/desk/new", get(intake::form).post(intake::send))
        .route("/desk/{id}", get(demand::demand))
        .route("/desk/{id}/papers", get(paper::list).post(paper::add))
        .route("/desk/{id}/papers/{paper}", get(paper::fetch))
        .route("/desk/{id}/table", get(table::look).post(table::lay))
        .route("/desk/{id}/table/do", post(table::change))
        .route("/desk/table/{look}/{page}", get(table::picture))
        .route("/desk/{id}/copies/{copy}", get(copies::look).post(copies::send))
        .route("/desk/{id}/copies/{copy}/{page}", get(copies::picture))
        .route("/desk/{id}/letters", get(letters::list))
        .route(
            "/desk/{id}/letters/{kind}",
            get(letters::read).post(letters::keep),
        )
        .route("/desk/{id}/letters/{kind}/sent", post(letters::sent))
        .route("/desk/{id}/letters/{kind}/drop", post(letters::throw_away))
        .route("/desk/{id}/letters/{kind}/file/{form}", get(letters::file))
        .route("/desk/{id}/do/{step}", get(step::ask).post(step::send))
        .route("/desk/{id}/outside", get(outside::ask).post(outside::send))
        .route("/desk/{id}/receipts", get(proof::list))
        .route("/desk/{id}/receipts/{step}", get(proof::fetch))
        .route("/notices", get(message::list))
        .route("/notices/{id}", get(message::read).post(message::seen))
        .route("/notices/{id}/answer", post(message::answer))
        .route("/notices/{id}/receipt/{which}", get(proof::of_notice))
        .route("/counsel/{token}", get(pickup::ask).post(pickup::take))
}

/// The officer that a visitor is. To everybody else these pages are not there.
async fn officer(app: &App, visitor: &Visitor) -> Result<Officer, Refused> {
    Ok(app.desk.officer(visitor.person()?.account).await?)
}

fn demand_id(text: &str) -> Result<DemandId, Refused> {
    text.parse().map_err(|_| Refused::NotFound)
}
