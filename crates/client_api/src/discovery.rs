//! `/api/v1/directory`, `/api/v1/suggestions` and `/api/v1/trends`: whom to follow, and what is talked about.

use std::sync::Arc;

use axum::extract::Path;
use axum::routing::{delete, get};
use axum::{Json, Router};
use bauta_service::discovery::{self, Order, TalkedAbout};
use bauta_service::{App, Refused, Speaker};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::accounts::json_bytes;
use crate::entities::status::tag_url;
use crate::entities::{account, status};
use crate::pages::{id_of_path, limit};
use crate::{Answer, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/directory", get(directory))
        .route("/api/v1/suggestions", get(suggestions_1))
        .route("/api/v2/suggestions", get(suggestions_2))
        .route("/api/v1/suggestions/{id}", delete(dismiss))
        .route("/api/v1/trends", get(tags))
        .route("/api/v1/trends/tags", get(tags))
        .route("/api/v1/trends/statuses", get(posts))
        .route("/api/v1/admin/trends/tags", get(admin_tags))
        .route("/api/v1/admin/trends/statuses", get(admin_posts))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Part {
    limit: Option<u32>,
    offset: Option<u32>,
    order: Option<String>,
    local: bool,
}

impl Part {
    fn offset(&self) -> usize {
        self.offset.unwrap_or(0) as usize
    }
}

/// GET /api/v1/directory
async fn directory(State(app): State<Shared>, auth: Auth, Params(form): Params<Part>) -> Answer {
    let viewer = auth.viewer("read:accounts")?;
    let order = match form.order.as_deref() {
        None | Some("" | "active") => Order::LastSpoke,
        Some("new") => Order::Newest,
        Some(_) => return Err(Refused::invalid("order", "order is active or new.").into()),
    };
    let part = (limit(form.limit, 40, 80), form.offset());
    let people = discovery::directory(&app, viewer, order, form.local, part).await?;
    Ok(json_bytes(account::list(&app, &people)))
}

/// GET /api/v1/suggestions
async fn suggestions_1(State(app): State<Shared>, auth: Auth, Params(form): Params<Part>) -> Answer {
    let speaker = auth.person("read:accounts")?;
    let found = discovery::suggestions(&app, speaker, limit(form.limit, 40, 80)).await?;
    let people: Vec<_> = found.into_iter().map(|one| one.card).collect();
    Ok(json_bytes(account::list(&app, &people)))
}

/// GET /api/v2/suggestions
async fn suggestions_2(
    State(app): State<Shared>,
    auth: Auth,
    Params(form): Params<Part>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("read:accounts")?;
    let found = discovery::suggestions(&app, speaker, limit(form.limit, 40, 80)).await?;
    let entity = |one: &discovery::Suggestion| {
        // The first word is of older apps, which know three reasons.
        let (source, sources) = if one.near {
            ("past_interactions", "friends_of_friends")
        } else {
            ("global", "most_followed")
        };
        json!({
            "source": source,
            "sources": [sources],
            "account": account::account(&app, &one.card.account),
        })
    };
    Ok(Json(found.iter().map(entity).collect()))
}

/// DELETE /api/v1/suggestions/:account_id
async fn dismiss(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:accounts")?;
    discovery::dismiss_suggestion(&app, speaker, id_of_path(&id)?).await?;
    Ok(Json(json!({})))
}

/// A hashtag that is talked about in Mastodon's JSON, which writes numbers as texts here.
fn tag(app: &App, one: &TalkedAbout) -> Value {
    let history: Vec<Value> = one
        .days
        .iter()
        .map(|(day, uses, people)| {
            json!({
                "day": day.start().unix_seconds().to_string(),
                "uses": uses.to_string(),
                "accounts": people.to_string(),
            })
        })
        .collect();
    json!({
        "id": one.tag,
        "name": one.tag,
        "url": tag_url(&app.site.base_url, &one.tag),
        "history": history,
    })
}

/// GET /api/v1/trends/tags
async fn tags(State(app): State<Shared>, auth: Auth, Params(form): Params<Part>) -> Answer<Json<Value>> {
    auth.viewer("read:statuses")?;
    let found = discovery::tags(&app, limit(form.limit, 10, 20), form.offset()).await?;
    Ok(Json(found.iter().map(|one| tag(&app, one)).collect()))
}

/// GET /api/v1/trends/statuses
async fn posts(State(app): State<Shared>, auth: Auth, Params(form): Params<Part>) -> Answer {
    let viewer = auth.viewer("read:statuses")?;
    let found = discovery::posts(&app, viewer, limit(form.limit, 20, 40), form.offset()).await?;
    let viewer = viewer.map(|speaker| speaker.account);
    Ok(json_bytes(status::list(&app, viewer, &found)))
}

fn moderator(auth: &Auth) -> Answer<&Speaker> {
    let speaker = auth.person("admin:read")?;
    if speaker.role.moderates() {
        Ok(speaker)
    } else {
        Err(Refused::Forbidden("This is for moderators.").into())
    }
}

/// GET /api/v1/admin/trends/tags: nothing waits for a review here.
async fn admin_tags(
    State(app): State<Shared>,
    auth: Auth,
    Params(form): Params<Part>,
) -> Answer<Json<Value>> {
    moderator(&auth)?;
    let found = discovery::tags(&app, limit(form.limit, 10, 20), form.offset()).await?;
    let entity = |one| {
        let mut entity = tag(&app, one);
        entity["trendable"] = json!(true);
        entity["usable"] = json!(true);
        entity["requires_review"] = json!(false);
        entity
    };
    Ok(Json(found.iter().map(entity).collect()))
}

/// GET /api/v1/admin/trends/statuses
async fn admin_posts(
    State(app): State<Shared>,
    auth: Auth,
    Params(form): Params<Part>,
) -> Answer<Json<Value>> {
    let speaker = moderator(&auth)?;
    let found = discovery::posts(&app, Some(speaker), limit(form.limit, 20, 40), form.offset()).await?;
    let list = status::list(&app, Some(speaker.account), &found);
    let mut list: Vec<Value> = serde_json::from_slice(&list).unwrap_or_default();
    for entity in &mut list {
        entity["requires_review"] = json!(false);
    }
    Ok(Json(Value::Array(list)))
}
