//! The account of whoever asks: verify, update, and the pictures of its profile.

use std::sync::Arc;

use axum::routing::{delete, get, patch};
use axum::{Json, Router};
use bauta_model::{MediaId, QuotePolicy, ReplyPolicy, Visibility};
use bauta_service::accounts::update_profile::{Changes, PictureChange};
use bauta_service::{App, Refused, Speaker, accounts};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::entities::account::{Owned, account, credential_account};
use crate::{Answer, Auth, Params, Shared, State, Upload};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/accounts/verify_credentials", get(verify))
        .route("/api/v1/accounts/update_credentials", patch(update))
        .route("/api/v1/profile", get(profile).patch(update_profile))
        .route("/api/v1/profile/avatar", delete(delete_avatar))
        .route("/api/v1/profile/header", delete(delete_header))
}

/// GET /api/v1/accounts/verify_credentials
async fn verify(State(app): State<Shared>, auth: Auth) -> Answer<Json<Value>> {
    owned(&app, auth.person("profile")?).await
}

async fn owned(app: &App, speaker: &Speaker) -> Answer<Json<Value>> {
    let card = accounts::by_id(app, speaker.account).await?;
    let preferences = accounts::preferences(app, speaker).await?;
    let owned = Owned {
        preferences: &preferences,
        follow_requests: bauta_service::relations::count_requests(app, speaker).await?,
    };
    let mut entity = credential_account(app, &card.account, &owned);
    if let Some(new) = accounts::moving::moved_to(app, speaker.account).await? {
        entity["moved"] = account(app, &new.account);
    }
    Ok(Json(entity))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Form {
    display_name: Option<String>,
    note: Option<String>,
    avatar: Upload,
    header: Upload,
    locked: Option<bool>,
    bot: Option<bool>,
    discoverable: Option<bool>,
    indexable: Option<bool>,
    hide_collections: Option<bool>,
    fields_attributes: Option<Vec<Line>>,
    source: Source,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Line {
    name: String,
    value: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Source {
    privacy: Option<String>,
    sensitive: Option<bool>,
    language: Option<String>,
    quote_policy: Option<String>,
    reply_policy: Option<String>,
}

/// PATCH /api/v1/accounts/update_credentials
async fn update(State(app): State<Shared>, auth: Auth, Params(form): Params<Form>) -> Answer<Json<Value>> {
    let speaker = auth.person("write:accounts")?;
    apply(&app, speaker, form).await?;
    owned(&app, speaker).await
}

async fn apply(app: &App, speaker: &Speaker, form: Form) -> Result<(), Refused> {
    let preferences = preferred(app, speaker, &form.source).await?;
    let changes = Changes {
        display_name: form.display_name,
        bio: form.note,
        fields: form
            .fields_attributes
            .map(|lines| lines.into_iter().map(|line| (line.name, line.value)).collect()),
        locked: form.locked,
        bot: form.bot,
        discoverable: form.discoverable,
        indexable: form.indexable,
        hide_collections: form.hide_collections,
        avatar: picture(form.avatar),
        header: picture(form.header),
    };
    accounts::update_profile(app, speaker, changes).await?;
    if let Some(preferences) = preferences {
        accounts::set_preferences(app, speaker, preferences).await?;
    }
    Ok(())
}

/// GET /api/v1/profile
async fn profile(State(app): State<Shared>, auth: Auth) -> Answer<Json<Value>> {
    own_profile(&app, auth.person("profile")?).await
}

/// PATCH /api/v1/profile
async fn update_profile(
    State(app): State<Shared>,
    auth: Auth,
    Params(form): Params<Form>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("write:accounts")?;
    apply(&app, speaker, form).await?;
    own_profile(&app, speaker).await
}

/// The profile as it was typed. Its tabs are always there.
async fn own_profile(app: &App, speaker: &Speaker) -> Answer<Json<Value>> {
    let card = accounts::by_id(app, speaker.account).await?;
    let of = &card.account;
    let Json(tags) = crate::tags::featured_of(app, of.id).await?;
    let picture = |id: Option<MediaId>| id.map(|id| format!("{}/media/{id}", app.site.base_url));
    let fields: Vec<Value> = of
        .fields
        .iter()
        .map(|field| json!({ "name": field.name, "value": field.value, "verified_at": null }))
        .collect();
    Ok(Json(json!({
        "id": of.id.to_string(),
        "display_name": of.display_name,
        "note": of.bio,
        "fields": fields,
        "avatar": picture(of.avatar),
        "avatar_static": picture(of.avatar),
        "avatar_description": "",
        "header": picture(of.header),
        "header_static": picture(of.header),
        "header_description": "",
        "locked": of.locked,
        "bot": of.bot,
        "hide_collections": of.hide_collections,
        "discoverable": of.discoverable,
        "indexable": of.indexable,
        "show_media": true,
        "show_media_replies": true,
        "show_featured": true,
        "attribution_domains": [],
        "featured_tags": tags,
    })))
}

fn picture(upload: Upload) -> PictureChange {
    if upload.0.is_empty() {
        PictureChange::Keep
    } else {
        PictureChange::Replace(upload.0)
    }
}

/// The preferences as they will be, checked before anything is written.
async fn preferred(
    app: &App,
    speaker: &Speaker,
    source: &Source,
) -> Result<Option<bauta_model::Preferences>, Refused> {
    if source.privacy.is_none()
        && source.sensitive.is_none()
        && source.language.is_none()
        && source.quote_policy.is_none()
        && source.reply_policy.is_none()
    {
        return Ok(None);
    }
    let mut preferences = accounts::preferences(app, speaker).await?;
    if let Some(word) = &source.privacy {
        preferences.default_visibility = Visibility::from_api(word).ok_or_else(|| {
            Refused::invalid(
                "source",
                "Privacy is one of public, unlisted, private and direct.",
            )
        })?;
    }
    if let Some(sensitive) = source.sensitive {
        preferences.default_sensitive = sensitive;
    }
    if let Some(language) = &source.language {
        preferences.default_language = (!language.is_empty()).then(|| language.clone());
    }
    if let Some(word) = &source.quote_policy {
        preferences.default_quote_policy = QuotePolicy::from_api(word).ok_or_else(|| {
            Refused::invalid(
                "source",
                "The quote policy is one of public, followers and nobody.",
            )
        })?;
    }
    if let Some(word) = &source.reply_policy {
        let why = "The reply policy is one of public, followers, mentioned and nobody.";
        preferences.default_reply_policy =
            ReplyPolicy::from_api(word).ok_or_else(|| Refused::invalid("source", why))?;
    }
    accounts::check_preferences(&preferences)?;
    Ok(Some(preferences))
}

/// DELETE /api/v1/profile/avatar
async fn delete_avatar(State(app): State<Shared>, auth: Auth) -> Answer<Json<Value>> {
    let changes = Changes {
        avatar: PictureChange::Remove,
        ..Changes::default()
    };
    remove(&app, auth.person("write:accounts")?, changes).await
}

/// DELETE /api/v1/profile/header
async fn delete_header(State(app): State<Shared>, auth: Auth) -> Answer<Json<Value>> {
    let changes = Changes {
        header: PictureChange::Remove,
        ..Changes::default()
    };
    remove(&app, auth.person("write:accounts")?, changes).await
}

async fn remove(app: &App, speaker: &Speaker, changes: Changes) -> Answer<Json<Value>> {
    accounts::update_profile(app, speaker, changes).await?;
    owned(app, speaker).await
}
