//! Posts that appear later: what waits, and changing or deleting it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{CoarseTime, ScheduledId};
use bauta_service::posts::{self, Scheduled};
use bauta_service::{App, Refused};
use serde::Deserialize;

use crate::ask::Ask;
use crate::csrf::{Form, Nothing};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::Problems;
use crate::pages::care::{older, window};
use crate::posts::audience;
use crate::visitor::Visitor;
use crate::words_account::TEXT;
use crate::words_speaking::{EN, Words};

/// A line of the page.
struct Line {
    id: ScheduledId,
    at: String,
    audience: &'static str,
    text: String,
    warning: String,
    options: Vec<String>,
    pictures: usize,
    failed: bool,
}

#[derive(Template)]
#[template(path = "speaking/scheduled.html")]
struct All {
    frame: Frame,
    say: &'static Words,
    problems: Problems,
    lines: Vec<Line>,
    older: Option<ScheduledId>,
}

/// A time as somebody typed it, in seconds since 1970.
pub fn seconds(text: &str) -> Result<i64, Refused> {
    CoarseTime::read_seconds(text).ok_or_else(|| Refused::invalid("scheduled_at", EN.wrong_time))
}

/// A time as it can be typed: `2017-04-07 14:02`.
pub fn written(time: CoarseTime) -> String {
    format!(
        "{} {}",
        time.day().iso(),
        time.clock_utc().trim_end_matches(" UTC")
    )
}

fn line(one: Scheduled) -> Line {
    Line {
        id: one.id,
        at: written(one.at),
        audience: audience(one.draft.visibility),
        options: one.draft.poll.map(|poll| poll.options).unwrap_or_default(),
        text: one.draft.text,
        warning: one.draft.warning,
        pictures: one.draft.media.len(),
        failed: one.failed,
    }
}

/// `GET /scheduled`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, show(&app, &visitor, &ask, Problems::none()).await)
}

async fn show(app: &App, visitor: &Visitor, ask: &Ask, problems: Problems) -> Result<Response, Refused> {
    let found = posts::all_scheduled(app, visitor.person()?, window(ask)?).await?;
    let status = problems.status();
    let all = All {
        frame: Frame::new(app, visitor, EN.scheduled, Here::Settings),
        say: &EN,
        problems,
        older: older(&found),
        lines: found.items.into_iter().map(line).collect(),
    };
    Ok(page(status, &all))
}

/// Another time.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Change {
    at: String,
}

fn scheduled_id(text: &str) -> Result<ScheduledId, Refused> {
    text.parse().map_err(|_| Refused::NotFound)
}

/// `POST /scheduled/ID`
pub async fn change(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    ask: Ask,
    Form(visitor, change): Form<Change>,
) -> Response {
    error::answer(&app, &visitor, changed(&app, &visitor, &id, &ask, &change).await)
}

async fn changed(
    app: &App,
    visitor: &Visitor,
    id: &str,
    ask: &Ask,
    change: &Change,
) -> Result<Response, Refused> {
    let (speaker, id) = (visitor.person()?, scheduled_id(id)?);
    let done = match seconds(&change.at) {
        Ok(seconds) => posts::reschedule(app, speaker, id, seconds).await,
        Err(refused) => Err(refused),
    };
    match done {
        Ok(_) => Ok(Redirect::to("/scheduled").into_response()),
        Err(Refused::Invalid { why, .. }) => show(app, visitor, ask, Problems::at("", why)).await,
        Err(refused) => Err(refused),
    }
}

/// `POST /scheduled/ID/delete`
pub async fn delete(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, Nothing {}): Form<Nothing>,
) -> Response {
    error::answer(&app, &visitor, deleted(&app, &visitor, &id).await)
}

async fn deleted(app: &App, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    match posts::unschedule(app, visitor.person()?, scheduled_id(id)?).await {
        // Gone is what was wanted.
        Ok(()) | Err(Refused::NotFound) => Ok(Redirect::to("/scheduled").into_response()),
        Err(refused) => Err(refused),
    }
}
