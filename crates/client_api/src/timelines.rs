//! `/api/v1/timelines/…`, and the other lists of posts: an account's, bookmarks, favourites.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::Uri;
use axum::response::Response;
use axum::routing::get;
use bauta_model::AccountId;
use bauta_service::reading::Shown;
use bauta_service::timelines::{self, Of, Tags};
use bauta_service::{App, Speaker};
use bytes::Bytes;
use serde::Deserialize;

use crate::accounts::json_bytes;
use crate::entities::status;
use crate::pages::{Paging, id_of_path, linked};
use crate::{Answer, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/timelines/home", get(home))
        .route("/api/v1/timelines/public", get(public))
        .route("/api/v1/timelines/tag/{hashtag}", get(tag))
        .route("/api/v1/accounts/{id}/statuses", get(of_account))
        .route("/api/v1/bookmarks", get(bookmarks))
        .route("/api/v1/favourites", get(favourites))
}

fn answer(app: &App, viewer: Option<&Speaker>, asked: &Uri, posts: &[Shown]) -> Response {
    let body = status::list(app, viewer.map(|speaker| speaker.account), posts);
    linked(json_bytes(body), &app.site.base_url, asked, posts)
}

fn nothing() -> Response {
    json_bytes(Bytes::from_static(b"[]"))
}

/// GET /api/v1/timelines/home
async fn home(State(app): State<Shared>, auth: Auth, asked: Uri, Params(paging): Params<Paging>) -> Answer {
    let speaker = auth.person("read:statuses")?;
    let posts = timelines::home(&app, speaker, &paging.page()?).await?;
    Ok(answer(&app, Some(speaker), &asked, &posts))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PublicForm {
    #[serde(flatten)]
    paging: Paging,
    remote: bool,
    only_media: bool,
}

/// GET /api/v1/timelines/public. Everything here is local.
async fn public(
    State(app): State<Shared>,
    auth: Auth,
    asked: Uri,
    Params(form): Params<PublicForm>,
) -> Answer {
    let viewer = auth.viewer("read:statuses")?;
    let page = form.paging.page()?;
    if form.remote {
        return Ok(nothing());
    }
    let posts = if form.only_media {
        timelines::local_media(&app, viewer, &page).await?
    } else {
        timelines::local(&app, viewer, &page).await?
    };
    Ok(answer(&app, viewer, &asked, &posts))
}

#[derive(Deserialize, Default)]
#[serde(default)]
// Only texts may lie behind `flatten`: forms know no truth values, and what is flattened can't be read as one.
struct TagForm {
    #[serde(flatten)]
    paging: Paging,
    remote: bool,
    only_media: bool,
    any: Vec<String>,
    all: Vec<String>,
    none: Vec<String>,
}

/// GET /api/v1/timelines/tag/:hashtag
async fn tag(
    State(app): State<Shared>,
    auth: Auth,
    Path(tag): Path<String>,
    asked: Uri,
    Params(form): Params<TagForm>,
) -> Answer {
    let viewer = auth.viewer("read:statuses")?;
    let page = form.paging.page()?;
    if form.remote {
        return Ok(nothing());
    }
    let wanted = Tags {
        any: form.any,
        all: form.all,
        none: form.none,
        only_media: form.only_media,
    };
    let posts = timelines::tags(&app, viewer, &tag, &wanted, &page).await?;
    Ok(answer(&app, viewer, &asked, &posts))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct AccountForm {
    #[serde(flatten)]
    paging: Paging,
    pinned: bool,
    only_media: bool,
    exclude_replies: bool,
    exclude_reblogs: bool,
    tagged: Option<String>,
}

impl AccountForm {
    fn of(self) -> Of {
        match self.tagged {
            _ if self.pinned => Of::Pinned,
            Some(tag) if !tag.is_empty() => Of::Tagged(tag.trim_start_matches('#').to_lowercase()),
            _ if self.only_media => Of::Media {
                replies: !self.exclude_replies,
            },
            _ => Of::Posts {
                replies: !self.exclude_replies,
                boosts: !self.exclude_reblogs,
            },
        }
    }
}

/// GET /api/v1/accounts/:id/statuses
async fn of_account(
    State(app): State<Shared>,
    auth: Auth,
    Path(account): Path<String>,
    asked: Uri,
    Params(form): Params<AccountForm>,
) -> Answer {
    let viewer = auth.viewer("read:statuses")?;
    let page = form.paging.page()?;
    let author: AccountId = id_of_path(&account)?;
    let posts = timelines::profile(&app, viewer, author, &form.of(), &page).await?;
    Ok(answer(&app, viewer, &asked, &posts))
}

/// GET /api/v1/bookmarks
async fn bookmarks(
    State(app): State<Shared>,
    auth: Auth,
    asked: Uri,
    Params(paging): Params<Paging>,
) -> Answer {
    let speaker = auth.person("read:bookmarks")?;
    let posts = timelines::bookmarks(&app, speaker, &paging.page()?).await?;
    Ok(answer(&app, Some(speaker), &asked, &posts))
}

/// GET /api/v1/favourites
async fn favourites(
    State(app): State<Shared>,
    auth: Auth,
    asked: Uri,
    Params(paging): Params<Paging>,
) -> Answer {
    let speaker = auth.person("read:favourites")?;
    let posts = timelines::favourites(&app, speaker, &paging.page()?).await?;
    Ok(answer(&app, Some(speaker), &asked, &posts))
}
