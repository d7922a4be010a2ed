//! Blocking or muting many people at once, by a list of handles: for whom a crowd is after.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_service::exchange::{self, Kind};
use bauta_service::{App, Refused, Window, notifications};
use serde::Deserialize;

use crate::ask::Ask;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::form::Problems;
use crate::visitor::Visitor;
use crate::words_account::TEXT;
use crate::words_care::{EN, Words};

/// People who wait aside and are put into the form.
const MOST_WAITING: usize = 80;

#[derive(Template)]
#[template(path = "care/many.html")]
struct Many {
    frame: Frame,
    say: &'static Words,
    problems: Problems,
    handles: String,
}

/// `GET /blocks/many`; `?aside=yes` puts whoever waits aside into the form.
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, first(&app, &visitor, &ask).await)
}

async fn first(app: &App, visitor: &Visitor, ask: &Ask) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let mut handles = String::new();
    if !ask.text("aside").is_empty() {
        let found = notifications::requests(app, speaker, Window::first(MOST_WAITING)).await?;
        let named = found
            .items
            .iter()
            .map(|one| format!("@{}\n", one.from.account.handle));
        handles = named.collect::<Vec<_>>().concat();
    }
    Ok(form(app, visitor, Problems::none(), handles))
}

fn form(app: &App, visitor: &Visitor, problems: Problems, handles: String) -> Response {
    let many = Many {
        frame: Frame::new(app, visitor, EN.block_many, Here::Settings),
        say: &EN,
        problems,
        handles,
    };
    page(many.problems.status(), &many)
}

/// Whom, and how.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Named {
    handles: String,
    how: String,
}

/// `POST /blocks/many`: how far it is stands on the page of imports.
pub async fn send(State(app): State<Arc<App>>, Form(visitor, named): Form<Named>) -> Response {
    error::answer(&app, &visitor, begin(&app, &visitor, named))
}

fn begin(app: &Arc<App>, visitor: &Visitor, named: Named) -> Result<Response, Refused> {
    let kind = match named.how.as_str() {
        "mute" => Kind::Mutes,
        _ => Kind::Blocks,
    };
    // One a line, or with commas or spaces between them, as people paste them.
    let handles: Vec<&str> = named.handles.split([',', ';', ' ', '\n', '\r', '\t']).collect();
    match exchange::begin(app, visitor.person()?, kind, handles.join("\n").into_bytes()) {
        Ok(()) => Ok(Redirect::to("/settings/import").into_response()),
        Err(refused @ Refused::Invalid { .. }) => {
            let problems = Problems::at("handles", refused.to_string());
            Ok(form(app, visitor, problems, named.handles))
        }
        Err(refused) => Err(refused),
    }
}
