//! The posts that quote a post, and the button by which its author takes it out of one of them.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::PostId;
use bauta_service::{App, Refused, Window, posts};

use super::{PostPath, post_at, speaking};
use crate::ask::Ask;
use crate::csrf::{Form, Nothing};
use crate::error;
use crate::frame::{Frame, Here, public_page};
use crate::posts::{List, Reader};
use crate::visitor::Visitor;
use crate::words::EN;

/// Posts on a page.
const PAGE: usize = 20;

#[derive(Template)]
#[template(path = "page/quotes.html")]
struct QuotesPage {
    frame: Frame,
    back: String,
    list: List,
}

/// `GET /@handle/ID/quotes`
pub async fn list(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(path): Path<PostPath>,
    ask: Ask,
) -> Response {
    error::answer(&app, &visitor, page(&app, &visitor, &path, &ask).await)
}

async fn page(app: &App, visitor: &Visitor, path: &PostPath, ask: &Ask) -> Result<Response, Refused> {
    let shown = match post_at(app, visitor, path, "/quotes").await? {
        Ok(shown) => shown,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let window = Window {
        below: ask.parsed("max_id", EN.wrong_page)?,
        ..Window::first(PAGE)
    };
    let id = shown.card.post.id;
    let page = posts::quotes_of(app, visitor.speaker.as_ref(), id, window).await?;
    let older = page.lowest.filter(|_| page.more);
    let list = List {
        older: older.map(|last| format!("?max_id={last}")),
        ..List::whole(&page.items, &Reader::new(app, visitor, ask))
    };
    let page = QuotesPage {
        frame: Frame::new(app, visitor, EN.quotes, Here::Elsewhere),
        back: format!("/@{}/{id}", shown.author.account.handle),
        list,
    };
    Ok(public_page(visitor, &page))
}

/// `POST /@handle/ID/quotes/QUOTING/remove`
pub async fn remove(
    State(app): State<Arc<App>>,
    Path((handle, quoted, quoting)): Path<(String, String, String)>,
    ask: Ask,
    Form(visitor, Nothing {}): Form<Nothing>,
) -> Response {
    let path = (handle, quoted);
    error::answer(
        &app,
        &visitor,
        removed(&app, &visitor, &path, &quoting, &ask).await,
    )
}

async fn removed(
    app: &App,
    visitor: &Visitor,
    path: &PostPath,
    quoting: &str,
    ask: &Ask,
) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let Ok(shown) = post_at(app, visitor, path, "").await? else {
        return Err(Refused::NotFound);
    };
    let quoting: PostId = quoting.parse().map_err(|_| Refused::NotFound)?;
    posts::revoke_quote(app, speaker, shown.card.post.id, quoting).await?;
    let back = speaking::back(ask, &format!("/@{}/{}", path.0, path.1));
    Ok(Redirect::to(&format!("{back}#p{quoting}")).into_response())
}
