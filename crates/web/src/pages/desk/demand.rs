//! A demand: four facts, the next step with its one button, what is wrong on its face beside the rule, asked against held,
//! and what happened.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use bauta_desk::legal::{Deadline, NOT_ADVICE, Notice};
use bauta_desk::{AskedLine, Case, Review};
use bauta_model::{CoarseTime, counted};
use bauta_service::{App, Refused};
use serde_json::Value;

use super::inbox::date;
use super::step::which;
use super::steps::{STEPS, Step, next, seldom};
use super::{demand_id, officer};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words_desk::{
    DESK, Words, defect_name, event_name, finding_name, position_name, spoken, status_name, when,
};

/// A fact of the strip: its name, its value, and whether it presses.
struct FourthFact {
    name: &'static str,
    value: String,
    presses: bool,
}

/// Something wrong on its face.
struct Wrong {
    name: &'static str,
    fact: String,
    rule: String,
    source: String,
}

/// A line of asked against held.
struct Asked {
    requested: String,
    status: &'static str,
    sentence: String,
    /// How many rows; empty for none.
    rows: String,
    public: bool,
}

/// Something that happened.
struct Happened {
    at: String,
    who: String,
    what: String,
    details: Vec<(String, String)>,
}

/// A case before a court.
struct Court {
    name: String,
    docket: String,
    position: String,
    entries: Vec<String>,
    /// How often it was ended by whoever brought it, where that is more than once.
    dismissals: usize,
}

#[derive(Template)]
#[template(path = "desk/demand.html")]
struct DemandPage {
    frame: Frame,
    say: &'static Words,
    not_advice: &'static str,
    id: String,
    which: String,
    position: &'static str,
    facts: [FourthFact; 4],
    next: Option<&'static Step>,
    steps: &'static [Step],
    unusual: Vec<&'static Step>,
    paper: Vec<(&'static str, String)>,
    defects: Vec<Wrong>,
    asked: Vec<Asked>,
    /// What is asked, the question, and the operator's own statement.
    outside: Vec<(String, String, Option<String>)>,
    unanswered: Vec<String>,
    deadlines: Vec<(String, String, String)>,
    findings: Vec<(&'static str, bool)>,
    courts: Vec<Court>,
    told: Vec<String>,
    events: Vec<Happened>,
}

/// `GET /desk/ID`
pub async fn demand(State(app): State<Arc<App>>, visitor: Visitor, Path(id): Path<String>) -> Response {
    error::answer(&app, &visitor, show(&app, &visitor, &id).await)
}

async fn show(app: &App, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    let officer = officer(app, visitor).await?;
    let id = demand_id(id)?;
    let case = app.desk.case(&officer, id).await?;
    let review = app.desk.review(&officer, id).await?;
    let data = app.desk.show(&officer, id).await?;
    let now = app.clock.now();
    let process = &case.state.process;
    let shown = DemandPage {
        frame: Frame::new(app, visitor, case.public_name.clone(), Here::Elsewhere),
        say: &DESK,
        not_advice: NOT_ADVICE,
        id: case.id.to_string(),
        which: which(&case),
        position: position_name(process.position.name()),
        facts: strip(&case, now),
        next: next(&case),
        steps: STEPS,
        unusual: seldom().collect(),
        paper: paper(&case),
        defects: review.defects.iter().map(wrong).collect(),
        asked: review.holdings.iter().map(asked).collect(),
        outside: outside(&review),
        unanswered: review.unanswered,
        deadlines: dates(&case, review.deadlines)
            .values()
            .map(|one| (one.name.replace('_', " "), when(one.at), one.how.rule.clone()))
            .collect(),
        findings: process
            .findings
            .iter()
            .map(|(finding, met)| (finding_name(&spoken(finding)), *met))
            .collect(),
        courts: courts(&case),
        told: told(&data),
        events: events(&data),
    };
    Ok(page(StatusCode::OK, &shown))
}

fn strip(case: &Case, now: CoarseTime) -> [FourthFact; 4] {
    let state = &case.state;
    let (deadline, over) = match date(case, now) {
        None => (DESK.no_deadline.to_owned(), false),
        Some((at, over)) => (when(at), over),
    };
    let notice = match state.process.notice {
        Notice::Not => DESK.notice_not.to_owned(),
        Notice::Due { by } => format!("{} {}", DESK.notice_due, when(by)),
        Notice::Delayed => DESK.notice_delayed.to_owned(),
        Notice::Sent { at } => format!("{} {}", DESK.notice_sent, when(at)),
        Notice::Excepted { .. } => DESK.notice_excepted.to_owned(),
    };
    let gagged = state.gag.in_force(now);
    let secrecy = match (gagged, state.gag.ends) {
        (true, Some(ends)) => format!("{} {}", DESK.secrecy_until, when(ends)),
        (true, None) => DESK.secrecy_open.to_owned(),
        (false, _) if state.gag.position.name() == "requested" => DESK.secrecy_asked.to_owned(),
        (false, _) => DESK.secrecy_none.to_owned(),
    };
    let hold = match &state.process.hold {
        None => DESK.hold_open,
        Some(hold) if spoken(&hold.held) == "nothing" => DESK.hold_nothing,
        Some(_) => DESK.hold_copy,
    };
    let fact = |name, value, presses| FourthFact { name, value, presses };
    [
        fact(
            DESK.strip_deadline,
            if over {
                format!("{} ({deadline})", DESK.overdue)
            } else {
                deadline
            },
            over,
        ),
        fact(DESK.strip_notice, notice, state.notice_owed()),
        fact(DESK.strip_secrecy, secrecy, gagged),
        fact(DESK.strip_hold, hold.to_owned(), state.process.hold.is_none()),
    ]
}

/// What the paper says, as received.
fn paper(case: &Case) -> Vec<(&'static str, String)> {
    let Some(demand) = &case.state.process.demand else {
        return Vec::new();
    };
    let yes = |is: bool| if is { DESK.yes } else { DESK.no }.to_owned();
    let due = demand.due.as_ref().map(|due| due.text().to_owned());
    vec![
        (
            DESK.paper_instrument,
            demand.instrument.as_str().replace('_', " "),
        ),
        (DESK.paper_authority, demand.authority.clone()),
        (DESK.paper_issuer, demand.issuer.clone()),
        (DESK.paper_rank, demand.issuer_rank.clone()),
        (
            DESK.paper_served,
            format!("{}, {}", demand.served.on.text(), demand.served.by),
        ),
        (DESK.paper_due, due.unwrap_or_default()),
        (DESK.paper_signed, yes(demand.signed)),
        (DESK.paper_judge, yes(demand.signed_by_judge)),
        (DESK.paper_offence, yes(demand.offence_named)),
        (
            DESK.paper_silence,
            spoken(&demand.non_disclosure).replace('_', " "),
        ),
    ]
    .into_iter()
    .chain(super::rest::said(demand))
    .filter(|(_, value)| !value.is_empty())
    .collect()
}

/// Its dates, by their names: as computed, or as they were set anew.
fn dates(case: &Case, computed: Vec<Deadline>) -> BTreeMap<String, Deadline> {
    let recorded = case.state.process.deadlines.values().cloned();
    let all = computed.into_iter().chain(recorded);
    all.map(|date| (date.name.clone(), date)).collect()
}

fn wrong(defect: &bauta_desk::legal::Defect) -> Wrong {
    Wrong {
        name: defect_name(&spoken(&defect.code)),
        fact: defect.fact.clone(),
        rule: defect.rule.clone(),
        source: defect.source.clone(),
    }
}

fn asked(line: &AskedLine) -> Asked {
    Asked {
        requested: line.requested.clone(),
        status: status_name(&spoken(&line.status)),
        sentence: line.sentence.clone(),
        rows: match line.rows {
            0 => String::new(),
            rows => counted(rows, DESK.row, DESK.rows),
        },
        public: line.public,
    }
}

fn outside(review: &Review) -> Vec<(String, String, Option<String>)> {
    let lines = review.outside.iter();
    let said = |line: &bauta_desk::OutsideLine| line.statement.as_ref().map(|said| said.words.clone());
    lines
        .map(|line| (line.requested.clone(), line.question.clone(), said(line)))
        .collect()
}

fn courts(case: &Case) -> Vec<Court> {
    let cases = &case.state.cases;
    let court = |(number, one): (usize, &bauta_desk::legal::Case)| Court {
        name: one.court.clone().unwrap_or_default(),
        docket: one.docket.clone().unwrap_or_else(|| DESK.no_docket.to_owned()),
        position: one.position.name().replace('_', " "),
        entries: one
            .entries
            .iter()
            .map(|entry| {
                let rule = entry
                    .rule
                    .as_deref()
                    .map(|rule| format!(" ({rule})"))
                    .unwrap_or_default();
                format!("{}: {}{rule}", entry.on.text(), entry.kind)
            })
            .collect(),
        dismissals: bauta_desk::legal::voluntary_dismissals(cases, number as u16),
    };
    cases.iter().enumerate().map(court).collect()
}

/// What keyholders did with their notices: whether they saw them, never when.
fn told(data: &Value) -> Vec<String> {
    let all = data["told"].as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter()
        .enumerate()
        .map(|(number, one)| {
            let seen = if one["seen"] == true {
                DESK.told_seen
            } else {
                DESK.told_unseen
            };
            let answer = match one["answer"].as_str() {
                Some("objected") => DESK.told_objected,
                Some("consented") => DESK.told_consented,
                _ => DESK.told_silent,
            };
            let until = one["until"].as_str().unwrap_or_default();
            format!(
                "{} {number}: {seen}, {answer}; {} {until}.",
                DESK.keyholder, DESK.told_until
            )
        })
        .collect()
}

/// The newest first.
fn events(data: &Value) -> Vec<Happened> {
    let all = data["timeline"].as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().rev().map(happened).collect()
}

fn happened(event: &Value) -> Happened {
    let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
    let what = text("what");
    let mut details = Vec::new();
    if what != "process.received" && what != "process.scope_computed" && what != "process.reviewed" {
        flatten(&event["fact"], "", &mut details);
    }
    Happened {
        at: text("at").replace('T', " ").replace(":00Z", " UTC"),
        who: text("officer"),
        what: event_name(&what),
        details,
    }
}

/// The values of a fact that say something to people: words, not hashes.
fn flatten(value: &Value, name: &str, out: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                flatten(value, name, out);
            }
        }
        Value::String(text)
            if !text.is_empty() && !matches!(name, "hash" | "manifest" | "pack" | "inventory") =>
        {
            out.push((name.replace('_', " "), text.clone()));
        }
        Value::Bool(is) => {
            let is = if *is { DESK.yes } else { DESK.no };
            out.push((name.replace('_', " "), is.to_owned()));
        }
        _ => {}
    }
}
