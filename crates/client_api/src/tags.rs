//! `/api/v1/tags`, `/api/v1/followed_tags` and `/api/v1/featured_tags`: hashtags that the reader follows or shows.

use std::sync::Arc;

use axum::extract::Path;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use bauta_model::{AccountId, CoarseTime};
use bauta_service::App;
use bauta_service::tags::{self, Featured, Tag};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::entities::status::tag_url;
use crate::pages::id_of_path;
use crate::{Answer, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/tags/{name}", get(one))
        .route("/api/v1/tags/{name}/follow", post(follow))
        .route("/api/v1/tags/{name}/unfollow", post(unfollow))
        .route("/api/v1/tags/{name}/feature", post(feature))
        .route("/api/v1/tags/{name}/unfeature", post(unfeature))
        .route("/api/v1/followed_tags", get(followed))
        .route("/api/v1/featured_tags", get(own).post(feature_by_form))
        .route("/api/v1/featured_tags/suggestions", get(suggestions))
        .route("/api/v1/featured_tags/{id}", delete(unfeature_by_id))
        .route("/api/v1/accounts/{id}/featured_tags", get(of_account))
}

/// A hashtag in Mastodon's JSON. Who used it on which day is not counted.
pub(crate) fn entity(base: &str, tag: &Tag, viewed: bool) -> Value {
    let mut entity = json!({
        "id": tag.name,
        "name": tag.name,
        "url": tag_url(base, &tag.name),
        "history": [],
    });
    if viewed {
        entity["following"] = json!(tag.follows);
        entity["featuring"] = json!(tag.features);
    }
    entity
}

/// A hashtag on the profile of `handle` in Mastodon's JSON, which writes the count as a text.
fn featured(app: &App, handle: &str, tag: &Featured) -> Value {
    let path: String = url::form_urlencoded::byte_serialize(tag.tag.as_bytes()).collect();
    let last = tag
        .last
        .map(|id| CoarseTime::from_unix_seconds(id.unix_seconds()));
    json!({
        "id": tag.id.to_string(),
        "name": tag.tag,
        "url": format!("{}/@{handle}/tagged/{path}", app.site.base_url),
        "statuses_count": tag.posts.to_string(),
        "last_status_at": last.map(|last| last.day().iso()),
    })
}

/// GET /api/v1/tags/:name
async fn one(State(app): State<Shared>, auth: Auth, Path(name): Path<String>) -> Answer<Json<Value>> {
    let viewer = auth.viewer("read:follows")?;
    let tag = tags::about(&app, viewer, &name).await?;
    Ok(Json(entity(&app.site.base_url, &tag, viewer.is_some())))
}

/// POST /api/v1/tags/:name/follow
async fn follow(State(app): State<Shared>, auth: Auth, Path(name): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:follows")?;
    let tag = tags::follow(&app, speaker, &name).await?;
    Ok(Json(entity(&app.site.base_url, &tag, true)))
}

/// POST /api/v1/tags/:name/unfollow
async fn unfollow(State(app): State<Shared>, auth: Auth, Path(name): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:follows")?;
    let tag = tags::unfollow(&app, speaker, &name).await?;
    Ok(Json(entity(&app.site.base_url, &tag, true)))
}

/// POST /api/v1/tags/:id/feature
async fn feature(State(app): State<Shared>, auth: Auth, Path(name): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:accounts")?;
    tags::feature(&app, speaker, &name).await?;
    let tag = tags::about(&app, Some(speaker), &name).await?;
    Ok(Json(entity(&app.site.base_url, &tag, true)))
}

/// POST /api/v1/tags/:id/unfeature
async fn unfeature(State(app): State<Shared>, auth: Auth, Path(name): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:accounts")?;
    let tag = tags::unfeature_by_name(&app, speaker, &name).await?;
    Ok(Json(entity(&app.site.base_url, &tag, true)))
}

/// GET /api/v1/followed_tags: all of them, since nobody follows more than a hundred.
async fn followed(State(app): State<Shared>, auth: Auth) -> Answer<Json<Value>> {
    let speaker = auth.person("read:follows")?;
    let names = tags::followed(&app, speaker).await?;
    let own = tags::featured(&app, speaker.account).await?;
    let tag = |name: String| Tag {
        follows: true,
        features: own.iter().any(|featured| featured.tag == name),
        name,
    };
    let base = &app.site.base_url;
    Ok(Json(
        names
            .into_iter()
            .map(|name| entity(base, &tag(name), true))
            .collect(),
    ))
}

pub(crate) async fn featured_of(app: &App, of: AccountId) -> Answer<Json<Value>> {
    let card = bauta_service::accounts::by_id(app, of).await?;
    let all = tags::featured(app, of).await?;
    let handle = card.account.handle.as_str();
    Ok(Json(all.iter().map(|tag| featured(app, handle, tag)).collect()))
}

/// GET /api/v1/featured_tags
async fn own(State(app): State<Shared>, auth: Auth) -> Answer<Json<Value>> {
    let speaker = auth.person("read:accounts")?;
    featured_of(&app, speaker.account).await
}

/// GET /api/v1/accounts/:id/featured_tags
async fn of_account(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    auth.viewer("read:accounts")?;
    featured_of(&app, id_of_path(&id)?).await
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Form {
    name: String,
}

/// POST /api/v1/featured_tags
async fn feature_by_form(
    State(app): State<Shared>,
    auth: Auth,
    Params(form): Params<Form>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:accounts")?;
    let tag = tags::feature(&app, speaker, &form.name).await?;
    let card = bauta_service::accounts::by_id(&app, speaker.account).await?;
    Ok(Json(featured(&app, card.account.handle.as_str(), &tag)))
}

/// DELETE /api/v1/featured_tags/:id
async fn unfeature_by_id(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:accounts")?;
    tags::unfeature(&app, speaker, id_of_path(&id)?).await?;
    Ok(Json(json!({})))
}

/// GET /api/v1/featured_tags/suggestions
async fn suggestions(State(app): State<Shared>, auth: Auth) -> Answer<Json<Value>> {
    let speaker = auth.person("read:accounts")?;
    let followed = tags::followed(&app, speaker).await?;
    let tag = |name: String| Tag {
        follows: followed.contains(&name),
        features: false,
        name,
    };
    let names = tags::suggested(&app, speaker).await?;
    let base = &app.site.base_url;
    Ok(Json(
        names
            .into_iter()
            .map(|name| entity(base, &tag(name), true))
            .collect(),
    ))
}
