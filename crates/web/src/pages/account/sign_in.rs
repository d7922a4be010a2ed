//! Signing in and out.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{HeaderName, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::Secret;
use bauta_service::accounts::{self, log_in};
use bauta_service::{App, Refused};
use serde::Deserialize;

use super::form::{Problems, limiter, local_path};
use crate::ask::Ask;
use crate::csrf::{Form, Nothing};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::{Visitor, clear_cookie, set_cookie};
use crate::words_account::TEXT;

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct SignIn<'a> {
    frame: Frame,
    problems: Problems,
    lead: Option<&'static str>,
    handle: &'a str,
    remember: bool,
    back: &'a str,
}

/// The form, as it is sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    handle: String,
    passphrase: String,
    remember: Option<String>,
    back: String,
}

/// `GET /sign-in`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    let back = local_path(ask.text("back"));
    if visitor.speaker.is_some() {
        return Redirect::to(back).into_response();
    }
    show(&app, &visitor, back, None)
}

/// The form for a page that somebody has to sign in for; it leads back there.
pub fn show(app: &App, visitor: &Visitor, back: &str, lead: Option<&'static str>) -> Response {
    let template = SignIn {
        frame: frame(app, visitor),
        problems: Problems::none(),
        lead,
        handle: "",
        remember: false,
        back,
    };
    page(StatusCode::OK, &template)
}

fn frame(app: &App, visitor: &Visitor) -> Frame {
    Frame::with_form(app, visitor, crate::EN.sign_in, Here::SignIn)
}

/// `POST /sign-in`
pub async fn send(State(app): State<Arc<App>>, Form(visitor, fields): Form<Fields>) -> Response {
    let remember = fields.remember.is_some();
    let request = log_in::Request {
        handle: fields.handle.clone(),
        passphrase: Secret::new(fields.passphrase),
        limiter: limiter(&visitor),
        door: visitor.door,
    };
    let refused = match log_in(&app, request).await {
        Ok(signed_in) => {
            let cookie = set_cookie(&app, signed_in.token.expose(), remember);
            let to = if signed_in.suspended {
                "/settings/decisions"
            } else {
                local_path(&fields.back)
            };
            return ([(SET_COOKIE, cookie)], Redirect::to(to)).into_response();
        }
        Err(refused) => refused,
    };
    match Problems::of(refused, ("passphrase", TEXT.sign_in_wrong)) {
        Ok((status, problems)) => {
            let template = SignIn {
                frame: frame(&app, &visitor),
                problems,
                lead: None,
                handle: &fields.handle,
                remember,
                back: local_path(&fields.back),
            };
            page(status, &template)
        }
        Err(refused) => error::refuse(&app, &visitor, &refused),
    }
}

/// The form that signs out.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Out {
    back: String,
}

/// `POST /sign-out`
pub async fn out(State(app): State<Arc<App>>, Form(visitor, fields): Form<Out>) -> Response {
    error::answer(&app, &visitor, end(&app, &visitor, &fields).await)
}

async fn end(app: &App, visitor: &Visitor, fields: &Out) -> Result<Response, Refused> {
    if let Some(speaker) = visitor.speaker.as_ref().or(visitor.suspended.as_ref()) {
        accounts::log_out(app, speaker).await?;
    }
    let back = Redirect::to(local_path(&fields.back));
    Ok(([(SET_COOKIE, clear_cookie())], back).into_response())
}

/// What a browser that obeys forgets of this server (Clear Site Data § 3.1); the others lose the session all the same.
const FORGET: &str = "\"cache\", \"cookies\", \"storage\"";

/// `POST /sign-out/everywhere`: every browser and every app at once, this one too, without a question.
pub async fn out_everywhere(
    State(app): State<Arc<App>>,
    Form(visitor, Nothing {}): Form<Nothing>,
) -> Response {
    error::answer(&app, &visitor, end_all(&app, &visitor).await)
}

async fn end_all(app: &App, visitor: &Visitor) -> Result<Response, Refused> {
    if let Some(speaker) = &visitor.speaker {
        accounts::log_out_everywhere(app, speaker, false).await?;
    }
    let clear = HeaderName::from_static("clear-site-data");
    let headers = [(SET_COOKIE, clear_cookie()), (clear, FORGET.to_owned())];
    Ok((headers, Redirect::to("/")).into_response())
}
