//! Taking a demand in: what the paper says, as it says it, impossible dates and all; and the paper itself.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_desk::legal::{Intake, NOT_ADVICE};
use bauta_desk::{Officer, PaperKind};
use bauta_model::DemandId;
use bauta_service::{App, Refused};
use serde_json::{Map, Value, json};

use super::officer;
use super::paper::keep;
use super::rest::Rest;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::speaking::Mistake;
use crate::upload::Upload;
use crate::visitor::Visitor;
use crate::words_courts::COURTS;
use crate::words_desk::{DESK, Words};
use crate::words_papers::PAPERS;

/// What was typed.
#[derive(Default)]
struct Typed {
    instrument: String,
    authority: String,
    issuer: String,
    rank: String,
    served_on: String,
    served_by: String,
    due: String,
    silence: String,
    requested: String,
    targets: String,
    signed: bool,
    judge: bool,
    offence: bool,
    verified: bool,
    renews: String,
    rest: Rest,
}

/// What a demand can say about silence, as data has it.
const SILENCE: [(&str, &str); 5] = [
    ("none", DESK.silence_none),
    ("request", DESK.silence_request),
    ("statute", DESK.silence_statute),
    ("certification", DESK.silence_certification),
    ("order", DESK.silence_order),
];

#[derive(Template)]
#[template(path = "desk/intake.html")]
struct IntakePage {
    frame: Frame,
    say: &'static Words,
    not_advice: &'static str,
    trouble: &'static str,
    mistake: Option<Mistake>,
    instruments: Vec<(String, String)>,
    silence: [(&'static str, &'static str); 5],
    typed: Typed,
    rest_words: &'static crate::words_courts::Words,
    more: &'static crate::words_papers::Words,
    /// Pages of the paper that lies open for this, from 0.
    open: Vec<u16>,
}

impl IntakePage {
    fn is_wrong(&self, id: &str) -> bool {
        Mistake::is_at(self.mistake.as_ref(), id)
    }
}

/// `GET /desk/new`
pub async fn form(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    error::answer(&app, &visitor, show(&app, &visitor, Typed::default(), None).await)
}

async fn show(
    app: &App,
    visitor: &Visitor,
    typed: Typed,
    refused: Option<Refused>,
) -> Result<Response, Refused> {
    let officer = officer(app, visitor).await?;
    let open = app.desk.open_paper(&officer, None);
    let status = refused.as_ref().map_or(StatusCode::OK, error::status);
    let rows = app.desk.rules().instruments();
    let mut instruments: Vec<(String, String)> = rows
        .map(|row| (row.id.as_str().to_owned(), row.name.clone()))
        .collect();
    instruments.sort_by(|a, b| a.1.cmp(&b.1));
    let shown = IntakePage {
        frame: Frame::new(app, visitor, DESK.intake, Here::Elsewhere),
        say: &DESK,
        not_advice: NOT_ADVICE,
        trouble: DESK.not_received,
        mistake: refused.map(|refused| mistake(&refused)),
        instruments,
        silence: SILENCE,
        typed,
        rest_words: &COURTS,
        more: &PAPERS,
        open: open.map_or_else(Vec::new, |open| (0..open.pages).collect()),
    };
    Ok(page(status, &shown))
}

fn mistake(refused: &Refused) -> Mistake {
    let ids = [
        ("instrument", "instrument"),
        ("targets", "targets"),
        ("requested", "requested"),
        ("served_on", "served_on"),
        ("renews", "renews"),
        ("paper", "paper"),
        ("key", "paper"),
        ("zone", "zone"),
        ("member_state", "member_state"),
    ];
    Mistake::of(refused, &ids)
}

/// `POST /desk/new`
pub async fn send(State(app): State<Arc<App>>, mut upload: Upload) -> Response {
    let paper = upload.file("paper");
    let typed = typed(&upload);
    if upload.ticked("look") {
        let laid = laid(&app, &upload.visitor, paper).await;
        let shown = match laid {
            Err(refused @ (Refused::NotFound | Refused::NotSignedIn)) => Err(refused),
            laid => show(&app, &upload.visitor, typed, laid.err()).await,
        };
        return error::answer(&app, &upload.visitor, shown);
    }
    let sent = receive(&app, &upload.visitor, &typed, paper).await;
    let answer = match sent {
        Ok(id) => Ok(Redirect::to(&format!("/desk/{id}")).into_response()),
        Err(refused @ (Refused::NotFound | Refused::NotSignedIn)) => Err(refused),
        Err(refused) => show(&app, &upload.visitor, typed, Some(refused)).await,
    };
    error::answer(&app, &upload.visitor, answer)
}

fn typed(upload: &Upload) -> Typed {
    let text = |name: &str| upload.text(name).trim().to_owned();
    Typed {
        instrument: text("instrument"),
        authority: text("authority"),
        issuer: text("issuer"),
        rank: text("rank"),
        served_on: text("served_on"),
        served_by: text("served_by"),
        due: text("due"),
        silence: text("silence"),
        requested: text("requested"),
        targets: text("targets"),
        signed: upload.ticked("signed"),
        judge: upload.ticked("judge"),
        offence: upload.ticked("offence"),
        verified: upload.ticked("verified"),
        renews: text("renews"),
        rest: Rest::of(Some(upload)),
    }
}

/// Shows the pages of what was sent, beside the form; with nothing sent, puts away what lies there.
async fn laid(app: &App, visitor: &Visitor, paper: Option<Vec<u8>>) -> Result<(), Refused> {
    let officer = officer(app, visitor).await?;
    match paper {
        Some(bytes) => app.desk.lay(&officer, None, bytes, None).await?,
        None if app.desk.take_open(&officer).is_some() => {}
        None => return Err(Refused::invalid("paper", DESK.wrong_empty)),
    }
    Ok(())
}

async fn receive(
    app: &App,
    visitor: &Visitor,
    typed: &Typed,
    paper: Option<Vec<u8>>,
) -> Result<DemandId, Refused> {
    let officer = officer(app, visitor).await?;
    if let Some(bytes) = paper {
        // It lies on the table from here on, so that a form with a mistake does not lose it.
        app.desk.lay(&officer, None, bytes, None).await?;
    }
    let renews = renewed(app, &officer, &typed.renews).await?;
    let intake = Intake::of(demand(typed)?, app.desk.rules());
    let case = app.desk.take_in(&officer, intake, renews).await?;
    if let Some(bytes) = app.desk.take_open(&officer) {
        let name = DESK.paper_of_demand.to_owned();
        keep(app, &officer, case.id, PaperKind::Document, name, bytes).await?;
    }
    Ok(case.id)
}

/// The demand of a public name.
async fn renewed(app: &App, officer: &Officer, name: &str) -> Result<Option<DemandId>, Refused> {
    if name.is_empty() {
        return Ok(None);
    }
    let cases = app.desk.cases(officer).await?;
    let found = cases
        .iter()
        .find(|case| case.public_name.eq_ignore_ascii_case(name));
    found
        .map(|case| Some(case.id))
        .ok_or_else(|| Refused::invalid("renews", DESK.wrong_renews))
}

fn lines(text: &str) -> Value {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect()
}

/// The demand as data has it.
fn demand(typed: &Typed) -> Result<Map<String, Value>, Refused> {
    if typed.served_on.is_empty() {
        return Err(Refused::invalid("served_on", DESK.wrong_empty));
    }
    let targets: Value = typed
        .targets
        .split_whitespace()
        .map(|handle| handle.trim_start_matches('@'))
        .collect();
    let Value::Object(mut demand) = json!({
        "instrument": typed.instrument,
        "authority": typed.authority,
        "issuer": typed.issuer,
        "issuer_rank": typed.rank,
        "signed_by_judge": typed.judge,
        "served": {"on": typed.served_on, "by": typed.served_by},
        "due": if typed.due.is_empty() { Value::Null } else { json!(typed.due) },
        "non_disclosure": if typed.silence.is_empty() { "none" } else { &typed.silence },
        "offence_named": typed.offence,
        "requested": lines(&typed.requested),
        "issuer_verified": typed.verified,
        "signed": typed.signed,
        "targets": targets,
    }) else {
        return Err(Refused::invalid("instrument", DESK.wrong_choice));
    };
    typed.rest.put(&mut demand);
    Ok(demand)
}
