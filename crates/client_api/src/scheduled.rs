//! `/api/v1/scheduled_statuses`: posts that appear later.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use bauta_model::{CoarseTime, ScheduledId};
use bauta_service::posts::{self, Scheduled};
use bauta_service::{App, Refused};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::entities::status;
use crate::pages::{Windowed, id_of_path, linked_around};
use crate::{Answer, ApiError, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/api/v1/scheduled_statuses", get(all)).route(
        "/api/v1/scheduled_statuses/{id}",
        get(one).put(change).delete(delete),
    )
}

/// A time as apps write it, in seconds since 1970.
///
/// # Errors
/// 422 for what is no time.
pub(crate) fn seconds(text: &str) -> Result<i64, ApiError> {
    let why = "scheduled_at is not a time as RFC 3339 writes it.";
    CoarseTime::read_seconds(text).ok_or_else(|| Refused::invalid("scheduled_at", why).into())
}

/// A ScheduledStatus. Which app scheduled it is a trace, and is not kept.
pub(crate) fn entity(app: &App, one: &Scheduled) -> Value {
    let draft = &one.draft;
    let media: Vec<String> = draft.media.iter().map(ToString::to_string).collect();
    let poll = draft.poll.as_ref().map(|poll| {
        json!({
            "options": poll.options,
            "expires_in": poll.open_for.as_secs(),
            "multiple": poll.multiple,
            "hide_totals": poll.hide_totals,
        })
    });
    json!({
        "id": one.id.to_string(),
        "scheduled_at": one.at.rfc3339(),
        "params": {
            "text": draft.text,
            "poll": poll,
            "media_ids": (!media.is_empty()).then_some(media),
            "sensitive": draft.sensitive,
            "spoiler_text": (!draft.warning.is_empty()).then_some(&draft.warning),
            "visibility": draft.visibility.as_api(),
            "in_reply_to_id": draft.in_reply_to.map(|id| id.to_string()),
            "language": draft.language,
            "application_id": 0,
            "scheduled_at": null,
            "idempotency": null,
            "quoted_status_id": draft.quote.map(|id| id.to_string()),
            "quote_approval_policy": draft.quote_policy.as_api(),
            "reply_approval_policy": draft.reply_policy.as_api(),
            "with_rate_limit": false,
        },
        "media_attachments": status::media(&app.site.base_url, &one.media),
    })
}

fn answer(app: &App, one: &Scheduled) -> Response {
    Json(entity(app, one)).into_response()
}

/// GET /api/v1/scheduled_statuses
async fn all(State(app): State<Shared>, auth: Auth, asked: Uri, Params(paging): Params<Windowed>) -> Answer {
    let speaker = auth.person("read:statuses")?;
    let page = posts::all_scheduled(&app, speaker, paging.window(20, 40)?).await?;
    let list: Vec<Value> = page.items.iter().map(|one| entity(&app, one)).collect();
    Ok(linked_around(
        Json(list).into_response(),
        &app.site.base_url,
        &asked,
        &page,
        ScheduledId::get,
    ))
}

/// GET /api/v1/scheduled_statuses/:id
async fn one(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer {
    let speaker = auth.person("read:statuses")?;
    let found = posts::scheduled(&app, speaker, id_of_path(&id)?).await?;
    Ok(answer(&app, &found))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Change {
    scheduled_at: String,
}

/// PUT /api/v1/scheduled_statuses/:id
async fn change(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    Params(change): Params<Change>,
) -> Answer {
    let speaker = auth.person("write:statuses")?;
    let at = seconds(&change.scheduled_at)?;
    let changed = posts::reschedule(&app, speaker, id_of_path(&id)?, at).await?;
    Ok(answer(&app, &changed))
}

/// DELETE /api/v1/scheduled_statuses/:id
async fn delete(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:statuses")?;
    posts::unschedule(&app, speaker, id_of_path(&id)?).await?;
    Ok(Json(json!({})))
}
