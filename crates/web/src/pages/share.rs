//! Sharing a post: its link, a quotation to paste, and the way to the visitor's own server.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use bauta_service::reading::Shown;
use bauta_service::{App, Refused};
use serde::Deserialize;
use url::{Host, Url};

use super::oembed::quotation;
use super::{PostPath, post_at};
use crate::ask::{Ask, encode};
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words::EN;

/// The form of this page alone may end elsewhere: at the server that the visitor names.
pub(super) const SHARE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' https:; \
     base-uri 'none'; frame-ancestors 'none'";

#[derive(Template)]
#[template(path = "page/share.html")]
struct Share {
    frame: Frame,
    path: String,
    url: String,
    quotation: String,
    iframe: String,
    server: String,
    wrong: bool,
    back: String,
}

/// `GET /@handle/ID/share`
pub async fn share(State(app): State<Arc<App>>, visitor: Visitor, Path(path): Path<PostPath>) -> Response {
    let made = match open_post(&app, &visitor, &path, "/share").await {
        Ok(Ok(shown)) => Ok(share_page(&app, &visitor, &shown, "", StatusCode::OK)),
        Ok(Err(elsewhere)) => Ok(elsewhere),
        Err(refused) => Err(refused),
    };
    error::answer(&app, &visitor, made)
}

/// Only what everyone may read can be shared.
pub(super) async fn open_post(
    app: &App,
    visitor: &Visitor,
    path: &PostPath,
    rest: &str,
) -> Result<Result<Shown, Response>, Refused> {
    match post_at(app, visitor, path, rest).await? {
        Ok(shown) if !shown.card.post.visibility.is_open() => Err(Refused::NotFound),
        found => Ok(found),
    }
}

fn share_page(app: &App, visitor: &Visitor, shown: &Shown, server: &str, status: StatusCode) -> Response {
    let back = format!("/@{}/{}", shown.author.account.handle, shown.card.post.id);
    let url = format!("{}{back}", app.site.base_url);
    let share = Share {
        frame: Frame::with_form(app, visitor, EN.share_title, Here::Elsewhere),
        path: format!("{back}/share"),
        quotation: quotation(app, shown),
        iframe: format!(
            "<iframe src=\"{url}/embed\" title=\"{}\" width=\"550\" height=\"320\"></iframe>",
            EN.share_title
        ),
        server: server.to_owned(),
        wrong: status != StatusCode::OK,
        url,
        back,
    };
    let mut response = page(status, &share);
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(SHARE_POLICY));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What the visitor fills in.
#[derive(Deserialize)]
pub struct Elsewhere {
    server: String,
}

/// `POST /@handle/ID/share`: the visitor's browser goes on to their server; we ask nothing of it.
pub async fn elsewhere(
    State(app): State<Arc<App>>,
    Path(path): Path<PostPath>,
    Form(visitor, form): Form<Elsewhere>,
) -> Response {
    let shown = match open_post(&app, &visitor, &path, "/share").await {
        Ok(Ok(shown)) => shown,
        Ok(Err(elsewhere)) => return elsewhere,
        Err(refused) => return error::refuse(&app, &visitor, &refused),
    };
    let url = format!(
        "{}/@{}/{}",
        app.site.base_url, shown.author.account.handle, shown.card.post.id
    );
    match server_name(&form.server) {
        Some(server) => {
            Redirect::to(&format!("https://{server}/share?text={}", encode(&url))).into_response()
        }
        None => share_page(
            &app,
            &visitor,
            &shown,
            &form.server,
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    }
}

/// `GET /share?text=…`: somebody comes from another server to write about a post there, as Mastodon's pages have it.
pub async fn here(ask: Ask) -> Redirect {
    let (text, url) = (ask.text("text"), ask.text("url"));
    let words = format!("{text} {url}");
    Redirect::to(&format!("/compose?text={}", encode(words.trim())))
}

/// The name of a server in what somebody typed: `example.social`, `https://example.social/`, `@me@example.social`.
fn server_name(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let name = match typed.strip_prefix('@').and_then(|acct| acct.split_once('@')) {
        Some((_, domain)) => domain,
        None => typed
            .strip_prefix("https://")
            .unwrap_or(typed)
            .trim_end_matches('/'),
    };
    if name.is_empty() || name.len() > 253 || name.contains(['/', '\\', '@', '?', '#', ':']) {
        return None;
    }
    let url = Url::parse(&format!("https://{name}/")).ok()?;
    match url.host()? {
        Host::Domain(domain) if domain.trim_end_matches('.').contains('.') => Some(domain.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_a_name_and_nothing_else() {
        for typed in [
            "example.social",
            " https://Example.social/ ",
            "@me@example.social",
        ] {
            assert_eq!(server_name(typed).as_deref(), Some("example.social"), "{typed}");
        }
        assert_eq!(
            server_name("bücher.example").as_deref(),
            Some("xn--bcher-kva.example")
        );
        for wrong in [
            "",
            "localhost",
            "127.0.0.1",
            "[::1]",
            "a.example/x",
            "u@a.example",
            "a.example:22",
            "a b.example",
        ] {
            assert_eq!(server_name(wrong), None, "{wrong}");
        }
        assert_eq!(server_name("evil.example\r\nSet-Cookie: a"), None);
    }
}
