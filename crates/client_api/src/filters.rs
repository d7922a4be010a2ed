//! `/api/v2/filters`, and `/api/v1/filters` for older apps: one keyword of a filter looks like a filter there.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Path;
use axum::routing::get;
use axum::{Json, Router};
use bauta_model::{CoarseTime, FilterPartId, PostId};
use bauta_service::filters::{self, Action, Context, Filter, Keyword, KeywordWish, Met, Wish};
use bauta_service::{App, Refused};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::pages::{id, id_of_path};
use crate::{Answer, ApiError, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v2/filters", get(all).post(create))
        .route("/api/v2/filters/{id}", get(one).put(update).delete(delete))
        .route("/api/v2/filters/{id}/keywords", get(keywords).post(add_keyword))
        .route(
            "/api/v2/filters/keywords/{id}",
            get(keyword).put(change_keyword).delete(delete_keyword),
        )
        .route("/api/v2/filters/{id}/statuses", get(posts).post(add_post))
        .route("/api/v2/filters/statuses/{id}", get(post).delete(remove_post))
        .route("/api/v1/filters", get(older_all).post(older_create))
        .route(
            "/api/v1/filters/{id}",
            get(older_one).put(older_update).delete(older_delete),
        )
}

const CONTEXTS: [(Context, &str); 5] = [
    (Context::Home, "home"),
    (Context::Notifications, "notifications"),
    (Context::Public, "public"),
    (Context::Thread, "thread"),
    (Context::Account, "account"),
];

const ACTIONS: [(Action, &str); 3] = [
    (Action::Warn, "warn"),
    (Action::Hide, "hide"),
    (Action::Blur, "blur"),
];

fn context_words(filter: &Filter) -> Vec<&'static str> {
    let known = CONTEXTS
        .iter()
        .filter(|(context, _)| filter.contexts.contains(context));
    known.map(|(_, word)| *word).collect()
}

fn keyword_entity(keyword: &Keyword) -> Value {
    json!({
        "id": keyword.id.to_string(),
        "keyword": keyword.keyword,
        "whole_word": keyword.whole_word,
    })
}

fn post_entity((id, post): &(FilterPartId, PostId)) -> Value {
    json!({ "id": id.to_string(), "status_id": post.to_string() })
}

fn head(filter: &Filter) -> Value {
    let action = ACTIONS.iter().find(|(action, _)| *action == filter.action);
    json!({
        "id": filter.id.to_string(),
        "title": filter.title,
        "context": context_words(filter),
        "expires_at": filter.until.map(CoarseTime::rfc3339),
        "filter_action": action.map(|(_, word)| *word),
    })
}

fn entity(filter: &Filter) -> Value {
    let mut entity = head(filter);
    entity["keywords"] = filter.keywords.iter().map(keyword_entity).collect();
    entity["statuses"] = filter.posts.iter().map(post_entity).collect();
    entity
}

/// A filter that a post meets, as a post's `filtered` has it.
pub(crate) fn result(met: &Met) -> Value {
    let posts: Option<Vec<String>> = met.post.map(|id| vec![id.to_string()]);
    let keywords = (!met.keywords.is_empty()).then_some(&met.keywords);
    json!({ "filter": head(&met.filter), "keyword_matches": keywords, "status_matches": posts })
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct KeywordForm {
    id: Option<String>,
    keyword: Option<String>,
    whole_word: Option<bool>,
    #[serde(rename = "_destroy")]
    destroy: bool,
}

impl KeywordForm {
    fn wish(self) -> Result<KeywordWish, ApiError> {
        let id = match self.id.as_deref().filter(|id| !id.is_empty()) {
            Some(text) => Some(id_of_path(text)?),
            None => None,
        };
        Ok(KeywordWish {
            id,
            keyword: self.keyword,
            whole_word: self.whole_word,
            destroy: self.destroy,
        })
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Form {
    title: Option<String>,
    context: Option<Vec<String>>,
    filter_action: Option<String>,
    expires_in: Option<String>,
    keywords_attributes: Vec<KeywordForm>,
}

fn contexts(words: Vec<String>) -> Result<Vec<Context>, ApiError> {
    let known = |word: String| {
        let found = CONTEXTS.iter().find(|(_, known)| *known == word);
        found.map(|(context, _)| *context)
    };
    let contexts: Option<Vec<Context>> = words.into_iter().map(known).collect();
    let why = "Context None or invalid context supplied";
    Ok(contexts.ok_or_else(|| Refused::invalid("context", why))?)
}

fn action(word: Option<&str>) -> Result<Option<Action>, ApiError> {
    match word {
        None | Some("") => Ok(None),
        Some("blur_media") => Ok(Some(Action::Blur)),
        Some(asked) => {
            let found = ACTIONS.iter().find(|(_, known)| *known == asked);
            let why = "filter_action is warn, hide or blur_media.";
            Ok(Some(
                found.ok_or_else(|| Refused::invalid("filter_action", why))?.0,
            ))
        }
    }
}

/// The longest time after which a filter ends by itself, in seconds: a hundred years, and more than any app offers.
const LONGEST: u64 = 100 * 366 * 24 * 60 * 60;

/// Seconds from now; an empty text: for good.
fn lasting(text: &str) -> Result<Option<Duration>, ApiError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let seconds = text
        .parse()
        .ok()
        .filter(|seconds| (1..=LONGEST).contains(seconds));
    let why = "expires_in is a number of seconds.";
    let seconds = seconds.ok_or_else(|| Refused::invalid("expires_in", why))?;
    Ok(Some(Duration::from_secs(seconds)))
}

impl Form {
    fn wish(self) -> Result<Wish, ApiError> {
        let keywords = self.keywords_attributes.into_iter().map(KeywordForm::wish);
        Ok(Wish {
            title: self.title,
            contexts: self.context.map(contexts).transpose()?,
            action: action(self.filter_action.as_deref())?,
            lasting: self.expires_in.as_deref().map(lasting).transpose()?,
            keywords: keywords.collect::<Result<_, _>>()?,
        })
    }
}

/// GET /api/v2/filters
async fn all(State(app): State<Shared>, auth: Auth) -> Answer<Json<Value>> {
    let speaker = auth.person("read:filters")?;
    Ok(Json(
        filters::all(&app, speaker).await?.iter().map(entity).collect(),
    ))
}

/// GET /api/v2/filters/:id
async fn one(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("read:filters")?;
    Ok(Json(entity(
        &filters::get(&app, speaker, id_of_path(&id)?).await?,
    )))
}

/// POST /api/v2/filters
async fn create(State(app): State<Shared>, auth: Auth, Params(form): Params<Form>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:filters")?;
    Ok(Json(entity(&filters::create(&app, speaker, form.wish()?).await?)))
}

/// PUT /api/v2/filters/:id
async fn update(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    Params(form): Params<Form>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:filters")?;
    let changed = filters::update(&app, speaker, id_of_path(&id)?, form.wish()?).await?;
    Ok(Json(entity(&changed)))
}

/// DELETE /api/v2/filters/:id
async fn delete(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:filters")?;
    filters::delete(&app, speaker, id_of_path(&id)?).await?;
    Ok(Json(json!({})))
}

/// GET /api/v2/filters/:filter_id/keywords
async fn keywords(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("read:filters")?;
    let filter = filters::get(&app, speaker, id_of_path(&id)?).await?;
    Ok(Json(filter.keywords.iter().map(keyword_entity).collect()))
}

/// POST /api/v2/filters/:filter_id/keywords
async fn add_keyword(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    Params(form): Params<KeywordForm>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:filters")?;
    let wish = KeywordWish {
        id: None,
        destroy: false,
        ..form.wish()?
    };
    let added = filters::set_keyword(&app, speaker, id_of_path(&id)?, wish).await?;
    Ok(Json(keyword_entity(&added.ok_or(Refused::NotFound)?)))
}

/// GET /api/v2/filters/keywords/:id
async fn keyword(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("read:filters")?;
    let (_, keyword) = filters::keyword(&app, speaker, id_of_path(&id)?).await?;
    Ok(Json(keyword_entity(&keyword)))
}

/// PUT /api/v2/filters/keywords/:id
async fn change_keyword(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    Params(form): Params<KeywordForm>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:filters")?;
    let (filter, keyword) = filters::keyword(&app, speaker, id_of_path(&id)?).await?;
    let wish = KeywordWish {
        id: Some(keyword.id),
        keyword: form.keyword,
        whole_word: form.whole_word,
        destroy: false,
    };
    let changed = filters::set_keyword(&app, speaker, filter.id, wish).await?;
    Ok(Json(keyword_entity(&changed.ok_or(Refused::NotFound)?)))
}

/// DELETE /api/v2/filters/keywords/:id
async fn delete_keyword(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:filters")?;
    let (filter, keyword) = filters::keyword(&app, speaker, id_of_path(&id)?).await?;
    let wish = KeywordWish {
        id: Some(keyword.id),
        destroy: true,
        ..KeywordWish::default()
    };
    filters::set_keyword(&app, speaker, filter.id, wish).await?;
    Ok(Json(json!({})))
}

/// GET /api/v2/filters/:filter_id/statuses
async fn posts(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("read:filters")?;
    let filter = filters::get(&app, speaker, id_of_path(&id)?).await?;
    Ok(Json(filter.posts.iter().map(post_entity).collect()))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PostForm {
    status_id: String,
}

/// POST /api/v2/filters/:filter_id/statuses
async fn add_post(
    State(app): State<Shared>,
    auth: Auth,
    Path(filter): Path<String>,
    Params(form): Params<PostForm>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:filters")?;
    let post: Option<PostId> = id("status_id", Some(&form.status_id))?;
    let post = post.ok_or_else(|| Refused::invalid("status_id", "Status must exist"))?;
    let added = filters::add_post(&app, speaker, id_of_path(&filter)?, post).await?;
    Ok(Json(post_entity(&added)))
}

/// GET /api/v2/filters/statuses/:id
async fn post(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("read:filters")?;
    Ok(Json(post_entity(
        &filters::picked(&app, speaker, id_of_path(&id)?).await?,
    )))
}

/// DELETE /api/v2/filters/statuses/:id, which answers with what was there.
async fn remove_post(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:filters")?;
    let id = id_of_path(&id)?;
    let gone = filters::picked(&app, speaker, id).await?;
    filters::remove_post(&app, speaker, id).await?;
    Ok(Json(post_entity(&gone)))
}

/// A keyword as older apps know it.
fn older(filter: &Filter, keyword: &Keyword) -> Value {
    json!({
        "id": keyword.id.to_string(),
        "phrase": keyword.keyword,
        "context": context_words(filter),
        "whole_word": keyword.whole_word,
        "expires_at": filter.until.map(CoarseTime::rfc3339),
        "irreversible": filter.action == Action::Hide,
    })
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct OlderForm {
    phrase: Option<String>,
    context: Option<Vec<String>>,
    irreversible: Option<bool>,
    whole_word: Option<bool>,
    expires_in: Option<String>,
}

impl OlderForm {
    fn wish(self, keyword: Option<FilterPartId>) -> Result<Wish, ApiError> {
        let action = |hides| if hides { Action::Hide } else { Action::Warn };
        Ok(Wish {
            title: self.phrase.clone(),
            contexts: self.context.map(contexts).transpose()?,
            action: self.irreversible.map(action),
            lasting: self.expires_in.as_deref().map(lasting).transpose()?,
            keywords: vec![KeywordWish {
                id: keyword,
                keyword: self.phrase,
                whole_word: self.whole_word,
                destroy: false,
            }],
        })
    }
}

/// GET /api/v1/filters
async fn older_all(State(app): State<Shared>, auth: Auth) -> Answer<Json<Value>> {
    let speaker = auth.person("read:filters")?;
    let all = filters::all(&app, speaker).await?;
    let each = all.iter().flat_map(|filter| {
        let keywords = filter.keywords.iter();
        keywords.map(move |keyword| older(filter, keyword))
    });
    Ok(Json(each.collect()))
}

/// GET /api/v1/filters/:id
async fn older_one(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("read:filters")?;
    let (filter, keyword) = filters::keyword(&app, speaker, id_of_path(&id)?).await?;
    Ok(Json(older(&filter, &keyword)))
}

/// POST /api/v1/filters
async fn older_create(
    State(app): State<Shared>,
    auth: Auth,
    Params(form): Params<OlderForm>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:filters")?;
    let filter = filters::create(&app, speaker, form.wish(None)?).await?;
    let keyword = filter.keywords.first().ok_or(Refused::NotFound)?;
    Ok(Json(older(&filter, keyword)))
}

/// PUT /api/v1/filters/:id
async fn older_update(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    Params(form): Params<OlderForm>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:filters")?;
    let (filter, keyword) = filters::keyword(&app, speaker, id_of_path(&id)?).await?;
    let mut wish = form.wish(Some(keyword.id))?;
    // The name of a filter with several keywords is not one of them.
    wish.title = wish.title.filter(|_| filter.keywords.len() == 1);
    let filter = filters::update(&app, speaker, filter.id, wish).await?;
    let keyword = filter.keywords.iter().find(|known| known.id == keyword.id);
    Ok(Json(older(&filter, keyword.ok_or(Refused::NotFound)?)))
}

/// DELETE /api/v1/filters/:id: with its last keyword a filter goes.
async fn older_delete(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:filters")?;
    let (filter, keyword) = filters::keyword(&app, speaker, id_of_path(&id)?).await?;
    if filter.keywords.len() == 1 && filter.posts.is_empty() {
        filters::delete(&app, speaker, filter.id).await?;
        return Ok(Json(json!({})));
    }
    let wish = KeywordWish {
        id: Some(keyword.id),
        destroy: true,
        ..KeywordWish::default()
    };
    filters::set_keyword(&app, speaker, filter.id, wish).await?;
    Ok(Json(json!({})))
}
