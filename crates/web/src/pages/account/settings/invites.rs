//! Invites: made, shown once, and forgotten.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_model::Secret;
use bauta_service::accounts::invites;
use bauta_service::{App, Refused};
use serde::Deserialize;

use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::form::Problems;
use crate::visitor::Visitor;
use crate::words_account::TEXT;

#[derive(Template)]
#[template(path = "account/invites.html")]
struct Invites {
    frame: Frame,
    problems: Problems,
    /// Nothing stands for any number.
    left: Option<i32>,
    count: String,
    base_url: String,
    codes: Vec<Secret<String>>,
}

/// The form, as it is sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    count: String,
}

/// `GET /settings/invites`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    error::answer(&app, &visitor, show(&app, &visitor, "1", None, Vec::new()).await)
}

async fn show(
    app: &App,
    visitor: &Visitor,
    count: &str,
    problem: Option<(StatusCode, Problems)>,
    codes: Vec<Secret<String>>,
) -> Result<Response, Refused> {
    let left = invites::left(app, visitor.person()?).await?;
    let (status, problems) = problem.unwrap_or((StatusCode::OK, Problems::none()));
    let template = Invites {
        frame: Frame::new(app, visitor, TEXT.set_invites, Here::Settings),
        problems,
        left,
        count: count.to_owned(),
        base_url: app.site.base_at(visitor.door),
        codes,
    };
    Ok(page(status, &template))
}

/// `POST /settings/invites`
pub async fn send(State(app): State<Arc<App>>, Form(visitor, fields): Form<Fields>) -> Response {
    error::answer(&app, &visitor, make(&app, &visitor, &fields.count).await)
}

async fn make(app: &App, visitor: &Visitor, typed: &str) -> Result<Response, Refused> {
    let person = visitor.person()?;
    let minted = match typed.trim().parse() {
        Ok(count) => invites::mint(app, person, count).await,
        Err(_) => Err(Refused::invalid("count", TEXT.invites_number)),
    };
    match minted {
        Ok(codes) => show(app, visitor, "1", None, codes).await,
        Err(refused) => {
            let problem = Problems::of(refused, ("", ""))?;
            show(app, visitor, typed, Some(problem), Vec::new()).await
        }
    }
}
