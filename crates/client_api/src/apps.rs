//! `/api/v1/apps`: apps register, and look at themselves.

use std::sync::Arc;

use axum::routing::{get, post};
use axum::{Json, Router};
use bauta_service::accounts::authenticate::Bearer;
use bauta_service::apps::{self, Registration};
use bauta_service::{App, Refused, Scopes};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::entities::application::application;
use crate::{Answer, ApiError, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/apps", post(register))
        .route("/api/v1/apps/verify_credentials", get(verify))
}

#[derive(Deserialize)]
struct Form {
    #[serde(default)]
    client_name: String,
    /// One text of lines, or a list.
    #[serde(default)]
    redirect_uris: Vec<String>,
    scopes: Option<String>,
    website: Option<String>,
}

/// POST /api/v1/apps
async fn register(State(app): State<Shared>, Params(form): Params<Form>) -> Answer<Json<Value>> {
    let scopes =
        match form.scopes.as_deref() {
            None => None,
            Some(scopes) => Some(Scopes::parse(scopes).ok_or_else(|| {
                Refused::invalid("scopes", "Scopes doesn't match configured on the server.")
            })?),
        };
    let registration = Registration {
        name: form.client_name,
        redirect_uris: form
            .redirect_uris
            .iter()
            .flat_map(|uris| uris.split_ascii_whitespace())
            .map(str::to_owned)
            .collect(),
        scopes,
        website: form.website,
    };
    let registered = apps::register(&app, registration).await?;
    let mut entity = application(&registered.app, app.pushes.public_key());
    entity["client_id"] = json!(registered.app.client_id);
    entity["client_secret"] = json!(registered.secret.expose());
    entity["client_secret_expires_at"] = json!(0);
    Ok(Json(entity))
}

/// GET /api/v1/apps/verify_credentials
async fn verify(State(app): State<Shared>, auth: Auth) -> Answer<Json<Value>> {
    let id = match auth.anyone()? {
        Bearer::App { app, .. } => Some(*app),
        Bearer::Person(speaker) => apps::of_session(&app, speaker.session).await?,
    };
    let id = id.ok_or(ApiError::InvalidToken)?;
    let found = apps::by_id(&app, id).await?;
    Ok(Json(application(&found, app.pushes.public_key())))
}
