//! `/api/v1/notifications`: what the reader was told.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::Uri;
use axum::routing::{get, post};
use axum::{Json, Router};
use bauta_model::{AccountId, NotificationId};
use bauta_service::moderation::{AppealState, Decision};
use bauta_service::notifications::{self, Asked, Kind, Told};
use bauta_service::{App, Speaker};
use bytes::{BufMut, Bytes, BytesMut};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::accounts::json_bytes;
use crate::entities::{account, status};
use crate::pages::{Windowed, id, id_of_path, linked_around};
use crate::{Answer, ApiError, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/notifications", get(list))
        .route("/api/v1/notifications/clear", post(clear))
        .route("/api/v1/notifications/unread_count", get(unread_count))
        .route("/api/v1/notifications/{id}", get(one))
        .route("/api/v1/notifications/{id}/dismiss", post(dismiss))
        .route("/api/v1/notifications/dismiss", post(dismiss_by_form))
}

/// Mastodon's words for what people are told here. Nobody is told of reports.
const KINDS: [(Kind, &str); 11] = [
    (Kind::Mention, "mention"),
    (Kind::Follow, "follow"),
    (Kind::FollowRequest, "follow_request"),
    (Kind::Boost, "reblog"),
    (Kind::Favourite, "favourite"),
    (Kind::Update, "update"),
    (Kind::Status, "status"),
    (Kind::Poll, "poll"),
    (Kind::Decision, "moderation_warning"),
    (Kind::Quote, "quote"),
    (Kind::QuotedUpdate, "quoted_update"),
];

pub(crate) fn word(kind: Kind) -> Option<&'static str> {
    KINDS
        .iter()
        .find(|(known, _)| *known == kind)
        .map(|(_, word)| *word)
}

/// What one of Mastodon's words stands for.
pub(crate) fn kind_of(word: &str) -> Option<Kind> {
    let known = KINDS.iter().find(|(_, known)| *known == word);
    known.map(|(kind, _)| *kind)
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct ListForm {
    max_id: Option<String>,
    since_id: Option<String>,
    min_id: Option<String>,
    pub(crate) limit: Option<u32>,
    types: Vec<String>,
    exclude_types: Vec<String>,
    pub(crate) grouped_types: Vec<String>,
    account_id: Option<String>,
    include_filtered: bool,
}

impl ListForm {
    /// A word for something that never happens here asks for nothing; it is not wrong.
    pub(crate) fn kinds(&self) -> Vec<Kind> {
        let wanted = |word: &str| self.types.is_empty() || self.types.iter().any(|asked| asked == word);
        let unwanted = |word: &str| self.exclude_types.iter().any(|asked| asked == word);
        KINDS
            .iter()
            .filter(|(_, word)| wanted(word) && !unwanted(word))
            .map(|(kind, _)| *kind)
            .collect()
    }

    pub(crate) fn asked(&self) -> Result<Asked, ApiError> {
        Ok(Asked {
            kinds: self.kinds(),
            from: id::<AccountId>("account_id", self.account_id.as_deref())?,
            aside: self.include_filtered,
        })
    }

    pub(crate) fn windowed(&self) -> Windowed {
        Windowed {
            max_id: self.max_id.clone(),
            since_id: self.since_id.clone(),
            min_id: self.min_id.clone(),
            limit: self.limit,
        }
    }
}

/// GET /api/v1/notifications
async fn list(State(app): State<Shared>, auth: Auth, asked: Uri, Params(form): Params<ListForm>) -> Answer {
    let speaker = auth.person("read:notifications")?;
    let window = form.windowed().window(40, 80)?;
    let page = notifications::list(&app, speaker, form.asked()?, window).await?;
    let mut out = BytesMut::new();
    out.put_u8(b'[');
    for (nth, told) in page.items.iter().enumerate() {
        if nth > 0 {
            out.put_u8(b',');
        }
        put(&mut out, &app, speaker, told);
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

/// Writes a notification in Mastodon's JSON: account and post are rendered already.
fn put(out: &mut BytesMut, app: &App, speaker: &Speaker, told: &Told) {
    let head = json!({
        "id": told.id.to_string(),
        "type": word(told.kind),
        "created_at": told.at.rfc3339(),
        "group_key": format!("ungrouped-{}", told.id),
    });
    let head = head.to_string();
    out.put_slice(&head.as_bytes()[..head.len() - 1]);
    out.put_slice(b",\"account\":");
    out.put(account::rendered(app, &told.from));
    if let Some(post) = &told.post {
        out.put_slice(b",\"status\":");
        out.put(status::one(app, Some(speaker.account), post));
    }
    if let Some(warning) = warning(app, told) {
        out.put_slice(b",\"moderation_warning\":");
        out.put_slice(warning.to_string().as_bytes());
    }
    out.put_u8(b'}');
}

/// `AccountWarning`: what moderators decided last about the reader. Decisions that were taken back have no word of Mastodon's.
pub(crate) fn warning(app: &App, told: &Told) -> Option<Value> {
    let notice = told.decision.as_ref()?;
    let action = match notice.decision {
        Decision::HidePost | Decision::DeletePost => "delete_statuses",
        Decision::Limit => "silence",
        Decision::Suspend => "suspend",
        _ => "none",
    };
    let appeal = notice.appeal.as_ref().map(|(text, state)| {
        let state = match state {
            AppealState::Waiting => "pending",
            AppealState::Granted => "approved",
            AppealState::Refused => "rejected",
        };
        json!({ "text": text, "state": state })
    });
    let posts: Vec<String> = notice.post.iter().map(ToString::to_string).collect();
    Some(json!({
        "id": notice.id.to_string(),
        "action": action,
        "text": notice.reason,
        "status_ids": posts,
        "target_account": account::account(app, &told.from.account),
        "appeal": appeal,
        // A day is the finest that is kept of a decision.
        "created_at": notice.day.start().rfc3339(),
    }))
}

/// A notification in Mastodon's JSON; nothing for a kind that Mastodon has no word for.
pub(crate) fn rendered(app: &App, speaker: &Speaker, told: &Told) -> Option<Bytes> {
    word(told.kind)?;
    let mut out = BytesMut::new();
    put(&mut out, app, speaker, told);
    Some(out.freeze())
}

/// GET /api/v1/notifications/:id
async fn one(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer {
    let speaker = auth.person("read:notifications")?;
    let told = notifications::get(&app, speaker, id_of_path(&id)?).await?;
    let mut out = BytesMut::new();
    put(&mut out, &app, speaker, &told);
    Ok(json_bytes(out.freeze()))
}

/// POST /api/v1/notifications/:id/dismiss
async fn dismiss(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:notifications")?;
    notifications::dismiss(&app, speaker, id_of_path(&id)?).await?;
    Ok(Json(json!({})))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct DismissForm {
    id: String,
}

/// POST /api/v1/notifications/dismiss: the older way.
async fn dismiss_by_form(
    State(app): State<Shared>,
    auth: Auth,
    Params(form): Params<DismissForm>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:notifications")?;
    notifications::dismiss(&app, speaker, id_of_path(&form.id)?).await?;
    Ok(Json(json!({})))
}

/// POST /api/v1/notifications/clear
async fn clear(State(app): State<Shared>, auth: Auth) -> Answer<Json<Value>> {
    let speaker = auth.person("write:notifications")?;
    notifications::clear(&app, speaker).await?;
    Ok(Json(json!({})))
}

/// Counted up to, unless asked otherwise, and at most.
pub(crate) const COUNTED: u32 = 100;
pub(crate) const MOST_COUNTED: u32 = 1000;

/// GET /api/v1/notifications/unread_count
async fn unread_count(
    State(app): State<Shared>,
    auth: Auth,
    Params(form): Params<ListForm>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("read:notifications")?;
    let most = crate::pages::limit(form.limit, COUNTED, MOST_COUNTED);
    let count = notifications::unread_of(&app, speaker, form.kinds(), most).await?;
    Ok(Json(json!({ "count": count })))
}
