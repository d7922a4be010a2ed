//! Drafts that were put aside: the list, one of them in the composer again, and deleting it.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::AsideId;
use bauta_service::posts::NewPoll;
use bauta_service::posts::aside::{self, Aside};
use bauta_service::{App, Refused, Speaker};

use super::compose::Fields;
use super::scheduled;
use crate::ask::Ask;
use crate::csrf::{Form, Nothing};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::posts::audience;
use crate::visitor::Visitor;
use crate::words_account::TEXT;
use crate::words_speaking::{EN, Words};

/// How long a post can be made to stay: seconds, and in words.
pub const LIFETIMES: &[(&str, &str)] = &[
    ("3600", EN.hours_1),
    ("21600", EN.hours_6),
    ("86400", EN.days_1),
    ("259200", EN.days_3),
    ("604800", EN.days_7),
    ("2592000", EN.days_30),
    ("7776000", EN.days_90),
    ("31536000", EN.years_1),
];

/// How long a post stays, as the form says it.
pub fn lasts(text: &str) -> Result<Option<Duration>, Refused> {
    if text.is_empty() {
        return Ok(None);
    }
    let seconds = text
        .parse()
        .map_err(|_| Refused::invalid("expires_in", EN.lasts_wrong))?;
    Ok(Some(Duration::from_secs(seconds)))
}

/// Puts into `fields` the draft that `ask` names, if it names one.
pub async fn open(app: &App, speaker: &Speaker, ask: &Ask, fields: &mut Fields) -> Result<(), Refused> {
    let wanted = ask.text("draft");
    if wanted.is_empty() {
        return Ok(());
    }
    let id = wanted.parse().map_err(|_| Refused::NotFound)?;
    let Aside {
        draft, when, media, ..
    } = aside::get(app, speaker, id).await?;
    fields.aside = id.to_string();
    fields.text = draft.text;
    fields.warning = draft.warning;
    draft.visibility.as_api().clone_into(&mut fields.visibility);
    fields.language = draft.language.unwrap_or_default();
    fields.reply = draft.in_reply_to.map(|id| id.to_string()).unwrap_or_default();
    fields.quote = draft.quote.map(|id| id.to_string()).unwrap_or_default();
    draft.quote_policy.as_api().clone_into(&mut fields.quoters);
    draft.reply_policy.as_api().clone_into(&mut fields.repliers);
    fields.at = when.at.map(scheduled::written).unwrap_or_default();
    if let Some(hold) = when.hold {
        hold.as_api().clone_into(&mut fields.hold);
    }
    fields.lasts = draft
        .lasts
        .map(|lasts| lasts.as_secs().to_string())
        .unwrap_or_default();
    fields.sensitive = ticked(draft.sensitive);
    fields.shorten = ticked(draft.shorten);
    fields.show(&media);
    if let Some(poll) = draft.poll {
        ask_again(fields, poll);
    }
    Ok(())
}

fn ticked(on: bool) -> String {
    if on { "yes".to_owned() } else { String::new() }
}

fn ask_again(fields: &mut Fields, poll: NewPoll) {
    let mut options = poll.options.into_iter();
    let mut next = || options.next().unwrap_or_default();
    fields.option1 = next();
    fields.option2 = next();
    fields.option3 = next();
    fields.option4 = next();
    fields.open_for = poll.open_for.as_secs().to_string();
    fields.multiple = ticked(poll.multiple);
    fields.hide_totals = ticked(poll.hide_totals);
}

/// A line of the page.
struct Line {
    id: AsideId,
    audience: &'static str,
    text: String,
    warning: String,
    options: Vec<String>,
    pictures: usize,
}

fn line(one: Aside) -> Line {
    Line {
        id: one.id,
        audience: audience(one.draft.visibility),
        options: one.draft.poll.map(|poll| poll.options).unwrap_or_default(),
        text: one.draft.text,
        warning: one.draft.warning,
        pictures: one.media.len(),
    }
}

#[derive(Template)]
#[template(path = "speaking/drafts.html")]
struct All {
    frame: Frame,
    say: &'static Words,
    lines: Vec<Line>,
}

/// `GET /drafts`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    error::answer(&app, &visitor, show(&app, &visitor).await)
}

async fn show(app: &App, visitor: &Visitor) -> Result<Response, Refused> {
    let found = aside::list(app, visitor.person()?).await?;
    let all = All {
        frame: Frame::new(app, visitor, EN.drafts, Here::Settings),
        say: &EN,
        lines: found.into_iter().map(line).collect(),
    };
    Ok(page(StatusCode::OK, &all))
}

/// `POST /drafts/ID/delete`
pub async fn delete(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, Nothing {}): Form<Nothing>,
) -> Response {
    error::answer(&app, &visitor, deleted(&app, &visitor, &id).await)
}

async fn deleted(app: &App, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let id = id.parse().map_err(|_| Refused::NotFound)?;
    match aside::delete(app, speaker, id).await {
        // Gone is what was wanted.
        Ok(()) | Err(Refused::NotFound) => Ok(Redirect::to("/drafts").into_response()),
        Err(refused) => Err(refused),
    }
}
