//! What lies outside the program: the officer is asked line by line, and answers in the operator's own words.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_desk::legal::NOT_ADVICE;
use bauta_desk::{OutsideLine, Statement};
use bauta_service::{App, Refused};

use super::{demand_id, officer};
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::speaking::Mistake;
use crate::visitor::Visitor;
use crate::words_desk::{DESK, Words};

/// A question with its field.
struct Asked {
    name: String,
    requested: String,
    question: String,
    words: String,
    /// The day of what was said before.
    said: Option<String>,
}

#[derive(Template)]
#[template(path = "desk/outside.html")]
struct Outside {
    frame: Frame,
    say: &'static Words,
    not_advice: &'static str,
    trouble: &'static str,
    mistake: Option<Mistake>,
    id: String,
    expected: u32,
    asked: Vec<Asked>,
}

impl Outside {
    fn is_wrong(&self, id: &str) -> bool {
        Mistake::is_at(self.mistake.as_ref(), id)
    }
}

type Fields = HashMap<String, String>;

/// A field's name in the form: the line, and what it is about.
fn name(line: &OutsideLine) -> String {
    format!("s.{}.{}", line.line, line.about)
}

/// `GET /desk/ID/outside`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor, Path(id): Path<String>) -> Response {
    let shown = show(&app, &visitor, &id, &Fields::new(), None).await;
    error::answer(&app, &visitor, shown)
}

async fn show(
    app: &App,
    visitor: &Visitor,
    id: &str,
    typed: &Fields,
    refused: Option<Refused>,
) -> Result<Response, Refused> {
    let officer = officer(app, visitor).await?;
    let id = demand_id(id)?;
    let case = app.desk.case(&officer, id).await?;
    let review = app.desk.review(&officer, id).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, error::status);
    let asked: Vec<Asked> = review.outside.iter().map(|line| asked(line, typed)).collect();
    let shown = Outside {
        frame: Frame::new(app, visitor, DESK.outside_title, Here::Elsewhere),
        say: &DESK,
        not_advice: NOT_ADVICE,
        trouble: DESK.outside_not,
        mistake: refused.map(|refused| Mistake {
            field: "",
            why: refused.to_string(),
        }),
        id: id.to_string(),
        expected: case.state.events,
        asked,
    };
    Ok(page(status, &shown))
}

fn asked(line: &OutsideLine, typed: &Fields) -> Asked {
    let name = name(line);
    let said = line.statement.as_ref();
    Asked {
        words: typed
            .get(&name)
            .cloned()
            .or_else(|| said.map(|said| said.words.clone()))
            .unwrap_or_default(),
        said: said.map(|said| said.day.long()),
        requested: line.requested.clone(),
        question: line.question.clone(),
        name,
    }
}

/// `POST /desk/ID/outside`
pub async fn send(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, fields): Form<Fields>,
) -> Response {
    let sent = match state(&app, &visitor, &id, &fields).await {
        Err(refused @ (Refused::NotFound | Refused::NotSignedIn)) => Err(refused),
        Err(refused) => show(&app, &visitor, &id, &fields, Some(refused)).await,
        Ok(answer) => Ok(answer),
    };
    error::answer(&app, &visitor, sent)
}

async fn state(app: &App, visitor: &Visitor, id: &str, fields: &Fields) -> Result<Response, Refused> {
    let officer = officer(app, visitor).await?;
    let id = demand_id(id)?;
    let review = app.desk.review(&officer, id).await?;
    let said = review.outside.iter().filter_map(|line| {
        let words = fields.get(&name(line))?.replace("\r\n", "\n").trim().to_owned();
        let before = line.statement.as_ref().map(|said| said.words.as_str());
        let is_new = !words.is_empty() && before != Some(words.as_str());
        is_new.then(|| Statement {
            line: line.line,
            about: line.about.clone(),
            words,
        })
    });
    let said = said.collect();
    let expected = fields.get("expected").and_then(|text| text.parse().ok());
    let expected = Some(expected.unwrap_or(0));
    app.desk.state_outside(&officer, id, expected, said).await?;
    Ok(Redirect::to(&format!("/desk/{id}/outside")).into_response())
}
