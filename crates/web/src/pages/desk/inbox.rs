//! The inbox: one line per demand, what is next and by when, soonest first.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_desk::Case;
use bauta_desk::legal::{NOT_ADVICE, Position};
use bauta_model::CoarseTime;
use bauta_service::{App, Refused};

use super::officer;
use super::steps::{Step, next};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words_desk::{DESK, Words, when};

/// A demand in a line.
struct Line {
    id: String,
    name: String,
    issuer: String,
    next: &'static str,
    by: Option<String>,
    overdue: bool,
    order: (bool, Option<CoarseTime>),
}

#[derive(Template)]
#[template(path = "desk/inbox.html")]
struct Inbox {
    frame: Frame,
    say: &'static Words,
    not_advice: &'static str,
    open: Vec<Line>,
    closed: Vec<Line>,
    /// Papers and answers can be sealed to somebody.
    has_key: bool,
}

/// `GET /desk`
pub async fn inbox(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    error::answer(&app, &visitor, show(&app, &visitor).await)
}

async fn show(app: &App, visitor: &Visitor) -> Result<Response, Refused> {
    let officer = officer(app, visitor).await?;
    let cases = app.desk.cases(&officer).await?;
    let officers = app.desk.officers().await?;
    let has_key = officers
        .as_array()
        .is_some_and(|all| all.iter().any(|one| !one["key"].is_null()));
    let now = app.clock.now();
    let (closed, mut open): (Vec<Line>, Vec<Line>) = {
        let (closed, open): (Vec<&Case>, Vec<&Case>) = cases
            .iter()
            .partition(|case| case.state.process.position == Position::Closed);
        let lines = |cases: Vec<&Case>| cases.into_iter().map(|case| line(case, now)).collect();
        (lines(closed), lines(open))
    };
    open.sort_by(|a, b| a.order.cmp(&b.order).then_with(|| a.name.cmp(&b.name)));
    let inbox = Inbox {
        frame: Frame::new(app, visitor, DESK.desk, Here::Elsewhere),
        say: &DESK,
        not_advice: NOT_ADVICE,
        open,
        closed,
        has_key,
    };
    Ok(page(StatusCode::OK, &inbox))
}

/// The date that a demand waits for, and whether it is over.
pub fn date(case: &Case, now: CoarseTime) -> Option<(CoarseTime, bool)> {
    if case.state.process.position == Position::Closed {
        return None;
    }
    let over = case
        .state
        .notice_by()
        .filter(|by| *by < now && case.state.notice_owed());
    match over {
        Some(by) => Some((by, true)),
        None => case.next_date(now).map(|at| (at, false)),
    }
}

fn line(case: &Case, now: CoarseTime) -> Line {
    let date = date(case, now);
    let issuer = case
        .state
        .process
        .demand
        .as_ref()
        .map(|demand| demand.issuer.as_str());
    Line {
        id: case.id.to_string(),
        name: case.public_name.clone(),
        issuer: issuer
            .filter(|issuer| !issuer.is_empty())
            .unwrap_or(DESK.no_issuer)
            .to_owned(),
        next: next(case).map_or(DESK.nothing_next, |step: &Step| step.title),
        by: date.map(|(at, _)| when(at)),
        overdue: date.is_some_and(|(_, over)| over),
        order: (date.is_none(), date.map(|(at, _)| at)),
    }
}
