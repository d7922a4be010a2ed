//! Lists: all of them, the timeline of one, and changing it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{AccountId, ListId};
use bauta_service::lists::{self, List as Kept, Replies, Wish};
use bauta_service::{App, Refused, Window};
use serde::Deserialize;

use crate::ask::Ask;
use crate::csrf::{Form, Nothing};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::Problems;
use crate::posts::{List, Reader, author_html};
use crate::visitor::Visitor;
use crate::words_account::TEXT;
use crate::words_circles::{EN, Words};

#[derive(Template)]
#[template(path = "circles/lists.html")]
struct All {
    frame: Frame,
    say: &'static Words,
    problems: Problems,
    title: String,
    lists: Vec<Kept>,
}

fn list_id(text: &str) -> Result<ListId, Refused> {
    text.parse().map_err(|_| Refused::NotFound)
}

/// `GET /lists`
pub async fn all(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    let made = all_page(&app, &visitor, String::new(), Problems::none()).await;
    error::answer(&app, &visitor, made)
}

async fn all_page(
    app: &App,
    visitor: &Visitor,
    title: String,
    problems: Problems,
) -> Result<Response, Refused> {
    let status = problems.status();
    let all = All {
        lists: lists::all(app, visitor.person()?).await?,
        frame: Frame::new(app, visitor, EN.lists, Here::Home),
        say: &EN,
        problems,
        title,
    };
    Ok(page(status, &all))
}

/// The form of a list. Everything may be missing.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    title: String,
    replies: String,
    exclusive: Option<String>,
}

impl Fields {
    fn wish(&self) -> Wish {
        let code = self.replies.parse().ok();
        Wish {
            title: Some(self.title.clone()),
            replies: code.and_then(Replies::from_code),
            exclusive: Some(self.exclusive.is_some()),
        }
    }
}

/// `POST /lists`
pub async fn create(State(app): State<Arc<App>>, Form(visitor, fields): Form<Fields>) -> Response {
    error::answer(&app, &visitor, created(&app, &visitor, fields).await)
}

async fn created(app: &App, visitor: &Visitor, fields: Fields) -> Result<Response, Refused> {
    match lists::create(app, visitor.person()?, fields.wish()).await {
        Ok(list) => Ok(Redirect::to(&format!("/lists/{}/edit", list.id)).into_response()),
        Err(refused) => {
            let (_, problems) = Problems::of(refused, ("", ""))?;
            all_page(app, visitor, fields.title, problems).await
        }
    }
}

#[derive(Template)]
#[template(path = "circles/list.html")]
struct Timeline {
    frame: Frame,
    say: &'static Words,
    id: ListId,
    list: List,
}

/// `GET /lists/ID`
pub async fn timeline(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    ask: Ask,
) -> Response {
    error::answer(&app, &visitor, timeline_page(&app, &visitor, &id, &ask).await)
}

async fn timeline_page(app: &App, visitor: &Visitor, id: &str, ask: &Ask) -> Result<Response, Refused> {
    let (speaker, part, id) = (visitor.person()?, ask.page()?, list_id(id)?);
    let found = lists::get(app, speaker, id).await?;
    let shown = lists::timeline(app, speaker, id, &part).await?;
    let timeline = Timeline {
        frame: Frame::new(app, visitor, found.title, Here::Home),
        say: &EN,
        id,
        list: List::part(&shown, &Reader::new(app, visitor, ask), &part, ""),
    };
    Ok(page(StatusCode::OK, &timeline))
}

#[derive(Template)]
#[template(path = "circles/list_edit.html")]
struct Edit {
    frame: Frame,
    say: &'static Words,
    problems: Problems,
    saved: bool,
    kept: Kept,
    /// Number, words, chosen.
    replies: Vec<(i16, &'static str, bool)>,
    people: Vec<(AccountId, String, String)>,
}

/// `GET /lists/ID/edit`
pub async fn edit(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    ask: Ask,
) -> Response {
    let saved = !ask.text("saved").is_empty();
    let made = edit_page(&app, &visitor, &id, saved, Problems::none()).await;
    error::answer(&app, &visitor, made)
}

async fn edit_page(
    app: &App,
    visitor: &Visitor,
    id: &str,
    saved: bool,
    problems: Problems,
) -> Result<Response, Refused> {
    let (speaker, id) = (visitor.person()?, list_id(id)?);
    let kept = lists::get(app, speaker, id).await?;
    let members = lists::members(app, speaker, id, Window::first(0)).await?;
    let person = |card: &Arc<bauta_timeline::AccountCard>| {
        let account = &card.account;
        (
            account.id,
            account.handle.to_string(),
            author_html(app, card).to_owned(),
        )
    };
    let choice = |replies: Replies| {
        let words = match replies {
            Replies::None => EN.list_replies_none,
            Replies::List => EN.list_replies_list,
            Replies::Followed => EN.list_replies_followed,
        };
        (replies.code(), words, replies == kept.replies)
    };
    let edit = Edit {
        frame: Frame::new(app, visitor, EN.list_change, Here::Home),
        say: &EN,
        saved,
        replies: Replies::ALL.map(choice).to_vec(),
        people: members.items.iter().map(person).collect(),
        kept,
        problems,
    };
    Ok(page(edit.problems.status(), &edit))
}

/// `POST /lists/ID/edit`
pub async fn change(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, fields): Form<Fields>,
) -> Response {
    error::answer(&app, &visitor, changed(&app, &visitor, &id, &fields).await)
}

async fn changed(app: &App, visitor: &Visitor, id: &str, fields: &Fields) -> Result<Response, Refused> {
    match lists::update(app, visitor.person()?, list_id(id)?, fields.wish()).await {
        Ok(_) => Ok(Redirect::to(&format!("/lists/{id}/edit?saved=1")).into_response()),
        Err(refused) => {
            let (_, problems) = Problems::of(refused, ("", ""))?;
            edit_page(app, visitor, id, false, problems).await
        }
    }
}

/// Whom a button is about.
#[derive(Deserialize)]
pub struct Whom {
    account: String,
}

/// `POST /lists/ID/remove`
pub async fn take_out(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, whom): Form<Whom>,
) -> Response {
    error::answer(&app, &visitor, taken_out(&app, &visitor, &id, &whom).await)
}

async fn taken_out(app: &App, visitor: &Visitor, id: &str, whom: &Whom) -> Result<Response, Refused> {
    let person = whom.account.parse().map_err(|_| Refused::NotFound)?;
    lists::remove(app, visitor.person()?, list_id(id)?, vec![person]).await?;
    Ok(Redirect::to(&format!("/lists/{id}/edit")).into_response())
}

#[derive(Template)]
#[template(path = "circles/list_delete.html")]
struct Question {
    frame: Frame,
    say: &'static Words,
    id: ListId,
    title: String,
}

/// `GET /lists/ID/delete`
pub async fn question(State(app): State<Arc<App>>, visitor: Visitor, Path(id): Path<String>) -> Response {
    error::answer(&app, &visitor, question_page(&app, &visitor, &id).await)
}

async fn question_page(app: &App, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    let kept = lists::get(app, visitor.person()?, list_id(id)?).await?;
    let question = Question {
        frame: Frame::new(app, visitor, EN.list_delete, Here::Home),
        say: &EN,
        id: kept.id,
        title: kept.title,
    };
    Ok(page(StatusCode::OK, &question))
}

/// `POST /lists/ID/delete`
pub async fn delete(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, _): Form<Nothing>,
) -> Response {
    error::answer(&app, &visitor, deleted(&app, &visitor, &id).await)
}

async fn deleted(app: &App, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    lists::delete(app, visitor.person()?, list_id(id)?).await?;
    Ok(Redirect::to("/lists").into_response())
}
