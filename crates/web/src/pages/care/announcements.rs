//! What moderators announce: reading it, waving it away, reacting; and for moderators, announcing.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{AnnouncementId, CoarseTime};
use bauta_service::announcements::{self, Seen};
use bauta_service::{App, Refused};
use bauta_text::escape_html;
use serde::Deserialize;

use crate::ask::Ask;
use crate::csrf::{Form, Nothing};
use crate::emoji::picture;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::Problems;
use crate::visitor::Visitor;
use crate::words_account::TEXT;
use crate::words_explore::{EN, Words};

struct Reaction {
    name: String,
    html: String,
    count: i64,
    mine: bool,
}

struct Line {
    id: AnnouncementId,
    html: String,
    published: CoarseTime,
    ends: Option<CoarseTime>,
    dismissed: bool,
    reactions: Vec<Reaction>,
}

/// What a moderator typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    text: String,
    days: String,
}

#[derive(Template)]
#[template(path = "care/announcements.html")]
struct Announcements {
    frame: Frame,
    say: &'static Words,
    lines: Vec<Line>,
    moderates: bool,
    problems: Problems,
    typed: Typed,
}

/// `GET /announcements`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    let made = show(&app, &visitor, Problems::none(), Typed::default()).await;
    error::answer(&app, &visitor, made)
}

async fn show(app: &App, visitor: &Visitor, problems: Problems, typed: Typed) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let all = announcements::list(app, speaker).await?;
    let announcements = Announcements {
        lines: all.iter().map(|seen| line(app, seen)).collect(),
        frame: Frame::new(app, visitor, EN.announcements, Here::Notifications),
        say: &EN,
        moderates: speaker.role.moderates(),
        problems,
        typed,
    };
    Ok(page(announcements.problems.status(), &announcements))
}

fn line(app: &App, seen: &Seen) -> Line {
    let one = &seen.announcement;
    let shown = |name: &str| match app.emojis.get(name) {
        Some(emoji) => picture(&emoji),
        None => escape_html(name),
    };
    Line {
        id: one.id,
        html: bauta_text::with_emoji(&bauta_text::relative(&one.html, app.site.text()), |name| {
            app.emojis.get(name).map(|emoji| picture(&emoji))
        }),
        published: one.published,
        ends: one.ends,
        dismissed: seen.dismissed,
        reactions: seen
            .reactions
            .iter()
            .map(|reaction| Reaction {
                html: shown(&reaction.name),
                name: reaction.name.clone(),
                count: reaction.count,
                mine: reaction.mine,
            })
            .collect(),
    }
}

/// `POST /announcements/ID/dismiss`
pub async fn dismiss(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, Nothing {}): Form<Nothing>,
) -> Response {
    error::answer(&app, &visitor, dismissed(&app, &visitor, &id).await)
}

fn back() -> Result<Response, Refused> {
    Ok(Redirect::to("/announcements").into_response())
}

fn number(id: &str) -> Result<AnnouncementId, Refused> {
    id.parse().map_err(|_| Refused::NotFound)
}

async fn dismissed(app: &App, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    announcements::dismiss(app, visitor.person()?, number(id)?).await?;
    back()
}

/// A reaction.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Given {
    name: String,
}

/// `POST /announcements/ID?on=1` gives a reaction, with `off` takes it back.
pub async fn react(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    ask: Ask,
    Form(visitor, given): Form<Given>,
) -> Response {
    let on = ask.text("off").is_empty();
    error::answer(&app, &visitor, reacted(&app, &visitor, &id, &given, on).await)
}

async fn reacted(
    app: &App,
    visitor: &Visitor,
    id: &str,
    given: &Given,
    on: bool,
) -> Result<Response, Refused> {
    let (speaker, name) = (visitor.person()?, given.name.trim().trim_matches(':'));
    if on {
        announcements::react(app, speaker, number(id)?, name).await?;
    } else {
        announcements::unreact(app, speaker, number(id)?, name).await?;
    }
    back()
}

/// `POST /moderation/announcements`
pub async fn publish(State(app): State<Arc<App>>, Form(visitor, typed): Form<Typed>) -> Response {
    error::answer(&app, &visitor, published(&app, &visitor, typed).await)
}

async fn published(app: &App, visitor: &Visitor, typed: Typed) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let days = match typed.days.trim() {
        "" => Ok(None),
        days => days
            .parse()
            .map(Some)
            .map_err(|_| Refused::invalid("days", EN.announce_wrong_days)),
    };
    let done = match days {
        Ok(days) => announcements::publish(app, speaker, &typed.text, days).await,
        Err(refused) => Err(refused),
    };
    match done {
        Ok(()) => back(),
        // To everybody else this is not there.
        Err(Refused::Forbidden(_)) => Err(Refused::NotFound),
        Err(refused) => {
            let (_, problems) = Problems::of(refused, ("", ""))?;
            show(app, visitor, problems, typed).await
        }
    }
}

/// `POST /moderation/announcements/ID/remove`
pub async fn remove(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, Nothing {}): Form<Nothing>,
) -> Response {
    error::answer(&app, &visitor, removed(&app, &visitor, &id).await)
}

async fn removed(app: &App, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    announcements::remove(app, visitor.person()?, number(id)?).await?;
    back()
}
