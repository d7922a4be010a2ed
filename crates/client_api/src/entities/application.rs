//! An app in Mastodon's JSON.

use bauta_service::apps::RegisteredApp;
use serde_json::{Value, json};

/// An app as it sees itself, without its secret.
pub(crate) fn application(app: &RegisteredApp, push_key: Option<&str>) -> Value {
    json!({
        "id": app.id.to_string(),
        "name": app.name,
        "website": app.website,
        "scopes": app.scopes.words(),
        "redirect_uris": app.redirect_uris,
        "redirect_uri": app.redirect_uris.join("\n"),
        // Empty where web push is off.
        "vapid_key": push_key.unwrap_or_default(),
    })
}
