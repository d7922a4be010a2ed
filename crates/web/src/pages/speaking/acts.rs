//! The words below a post: each is a button that does or undoes one thing, and leads back to where it was.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::Visibility;
use bauta_service::{App, Refused, posts};
use serde::Deserialize;

use super::{back, place};
use crate::ask::Ask;
use crate::csrf::Form;
use crate::error;
use crate::pages::{PostPath, post_at};
use crate::visitor::Visitor;

/// Whether the thing shall be so.
#[derive(Deserialize)]
pub struct On {
    on: bool,
}

#[derive(Clone, Copy)]
enum Act {
    Boost,
    Like,
    Save,
    Pin,
    MuteThread,
}

/// `POST /@handle/ID/boost`
pub async fn boost(State(app): State<Arc<App>>, path: Path<PostPath>, ask: Ask, form: Form<On>) -> Response {
    answer(&app, &path, &ask, form, Act::Boost).await
}

/// `POST /@handle/ID/like`
pub async fn like(State(app): State<Arc<App>>, path: Path<PostPath>, ask: Ask, form: Form<On>) -> Response {
    answer(&app, &path, &ask, form, Act::Like).await
}

/// `POST /@handle/ID/save`
pub async fn save(State(app): State<Arc<App>>, path: Path<PostPath>, ask: Ask, form: Form<On>) -> Response {
    answer(&app, &path, &ask, form, Act::Save).await
}

/// `POST /@handle/ID/pin`
pub async fn pin(State(app): State<Arc<App>>, path: Path<PostPath>, ask: Ask, form: Form<On>) -> Response {
    answer(&app, &path, &ask, form, Act::Pin).await
}

/// `POST /@handle/ID/mute-thread`
pub async fn mute_thread(
    State(app): State<Arc<App>>,
    path: Path<PostPath>,
    ask: Ask,
    form: Form<On>,
) -> Response {
    answer(&app, &path, &ask, form, Act::MuteThread).await
}

async fn answer(app: &App, path: &PostPath, ask: &Ask, Form(visitor, on): Form<On>, act: Act) -> Response {
    error::answer(app, &visitor, done(app, &visitor, path, ask, act, on.on).await)
}

async fn done(
    app: &App,
    visitor: &Visitor,
    path: &PostPath,
    ask: &Ask,
    act: Act,
    on: bool,
) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let Ok(shown) = post_at(app, visitor, path, "").await? else {
        return Err(Refused::NotFound);
    };
    let id = shown.card.post.id;
    match (act, on) {
        (Act::Boost, true) => posts::boost(app, speaker, id, Visibility::Public).await?,
        (Act::Boost, false) => posts::unboost(app, speaker, id).await?,
        (Act::Like, true) => posts::favourite(app, speaker, id).await?,
        (Act::Like, false) => posts::unfavourite(app, speaker, id).await?,
        (Act::Save, true) => posts::bookmark(app, speaker, id).await?,
        (Act::Save, false) => posts::unbookmark(app, speaker, id).await?,
        (Act::Pin, true) => posts::pin(app, speaker, id).await?,
        (Act::Pin, false) => posts::unpin(app, speaker, id).await?,
        (Act::MuteThread, true) => posts::mute_thread(app, speaker, id).await?,
        (Act::MuteThread, false) => posts::unmute_thread(app, speaker, id).await?,
    };
    // The list opens where the button was.
    let back = format!("{}#p{id}", back(ask, &place(&shown)));
    Ok(Redirect::to(&back).into_response())
}
