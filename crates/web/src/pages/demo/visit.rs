//! What is held about a visit: every table counted, against what it had when the demo began to serve.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_inventory::{Inventory, Never, Place, PlaceKind, Us};
use bauta_service::{App, Refused};

use super::{Demo, Known};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words_demo::{EN, Words};

/// A table that has other rows than before.
struct Changed {
    table: String,
    before: u64,
    now: u64,
}

#[derive(Template)]
#[template(path = "demo/visit.html")]
struct Visit<'a> {
    frame: Frame,
    say: &'static Words,
    changed: Vec<Changed>,
    tables: usize,
    columns: usize,
    never: &'a [Never],
    memory: Vec<&'a Place>,
}

/// `GET /demo/visit`
pub async fn visit(State(app): State<Arc<App>>, Extension(demo): Known, visitor: Visitor) -> Response {
    error::answer(&app, &visitor, show(&app, &demo, &visitor).await)
}

async fn show(app: &App, demo: &Demo, visitor: &Visitor) -> Result<Response, Refused> {
    let inventory: &'static Inventory = app.inventory;
    let rows = bauta_service::rows_of_tables(app).await?;
    let changed = rows.into_iter().filter_map(|(table, now)| {
        let before = demo.rows.get(&table).copied().unwrap_or_default();
        (before != now).then_some(Changed { table, before, now })
    });
    // Everything that is tied to where somebody comes from or when they were here.
    let is_session = |place: &&Place| place.kind == PlaceKind::Memory && place.us == Us::Session;
    let visit = Visit {
        frame: Frame::new(app, visitor, EN.visit, Here::Elsewhere),
        say: &EN,
        changed: changed.collect(),
        tables: inventory.tables.len(),
        columns: inventory.tables.iter().map(|table| table.columns.len()).sum(),
        never: &inventory.never,
        memory: inventory.places.iter().filter(is_session).collect(),
    };
    Ok(page(StatusCode::OK, &visit))
}
