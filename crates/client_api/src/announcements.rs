//! `/api/v1/announcements`: what moderators announce.

use std::sync::Arc;

use axum::extract::Path;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use bauta_model::{AnnouncementId, CoarseTime};
use bauta_service::announcements::{self, Reaction, Seen};
use bauta_service::{App, Speaker};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::entities::emoji;
use crate::entities::status::tag_url;
use crate::pages::id_of_path;
use crate::{Answer, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/announcements", get(list))
        .route("/api/v1/announcements/{id}/dismiss", post(dismiss))
        .route(
            "/api/v1/announcements/{id}/reactions/{name}",
            put(react).delete(unreact),
        )
}

fn reaction_entity(app: &App, name: &str, count: i64) -> Value {
    let mut entity = json!({ "name": name, "count": count });
    if let Some(picture) = app.emojis.get(name) {
        let picture = emoji::emoji(&app.site.base_url, &picture);
        entity["url"] = picture["url"].clone();
        entity["static_url"] = picture["static_url"].clone();
    }
    entity
}

async fn seen(app: &App, speaker: &Speaker, id: AnnouncementId) -> Option<Seen> {
    let all = announcements::list(app, speaker).await.ok()?;
    all.into_iter().find(|seen| seen.announcement.id == id)
}

/// One of what is announced, for a stream.
pub(crate) async fn one(app: &App, speaker: &Speaker, id: AnnouncementId) -> Option<Value> {
    Some(entity(app, &seen(app, speaker, id).await?))
}

/// How often a reaction is given now, for a stream.
pub(crate) async fn reacted(app: &App, speaker: &Speaker, id: AnnouncementId, name: &str) -> Option<Value> {
    let seen = seen(app, speaker, id).await?;
    let given = seen.reactions.iter().find(|reaction| reaction.name == name);
    let mut entity = reaction_entity(app, name, given.map_or(0, |reaction| reaction.count));
    entity["announcement_id"] = json!(id.to_string());
    Some(entity)
}

fn entity(app: &App, seen: &Seen) -> Value {
    let one = &seen.announcement;
    let base = &app.site.base_url;
    let given = |reaction: &Reaction| {
        let mut entity = reaction_entity(app, &reaction.name, reaction.count);
        entity["me"] = json!(reaction.mine);
        entity
    };
    let reactions: Vec<Value> = seen.reactions.iter().map(given).collect();
    let tags: Vec<Value> = seen
        .tags
        .iter()
        .map(|name| json!({ "name": name, "url": tag_url(base, name) }))
        .collect();
    json!({
        "id": one.id.to_string(),
        "content": one.html,
        "starts_at": null,
        "ends_at": one.ends.map(CoarseTime::rfc3339),
        "all_day": false,
        "published_at": one.published.rfc3339(),
        "updated_at": one.published.rfc3339(),
        "read": seen.dismissed,
        "mentions": [],
        "statuses": [],
        "tags": tags,
        "emojis": emoji::named(app, [one.text.as_str()]),
        "reactions": reactions,
    })
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ListForm {
    with_dismissed: bool,
}

/// GET /api/v1/announcements
async fn list(State(app): State<Shared>, auth: Auth, Params(form): Params<ListForm>) -> Answer<Json<Value>> {
    let speaker = auth.person("read:accounts")?;
    let all = announcements::list(&app, speaker).await?;
    let wanted = all.iter().filter(|seen| form.with_dismissed || !seen.dismissed);
    Ok(Json(wanted.map(|seen| entity(&app, seen)).collect()))
}

/// POST /api/v1/announcements/:id/dismiss
async fn dismiss(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:accounts")?;
    announcements::dismiss(&app, speaker, id_of_path(&id)?).await?;
    Ok(Json(json!({})))
}

/// PUT /api/v1/announcements/:id/reactions/:name
async fn react(
    State(app): State<Shared>,
    auth: Auth,
    Path((id, name)): Path<(String, String)>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:favourites")?;
    announcements::react(&app, speaker, id_of_path(&id)?, &name).await?;
    Ok(Json(json!({})))
}

/// DELETE /api/v1/announcements/:id/reactions/:name
async fn unreact(
    State(app): State<Shared>,
    auth: Auth,
    Path((id, name)): Path<(String, String)>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:favourites")?;
    announcements::unreact(&app, speaker, id_of_path(&id)?, &name).await?;
    Ok(Json(json!({})))
}
