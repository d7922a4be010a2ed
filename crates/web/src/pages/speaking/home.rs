//! Home: what the people whom one follows say, below a line that leads to the composer.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_service::lists::{self, List as Kept};
use bauta_service::{App, Refused, timelines};

use crate::ask::Ask;
use crate::frame::{Frame, Here, page};
use crate::posts::{List, Reader};
use crate::visitor::Visitor;
use crate::words_circles::Words as Circles;
use crate::words_speaking::{EN, Words};

/// Lists on top of the home page.
const LISTS: usize = 4;

#[derive(Template)]
#[template(path = "speaking/home.html")]
struct Home {
    frame: Frame,
    say: &'static Words,
    circles: &'static Circles,
    /// The first few lists, which are one step away.
    lists: Vec<Kept>,
    list: List,
    is_new: bool,
}

/// `GET /` of somebody who is signed in.
pub async fn home(app: &App, visitor: &Visitor, ask: &Ask) -> Result<Response, Refused> {
    let (speaker, part) = (visitor.person()?, ask.page()?);
    let shown = timelines::home(app, speaker, &part).await?;
    let list = List::part(&shown, &Reader::new(app, visitor, ask), &part, "");
    let home = Home {
        frame: Frame::new(app, visitor, EN.home, Here::Home),
        say: &EN,
        circles: &crate::words_circles::EN,
        lists: lists::all(app, speaker).await?.into_iter().take(LISTS).collect(),
        is_new: list.is_empty() && part.max_id.is_none() && part.min_id.is_none(),
        list,
    };
    Ok(page(StatusCode::OK, &home))
}
