//! `/api/v1/reports`: telling moderators.

use std::sync::Arc;

use axum::routing::post;
use axum::{Json, Router};
use bauta_model::{AccountId, PostId};
use bauta_service::reports::{self, Category, Filing};
use bauta_service::{App, Refused};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::entities::account;
use crate::pages::id_of_path;
use crate::{Answer, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/api/v1/reports", post(file))
}

/// What apps send. `rule_ids` is not read: rules have no ids.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Form {
    account_id: String,
    status_ids: Vec<String>,
    comment: String,
    category: Option<String>,
    forward: Option<bool>,
}

/// POST /api/v1/reports
async fn file(State(app): State<Shared>, auth: Auth, Params(form): Params<Form>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:reports")?;
    let category = match form.category.as_deref() {
        None | Some("") => Category::Other,
        Some(word) => Category::from_api(word)
            .ok_or_else(|| Refused::invalid("category", "category is spam, legal, violation or other."))?,
    };
    let posts: Result<Vec<PostId>, _> = form.status_ids.iter().map(|id| id_of_path(id)).collect();
    let target: AccountId = id_of_path(&form.account_id)?;
    let forward = form.forward.unwrap_or(false);
    let filing = Filing {
        target,
        posts: posts?,
        category,
        comment: form.comment,
        forward,
    };
    let report = reports::file(&app, speaker, filing).await?;
    let card = bauta_service::accounts::by_id(&app, target).await?;
    Ok(Json(json!({
        "id": report.id.to_string(),
        "action_taken": false,
        "action_taken_at": null,
        "category": report.category.as_api(),
        "comment": report.comment,
        "forwarded": forward && card.account.handle.domain().is_some(),
        // A month is the finest that is kept of a report.
        "created_at": report.month.start().rfc3339(),
        "status_ids": report.posts.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "rule_ids": null,
        "target_account": account::account(&app, &card.account),
    })))
}
