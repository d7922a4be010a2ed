//! Promises and receipts of the public log, as files: for the officer to hand on, and for the user with their notice.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bauta_desk::{About, Entered, Proof};
use bauta_model::{AccountId, NoticeId};
use bauta_service::{App, Refused};

use super::{demand_id, officer};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words_desk::{DESK, Words, event_name};

struct Line {
    step: u32,
    what: String,
    leaf: Option<u64>,
    open: bool,
}

#[derive(Template)]
#[template(path = "desk/receipts.html")]
struct Receipts {
    frame: Frame,
    say: &'static Words,
    id: String,
    lines: Vec<Line>,
}

/// `GET /desk/ID/receipts`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor, Path(id): Path<String>) -> Response {
    error::answer(&app, &visitor, listed(&app, &visitor, &id).await)
}

async fn listed(app: &App, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    let officer = officer(app, visitor).await?;
    let id = demand_id(id)?;
    let entered = app.desk.entered(&officer, id).await?;
    let line = |one: Entered| Line {
        step: one.step,
        what: event_name(&one.what),
        leaf: one.leaf,
        open: one.open,
    };
    let shown = Receipts {
        frame: Frame::new(app, visitor, DESK.receipts, Here::Elsewhere),
        say: &DESK,
        id: id.to_string(),
        lines: entered.into_iter().map(line).collect(),
    };
    Ok(page(StatusCode::OK, &shown))
}

/// `GET /desk/ID/receipts/STEP`
pub async fn fetch(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path((id, step)): Path<(String, String)>,
) -> Response {
    error::answer(&app, &visitor, fetched(&app, &visitor, &id, &step).await)
}

async fn fetched(app: &App, visitor: &Visitor, id: &str, step: &str) -> Result<Response, Refused> {
    let officer = officer(app, visitor).await?;
    let id = demand_id(id)?;
    let number = step.parse().map_err(|_| Refused::NotFound)?;
    let name = app.desk.case(&officer, id).await?.public_name;
    let proof = app.desk.proof(&officer, id, number).await?;
    Ok(file(&format!("{name}-{number}"), &proof))
}

/// `GET /notices/ID/receipt/WHICH`
pub async fn of_notice(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path((id, which)): Path<(String, String)>,
) -> Response {
    error::answer(&app, &visitor, for_reader(&app, &visitor, &id, &which).await)
}

async fn for_reader(app: &App, visitor: &Visitor, id: &str, which: &str) -> Result<Response, Refused> {
    let reader = visitor.person()?.owner();
    let account = reader.account;
    let id = id.parse().map_err(|_| Refused::NotFound)?;
    let about = ABOUT.into_iter().find(|(name, _)| *name == which);
    let (_, about) = about.ok_or(Refused::NotFound)?;
    let proof = app.desk.proof_for(account, id, about).await?;
    let name = app.desk.notice_of(reader, id).await?.letter.receipt.demand;
    Ok(file(&format!("{name}-{which}"), &proof))
}

/// The two files of a notice, by the end of their address.
const ABOUT: [(&str, About); 2] = [("demand", About::Demand), ("notice", About::Notice)];

/// A file of a notice, as the page offers it.
pub struct Offered {
    /// The end of its address.
    pub which: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// Its leaf; nothing where it is a promise.
    pub leaf: Option<u64>,
}

/// The files that a notice has. None where the log stands still, or has to say nothing of it.
pub async fn offered(app: &App, account: AccountId, id: NoticeId) -> Vec<Offered> {
    let mut all = Vec::new();
    for (which, about) in ABOUT {
        if let Ok(proof) = app.desk.proof_for(account, id, about).await {
            all.push(Offered {
                which,
                about: match about {
                    About::Demand => DESK.receipt_of_demand,
                    About::Notice => DESK.receipt_of_notice,
                },
                leaf: match proof {
                    Proof::Receipt { leaf, .. } => Some(leaf),
                    Proof::Promise { .. } => None,
                },
            });
        }
    }
    all
}

fn file(name: &str, proof: &Proof) -> Response {
    let name = format!("attachment; filename=\"{name}.{}\"", proof.ending());
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    (headers, proof.text().to_owned()).into_response()
}
