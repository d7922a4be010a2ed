//! A post by itself, between what it answers and what answers it; and its history.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use bauta_model::{Account, CoarseTime, Post, Standing, Visibility};
use bauta_service::reading::Shown;
use bauta_service::{App, Refused};

use super::{PostPath, post_at};
use crate::ask::{Ask, encode};
use crate::error;
use crate::frame::{Frame, Here, public_page};
use crate::media::{gallery, media_of, picture_elsewhere};
use crate::polls::poll_of;
use crate::posts::{List, Meta, Reader, acts, author_html, warning_of, words_of};
use crate::quotes::quote_of;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "page/post.html")]
struct PostPage {
    frame: Frame,
    author: Arc<Account>,
    author_html: String,
    post: Arc<Post>,
    warning: String,
    html: String,
    media: String,
    poll: String,
    quote: String,
    picture: Option<(String, u32, u32, String)>,
    meta: Meta,
    acts: String,
    url: String,
    oembed: String,
    published: String,
    excerpt: String,
    above: List,
    above_is_gone: bool,
    below: List,
}

/// `GET /@handle/ID`
pub async fn post(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(path): Path<PostPath>,
    ask: Ask,
) -> Response {
    error::answer(&app, &visitor, post_page(&app, &visitor, &path, &ask).await)
}

async fn post_page(app: &App, visitor: &Visitor, path: &PostPath, ask: &Ask) -> Result<Response, Refused> {
    let shown = match post_at(app, visitor, path, "").await? {
        Ok(shown) => shown,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let thread = bauta_service::posts::thread(app, visitor.speaker.as_ref(), shown.card.post.id).await?;
    let reader = Reader::new(app, visitor, ask);
    let (post, author) = (Arc::clone(&shown.card.post), Arc::clone(&shown.author.account));
    let url = format!("{}/@{}/{}", app.site.base_url, author.handle, post.id);
    let page = PostPage {
        frame: Frame::new(app, visitor, title(&shown), Here::Elsewhere).indexable(is_listed(&post, &author)),
        author_html: author_html(app, &shown.author).to_owned(),
        warning: warning_of(&post, &author, &reader),
        html: words_of(&post, &author, &reader),
        media: media_of(&post),
        poll: poll_of(&shown, &reader),
        quote: quote_of(&shown, &reader),
        picture: picture_elsewhere(&app.site.base_url, &post),
        meta: Meta::of(app, &post, author.handle.as_str()),
        acts: acts(&shown, &reader),
        oembed: format!("{}/api/oembed?url={}", app.site.base_url, encode(&url)),
        url,
        published: crate::posts::posted(app, &post).rfc3339(),
        excerpt: excerpt(&post, 200),
        above_is_gone: post.in_reply_to.is_some() && thread.ancestors.is_empty(),
        above: List::whole(&thread.ancestors, &reader),
        below: List::whole(&thread.descendants, &reader),
        author,
        post,
    };
    Ok(public_page(visitor, &page))
}

/// Search engines may list a post that is public, of an author who said so.
pub fn is_listed(post: &Post, author: &Account) -> bool {
    author.indexable
        && author.discoverable
        && author.standing == Standing::Good
        && post.visibility == Visibility::Public
}

/// `Display Name (@handle): The first words…`
fn title(shown: &Shown) -> String {
    let author = &shown.author.account;
    format!(
        "{} (@{}): {}",
        author.name(),
        author.handle,
        excerpt(&shown.card.post, 60)
    )
}

/// The first words of a post, or its warning instead of them.
pub fn excerpt(post: &Post, chars: usize) -> String {
    let text = if post.warning.is_empty() {
        bauta_text::plain(&post.html)
    } else {
        post.warning.clone()
    };
    bauta_text::excerpt(&text, chars)
}

/// A version of a post, as its history shows it.
struct Past {
    time: CoarseTime,
    is_now: bool,
    warning: String,
    html: String,
    media: String,
    options: Vec<String>,
}

#[derive(Template)]
#[template(path = "page/history.html")]
struct History {
    frame: Frame,
    name: String,
    back: String,
    versions: Vec<Past>,
}

/// `GET /@handle/ID/history`
pub async fn history(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(path): Path<PostPath>,
    ask: Ask,
) -> Response {
    error::answer(&app, &visitor, history_page(&app, &visitor, &path, &ask).await)
}

async fn history_page(app: &App, visitor: &Visitor, path: &PostPath, ask: &Ask) -> Result<Response, Refused> {
    let shown = match post_at(app, visitor, path, "/history").await? {
        Ok(shown) => shown,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let reader = Reader::new(app, visitor, ask);
    let (post, author) = (&shown.card.post, &shown.author.account);
    let (_, mut versions) = bauta_service::posts::history(app, visitor.speaker.as_ref(), post.id).await?;
    versions.reverse();
    let versions = versions
        .iter()
        .enumerate()
        .map(|(at, version)| Past {
            time: version.at,
            is_now: at == 0,
            warning: version.warning.clone(),
            html: reader.relative(&version.html),
            options: version.options.clone(),
            media: if version.media.is_empty() {
                String::new()
            } else {
                gallery(&version.media)
            },
        })
        .collect();
    let page = History {
        frame: Frame::new(app, visitor, crate::EN.history, Here::Elsewhere),
        name: author.name().to_owned(),
        back: format!("/@{}/{}", author.handle, post.id),
        versions,
    };
    Ok(public_page(visitor, &page))
}
