//! A refusal as a page: what happened, what to do, and no dead end.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::Incident;
use bauta_service::{App, Refused};

use crate::ask::encode;
use crate::frame::{Frame, Here, page};
use crate::pages::local_path;
use crate::visitor::Visitor;
use crate::words::EN;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    frame: Frame,
    sentence: String,
    number: Option<Incident>,
}

/// The status of a refusal.
pub fn status(refused: &Refused) -> StatusCode {
    match refused {
        Refused::NotSignedIn | Refused::WrongPassphrase => StatusCode::UNAUTHORIZED,
        Refused::Forbidden(_) => StatusCode::FORBIDDEN,
        Refused::NotFound => StatusCode::NOT_FOUND,
        Refused::Limited { .. } => StatusCode::TOO_MANY_REQUESTS,
        Refused::Busy | Refused::Away | Refused::Unsure => StatusCode::SERVICE_UNAVAILABLE,
        Refused::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// What a handler made, or the page for why it did not.
pub fn answer(app: &App, visitor: &Visitor, made: Result<Response, Refused>) -> Response {
    made.unwrap_or_else(|refused| refuse(app, visitor, &refused))
}

/// The page for a refusal that no form can show beside a field. Whoever is not signed in is led to sign in.
pub fn refuse(app: &App, visitor: &Visitor, refused: &Refused) -> Response {
    if matches!(refused, Refused::NotSignedIn) {
        return Redirect::to(&sign_in(visitor)).into_response();
    }
    let (sentence, number) = match refused {
        Refused::NotFound => (EN.nothing_here.to_owned(), None),
        Refused::Failed(incident) => (EN.failed.to_owned(), Some(*incident)),
        _ => (refused.to_string(), None),
    };
    error_page(app, visitor, status(refused), sentence, number)
}

/// Where to sign in; the page that was asked for goes along, as a path that is checked again when it comes back.
fn sign_in(visitor: &Visitor) -> String {
    match visitor.wanted.as_deref().map(local_path) {
        Some(wanted) if wanted != "/" => format!("/sign-in?back={}", encode(wanted)),
        _ => "/sign-in".to_owned(),
    }
}

/// Every path that is none.
pub async fn nothing_here(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    refuse(&app, &visitor, &Refused::NotFound)
}

/// The page for a status that was answered before any of our pages had a say: a wrong method, a body that is too large,
/// a path that is not UTF-8.
pub fn bare(app: &App, visitor: &Visitor, status: StatusCode) -> Response {
    let number = status.is_server_error().then(Incident::random);
    if let Some(incident) = number {
        bauta_model::emit(bauta_model::Event::RequestFailed { incident });
    }
    let sentence = match status {
        StatusCode::NOT_FOUND => EN.nothing_here,
        StatusCode::METHOD_NOT_ALLOWED => EN.wrong_method,
        StatusCode::PAYLOAD_TOO_LARGE => EN.too_large,
        StatusCode::REQUEST_TIMEOUT => EN.slow,
        StatusCode::SERVICE_UNAVAILABLE => EN.busy,
        _ if status.is_server_error() => EN.failed,
        _ => EN.broken_request,
    };
    error_page(app, visitor, status, sentence.to_owned(), number)
}

fn error_page(
    app: &App,
    visitor: &Visitor,
    status: StatusCode,
    sentence: String,
    number: Option<Incident>,
) -> Response {
    let title = match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => EN.error_not_found,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => EN.error_wait,
        _ if status.is_server_error() => EN.error_failed,
        _ => EN.error_title,
    };
    let frame = Frame::new(app, visitor, title, Here::Elsewhere);
    page(
        status,
        &ErrorPage {
            frame,
            sentence,
            number,
        },
    )
}
