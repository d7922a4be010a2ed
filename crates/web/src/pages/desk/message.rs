//! A message from the server: what a demand asks about the reader, what it comes to, by when they can answer, and the
//! answer. Reading leaves no trace; saying that one has read it leaves a flag without a time.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_desk::{Letter, Told, UserAnswer};
use bauta_service::accounts::keyholders::{self, Given};
use bauta_service::{App, Refused};
use serde::Deserialize;

use super::proof::{Offered, offered};
use crate::csrf::{Form, Nothing};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::speaking::Mistake;
use crate::visitor::Visitor;
use crate::words_desk::{DESK, Words, spoken_debug};

struct Line {
    id: String,
    until: String,
    seen: bool,
}

#[derive(Template)]
#[template(path = "desk/messages.html")]
struct Messages {
    frame: Frame,
    say: &'static Words,
    lines: Vec<Line>,
}

/// `GET /notices`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    error::answer(&app, &visitor, list_page(&app, &visitor).await)
}

async fn list_page(app: &App, visitor: &Visitor) -> Result<Response, Refused> {
    let told = app.desk.told(visitor.person()?.owner()).await?;
    let line = |told: &Told| Line {
        id: told.id.to_string(),
        until: told.until.long(),
        seen: told.seen,
    };
    let messages = Messages {
        frame: frame(app, visitor, DESK.messages),
        say: &DESK,
        lines: told.iter().map(line).collect(),
    };
    Ok(page(StatusCode::OK, &messages))
}

/// These pages are where the line in the frame leads: on them it is not needed.
fn frame(app: &App, visitor: &Visitor, title: &str) -> Frame {
    Frame {
        message: false,
        ..Frame::new(app, visitor, title, Here::Elsewhere)
    }
}

#[derive(Template)]
#[template(path = "desk/message.html")]
struct Message {
    frame: Frame,
    say: &'static Words,
    trouble: &'static str,
    mistake: Option<Mistake>,
    id: String,
    letter: Letter,
    open: bool,
    seen: bool,
    /// What was answered before, in words; empty for nothing.
    answered: &'static str,
    consents: bool,
    words: String,
    key: String,
    /// The link for counsel, shown once.
    link: Option<String>,
    /// Files of the public log.
    proofs: Vec<Offered>,
}

impl Message {
    fn is_wrong(&self, id: &str) -> bool {
        Mistake::is_at(self.mistake.as_ref(), id)
    }
}

/// An answer, as it is sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    answer: String,
    words: String,
    key: String,
}

/// `GET /notices/ID`: nothing is noted.
pub async fn read(State(app): State<Arc<App>>, visitor: Visitor, Path(id): Path<String>) -> Response {
    let shown = show(&app, &visitor, &id, Fields::default(), None, None).await;
    error::answer(&app, &visitor, shown)
}

async fn show(
    app: &App,
    visitor: &Visitor,
    id: &str,
    fields: Fields,
    refused: Option<Refused>,
    link: Option<String>,
) -> Result<Response, Refused> {
    let id = id.parse().map_err(|_| Refused::NotFound)?;
    let reader = visitor.person()?.owner();
    let account = reader.account;
    let told = app.desk.notice_of(reader, id).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, error::status);
    let ids = [("words", "words"), ("key", "key"), ("answer", "words")];
    let answer = spoken_debug(&told.answer);
    let message = Message {
        frame: frame(app, visitor, &told.letter.title),
        say: &DESK,
        trouble: DESK.not_answered,
        mistake: refused.map(|refused| Mistake::of(&refused, &ids)),
        id: told.id.to_string(),
        open: told.until >= app.clock.now().day(),
        seen: told.seen,
        answered: match answer.as_str() {
            "objected" => DESK.you_objected,
            "consented" => DESK.you_consented,
            _ => "",
        },
        consents: answer == "consented",
        letter: told.letter,
        words: fields.words,
        key: fields.key,
        link,
        proofs: offered(app, account, id).await,
    };
    Ok(page(status, &message))
}

/// `POST /notices/ID`: "I have read it".
pub async fn seen(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, Nothing {}): Form<Nothing>,
) -> Response {
    error::answer(&app, &visitor, see(&app, &visitor, &id).await)
}

async fn see(app: &App, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    let notice = id.parse().map_err(|_| Refused::NotFound)?;
    app.desk.see(visitor.person()?.owner(), notice).await?;
    Ok(Redirect::to(&format!("/notices/{id}")).into_response())
}

/// `POST /notices/ID/answer`
pub async fn answer(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, fields): Form<Fields>,
) -> Response {
    error::answer(&app, &visitor, answered(&app, &visitor, &id, fields).await)
}

async fn answered(app: &App, visitor: &Visitor, id: &str, fields: Fields) -> Result<Response, Refused> {
    match give(app, visitor, id, &fields).await {
        Ok(Given::Proposed) => Ok(Redirect::to("/settings/keyholders").into_response()),
        Ok(Given::Now(None)) => Ok(Redirect::to(&format!("/notices/{id}")).into_response()),
        Ok(Given::Now(link)) => show(app, visitor, id, Fields::default(), None, link).await,
        Err(refused @ (Refused::NotFound | Refused::NotSignedIn)) => Err(refused),
        Err(refused) => show(app, visitor, id, fields, Some(refused), None).await,
    }
}

async fn give(app: &App, visitor: &Visitor, id: &str, fields: &Fields) -> Result<Given, Refused> {
    let person = visitor.person()?;
    let id = id.parse().map_err(|_| Refused::NotFound)?;
    let answer = match fields.answer.as_str() {
        "object" => UserAnswer::Object {
            words: fields.words.clone(),
        },
        "consent" => UserAnswer::Consent {},
        "revoke" => UserAnswer::Revoke {},
        "publish" => UserAnswer::ConsentToPublish {},
        "counsel" => UserAnswer::Counsel {
            key: fields.key.clone(),
        },
        _ => return Err(Refused::invalid("answer", DESK.wrong_choice)),
    };
    keyholders::answer(app, person, id, answer).await
}
