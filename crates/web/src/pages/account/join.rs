//! Signing up, in four steps. Nothing is stored before the last: what was typed travels from page to page in hidden
//! fields, on pages that no browser keeps (`no-store`).

pub(super) mod steps;

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{Door, Handle, Hold, Secret, Standing};
use bauta_service::accounts;
use bauta_service::accounts::sign_up::{self, First, Request, SignedUp, WayIn};
use bauta_service::{App, Refused, Registrations};
use serde::Deserialize;

use super::form::{NewPassphrase, Problems, limiter};
use crate::csrf::Form;
use crate::error;
use crate::visitor::{Visitor, set_cookie};
use crate::words_account::TEXT;

/// What has been decided so far, as every step's form carries it on.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    /// The button that was pressed, by the step that it ends.
    step: String,
    invite: String,
    /// Token of the first operator's link.
    first: String,
    handle: String,
    passphrase: String,
    own: String,
    again: String,
    /// The two places whose words are asked back, like `2,5`.
    places: String,
    word_a: String,
    word_b: String,
    codes: String,
    /// When posts appear.
    hold: String,
    /// What is said to whoever decides who is let in.
    reason: String,
}

/// `GET /join`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    begin(&app, &visitor, Fields::default())
}

/// `GET /join/CODE`
pub async fn ask_with_invite(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(invite): Path<String>,
) -> Response {
    begin(
        &app,
        &visitor,
        Fields {
            invite,
            ..Fields::default()
        },
    )
}

/// `GET /join/first/TOKEN`
pub async fn ask_with_link(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(first): Path<String>,
) -> Response {
    begin(
        &app,
        &visitor,
        Fields {
            first,
            ..Fields::default()
        },
    )
}

fn begin(app: &App, visitor: &Visitor, fields: Fields) -> Response {
    if visitor.speaker.is_some() {
        return Redirect::to("/").into_response();
    }
    if fields.first.is_empty() && app.site.registrations == Registrations::Closed {
        return error::refuse(app, visitor, &Refused::Forbidden(TEXT.join_closed));
    }
    if !fields.first.is_empty() && !accounts::first_link_is_good(app, &fields.first) {
        return error::refuse(app, visitor, &Refused::Forbidden(TEXT.join_link_void));
    }
    steps::name(app, visitor, &fields, Problems::none())
}

/// `POST /join`
pub async fn send(
    State(app): State<Arc<App>>,
    door: Option<Extension<Door>>,
    Form(visitor, fields): Form<Fields>,
) -> Response {
    if visitor.speaker.is_some() {
        return Redirect::to("/").into_response();
    }
    let made = match fields.step.as_str() {
        "name" | "other" => name_given(&app, &visitor, fields).await,
        "again" => Ok(words_again(&app, &visitor, fields)),
        "words" => Ok(steps::ask_back(&app, &visitor, &fields, Problems::none())),
        "own" => own_given(&app, &visitor, fields).await,
        "back" => Ok(words_back(&app, &visitor, &fields)),
        "codes" => Ok(steps::know(
            &app,
            &visitor,
            &fields,
            door.map(|door| door.0),
            Problems::none(),
        )),
        "make" => make(&app, &visitor, fields, door.map(|door| door.0)).await,
        _ => Ok(begin(&app, &visitor, fields)),
    };
    error::answer(&app, &visitor, made)
}

/// A name was given: it is looked at, then words are offered.
async fn name_given(app: &App, visitor: &Visitor, fields: Fields) -> Result<Response, Refused> {
    match name_is_good(app, &fields).await {
        Ok(()) => Ok(steps::words(
            app,
            visitor,
            &fields,
            &NewPassphrase::fresh(),
            Problems::none(),
        )),
        Err(refused) => {
            let (_, problems) = Problems::of(refused, ("handle", TEXT.sign_in_wrong))?;
            Ok(steps::name(app, visitor, &fields, problems))
        }
    }
}

async fn name_is_good(app: &App, fields: &Fields) -> Result<(), Refused> {
    let invited = app.site.registrations == Registrations::Invite && fields.first.is_empty();
    if invited && fields.invite.trim().is_empty() {
        return Err(Refused::invalid("invite", TEXT.join_invite_missing));
    }
    if invited && !sign_up::invite_is_good(app, &fields.invite).await? {
        return Err(Refused::invalid("invite", TEXT.join_invite_wrong));
    }
    let handle = Handle::parse(fields.handle.trim())?;
    sign_up::check(app, &handle, None).await
}

fn words_again(app: &App, visitor: &Visitor, mut fields: Fields) -> Response {
    let words = NewPassphrase::again(std::mem::take(&mut fields.passphrase));
    steps::words(app, visitor, &fields, &words, Problems::none())
}

/// A passphrase of the person's own was given.
async fn own_given(app: &App, visitor: &Visitor, mut fields: Fields) -> Result<Response, Refused> {
    let own = std::mem::take(&mut fields.own);
    let problems = if own == fields.again {
        let handle = Handle::parse(fields.handle.trim())?;
        let judged = Secret::new(own.clone());
        match sign_up::check(app, &handle, Some(&judged)).await {
            Ok(()) => {
                fields.passphrase = own;
                return Ok(steps::codes(app, visitor, &fields));
            }
            Err(Refused::Invalid {
                field: "passphrase",
                why,
            }) => Problems::at("own", why),
            Err(refused) => return Err(refused),
        }
    } else {
        Problems::at("own", TEXT.join_not_same)
    };
    let words = NewPassphrase::again(std::mem::take(&mut fields.passphrase));
    Ok(steps::words(app, visitor, &fields, &words, problems))
}

/// Two words were given back.
fn words_back(app: &App, visitor: &Visitor, fields: &Fields) -> Response {
    let (a, b) = steps::places(&fields.places);
    if steps::is_word(&fields.passphrase, a, &fields.word_a)
        && steps::is_word(&fields.passphrase, b, &fields.word_b)
    {
        steps::codes(app, visitor, fields)
    } else {
        steps::ask_back(app, visitor, fields, Problems::at("word_a", TEXT.join_ask_wrong))
    }
}

/// The last step: the account is made.
async fn make(app: &App, visitor: &Visitor, fields: Fields, door: Option<Door>) -> Result<Response, Refused> {
    let refused = match sign_up(app, visitor, &fields).await {
        Ok(signed_up) => return Ok(done(app, visitor, &signed_up).await),
        Err(refused) => refused,
    };
    let wrong_passphrase = matches!(
        &refused,
        Refused::Invalid {
            field: "passphrase",
            ..
        }
    );
    let wrong_name = matches!(&refused, Refused::Invalid { .. });
    let (status, problems) = Problems::of(refused, ("passphrase", TEXT.sign_in_wrong))?;
    let mut response = if wrong_passphrase {
        let why = problems.shown().map_or(String::new(), |(_, why)| why.to_owned());
        steps::words(
            app,
            visitor,
            &fields,
            &NewPassphrase::fresh(),
            Problems::at("own", why),
        )
    } else if wrong_name {
        steps::name(app, visitor, &fields, problems)
    } else {
        steps::know(app, visitor, &fields, door, problems)
    };
    *response.status_mut() = status;
    Ok(response)
}

async fn sign_up(app: &App, visitor: &Visitor, fields: &Fields) -> Result<SignedUp, Refused> {
    let way_in = if !fields.first.is_empty() {
        WayIn::FirstOperator(fields.first.clone())
    } else if fields.invite.is_empty() {
        WayIn::Asking(fields.reason.clone())
    } else {
        WayIn::Invite(fields.invite.clone())
    };
    let request = Request {
        handle: Handle::parse(fields.handle.trim())?,
        passphrase: Secret::new(fields.passphrase.clone()),
        way_in,
        with_codes: fields.codes == "yes",
        hold: Hold::from_api(&fields.hold).unwrap_or_default(),
        first: First::Web,
        limiter: limiter(visitor),
    };
    accounts::sign_up(app, request).await
}

/// Signed in at once: to the codes, if there are any, else to the empty home page, or to the one that says to wait.
async fn done(app: &App, visitor: &Visitor, signed_up: &SignedUp) -> Response {
    let cookie = set_cookie(app, signed_up.token.expose(), false);
    if signed_up.codes.is_empty() {
        let to = if signed_up.account.standing == Standing::Suspended {
            "/settings/decisions"
        } else {
            "/"
        };
        return ([(SET_COOKIE, cookie)], Redirect::to(to)).into_response();
    }
    let header = HeaderValue::from_str(&cookie).ok();
    let person = Visitor::by_cookie(app, header.as_ref(), visitor.limiter, visitor.door).await;
    let page = steps::done(app, &person, &signed_up.codes);
    ([(SET_COOKIE, cookie)], page).into_response()
}
