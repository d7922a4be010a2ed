//! Short links. Following one counts and logs nothing; a `+` at its end shows where it leads first.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, HeaderValue, LOCATION};
use axum::response::{IntoResponse, Response};
use bauta_service::posts::{Resolved, resolve};
use bauta_service::{App, Refused};

use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words::EN;

#[derive(Template)]
#[template(path = "page/short.html")]
struct Short {
    frame: Frame,
    /// Where it leads; nothing once it was stopped.
    url: Option<String>,
}

/// `GET /l/CODE` and `GET /l/CODE+`
pub async fn follow(State(app): State<Arc<App>>, visitor: Visitor, Path(code): Path<String>) -> Response {
    error::answer(&app, &visitor, lead(&app, &visitor, &code).await)
}

async fn lead(app: &App, visitor: &Visitor, code: &str) -> Result<Response, Refused> {
    let (code, look_first) = match code.strip_suffix('+') {
        Some(code) => (code, true),
        None => (code, false),
    };
    let frame = |title| Frame::new(app, visitor, title, Here::Elsewhere);
    match resolve(app, code).await? {
        Resolved::Stopped => {
            let stopped = Short {
                frame: frame(EN.short_stopped_title),
                url: None,
            };
            Ok(page(StatusCode::GONE, &stopped))
        }
        Resolved::To(url) if !look_first => redirect(&url),
        Resolved::To(url) => {
            let shown = Short {
                frame: frame(EN.short_title),
                url: Some(url),
            };
            Ok(page(StatusCode::OK, &shown))
        }
    }
}

/// 302 and not 301: the operator can stop a link, and no cache may remember who followed it.
fn redirect(url: &str) -> Result<Response, Refused> {
    let place = HeaderValue::from_str(url).map_err(|_| Refused::NotFound)?;
    let mut response = StatusCode::FOUND.into_response();
    response.headers_mut().insert(LOCATION, place);
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
