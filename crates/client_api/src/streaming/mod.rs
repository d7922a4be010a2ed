//! `/api/v1/streaming`: what happens, as it happens, by WebSocket or server-sent events.
//!
//! A stream carries nothing that the same token could not read by asking: each post is read by the rules of reading at
//! the moment in which it is sent. A token that is revoked, and an account that is suspended, end their streams.

mod events;
mod socket;
mod telling;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, extract::Query};
use bauta_service::streams::{Channel, Stream};
use bauta_service::{App, Speaker};
use serde::Deserialize;
use serde_json::json;

use crate::auth::Held;
use crate::{Answer, ApiError};

/// How often a quiet stream shows that it is alive, and looks whether its token still is.
const HEARTBEAT: Duration = Duration::from_secs(30);

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/streaming", get(socket::open))
        .route("/api/v1/streaming/health", get(|| async { "OK" }))
        .route("/api/v1/streaming/user", get(events::open))
        .route("/api/v1/streaming/user/notification", get(events::open))
        .route("/api/v1/streaming/public", get(events::open))
        .route("/api/v1/streaming/public/local", get(events::open))
        .route("/api/v1/streaming/public/remote", get(events::open))
        .route("/api/v1/streaming/list", get(events::open))
        .route("/api/v1/streaming/direct", get(events::open))
        .route("/api/v1/streaming/hashtag", get(events::open))
        .route("/api/v1/streaming/hashtag/local", get(events::open))
}

/// What a request says of the stream that it wants.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    stream: Option<String>,
    tag: Option<String>,
    list: Option<String>,
}

/// Who listens, with the hash of their token: a stream looks again whether it is good.
struct Listener {
    speaker: Speaker,
    held: Held,
}

impl FromRequestParts<Arc<App>> for Listener {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let held = Held::of(parts).ok_or(ApiError::InvalidToken)?;
        let speaker = held.person(app).await?;
        Ok(Self { speaker, held })
    }
}

impl Listener {
    /// Opens the stream. An account may have many devices, and not endlessly many.
    fn open(&self, app: &Arc<App>) -> Answer<Stream> {
        app.streams.open(&self.speaker).ok_or(ApiError::TooManyStreams)
    }

    /// Whether the token is still good for `channels`, and still speaks for the same account.
    async fn is_good(&self, app: &App) -> bool {
        // Boxed: a stream that waits has no room for what looking takes.
        let now = Box::pin(self.held.person(app)).await;
        now.is_ok_and(|speaker| {
            speaker.account == self.speaker.account && speaker.scopes == self.speaker.scopes
        })
    }

    fn check(&self, channel: &Channel) -> Result<(), ApiError> {
        if channel.allowed(&self.speaker.scopes) {
            Ok(())
        } else {
            Err(ApiError::OutsideScopes)
        }
    }
}

/// Mastodon's words for a stream that is not there.
fn unknown() -> Response {
    wrong("Unknown stream type, or its tag or list is missing")
}

/// For a request that opens no WebSocket where one is opened.
fn no_socket() -> Response {
    wrong("This opens a WebSocket; server-sent events are on the paths below it")
}

fn wrong(why: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": why }))).into_response()
}
