//! Answers that go out by the onion door name what an app gets next under the onion name: pictures, streams, pages of lists,
//! OAuth. What stands for a person or a post everywhere (`uri`, `url`) keeps the server's name.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LINK};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bauta_model::Door;
use bauta_service::{App, Site};

/// Fields that say where a picture, a film or a sound is.
const MEDIA: [&str; 11] = [
    "avatar",
    "avatar_static",
    "header",
    "header_static",
    "image",
    "picture",
    "preview_url",
    "remote_url",
    "static_url",
    "thumbnail",
    "url",
];

/// Fields that say where streams are.
const STREAMS: [&str; 2] = ["streaming", "streaming_api"];

/// What stands at the beginning of addresses, at either door.
pub(crate) struct Names {
    clear: String,
    onion: String,
}

impl Names {
    /// Nothing where the server has no onion name, or the answer goes out by another door.
    pub(crate) fn of(site: &Site, door: Option<Door>) -> Option<Self> {
        let onion = site.onion.as_ref().filter(|_| door == Some(Door::Onion))?;
        Some(Self {
            clear: site.base_url.clone(),
            onion: format!("http://{onion}"),
        })
    }

    /// A JSON document with the onion's name where it belongs; nothing where that changes nothing.
    pub(crate) fn put_into(&self, json: &str) -> Option<String> {
        let streams = self.clear.replacen("http", "ws", 1);
        let mut out = String::new();
        let mut from = 0;
        // The value of a field; within a text both quotes would be escaped.
        for (at, _) in json.match_indices("\":\"") {
            let (before, value) = (&json[..at], &json[at + 3..]);
            let field = before.rsplit('"').next().unwrap_or_default();
            let (old, new) = if let Some(rest) = value.strip_prefix(&self.clear) {
                let is_media = MEDIA.contains(&field) && rest.starts_with("/media/");
                if !is_media && !field.ends_with("_endpoint") {
                    continue;
                }
                (&self.clear, self.onion.clone())
            } else if value.starts_with(&streams) && STREAMS.contains(&field) {
                (&streams, self.onion.replacen("http", "ws", 1))
            } else {
                continue;
            };
            out.push_str(&json[from..at + 3]);
            out.push_str(&new);
            from = at + 3 + old.len();
        }
        (from > 0).then(|| {
            out.push_str(&json[from..]);
            out
        })
    }
}

/// Puts the onion's name into answers that go out by its door.
pub(crate) async fn names(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let door = request.extensions().get::<Door>().copied();
    let response = next.run(request).await;
    match Names::of(&app.site, door) {
        Some(names) => renamed(&names, response).await,
        None => response,
    }
}

async fn renamed(names: &Names, mut response: Response) -> Response {
    let link = response.headers().get(LINK).and_then(|link| link.to_str().ok());
    if let Some(link) = link
        && let Ok(link) = HeaderValue::from_str(&link.replace(&names.clear, &names.onion))
    {
        response.headers_mut().insert(LINK, link);
    }
    let json = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if !json {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // It is in memory already: answers of the API are built whole.
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let renamed = std::str::from_utf8(&bytes)
        .ok()
        .and_then(|json| names.put_into(json));
    let Some(renamed) = renamed else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(renamed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn names() -> Names {
        Names {
            clear: "https://bauta.example".to_owned(),
            onion: "http://abc.onion".to_owned(),
        }
    }

    #[test]
    fn what_is_got_next_is_at_the_onion_and_what_names_stays() {
        let answer = json!({
            "uri": "https://bauta.example/@ana/1",
            "url": "https://bauta.example/@ana/1",
            "text": "https://bauta.example/media/1 and \"url\":\"https://bauta.example/media/1\"",
            "account": {"url": "https://bauta.example/@ana", "avatar": "https://bauta.example/media/mask/1"},
            "media_attachments": [{"url": "https://bauta.example/media/2", "preview_url": null}],
            "urls": {"streaming_api": "wss://bauta.example"},
            "token_endpoint": "https://bauta.example/oauth/token",
        });
        let renamed = names().put_into(&answer.to_string()).unwrap();
        let renamed: Value = serde_json::from_str(&renamed).unwrap();
        for same in ["uri", "url", "text"] {
            assert_eq!(renamed[same], answer[same]);
        }
        assert_eq!(renamed["account"]["url"], "https://bauta.example/@ana");
        assert_eq!(renamed["account"]["avatar"], "http://abc.onion/media/mask/1");
        assert_eq!(renamed["media_attachments"][0]["url"], "http://abc.onion/media/2");
        assert_eq!(renamed["urls"]["streaming_api"], "ws://abc.onion");
        assert_eq!(renamed["token_endpoint"], "http://abc.onion/oauth/token");
        assert!(names().put_into("{\"a\":\"b\"}").is_none());
    }

    proptest! {
        #[test]
        fn a_text_of_a_person_is_never_changed(text in "[a-z\"\\\\:{}, ]{0,20}(https://bauta.example/media/1)?[\"\\\\:{} ]{0,9}") {
            let answer = json!({"content": text, "avatar": "https://bauta.example/media/2", "note": text});
            let renamed = names().put_into(&answer.to_string()).unwrap();
            let renamed: Value = serde_json::from_str(&renamed).unwrap();
            prop_assert_eq!(&renamed["content"], &answer["content"]);
            prop_assert_eq!(&renamed["note"], &answer["note"]);
            prop_assert_eq!(&renamed["avatar"], "http://abc.onion/media/2");
        }
    }
}
