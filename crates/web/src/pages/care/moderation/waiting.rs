//! The waiting room: who signed up, what they said, and whether they come in.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::AccountId;
use bauta_service::accounts::waiting;
use bauta_service::{App, Refused};
use serde::Deserialize;

use super::moderator;
use crate::ask::Ask;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::care::{older, window};
use crate::visitor::Visitor;
use crate::words_care::{EN, Words};

struct Line {
    id: AccountId,
    handle: String,
    words: String,
}

#[derive(Template)]
#[template(path = "care/waiting.html")]
struct Room {
    frame: Frame,
    say: &'static Words,
    /// So many are let in by chance each day.
    a_day: u32,
    lines: Vec<Line>,
    older: Option<AccountId>,
}

/// `GET /moderation/waiting`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, room(&app, &visitor, &ask).await)
}

async fn room(app: &App, visitor: &Visitor, ask: &Ask) -> Result<Response, Refused> {
    let found = waiting::applicants(app, moderator(visitor)?, window(ask)?).await?;
    let line = |one: &waiting::Applicant| Line {
        id: one.card.account.id,
        handle: one.card.account.handle.as_str().to_owned(),
        words: one.words.clone(),
    };
    let room = Room {
        frame: Frame::new(app, visitor, EN.waiting_room, Here::Moderation),
        say: &EN,
        a_day: app.site.let_in_a_day,
        lines: found.items.iter().map(line).collect(),
        older: older(&found),
    };
    Ok(page(StatusCode::OK, &room))
}

/// What becomes of somebody: `let_in=ID` or `turn_away=ID`.
#[derive(Deserialize)]
pub struct Decided {
    let_in: Option<String>,
    turn_away: Option<String>,
}

/// `POST /moderation/waiting`
pub async fn decide(State(app): State<Arc<App>>, Form(visitor, decided): Form<Decided>) -> Response {
    error::answer(&app, &visitor, done(&app, &visitor, &decided).await)
}

async fn done(app: &App, visitor: &Visitor, decided: &Decided) -> Result<Response, Refused> {
    let speaker = moderator(visitor)?;
    let id = |text: &str| text.parse().map_err(|_| Refused::NotFound);
    match (&decided.let_in, &decided.turn_away) {
        (Some(target), None) => waiting::let_in(app, speaker, id(target)?).await?,
        (None, Some(target)) => waiting::turn_away(app, speaker, id(target)?).await?,
        _ => return Err(Refused::invalid("form", crate::EN.broken_form)),
    }
    Ok(Redirect::to("/moderation/waiting").into_response())
}
