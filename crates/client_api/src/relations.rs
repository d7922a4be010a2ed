//! `/api/v1/accounts/:id/follow` and the other relations, and the lists that they make.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Path;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bauta_model::{AccountId, CoarseTime};
use bauta_service::keepsakes::{self, Kept};
use bauta_service::relations::{self, Silence, Wish};
use bauta_service::{App, Listed, Speaker};
use bauta_timeline::AccountCard;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::accounts::json_bytes;
use crate::entities::{account, relationship};
use crate::pages::{Windowed, id_of_path, linked_around};
use crate::{Answer, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/accounts/relationships", get(relationships))
        .route("/api/v1/accounts/familiar_followers", get(familiar_followers))
        .route("/api/v1/accounts/{id}/follow", post(follow))
        .route("/api/v1/accounts/{id}/unfollow", post(unfollow))
        .route(
            "/api/v1/accounts/{id}/remove_from_followers",
            post(remove_from_followers),
        )
        .route("/api/v1/accounts/{id}/block", post(block))
        .route("/api/v1/accounts/{id}/unblock", post(unblock))
        .route("/api/v1/accounts/{id}/mute", post(mute))
        .route("/api/v1/accounts/{id}/unmute", post(unmute))
        .route("/api/v1/accounts/{id}/followers", get(followers))
        .route("/api/v1/accounts/{id}/following", get(following))
        .route("/api/v1/blocks", get(blocks))
        .route("/api/v1/mutes", get(mutes))
        .route("/api/v1/follow_requests", get(follow_requests))
        .route("/api/v1/follow_requests/{id}/authorize", post(authorize))
        .route("/api/v1/follow_requests/{id}/reject", post(reject))
}

/// A handler for each verb that needs nothing but an account, and answers with how it stands.
macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident, $scope:literal, $verb:path;)*) => {
        $($(#[$doc])*
        async fn $name(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
            let speaker = auth.person($scope)?;
            let other: AccountId = id_of_path(&id)?;
            $verb(&app, speaker, other).await?;
            answer_with(&app, speaker, other).await
        })*
    };
}

verbs! {
    /// POST /api/v1/accounts/:id/unfollow
    unfollow, "write:follows", relations::unfollow;
    /// POST /api/v1/accounts/:id/remove_from_followers
    remove_from_followers, "write:follows", relations::remove_follower;
    /// POST /api/v1/accounts/:id/block
    block, "write:blocks", relations::block;
    /// POST /api/v1/accounts/:id/unblock
    unblock, "write:blocks", relations::unblock;
    /// POST /api/v1/accounts/:id/unmute
    unmute, "write:mutes", relations::unmute;
    /// POST /api/v1/follow_requests/:account_id/authorize
    authorize, "write:follows", relations::accept_request;
    /// POST /api/v1/follow_requests/:account_id/reject
    reject, "write:follows", relations::reject_request;
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct FollowForm {
    reblogs: Option<bool>,
    notify: Option<bool>,
}

/// POST /api/v1/accounts/:id/follow
async fn follow(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    Params(form): Params<FollowForm>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:follows")?;
    let other: AccountId = id_of_path(&id)?;
    let wish = Wish {
        show_boosts: form.reblogs,
        notify: form.notify,
    };
    relations::follow(&app, speaker, other, wish).await?;
    answer_with(&app, speaker, other).await
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct MuteForm {
    notifications: Option<bool>,
    duration: Option<u64>,
}

/// POST /api/v1/accounts/:id/mute
async fn mute(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    Params(form): Params<MuteForm>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:mutes")?;
    let other: AccountId = id_of_path(&id)?;
    let silence = Silence {
        hide_notifications: form.notifications.unwrap_or(true),
        lasting: form
            .duration
            .filter(|seconds| *seconds > 0)
            .map(Duration::from_secs),
    };
    relations::mute(&app, speaker, other, silence).await?;
    answer_with(&app, speaker, other).await
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Several {
    id: Vec<String>,
    with_suspended: bool,
}

impl Several {
    /// An id that can't be one is an account that is not there.
    fn accounts(&self) -> Vec<AccountId> {
        self.id.iter().filter_map(|id| id.parse().ok()).collect()
    }
}

/// GET /api/v1/accounts/relationships
async fn relationships(
    State(app): State<Shared>,
    auth: Auth,
    Params(asked): Params<Several>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("read:follows")?;
    let found = relations::relationships(&app, speaker, &asked.accounts(), asked.with_suspended).await?;
    let ids: Vec<AccountId> = found.iter().map(|(id, _)| *id).collect();
    let kept = keepsakes::about(&app, speaker, &ids).await?;
    let none = Kept::default();
    let all: Vec<Value> = found
        .iter()
        .map(|(id, tie)| relationship::relationship(*id, tie, kept.get(id).unwrap_or(&none)))
        .collect();
    Ok(Json(all.into()))
}

/// GET /api/v1/accounts/familiar_followers
async fn familiar_followers(
    State(app): State<Shared>,
    auth: Auth,
    Params(asked): Params<Several>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("read:follows")?;
    let found = relations::familiar_followers(&app, speaker, &asked.accounts()).await?;
    let all: Vec<Value> = found
        .iter()
        .map(|(id, people)| {
            let people: Vec<Value> = people
                .iter()
                .map(|card| account::account(&app, &card.account))
                .collect();
            json!({ "id": id.to_string(), "accounts": people })
        })
        .collect();
    Ok(Json(all.into()))
}

/// Answers with how the speaker stands to `other` now.
pub(crate) async fn answer_with(app: &App, speaker: &Speaker, other: AccountId) -> Answer<Json<Value>> {
    let tie = relations::relationship(app, speaker, other).await?;
    let kept = keepsakes::about(app, speaker, &[other]).await?;
    let kept = kept.get(&other).cloned().unwrap_or_default();
    Ok(Json(relationship::relationship(other, &tie, &kept)))
}

/// Answers with a page of people.
pub(crate) fn people(app: &App, asked: &Uri, page: &Listed<Arc<AccountCard>, AccountId>) -> Response {
    let answer = json_bytes(account::list(app, &page.items));
    linked_around(answer, &app.site.base_url, asked, page, AccountId::get)
}

/// GET /api/v1/accounts/:id/followers
async fn followers(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    asked: Uri,
    Params(paging): Params<Windowed>,
) -> Answer {
    let viewer = auth.viewer("read:accounts")?;
    let page = relations::followers(&app, viewer, id_of_path(&id)?, paging.accounts()?).await?;
    Ok(people(&app, &asked, &page))
}

/// GET /api/v1/accounts/:id/following
async fn following(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    asked: Uri,
    Params(paging): Params<Windowed>,
) -> Answer {
    let viewer = auth.viewer("read:accounts")?;
    let page = relations::following(&app, viewer, id_of_path(&id)?, paging.accounts()?).await?;
    Ok(people(&app, &asked, &page))
}

/// GET /api/v1/blocks
async fn blocks(
    State(app): State<Shared>,
    auth: Auth,
    asked: Uri,
    Params(paging): Params<Windowed>,
) -> Answer {
    let speaker = auth.person("read:blocks")?;
    let page = relations::blocked(&app, speaker, paging.accounts()?).await?;
    Ok(people(&app, &asked, &page))
}

/// GET /api/v1/follow_requests
async fn follow_requests(
    State(app): State<Shared>,
    auth: Auth,
    asked: Uri,
    Params(paging): Params<Windowed>,
) -> Answer {
    let speaker = auth.person("read:follows")?;
    let page = relations::requests(&app, speaker, paging.accounts()?).await?;
    Ok(people(&app, &asked, &page))
}

/// GET /api/v1/mutes: accounts with the slot in which the mute ends.
async fn mutes(
    State(app): State<Shared>,
    auth: Auth,
    asked: Uri,
    Params(paging): Params<Windowed>,
) -> Answer {
    let speaker = auth.person("read:mutes")?;
    let page = relations::muted(&app, speaker, paging.accounts()?).await?;
    let all: Vec<Value> = page
        .items
        .iter()
        .map(|(card, until)| {
            let mut entity = account::account(&app, &card.account);
            entity["mute_expires_at"] = json!(until.map(CoarseTime::rfc3339));
            entity
        })
        .collect();
    let answer = Json(all).into_response();
    Ok(linked_around(
        answer,
        &app.site.base_url,
        &asked,
        &page,
        AccountId::get,
    ))
}
