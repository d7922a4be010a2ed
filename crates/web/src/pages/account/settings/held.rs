//! "What we hold about you": the whole of it, from the same computation that a court's answer comes from (law 12).

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_inventory::Holdings;
use bauta_service::accounts::holdings;
use bauta_service::{App, Refused};

use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words_account::TEXT;

#[derive(Template)]
#[template(path = "account/held.html")]
struct Held {
    frame: Frame,
    held: Holdings,
}

/// `GET /settings/held`
pub async fn table(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    error::answer(&app, &visitor, show(&app, &visitor).await)
}

async fn show(app: &App, visitor: &Visitor) -> Result<Response, Refused> {
    let held = holdings::own(app, visitor.person()?).await?;
    let frame = Frame::new(app, visitor, TEXT.set_held, Here::Settings);
    Ok(page(StatusCode::OK, &Held { frame, held }))
}
