//! Hashtags that a person follows, and those on their profile.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::FeaturedTagId;
use bauta_service::timelines::{self, Of};
use bauta_service::{App, Refused, tags};
use serde::Deserialize;

use crate::ask::{Ask, encode};
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page, public_page};
use crate::pages::account::Problems;
use crate::pages::profile::account_at;
use crate::posts::{List, Reader};
use crate::visitor::Visitor;
use crate::words_account::TEXT;
use crate::words_circles::{EN, Words};

#[derive(Template)]
#[template(path = "circles/tags.html")]
struct Followed {
    frame: Frame,
    say: &'static Words,
    /// Name, and its path.
    tags: Vec<(String, String)>,
}

/// `GET /followed-tags`
pub async fn followed(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    error::answer(&app, &visitor, followed_page(&app, &visitor).await)
}

async fn followed_page(app: &App, visitor: &Visitor) -> Result<Response, Refused> {
    let names = tags::followed(app, visitor.person()?).await?;
    let followed = Followed {
        frame: Frame::new(app, visitor, EN.tags, Here::Settings),
        say: &EN,
        tags: names
            .into_iter()
            .map(|name| (name.clone(), path_of(&name)))
            .collect(),
    };
    Ok(page(StatusCode::OK, &followed))
}

fn path_of(tag: &str) -> String {
    format!("/tags/{}", encode(tag))
}

/// What a button of a tag says.
#[derive(Deserialize)]
pub struct Wish {
    on: bool,
}

/// `POST /tags/NAME/follow`
pub async fn follow(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    ask: Ask,
    Form(visitor, wish): Form<Wish>,
) -> Response {
    error::answer(&app, &visitor, follows(&app, &visitor, &name, &ask, &wish).await)
}

async fn follows(
    app: &App,
    visitor: &Visitor,
    name: &str,
    ask: &Ask,
    wish: &Wish,
) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let tag = if wish.on {
        tags::follow(app, speaker, name).await?
    } else {
        tags::unfollow(app, speaker, name).await?
    };
    let place = crate::pages::speaking::back(ask, &path_of(&tag.name));
    Ok(Redirect::to(&place).into_response())
}

#[derive(Template)]
#[template(path = "circles/featured.html")]
struct Featured {
    frame: Frame,
    say: &'static Words,
    problems: Problems,
    name: String,
    tags: Vec<tags::Featured>,
}

/// `GET /settings/featured`
pub async fn featured(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    let made = featured_page(&app, &visitor, String::new(), Problems::none()).await;
    error::answer(&app, &visitor, made)
}

async fn featured_page(
    app: &App,
    visitor: &Visitor,
    name: String,
    problems: Problems,
) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let featured = Featured {
        frame: Frame::new(app, visitor, EN.featured, Here::Settings),
        say: &EN,
        name,
        tags: tags::featured(app, speaker.account).await?,
        problems,
    };
    Ok(page(featured.problems.status(), &featured))
}

/// A tag to be shown, or the number of one to be taken off.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Change {
    name: String,
    remove: String,
}

/// `POST /settings/featured`
pub async fn feature(State(app): State<Arc<App>>, Form(visitor, change): Form<Change>) -> Response {
    error::answer(&app, &visitor, features(&app, &visitor, change).await)
}

async fn features(app: &App, visitor: &Visitor, change: Change) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let done = if change.remove.is_empty() {
        tags::feature(app, speaker, &change.name).await.map(|_| ())
    } else {
        let id: FeaturedTagId = change.remove.parse().map_err(|_| Refused::NotFound)?;
        tags::unfeature(app, speaker, id).await
    };
    match done {
        Ok(()) => Ok(Redirect::to("/settings/featured").into_response()),
        Err(refused) => {
            let (_, problems) = Problems::of(refused, ("", ""))?;
            featured_page(app, visitor, change.name, problems).await
        }
    }
}

#[derive(Template)]
#[template(path = "circles/tagged.html")]
struct Tagged {
    frame: Frame,
    say: &'static Words,
    handle: String,
    tag: String,
    list: List,
}

/// `GET /@handle/tagged/NAME`
pub async fn tagged(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path((name, tag)): Path<(String, String)>,
    ask: Ask,
) -> Response {
    error::answer(
        &app,
        &visitor,
        tagged_page(&app, &visitor, &name, &tag, &ask).await,
    )
}

async fn tagged_page(
    app: &App,
    visitor: &Visitor,
    name: &str,
    tag: &str,
    ask: &Ask,
) -> Result<Response, Refused> {
    let tag = tags::name(tag).map_err(|_| Refused::NotFound)?;
    let account = match account_at(app, name, &format!("/tagged/{}", encode(&tag))).await? {
        Ok(card) => Arc::clone(&card.account),
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (viewer, part) = (visitor.speaker.as_ref(), ask.page()?);
    let shown = timelines::profile(app, viewer, account.id, &Of::Tagged(tag.clone()), &part).await?;
    let title = format!("#{tag} {} @{}", EN.tagged_by, account.handle);
    let tagged = Tagged {
        frame: Frame::new(app, visitor, title, Here::Elsewhere),
        say: &EN,
        handle: account.handle.to_string(),
        tag,
        list: List::part(&shown, &Reader::new(app, visitor, ask), &part, ""),
    };
    Ok(public_page(visitor, &tagged))
}
