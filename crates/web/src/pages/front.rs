//! The front page for strangers, and the public posts of this server.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use bauta_service::{App, Refused, timelines};
use bauta_timeline::Page;

use crate::ask::{Ask, PAGE_POSTS};
use crate::error;
use crate::frame::{Frame, Here, public_page};
use crate::posts::{List, Reader};
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "page/front.html")]
struct Front {
    frame: Frame,
    lead: String,
    things: usize,
    list: List,
}

/// `GET /`
pub async fn front(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    let made = if visitor.speaker.is_some() {
        super::speaking::home::home(&app, &visitor, &ask).await
    } else {
        stranger_front(&app, &visitor, &ask).await
    };
    error::answer(&app, &visitor, made)
}

async fn stranger_front(app: &App, visitor: &Visitor, ask: &Ask) -> Result<Response, Refused> {
    let page = Page::newest(PAGE_POSTS);
    let shown = timelines::local(app, visitor.speaker.as_ref(), &page).await?;
    let mut list = List::part(&shown, &Reader::new(app, visitor, ask), &page, "");
    list.older = list.older.map(|query| format!("/local{query}"));
    let frame = Frame::new(app, visitor, &*app.site.title, Here::Home).indexable(true);
    let lead = match app.site.description.as_str() {
        "" => frame.words.front_nobody.to_owned(),
        own => own.to_owned(),
    };
    let things = bauta_inventory::held_things(app.inventory);
    Ok(public_page(
        visitor,
        &Front {
            frame,
            lead,
            things,
            list,
        },
    ))
}

#[derive(Template)]
#[template(path = "page/local.html")]
struct Local {
    frame: Frame,
    list: List,
}

/// `GET /local`
pub async fn local(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, local_page(&app, &visitor, &ask).await)
}

async fn local_page(app: &App, visitor: &Visitor, ask: &Ask) -> Result<Response, Refused> {
    let page = ask.page()?;
    let shown = timelines::local(app, visitor.speaker.as_ref(), &page).await?;
    let list = List::part(&shown, &Reader::new(app, visitor, ask), &page, "");
    let frame = Frame::new(app, visitor, crate::EN.local, Here::Local);
    Ok(public_page(visitor, &Local { frame, list }))
}
