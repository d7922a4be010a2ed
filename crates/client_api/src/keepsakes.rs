//! What the reader keeps about others: notes, recommendations, servers left out.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::Uri;
use axum::routing::{get, post};
use axum::{Json, Router};
use bauta_model::AccountId;
use bauta_service::{App, keepsakes};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::pages::{Windowed, id_of_path};
use crate::relations::{answer_with, people};
use crate::{Answer, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/accounts/{id}/note", post(note))
        .route("/api/v1/accounts/{id}/endorse", post(endorse))
        .route("/api/v1/accounts/{id}/unendorse", post(unendorse))
        .route("/api/v1/accounts/{id}/pin", post(endorse))
        .route("/api/v1/accounts/{id}/unpin", post(unendorse))
        .route("/api/v1/accounts/{id}/endorsements", get(of_account))
        .route("/api/v1/endorsements", get(own))
        .route(
            "/api/v1/domain_blocks",
            get(domains).post(block_domain).delete(unblock_domain),
        )
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct NoteForm {
    comment: String,
}

/// POST /api/v1/accounts/:id/note
async fn note(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    Params(form): Params<NoteForm>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:accounts")?;
    let other: AccountId = id_of_path(&id)?;
    keepsakes::note(&app, speaker, other, &form.comment).await?;
    answer_with(&app, speaker, other).await
}

/// POST /api/v1/accounts/:id/endorse, and by its older name `…/pin`
async fn endorse(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:accounts")?;
    let other: AccountId = id_of_path(&id)?;
    keepsakes::endorse(&app, speaker, other).await?;
    answer_with(&app, speaker, other).await
}

/// POST /api/v1/accounts/:id/unendorse, and by its older name `…/unpin`
async fn unendorse(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:accounts")?;
    let other: AccountId = id_of_path(&id)?;
    keepsakes::unendorse(&app, speaker, other).await?;
    answer_with(&app, speaker, other).await
}

/// GET /api/v1/accounts/:id/endorsements
async fn of_account(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    asked: Uri,
    Params(paging): Params<Windowed>,
) -> Answer {
    let viewer = auth.viewer("read:accounts")?;
    let page = keepsakes::endorsed(&app, viewer, id_of_path(&id)?, paging.accounts()?).await?;
    Ok(people(&app, &asked, &page))
}

/// GET /api/v1/endorsements
async fn own(State(app): State<Shared>, auth: Auth, asked: Uri, Params(paging): Params<Windowed>) -> Answer {
    let speaker = auth.person("read:accounts")?;
    let page = keepsakes::endorsed(&app, Some(speaker), speaker.account, paging.accounts()?).await?;
    Ok(people(&app, &asked, &page))
}

/// GET /api/v1/domain_blocks: all of them, by name.
async fn domains(State(app): State<Shared>, auth: Auth) -> Answer<Json<Value>> {
    let speaker = auth.person("read:blocks")?;
    Ok(Json(keepsakes::blocked_domains(&app, speaker).await?.into()))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct DomainForm {
    domain: String,
}

/// POST /api/v1/domain_blocks
async fn block_domain(
    State(app): State<Shared>,
    auth: Auth,
    Params(form): Params<DomainForm>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:blocks")?;
    keepsakes::block_domain(&app, speaker, &form.domain).await?;
    Ok(Json(json!({})))
}

/// DELETE /api/v1/domain_blocks
async fn unblock_domain(
    State(app): State<Shared>,
    auth: Auth,
    Params(form): Params<DomainForm>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:blocks")?;
    keepsakes::unblock_domain(&app, speaker, &form.domain).await?;
    Ok(Json(json!({})))
}
