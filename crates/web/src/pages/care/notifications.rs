//! What somebody was told: who answered, followed or liked. Looking at the first page marks all of it as read.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{CoarseTime, NotificationId};
use bauta_service::notifications::{self, Asked, Kind, List, Told};
use bauta_service::{App, Refused, Speaker};

use super::{older, window};
use crate::ask::Ask;
use crate::csrf::{Form, Nothing};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::post::excerpt;
use crate::visitor::Visitor;
use crate::words_care::{EN, Words};

/// Characters of a post that are shown below the sentence.
const EXCERPT: usize = 240;

/// A line of the page.
struct Line {
    id: NotificationId,
    /// Handle and name of whoever did it, where that is told.
    who: Option<(String, String)>,
    what: &'static str,
    at: CoarseTime,
    /// Path and first words of the post.
    post: Option<(String, String)>,
    /// What to do next: a path and a word.
    next: Option<(String, &'static str)>,
}

#[derive(Template)]
#[template(path = "care/notifications.html")]
struct Notifications {
    frame: Frame,
    say: &'static Words,
    circles: &'static crate::words_circles::Words,
    lines: Vec<Line>,
    older: Option<NotificationId>,
}

/// `GET /notifications`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, list_page(&app, &visitor, &ask).await)
}

async fn list_page(app: &App, visitor: &Visitor, ask: &Ask) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let part = window(ask)?;
    let found = notifications::list(app, speaker, Asked::default(), part).await?;
    let mut frame = Frame::new(app, visitor, EN.notifications, Here::Notifications);
    if let Some(newest) = found.highest.filter(|_| part.below.is_none()) {
        mark_read(app, speaker, newest).await?;
        frame.unread = 0;
    }
    let notifications = Notifications {
        frame,
        say: &EN,
        circles: &crate::words_circles::EN,
        lines: found.items.iter().map(|told| line(told, speaker)).collect(),
        older: older(&found),
    };
    Ok(page(StatusCode::OK, &notifications))
}

/// Remembers the newest that was shown. When it was read is kept nowhere.
async fn mark_read(app: &App, speaker: &Speaker, newest: NotificationId) -> Result<(), Refused> {
    let known = notifications::markers(app, speaker).await?;
    let read = known
        .iter()
        .find(|place| place.list == List::Notifications)
        .map_or(0, |place| place.last_read);
    if newest.get() > read {
        notifications::set_marker(app, speaker, List::Notifications, newest.get()).await?;
    }
    Ok(())
}

fn line(told: &Told, speaker: &Speaker) -> Line {
    let account = &told.from.account;
    let post = told.post.as_ref();
    let answers_me = post.is_some_and(|shown| shown.card.post.in_reply_to_author == Some(speaker.account));
    let what = match told.kind {
        Kind::Mention if answers_me => EN.told_reply,
        Kind::Mention => EN.told_mention,
        Kind::Follow => EN.told_follow,
        Kind::FollowRequest => EN.told_request,
        Kind::Boost => EN.told_boost,
        Kind::Favourite => EN.told_like,
        Kind::Update => EN.told_edit,
        Kind::Status => EN.told_post,
        Kind::Poll if told.from.account.id == speaker.account => EN.told_own_poll,
        Kind::Poll => EN.told_poll,
        Kind::Quote => EN.told_quote,
        Kind::QuotedUpdate => EN.told_quoted_edit,
        Kind::Report => EN.told_report,
        Kind::Decision => EN.told_decision,
    };
    let next = match told.kind {
        Kind::Mention | Kind::Quote => {
            post.map(|shown| (format!("/compose?reply={}", shown.card.post.id), EN.reply))
        }
        Kind::FollowRequest => Some(("/requests".to_owned(), EN.answer_request)),
        Kind::Report => Some(("/moderation".to_owned(), EN.see_report)),
        Kind::Decision => Some(("/settings/decisions".to_owned(), EN.see_decisions)),
        _ => None,
    };
    Line {
        id: told.id,
        who: (told.kind != Kind::Decision && account.id != speaker.account)
            .then(|| (account.handle.as_str().to_owned(), account.name().to_owned())),
        what,
        at: told.at,
        post: post.map(|shown| {
            let path = format!("/@{}/{}", shown.author.account.handle, shown.card.post.id);
            (path, excerpt(&shown.card.post, EXCERPT))
        }),
        next,
    }
}

/// `POST /notifications/clear`
pub async fn clear(State(app): State<Arc<App>>, Form(visitor, Nothing {}): Form<Nothing>) -> Response {
    error::answer(&app, &visitor, cleared(&app, &visitor).await)
}

async fn cleared(app: &App, visitor: &Visitor) -> Result<Response, Refused> {
    notifications::clear(app, visitor.person()?).await?;
    Ok(Redirect::to("/notifications").into_response())
}

/// `POST /notifications/ID/dismiss`
pub async fn dismiss(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, Nothing {}): Form<Nothing>,
) -> Response {
    error::answer(&app, &visitor, dismissed(&app, &visitor, &id).await)
}

async fn dismissed(app: &App, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let id = id.parse().map_err(|_| Refused::NotFound)?;
    match notifications::dismiss(app, speaker, id).await {
        // Gone is what was wanted.
        Ok(()) | Err(Refused::NotFound) => Ok(Redirect::to("/notifications").into_response()),
        Err(refused) => Err(refused),
    }
}
