//! `/api/v1/lists`: some of those whom the reader follows, read apart.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::Uri;
use axum::routing::get;
use axum::{Json, Router};
use bauta_model::{AccountId, ListId};
use bauta_service::lists::{self, List, Replies, Wish};
use bauta_service::{App, Refused};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::accounts::json_bytes;
use crate::entities::{account, status};
use crate::pages::{Paging, Windowed, id_of_path, linked, linked_around};
use crate::{Answer, ApiError, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/lists", get(all).post(create))
        .route("/api/v1/lists/{id}", get(one).put(update).delete(delete))
        .route(
            "/api/v1/lists/{id}/accounts",
            get(members).post(add).delete(remove),
        )
        .route("/api/v1/accounts/{id}/lists", get(containing))
        .route("/api/v1/timelines/list/{id}", get(timeline))
}

const REPLIES: [(Replies, &str); 3] = [
    (Replies::None, "none"),
    (Replies::List, "list"),
    (Replies::Followed, "followed"),
];

fn entity(list: &List) -> Value {
    let replies = REPLIES.iter().find(|(replies, _)| *replies == list.replies);
    json!({
        "id": list.id.to_string(),
        "title": list.title,
        "replies_policy": replies.map(|(_, word)| *word),
        "exclusive": list.exclusive,
    })
}

fn entities(all: &[List]) -> Json<Value> {
    Json(all.iter().map(entity).collect())
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Form {
    title: Option<String>,
    replies_policy: Option<String>,
    exclusive: Option<bool>,
}

impl Form {
    fn wish(self) -> Result<Wish, ApiError> {
        let replies = match self.replies_policy.as_deref() {
            None | Some("") => None,
            Some(asked) => {
                let known = REPLIES.iter().find(|(_, word)| *word == asked);
                let why = "replies_policy is followed, list or none.";
                let (replies, _) = known.ok_or_else(|| Refused::invalid("replies_policy", why))?;
                Some(*replies)
            }
        };
        Ok(Wish {
            title: self.title,
            replies,
            exclusive: self.exclusive,
        })
    }
}

/// GET /api/v1/lists
async fn all(State(app): State<Shared>, auth: Auth) -> Answer<Json<Value>> {
    let speaker = auth.person("read:lists")?;
    Ok(entities(&lists::all(&app, speaker).await?))
}

/// GET /api/v1/lists/:id
async fn one(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("read:lists")?;
    Ok(Json(entity(&lists::get(&app, speaker, id_of_path(&id)?).await?)))
}

/// POST /api/v1/lists
async fn create(State(app): State<Shared>, auth: Auth, Params(form): Params<Form>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:lists")?;
    Ok(Json(entity(&lists::create(&app, speaker, form.wish()?).await?)))
}

/// PUT /api/v1/lists/:id
async fn update(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    Params(form): Params<Form>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:lists")?;
    let changed = lists::update(&app, speaker, id_of_path(&id)?, form.wish()?).await?;
    Ok(Json(entity(&changed)))
}

/// DELETE /api/v1/lists/:id
async fn delete(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:lists")?;
    lists::delete(&app, speaker, id_of_path(&id)?).await?;
    Ok(Json(json!({})))
}

/// GET /api/v1/lists/:id/accounts: with `limit=0` all of them.
async fn members(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    asked: Uri,
    Params(paging): Params<Windowed>,
) -> Answer {
    let speaker = auth.person("read:lists")?;
    let list: ListId = id_of_path(&id)?;
    let mut window = paging.window(40, 80)?;
    if paging.limit == Some(0) {
        window.limit = 0;
    }
    let page = lists::members(&app, speaker, list, window).await?;
    let answer = json_bytes(account::list(&app, &page.items));
    Ok(linked_around(
        answer,
        &app.site.base_url,
        &asked,
        &page,
        AccountId::get,
    ))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct People {
    account_ids: Vec<String>,
}

impl People {
    fn accounts(&self) -> Result<Vec<AccountId>, ApiError> {
        self.account_ids.iter().map(|id| id_of_path(id)).collect()
    }
}

/// POST /api/v1/lists/:id/accounts
async fn add(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    Params(people): Params<People>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:lists")?;
    lists::add(&app, speaker, id_of_path(&id)?, people.accounts()?).await?;
    Ok(Json(json!({})))
}

/// DELETE /api/v1/lists/:id/accounts
async fn remove(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    Params(people): Params<People>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:lists")?;
    lists::remove(&app, speaker, id_of_path(&id)?, people.accounts()?).await?;
    Ok(Json(json!({})))
}

/// GET /api/v1/accounts/:id/lists
async fn containing(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("read:lists")?;
    Ok(entities(
        &lists::containing(&app, speaker, id_of_path(&id)?).await?,
    ))
}

/// GET /api/v1/timelines/list/:id
async fn timeline(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    asked: Uri,
    Params(paging): Params<Paging>,
) -> Answer {
    let speaker = auth.person("read:lists")?;
    let posts = lists::timeline(&app, speaker, id_of_path(&id)?, &paging.page()?).await?;
    let body = status::list(&app, Some(speaker.account), &posts);
    Ok(linked(json_bytes(body), &app.site.base_url, &asked, &posts))
}
