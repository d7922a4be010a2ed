//! Parameters, however they come: query, form, JSON and multipart are merged into one tree and read by one rule.
//!
//! What is not asked for is ignored, and never even looked at: an `email` that an app sends is dropped here. What is
//! wrong is 422.

mod read;
mod tree;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bauta_model::Secret;
use bauta_service::App;
use serde::de::DeserializeOwned;

use crate::ApiError;
use crate::auth::{BodyToken, TOKEN_PARAMETERS, is_silent};
pub(crate) use tree::Node;

/// The largest form or JSON body, in bytes. Pictures come as multipart.
const MOST_TEXT: usize = 1 << 20;

/// The parameters of a request, read as `T`.
pub(crate) struct Params<T>(pub(crate) T);

/// An uploaded file; empty where an app sent the field without one.
#[derive(Default)]
pub(crate) struct Upload(pub(crate) Vec<u8>);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Params<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, ApiError> {
        let tree = collect(request, app.site.upload_bytes()).await?;
        let read = T::deserialize(tree).map_err(|wrong| ApiError::Unreadable(wrong.to_string()))?;
        Ok(Self(read))
    }
}

/// Reads a token out of the body of a request that has none elsewhere, as Mastodon does. The body goes on as it came.
pub(crate) async fn token_in_body(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let no_body = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if no_body || !is_silent(&request) || !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    match with_token(request, app.site.limits.picture_bytes).await {
        Ok(request) => next.run(request).await,
        Err(refused) => refused.into_response(),
    }
}

async fn with_token(request: Request, file_bytes: usize) -> Result<Request, ApiError> {
    let (mut parts, body) = request.into_parts();
    let most = file_bytes * 2 + MOST_TEXT;
    let bytes = to_bytes(body, most).await.map_err(|_| ApiError::TooLarge)?;
    let kind = content_type(&parts.headers);
    let mut tree = Node::map();
    // What can't be read is said by whoever reads it for its own sake.
    let read = add_body(&mut tree, &kind, Body::from(bytes.clone()), file_bytes).await;
    if read.is_ok()
        && let Some(Node::Text(token)) = TOKEN_PARAMETERS.iter().find_map(|name| tree.take(name))
    {
        parts.extensions.insert(BodyToken(Arc::new(Secret::new(token))));
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// Merges query and body; the body wins.
async fn collect(request: Request, file_bytes: usize) -> Result<Node, ApiError> {
    let (parts, body) = request.into_parts();
    let mut tree = Node::map();
    if let Some(query) = parts.uri.query() {
        add_form(&mut tree, query.as_bytes())?;
    }
    let kind = content_type(&parts.headers);
    add_body(&mut tree, &kind, body, file_bytes).await?;
    Ok(tree)
}

async fn add_body(tree: &mut Node, kind: &str, body: Body, file_bytes: usize) -> Result<(), ApiError> {
    let essence = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match essence.as_str() {
        "application/json" => add_json(tree, &text(body).await?),
        "multipart/form-data" => add_multipart(tree, kind, body, file_bytes).await,
        "application/x-www-form-urlencoded" => add_form(tree, &text(body).await?),
        // No body, or one that nobody here can read.
        _ => Ok(()),
    }
}

fn content_type(headers: &HeaderMap) -> String {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

async fn text(body: Body) -> Result<Vec<u8>, ApiError> {
    let bytes = to_bytes(body, MOST_TEXT).await.map_err(|_| ApiError::TooLarge)?;
    Ok(bytes.into())
}

fn unreadable(why: &str) -> ApiError {
    ApiError::Unreadable(why.to_owned())
}

fn add_form(tree: &mut Node, form: &[u8]) -> Result<(), ApiError> {
    for (name, value) in url::form_urlencoded::parse(form) {
        if value.contains('\u{FFFD}') && !valid_utf8(form) {
            return Err(unreadable("The parameters are not valid UTF-8."));
        }
        put(tree, &name, Node::Text(value.into_owned()))?;
    }
    Ok(())
}

/// Whether the percent-encoded bytes are UTF-8: the parser puts U+FFFD where they are not.
fn valid_utf8(form: &[u8]) -> bool {
    let mut bytes = Vec::with_capacity(form.len());
    let mut rest = form;
    while let Some((first, after)) = rest.split_first() {
        let escaped = (*first == b'%' && after.len() >= 2)
            .then(|| std::str::from_utf8(&after[..2]).ok())
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let Some(byte) = escaped {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).is_ok()
}

fn add_json(tree: &mut Node, json: &[u8]) -> Result<(), ApiError> {
    if json.iter().all(u8::is_ascii_whitespace) {
        return Ok(());
    }
    let value: serde_json::Value =
        serde_json::from_slice(json).map_err(|_| unreadable("The body is not valid JSON."))?;
    let serde_json::Value::Object(values) = value else {
        return Err(unreadable("The body is not a JSON object."));
    };
    for (name, value) in values {
        tree.set(name, Node::from(value));
    }
    Ok(())
}

async fn add_multipart(tree: &mut Node, kind: &str, body: Body, file_bytes: usize) -> Result<(), ApiError> {
    let broken = |error: multer::Error| match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => {
            ApiError::TooLarge
        }
        _ => unreadable("The body is not valid multipart."),
    };
    let boundary = multer::parse_boundary(kind).map_err(broken)?;
    let limits = multer::SizeLimit::new()
        .whole_stream(file_bytes as u64 * 2 + MOST_TEXT as u64)
        .per_field(file_bytes as u64);
    let constraints = multer::Constraints::new().size_limit(limits);
    let mut parts = multer::Multipart::with_constraints(body.into_data_stream(), boundary, constraints);
    while let Some(field) = parts.next_field().await.map_err(broken)? {
        let Some(name) = field.name().map(str::to_owned) else {
            continue;
        };
        let is_file = field.file_name().is_some();
        let bytes = field.bytes().await.map_err(broken)?;
        let node = if is_file {
            Node::Bytes(bytes.into())
        } else {
            let text = String::from_utf8(bytes.into())
                .map_err(|_| unreadable("The parameters are not valid UTF-8."))?;
            Node::Text(text)
        };
        put(tree, &name, node)?;
    }
    Ok(())
}

fn put(tree: &mut Node, name: &str, value: Node) -> Result<(), ApiError> {
    tree.put(name, value)
        .map_err(|()| unreadable("The parameters are nested in a way that can't be read."))
}
