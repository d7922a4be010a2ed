//! `/api/v1/statuses/:id/…`: what people do with posts, and who did.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::Uri;
use axum::routing::{get, post};
use bauta_model::{AccountId, Visibility};
use bauta_service::posts::{self, People};
use bauta_service::{App, Refused};
use serde::Deserialize;

use crate::accounts::json_bytes;
use crate::entities::{account, status};
use crate::pages::{id, id_of_path, limit, linked_by};
use crate::{Answer, Auth, Params, Shared, State};

/// A handler for each verb that takes a post and gives it back.
macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident, $scope:literal, $verb:path;)*) => {
        $($(#[$doc])*
        async fn $name(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer {
            let speaker = auth.person($scope)?;
            let changed = $verb(&app, speaker, id_of_path(&id)?).await?;
            Ok(json_bytes(status::one(&app, Some(speaker.account), &changed)))
        })*
    };
}

verbs! {
    /// POST /api/v1/statuses/:id/favourite
    favourite, "write:favourites", posts::favourite;
    /// POST /api/v1/statuses/:id/unfavourite
    unfavourite, "write:favourites", posts::unfavourite;
    /// POST /api/v1/statuses/:id/bookmark
    bookmark, "write:bookmarks", posts::bookmark;
    /// POST /api/v1/statuses/:id/unbookmark
    unbookmark, "write:bookmarks", posts::unbookmark;
    /// POST /api/v1/statuses/:id/mute
    mute, "write:mutes", posts::mute_thread;
    /// POST /api/v1/statuses/:id/unmute
    unmute, "write:mutes", posts::unmute_thread;
    /// POST /api/v1/statuses/:id/pin
    pin, "write:accounts", posts::pin;
    /// POST /api/v1/statuses/:id/unpin
    unpin, "write:accounts", posts::unpin;
    /// POST /api/v1/statuses/:id/unreblog
    unreblog, "write:statuses", posts::unboost;
}

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/statuses/{id}/favourite", post(favourite))
        .route("/api/v1/statuses/{id}/unfavourite", post(unfavourite))
        .route("/api/v1/statuses/{id}/bookmark", post(bookmark))
        .route("/api/v1/statuses/{id}/unbookmark", post(unbookmark))
        .route("/api/v1/statuses/{id}/mute", post(mute))
        .route("/api/v1/statuses/{id}/unmute", post(unmute))
        .route("/api/v1/statuses/{id}/pin", post(pin))
        .route("/api/v1/statuses/{id}/unpin", post(unpin))
        .route("/api/v1/statuses/{id}/reblog", post(reblog))
        .route("/api/v1/statuses/{id}/unreblog", post(unreblog))
        .route("/api/v1/statuses/{id}/favourited_by", get(favourited_by))
        .route("/api/v1/statuses/{id}/reblogged_by", get(reblogged_by))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Reblog {
    visibility: Option<String>,
}

/// POST /api/v1/statuses/:id/reblog
async fn reblog(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    Params(form): Params<Reblog>,
) -> Answer {
    let speaker = auth.person("write:statuses")?;
    let visibility = match form.visibility.as_deref() {
        None | Some("") => Visibility::Public,
        Some(word) => Visibility::from_api(word)
            .ok_or_else(|| Refused::invalid("visibility", "Visibility is public, unlisted or private."))?,
    };
    let boosted = posts::boost(&app, speaker, id_of_path(&id)?, visibility).await?;
    Ok(json_bytes(status::one(&app, Some(speaker.account), &boosted)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PeoplePaging {
    max_id: Option<String>,
    limit: Option<u32>,
}

impl PeoplePaging {
    fn limit(&self) -> usize {
        limit(self.limit, 40, 80)
    }
}

/// GET /api/v1/statuses/:id/favourited_by
async fn favourited_by(
    State(app): State<Shared>,
    auth: Auth,
    Path(of): Path<String>,
    asked: Uri,
    Params(paging): Params<PeoplePaging>,
) -> Answer {
    let viewer = auth.viewer("read:statuses")?;
    let below: Option<AccountId> = id("max_id", paging.max_id.as_deref())?;
    let people = posts::favourited_by(&app, viewer, id_of_path(&of)?, below, paging.limit()).await?;
    Ok(answer(&app, &asked, &people))
}

/// GET /api/v1/statuses/:id/reblogged_by
async fn reblogged_by(
    State(app): State<Shared>,
    auth: Auth,
    Path(of): Path<String>,
    asked: Uri,
    Params(paging): Params<PeoplePaging>,
) -> Answer {
    let viewer = auth.viewer("read:statuses")?;
    let below: Option<AccountId> = id("max_id", paging.max_id.as_deref())?;
    let people = posts::boosted_by(&app, viewer, id_of_path(&of)?, below, paging.limit()).await?;
    Ok(answer(&app, &asked, &people))
}

fn answer(app: &App, asked: &Uri, people: &People) -> axum::response::Response {
    let first = people.accounts.first().map(|card| card.account.id.get());
    let ids = first.zip(people.next.map(AccountId::get));
    linked_by(
        json_bytes(account::list(app, &people.accounts)),
        &app.site.base_url,
        asked,
        ids,
    )
}
