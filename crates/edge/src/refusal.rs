//! The answers that the door gives by itself: one clear sentence, as text or as JSON.

use axum::body::Body;
use http::header::{self, HeaderMap, HeaderValue};
use http::{Response, StatusCode};

/// Whether a client would rather have JSON: what it accepts, or a path of the API.
pub(crate) fn wants_json(path: &str, headers: &HeaderMap) -> bool {
    let accepts = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    path.starts_with("/api/") || (accepts.contains("json") && !accepts.contains("html"))
}

/// An answer with one sentence, which is from the source code and holds nothing of the request.
pub(crate) fn refuse(status: StatusCode, sentence: &'static str, json: bool) -> Response<Body> {
    let (kind, text) = if json {
        ("application/json", format!("{{\"error\":\"{sentence}\"}}"))
    } else {
        ("text/plain; charset=utf-8", format!("{sentence}\n"))
    };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
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
