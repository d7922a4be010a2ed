//! The list of those behind the account, the own word, and invitations.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{Duty, Secret};
use bauta_service::accounts::keyholders::{self, Group};
use bauta_service::{App, Refused};
use serde::Deserialize;

use super::{Ticked, decide, in_words};
use crate::ask::Ask;
use crate::csrf::{Form, Nothing};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::form::Problems;
use crate::visitor::Visitor;
use crate::words_account::TEXT;
use crate::words_group::{EN, Words};

#[derive(Template)]
#[template(path = "group/people.html")]
struct People {
    frame: Frame,
    say: &'static Words,
    problems: Problems,
    done: Option<&'static str>,
    lines: Vec<Line>,
    decisions: Vec<decide::Line>,
    needed: usize,
    own: String,
    manages: bool,
    waiting: i64,
    code: Option<Secret<String>>,
    base_url: String,
}

/// Somebody in words.
struct Line {
    label: String,
    duties: String,
    me: bool,
}

/// `GET /settings/keyholders`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    let done = match ask.text("done") {
        "word" => Some(EN.word_kept),
        "void" => Some(EN.invite_voided),
        _ => None,
    };
    let shown = show(&app, &visitor, StatusCode::OK, Problems::none(), done, None).await;
    error::answer(&app, &visitor, shown)
}

async fn show(
    app: &App,
    visitor: &Visitor,
    status: StatusCode,
    problems: Problems,
    done: Option<&'static str>,
    code: Option<Secret<String>>,
) -> Result<Response, Refused> {
    let person = visitor.person()?;
    let Group { people, invites } = keyholders::group(app, person).await?;
    let (decisions, needed) = keyholders::decisions(app, person).await?;
    let own = people.iter().find(|one| one.me).map(|one| one.label.clone());
    let template = People {
        frame: Frame::new(app, visitor, EN.people, Here::Settings),
        say: &EN,
        problems,
        done,
        decisions: decide::lines(decisions, &people),
        needed,
        lines: people
            .into_iter()
            .map(|one| Line {
                label: one.label,
                duties: in_words(one.duties),
                me: one.me,
            })
            .collect(),
        own: own.unwrap_or_default(),
        manages: person.may(Duty::Manage).is_ok(),
        waiting: invites,
        code,
        base_url: app.site.base_at(visitor.door),
    };
    Ok(page(status, &template))
}

/// The page again, with what was wrong.
pub(super) async fn again(app: &App, visitor: &Visitor, refused: Refused) -> Result<Response, Refused> {
    let (status, problems) = Problems::of(refused, ("", ""))?;
    show(app, visitor, status, problems, None, None).await
}

/// The form of one's own word.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Word {
    label: String,
}

/// `POST /settings/keyholders/word`
pub async fn word(State(app): State<Arc<App>>, Form(visitor, fields): Form<Word>) -> Response {
    let kept = match visitor.person() {
        Ok(person) => keyholders::set_label(&app, person, &fields.label).await,
        Err(refused) => Err(refused),
    };
    let shown = match kept {
        Ok(()) => Ok(Redirect::to("/settings/keyholders?done=word").into_response()),
        Err(refused) => again(&app, &visitor, refused).await,
    };
    error::answer(&app, &visitor, shown)
}

/// `POST /settings/keyholders/invite`
pub async fn invite(State(app): State<Arc<App>>, Form(visitor, fields): Form<Ticked>) -> Response {
    let made = match visitor.person() {
        Ok(person) => keyholders::invite(&app, person, fields.duties()).await,
        Err(refused) => Err(refused),
    };
    let shown = match made {
        Ok(code) => show(&app, &visitor, StatusCode::OK, Problems::none(), None, Some(code)).await,
        Err(refused) => again(&app, &visitor, refused).await,
    };
    error::answer(&app, &visitor, shown)
}

/// `POST /settings/keyholders/void`
pub async fn void(State(app): State<Arc<App>>, Form(visitor, Nothing {}): Form<Nothing>) -> Response {
    let done = match visitor.person() {
        Ok(person) => keyholders::void_invites(&app, person).await,
        Err(refused) => Err(refused),
    };
    let shown = match done {
        Ok(()) => Ok(Redirect::to("/settings/keyholders?done=void").into_response()),
        Err(refused) => again(&app, &visitor, refused).await,
    };
    error::answer(&app, &visitor, shown)
}
