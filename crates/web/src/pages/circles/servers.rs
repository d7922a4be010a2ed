//! Servers that a person leaves out.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_service::{App, Refused, keepsakes};
use serde::Deserialize;

use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::Problems;
use crate::visitor::Visitor;
use crate::words_account::TEXT;
use crate::words_circles::{EN, Words};

#[derive(Template)]
#[template(path = "circles/servers.html")]
struct Servers {
    frame: Frame,
    say: &'static Words,
    problems: Problems,
    domain: String,
    names: Vec<String>,
}

/// `GET /settings/servers`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    let made = show(&app, &visitor, String::new(), Problems::none()).await;
    error::answer(&app, &visitor, made)
}

async fn show(app: &App, visitor: &Visitor, domain: String, problems: Problems) -> Result<Response, Refused> {
    let servers = Servers {
        names: keepsakes::blocked_domains(app, visitor.person()?).await?,
        frame: Frame::new(app, visitor, EN.servers, Here::Settings),
        say: &EN,
        domain,
        problems,
    };
    Ok(page(servers.problems.status(), &servers))
}

/// A server to leave out, or one to let in.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Change {
    domain: String,
    remove: String,
}

/// `POST /settings/servers`
pub async fn change(State(app): State<Arc<App>>, Form(visitor, change): Form<Change>) -> Response {
    error::answer(&app, &visitor, changed(&app, &visitor, change).await)
}

async fn changed(app: &App, visitor: &Visitor, change: Change) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let done = if change.remove.is_empty() {
        keepsakes::block_domain(app, speaker, &change.domain).await
    } else {
        keepsakes::unblock_domain(app, speaker, &change.remove).await
    };
    match done {
        Ok(()) => Ok(Redirect::to("/settings/servers").into_response()),
        Err(refused) => {
            let (_, problems) = Problems::of(refused, ("", ""))?;
            show(app, visitor, change.domain, problems).await
        }
    }
}
