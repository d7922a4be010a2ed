//! Forms come from our own pages: a token in each, bound to the session, and what browsers say about where they come
//! from.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::{HOST, HeaderMap, ORIGIN};
use axum::response::{IntoResponse, Response};
use bauta_service::{App, Refused};
use serde::de::DeserializeOwned;

use crate::error;
use crate::visitor::Visitor;

/// The token of a session's forms; strangers' forms have one that is bound to nothing but this server.
pub fn token(app: &App, session: Option<&str>) -> String {
    app.csrf.token("form", session.unwrap_or_default().as_bytes())
}

/// What a form holds that is a button alone: nothing but its token.
#[derive(serde::Deserialize)]
pub struct Nothing {}

/// A form of one of our own pages, with who sent it. Anything else is refused before it is read.
pub struct Form<T>(pub Visitor, pub T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Form<T> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visitor =
            match <Visitor as axum::extract::FromRequestParts<Arc<App>>>::from_request_parts(&mut parts, app)
                .await
            {
                Ok(visitor) => visitor,
                Err(never) => match never {},
            };
        let ours = comes_from_here(&parts.headers);
        let bytes = Bytes::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(IntoResponse::into_response)?;
        let fields: HashMap<String, String> = serde_urlencoded::from_bytes(&bytes).unwrap_or_default();
        let sent = fields.get("csrf").map_or("", String::as_str);
        let session = visitor.token.as_deref().unwrap_or_default();
        if !ours || !app.csrf.verify("form", session.as_bytes(), sent) {
            return Err(error::refuse(
                app,
                &visitor,
                &Refused::Forbidden(crate::EN.stale_form),
            ));
        }
        match serde_urlencoded::from_bytes(&bytes) {
            Ok(form) => Ok(Self(visitor, form)),
            Err(_) => Err(error::refuse(
                app,
                &visitor,
                &Refused::invalid("form", crate::EN.broken_form),
            )),
        }
    }
}

/// True for a form with files of one of our own pages, by the headers and the token that it was sent with.
pub fn is_ours(app: &App, headers: &HeaderMap, visitor: &Visitor, sent: &str) -> bool {
    let session = visitor.token.as_deref().unwrap_or_default();
    comes_from_here(headers) && app.csrf.verify("form", session.as_bytes(), sent)
}

/// Browsers say where a form comes from. Under `no-referrer` the origin is "null" even for our own pages, so that only
/// another origin is a reason to refuse.
fn comes_from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    let (Some(origin), Some(host)) = (text(ORIGIN.as_str()), text(HOST.as_str())) else {
        return true;
    };
    origin == "null" || origin.split("://").nth(1) == Some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn forms_of_other_sites_are_refused() {
        assert!(comes_from_here(&headers(&[
            ("host", "a.example"),
            ("origin", "https://a.example")
        ])));
        assert!(comes_from_here(&headers(&[
            ("host", "a.example"),
            ("origin", "null")
        ])));
        assert!(!comes_from_here(&headers(&[
            ("host", "a.example"),
            ("origin", "https://b.example")
        ])));
        assert!(!comes_from_here(&headers(&[("sec-fetch-site", "cross-site")])));
        assert!(!comes_from_here(&headers(&[("sec-fetch-site", "same-site")])));
    }
}
