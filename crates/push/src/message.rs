//! What an app is told: that there is something, of what kind, and the number under which it reads it from us.
//!
//! Mastodon sends the token, the name of who did it and the beginning of the post along. Here they are not: an app
//! shows a sentence, and asks for the rest over its own connection (docs/decisions/0046-web-push.md).

use bauta_service::push::Due;
use serde_json::json;

/// Bytes that every message is filled up to.
pub const SIZE: usize = 1024;

/// The text of a message. Official apps want each of these fields, and a token that may be empty.
pub fn text(due: &Due, base_url: &str, domain: &str) -> Vec<u8> {
    let message = json!({
        "access_token": "",
        "preferred_locale": "en",
        "notification_id": due.notification.get(),
        "notification_type": due.kind,
        "icon": format!("{base_url}/media/blank"),
        "title": "Something new",
        "body": format!("Open the app to read it on {domain}."),
    });
    message.to_string().into_bytes()
}
