//! `/media`: pictures of profiles and of posts, and what stands in for those that are not there.
//!
//! An address never changes what it shows, so browsers may keep it for good; nothing in an answer differs by visitor.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bauta_model::{Account, AccountId, MediaId};
use bauta_service::{App, Refused, emojis, link_previews, pictures};

use crate::{Answer, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/media/{id}", get(picture))
        .route("/media/blank", get(blank))
        .route("/media/emoji/{id}", get(emoji))
        .route("/media/emoji/{id}/still", get(still_emoji))
        .route("/media/card/{id}", get(card))
        .route("/media/mask/{account}", get(mask))
}

/// Where an account's avatar is: its own picture, or its mask.
pub(crate) fn avatar_url(base: &str, account: &Account) -> String {
    match account.avatar {
        Some(id) => format!("{base}/media/{id}"),
        None => format!("{base}/media/mask/{}", account.id),
    }
}

/// Where an account's header is.
pub(crate) fn header_url(base: &str, account: &Account) -> String {
    match account.header {
        Some(id) => format!("{base}/media/{id}"),
        None => format!("{base}/media/blank"),
    }
}

/// What belongs to a post may be for few, and may be deleted: no cache that is shared keeps it, and no other for long.
const FOR_A_DAY: &str = "private, max-age=86400, immutable";

/// GET /media/:id
async fn picture(State(app): State<Shared>, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let id: MediaId = id.parse().map_err(|_| Refused::NotFound)?;
    let found = pictures::find(&app, id).await?;
    let mut answer = if found.mime.starts_with("image/") {
        let bytes = pictures::part(&app, &found, 0, found.length).await?;
        answer(found.mime, bytes)
    } else {
        by_itself(crate::films::film(&app, &found, &headers).await?)
    };
    if found.of_post {
        answer
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static(FOR_A_DAY));
    }
    Ok(answer)
}

/// GET /media/mask/:account. Drawn from the account's random id alone: it needs no look into the database.
async fn mask(Path(account): Path<String>) -> Answer {
    let id: AccountId = account.parse().map_err(|_| Refused::NotFound)?;
    Ok(answer("image/png", pictures::mask(id)))
}

/// GET /media/emoji/:id
async fn emoji(State(app): State<Shared>, Path(id): Path<String>) -> Answer {
    emoji_file(&app, &id, false).await
}

/// GET /media/emoji/:id/still
async fn still_emoji(State(app): State<Shared>, Path(id): Path<String>) -> Answer {
    emoji_file(&app, &id, true).await
}

async fn emoji_file(app: &App, id: &str, still: bool) -> Answer {
    let id = id.parse().map_err(|_| Refused::NotFound)?;
    let (mime, bytes) = emojis::picture(app, id, still).await?;
    Ok(answer(mime, bytes))
}

/// GET /media/card/:id: the picture of a page that posts link to.
async fn card(State(app): State<Shared>, Path(id): Path<String>) -> Answer {
    let id: MediaId = id.parse().map_err(|_| Refused::NotFound)?;
    let (mime, bytes) = link_previews::picture(&app, id).await?;
    let mut answer = answer(mime, bytes);
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(FOR_A_DAY));
    Ok(answer)
}

/// GET /media/blank: a header of one colour.
async fn blank() -> Response {
    answer("image/png", include_bytes!("../assets/header.png").to_vec())
}

fn answer(mime: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(mime)),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        ),
    ];
    by_itself((headers, Body::from(bytes)).into_response())
}

/// Opened by itself, a medium must not be anything else.
fn by_itself(mut answer: Response) -> Response {
    answer.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    answer
}
