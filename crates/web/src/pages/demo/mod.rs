//! Pages that only `bauta demo` has: the tour, links that sign a visitor in as one of the cast, the paper beside two
//! answers, a check of a copy with one bit flipped, and what is held about a visit. No other command joins these routes.

mod check;
mod paper;
mod visit;

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router, middleware};
use bauta_legal::NOT_ADVICE;
use bauta_model::{DemandId, Secret};
use bauta_service::accounts::{self, log_in};
use bauta_service::{App, Refused};

pub use check::{Checked, Flip, Flipped};

use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::limiter;
use crate::visitor::{Visitor, set_cookie};
use crate::words_demo::{EN, Words};

/// One of the cast, as whom a visitor can look around.
pub struct Role {
    /// Whose account it is.
    pub handle: String,
    /// How they sign in.
    pub passphrase: Secret<String>,
    /// The page that they see first.
    pub leads_to: String,
}

/// A place with what is there.
pub struct Stop {
    /// Where.
    pub path: String,
    /// What it is called.
    pub name: String,
    /// What is to be seen.
    pub what: String,
}

/// Makes a copy of the record, flips what is wanted, and checks it. Waits for the disk.
pub type Check = dyn Fn(Flip) -> Result<Checked, String> + Send + Sync;

/// What the pages of the demo need to know of the story.
pub struct Demo {
    /// At most seven.
    pub stops: Vec<Stop>,
    /// By `speaker`, `officer`, `counsel`.
    pub roles: BTreeMap<&'static str, Role>,
    /// The dates of the story, each with where it leads.
    pub dates: Vec<Stop>,
    /// The demand of the story, as JSON.
    pub summons: String,
    /// The demand that was made of it.
    pub demand: DemandId,
    /// Checks a copy.
    pub check: Box<Check>,
    /// Commands that do the same by hand.
    pub by_hand: Vec<String>,
    /// Where the account finds its receipt for the demand.
    pub receipt: String,
    /// How many rows each table had when the demo began to serve.
    pub rows: BTreeMap<String, u64>,
}

type Known = Extension<Arc<Demo>>;

/// The demo's own pages.
pub fn demo(app: Arc<App>, demo: Demo) -> Router {
    Router::new()
        .route("/demo", get(tour))
        .route("/demo/as/{role}", get(become_one))
        .route("/demo/paper", get(paper::show).post(paper::receive))
        .route("/demo/received/{id}", get(paper::answer))
        .route("/demo/check", get(check::ask).post(check::run))
        .route("/demo/visit", get(visit::visit))
        .layer(Extension(Arc::new(demo)))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            crate::headers::protect,
        ))
        .with_state(app)
}

#[derive(Template)]
#[template(path = "demo/tour.html")]
struct Tour<'a> {
    frame: Frame,
    say: &'static Words,
    not_advice: &'static str,
    stops: &'a [Stop],
}

/// `GET /demo`
async fn tour(State(app): State<Arc<App>>, Extension(demo): Known, visitor: Visitor) -> Response {
    let tour = Tour {
        frame: Frame::new(&app, &visitor, EN.tour, Here::Elsewhere),
        say: &EN,
        not_advice: NOT_ADVICE,
        stops: &demo.stops,
    };
    page(StatusCode::OK, &tour)
}

/// `GET /demo/as/ROLE`
async fn become_one(
    State(app): State<Arc<App>>,
    Extension(demo): Known,
    visitor: Visitor,
    Path(role): Path<String>,
) -> Response {
    error::answer(&app, &visitor, sign_in(&app, &demo, &visitor, &role).await)
}

/// Signs in as anybody does, with a passphrase; whoever the visitor was before is signed out.
async fn sign_in(app: &App, demo: &Demo, visitor: &Visitor, role: &str) -> Result<Response, Refused> {
    let role = demo.roles.get(role).ok_or(Refused::NotFound)?;
    let request = log_in::Request {
        handle: role.handle.clone(),
        passphrase: Secret::new(role.passphrase.expose().clone()),
        limiter: limiter(visitor),
        door: visitor.door,
    };
    let signed_in = log_in(app, request).await?;
    if let Some(speaker) = &visitor.speaker {
        accounts::log_out(app, speaker).await?;
    }
    let cookie = set_cookie(app, signed_in.token.expose(), false);
    Ok(([(SET_COOKIE, cookie)], Redirect::to(&role.leads_to)).into_response())
}
