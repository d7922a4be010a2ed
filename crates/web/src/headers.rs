//! Response headers of every page: nothing from elsewhere is loaded, nothing is told to elsewhere.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HeaderName, HeaderValue,
    REFERRER_POLICY,
};
use axum::http::header::{STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::Next;
use axum::response::Response;
use bauta_service::App;

use crate::error;
use crate::visitor::Visitor;

/// What a page may load and where its forms may lead: this server, and nobody may frame it.
pub const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

/// As [`PAGE_POLICY`], for the one page that others may frame.
pub const EMBED_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; form-action 'none'; \
     base-uri 'none'; frame-ancestors *";

/// The same for every page that does not say otherwise.
static DEFAULTS: [(HeaderName, &str); 8] = [
    (CONTENT_SECURITY_POLICY, PAGE_POLICY),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-embedder-policy"),
        "require-corp",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    ),
    (CACHE_CONTROL, "no-store"),
];

/// Adds what a response does not set itself, and makes a page of a bare refusal.
pub async fn protect(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let cookie = request.headers().get(COOKIE).cloned();
    let door = crate::visitor::door(request.extensions());
    let mut response = next.run(request).await;
    if is_bare(&response) {
        let visitor = Visitor::by_cookie(&app, cookie.as_ref(), None, door).await;
        let mut page = error::bare(&app, &visitor, response.status());
        if let Some(methods) = response.headers_mut().remove(ALLOW) {
            page.headers_mut().insert(ALLOW, methods);
        }
        response = page;
    }
    let headers = response.headers_mut();
    for (name, value) in &DEFAULTS {
        if !headers.contains_key(name) {
            headers.insert(name.clone(), HeaderValue::from_static(value));
        }
    }
    if app.site.base_url.starts_with("https:") {
        headers.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    response
}

/// A refusal that none of our handlers made: the framework's own words, or none.
fn is_bare(response: &Response) -> bool {
    let status = response.status();
    (status.is_client_error() || status.is_server_error())
        && response
            .headers()
            .get(CONTENT_TYPE)
            .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"))
}
