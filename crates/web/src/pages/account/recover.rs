//! A recovery code sets a new passphrase; nothing else does.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_service::App;
use bauta_service::accounts::recovery;
use serde::Deserialize;

use super::form::{NewPassphrase, Problems, limiter};
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words_account::TEXT;

#[derive(Template)]
#[template(path = "account/recover.html")]
struct Recover<'a> {
    frame: Frame,
    problems: Problems,
    handle: &'a str,
    code: &'a str,
    new: NewPassphrase,
}

#[derive(Template)]
#[template(path = "account/recovered.html")]
struct Recovered {
    frame: Frame,
}

/// The form, as it is sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    handle: String,
    code: String,
    proposed: String,
    passphrase: String,
    again: String,
}

fn frame(app: &App, visitor: &Visitor) -> Frame {
    Frame::with_form(app, visitor, TEXT.recover_title, Here::SignIn)
}

/// `GET /recover`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    let template = Recover {
        frame: frame(&app, &visitor),
        problems: Problems::none(),
        handle: "",
        code: "",
        new: NewPassphrase::fresh(),
    };
    page(StatusCode::OK, &template)
}

/// `POST /recover`
pub async fn send(State(app): State<Arc<App>>, Form(visitor, fields): Form<Fields>) -> Response {
    let new = NewPassphrase::again(fields.proposed);
    let again = |status, problems, new| {
        let (handle, code) = (fields.handle.as_str(), fields.code.as_str());
        page(
            status,
            &Recover {
                frame: frame(&app, &visitor),
                problems,
                handle,
                code,
                new,
            },
        )
    };
    let passphrase = match new.chosen(fields.passphrase, &fields.again) {
        Ok(passphrase) => passphrase,
        Err(problems) => return again(problems.status(), problems, new),
    };
    let request = recovery::Request {
        handle: fields.handle.clone(),
        code: fields.code.clone(),
        passphrase,
        limiter: limiter(&visitor),
        door: visitor.door,
    };
    match recovery::recover(&app, request).await {
        Ok(()) => page(
            StatusCode::OK,
            &Recovered {
                frame: Frame::new(&app, &visitor, TEXT.recover_title, Here::SignIn),
            },
        ),
        Err(refused) => match Problems::of(refused, ("passphrase", TEXT.pass_wrong)) {
            Ok((status, problems)) => again(status, problems, new),
            Err(refused) => error::refuse(&app, &visitor, &refused),
        },
    }
}
