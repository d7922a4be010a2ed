//! Who follows an account, and whom it follows: counts for everyone, lists where the account shows them.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use bauta_model::{AccountId, counted};
use bauta_service::{App, Refused, Window, relations};

use super::profile::account_at;
use crate::ask::Ask;
use crate::error;
use crate::frame::{Frame, Here, public_page};
use crate::posts;
use crate::visitor::Visitor;
use crate::words::EN;

/// People on a page.
const PAGE_PEOPLE: usize = 40;

/// Which of the two lists.
#[derive(Clone, Copy)]
enum Side {
    Followers,
    Following,
}

#[derive(Template)]
#[template(path = "page/people.html")]
struct PeoplePage {
    frame: Frame,
    heading: &'static str,
    handle: String,
    name: String,
    count: String,
    /// The viewer sees who they are, and not only how many.
    is_shown: bool,
    people: String,
    older: Option<AccountId>,
}

/// `GET /@handle/followers`
pub async fn followers(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(name): Path<String>,
    ask: Ask,
) -> Response {
    error::answer(
        &app,
        &visitor,
        page(&app, &visitor, &name, &ask, Side::Followers).await,
    )
}

/// `GET /@handle/following`
pub async fn following(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(name): Path<String>,
    ask: Ask,
) -> Response {
    error::answer(
        &app,
        &visitor,
        page(&app, &visitor, &name, &ask, Side::Following).await,
    )
}

async fn page(app: &App, visitor: &Visitor, name: &str, ask: &Ask, side: Side) -> Result<Response, Refused> {
    let (rest, heading) = match side {
        Side::Followers => ("/followers", EN.people_followers_of),
        Side::Following => ("/following", EN.people_followed_by),
    };
    let card = match account_at(app, name, rest).await? {
        Ok(card) => card,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (account, viewer) = (&card.account, visitor.speaker.as_ref());
    let window = Window {
        below: ask.parsed("max_id", EN.wrong_page)?,
        ..Window::first(PAGE_PEOPLE)
    };
    let (people, number) = match side {
        Side::Followers => (
            relations::followers(app, viewer, account.id, window).await?,
            account.followers_count,
        ),
        Side::Following => (
            relations::following(app, viewer, account.id, window).await?,
            account.following_count,
        ),
    };
    let title = format!("{heading} {}", account.name());
    let page = PeoplePage {
        frame: Frame::new(app, visitor, title, Here::Elsewhere),
        heading,
        handle: account.handle.as_str().to_owned(),
        name: account.name().to_owned(),
        count: counted(number, EN.one_account, EN.many_accounts),
        is_shown: !account.hide_collections || viewer.is_some_and(|viewer| viewer.account == account.id),
        people: posts::people(app, &people.items),
        older: people.lowest.filter(|_| people.more),
    };
    Ok(public_page(visitor, &page))
}
