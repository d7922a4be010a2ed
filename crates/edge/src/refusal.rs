//! The answers that the door gives by itself: one clear sentence, as text or as JSON.

use axum::body::Body;
use http::header::{self, HeaderMap, HeaderValue};
use http::{Response, StatusCode};

/// A policy for what loads nothing.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

/// Whether a client would rather have JSON: what it accepts, or a path of the API.
fn wants_json(path: &str, headers: &HeaderMap) -> bool {
    let accepts = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    path.starts_with("/api/") || (accepts.contains("json") && !accepts.contains("html"))
}

/// How a client wants to be told.
#[derive(Clone, Copy)]
pub(crate) enum Manner<'a> {
    /// One line of text.
    Text,
    /// Mastodon's shape.
    Json,
    /// A page, with the path of the house's stylesheet; empty where there is none.
    Page(&'a str),
}

impl<'a> Manner<'a> {
    /// What fits a request.
    pub(crate) fn of(path: &str, headers: &HeaderMap, style: &'a str) -> Self {
        let accepts = headers
            .get(header::ACCEPT)
            .map_or(&b""[..], HeaderValue::as_bytes);
        if wants_json(path, headers) {
            Self::Json
        } else if accepts
            .windows(9)
            .any(|kind| kind.eq_ignore_ascii_case(b"text/html"))
        {
            Self::Page(style)
        } else {
            Self::Text
        }
    }
}

/// The page that a browser shows. Nothing of the request is in it.
fn as_page(status: StatusCode, sentence: &str, style: &str) -> String {
    let title = match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT => {
            "Please wait"
        }
        _ => "This did not work",
    };
    let style = if style.is_empty() {
        String::new()
    } else {
        format!("<link rel=\"stylesheet\" href=\"{style}\">\n")
    };
    format!(
        "<!doctype html>\n<html lang=\"en\" class=\"auto\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n{style}\
         <meta name=\"robots\" content=\"noindex\">\n</head>\n<body>\n<div class=\"page\">\n<main id=\"main\">\n\
         <h1>{title}</h1>\n<p class=\"lead\">{sentence}</p>\n\
         <p class=\"next\"><a href=\"/\">Go to the front page</a></p>\n</main>\n</div>\n</body>\n</html>\n"
    )
}

/// An answer with one sentence, which is from the source code and holds nothing of the request.
pub(crate) fn refuse(status: StatusCode, sentence: &'static str, manner: Manner<'_>) -> Response<Body> {
    let (kind, policy, text) = match manner {
        Manner::Json => (
            "application/json",
            NOTHING,
            format!("{{\"error\":\"{sentence}\"}}"),
        ),
        Manner::Text => ("text/plain; charset=utf-8", NOTHING, format!("{sentence}\n")),
        Manner::Page(style) => (
            "text/html; charset=utf-8",
            "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            as_page(status, sentence, style),
        ),
    };
    let json = matches!(manner, Manner::Json);
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if json {
        // Web clients must be able to read why they were refused (privacy: nothing here differs by visitor).
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static(
                "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After",
            ),
        );
    }
    response
}
