//! Papers of a demand: encrypted to officers' own keys when they come, and handed out as they lie here.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use bauta_desk::legal::NOT_ADVICE;
use bauta_desk::{Officer, PaperKind};
use bauta_model::{DemandId, counted};
use bauta_service::{App, Refused};

use super::step::which;
use super::{demand_id, officer};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::speaking::Mistake;
use crate::upload::Upload;
use crate::visitor::Visitor;
use crate::words_desk::{DESK, Words};
use crate::words_papers::PAPERS;

struct Line {
    id: String,
    kind: &'static str,
    added: String,
    destroy: String,
    gone: bool,
}

#[derive(Template)]
#[template(path = "desk/papers.html")]
struct Papers {
    frame: Frame,
    say: &'static Words,
    not_advice: &'static str,
    trouble: &'static str,
    mistake: Option<Mistake>,
    id: String,
    which: String,
    lines: Vec<Line>,
    more: &'static crate::words_papers::Words,
    /// A paper of this demand lies open for this officer.
    open: bool,
    copies: Vec<Waiting>,
}

/// A redacted copy that waits for a second officer.
struct Waiting {
    id: String,
    title: String,
    on: String,
    pages: String,
    boxes: String,
}

fn waiting(copies: Vec<bauta_desk::Copy>) -> Vec<Waiting> {
    let line = |copy: bauta_desk::Copy| Waiting {
        pages: counted(copy.pages, PAPERS.copy_page, PAPERS.copy_pages),
        boxes: counted(copy.boxes, PAPERS.copy_box, PAPERS.copy_boxes),
        on: copy.on,
        id: copy.id,
        title: copy.title,
    };
    copies.into_iter().map(line).collect()
}

impl Papers {
    fn is_wrong(&self, id: &str) -> bool {
        Mistake::is_at(self.mistake.as_ref(), id)
    }
}

/// Looks at a paper in the sandbox before it is sealed, since nobody here can afterwards: a bomb, or a lie about its
/// kind, is refused with a sentence.
pub async fn checked(app: &App, bytes: &[u8]) -> Result<(), Refused> {
    let drawn = app.worker.paper_page(bytes, 0).await;
    drawn
        .map(|_| ())
        .map_err(|error| Refused::invalid("paper", error.to_string()))
}

/// Seals a paper, and lays a document on the officer's table, since nobody here can open it afterwards.
pub async fn keep(
    app: &App,
    officer: &Officer,
    id: DemandId,
    kind: PaperKind,
    name: String,
    bytes: Vec<u8>,
) -> Result<(), Refused> {
    let again = (kind == PaperKind::Document).then(|| bytes.clone());
    let (_, hash) = app.desk.add_known_paper(officer, id, kind, name, bytes).await?;
    if let Some(bytes) = again {
        // A table that is full is no reason to lose what was just sealed.
        let _ = app.desk.lay(officer, Some(id), bytes, Some(hash)).await;
    }
    Ok(())
}

/// `GET /desk/ID/papers`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor, Path(id): Path<String>) -> Response {
    error::answer(&app, &visitor, show(&app, &visitor, &id, None).await)
}

/// The list, with what was refused.
pub async fn show(
    app: &App,
    visitor: &Visitor,
    id: &str,
    refused: Option<Refused>,
) -> Result<Response, Refused> {
    let officer = officer(app, visitor).await?;
    let case = app.desk.case(&officer, demand_id(id)?).await?;
    let known = app.desk.papers(&officer, case.id).await?;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let status = refused.as_ref().map_or(StatusCode::OK, error::status);
    let ids = [
        ("paper", "paper"),
        ("key", "paper"),
        ("kind", "kind"),
        ("opened", "opened"),
    ];
    let papers = Papers {
        frame: Frame::new(app, visitor, DESK.papers, Here::Elsewhere),
        say: &DESK,
        not_advice: NOT_ADVICE,
        trouble: DESK.not_done,
        mistake: refused.map(|refused| Mistake::of(&refused, &ids)),
        id: case.id.to_string(),
        which: which(&case),
        more: &PAPERS,
        open: app.desk.open_paper(&officer, Some(case.id)).is_some(),
        copies: waiting(app.desk.copies(&officer, case.id).await?),
        lines: known
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default()
            .iter()
            .map(|one| Line {
                id: text(&one["id"]),
                kind: match one["kind"].as_str() {
                    Some("answer") => DESK.paper_answer,
                    Some("counsel_note") => DESK.paper_note,
                    _ => DESK.paper_document,
                },
                added: text(&one["added"]),
                destroy: text(&one["destroy"]),
                gone: one["destroyed"] == true,
            })
            .collect(),
    };
    Ok(page(status, &papers))
}

/// `POST /desk/ID/papers`
pub async fn add(State(app): State<Arc<App>>, Path(id): Path<String>, mut upload: Upload) -> Response {
    let bytes = upload.file("paper").unwrap_or_default();
    let made = match added(&app, &upload, &id, bytes).await {
        Ok(()) => Ok(Redirect::to(&format!("/desk/{id}/papers")).into_response()),
        Err(refused @ (Refused::NotFound | Refused::NotSignedIn)) => Err(refused),
        Err(refused) => show(&app, &upload.visitor, &id, Some(refused)).await,
    };
    error::answer(&app, &upload.visitor, made)
}

async fn added(app: &App, upload: &Upload, id: &str, bytes: Vec<u8>) -> Result<(), Refused> {
    let officer = officer(app, &upload.visitor).await?;
    let kind = match upload.text("kind") {
        "document" => PaperKind::Document,
        "counsel_note" => PaperKind::CounselNote,
        _ => return Err(Refused::invalid("kind", DESK.wrong_choice)),
    };
    let name: String = upload.text("name").trim().chars().take(200).collect();
    if name.is_empty() {
        return Err(Refused::invalid("kind", DESK.wrong_empty));
    }
    if kind == PaperKind::Document {
        checked(app, &bytes).await?;
    }
    keep(app, &officer, demand_id(id)?, kind, name, bytes).await
}

/// `GET /desk/ID/papers/PAPER`: as it lies here, encrypted.
pub async fn fetch(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path((id, paper)): Path<(String, String)>,
) -> Response {
    error::answer(&app, &visitor, fetched(&app, &visitor, &id, &paper).await)
}

async fn fetched(app: &App, visitor: &Visitor, id: &str, paper: &str) -> Result<Response, Refused> {
    let officer = officer(app, visitor).await?;
    let paper = paper.parse().map_err(|_| Refused::NotFound)?;
    let bytes = app.desk.paper(&officer, demand_id(id)?, paper).await?;
    let headers = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{paper}.age\""),
        ),
    ];
    Ok((headers, bytes).into_response())
}
