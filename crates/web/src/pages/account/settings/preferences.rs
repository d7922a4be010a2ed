//! Preferences: colours, and what a new post begins with.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{Preferences, QuotePolicy, ReplyPolicy, Theme, Visibility};
use bauta_service::{App, Refused, accounts};
use serde::Deserialize;

use crate::ask::Ask;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::form::Problems;
use crate::quotes::{policies, reply_policies};
use crate::visitor::Visitor;
use crate::words_account::TEXT;

#[derive(Template)]
#[template(path = "account/preferences.html")]
struct Page {
    frame: Frame,
    problems: Problems,
    saved: bool,
    wanted: Preferences,
    language: String,
    themes: [(i16, &'static str, bool); 3],
    visibilities: [(&'static str, &'static str, bool); 4],
    quoters: [(&'static str, &'static str, bool); 3],
    repliers: [(&'static str, &'static str, bool); 4],
}

/// The form, as it is sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    theme: String,
    visibility: String,
    quoters: String,
    repliers: String,
    language: String,
    sensitive: Option<String>,
    strangers: Option<String>,
    expand: Option<String>,
}

/// `GET /settings/preferences`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    let saved = !ask.text("saved").is_empty();
    error::answer(&app, &visitor, show(&app, &visitor, saved).await)
}

async fn show(app: &App, visitor: &Visitor, saved: bool) -> Result<Response, Refused> {
    let wanted = accounts::preferences(app, visitor.person()?).await?;
    let page_of = template(app, visitor, wanted, Problems::none(), saved);
    Ok(page(StatusCode::OK, &page_of))
}

fn template(app: &App, visitor: &Visitor, wanted: Preferences, problems: Problems, saved: bool) -> Page {
    let theme = |theme: Theme, name| (theme.code(), name, wanted.theme == theme);
    let visibility =
        |visibility: Visibility, name| (visibility.as_api(), name, wanted.default_visibility == visibility);
    Page {
        frame: Frame::new(app, visitor, TEXT.set_preferences, Here::Settings),
        problems,
        saved,
        themes: [
            theme(Theme::Auto, TEXT.theme_auto),
            theme(Theme::Light, TEXT.theme_light),
            theme(Theme::Dark, TEXT.theme_dark),
        ],
        visibilities: [
            visibility(Visibility::Public, TEXT.visibility_public),
            visibility(Visibility::Unlisted, TEXT.visibility_unlisted),
            visibility(Visibility::Followers, TEXT.visibility_followers),
            visibility(Visibility::Direct, TEXT.visibility_direct),
        ],
        repliers: reply_policies(wanted.default_reply_policy.as_api()),
        quoters: policies(wanted.default_quote_policy.as_api()),
        language: wanted.default_language.clone().unwrap_or_default(),
        wanted,
    }
}

/// `POST /settings/preferences`
pub async fn send(State(app): State<Arc<App>>, Form(visitor, fields): Form<Fields>) -> Response {
    error::answer(&app, &visitor, set(&app, &visitor, &fields).await)
}

async fn set(app: &App, visitor: &Visitor, fields: &Fields) -> Result<Response, Refused> {
    let person = visitor.person()?;
    let before = accounts::preferences(app, person).await?;
    let language = fields.language.trim();
    let wanted = Preferences {
        theme: fields
            .theme
            .parse()
            .ok()
            .and_then(Theme::from_code)
            .unwrap_or(before.theme),
        default_visibility: Visibility::from_api(&fields.visibility).unwrap_or(before.default_visibility),
        default_language: (!language.is_empty()).then(|| language.to_owned()),
        default_quote_policy: QuotePolicy::from_api(&fields.quoters).unwrap_or(before.default_quote_policy),
        default_reply_policy: ReplyPolicy::from_api(&fields.repliers).unwrap_or(before.default_reply_policy),
        default_sensitive: fields.sensitive.is_some(),
        direct_from_strangers: fields.strangers.is_some(),
        expand_warnings: fields.expand.is_some(),
    };
    match accounts::set_preferences(app, person, wanted.clone()).await {
        Ok(()) => Ok(Redirect::to("/settings/preferences?saved=1").into_response()),
        Err(refused) => {
            let (status, problems) = Problems::of(refused, ("", ""))?;
            Ok(page(status, &template(app, visitor, wanted, problems, false)))
        }
    }
}
