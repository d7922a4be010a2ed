//! The paper beside two answers, and receiving it once more.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_desk::{AskedLine, Officer, Review};
use bauta_legal::NOT_ADVICE;
use bauta_model::{DemandId, counted};
use bauta_service::{App, Refused};

use super::{Demo, Known, Stop};
use crate::csrf::{Form, Nothing};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words_demo::{EN, Words};
use crate::words_desk::{defect_name, spoken, status_name};

/// A line of the paper with both answers.
struct Line {
    requested: String,
    here: Vec<String>,
    usual: &'static str,
}

#[derive(Template)]
#[template(path = "demo/paper.html")]
struct Paper<'a> {
    frame: Frame,
    say: &'static Words,
    not_advice: &'static str,
    dates: &'a [Stop],
    lines: Vec<Line>,
}

/// `GET /demo/paper`
pub async fn show(State(app): State<Arc<App>>, Extension(demo): Known, visitor: Visitor) -> Response {
    error::answer(&app, &visitor, compare(&app, &demo, &visitor).await)
}

async fn compare(app: &App, demo: &Demo, visitor: &Visitor) -> Result<Response, Refused> {
    let review = app.desk.review(&officer(app, demo).await?, demo.demand).await?;
    let paper = Paper {
        frame: Frame::with_form(app, visitor, EN.paper, Here::Elsewhere),
        say: &EN,
        not_advice: NOT_ADVICE,
        dates: &demo.dates,
        lines: lines(&review),
    };
    Ok(page(StatusCode::OK, &paper))
}

/// The officer of the story, who takes the paper in.
async fn officer(app: &App, demo: &Demo) -> Result<Officer, Refused> {
    let role = demo.roles.get("officer").ok_or(Refused::NotFound)?;
    Ok(app.desk.officer_named(&role.handle).await?)
}

/// Every line, those first that name no kind of record.
fn lines(review: &Review) -> Vec<Line> {
    let mut lines: Vec<Line> = review
        .unanswered
        .iter()
        .map(|requested| Line {
            requested: requested.clone(),
            here: vec![EN.answer_narrow.to_owned()],
            usual: usual(requested),
        })
        .collect();
    for held in &review.holdings {
        let said = in_words(held);
        match lines.iter_mut().find(|line| line.requested == held.requested) {
            Some(line) => line.here.push(said),
            None => lines.push(Line {
                requested: held.requested.clone(),
                here: vec![said],
                usual: usual(&held.requested),
            }),
        }
    }
    lines
}

fn in_words(held: &AskedLine) -> String {
    let status = status_name(&spoken(&held.status));
    if held.columns.is_empty() {
        return format!("{status}. {}", held.sentence);
    }
    let (columns, rows) = (held.columns.join(", "), counted(held.rows, EN.row, EN.rows));
    format!("{status}: {columns} ({rows}). {}", held.sentence)
}

/// What is commonly kept of it elsewhere.
fn usual(requested: &str) -> &'static str {
    match requested {
        "all records regarding the account" => EN.usual_all,
        "user names" => EN.usual_names,
        "account login" => EN.usual_login,
        "phone numbers" => EN.usual_phones,
        "mailing addresses" => EN.usual_mail,
        "I.P. addresses" => EN.usual_addresses,
        _ => EN.usual_other,
    }
}

/// `POST /demo/paper`
pub async fn receive(
    State(app): State<Arc<App>>,
    Extension(demo): Known,
    Form(visitor, _): Form<Nothing>,
) -> Response {
    error::answer(&app, &visitor, take_in(&app, &demo).await)
}

async fn take_in(app: &App, demo: &Demo) -> Result<Response, Refused> {
    let officer = officer(app, demo).await?;
    let case = app.desk.intake(&officer, &demo.summons, None).await?;
    Ok(Redirect::to(&format!("/demo/received/{}", case.id)).into_response())
}

/// A defect for people.
struct Wrong {
    name: &'static str,
    fact: String,
    rule: String,
    source: String,
}

#[derive(Template)]
#[template(path = "demo/received.html")]
struct Received {
    frame: Frame,
    say: &'static Words,
    not_advice: &'static str,
    defects: Vec<Wrong>,
    lines: Vec<Line>,
    id: DemandId,
}

/// `GET /demo/received/ID`
pub async fn answer(
    State(app): State<Arc<App>>,
    Extension(demo): Known,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Response {
    error::answer(&app, &visitor, read(&app, &demo, &visitor, &id).await)
}

async fn read(app: &App, demo: &Demo, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    let id: DemandId = id.parse().map_err(|_| Refused::NotFound)?;
    let review = app.desk.review(&officer(app, demo).await?, id).await?;
    let lines = lines(&review);
    let wrong = |defect: bauta_legal::Defect| Wrong {
        name: defect_name(defect.code.code()),
        fact: defect.fact,
        rule: defect.rule,
        source: defect.source,
    };
    let received = Received {
        frame: Frame::new(app, visitor, EN.answer, Here::Elsewhere),
        say: &EN,
        not_advice: NOT_ADVICE,
        defects: review.defects.into_iter().map(wrong).collect(),
        lines,
        id,
    };
    Ok(page(StatusCode::OK, &received))
}
