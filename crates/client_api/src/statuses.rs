//! `/api/v1/statuses`: writing, reading, editing and deleting posts.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use bauta_model::{MediaId, PostId, Visibility};
use bauta_service::attachments::Described;
use bauta_service::posts::{self, Draft, Edit, PollWish};
use bauta_service::{App, Refused, accounts};
use bytes::{BufMut, BytesMut};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::accounts::json_bytes;
use crate::entities::{account, emoji, quote, status};
use crate::pages::{id, id_of_path};
use crate::polls::PollForm;
use crate::quotes;
use crate::scheduled;
use crate::uploads;
use crate::{Answer, ApiError, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/statuses", get(several).post(publish))
        .route("/api/v1/statuses/{id}", get(one).put(edit).delete(delete))
        .route("/api/v1/statuses/{id}/source", get(source))
        .route("/api/v1/statuses/{id}/history", get(history))
        .route("/api/v1/statuses/{id}/context", get(context))
}

/// What apps send.
#[derive(Deserialize, Default)]
#[serde(default)]
struct PostForm {
    status: String,
    spoiler_text: String,
    sensitive: Option<bool>,
    visibility: Option<String>,
    language: Option<String>,
    in_reply_to_id: Option<String>,
    media_ids: Vec<String>,
    media_attributes: Vec<MediaForm>,
    poll: Option<PollForm>,
    scheduled_at: Option<String>,
    quoted_status_id: Option<String>,
    quote_approval_policy: Option<String>,
    reply_approval_policy: Option<String>,
}

/// What an edit says of a medium.
#[derive(Deserialize, Default)]
#[serde(default)]
struct MediaForm {
    id: String,
    description: Option<String>,
    focus: Option<String>,
}

impl MediaForm {
    fn read(&self) -> Result<(MediaId, Described), ApiError> {
        let id = self
            .id
            .parse()
            .map_err(|_| Refused::invalid("media_attributes", "A picture of this post is not there."))?;
        let described = Described {
            description: self.description.clone(),
            focus: uploads::focus(self.focus.as_deref())?,
        };
        Ok((id, described))
    }
}

fn visibility(word: Option<&str>) -> Result<Option<Visibility>, ApiError> {
    match word.filter(|word| !word.is_empty()) {
        None => Ok(None),
        Some(word) => match Visibility::from_api(word) {
            Some(visibility) => Ok(Some(visibility)),
            None => Err(
                Refused::invalid("visibility", "Visibility is public, unlisted, private or direct.").into(),
            ),
        },
    }
}

/// The longest idempotency key that is taken, in bytes: apps send a UUID or a hash.
const LONGEST_KEY: usize = 256;

fn idempotency_key(headers: &HeaderMap) -> Option<String> {
    let key = headers.get("idempotency-key")?.to_str().ok()?.trim();
    (!key.is_empty() && key.len() <= LONGEST_KEY).then(|| key.to_owned())
}

/// POST /api/v1/statuses
async fn publish(
    State(app): State<Shared>,
    auth: Auth,
    headers: HeaderMap,
    Params(form): Params<PostForm>,
) -> Answer {
    let speaker = auth.person("write:statuses")?;
    let mut draft = Draft {
        media: uploads::ids(&form.media_ids)?,
        poll: form.poll.and_then(PollForm::read),
        warning: form.spoiler_text,
        in_reply_to: id("in_reply_to_id", form.in_reply_to_id.as_deref())?,
        quote: id("quoted_status_id", form.quoted_status_id.as_deref())?,
        key: idempotency_key(&headers),
        ..Draft::new(form.status)
    };
    let (visibility, language) = (
        visibility(form.visibility.as_deref())?,
        form.language.filter(|code| !code.is_empty()),
    );
    let policy = quotes::policy(form.quote_approval_policy.as_deref())?;
    let replies = quotes::reply_policy(form.reply_approval_policy.as_deref())?;
    if let (Some(visibility), Some(sensitive), Some(_), Some(policy), Some(replies)) =
        (visibility, form.sensitive, &language, policy, replies)
    {
        (draft.visibility, draft.sensitive, draft.language) = (visibility, sensitive, language);
        (draft.quote_policy, draft.reply_policy) = (policy, replies);
    } else {
        let preferred = accounts::preferences(&app, speaker).await?;
        draft.visibility = visibility.unwrap_or(preferred.default_visibility);
        draft.sensitive = form.sensitive.unwrap_or(preferred.default_sensitive);
        draft.language = language.or(preferred.default_language);
        draft.quote_policy = policy.unwrap_or(preferred.default_quote_policy);
        draft.reply_policy = replies.unwrap_or(preferred.default_reply_policy);
    }
    if let Some(at) = form.scheduled_at.filter(|at| !at.trim().is_empty()) {
        let made = posts::schedule(&app, speaker, draft, scheduled::seconds(&at)?).await?;
        return Ok(Json(scheduled::entity(&app, &made)).into_response());
    }
    let posted = posts::post(&app, speaker, draft).await?;
    Ok(json_bytes(status::one(&app, Some(speaker.account), &posted)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Several {
    id: Vec<String>,
}

/// The most posts in one answer.
const MOST: usize = 40;

/// GET /api/v1/statuses?id[]=
async fn several(State(app): State<Shared>, auth: Auth, Params(asked): Params<Several>) -> Answer {
    let viewer = auth.viewer("read:statuses")?;
    // An id that can't be one is a post that is not there.
    let ids: Vec<PostId> = asked
        .id
        .iter()
        .filter_map(|id| id.parse().ok())
        .take(MOST)
        .collect();
    let found = posts::read_many(&app, viewer, &ids).await?;
    Ok(json_bytes(status::list(
        &app,
        viewer.map(|speaker| speaker.account),
        &found,
    )))
}

/// GET /api/v1/statuses/:id
async fn one(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer {
    let viewer = auth.viewer("read:statuses")?;
    let found = posts::read(&app, viewer, id_of_path(&id)?).await?;
    Ok(json_bytes(status::one(
        &app,
        viewer.map(|speaker| speaker.account),
        &found,
    )))
}

/// PUT /api/v1/statuses/:id
async fn edit(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    Params(form): Params<PostForm>,
) -> Answer {
    let speaker = auth.person("write:statuses")?;
    let quote_policy = quotes::policy(form.quote_approval_policy.as_deref())?;
    let reply_policy = quotes::reply_policy(form.reply_approval_policy.as_deref())?;
    let described = form.media_attributes.iter().map(MediaForm::read);
    let words = Edit {
        described: described.collect::<Result<_, _>>()?,
        // As Mastodon: a medium that is not named is taken away.
        media: Some(uploads::ids(&form.media_ids)?),
        text: form.status,
        sensitive: form.sensitive.unwrap_or(false),
        warning: form.spoiler_text,
        language: form.language.filter(|code| !code.is_empty()),
        // As Mastodon: a poll that is not named is taken away.
        poll: form
            .poll
            .and_then(PollForm::read)
            .map_or(PollWish::Remove, PollWish::Ask),
        quote_policy,
        reply_policy,
        confirmed: false,
    };
    let edited = posts::edit(&app, speaker, id_of_path(&id)?, words).await?;
    Ok(json_bytes(status::one(&app, Some(speaker.account), &edited)))
}

/// DELETE /api/v1/statuses/:id
async fn delete(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer {
    let speaker = auth.person("write:statuses")?;
    let gone = posts::delete_post(&app, speaker, id_of_path(&id)?).await?;
    Ok(json_bytes(status::with_source(&app, speaker.account, &gone)))
}

/// GET /api/v1/statuses/:id/source
async fn source(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("read:statuses")?;
    let post = posts::source(&app, speaker, id_of_path(&id)?).await?;
    Ok(Json(json!({
        "id": post.id.to_string(),
        "text": post.text,
        "spoiler_text": post.warning,
    })))
}

/// GET /api/v1/statuses/:id/history
async fn history(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let viewer = auth.viewer("read:statuses")?;
    let (shown, versions) = posts::history(&app, viewer, id_of_path(&id)?).await?;
    let writer = &shown.author.account;
    let author = account::account(&app, writer);
    // What is quoted can't be edited.
    let quote = quote::value(&app, viewer.map(|speaker| speaker.account), &shown);
    let list: Vec<Value> = versions
        .into_iter()
        .map(|version| {
            let plain = bauta_text::plain(&version.html);
            let mut revision = json!({
                "content": version.html,
                "spoiler_text": version.warning,
                "sensitive": version.sensitive,
                "created_at": version.at.rfc3339(),
                "account": author,
                "media_attachments": status::media(&app.site.base_url, &version.media),
                "emojis": emoji::used(&app, writer, [plain.as_str(), version.warning.as_str()]),
                "quote": quote,
            });
            if !version.options.is_empty() {
                revision["poll"] = crate::polls::titles(&version.options);
            }
            revision
        })
        .collect();
    Ok(Json(Value::Array(list)))
}

/// GET /api/v1/statuses/:id/context
async fn context(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer {
    let viewer = auth.viewer("read:statuses")?;
    let thread = posts::thread(&app, viewer, id_of_path(&id)?).await?;
    let viewer = viewer.map(|speaker| speaker.account);
    let mut out = BytesMut::new();
    out.put_slice(b"{\"ancestors\":");
    status::put_list(&mut out, &app, viewer, &thread.ancestors);
    out.put_slice(b",\"descendants\":");
    status::put_list(&mut out, &app, viewer, &thread.descendants);
    out.put_u8(b'}');
    Ok(json_bytes(out.freeze()))
}
