//! An account that is deleted when nobody uses it, for whoever wants that.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_service::accounts::{self, MONTHS};
use bauta_service::{App, Refused};
use serde::Deserialize;

use crate::ask::Ask;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::form::Problems;
use crate::visitor::Visitor;
use crate::words_account::TEXT;

#[derive(Template)]
#[template(path = "account/unused.html")]
struct Unused {
    frame: Frame,
    problems: Problems,
    saved: bool,
    /// The month at whose beginning it would be deleted.
    dies: Option<String>,
    choices: Vec<Choice>,
}

struct Choice {
    code: String,
    name: String,
    on: bool,
}

/// `GET /settings/unused`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    let saved = !ask.text("saved").is_empty();
    error::answer(
        &app,
        &visitor,
        show(&app, &visitor, saved, Problems::none()).await,
    )
}

async fn show(app: &App, visitor: &Visitor, saved: bool, problems: Problems) -> Result<Response, Refused> {
    let lapse = accounts::lapse(app, visitor.person()?).await?;
    let chosen = lapse.map(|lapse| lapse.after_months);
    let never = Choice {
        code: "never".to_owned(),
        name: TEXT.unused_never.to_owned(),
        on: chosen.is_none(),
    };
    let after = MONTHS.map(|months| Choice {
        code: months.to_string(),
        name: format!("{months} {}", TEXT.unused_months),
        on: chosen == Some(months),
    });
    let template = Unused {
        frame: Frame::new(app, visitor, TEXT.set_unused, Here::Settings),
        saved,
        dies: lapse.map(|lapse| lapse.dies.long()),
        choices: std::iter::once(never).chain(after).collect(),
        problems,
    };
    Ok(page(template.problems.status(), &template))
}

/// The form, as it is sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    after: String,
}

/// `POST /settings/unused`
pub async fn send(State(app): State<Arc<App>>, Form(visitor, fields): Form<Fields>) -> Response {
    error::answer(&app, &visitor, set(&app, &visitor, &fields).await)
}

async fn set(app: &App, visitor: &Visitor, fields: &Fields) -> Result<Response, Refused> {
    let person = visitor.person()?;
    let after = match fields.after.as_str() {
        "never" => None,
        // What is no number is none of the times.
        months => Some(months.parse().unwrap_or_default()),
    };
    match accounts::set_lapse(app, person, after).await {
        Ok(()) => Ok(Redirect::to("/settings/unused?saved=1").into_response()),
        Err(Refused::Invalid { why, .. }) => show(app, visitor, false, Problems::at("after", why)).await,
        Err(refused) => Err(refused),
    }
}
