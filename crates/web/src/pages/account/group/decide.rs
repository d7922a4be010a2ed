//! What those behind the account decide together: proposed on a page of its own, agreed to and stopped on the list.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::KeyholderId;
use bauta_service::accounts::keyholders::{self, Decision, Group, Matter, Person, Stage};
use bauta_service::{App, Refused};
use serde::Deserialize;

use super::{Ticked, in_words, people};
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::form::Problems;
use crate::visitor::Visitor;
use crate::words_account::TEXT;
use crate::words_group::{EN, Words};

/// A decision in words.
pub struct Line {
    pub id: String,
    pub what: String,
    /// Who agrees, and how many have to.
    pub agreed: String,
    /// What comes next, or what became of it.
    pub stage: String,
    pub live: bool,
    pub mine: bool,
    /// Counsel's link, for whoever hands it on.
    pub link: Option<String>,
}

/// What is decided, what can still come of it first.
pub fn lines(decisions: Vec<Decision>, group: &[Person]) -> Vec<Line> {
    let mut lines: Vec<Line> = decisions.into_iter().map(|one| line(one, group)).collect();
    lines.sort_by_key(|line| !line.live);
    lines
}

fn label(group: &[Person], who: KeyholderId) -> String {
    let found = group
        .iter()
        .find(|one| one.id == who)
        .map(|one| one.label.as_str());
    match found {
        None => EN.gone.to_owned(),
        Some("") => EN.no_word.to_owned(),
        Some(label) => label.to_owned(),
    }
}

fn line(decision: Decision, group: &[Person]) -> Line {
    let what = match &decision.matter {
        None => EN.about_gone.to_owned(),
        Some(Matter::Remove(who)) => format!("{} {}", EN.remove, label(group, *who)),
        Some(Matter::Delete) => EN.delete.to_owned(),
        Some(Matter::Consent(_)) => EN.consent.to_owned(),
        Some(Matter::Publish(_)) => EN.publish.to_owned(),
        Some(Matter::Counsel(..)) => EN.counsel.to_owned(),
        Some(Matter::Rule(needed)) => format!("{} {needed}", EN.rule),
        Some(Matter::Duties(who, duties)) => {
            format!("{} {}: {}", EN.duties, label(group, *who), in_words(*duties))
        }
    };
    let names: Vec<String> = decision.agreed.iter().map(|who| label(group, *who)).collect();
    let (stage, live) = match decision.stage {
        Stage::Open { until } => (format!("{} {}", EN.open_until, until.long()), true),
        Stage::Waiting { ready } => (
            format!("{} {}. {}", EN.takes_effect, ready.long(), EN.any_stops),
            true,
        ),
        Stage::Done => (EN.stage_done.to_owned(), false),
        Stage::Stopped => (EN.stage_stopped.to_owned(), false),
        Stage::Lapsed => (EN.stage_lapsed.to_owned(), false),
    };
    Line {
        id: decision.id.to_string(),
        what,
        agreed: format!(
            "{} {} {} {}: {}",
            EN.agree_is,
            names.len(),
            EN.agree_of,
            decision.needed,
            names.join(", ")
        ),
        stage,
        live,
        mine: decision.mine,
        link: decision.link,
    }
}

/// The buttons beside a decision.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Step {
    proposal: String,
    step: String,
}

/// `POST /settings/keyholders/decide`
pub async fn decide(State(app): State<Arc<App>>, Form(visitor, fields): Form<Step>) -> Response {
    let shown = match step(&app, &visitor, &fields).await {
        Ok(()) => Ok(Redirect::to("/settings/keyholders").into_response()),
        Err(refused) => people::again(&app, &visitor, refused).await,
    };
    error::answer(&app, &visitor, shown)
}

async fn step(app: &App, visitor: &Visitor, fields: &Step) -> Result<(), Refused> {
    let person = visitor.person()?;
    let id = fields.proposal.parse().map_err(|_| Refused::NotFound)?;
    match fields.step.as_str() {
        "agree" => keyholders::agree(app, person, id).await,
        "stop" => keyholders::stop(app, person, id).await,
        _ => Err(Refused::NotFound),
    }
}

/// Whom a proposal can be about.
struct Somebody {
    id: String,
    label: String,
    duties: String,
}

#[derive(Template)]
#[template(path = "group/propose.html")]
struct Propose {
    frame: Frame,
    say: &'static Words,
    problems: Problems,
    people: Vec<Somebody>,
    needed: usize,
    most: usize,
}

/// `GET /settings/keyholders/propose`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    let shown = show(&app, &visitor, StatusCode::OK, Problems::none()).await;
    error::answer(&app, &visitor, shown)
}

async fn show(
    app: &App,
    visitor: &Visitor,
    status: StatusCode,
    problems: Problems,
) -> Result<Response, Refused> {
    let person = visitor.person()?;
    let Group { people, .. } = keyholders::group(app, person).await?;
    let (_, needed) = keyholders::decisions(app, person).await?;
    let template = Propose {
        frame: Frame::new(app, visitor, EN.propose, Here::Settings),
        say: &EN,
        problems,
        needed,
        most: people.len(),
        people: people
            .iter()
            .map(|one| Somebody {
                id: one.id.to_string(),
                label: label(&people, one.id),
                duties: in_words(one.duties),
            })
            .collect(),
    };
    Ok(page(status, &template))
}

/// What is proposed, as it is sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    what: String,
    who: String,
    needed: String,
    #[serde(flatten)]
    ticked: Ticked,
}

/// `POST /settings/keyholders/propose`
pub async fn send(State(app): State<Arc<App>>, Form(visitor, fields): Form<Fields>) -> Response {
    error::answer(&app, &visitor, propose(&app, &visitor, &fields).await)
}

async fn propose(app: &App, visitor: &Visitor, fields: &Fields) -> Result<Response, Refused> {
    let person = visitor.person()?;
    let proposed = match matter(fields) {
        Ok(matter) => keyholders::propose(app, person, matter).await,
        Err(refused) => Err(refused),
    };
    match proposed {
        Ok(()) => Ok(Redirect::to("/settings/keyholders").into_response()),
        Err(refused) => {
            let (status, problems) = Problems::of(refused, ("", ""))?;
            show(app, visitor, status, problems).await
        }
    }
}

fn matter(fields: &Fields) -> Result<Matter, Refused> {
    let who = || {
        let parsed = fields.who.parse::<KeyholderId>();
        parsed.map_err(|_| Refused::invalid("who", EN.choose_who))
    };
    Ok(match fields.what.as_str() {
        "remove" => Matter::Remove(who()?),
        "duties" => Matter::Duties(who()?, fields.ticked.duties()),
        "rule" => {
            let needed = fields.needed.trim().parse::<u8>();
            Matter::Rule(needed.map_err(|_| Refused::invalid("needed", EN.choose_number))?)
        }
        "delete" => Matter::Delete,
        _ => return Err(Refused::NotFound),
    })
}
