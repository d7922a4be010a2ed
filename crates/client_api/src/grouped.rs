//! `/api/v2/notifications`: what the reader was told, with what says the same of the same taken together.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::Path;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bauta_model::{Day, NotificationId};
use bauta_service::notifications::{self, Group, Key, Kind, Told};
use bauta_service::{App, Refused, Speaker};
use serde_json::{Value, json};

use crate::accounts::json_bytes;
use crate::entities::{account, status};
use crate::notifications::{COUNTED, ListForm, MOST_COUNTED, kind_of, warning, word};
use crate::pages::{limit, linked_around};
use crate::{Answer, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v2/notifications", get(list))
        .route("/api/v2/notifications/unread_count", get(unread_count))
        .route("/api/v2/notifications/{key}", get(one))
        .route("/api/v2/notifications/{key}/dismiss", post(dismiss))
        .route("/api/v2/notifications/{key}/accounts", get(accounts))
}

/// What is taken together, unless an app asks otherwise.
const GROUPED: [Kind; 3] = [Kind::Favourite, Kind::Boost, Kind::Follow];
/// People who stand for a group.
const SAMPLE: usize = 8;

fn key_text(key: Key) -> String {
    let word = |kind| word(kind).unwrap_or_default();
    match key {
        Key::One(id) => format!("ungrouped-{id}"),
        Key::OfPost(kind, post) => format!("{}-{post}", word(kind)),
        Key::OfDay(kind, day) => format!("{}-day-{}", word(kind), day.get()),
    }
}

/// The key that [`key_text`] writes; what is none is a group that is not there.
fn key(text: &str) -> Result<Key, Refused> {
    let (word, rest) = text.split_once('-').ok_or(Refused::NotFound)?;
    if word == "ungrouped" {
        return rest.parse().map(Key::One).map_err(|_| Refused::NotFound);
    }
    let kind = kind_of(word).ok_or(Refused::NotFound)?;
    match rest.strip_prefix("day-") {
        // Ten thousand years from 1970 on are days enough.
        Some(day) => match day.parse::<u32>() {
            Ok(day) if day < 3_652_500 => Ok(Key::OfDay(kind, Day::new(day as i32))),
            _ => Err(Refused::NotFound),
        },
        None => rest
            .parse()
            .map(|post| Key::OfPost(kind, post))
            .map_err(|_| Refused::NotFound),
    }
}

/// A group in Mastodon's JSON. Its number is a text, as all are here: scripts can't hold it as a number.
fn entity(app: &App, group: &Group) -> Value {
    let (first, last) = (group.told.first(), group.told.last());
    let id = |told: Option<&Told>| told.map(|told| told.id.to_string());
    let people: Vec<String> = group
        .told
        .iter()
        .take(SAMPLE)
        .map(|told| told.from.account.id.to_string())
        .collect();
    let mut entity = json!({
        "group_key": key_text(group.key),
        "notifications_count": group.count,
        "type": first.and_then(|told| word(told.kind)),
        "most_recent_notification_id": id(first),
        "page_min_id": id(last),
        "page_max_id": id(first),
        "latest_page_notification_at": first.map(|told| told.at.rfc3339()),
        "sample_account_ids": people,
    });
    if let Some(post) = first.and_then(|told| told.post.as_ref()) {
        entity["status_id"] = json!(post.id().to_string());
    }
    if let Some(warning) = first.and_then(|told| warning(app, told)) {
        entity["moderation_warning"] = warning;
    }
    entity
}

/// Groups with the people and the posts that they name, each once.
fn answer(app: &App, speaker: &Speaker, groups: &[Group]) -> Response {
    let told = || groups.iter().flat_map(|group| &group.told);
    let mut known = HashSet::new();
    let people: Vec<_> = told()
        .map(|told| &told.from)
        .filter(|card| known.insert(card.account.id))
        .cloned()
        .collect();
    let mut known = HashSet::new();
    let posts: Vec<_> = told()
        .filter_map(|told| told.post.clone())
        .filter(|post| known.insert(post.id()))
        .collect();
    let mut out = bytes::BytesMut::from(&b"{\"accounts\":"[..]);
    out.extend_from_slice(&account::list(app, &people));
    out.extend_from_slice(b",\"statuses\":");
    out.extend_from_slice(&status::list(app, Some(speaker.account), &posts));
    out.extend_from_slice(b",\"notification_groups\":");
    let groups: Value = groups.iter().map(|group| entity(app, group)).collect();
    out.extend_from_slice(groups.to_string().as_bytes());
    out.extend_from_slice(b"}");
    json_bytes(out.freeze())
}

fn grouped(form: &ListForm) -> Vec<Kind> {
    if form.grouped_types.is_empty() {
        return GROUPED.to_vec();
    }
    let asked = form.grouped_types.iter().filter_map(|word| kind_of(word));
    asked.filter(|kind| GROUPED.contains(kind)).collect()
}

/// GET /api/v2/notifications: a page goes over as many notifications as it may have groups.
async fn list(State(app): State<Shared>, auth: Auth, asked: Uri, Params(form): Params<ListForm>) -> Answer {
    let speaker = auth.person("read:notifications")?;
    let window = form.windowed().window(40, 80)?;
    let page = notifications::grouped(&app, speaker, form.asked()?, &grouped(&form), window).await?;
    let body = answer(&app, speaker, &page.items);
    Ok(linked_around(
        body,
        &app.site.base_url,
        &asked,
        &page,
        NotificationId::get,
    ))
}

/// GET /api/v2/notifications/:group_key
async fn one(State(app): State<Shared>, auth: Auth, Path(text): Path<String>) -> Answer {
    let speaker = auth.person("read:notifications")?;
    let group = notifications::group(&app, speaker, key(&text)?).await?;
    Ok(answer(&app, speaker, &[group]))
}

/// GET /api/v2/notifications/:group_key/accounts
async fn accounts(State(app): State<Shared>, auth: Auth, Path(text): Path<String>) -> Answer {
    let speaker = auth.person("read:notifications")?;
    let group = notifications::group(&app, speaker, key(&text)?).await?;
    let people: Vec<_> = group.told.into_iter().map(|told| told.from).collect();
    Ok(json_bytes(account::list(&app, &people)))
}

/// POST /api/v2/notifications/:group_key/dismiss
async fn dismiss(State(app): State<Shared>, auth: Auth, Path(text): Path<String>) -> Answer {
    let speaker = auth.person("write:notifications")?;
    notifications::dismiss_group(&app, speaker, key(&text)?).await?;
    Ok(Json(json!({})).into_response())
}

/// GET /api/v2/notifications/unread_count
async fn unread_count(
    State(app): State<Shared>,
    auth: Auth,
    Params(form): Params<ListForm>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("read:notifications")?;
    let most = limit(form.limit, COUNTED, MOST_COUNTED);
    let count = notifications::unread_groups(&app, speaker, form.kinds(), &grouped(&form), most).await?;
    Ok(Json(json!({ "count": count })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bauta_model::PostId;
    use proptest::prelude::*;

    #[test]
    fn a_key_is_read_as_it_is_written() {
        for one in [
            Key::One(NotificationId::new(7)),
            Key::OfPost(Kind::Boost, PostId::new(8)),
            Key::OfDay(Kind::Follow, Day::new(17_000)),
        ] {
            assert_eq!(key(&key_text(one)).unwrap(), one);
        }
        for wrong in [
            "",
            "-",
            "ungrouped-",
            "ungrouped-x",
            "poke-7",
            "follow-day--1",
            "follow-day-4000000000",
        ] {
            assert!(key(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_key_makes_it_panic(text in "(ungrouped|follow|reblog|day|-|[0-9]|x){0,12}") {
            let _ = key(&text);
        }
    }
}
