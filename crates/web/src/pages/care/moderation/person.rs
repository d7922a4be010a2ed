//! One account as moderators see it: how it stands, what was decided before, and what can be, without a report.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{Handle, Standing};
use bauta_service::moderation::{self, Why};
use bauta_service::{App, Refused, Speaker};
use serde::Deserialize;

use super::{Before, Choice, moderator, standing, standing_choices, standing_undos};
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::speaking::Mistake;
use crate::visitor::Visitor;
use crate::words_care::{EN, Words};

/// What a moderator chose.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    decision: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "care/person.html")]
struct Person {
    frame: Frame,
    say: &'static Words,
    trouble: &'static str,
    mistake: Option<Mistake>,
    fields: Fields,
    handle: String,
    /// Others can see it: its profile can be linked.
    seen: bool,
    joined: String,
    standing: &'static str,
    choices: Vec<Choice>,
    undo: Option<(&'static str, &'static str)>,
    before: Vec<Before>,
}

impl Person {
    fn is_wrong(&self, id: &str) -> bool {
        Mistake::is_at(self.mistake.as_ref(), id)
    }
}

/// `GET /moderation/people/HANDLE`
pub async fn person(State(app): State<Arc<App>>, visitor: Visitor, Path(name): Path<String>) -> Response {
    let shown = person_page(&app, &visitor, &name, Fields::default(), None).await;
    error::answer(&app, &visitor, shown)
}

async fn person_page(
    app: &App,
    visitor: &Visitor,
    name: &str,
    fields: Fields,
    refused: Option<Refused>,
) -> Result<Response, Refused> {
    let speaker = moderator(visitor)?;
    let (card, before) = moderation::person_at(app, speaker, &at(name)?).await?;
    let account = &card.account;
    let status = refused.as_ref().map_or(StatusCode::OK, error::status);
    let ids = [("decision", "decision"), ("text", "reason")];
    let shown = Person {
        frame: Frame::new(app, visitor, format!("@{}", account.handle), Here::Moderation),
        say: &EN,
        trouble: EN.not_decided,
        mistake: refused.map(|refused| Mistake::of(&refused, &ids)),
        fields,
        handle: account.handle.as_str().to_owned(),
        seen: account.standing != Standing::Suspended,
        joined: account.joined.long(),
        standing: standing(account.standing),
        choices: standing_choices(account.standing),
        undo: standing_undos(account.standing),
        before: before.iter().map(Before::of).collect(),
    };
    Ok(page(status, &shown))
}

fn at(name: &str) -> Result<Handle, Refused> {
    Handle::parse(name).map_err(|_| Refused::NotFound)
}

/// `POST /moderation/people/HANDLE`
pub async fn decide(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Form(visitor, fields): Form<Fields>,
) -> Response {
    error::answer(&app, &visitor, decided(&app, &visitor, &name, fields).await)
}

async fn decided(app: &App, visitor: &Visitor, name: &str, fields: Fields) -> Result<Response, Refused> {
    let speaker = moderator(visitor)?;
    match apply(app, speaker, name, &fields).await {
        Ok(()) => Ok(Redirect::to(&format!("/moderation/people/{}", at(name)?)).into_response()),
        Err(refused @ (Refused::NotFound | Refused::NotSignedIn)) => Err(refused),
        Err(refused) => person_page(app, visitor, name, fields, Some(refused)).await,
    }
}

async fn apply(app: &App, speaker: &Speaker, name: &str, fields: &Fields) -> Result<(), Refused> {
    let (card, _) = moderation::person_at(app, speaker, &at(name)?).await?;
    let target = card.account.id;
    let why = Why::because(fields.reason.clone());
    match fields.decision.as_str() {
        "warn" => moderation::warn(app, speaker, target, why).await,
        "limit" => moderation::limit(app, speaker, target, why).await,
        "suspend" => moderation::suspend(app, speaker, target, why).await,
        "unlimit" => moderation::unlimit(app, speaker, target, why).await,
        "unsuspend" => moderation::unsuspend(app, speaker, target, why).await,
        _ => Err(Refused::invalid("decision", EN.wrong_decision)),
    }
}
