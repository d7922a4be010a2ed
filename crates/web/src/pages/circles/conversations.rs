//! Conversations: threads of direct posts.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{CoarseTime, PostId};
use bauta_service::conversations::{self, Conversation};
use bauta_service::{App, Refused};

use crate::ask::{Ask, PAGE_POSTS};
use crate::csrf::{Form, Nothing};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::excerpt;

/// Characters of a post that are shown.
const EXCERPT: usize = 240;

use crate::visitor::Visitor;
use crate::words_circles::{EN, Words};

/// A line of the list.
struct Line {
    id: PostId,
    path: String,
    people: Vec<String>,
    words: String,
    at: CoarseTime,
    unread: bool,
}

#[derive(Template)]
#[template(path = "circles/conversations.html")]
struct List {
    frame: Frame,
    say: &'static Words,
    lines: Vec<Line>,
    older: Option<PostId>,
}

/// `GET /conversations`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, list_page(&app, &visitor, &ask).await)
}

async fn list_page(app: &App, visitor: &Visitor, ask: &Ask) -> Result<Response, Refused> {
    let found = conversations::list(app, visitor.person()?, &ask.page()?).await?;
    let older = found.last().filter(|_| found.len() >= PAGE_POSTS);
    let list = List {
        frame: Frame::new(app, visitor, EN.conversations, Here::Notifications),
        say: &EN,
        older: older.map(|conversation| conversation.last.card.post.id),
        lines: found.iter().map(|conversation| line(app, conversation)).collect(),
    };
    Ok(page(StatusCode::OK, &list))
}

fn line(app: &App, conversation: &Conversation) -> Line {
    let last = &conversation.last;
    Line {
        id: conversation.id,
        path: format!("/@{}/{}", last.author.account.handle, last.card.post.id),
        people: conversation
            .people
            .iter()
            .map(|card| format!("@{}", card.account.handle))
            .collect(),
        words: excerpt(&last.card.post, EXCERPT),
        at: app.clock.slot_of(last.card.post.id.unix_seconds()),
        unread: conversation.unread,
    }
}

fn thread(text: &str) -> Result<PostId, Refused> {
    text.parse().map_err(|_| Refused::NotFound)
}

/// `POST /conversations/ID/read`
pub async fn read(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, _): Form<Nothing>,
) -> Response {
    error::answer(&app, &visitor, has_read(&app, &visitor, &id).await)
}

async fn has_read(app: &App, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    conversations::read(app, visitor.person()?, thread(id)?).await?;
    Ok(Redirect::to("/conversations").into_response())
}

/// `POST /conversations/ID/remove`
pub async fn remove(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, _): Form<Nothing>,
) -> Response {
    error::answer(&app, &visitor, put_away(&app, &visitor, &id).await)
}

async fn put_away(app: &App, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    conversations::remove(app, visitor.person()?, thread(id)?).await?;
    Ok(Redirect::to("/conversations").into_response())
}
