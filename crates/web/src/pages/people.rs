//! Who follows an account, and whom it follows: counts for everyone, lists where the account shows them.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use bauta_service::{App, Refused};

use super::count;
use super::profile::account_at;
use crate::error;
use crate::frame::{Frame, Here, public_page};
use crate::visitor::Visitor;
use crate::words::EN;

#[derive(Template)]
#[template(path = "page/people.html")]
struct People {
    frame: Frame,
    heading: &'static str,
    handle: String,
    name: String,
    count: String,
}

/// `GET /@handle/followers`
pub async fn followers(State(app): State<Arc<App>>, visitor: Visitor, Path(name): Path<String>) -> Response {
    error::answer(&app, &visitor, page(&app, &visitor, &name, true).await)
}

/// `GET /@handle/following`
pub async fn following(State(app): State<Arc<App>>, visitor: Visitor, Path(name): Path<String>) -> Response {
    error::answer(&app, &visitor, page(&app, &visitor, &name, false).await)
}

async fn page(app: &App, visitor: &Visitor, name: &str, followers: bool) -> Result<Response, Refused> {
    let (rest, heading) = if followers {
        ("/followers", EN.people_followers_of)
    } else {
        ("/following", EN.people_followed_by)
    };
    let card = match account_at(app, name, rest).await? {
        Ok(card) => card,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let account = &card.account;
    let page = People {
        frame: Frame::new(
            app,
            visitor,
            format!("{heading} {}", account.name()),
            Here::Elsewhere,
        ),
        heading,
        handle: account.handle.as_str().to_owned(),
        name: account.name().to_owned(),
        count: count(if followers {
            account.followers_count
        } else {
            account.following_count
        }),
    };
    Ok(public_page(visitor, &page))
}
