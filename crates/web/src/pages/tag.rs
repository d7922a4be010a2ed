//! Public posts with a hashtag.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use bauta_service::{App, Refused, tags, timelines};

use crate::ask::{Ask, encode};
use crate::frame::{Frame, Here, public_page};
use crate::posts::{List, Reader};
use crate::visitor::Visitor;
use crate::words_circles::{EN, Words};
use crate::{error, feeds};

#[derive(Template)]
#[template(path = "page/tag.html")]
struct TagPage {
    frame: Frame,
    say: &'static Words,
    /// Whether the reader follows it; nothing for strangers, and for what can't be followed.
    follows: Option<bool>,
    tag: String,
    path: String,
    list: List,
}

/// `GET /tags/NAME`, and its feeds at `/tags/NAME.atom`, `.rss` and `.json`
pub async fn tag(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(name): Path<String>,
    ask: Ask,
) -> Response {
    let made = match feeds::Format::split(&name) {
        Some((name, format)) => feeds::of_tag(&app, visitor.door, name, format).await,
        None => page(&app, &visitor, &name, &ask).await,
    };
    error::answer(&app, &visitor, made)
}

async fn page(app: &App, visitor: &Visitor, name: &str, ask: &Ask) -> Result<Response, Refused> {
    let tag = name.to_lowercase();
    let page = ask.page()?;
    let shown = timelines::tag(app, visitor.speaker.as_ref(), &tag, &page).await?;
    let list = List::part(&shown, &Reader::new(app, visitor, ask), &page, "");
    let frame = Frame::new(app, visitor, format!("#{tag}"), Here::Elsewhere);
    let follows = match &visitor.speaker {
        Some(speaker) if tags::name(&tag).is_ok() => {
            Some(tags::about(app, Some(speaker), &tag).await?.follows)
        }
        _ => None,
    };
    let path = format!("/tags/{}", encode(&tag));
    Ok(public_page(
        visitor,
        &TagPage {
            frame,
            say: &EN,
            follows,
            tag,
            path,
            list,
        },
    ))
}
