//! The record of decisions.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_model::{ActionId, Day, ReportId};
use bauta_service::moderation::{self, Entry};
use bauta_service::{App, Refused};

use super::{did, moderator};
use crate::ask::Ask;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words_care::{EN, Words};

/// A line of the record.
struct Recorded {
    day: String,
    moderator: String,
    what: &'static str,
    target: String,
    reason: String,
    report: Option<ReportId>,
}

#[derive(Template)]
#[template(path = "care/record.html")]
struct Record {
    frame: Frame,
    say: &'static Words,
    lines: Vec<Recorded>,
    older: Option<(i32, ActionId)>,
}

/// Lines of the record on a page.
const RECORD_LINES: usize = 50;

/// `GET /moderation/record`
pub async fn record(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, record_page(&app, &visitor, &ask).await)
}

async fn record_page(app: &App, visitor: &Visitor, ask: &Ask) -> Result<Response, Refused> {
    let speaker = moderator(visitor)?;
    let day: Option<i32> = ask.parsed("day", crate::EN.wrong_page)?;
    let below = day.map(Day::new).zip(ask.parsed("max_id", crate::EN.wrong_page)?);
    let found = moderation::record(app, speaker, below, RECORD_LINES).await?;
    let last = found.last().filter(|_| found.len() >= RECORD_LINES);
    let record = Record {
        frame: Frame::new(app, visitor, EN.record_title, Here::Moderation),
        say: &EN,
        older: last.map(|entry| (entry.action.day.get(), entry.action.id)),
        lines: found.iter().map(recorded).collect(),
    };
    Ok(page(StatusCode::OK, &record))
}

fn recorded(entry: &Entry) -> Recorded {
    let handle = |card: Option<&Arc<bauta_timeline::AccountCard>>| {
        card.map_or_else(
            || EN.somebody.to_owned(),
            |card| format!("@{}", card.account.handle),
        )
    };
    Recorded {
        day: entry.action.day.long(),
        moderator: handle(entry.moderator.as_ref()),
        what: did(entry.action.decision),
        target: handle(entry.target.as_ref()),
        reason: entry.action.reason.clone(),
        report: entry.action.report,
    }
}
