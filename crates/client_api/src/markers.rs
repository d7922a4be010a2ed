//! `/api/v1/markers`: down to where an app says that its owner has read.

use std::sync::Arc;

use axum::routing::get;
use axum::{Json, Router};
use bauta_service::notifications::{self, List, Place};
use bauta_service::{App, Refused};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{Answer, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/api/v1/markers", get(markers).post(set))
}

const fn word(list: List) -> &'static str {
    match list {
        List::Home => "home",
        List::Notifications => "notifications",
    }
}

/// `updated_at` is the slot of what was read last: when somebody read is kept nowhere.
fn entities(places: &[Place]) -> Value {
    let all: Map<String, Value> = places
        .iter()
        .map(|place| {
            let marker = json!({
                "last_read_id": place.last_read.to_string(),
                "version": place.version,
                "updated_at": place.at.rfc3339(),
            });
            (word(place.list).to_owned(), marker)
        })
        .collect();
    all.into()
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Wanted {
    timeline: Vec<String>,
}

/// GET /api/v1/markers?timeline[]=
async fn markers(
    State(app): State<Shared>,
    auth: Auth,
    Params(wanted): Params<Wanted>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("read:statuses")?;
    let mut places = notifications::markers(&app, speaker).await?;
    places.retain(|place| wanted.timeline.iter().any(|asked| asked == word(place.list)));
    Ok(Json(entities(&places)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Form {
    home: Option<Read>,
    notifications: Option<Read>,
}

#[derive(Deserialize)]
struct Read {
    last_read_id: String,
}

/// POST /api/v1/markers
async fn set(State(app): State<Shared>, auth: Auth, Params(form): Params<Form>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:statuses")?;
    let mut wanted = Vec::new();
    for (list, read) in [(List::Home, form.home), (List::Notifications, form.notifications)] {
        if let Some(read) = read {
            let id = read.last_read_id.parse::<i64>();
            let id = id.map_err(|_| Refused::invalid("last_read_id", "last_read_id is not an id."))?;
            wanted.push((list, id));
        }
    }
    let mut places = Vec::with_capacity(wanted.len());
    for (list, id) in wanted {
        places.push(notifications::set_marker(&app, speaker, list, id).await?);
    }
    Ok(Json(entities(&places)))
}
