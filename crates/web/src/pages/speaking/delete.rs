//! Deleting a post: a question first, on a page of its own.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_service::reading::Shown;
use bauta_service::{App, Deletion, Refused, posts};

use super::place;
use crate::ask::Ask;
use crate::csrf::{Form, Nothing};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::{PostPath, post_at};
use crate::posts::{Reader, words_of};
use crate::visitor::Visitor;
use crate::words_speaking::{EN, Words};

#[derive(Template)]
#[template(path = "speaking/delete.html")]
struct Question {
    frame: Frame,
    say: &'static Words,
    place: String,
    warning: String,
    html: String,
    /// What becomes of its text.
    becomes: &'static str,
}

/// `GET /@handle/ID/delete`
pub async fn question(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    path: Path<PostPath>,
    ask: Ask,
) -> Response {
    error::answer(&app, &visitor, question_page(&app, &visitor, &path, &ask).await)
}

async fn question_page(
    app: &App,
    visitor: &Visitor,
    path: &PostPath,
    ask: &Ask,
) -> Result<Response, Refused> {
    let shown = own(app, visitor, path).await?;
    let post = &shown.card.post;
    let question = Question {
        frame: Frame::new(app, visitor, EN.delete_title, Here::Elsewhere),
        say: &EN,
        place: place(&shown),
        warning: post.warning.clone(),
        html: words_of(post, &shown.author.account, &Reader::new(app, visitor, ask)),
        becomes: match app.store.deletion() {
            Deletion::KeyDies => EN.delete_key_dies,
            Deletion::Overwritten => EN.delete_real,
            Deletion::NotReal => EN.delete_not_real,
        },
    };
    Ok(page(StatusCode::OK, &question))
}

/// The post of an address, if it is the visitor's own: others' posts are not there to delete.
async fn own(app: &App, visitor: &Visitor, path: &PostPath) -> Result<Shown, Refused> {
    let speaker = visitor.person()?;
    match post_at(app, visitor, path, "").await? {
        Ok(shown) if shown.author.account.id == speaker.account => Ok(shown),
        _ => Err(Refused::NotFound),
    }
}

/// `POST /@handle/ID/delete`
pub async fn delete(
    State(app): State<Arc<App>>,
    path: Path<PostPath>,
    Form(visitor, Nothing {}): Form<Nothing>,
) -> Response {
    error::answer(&app, &visitor, deleted(&app, &visitor, &path).await)
}

async fn deleted(app: &App, visitor: &Visitor, path: &PostPath) -> Result<Response, Refused> {
    let shown = own(app, visitor, path).await?;
    posts::delete_post(app, visitor.person()?, shown.card.post.id).await?;
    Ok(Redirect::to(&format!("/@{}", shown.author.account.handle)).into_response())
}
