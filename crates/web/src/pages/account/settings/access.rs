//! The passphrase and the codes: what opens the account.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::Secret;
use bauta_service::accounts::{passphrase, recovery};
use bauta_service::{App, Refused};
use serde::Deserialize;

use crate::ask::Ask;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::form::{NewPassphrase, Problems, limiter};
use crate::visitor::Visitor;
use crate::words_account::TEXT;

#[derive(Template)]
#[template(path = "account/passphrase.html")]
struct Passphrase {
    frame: Frame,
    problems: Problems,
    saved: bool,
    new: NewPassphrase,
}

/// The form of a new passphrase, as it is sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct NewFields {
    old: String,
    proposed: String,
    passphrase: String,
    again: String,
}

/// `GET /settings/passphrase`
pub async fn passphrase(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    let saved = !ask.text("saved").is_empty();
    let shown = visitor.person().map(|_| {
        let template = passphrase_page(&app, &visitor, NewPassphrase::fresh(), Problems::none(), saved);
        page(StatusCode::OK, &template)
    });
    error::answer(&app, &visitor, shown)
}

fn passphrase_page(
    app: &App,
    visitor: &Visitor,
    new: NewPassphrase,
    problems: Problems,
    saved: bool,
) -> Passphrase {
    Passphrase {
        frame: Frame::new(app, visitor, TEXT.set_passphrase, Here::Settings),
        problems,
        saved,
        new,
    }
}

/// `POST /settings/passphrase`
pub async fn change_passphrase(
    State(app): State<Arc<App>>,
    Form(visitor, fields): Form<NewFields>,
) -> Response {
    error::answer(&app, &visitor, change(&app, &visitor, fields).await)
}

async fn change(app: &App, visitor: &Visitor, fields: NewFields) -> Result<Response, Refused> {
    let person = visitor.person()?;
    let new = NewPassphrase::again(fields.proposed);
    let chosen = match new.chosen(fields.passphrase, &fields.again) {
        Ok(chosen) => chosen,
        Err(problems) => {
            return Ok(page(
                problems.status(),
                &passphrase_page(app, visitor, new, problems, false),
            ));
        }
    };
    let old = Secret::new(fields.old);
    match passphrase::change(app, person, &old, &chosen, limiter(visitor)).await {
        Ok(()) => Ok(Redirect::to("/settings/passphrase?saved=1").into_response()),
        Err(refused) => {
            let (status, problems) = Problems::of(refused, ("old", TEXT.pass_wrong))?;
            Ok(page(status, &passphrase_page(app, visitor, new, problems, false)))
        }
    }
}

#[derive(Template)]
#[template(path = "account/codes.html")]
struct CodesPage {
    frame: Frame,
    problems: Problems,
    left: i64,
    codes: Vec<Secret<String>>,
}

/// A form that asks for the passphrase once more.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Confirmed {
    pub(in crate::pages::account) passphrase: String,
}

/// `GET /settings/codes`
pub async fn codes(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    error::answer(
        &app,
        &visitor,
        codes_page(&app, &visitor, StatusCode::OK, Problems::none(), Vec::new()).await,
    )
}

async fn codes_page(
    app: &App,
    visitor: &Visitor,
    status: StatusCode,
    problems: Problems,
    codes: Vec<Secret<String>>,
) -> Result<Response, Refused> {
    let left = recovery::left(app, visitor.person()?).await?;
    let frame = Frame::new(app, visitor, TEXT.set_codes, Here::Settings);
    Ok(page(
        status,
        &CodesPage {
            frame,
            problems,
            left,
            codes,
        },
    ))
}

/// `POST /settings/codes`
pub async fn renew_codes(State(app): State<Arc<App>>, Form(visitor, fields): Form<Confirmed>) -> Response {
    error::answer(&app, &visitor, renew(&app, &visitor, fields).await)
}

async fn renew(app: &App, visitor: &Visitor, fields: Confirmed) -> Result<Response, Refused> {
    let person = visitor.person()?;
    let typed = Secret::new(fields.passphrase);
    match recovery::renew(app, person, &typed, limiter(visitor)).await {
        Ok(codes) => codes_page(app, visitor, StatusCode::OK, Problems::none(), codes).await,
        Err(refused) => {
            let (status, problems) = Problems::of(refused, ("passphrase", TEXT.pass_wrong))?;
            codes_page(app, visitor, status, problems, Vec::new()).await
        }
    }
}
