//! `/api/v1/polls`: reading a poll, and voting. A poll has the id of its post.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Path;
use axum::routing::{get, post};
use axum::{Json, Router};
use bauta_model::AccountId;
use bauta_service::posts::{self, NewPoll};
use bauta_service::reading::Shown;
use bauta_service::{App, Refused};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::entities::poll;
use crate::pages::id_of_path;
use crate::{Answer, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/polls/{id}", get(one))
        .route("/api/v1/polls/{id}/votes", post(vote))
}

/// What apps send with a post.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct PollForm {
    options: Vec<String>,
    expires_in: Option<u32>,
    multiple: Option<bool>,
    hide_totals: Option<bool>,
}

impl PollForm {
    /// Apps send an empty poll where none is meant.
    pub(crate) fn read(self) -> Option<NewPoll> {
        (!self.options.is_empty()).then(|| NewPoll {
            multiple: self.multiple.unwrap_or(false),
            hide_totals: self.hide_totals.unwrap_or(false),
            open_for: Duration::from_secs(self.expires_in.unwrap_or(0).into()),
            options: self.options,
        })
    }
}

/// What could be chosen in an earlier version of a post.
pub(crate) fn titles(options: &[String]) -> Value {
    let options: Vec<Value> = options.iter().map(|title| json!({ "title": title })).collect();
    json!({ "options": options })
}

fn entity(app: &App, found: &Shown, reader: Option<AccountId>, own: &[usize]) -> Answer<Json<Value>> {
    let post = &found.card.post;
    let asked = post.poll.as_ref().ok_or(Refused::NotFound)?;
    let voted = reader.map(|reader| found.voted || post.author == reader);
    Ok(Json(poll::poll(
        app,
        (post.id, &found.author.account),
        asked,
        voted,
        own,
    )))
}

/// GET /api/v1/polls/:id
async fn one(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let viewer = auth.viewer("read:statuses")?;
    let found = posts::poll_of(&app, viewer, id_of_path(&id)?).await?;
    entity(&app, &found, viewer.map(|speaker| speaker.account), &[])
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Ballot {
    choices: Vec<usize>,
}

/// POST /api/v1/polls/:id/votes
async fn vote(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    Params(ballot): Params<Ballot>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:statuses")?;
    let own = ballot.choices.clone();
    let found = posts::vote(&app, speaker, id_of_path(&id)?, ballot.choices).await?;
    entity(&app, &found, Some(speaker.account), &own)
}
