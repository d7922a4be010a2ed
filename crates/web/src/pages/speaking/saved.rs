//! What a person saved, which nobody else sees, and what they liked.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_service::{App, Refused, timelines};

use crate::ask::Ask;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::posts::{List, Reader};
use crate::visitor::Visitor;
use crate::words_speaking::{EN, Words};

#[derive(Template)]
#[template(path = "speaking/saved.html")]
struct Saved {
    frame: Frame,
    say: &'static Words,
    list: List,
    likes: bool,
}

/// `GET /bookmarks`
pub async fn bookmarks(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, list(&app, &visitor, &ask, false).await)
}

/// `GET /favourites`
pub async fn favourites(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, list(&app, &visitor, &ask, true).await)
}

async fn list(app: &App, visitor: &Visitor, ask: &Ask, likes: bool) -> Result<Response, Refused> {
    let (speaker, part) = (visitor.person()?, ask.page()?);
    let (shown, title, here) = if likes {
        (
            timelines::favourites(app, speaker, &part).await?,
            EN.liked,
            Here::Favourites,
        )
    } else {
        (
            timelines::bookmarks(app, speaker, &part).await?,
            EN.saved,
            Here::Bookmarks,
        )
    };
    let saved = Saved {
        frame: Frame::new(app, visitor, title, here),
        say: &EN,
        list: List::part(&shown, &Reader::new(app, visitor, ask), &part, ""),
        likes,
    };
    Ok(page(StatusCode::OK, &saved))
}
