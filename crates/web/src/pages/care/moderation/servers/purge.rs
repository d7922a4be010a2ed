//! Deleting the copies of a server's pictures.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_service::{App, Refused, remote_media};
use serde::Deserialize;

use super::{operator, servers_page};
use crate::csrf::Form;
use crate::error;
use crate::visitor::Visitor;

/// Whose pictures, as it is sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    domain: String,
}

/// `POST /moderation/servers/purge`
pub async fn send(State(app): State<Arc<App>>, Form(visitor, fields): Form<Fields>) -> Response {
    let sent = match purged(&app, &visitor, &fields).await {
        Err(refused @ Refused::Invalid { .. }) => {
            servers_page(&app, &visitor, "", Some((&refused, &fields.domain)))
        }
        other => other,
    };
    error::answer(&app, &visitor, sent)
}

async fn purged(app: &App, visitor: &Visitor, fields: &Fields) -> Result<Response, Refused> {
    operator(visitor)?;
    let copies = remote_media::purge_host(app, &fields.domain).await?;
    Ok(Redirect::to(&format!("/moderation/servers?purged={copies}")).into_response())
}
