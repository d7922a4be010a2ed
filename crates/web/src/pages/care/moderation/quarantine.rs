//! Quarantine: what is in it, and one of it. What is kept is opened by a button, and that is put on the record; its files
//! are given to the session that pressed it alone.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{Day, HoldId, MediaId};
use bauta_service::moderation::{self, Held, Kind, Looked, Why};
use bauta_service::{App, Refused};
use serde::Deserialize;

use super::{moderator, quarantine_text};
use crate::ask::Ask;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::care::illegal::kind_name;
use crate::visitor::Visitor;
use crate::words_care::EN as CARE;
use crate::words_quarantine::{EN, Words};

struct Line {
    id: HoldId,
    handle: Option<String>,
    kind: &'static str,
    since: String,
    until: String,
    sent: Option<String>,
}

impl Line {
    fn of(held: &Held) -> Self {
        let one = &held.quarantine;
        Self {
            id: one.id,
            handle: held
                .owner
                .as_ref()
                .map(|card| card.account.handle.as_str().to_owned()),
            kind: kind_name(one.new.kind),
            since: one.since.long(),
            until: one.new.until.long(),
            sent: one.sent.map(Day::long),
        }
    }
}

#[derive(Template)]
#[template(path = "care/quarantines.html")]
struct Quarantines {
    frame: Frame,
    say: &'static Words,
    care: &'static crate::words_care::Words,
    lines: Vec<Line>,
}

/// `GET /moderation/quarantine`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    error::answer(&app, &visitor, list_page(&app, &visitor).await)
}

async fn list_page(app: &App, visitor: &Visitor) -> Result<Response, Refused> {
    let found = moderation::quarantines(app, moderator(visitor)?).await?;
    let shown = Quarantines {
        frame: Frame::new(app, visitor, EN.in_quarantine, Here::Moderation),
        say: &EN,
        care: &CARE,
        lines: found.iter().map(Line::of).collect(),
    };
    Ok(page(StatusCode::OK, &shown))
}

/// A file as the page shows it.
struct File {
    path: String,
    what: String,
    is_picture: bool,
    width: i32,
    height: i32,
}

/// What is kept, once somebody looked.
struct Opened {
    warning: String,
    text: String,
    files: Vec<File>,
    report: String,
}

#[derive(Template)]
#[template(path = "care/quarantine.html")]
struct One {
    frame: Frame,
    say: &'static Words,
    line: Line,
    duty: &'static str,
    opened: Option<Opened>,
}

/// `GET /moderation/quarantine/ID`
pub async fn one(State(app): State<Arc<App>>, visitor: Visitor, Path(id): Path<String>) -> Response {
    error::answer(&app, &visitor, one_page(&app, &visitor, &id, false).await)
}

async fn one_page(app: &App, visitor: &Visitor, id: &str, look: bool) -> Result<Response, Refused> {
    let speaker = moderator(visitor)?;
    let id: HoldId = id.parse().map_err(|_| Refused::NotFound)?;
    let held = moderation::quarantined(app, speaker, id).await?;
    let opened = if look {
        let looked = moderation::look(app, speaker, id).await?;
        Some(opened(app, visitor, &held, &looked))
    } else {
        None
    };
    let shown = One {
        frame: Frame::new(app, visitor, EN.in_quarantine, Here::Moderation),
        say: &EN,
        line: Line::of(&held),
        duty: duty(held.quarantine.new.kind),
        opened,
    };
    Ok(page(StatusCode::OK, &shown))
}

const fn duty(kind: Kind) -> &'static str {
    match kind {
        Kind::ChildAbuse => EN.duty_child,
        Kind::Intimate => EN.duty_intimate,
        Kind::Terrorism => EN.duty_terrorism,
        Kind::Other => EN.duty_other,
    }
}

fn opened(app: &App, visitor: &Visitor, held: &Held, looked: &Looked) -> Opened {
    let id = held.quarantine.id;
    let key = key(app, visitor, id);
    let files = looked.files.iter().map(|(kept, bytes, _)| File {
        path: format!("/moderation/quarantine/{id}/{}?key={key}", MediaId::new(kept.id)),
        what: format!("{}, {} × {}, {bytes} bytes", kept.mime, kept.width, kept.height),
        is_picture: kept.mime.starts_with("image/"),
        width: kept.width,
        height: kept.height,
    });
    Opened {
        warning: looked.words.warning.clone(),
        text: looked.words.text.clone(),
        files: files.collect(),
        report: quarantine_text::report(app, &held.quarantine, looked),
    }
}

/// What shows that a session has looked into a quarantine.
fn key(app: &App, visitor: &Visitor, id: HoldId) -> String {
    let session = visitor.token.as_deref().unwrap_or_default();
    app.csrf.token("quarantine", format!("{id} {session}").as_bytes())
}

/// `GET /moderation/quarantine/ID/FILE?key=`
pub async fn file(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path((id, file)): Path<(String, String)>,
    ask: Ask,
) -> Response {
    error::answer(&app, &visitor, file_of(&app, &visitor, (&id, &file), &ask).await)
}

async fn file_of(
    app: &App,
    visitor: &Visitor,
    (id, file): (&str, &str),
    ask: &Ask,
) -> Result<Response, Refused> {
    let speaker = moderator(visitor)?;
    let id: HoldId = id.parse().map_err(|_| Refused::NotFound)?;
    let file: MediaId = file.parse().map_err(|_| Refused::NotFound)?;
    let session = visitor.token.as_deref().unwrap_or_default();
    let bound = format!("{id} {session}");
    if !app.csrf.verify("quarantine", bound.as_bytes(), ask.text("key")) {
        return Err(Refused::NotFound);
    }
    let (mime, bytes) = moderation::held_file(app, speaker, id, file).await?;
    Ok(([(CONTENT_TYPE, mime)], bytes).into_response())
}

/// What is done.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Act {
    /// `look`, `sent` or `release`.
    act: String,
    /// Why it is put back, as typed.
    reason: String,
}

/// `POST /moderation/quarantine/ID`
pub async fn act(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, form): Form<Act>,
) -> Response {
    error::answer(&app, &visitor, acted(&app, &visitor, &id, form).await)
}

async fn acted(app: &App, visitor: &Visitor, id: &str, form: Act) -> Result<Response, Refused> {
    let speaker = moderator(visitor)?;
    let hold: HoldId = id.parse().map_err(|_| Refused::NotFound)?;
    match form.act.as_str() {
        "look" => one_page(app, visitor, id, true).await,
        "sent" => {
            moderation::sent(app, speaker, hold).await?;
            Ok(Redirect::to(&format!("/moderation/quarantine/{hold}")).into_response())
        }
        "release" => {
            moderation::release(app, speaker, hold, Why::because(form.reason)).await?;
            Ok(Redirect::to("/moderation/quarantine").into_response())
        }
        _ => Err(Refused::invalid("form", crate::EN.broken_form)),
    }
}
