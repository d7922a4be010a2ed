//! The list of the settings.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_service::{App, Refused};

use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words_account::TEXT;
use crate::words_care::EN as CARE;
use crate::words_circles::EN as CIRCLES;
use crate::words_desk::DESK;
use crate::words_exchange::EN as EXCHANGE;
use crate::words_group::EN as GROUP;
use crate::words_told::EN as TOLD;

#[derive(Template)]
#[template(path = "account/settings.html")]
struct Index {
    frame: Frame,
    /// Path, name, what is decided there.
    entries: [(&'static str, &'static str, &'static str); 20],
    /// The legal desk is there for whoever looks.
    officer: bool,
}

/// `GET /settings`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    error::answer(&app, &visitor, show(&app, &visitor).await)
}

async fn show(app: &App, visitor: &Visitor) -> Result<Response, Refused> {
    let officer = app.desk.officer(visitor.person()?.account).await;
    let template = Index {
        frame: Frame::new(app, visitor, crate::EN.settings, Here::Settings),
        entries: entries(),
        officer: officer.is_ok(),
    };
    Ok(page(StatusCode::OK, &template))
}

fn entries() -> [(&'static str, &'static str, &'static str); 20] {
    [
        ("profile", TEXT.set_profile, TEXT.set_profile_about),
        ("preferences", TEXT.set_preferences, TEXT.set_preferences_about),
        ("expiry", TEXT.set_expiry, TEXT.set_expiry_about),
        ("notifications", TOLD.told, TOLD.told_about),
        ("held", TEXT.set_held, TEXT.set_held_about),
        ("featured", CIRCLES.featured, CIRCLES.featured_lead),
        ("servers", CIRCLES.servers, CIRCLES.servers_lead),
        ("sessions", TEXT.set_sessions, TEXT.set_sessions_about),
        ("push", TEXT.set_push, TEXT.set_push_about),
        ("passphrase", TEXT.set_passphrase, TEXT.set_passphrase_about),
        ("codes", TEXT.set_codes, TEXT.set_codes_about),
        ("keyholders", GROUP.people, GROUP.people_about),
        ("invites", TEXT.set_invites, TEXT.set_invites_about),
        ("export", EXCHANGE.export, EXCHANGE.export_about),
        ("import", EXCHANGE.import, EXCHANGE.import_about),
        ("decisions", CARE.decisions, CARE.decisions_about),
        ("move", TEXT.set_move, TEXT.set_move_about),
        ("onion", TEXT.set_onion, TEXT.set_onion_about),
        ("unused", TEXT.set_unused, TEXT.set_unused_about),
        ("delete", TEXT.set_delete, TEXT.set_delete_about),
    ]
}
