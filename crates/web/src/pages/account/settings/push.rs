//! Web push: what it tells others, and the person's word on it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_service::push::{self, Standing};
use bauta_service::{App, Refused};
use serde::Deserialize;

use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words_account::TEXT;

#[derive(Template)]
#[template(path = "account/push.html")]
struct Page {
    frame: Frame,
    standing: Standing,
}

/// `GET /settings/push`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    error::answer(&app, &visitor, show(&app, &visitor).await)
}

async fn show(app: &App, visitor: &Visitor) -> Result<Response, Refused> {
    let template = Page {
        standing: push::standing(app, visitor.person()?).await?,
        frame: Frame::new(app, visitor, TEXT.set_push, Here::Settings),
    };
    Ok(page(StatusCode::OK, &template))
}

/// The buttons.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    wanted: String,
}

/// `POST /settings/push`
pub async fn send(State(app): State<Arc<App>>, Form(visitor, fields): Form<Fields>) -> Response {
    error::answer(&app, &visitor, set(&app, &visitor, &fields).await)
}

async fn set(app: &App, visitor: &Visitor, fields: &Fields) -> Result<Response, Refused> {
    push::agree(app, visitor.person()?, fields.wanted == "yes").await?;
    Ok(Redirect::to(push::PAGE).into_response())
}
