//! Letters of a demand: read, changed, taken as a file, and said to be sent. The server sends none.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use bauta_desk::Form as LetterForm;
use bauta_desk::legal::NOT_ADVICE;
use bauta_desk::{Draft, Written};
use bauta_service::{App, Refused};
use serde::Deserialize;

use super::step::which;
use super::{demand_id, officer};
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::speaking::Mistake;
use crate::visitor::Visitor;
use crate::words_desk::{DESK, Words, letter_name, letter_use};

/// A kind of letter in the list.
struct Line {
    kind: &'static str,
    name: &'static str,
    means: &'static str,
    cant: Option<String>,
    kept: Option<String>,
}

#[derive(Template)]
#[template(path = "desk/letters.html")]
struct Letters {
    frame: Frame,
    say: &'static Words,
    not_advice: &'static str,
    id: String,
    which: String,
    lines: Vec<Line>,
}

/// `GET /desk/ID/letters`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor, Path(id): Path<String>) -> Response {
    error::answer(&app, &visitor, listed(&app, &visitor, &id).await)
}

async fn listed(app: &App, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    let officer = officer(app, visitor).await?;
    let case = app.desk.case(&officer, demand_id(id)?).await?;
    let offered = app.desk.letters(&officer, case.id).await?;
    let letters = Letters {
        frame: Frame::new(app, visitor, DESK.letters, Here::Elsewhere),
        say: &DESK,
        not_advice: NOT_ADVICE,
        id: case.id.to_string(),
        which: which(&case),
        lines: offered
            .into_iter()
            .map(|one| Line {
                kind: one.kind,
                name: letter_name(one.kind),
                means: letter_use(one.kind),
                cant: one.cant,
                kept: one.kept.map(bauta_model::Day::long),
            })
            .collect(),
    };
    Ok(page(StatusCode::OK, &letters))
}

#[derive(Template)]
#[template(path = "desk/write.html")]
struct Write {
    frame: Frame,
    say: &'static Words,
    not_advice: &'static str,
    trouble: &'static str,
    mistake: Option<Mistake>,
    id: String,
    which: String,
    kind: String,
    letter: Written,
    kept: Option<String>,
    /// What was typed, where it was refused.
    text: String,
    how: String,
}

impl Write {
    fn is_wrong(&self, id: &str) -> bool {
        Mistake::is_at(self.mistake.as_ref(), id)
    }
}

/// What was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    text: String,
    how: String,
}

/// `GET /desk/ID/letters/KIND`
pub async fn read(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path((id, kind)): Path<(String, String)>,
) -> Response {
    let shown = show(&app, &visitor, &id, &kind, Typed::default(), None).await;
    error::answer(&app, &visitor, shown)
}

async fn show(
    app: &App,
    visitor: &Visitor,
    id: &str,
    kind: &str,
    typed: Typed,
    refused: Option<Refused>,
) -> Result<Response, Refused> {
    let officer = officer(app, visitor).await?;
    let case = app.desk.case(&officer, demand_id(id)?).await?;
    let letter = app.desk.written(&officer, case.id, kind).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, error::status);
    let ids = [("text", "text"), ("how", "how"), ("key", "how")];
    let write = Write {
        frame: Frame::new(app, visitor, letter.title.clone(), Here::Elsewhere),
        say: &DESK,
        not_advice: NOT_ADVICE,
        trouble: DESK.not_done,
        mistake: refused.map(|refused| Mistake::of(&refused, &ids)),
        id: case.id.to_string(),
        which: which(&case),
        kind: kind.to_owned(),
        kept: letter.kept.map(bauta_model::Day::long),
        text: if typed.text.is_empty() {
            letter.text.clone()
        } else {
            typed.text
        },
        how: typed.how,
        letter,
    };
    Ok(page(status, &write))
}

/// What a form of a letter does.
#[derive(Clone, Copy)]
enum What {
    Keep,
    Sent,
    Drop,
}

/// `POST /desk/ID/letters/KIND`
pub async fn keep(
    State(app): State<Arc<App>>,
    Path((id, kind)): Path<(String, String)>,
    Form(visitor, typed): Form<Typed>,
) -> Response {
    done(&app, &visitor, &id, &kind, typed, What::Keep).await
}

/// `POST /desk/ID/letters/KIND/sent`
pub async fn sent(
    State(app): State<Arc<App>>,
    Path((id, kind)): Path<(String, String)>,
    Form(visitor, typed): Form<Typed>,
) -> Response {
    done(&app, &visitor, &id, &kind, typed, What::Sent).await
}

/// `POST /desk/ID/letters/KIND/drop`
pub async fn throw_away(
    State(app): State<Arc<App>>,
    Path((id, kind)): Path<(String, String)>,
    Form(visitor, typed): Form<Typed>,
) -> Response {
    done(&app, &visitor, &id, &kind, typed, What::Drop).await
}

async fn done(app: &App, visitor: &Visitor, id: &str, kind: &str, typed: Typed, what: What) -> Response {
    let answer = match apply(app, visitor, id, kind, &typed, what).await {
        Ok(()) => {
            let back = match what {
                What::Sent => format!("/desk/{id}/papers"),
                What::Keep | What::Drop => format!("/desk/{id}/letters/{kind}"),
            };
            Ok(Redirect::to(&back).into_response())
        }
        Err(refused @ (Refused::NotFound | Refused::NotSignedIn)) => Err(refused),
        Err(refused) => show(app, visitor, id, kind, typed, Some(refused)).await,
    };
    error::answer(app, visitor, answer)
}

async fn apply(
    app: &App,
    visitor: &Visitor,
    id: &str,
    kind: &str,
    typed: &Typed,
    what: What,
) -> Result<(), Refused> {
    let officer = officer(app, visitor).await?;
    let id = demand_id(id)?;
    match what {
        What::Keep => {
            let text = typed.text.clone();
            app.desk.keep_letter(&officer, id, kind, text).await?;
        }

        What::Drop => app.desk.drop_letter(&officer, id, kind).await?,
        What::Sent => drop(app.desk.letter_sent(&officer, id, kind, &typed.how).await?),
    }
    Ok(())
}

/// `GET /desk/ID/letters/KIND/file/FORM`
pub async fn file(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path((id, kind, form)): Path<(String, String, String)>,
) -> Response {
    let made = filed(&app, &visitor, &id, &kind, &form).await;
    error::answer(&app, &visitor, made)
}

async fn filed(app: &App, visitor: &Visitor, id: &str, kind: &str, form: &str) -> Result<Response, Refused> {
    let officer = officer(app, visitor).await?;
    let form = match (kind, form) {
        ("calendar", "ics") => LetterForm::Text,
        ("calendar", _) => return Err(Refused::NotFound),
        (_, "txt") => LetterForm::Text,
        (_, "pdf") => LetterForm::Pdf,
        _ => return Err(Refused::NotFound),
    };
    let Draft { name, mime, bytes } = app.desk.letter(&officer, demand_id(id)?, kind, form).await?;
    let headers = [
        (CONTENT_TYPE, mime.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}
