//! Objections to decisions: what was decided, what its owner says, and what becomes of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::ActionId;
use bauta_service::moderation::{self, Waiting};
use bauta_service::{App, Refused};
use serde::Deserialize;

use super::{did, moderator};
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words_care::{EN, Words};

struct Line {
    id: ActionId,
    handle: String,
    what: &'static str,
    day: String,
    reason: String,
    by: Option<String>,
    text: String,
}

#[derive(Template)]
#[template(path = "care/appeals.html")]
struct Appeals {
    frame: Frame,
    say: &'static Words,
    lines: Vec<Line>,
}

/// `GET /moderation/appeals`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    error::answer(&app, &visitor, show(&app, &visitor).await)
}

async fn show(app: &App, visitor: &Visitor) -> Result<Response, Refused> {
    let found = moderation::appeals(app, moderator(visitor)?).await?;
    let line = |one: &Waiting| Line {
        id: one.appeal.action,
        handle: one.target.account.handle.to_string(),
        what: did(one.action.decision),
        day: one.action.day.long(),
        reason: one.action.reason.clone(),
        by: one.moderator.as_ref().map(|card| card.account.handle.to_string()),
        text: one.appeal.text.clone(),
    };
    let appeals = Appeals {
        frame: Frame::new(app, visitor, EN.appeals, Here::Moderation),
        say: &EN,
        lines: found.iter().map(line).collect(),
    };
    Ok(page(StatusCode::OK, &appeals))
}

/// What becomes of one: `grant`, or not.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Answer {
    answer: String,
}

/// `POST /moderation/appeals/ID`
pub async fn settle(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, form): Form<Answer>,
) -> Response {
    error::answer(&app, &visitor, settled(&app, &visitor, &id, &form).await)
}

async fn settled(app: &App, visitor: &Visitor, id: &str, form: &Answer) -> Result<Response, Refused> {
    let speaker = moderator(visitor)?;
    let id = id.parse().map_err(|_| Refused::NotFound)?;
    let grant = match form.answer.as_str() {
        "grant" => true,
        "refuse" => false,
        _ => return Err(Refused::invalid("form", crate::EN.broken_form)),
    };
    moderation::settle_appeal(app, speaker, id, grant).await?;
    Ok(Redirect::to("/moderation/appeals").into_response())
}
