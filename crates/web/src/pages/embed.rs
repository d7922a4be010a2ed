//! A post for the frame of somebody else's page: the only page that others may frame.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue};
use axum::response::Response;
use bauta_model::Post;
use bauta_service::{App, Refused};

use super::{PostPath, post_at};
use crate::ask::Ask;
use crate::assets::STYLE_PATH;
use crate::frame::page;
use crate::headers::EMBED_POLICY;
use crate::media::media_of;
use crate::polls::poll_of;
use crate::posts::{Meta, Reader, author_html, warning_of, words_of};
use crate::visitor::Visitor;
use crate::words::{EN, Words};
use crate::{error, posts};

#[derive(Template)]
#[template(path = "page/embed.html")]
struct Embed {
    words: &'static Words,
    style: &'static str,
    site: String,
    title: String,
    author_html: String,
    post: Arc<Post>,
    warning: String,
    html: String,
    media: String,
    poll: String,
    meta: Meta,
    path: String,
    made_up: bool,
}

/// `GET /@handle/ID/embed`: the same for everyone, whoever is signed in.
pub async fn embed(State(app): State<Arc<App>>, Path(path): Path<PostPath>, ask: Ask) -> Response {
    let stranger = Visitor::stranger(None);
    match embedded(&app, &stranger, &path, &ask).await {
        Ok(response) => response,
        Err(Refused::NotFound) => frameable(page(StatusCode::NOT_FOUND, &Gone::new(&app))),
        // What fails can't be framed.
        Err(refused) => error::refuse(&app, &stranger, &refused),
    }
}

/// Stands in the frame where a post was, in articles that outlive it. It says nothing of what may be here for others.
#[derive(Template)]
#[template(path = "page/embed_gone.html")]
struct Gone {
    words: &'static Words,
    style: &'static str,
    site: String,
}

impl Gone {
    fn new(app: &App) -> Self {
        Self {
            words: &EN,
            style: &STYLE_PATH,
            site: app.site.title.clone(),
        }
    }
}

async fn embedded(app: &App, stranger: &Visitor, path: &PostPath, ask: &Ask) -> Result<Response, Refused> {
    let shown = match post_at(app, stranger, path, "/embed").await? {
        Ok(shown) => shown,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (post, author) = (Arc::clone(&shown.card.post), &shown.author.account);
    let reader = Reader::new(app, stranger, ask);
    let embed = Embed {
        words: &EN,
        style: &STYLE_PATH,
        site: app.site.title.clone(),
        title: format!("{} {}", EN.post_by, author.name()),
        author_html: posts::in_new_window(author_html(app, &shown.author)),
        warning: warning_of(&post, author, &reader),
        html: posts::in_new_window(&words_of(&post, author, &reader)),
        media: posts::in_new_window(&media_of(&post)),
        poll: poll_of(&shown, &reader),
        meta: Meta::in_frame(app, &post, author.handle.as_str()),
        path: format!("/@{}/{}", author.handle, post.id),
        made_up: app.site.made_up,
        post,
    };
    Ok(frameable(page(StatusCode::OK, &embed)))
}

fn frameable(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in &FRAMEABLE {
        headers.insert(name.clone(), HeaderValue::from_static(value));
    }
    response
}

/// Anybody's page may frame this one: also one that isolates itself, which asks for these two policies.
static FRAMEABLE: [(HeaderName, &str); 4] = [
    (CONTENT_SECURITY_POLICY, EMBED_POLICY),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "cross-origin",
    ),
    (
        HeaderName::from_static("cross-origin-embedder-policy"),
        "require-corp",
    ),
    (CACHE_CONTROL, "public, max-age=30"),
];
