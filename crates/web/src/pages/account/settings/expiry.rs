//! After how long old posts go by themselves.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_service::posts::{self, LIFETIMES, Rule, Spared};
use bauta_service::{App, Refused};
use serde::Deserialize;

use crate::ask::Ask;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::form::Problems;
use crate::visitor::Visitor;
use crate::words_account::TEXT;

#[derive(Template)]
#[template(path = "account/expiry.html")]
struct Page {
    frame: Frame,
    problems: Problems,
    saved: bool,
    /// Days, and whether they are chosen.
    lifetimes: Vec<(u16, bool)>,
    /// The field, its words, and whether it is ticked.
    spared: [(&'static str, &'static str, bool); 4],
}

/// The form, as it is sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    days: String,
    pinned: Option<String>,
    liked: Option<String>,
    kept: Option<String>,
    polls: Option<String>,
}

/// `GET /settings/expiry`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    let saved = !ask.text("saved").is_empty();
    error::answer(
        &app,
        &visitor,
        show(&app, &visitor, Problems::none(), saved).await,
    )
}

async fn show(app: &App, visitor: &Visitor, problems: Problems, saved: bool) -> Result<Response, Refused> {
    let rule = posts::rule(app, visitor.person()?).await?;
    // Whoever begins spares what was chosen for a reason.
    let spared = rule.map_or(
        Spared {
            pinned: true,
            saved: true,
            ..Spared::default()
        },
        |rule| rule.spared,
    );
    let chosen = |days: u16| rule.is_some_and(|rule| rule.days == days);
    let template = Page {
        frame: Frame::new(app, visitor, TEXT.set_expiry, Here::Settings),
        saved,
        lifetimes: LIFETIMES.iter().map(|days| (*days, chosen(*days))).collect(),
        spared: [
            ("pinned", TEXT.expiry_pinned, spared.pinned),
            ("liked", TEXT.expiry_liked, spared.liked),
            ("kept", TEXT.expiry_saved, spared.saved),
            ("polls", TEXT.expiry_polls, spared.polls),
        ],
        problems,
    };
    Ok(page(template.problems.status(), &template))
}

/// `POST /settings/expiry`
pub async fn send(State(app): State<Arc<App>>, Form(visitor, fields): Form<Fields>) -> Response {
    error::answer(&app, &visitor, set(&app, &visitor, &fields).await)
}

async fn set(app: &App, visitor: &Visitor, fields: &Fields) -> Result<Response, Refused> {
    let spared = Spared {
        pinned: fields.pinned.is_some(),
        liked: fields.liked.is_some(),
        saved: fields.kept.is_some(),
        polls: fields.polls.is_some(),
    };
    let rule = match fields.days.as_str() {
        "" => None,
        // What is no number is none of the list.
        days => Some(Rule {
            days: days.parse().unwrap_or(0),
            spared,
        }),
    };
    match posts::set_rule(app, visitor.person()?, rule).await {
        Ok(()) => Ok(Redirect::to("/settings/expiry?saved=1").into_response()),
        Err(refused) => {
            let (_, problems) = Problems::of(refused, ("", ""))?;
            show(app, visitor, problems, false).await
        }
    }
}
