//! `/api/v1/conversations`: threads of direct posts.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::Uri;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use bauta_service::conversations::{self, Conversation};
use bauta_service::reading::Shown;
use bauta_service::{App, Speaker};
use bytes::{BufMut, Bytes, BytesMut};
use serde_json::{Value, json};

use crate::accounts::json_bytes;
use crate::entities::{account, status};
use crate::pages::{Paging, id_of_path, linked};
use crate::{Answer, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/conversations", get(list))
        .route("/api/v1/conversations/{id}", delete(remove))
        .route("/api/v1/conversations/{id}/read", post(read))
}

/// A conversation in Mastodon's JSON: people and post are rendered already.
pub(crate) fn rendered(app: &App, speaker: &Speaker, conversation: &Conversation) -> Bytes {
    let mut out = BytesMut::new();
    put(&mut out, app, speaker, conversation);
    out.freeze()
}

fn put(out: &mut BytesMut, app: &App, speaker: &Speaker, conversation: &Conversation) {
    let head = json!({ "id": conversation.id.to_string(), "unread": conversation.unread }).to_string();
    out.put_slice(&head.as_bytes()[..head.len() - 1]);
    out.put_slice(b",\"accounts\":");
    out.put(account::list(app, &conversation.people));
    out.put_slice(b",\"last_status\":");
    out.put(status::one(app, Some(speaker.account), &conversation.last));
    out.put_u8(b'}');
}

/// GET /api/v1/conversations: the bounds of its pages are last posts.
async fn list(State(app): State<Shared>, auth: Auth, asked: Uri, Params(paging): Params<Paging>) -> Answer {
    let speaker = auth.person("read:statuses")?;
    let page = conversations::list(&app, speaker, &paging.page()?).await?;
    let mut out = BytesMut::new();
    out.put_u8(b'[');
    for (nth, conversation) in page.iter().enumerate() {
        if nth > 0 {
            out.put_u8(b',');
        }
        put(&mut out, &app, speaker, conversation);
    }
    out.put_u8(b']');
    let last: Vec<Shown> = page.into_iter().map(|conversation| conversation.last).collect();
    Ok(linked(
        json_bytes(out.freeze()),
        &app.site.base_url,
        &asked,
        &last,
    ))
}

/// POST /api/v1/conversations/:id/read
async fn read(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer {
    let speaker = auth.person("write:conversations")?;
    let conversation = conversations::read(&app, speaker, id_of_path(&id)?).await?;
    Ok(json_bytes(rendered(&app, speaker, &conversation)))
}

/// DELETE /api/v1/conversations/:id
async fn remove(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:conversations")?;
    conversations::remove(&app, speaker, id_of_path(&id)?).await?;
    Ok(Json(json!({})))
}
