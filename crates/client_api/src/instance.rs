//! `/api/v1/instance` and `/api/v2/instance`: what this server is, and the limits that apps obey.

use std::sync::Arc;

use axum::routing::get;
use axum::{Json, Router};
use bauta_service::{App, Contact, Registrations, Site, attachments, figures};
use serde_json::{Value, json};

use crate::entities::emoji::emoji;
use crate::{Answer, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/instance", get(version_1))
        .route("/api/v2/instance", get(version_2))
        .route("/api/v1/instance/rules", get(rules_alone))
        .route("/api/v1/instance/peers", get(nothing))
        .route("/api/v1/instance/languages", get(languages))
        .route("/api/v1/instance/extended_description", get(extended_description))
        .route("/api/v1/instance/privacy_policy", get(privacy_policy))
        .route("/api/v1/custom_emojis", get(custom_emojis))
}

/// The Mastodon API that is spoken here, as clients read it, then who speaks it.
const VERSION: &str = concat!("4.5.0 (compatible; Bauta ", env!("CARGO_PKG_VERSION"), ")");
/// Mastodon's own number of the API of 4.5.
const API_VERSION: u32 = 7;

/// GET /api/v1/custom_emojis
async fn custom_emojis(State(app): State<Shared>) -> Json<Value> {
    let all = app.emojis.all();
    Json(all.iter().map(|one| emoji(&app.site.base_url, one)).collect())
}

/// GET /api/v1/instance/rules
async fn rules_alone(State(app): State<Shared>) -> Json<Value> {
    Json(rules(&app.site))
}

/// GET /api/v1/instance/languages: what the pages are written in.
async fn languages() -> Json<Value> {
    Json(json!([{"code": "en", "name": "English"}]))
}

/// GET /api/v1/instance/extended_description. When it was written is not known.
async fn extended_description(State(app): State<Shared>) -> Json<Value> {
    let site = &app.site;
    let about = format!("{}/about", site.base_url);
    let content = format!(
        "<p>{}</p><p><a href=\"{about}\">{about}</a></p>",
        bauta_text::escape_html(&site.description)
    );
    Json(json!({ "updated_at": null, "content": content }))
}

/// GET /api/v1/instance/privacy_policy: where it stands. It comes from the inventory, and is a page.
async fn privacy_policy(State(app): State<Shared>) -> Json<Value> {
    let page = format!("{}/privacy", app.site.base_url);
    let content = format!("<p>What this server holds, and for how long: <a href=\"{page}\">{page}</a></p>");
    Json(json!({ "updated_at": null, "content": content }))
}

/// The rules, numbered in the operator's order.
fn rules(site: &Site) -> Value {
    let numbered = (1..).zip(&site.rules);
    numbered
        .map(|(number, rule): (usize, _)| json!({"id": number.to_string(), "text": rule, "hint": ""}))
        .collect()
}

/// The operator's mail address; empty where they are reached in another way.
fn mail(site: &Site) -> &str {
    site.contact.as_ref().and_then(Contact::mail).unwrap_or_default()
}

/// GET /api/v1/instance/peers: an empty list, as Mastodon answers where it is not to be told. Which servers are spoken
/// with says something about who is here.
async fn nothing() -> Json<Value> {
    Json(json!([]))
}

/// GET /api/v1/instance
async fn version_1(State(app): State<Shared>) -> Answer<Json<Value>> {
    let (site, figures) = (&app.site, figures(&app).await?);
    Ok(Json(json!({
        "uri": site.domain,
        "title": site.title,
        "short_description": site.description,
        "description": site.description,
        "email": mail(site),
        "version": VERSION,
        "urls": {"streaming_api": streaming(site)},
        "stats": {"user_count": figures.accounts, "status_count": figures.posts, "domain_count": 0},
        "thumbnail": format!("{}/media/blank", site.base_url),
        "languages": ["en"],
        "registrations": site.registrations.is_for_anybody(),
        "approval_required": site.registrations == Registrations::Approval,
        "invites_enabled": matches!(site.registrations, Registrations::Invite | Registrations::Approval),
        "configuration": configuration(site),
        "contact_account": null,
        "rules": rules(site),
    })))
}

/// GET /api/v2/instance
async fn version_2(State(app): State<Shared>) -> Answer<Json<Value>> {
    let site = &app.site;
    let mut configuration = configuration(site);
    configuration["urls"] = json!({
        "streaming": streaming(site),
        "status": null,
        "about": format!("{}/about", site.base_url),
        "privacy_policy": format!("{}/privacy", site.base_url),
        "terms_of_service": null,
    });
    // Empty where web push is off.
    configuration["vapid"] = json!({"public_key": app.pushes.public_key().unwrap_or_default()});
    configuration["translation"] = json!({"enabled": false});
    let feeds = json!({"local": "public", "remote": "public"});
    configuration["timelines_access"] = json!({"live_feeds": feeds, "hashtag_feeds": feeds, "trending_link_feeds": {"local": "disabled", "remote": "disabled"}});
    configuration["limited_federation"] = json!(app.domains.rules().only_allowed);
    Ok(Json(json!({
        "domain": site.domain,
        "title": site.title,
        "version": VERSION,
        "source_url": site.source.clone().unwrap_or_else(|| format!("{}/source", site.base_url)),
        "description": site.description,
        // Who was active is not kept.
        "usage": {"users": {"active_month": 0}},
        "thumbnail": {"url": format!("{}/media/blank", site.base_url), "blurhash": null, "versions": {}},
        "icon": [],
        "languages": ["en"],
        "configuration": configuration,
        "registrations": {
            "enabled": site.registrations.is_for_anybody(),
            "approval_required": site.registrations == Registrations::Approval,
            "reason_required": false,
            "message": null,
            "min_age": null,
            "url": null,
        },
        "api_versions": {"mastodon": API_VERSION},
        "contact": {"email": mail(site), "account": null},
        "rules": rules(site),
    })))
}

/// What an app may offer to send.
fn mime_types(site: &Site) -> Vec<&'static str> {
    let pictures = ["image/jpeg", "image/png", "image/webp", "image/gif"];
    let films = ["video/mp4", "video/quicktime", "video/webm"];
    let sounds = [
        "audio/mpeg",
        "audio/mp3",
        "audio/mp4",
        "audio/m4a",
        "audio/x-m4a",
        "audio/ogg",
        "audio/vorbis",
        "audio/flac",
        "audio/x-flac",
        "audio/wav",
        "audio/x-wav",
        "audio/wave",
        "audio/vnd.wave",
    ];
    let mut all = pictures.to_vec();
    if site.takes_films() {
        all.extend(films);
        all.extend(sounds);
    }
    all
}

fn streaming(site: &Site) -> String {
    site.base_url.replacen("http", "ws", 1)
}

/// The limits. Where films and sounds are not taken, their limits say so.
fn configuration(site: &Site) -> Value {
    let limits = &site.limits;
    let films = site.takes_films();
    json!({
        "accounts": {
            "max_featured_tags": bauta_service::tags::MOST_FEATURED,
            "max_pinned_statuses": limits.pinned_posts,
            "max_profile_fields": limits.fields,
            "profile_field_name_limit": limits.field_chars,
            "profile_field_value_limit": limits.field_chars,
            "max_display_name_length": limits.name_chars,
            "max_note_length": limits.bio_chars,
        },
        "statuses": {
            "max_characters": limits.post_chars,
            "max_media_attachments": limits.attachments,
            "characters_reserved_per_url": bauta_text::LINK_CHARS,
        },
        "media_attachments": {
            "supported_mime_types": mime_types(site),
            "description_limit": limits.description_chars,
            "image_size_limit": limits.picture_bytes,
            "image_matrix_limit": 40_000_000,
            "video_size_limit": if films { limits.film_bytes } else { 0 },
            "video_frame_rate_limit": if films { attachments::MAX_FILM_RATE } else { 0 },
            "video_matrix_limit": if films { attachments::MAX_FILM_PIXELS } else { 0 },
        },
        "polls": {
            "max_options": limits.poll_options,
            "max_characters_per_option": limits.option_chars,
            "min_expiration": bauta_service::posts::SHORTEST.as_secs(),
            "max_expiration": bauta_service::posts::LONGEST.as_secs(),
        },
    })
}
