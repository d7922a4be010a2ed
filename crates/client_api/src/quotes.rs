//! `/api/v1/statuses/:id/quotes` and `…/interaction_policy`: who quoted a post, and who may.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::Uri;
use axum::routing::{get, post, put};
use bauta_model::{PostId, QuotePolicy, ReplyPolicy};
use bauta_service::{App, Refused, posts};
use serde::Deserialize;

use crate::accounts::json_bytes;
use crate::entities::status;
use crate::pages::{Windowed, id_of_path, linked_around};
use crate::{Answer, ApiError, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/statuses/{id}/quotes", get(list))
        .route(
            "/api/v1/statuses/{id}/quotes/{quoting_status_id}/revoke",
            post(revoke),
        )
        .route("/api/v1/statuses/{id}/interaction_policy", put(set_policy))
}

/// Who may quote, by Mastodon's word; nothing where nothing is said.
///
/// # Errors
/// 422 for another word.
pub(crate) fn policy(word: Option<&str>) -> Result<Option<QuotePolicy>, ApiError> {
    let why = "The quote policy is public, followers or nobody.";
    chosen(word, QuotePolicy::from_api, ("quote_approval_policy", why))
}

/// Who may answer, by our word; nothing where nothing is said.
///
/// # Errors
/// 422 for another word.
pub(crate) fn reply_policy(word: Option<&str>) -> Result<Option<ReplyPolicy>, ApiError> {
    let why = "The reply policy is public, followers, mentioned or nobody.";
    chosen(word, ReplyPolicy::from_api, ("reply_approval_policy", why))
}

/// What a word stands for; nothing where nothing is said. Another word is refused, with the field and why.
fn chosen<T>(
    word: Option<&str>,
    read: impl FnOnce(&str) -> Option<T>,
    (field, why): (&'static str, &'static str),
) -> Result<Option<T>, ApiError> {
    match word.filter(|word| !word.is_empty()) {
        None => Ok(None),
        Some(word) => match read(word) {
            None => Err(Refused::invalid(field, why).into()),
            chosen => Ok(chosen),
        },
    }
}

/// GET /api/v1/statuses/:id/quotes
async fn list(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    asked: Uri,
    Params(paging): Params<Windowed>,
) -> Answer {
    let viewer = auth.viewer("read:statuses")?;
    let page = posts::quotes_of(&app, viewer, id_of_path(&id)?, paging.window(20, 40)?).await?;
    let viewer = viewer.map(|speaker| speaker.account);
    let list = json_bytes(status::list(&app, viewer, &page.items));
    Ok(linked_around(
        list,
        &app.site.base_url,
        &asked,
        &page,
        PostId::get,
    ))
}

/// POST /api/v1/statuses/:id/quotes/:quoting_status_id/revoke
async fn revoke(
    State(app): State<Shared>,
    auth: Auth,
    Path((quoted, quoting)): Path<(String, String)>,
) -> Answer {
    let speaker = auth.person("write:statuses")?;
    let (quoted, quoting) = (id_of_path(&quoted)?, id_of_path(&quoting)?);
    let left = posts::revoke_quote(&app, speaker, quoted, quoting).await?;
    Ok(json_bytes(status::one(&app, Some(speaker.account), &left)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PolicyForm {
    quote_approval_policy: Option<String>,
    reply_approval_policy: Option<String>,
}

/// PUT /api/v1/statuses/:id/interaction_policy
async fn set_policy(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    Params(form): Params<PolicyForm>,
) -> Answer {
    let speaker = auth.person("write:statuses")?;
    let id: PostId = id_of_path(&id)?;
    let quotes = policy(form.quote_approval_policy.as_deref())?;
    let replies = reply_policy(form.reply_approval_policy.as_deref())?;
    let mut changed = None;
    if let Some(wished) = replies {
        changed = Some(posts::set_reply_policy(&app, speaker, id, wished).await?);
    }
    if let Some(wished) = quotes {
        changed = Some(posts::set_quote_policy(&app, speaker, id, wished).await?);
    }
    let changed = changed
        .ok_or_else(|| Refused::invalid("quote_approval_policy", "quote_approval_policy has to be there."))?;
    Ok(json_bytes(status::one(&app, Some(speaker.account), &changed)))
}
