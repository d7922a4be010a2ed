//! Whom somebody blocks and mutes. Nobody else sees these lists.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_model::AccountId;
use bauta_service::{App, Refused, relations};

use super::relation::Tie;
use super::{older, window};
use crate::ask::Ask;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::posts::author_html;
use crate::visitor::Visitor;
use crate::words_care::{EN, Words};

/// A line of the list.
struct Line {
    html: String,
    handle: String,
    until: Option<String>,
}

#[derive(Template)]
#[template(path = "care/people.html")]
struct People {
    frame: Frame,
    say: &'static Words,
    lead: &'static str,
    empty: &'static str,
    undo: &'static str,
    path: &'static str,
    list: &'static str,
    lines: Vec<Line>,
    older: Option<AccountId>,
}

/// `GET /blocks`
pub async fn blocks(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, blocks_page(&app, &visitor, &ask).await)
}

async fn blocks_page(app: &App, visitor: &Visitor, ask: &Ask) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let found = relations::blocked(app, speaker, window(ask)?).await?;
    let lines = found.items.iter().map(|card| Line {
        html: author_html(app, card).to_owned(),
        handle: card.account.handle.as_str().to_owned(),
        until: None,
    });
    let people = People {
        frame: Frame::new(app, visitor, EN.blocks, Here::Settings),
        say: &EN,
        lead: EN.blocks_lead,
        empty: EN.blocks_empty,
        undo: EN.unblock,
        path: Tie::Unblock.path(),
        list: "/blocks",
        lines: lines.collect(),
        older: older(&found),
    };
    Ok(page(StatusCode::OK, &people))
}

/// `GET /mutes`
pub async fn mutes(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, mutes_page(&app, &visitor, &ask).await)
}

async fn mutes_page(app: &App, visitor: &Visitor, ask: &Ask) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let found = relations::muted(app, speaker, window(ask)?).await?;
    let lines = found.items.iter().map(|(card, until)| Line {
        html: author_html(app, card).to_owned(),
        handle: card.account.handle.as_str().to_owned(),
        until: until.map(|until| format!("{}, {}", until.day().long(), until.clock_utc())),
    });
    let people = People {
        frame: Frame::new(app, visitor, EN.mutes, Here::Settings),
        say: &EN,
        lead: EN.mutes_lead,
        empty: EN.mutes_empty,
        undo: EN.unmute,
        path: Tie::Unmute.path(),
        list: "/mutes",
        lines: lines.collect(),
        older: older(&found),
    };
    Ok(page(StatusCode::OK, &people))
}
