//! A redacted copy that waits for a second officer: its pages as pictures of the very file that would be published.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_desk::Copy;
use bauta_desk::legal::NOT_ADVICE;
use bauta_model::Secret;
use bauta_service::accounts::passphrase;
use bauta_service::{App, Refused};
use serde::Deserialize;

use super::step::which;
use super::table::{Leaf, Which, leaves, png};
use super::{demand_id, officer};
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::limiter;
use crate::pages::speaking::Mistake;
use crate::visitor::Visitor;
use crate::words_account::TEXT;
use crate::words_papers::{PAPERS, Words};

#[derive(Template)]
#[template(path = "desk/copy.html")]
struct CopyPage {
    frame: Frame,
    say: &'static Words,
    not_advice: &'static str,
    trouble: &'static str,
    mistake: Option<Mistake>,
    id: String,
    which: String,
    copy: Copy,
    leaves: Vec<Leaf>,
    page: u16,
    name: u16,
}

impl CopyPage {
    fn is_wrong(&self, id: &str) -> bool {
        Mistake::is_at(self.mistake.as_ref(), id)
    }
}

/// `GET /desk/ID/copies/COPY`
pub async fn look(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path((id, copy)): Path<(String, String)>,
    Query(Which { page }): Query<Which>,
) -> Response {
    let shown = show(&app, &visitor, &id, &copy, page, None).await;
    error::answer(&app, &visitor, shown)
}

async fn show(
    app: &App,
    visitor: &Visitor,
    id: &str,
    copy: &str,
    number: u16,
    refused: Option<Refused>,
) -> Result<Response, Refused> {
    let officer = officer(app, visitor).await?;
    let case = app.desk.case(&officer, demand_id(id)?).await?;
    let all = app.desk.copies(&officer, case.id).await?;
    let copy = all
        .into_iter()
        .find(|one| one.id == copy)
        .ok_or(Refused::NotFound)?;
    let number = number.min(copy.pages.saturating_sub(1));
    let status = refused.as_ref().map_or(StatusCode::OK, error::status);
    let shown = CopyPage {
        frame: Frame::new(app, visitor, copy.title.clone(), Here::Elsewhere),
        say: &PAPERS,
        not_advice: NOT_ADVICE,
        trouble: PAPERS.not_done,
        mistake: refused.map(|refused| Mistake::of(&refused, &[("passphrase", "passphrase")])),
        id: case.id.to_string(),
        which: which(&case),
        leaves: leaves(copy.pages, number),
        page: number,
        name: number + 1,
        copy,
    };
    Ok(page(status, &shown))
}

/// `GET /desk/ID/copies/COPY/PAGE`
pub async fn picture(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path((id, copy, number)): Path<(String, String, u16)>,
) -> Response {
    let drawn = async {
        let officer = officer(&app, &visitor).await?;
        let id = demand_id(&id)?;
        Ok(png(app.desk.copy_page(&officer, id, &copy, number).await?))
    };
    error::answer(&app, &visitor, drawn.await)
}

/// What was typed.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct Typed {
    passphrase: String,
    drop: String,
}

/// `POST /desk/ID/copies/COPY`
pub async fn send(
    State(app): State<Arc<App>>,
    Path((id, copy)): Path<(String, String)>,
    Form(visitor, typed): Form<Typed>,
) -> Response {
    let passphrase = Secret::new(typed.passphrase);
    let drop = !typed.drop.is_empty();
    let answer = match apply(&app, &visitor, &id, &copy, &passphrase, drop).await {
        Ok(()) => Ok(Redirect::to(&format!("/desk/{id}/papers")).into_response()),
        Err(refused @ (Refused::NotFound | Refused::NotSignedIn)) => Err(refused),
        Err(refused) => show(&app, &visitor, &id, &copy, 0, Some(refused)).await,
    };
    error::answer(&app, &visitor, answer)
}

async fn apply(
    app: &App,
    visitor: &Visitor,
    id: &str,
    copy: &str,
    passphrase: &Secret<String>,
    drop: bool,
) -> Result<(), Refused> {
    let officer = officer(app, visitor).await?;
    let id = demand_id(id)?;
    if drop {
        return Ok(app.desk.drop_copy(&officer, id, copy).await?);
    }
    passphrase::prove_again(app, visitor.person()?, passphrase, limiter(visitor))
        .await
        .map_err(|refused| match refused {
            Refused::WrongPassphrase => Refused::invalid("passphrase", TEXT.pass_wrong),
            other => other,
        })?;
    app.desk.publish_copy(&officer, id, copy).await?;
    Ok(())
}
