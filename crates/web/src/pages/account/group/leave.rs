//! Leaving the account: a page of its own, which asks for the passphrase.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use bauta_model::Secret;
use bauta_service::accounts::keyholders;
use bauta_service::{App, Refused};

use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::form::{Problems, limiter};
use crate::pages::account::settings::Confirmed;
use crate::visitor::{Visitor, clear_cookie};
use crate::words_account::TEXT;
use crate::words_group::{EN, Words};

#[derive(Template)]
#[template(path = "group/leave.html")]
struct Leave {
    frame: Frame,
    say: &'static Words,
    problems: Problems,
    alone: bool,
}

#[derive(Template)]
#[template(path = "group/left.html")]
struct Left {
    frame: Frame,
    say: &'static Words,
}

/// `GET /settings/keyholders/leave`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    let shown = show(&app, &visitor, StatusCode::OK, Problems::none()).await;
    error::answer(&app, &visitor, shown)
}

async fn show(
    app: &App,
    visitor: &Visitor,
    status: StatusCode,
    problems: Problems,
) -> Result<Response, Refused> {
    let group = keyholders::group(app, visitor.person()?).await?;
    let template = Leave {
        frame: Frame::new(app, visitor, EN.leave, Here::Settings),
        say: &EN,
        problems,
        alone: group.people.len() < 2,
    };
    Ok(page(status, &template))
}

/// `POST /settings/keyholders/leave`
pub async fn send(State(app): State<Arc<App>>, Form(visitor, fields): Form<Confirmed>) -> Response {
    error::answer(&app, &visitor, leave(&app, &visitor, fields).await)
}

async fn leave(app: &App, visitor: &Visitor, fields: Confirmed) -> Result<Response, Refused> {
    let person = visitor.person()?;
    let typed = Secret::new(fields.passphrase);
    if let Err(refused) = keyholders::leave(app, person, &typed, limiter(visitor)).await {
        let (status, problems) = Problems::of(refused, ("passphrase", TEXT.pass_wrong))?;
        return show(app, visitor, status, problems).await;
    }
    let nobody = Visitor::stranger(None);
    let template = Left {
        frame: Frame::new(app, &nobody, EN.left, Here::Elsewhere),
        say: &EN,
    };
    Ok(([(SET_COOKIE, clear_cookie())], page(StatusCode::OK, &template)).into_response())
}
