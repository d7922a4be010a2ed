//! `/api/v2/notifications/policy` and `/api/v1/notifications/requests`: of whom the reader wants to be told, and who waits
//! aside.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::Uri;
use axum::routing::{get, post};
use axum::{Json, Router};
use bauta_model::NotificationId;
use bauta_service::notifications::{self, Answer as Said, Aside, Policy, Settle, Waiting};
use bauta_service::{App, Refused, Speaker};
use bytes::{BufMut, BytesMut};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::accounts::json_bytes;
use crate::entities::{account, status};
use crate::pages::{Windowed, id_of_path, linked_around};
use crate::{Answer, ApiError, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    let requests = "/api/v1/notifications/requests";
    Router::new()
        .route("/api/v2/notifications/policy", get(policy).patch(change))
        .route(requests, get(list))
        .route(&format!("{requests}/merged"), get(merged))
        .route(&format!("{requests}/accept"), post(accept_all))
        .route(&format!("{requests}/dismiss"), post(dismiss_all))
        .route(&format!("{requests}/{{id}}"), get(one))
        .route(&format!("{requests}/{{id}}/accept"), post(accept))
        .route(&format!("{requests}/{{id}}/dismiss"), post(dismiss))
}

const WORDS: [(Said, &str); 3] = [
    (Said::Accept, "accept"),
    (Said::Filter, "filter"),
    (Said::Drop, "drop"),
];

fn word(said: Said) -> &'static str {
    let known = WORDS.iter().find(|(one, _)| *one == said);
    known.map_or("accept", |(_, word)| word)
}

fn entity(policy: Policy, aside: Aside) -> Value {
    json!({
        "for_not_following": word(policy.not_following),
        "for_not_followers": word(policy.not_followers),
        "for_new_accounts": word(policy.new_accounts),
        "for_private_mentions": word(policy.private_mentions),
        "for_limited_accounts": word(policy.limited_accounts),
        "summary": {
            "pending_requests_count": aside.people,
            "pending_notifications_count": aside.notifications,
        },
    })
}

/// GET /api/v2/notifications/policy
async fn policy(State(app): State<Shared>, auth: Auth) -> Answer<Json<Value>> {
    let speaker = auth.person("read:notifications")?;
    let (policy, aside) = notifications::policy(&app, speaker).await?;
    Ok(Json(entity(policy, aside)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PolicyForm {
    #[serde(rename = "for_not_following")]
    not_following: Option<String>,
    #[serde(rename = "for_not_followers")]
    not_followers: Option<String>,
    #[serde(rename = "for_new_accounts")]
    new_accounts: Option<String>,
    #[serde(rename = "for_private_mentions")]
    private_mentions: Option<String>,
    #[serde(rename = "for_limited_accounts")]
    limited_accounts: Option<String>,
}

fn said(name: &'static str, word: Option<&str>) -> Result<Option<Said>, ApiError> {
    let Some(word) = word else { return Ok(None) };
    match WORDS.iter().find(|(_, known)| *known == word) {
        Some((said, _)) => Ok(Some(*said)),
        None => Err(Refused::invalid(name, format!("{name} is accept, filter or drop.")).into()),
    }
}

/// PATCH /api/v2/notifications/policy: what is not named stays.
async fn change(
    State(app): State<Shared>,
    auth: Auth,
    Params(form): Params<PolicyForm>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:notifications")?;
    let not_following = said("for_not_following", form.not_following.as_deref())?;
    let not_followers = said("for_not_followers", form.not_followers.as_deref())?;
    let new_accounts = said("for_new_accounts", form.new_accounts.as_deref())?;
    let private_mentions = said("for_private_mentions", form.private_mentions.as_deref())?;
    let limited_accounts = said("for_limited_accounts", form.limited_accounts.as_deref())?;
    let changed = move |before: Policy| Policy {
        not_following: not_following.unwrap_or(before.not_following),
        not_followers: not_followers.unwrap_or(before.not_followers),
        new_accounts: new_accounts.unwrap_or(before.new_accounts),
        private_mentions: private_mentions.unwrap_or(before.private_mentions),
        limited_accounts: limited_accounts.unwrap_or(before.limited_accounts),
    };
    notifications::change_policy(&app, speaker, changed).await?;
    let (policy, aside) = notifications::policy(&app, speaker).await?;
    Ok(Json(entity(policy, aside)))
}

/// Writes a request in Mastodon's JSON; account and post are rendered already.
fn put(out: &mut BytesMut, app: &App, speaker: &Speaker, waiting: &Waiting) {
    let head = json!({
        "id": waiting.id.to_string(),
        "created_at": waiting.since.rfc3339(),
        "updated_at": waiting.until.rfc3339(),
        // A text in Mastodon too.
        "notifications_count": waiting.count.to_string(),
    });
    let head = head.to_string();
    out.put_slice(&head.as_bytes()[..head.len() - 1]);
    out.put_slice(b",\"account\":");
    out.put(account::rendered(app, &waiting.from));
    out.put_slice(b",\"last_status\":");
    match &waiting.post {
        Some(post) => out.put(status::one(app, Some(speaker.account), post)),
        None => out.put_slice(b"null"),
    }
    out.put_u8(b'}');
}

/// GET /api/v1/notifications/requests
async fn list(State(app): State<Shared>, auth: Auth, asked: Uri, Params(form): Params<Windowed>) -> Answer {
    let speaker = auth.person("read:notifications")?;
    let page = notifications::requests(&app, speaker, form.window(40, 80)?).await?;
    let mut out = BytesMut::from(&b"["[..]);
    for (nth, waiting) in page.items.iter().enumerate() {
        if nth > 0 {
            out.put_u8(b',');
        }
        put(&mut out, &app, speaker, waiting);
    }
    out.put_u8(b']');
    Ok(linked_around(
        json_bytes(out.freeze()),
        &app.site.base_url,
        &asked,
        &page,
        NotificationId::get,
    ))
}

/// GET /api/v1/notifications/requests/:id
async fn one(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer {
    let speaker = auth.person("read:notifications")?;
    let waiting = notifications::request(&app, speaker, id_of_path(&id)?).await?;
    let mut out = BytesMut::new();
    put(&mut out, &app, speaker, &waiting);
    Ok(json_bytes(out.freeze()))
}

async fn settle_one(app: &App, auth: &Auth, id: &str, how: Settle) -> Answer<Json<Value>> {
    let speaker = auth.person("write:notifications")?;
    let settled = notifications::settle(app, speaker, vec![id_of_path(id)?], how).await?;
    if settled == 0 {
        return Err(Refused::NotFound.into());
    }
    Ok(Json(json!({})))
}

/// POST /api/v1/notifications/requests/:id/accept
async fn accept(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    settle_one(&app, &auth, &id, Settle::LetIn).await
}

/// POST /api/v1/notifications/requests/:id/dismiss
async fn dismiss(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    settle_one(&app, &auth, &id, Settle::Forget).await
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Several {
    id: Vec<String>,
}

async fn settle_all(app: &App, auth: &Auth, form: &Several, how: Settle) -> Answer<Json<Value>> {
    let speaker = auth.person("write:notifications")?;
    // What is no number names nobody, as a number that is gone does.
    let ids = form.id.iter().filter_map(|id| id.parse().ok()).collect();
    notifications::settle(app, speaker, ids, how).await?;
    Ok(Json(json!({})))
}

/// POST /api/v1/notifications/requests/accept
async fn accept_all(
    State(app): State<Shared>,
    auth: Auth,
    Params(form): Params<Several>,
) -> Answer<Json<Value>> {
    settle_all(&app, &auth, &form, Settle::LetIn).await
}

/// POST /api/v1/notifications/requests/dismiss
async fn dismiss_all(
    State(app): State<Shared>,
    auth: Auth,
    Params(form): Params<Several>,
) -> Answer<Json<Value>> {
    settle_all(&app, &auth, &form, Settle::Forget).await
}

/// GET /api/v1/notifications/requests/merged: what was accepted is in the list when the answer to it goes out.
async fn merged(auth: Auth) -> Answer<Json<Value>> {
    auth.person("read:notifications")?;
    Ok(Json(json!({ "merged": true })))
}
