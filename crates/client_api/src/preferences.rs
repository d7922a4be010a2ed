//! `/api/v1/preferences`: what the composer and the timelines of an app begin with.

use std::sync::Arc;

use axum::routing::get;
use axum::{Json, Router};
use bauta_service::{App, accounts};
use serde_json::{Value, json};

use crate::{Answer, Auth, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/api/v1/preferences", get(preferences))
}

/// GET /api/v1/preferences
async fn preferences(State(app): State<Shared>, auth: Auth) -> Answer<Json<Value>> {
    let speaker = auth.person("read:accounts")?;
    let preferences = accounts::preferences(&app, speaker).await?;
    Ok(Json(json!({
        "posting:default:visibility": preferences.default_visibility.as_api(),
        "posting:default:sensitive": preferences.default_sensitive,
        "posting:default:language": preferences.default_language,
        "posting:default:quote_policy": preferences.default_quote_policy.as_api(),
        "posting:default:reply_policy": preferences.default_reply_policy.as_api(),
        "reading:expand:media": "default",
        "reading:expand:spoilers": preferences.expand_warnings,
        "reading:autoplay:gifs": false,
    })))
}
