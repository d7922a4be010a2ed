//! Coming to an account by an invitation. Nothing is stored before the one form is sent.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use bauta_service::accounts::keyholders::{self, Invited, Joined, Joining};
use bauta_service::{App, Refused};
use serde::Deserialize;

use super::in_words;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::form::{NewPassphrase, Problems, limiter};
use crate::pages::account::join::steps;
use crate::visitor::{Visitor, set_cookie};
use crate::words_account::TEXT;
use crate::words_group::{EN, Words};

#[derive(Template)]
#[template(path = "group/come_ask.html")]
struct Ask<'a> {
    frame: Frame,
    say: &'static Words,
    problems: Problems,
    code: &'a str,
}

#[derive(Template)]
#[template(path = "group/come.html")]
struct Come<'a> {
    frame: Frame,
    say: &'static Words,
    problems: Problems,
    fields: &'a Fields,
    handle: String,
    duties: String,
    new: NewPassphrase,
}

/// The form, as it is sent. Without the words of a passphrase it asks what the invitation is into.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    code: String,
    label: String,
    proposed: String,
    passphrase: String,
    again: String,
    codes: String,
}

/// `GET /join/with`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    ask_page(&app, &visitor, "", StatusCode::OK, Problems::none())
}

fn ask_page(app: &App, visitor: &Visitor, code: &str, status: StatusCode, problems: Problems) -> Response {
    let template = Ask {
        frame: Frame::with_form(app, visitor, EN.come, Here::SignUp),
        say: &EN,
        problems,
        code,
    };
    page(status, &template)
}

/// `GET /join/with/CODE`
pub async fn ask_with_code(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> Response {
    let fields = Fields {
        code,
        ..Fields::default()
    };
    error::answer(&app, &visitor, look(&app, &visitor, &fields).await)
}

/// `POST /join/with`
pub async fn send(State(app): State<Arc<App>>, Form(visitor, fields): Form<Fields>) -> Response {
    let answer = if fields.proposed.is_empty() {
        look(&app, &visitor, &fields).await
    } else {
        come(&app, &visitor, fields).await
    };
    error::answer(&app, &visitor, answer)
}

/// What the invitation is into.
async fn look(app: &App, visitor: &Visitor, fields: &Fields) -> Result<Response, Refused> {
    match keyholders::invited(app, &fields.code, limiter(visitor)).await {
        Ok(invited) => Ok(form(
            app,
            visitor,
            fields,
            &invited,
            NewPassphrase::fresh(),
            (StatusCode::OK, Problems::none()),
        )),
        Err(refused) => {
            let (status, problems) = Problems::of(refused, ("", ""))?;
            Ok(ask_page(app, visitor, &fields.code, status, problems))
        }
    }
}

fn form(
    app: &App,
    visitor: &Visitor,
    fields: &Fields,
    invited: &Invited,
    new: NewPassphrase,
    (status, problems): (StatusCode, Problems),
) -> Response {
    let template = Come {
        frame: Frame::with_form(app, visitor, EN.come, Here::SignUp),
        say: &EN,
        problems,
        fields,
        handle: invited.handle.to_string(),
        duties: in_words(invited.duties),
        new,
    };
    page(status, &template)
}

async fn come(app: &App, visitor: &Visitor, mut fields: Fields) -> Result<Response, Refused> {
    let new = NewPassphrase::again(std::mem::take(&mut fields.proposed));
    let own = std::mem::take(&mut fields.passphrase);
    let passphrase = match new.chosen(own, &fields.again) {
        Ok(passphrase) => passphrase,
        Err(problems) => {
            let invited = keyholders::invited(app, &fields.code, limiter(visitor)).await?;
            let wrong = (problems.status(), problems);
            return Ok(form(app, visitor, &fields, &invited, new, wrong));
        }
    };
    let request = Joining {
        code: fields.code.clone(),
        label: fields.label.clone(),
        passphrase,
        with_codes: !fields.codes.is_empty(),
        limiter: limiter(visitor),
    };
    match keyholders::join(app, request).await {
        Ok(joined) => Ok(done(app, visitor, &joined).await),
        Err(refused) => {
            let wrong_code = matches!(
                &refused,
                Refused::Invalid {
                    field: "code" | "invite",
                    ..
                }
            );
            let (status, problems) = Problems::of(refused, ("passphrase", TEXT.pass_wrong))?;
            if wrong_code {
                return Ok(ask_page(app, visitor, &fields.code, status, problems));
            }
            let invited = keyholders::invited(app, &fields.code, limiter(visitor)).await?;
            Ok(form(app, visitor, &fields, &invited, new, (status, problems)))
        }
    }
}

/// Signed in at once: to the codes, if there are any, else to the others.
async fn done(app: &App, visitor: &Visitor, joined: &Joined) -> Response {
    let cookie = set_cookie(app, joined.token.expose(), false);
    if joined.codes.is_empty() {
        return ([(SET_COOKIE, cookie)], Redirect::to("/settings/keyholders")).into_response();
    }
    let header = HeaderValue::from_str(&cookie).ok();
    let person = Visitor::by_cookie(app, header.as_ref(), visitor.limiter, visitor.door).await;
    let page = steps::done(app, &person, &joined.codes);
    ([(SET_COOKIE, cookie)], page).into_response()
}
