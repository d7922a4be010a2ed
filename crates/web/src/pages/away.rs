//! A picture of another server that has no copy here: what is known of it, and the button that has it got.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::MediaId;
use bauta_service::{App, Refused, posts, remote_media};

use crate::csrf::{Form, Nothing};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words::EN;

#[derive(Template)]
#[template(path = "page/away.html")]
struct Away {
    frame: Frame,
    id: MediaId,
    host: String,
    description: String,
    /// Where it is, for those who want to go there themselves.
    url: String,
    /// It can be rebuilt here.
    can: bool,
    /// Its post.
    back: String,
}

/// `GET /media/away/ID`
pub async fn show(State(app): State<Arc<App>>, visitor: Visitor, Path(id): Path<String>) -> Response {
    error::answer(&app, &visitor, shown(&app, &visitor, &id).await)
}

async fn shown(app: &App, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    let id = id.parse().map_err(|_| Refused::NotFound)?;
    let known = remote_media::away(app, visitor.speaker.as_ref(), id).await?;
    let away = Away {
        back: post_of(app, visitor, &known).await?,
        frame: Frame::new(app, visitor, EN.media_away, Here::Elsewhere),
        id,
        can: remote_media::can_be_asked_for(&known),
        host: known.named.host,
        description: known.named.description,
        url: known.named.url,
    };
    Ok(page(StatusCode::OK, &away))
}

/// `POST /media/away/ID`
pub async fn ask(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, Nothing {}): Form<Nothing>,
) -> Response {
    error::answer(&app, &visitor, asked(&app, &visitor, &id).await)
}

async fn asked(app: &App, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    let id = id.parse().map_err(|_| Refused::NotFound)?;
    let speaker = visitor
        .speaker
        .as_ref()
        .ok_or(Refused::Forbidden(EN.media_away_sign_in))?;
    let known = remote_media::ask(app, speaker, id).await?;
    Ok(Redirect::to(&post_of(app, visitor, &known).await?).into_response())
}

async fn post_of(app: &App, visitor: &Visitor, known: &remote_media::Remote) -> Result<String, Refused> {
    let post = known.post.ok_or(Refused::NotFound)?;
    let shown = posts::read(app, visitor.speaker.as_ref(), post).await?;
    Ok(format!("/@{}/{post}", shown.author.account.handle))
}
