//! An account that is used over the onion service alone, for good.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{Door, Secret};
use bauta_service::{App, Refused, accounts};

use super::access::Confirmed;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::form::{Problems, limiter};
use crate::visitor::Visitor;
use crate::words_account::TEXT;

#[derive(Template)]
#[template(path = "account/onion.html")]
struct Onion {
    frame: Frame,
    problems: Problems,
    /// It is so already.
    done: bool,
    /// The page came by the onion door: it can be decided here.
    here: bool,
    /// Where that door is.
    address: Option<String>,
}

/// `GET /settings/onion`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    let shown = show(&app, &visitor, StatusCode::OK, Problems::none());
    error::answer(&app, &visitor, shown)
}

fn show(app: &App, visitor: &Visitor, status: StatusCode, problems: Problems) -> Result<Response, Refused> {
    let template = Onion {
        done: accounts::is_onion_only(app, visitor.person()?),
        frame: Frame::new(app, visitor, TEXT.set_onion, Here::Settings),
        problems,
        here: visitor.door == Door::Onion,
        address: app.site.onion.clone(),
    };
    Ok(page(status, &template))
}

/// `POST /settings/onion`
pub async fn send(State(app): State<Arc<App>>, Form(visitor, fields): Form<Confirmed>) -> Response {
    error::answer(&app, &visitor, keep(&app, &visitor, fields).await)
}

async fn keep(app: &App, visitor: &Visitor, fields: Confirmed) -> Result<Response, Refused> {
    let person = visitor.person()?;
    let typed = Secret::new(fields.passphrase);
    match accounts::keep_to_onion(app, person, &typed, limiter(visitor), visitor.door).await {
        Ok(()) => Ok(Redirect::to("/settings/onion").into_response()),
        Err(refused) => {
            let (status, problems) = Problems::of(refused, ("passphrase", TEXT.pass_wrong))?;
            show(app, visitor, status, problems)
        }
    }
}
