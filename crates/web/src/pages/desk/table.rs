//! The light table: pages of an opened paper as pictures, and black boxes on them, by forms alone. A box is two clicks on
//! the picture (the form's own image button gives their places), or four numbers.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_desk::legal::NOT_ADVICE;
use bauta_desk::{Covered, Open};
use bauta_service::{App, Refused};
use serde::Deserialize;

use super::step::which;
use super::{demand_id, officer};
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::speaking::Mistake;
use crate::upload::Upload;
use crate::visitor::Visitor;
use crate::words_papers::{PAPERS, Words};

/// How wide a page is shown where places on it are chosen, in pixels: the stylesheet says the same.
const SHOWN: u32 = 600;

/// A page in the list of pages.
pub struct Leaf {
    pub number: u16,
    pub name: u16,
    pub current: bool,
}

/// The pages of a paper, one of them looked at.
pub fn leaves(pages: u16, current: u16) -> Vec<Leaf> {
    (0..pages)
        .map(|number| Leaf {
            number,
            name: number + 1,
            current: number == current,
        })
        .collect()
}

/// A box in the list of boxes.
struct Boxed {
    number: usize,
    words: String,
}

#[derive(Template)]
#[template(path = "desk/table.html")]
struct TablePage {
    frame: Frame,
    say: &'static Words,
    not_advice: &'static str,
    trouble: &'static str,
    mistake: Option<Mistake>,
    id: String,
    which: String,
    leaves: Vec<Leaf>,
    page: u16,
    name: u16,
    corner: bool,
    known: bool,
    boxes: Vec<Boxed>,
    /// So that the picture is asked for again when a box came or went.
    version: usize,
}

impl TablePage {
    fn is_wrong(&self, id: &str) -> bool {
        Mistake::is_at(self.mistake.as_ref(), id)
    }
}

/// Which page of a paper.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Which {
    pub page: u16,
}

/// `GET /desk/ID/table`
pub async fn look(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(Which { page }): Query<Which>,
) -> Response {
    error::answer(&app, &visitor, show(&app, &visitor, &id, page, None).await)
}

async fn show(
    app: &App,
    visitor: &Visitor,
    id: &str,
    number: u16,
    refused: Option<Refused>,
) -> Result<Response, Refused> {
    let officer = officer(app, visitor).await?;
    let case = app.desk.case(&officer, demand_id(id)?).await?;
    let Some(open) = app.desk.open_paper(&officer, Some(case.id)) else {
        return Ok(Redirect::to(&format!("/desk/{}/papers", case.id)).into_response());
    };
    let number = number.min(open.pages.saturating_sub(1));
    let status = refused.as_ref().map_or(StatusCode::OK, error::status);
    let ids = [("box", "x"), ("title", "title")];
    let shown = TablePage {
        frame: Frame::new(app, visitor, PAPERS.black_out, Here::Elsewhere),
        say: &PAPERS,
        not_advice: NOT_ADVICE,
        trouble: PAPERS.not_done,
        mistake: refused.map(|refused| Mistake::of(&refused, &ids)),
        id: case.id.to_string(),
        which: which(&case),
        leaves: leaves(open.pages, number),
        page: number,
        name: number + 1,
        corner: open.corner == Some(number),
        known: open.known,
        version: open.boxes.len(),
        boxes: boxes(&open),
    };
    Ok(page(status, &shown))
}

fn boxes(open: &Open) -> Vec<Boxed> {
    let percent = |part: f64| format!("{:.1}", part * 100.0);
    let words = |covered: &Covered| {
        format!(
            "{} {}: {} {} %, {} {} %, {} {} %, {} {} %",
            PAPERS.page,
            covered.page + 1,
            PAPERS.left,
            percent(covered.x),
            PAPERS.top,
            percent(covered.y),
            PAPERS.width,
            percent(covered.width),
            PAPERS.height,
            percent(covered.height),
        )
    };
    let all = open.boxes.iter().enumerate();
    all.map(|(number, covered)| Boxed {
        number,
        words: words(covered),
    })
    .collect()
}

type Fields = HashMap<String, String>;

/// `POST /desk/ID/table/do`
pub async fn change(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, fields): Form<Fields>,
) -> Response {
    let number = whole(&fields, "page").unwrap_or_default() as u16;
    let answer = match apply(&app, &visitor, &id, &fields).await {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(refused @ (Refused::NotFound | Refused::NotSignedIn)) => Err(refused),
        Err(refused) => show(&app, &visitor, &id, number, Some(refused)).await,
    };
    error::answer(&app, &visitor, answer)
}

async fn apply(app: &App, visitor: &Visitor, id: &str, fields: &Fields) -> Result<String, Refused> {
    let officer = officer(app, visitor).await?;
    let case = app.desk.case(&officer, demand_id(id)?).await?;
    let id = case.id;
    let desk = &app.desk;
    let number = whole(fields, "page").unwrap_or_default() as u16;
    let back = format!("/desk/{id}/table?page={number}");
    if fields.contains_key("away") {
        desk.put_away(&officer);
        return Ok(format!("/desk/{id}/papers"));
    }
    if desk.open_paper(&officer, Some(id)).is_none() {
        return Err(Refused::invalid("paper", PAPERS.nothing_open));
    }
    if let (Some(x), Some(y)) = (whole(fields, "at.x"), whole(fields, "at.y")) {
        desk.choose_corner(&officer, number, (x, y), SHOWN)?;
    } else if let Some(covered) = whole(fields, "uncover") {
        desk.uncover(&officer, covered as usize)?;
    } else if let Some(title) = fields.get("title") {
        let copy = desk.propose_open(&officer, id, title).await?;
        return Ok(format!("/desk/{id}/copies/{copy}"));
    } else {
        let part = |name: &str| -> Result<f64, Refused> {
            let text = fields.get(name).map_or("", |text| text.trim());
            let percent: f64 = text
                .replace(',', ".")
                .parse()
                .map_err(|_| Refused::invalid("box", PAPERS.wrong_box))?;
            Ok(percent / 100.0)
        };
        desk.cover(
            &officer,
            Covered {
                page: number,
                x: part("x")?,
                y: part("y")?,
                width: part("width")?,
                height: part("height")?,
            },
        )?;
    }
    Ok(back)
}

fn whole(fields: &Fields, name: &str) -> Option<u32> {
    fields.get(name)?.trim().parse().ok()
}

/// `POST /desk/ID/table`: a paper that was opened on the officer's own machine.
pub async fn lay(State(app): State<Arc<App>>, Path(id): Path<String>, mut upload: Upload) -> Response {
    let bytes = upload.file("opened").unwrap_or_default();
    let laid = match laid(&app, &upload.visitor, &id, bytes).await {
        Ok(()) => Ok(Redirect::to(&format!("/desk/{id}/table")).into_response()),
        Err(refused @ (Refused::NotFound | Refused::NotSignedIn)) => Err(refused),
        Err(refused) => super::paper::show(&app, &upload.visitor, &id, Some(refused)).await,
    };
    error::answer(&app, &upload.visitor, laid)
}

async fn laid(app: &App, visitor: &Visitor, id: &str, bytes: Vec<u8>) -> Result<(), Refused> {
    let officer = officer(app, visitor).await?;
    let laid = app.desk.lay(&officer, Some(demand_id(id)?), bytes, None).await;
    laid.map_err(|refused| match Refused::from(refused) {
        Refused::Invalid { why, .. } => Refused::invalid("opened", why),
        other => other,
    })
}

/// `GET /desk/table/{look}/{page}`: a page as a picture, `paper` in colour or `public` as everybody would see it.
pub async fn picture(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path((look, number)): Path<(String, u16)>,
) -> Response {
    error::answer(&app, &visitor, drawn(&app, &visitor, &look, number).await)
}

async fn drawn(app: &App, visitor: &Visitor, look: &str, number: u16) -> Result<Response, Refused> {
    let officer = officer(app, visitor).await?;
    let public = match look {
        "paper" => false,
        "public" => true,
        _ => return Err(Refused::NotFound),
    };
    Ok(png(app.desk.open_page(&officer, number, public).await?))
}

/// An answer that is a picture.
pub fn png(bytes: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, "image/png")], bytes).into_response()
}
