//! `/api/v1/media` and `/api/v2/media`: media of posts, before they are posted.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bauta_model::{Focus, MediaId};
use bauta_service::attachments::{self, Described, New, Progress, Uploaded, Wait};
use bauta_service::{App, Refused};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::entities::attachment::{attachment, working};
use crate::pages::id_of_path;
use crate::{Answer, ApiError, Auth, Params, Shared, State, Upload};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/media", post(version_1))
        .route("/api/v2/media", post(version_2))
        .route("/api/v1/media/{id}", get(one).put(change).delete(delete))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct UploadForm {
    file: Upload,
    description: Option<String>,
    focus: Option<String>,
}

/// Reads a focus; an empty one is none.
pub(crate) fn focus(text: Option<&str>) -> Result<Option<Focus>, ApiError> {
    match text.filter(|text| !text.trim().is_empty()) {
        None => Ok(None),
        Some(text) => Focus::parse(text).map(Some).ok_or_else(|| {
            Refused::invalid(
                "focus",
                "focus is two numbers from -1 to 1 with a comma between them.",
            )
            .into()
        }),
    }
}

/// Reads ids of media; empty ones are left out.
pub(crate) fn ids(texts: &[String]) -> Result<Vec<MediaId>, ApiError> {
    let given = texts.iter().filter(|text| !text.is_empty());
    given
        .map(|text| {
            text.parse()
                .map_err(|_| Refused::invalid("media_ids", "A picture of this post is not there.").into())
        })
        .collect()
}

impl UploadForm {
    fn read(self) -> Result<New, ApiError> {
        Ok(New {
            focus: focus(self.focus.as_deref())?.unwrap_or_default(),
            tells: false,
            file: self.file.0,
            description: self.description.unwrap_or_default(),
        })
    }
}

/// POST /api/v1/media: answers when it is there.
async fn version_1(State(app): State<Shared>, auth: Auth, Params(form): Params<UploadForm>) -> Answer {
    upload(&app, &auth, form, Wait::Always).await
}

/// POST /api/v2/media: 202 for what takes longer.
async fn version_2(State(app): State<Shared>, auth: Auth, Params(form): Params<UploadForm>) -> Answer {
    upload(&app, &auth, form, Wait::ForStills).await
}

async fn upload(app: &Shared, auth: &Auth, form: UploadForm, wait: Wait) -> Answer {
    let speaker = auth.person("write:media")?;
    let (status, body) = match attachments::upload(app, speaker, form.read()?, wait).await? {
        Uploaded::Done(one, _) => (StatusCode::OK, attachment(&app.site.base_url, &one)),
        Uploaded::Working(id, kind) => (StatusCode::ACCEPTED, working(&id.to_string(), kind)),
    };
    Ok((status, Json(body)).into_response())
}

/// GET /api/v1/media/:id: 206 while it is being worked on.
async fn one(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer {
    let speaker = auth.person("write:media")?;
    let answer: Response = match attachments::read(&app, speaker, id_of_path(&id)?).await? {
        Progress::Done(one) => Json(attachment(&app.site.base_url, &one)).into_response(),
        Progress::Working(kind) => {
            let body = working(&id, kind);
            (StatusCode::PARTIAL_CONTENT, Json(body)).into_response()
        }
    };
    Ok(answer)
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ChangeForm {
    description: Option<String>,
    focus: Option<String>,
}

/// PUT /api/v1/media/:id
async fn change(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    Params(form): Params<ChangeForm>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:media")?;
    let described = Described {
        focus: focus(form.focus.as_deref())?,
        description: form.description,
    };
    let one = attachments::describe(&app, speaker, id_of_path(&id)?, described).await?;
    Ok(Json(attachment(&app.site.base_url, &one)))
}

/// DELETE /api/v1/media/:id
async fn delete(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:media")?;
    attachments::delete(&app, speaker, id_of_path(&id)?).await?;
    Ok(Json(json!({})))
}
