//! What is signed in as the person, and the ends of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::SessionId;
use bauta_service::accounts::{self, sessions};
use bauta_service::{App, Refused, SessionKind};
use serde::Deserialize;

use crate::ask::Ask;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words_account::TEXT;

#[derive(Template)]
#[template(path = "account/sessions.html")]
struct Sessions {
    frame: Frame,
    ended: bool,
    lines: Vec<Line>,
}

/// A session in words.
struct Line {
    id: SessionId,
    name: String,
    website: Option<String>,
    scopes: Option<String>,
    until: Option<String>,
    by_operator: bool,
    current: bool,
}

impl Line {
    fn of(session: sessions::Listed) -> Self {
        let name = match (session.kind, session.app_name) {
            (SessionKind::Web, _) => TEXT.session_web.to_owned(),
            (SessionKind::Operator, _) => TEXT.session_operator.to_owned(),
            (SessionKind::App, Some(name)) => name,
            (SessionKind::App, None) => TEXT.session_app.to_owned(),
        };
        Self {
            id: session.id,
            name,
            website: session.app_website,
            scopes: (session.kind != SessionKind::Web).then(|| session.scopes.to_string()),
            until: session.expires.map(bauta_model::Month::long),
            by_operator: session.kind == SessionKind::Operator,
            current: session.current,
        }
    }
}

/// `GET /settings/sessions`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    let ended = !ask.text("ended").is_empty();
    error::answer(&app, &visitor, show(&app, &visitor, ended).await)
}

async fn show(app: &App, visitor: &Visitor, ended: bool) -> Result<Response, Refused> {
    let listed = sessions::list(app, visitor.person()?).await?;
    let template = Sessions {
        frame: Frame::new(app, visitor, TEXT.set_sessions, Here::Settings),
        ended,
        lines: listed.into_iter().map(Line::of).collect(),
    };
    Ok(page(StatusCode::OK, &template))
}

/// The buttons: one session, or all others where none is named.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct End {
    session: String,
}

/// `POST /settings/sessions`
pub async fn end(State(app): State<Arc<App>>, Form(visitor, fields): Form<End>) -> Response {
    error::answer(&app, &visitor, ended(&app, &visitor, &fields).await)
}

async fn ended(app: &App, visitor: &Visitor, fields: &End) -> Result<Response, Refused> {
    let person = visitor.person()?;
    if fields.session == "others" {
        accounts::log_out_everywhere(app, person, true).await?;
    } else {
        let session = fields.session.parse().map_err(|_| Refused::NotFound)?;
        sessions::revoke(app, person, session).await?;
    }
    Ok(Redirect::to("/settings/sessions?ended=1").into_response())
}
