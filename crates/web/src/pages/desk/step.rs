//! One step of a demand: a page that says what it does and to whom, and asks for what it takes.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use bauta_desk::legal::NOT_ADVICE;
use bauta_desk::{Case, Letter, Officer, Preview};
use bauta_model::Secret;
use bauta_service::accounts::passphrase;
use bauta_service::{App, Refused};

use super::act::{Act, approved};
use super::steps::{Field, Kind, Step, named};
use super::{demand_id, officer};
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::limiter;
use crate::pages::speaking::Mistake;
use crate::visitor::Visitor;
use crate::words_account::TEXT;
use crate::words_desk::{DESK, Words, defect_name, spoken};

/// One thing that can be chosen or ticked in a field.
struct Option_ {
    value: String,
    words: String,
    on: bool,
}

/// A field as the page shows it.
struct Shown {
    field: &'static Field,
    /// What was typed.
    value: String,
    options: Vec<Option_>,
}

impl Shown {
    fn is_line(&self) -> bool {
        self.field.kind == Kind::Line
    }

    fn is_text(&self) -> bool {
        self.field.kind == Kind::Text
    }

    fn is_tick(&self) -> bool {
        self.field.kind == Kind::Tick
    }

    /// Many may be ticked.
    fn is_many(&self) -> bool {
        matches!(self.field.kind, Kind::Records | Kind::Defects)
    }
}

#[derive(Template)]
#[template(path = "desk/step.html")]
struct StepPage {
    frame: Frame,
    say: &'static Words,
    not_advice: &'static str,
    trouble: &'static str,
    mistake: Option<Mistake>,
    id: String,
    step: &'static Step,
    /// Which demand, whose, about whom.
    which: String,
    expected: u32,
    fields: Vec<Shown>,
    letter: Option<Letter>,
    preview: Option<Preview>,
}

impl StepPage {
    fn is_wrong(&self, id: &str) -> bool {
        Mistake::is_at(self.mistake.as_ref(), id)
    }
}

type Fields = HashMap<String, String>;

/// `GET /desk/ID/do/STEP`
pub async fn ask(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path((id, code)): Path<(String, String)>,
) -> Response {
    let shown = show(&app, &visitor, &id, &code, &Fields::new(), None).await;
    error::answer(&app, &visitor, shown)
}

async fn show(
    app: &App,
    visitor: &Visitor,
    id: &str,
    code: &str,
    typed: &Fields,
    refused: Option<Refused>,
) -> Result<Response, Refused> {
    let officer = officer(app, visitor).await?;
    let step = named(code).ok_or(Refused::NotFound)?;
    let case = app.desk.case(&officer, demand_id(id)?).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, error::status);
    let letter = match step.code {
        "notice" => Some(app.desk.notice_preview(&officer, case.id).await?),
        _ => None,
    };
    let preview = preview(app, &officer, &case, step, typed).await?;
    let shown = StepPage {
        frame: Frame::new(app, visitor, step.title, Here::Elsewhere),
        say: &DESK,
        not_advice: NOT_ADVICE,
        trouble: DESK.not_done,
        mistake: refused.map(|refused| mistake(step, &refused)),
        id: case.id.to_string(),
        step,
        which: which(&case),
        expected: case.state.events,
        fields: step
            .fields
            .iter()
            .map(|field| shown(field, &case, typed))
            .collect(),
        letter,
        preview,
    };
    Ok(page(status, &shown))
}

/// What would be produced, with what was left out so far.
async fn preview(
    app: &App,
    officer: &Officer,
    case: &Case,
    step: &Step,
    typed: &Fields,
) -> Result<Option<Preview>, Refused> {
    if !matches!(step.code, "ready" | "produce") {
        return Ok(None);
    }
    let act = Act {
        desk: &app.desk,
        officer,
        case,
        expected: None,
        fields: typed,
    };
    // What can't be read is said on top of the form; the preview then leaves nothing out.
    let redactions = act.redactions().unwrap_or_default();
    let made = app
        .desk
        .preview(officer, case.id, approved(case), redactions)
        .await;
    match made {
        Ok(preview) => Ok(Some(preview)),
        Err(bauta_desk::Refused::Invalid { .. }) => Ok(None),
        Err(refused) => Err(refused.into()),
    }
}

/// The field that a refusal is about, where the step has it.
fn mistake(step: &Step, refused: &Refused) -> Mistake {
    let field = match refused {
        Refused::Invalid { field, .. } if *field == "passphrase" => "passphrase",
        Refused::Invalid { field, .. } => step
            .fields
            .iter()
            .find(|known| known.name == *field)
            .map_or("", |known| known.name),
        _ => "",
    };
    Mistake {
        field,
        why: refused.to_string(),
    }
}

/// Which demand, whose, and about whom.
pub fn which(case: &Case) -> String {
    let issuer = case
        .state
        .process
        .demand
        .as_ref()
        .map(|demand| demand.issuer.as_str());
    let issuer = issuer
        .filter(|issuer| !issuer.is_empty())
        .unwrap_or(DESK.no_issuer);
    let targets: Vec<String> = case
        .targets
        .iter()
        .map(|target| format!("@{}", target.handle))
        .collect();
    let about = if targets.len() > 5 {
        format!("{} {}", targets.len(), DESK.accounts)
    } else {
        targets.join(", ")
    };
    format!("{}: {issuer}, {} {about}.", case.public_name, DESK.about)
}

fn shown(field: &'static Field, case: &Case, typed: &Fields) -> Shown {
    let value = typed.get(field.name).cloned().unwrap_or_default();
    let single = |code: String, words: String| Option_ {
        on: value == code,
        value: code,
        words,
    };
    let process = &case.state.process;
    let options = match field.kind {
        Kind::Choice(all) => all
            .iter()
            .map(|(code, words)| single((*code).to_owned(), (*words).to_owned()))
            .collect(),
        Kind::Document => process
            .documents
            .iter()
            .enumerate()
            .map(|(number, one)| {
                let hash: String = one.hash.to_string().chars().take(12).collect();
                single(number.to_string(), format!("{} ({hash}…)", one.kind))
            })
            .collect(),
        Kind::Court => case
            .state
            .cases
            .iter()
            .enumerate()
            .map(|(number, one)| {
                let docket = one.docket.as_deref().unwrap_or(DESK.no_docket);
                let court = one.court.as_deref().unwrap_or_default();
                single(number.to_string(), format!("{docket} {court}"))
            })
            .collect(),
        Kind::Records => {
            let all = case.producible(false);
            all.iter()
                .enumerate()
                .map(|(number, item)| {
                    let asked = process
                        .lines
                        .get(&item.line)
                        .map_or("", |line| line.text.as_str());
                    let public = if item.public { DESK.public } else { DESK.not_public };
                    Option_ {
                        on: typed.contains_key(&format!("items.{number}")),
                        value: number.to_string(),
                        words: format!("{asked}: {} ({public})", item.column),
                    }
                })
                .collect()
        }
        Kind::Defects => process
            .defects
            .iter()
            .map(|code| {
                let name = spoken(code);
                Option_ {
                    on: typed.is_empty() || typed.contains_key(&format!("grounds.{name}")),
                    words: defect_name(&name).to_owned(),
                    value: name,
                }
            })
            .collect(),
        Kind::Line | Kind::Text | Kind::Tick => Vec::new(),
    };
    Shown {
        field,
        value,
        options,
    }
}

/// `POST /desk/ID/do/STEP`
pub async fn send(
    State(app): State<Arc<App>>,
    Path((id, code)): Path<(String, String)>,
    Form(visitor, mut fields): Form<Fields>,
) -> Response {
    let passphrase = Secret::new(fields.remove("passphrase").unwrap_or_default());
    let sent = done(&app, &visitor, &id, &code, &fields, &passphrase).await;
    error::answer(&app, &visitor, sent)
}

async fn done(
    app: &App,
    visitor: &Visitor,
    id: &str,
    code: &str,
    fields: &Fields,
    passphrase: &Secret<String>,
) -> Result<Response, Refused> {
    if fields.contains_key("look") {
        return show(app, visitor, id, code, fields, None).await;
    }
    match apply(app, visitor, id, code, fields, passphrase).await {
        Ok(answer) => Ok(answer),
        Err(refused @ (Refused::NotFound | Refused::NotSignedIn)) => Err(refused),
        Err(refused) => show(app, visitor, id, code, fields, Some(refused)).await,
    }
}

async fn apply(
    app: &App,
    visitor: &Visitor,
    id: &str,
    code: &str,
    fields: &Fields,
    passphrase: &Secret<String>,
) -> Result<Response, Refused> {
    let officer = officer(app, visitor).await?;
    let step = named(code).ok_or(Refused::NotFound)?;
    let case = app.desk.case(&officer, demand_id(id)?).await?;
    if step.grave {
        let person = visitor.person()?;
        passphrase::prove_again(app, person, passphrase, limiter(visitor))
            .await
            .map_err(|refused| match refused {
                Refused::WrongPassphrase => Refused::invalid("passphrase", TEXT.pass_wrong),
                other => other,
            })?;
    }
    let act = Act {
        desk: &app.desk,
        officer: &officer,
        case: &case,
        expected: Some(
            fields
                .get("expected")
                .and_then(|text| text.parse().ok())
                .unwrap_or(0),
        ),
        fields,
    };
    if matches!(step.code, "produce" | "disclose") {
        let name = format!("attachment; filename=\"{}.tar.age\"", case.public_name);
        let headers = [
            (CONTENT_TYPE, "application/octet-stream".to_owned()),
            (CONTENT_DISPOSITION, name),
        ];
        return Ok((headers, act.produce(step.code == "disclose").await?).into_response());
    }
    act.run(step.code).await?;
    Ok(Redirect::to(&format!("/desk/{}", case.id)).into_response())
}
