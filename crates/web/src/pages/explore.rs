//! What is talked about, and whom to find.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{AccountId, counted};
use bauta_service::discovery::{self, Order, Suggestion, TalkedAbout};
use bauta_service::{App, Refused};
use serde::Deserialize;

use crate::ask::{Ask, encode};
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, public_page};
use crate::posts::{List, Reader, author_html, people};
use crate::visitor::Visitor;
use crate::words_explore::{EN, Words};

/// Hashtags and posts on the page.
const TAGS: usize = 20;
const POSTS: usize = 20;
/// People on a page, and suggestions on top of the first.
const PEOPLE: usize = 40;
const SUGGESTED: usize = 10;

#[derive(Template)]
#[template(path = "page/explore.html")]
struct Explore {
    frame: Frame,
    say: &'static Words,
    /// Path, name, and how many people use it today.
    tags: Vec<(String, String, String)>,
    list: List,
}

/// `GET /explore`
pub async fn explore(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, explore_page(&app, &visitor, &ask).await)
}

async fn explore_page(app: &App, visitor: &Visitor, ask: &Ask) -> Result<Response, Refused> {
    let tags = discovery::tags(app, TAGS, 0).await?;
    let posts = discovery::posts(app, visitor.speaker.as_ref(), POSTS, 0).await?;
    let line = |one: &TalkedAbout| {
        let today = one.days.first().map_or(0, |(.., people)| *people);
        let people = counted(today as u64, EN.explore_people_one, EN.explore_people);
        (encode(&one.tag), one.tag.clone(), people)
    };
    let explore = Explore {
        frame: Frame::new(app, visitor, EN.explore, Here::Local),
        say: &EN,
        tags: tags.iter().map(line).collect(),
        list: List::whole(&posts, &Reader::new(app, visitor, ask)),
    };
    Ok(public_page(visitor, &explore))
}

/// Somebody to follow.
struct Suggested {
    id: AccountId,
    handle: String,
    html: String,
    why: &'static str,
}

#[derive(Template)]
#[template(path = "page/directory.html")]
struct Directory {
    frame: Frame,
    say: &'static Words,
    suggested: Vec<Suggested>,
    people: String,
    more: Option<usize>,
}

/// `GET /directory`
pub async fn directory(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, directory_page(&app, &visitor, &ask).await)
}

async fn directory_page(app: &App, visitor: &Visitor, ask: &Ask) -> Result<Response, Refused> {
    let offset: usize = ask.parsed("offset", crate::EN.wrong_page)?.unwrap_or(0);
    let viewer = visitor.speaker.as_ref();
    let found = discovery::directory(app, viewer, Order::LastSpoke, false, (PEOPLE, offset)).await?;
    let suggested = match viewer {
        Some(speaker) if offset == 0 => discovery::suggestions(app, speaker, SUGGESTED).await?,
        _ => Vec::new(),
    };
    let line = |one: &Suggestion| Suggested {
        id: one.card.account.id,
        handle: one.card.account.handle.to_string(),
        html: author_html(app, &one.card).to_owned(),
        why: if one.near {
            EN.suggested_near
        } else {
            EN.suggested_known
        },
    };
    let directory = Directory {
        frame: Frame::new(app, visitor, EN.directory, Here::Search),
        say: &EN,
        suggested: suggested.iter().map(line).collect(),
        // Whom the viewer hides is left out, so that a part can be shorter than it is long.
        more: (!found.is_empty())
            .then_some(offset + PEOPLE)
            .filter(|_| found.len() * 2 > PEOPLE),
        people: people(app, &found),
    };
    Ok(public_page(visitor, &directory))
}

/// Whom nobody should suggest any more.
#[derive(Deserialize)]
pub struct Dismissed {
    dismiss: String,
}

/// `POST /directory`
pub async fn dismiss(State(app): State<Arc<App>>, Form(visitor, form): Form<Dismissed>) -> Response {
    error::answer(&app, &visitor, dismissed(&app, &visitor, &form).await)
}

async fn dismissed(app: &App, visitor: &Visitor, form: &Dismissed) -> Result<Response, Refused> {
    let target = form.dismiss.parse().map_err(|_| Refused::NotFound)?;
    discovery::dismiss_suggestion(app, visitor.person()?, target).await?;
    Ok(Redirect::to("/directory").into_response())
}
