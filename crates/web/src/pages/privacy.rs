//! What is held, made from inventory.toml: the table that a person sees, and that a court would get.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use bauta_inventory::{GAG_SENTENCE, Inventory, MACHINE_SENTENCE, OTHERS_SENTENCE};
use bauta_service::{App, Deletion};

use crate::ProxySeen;
use crate::frame::{Frame, Here, public_page};
use crate::visitor::Visitor;
use crate::words::EN;

#[derive(Template)]
#[template(path = "page/privacy.html")]
struct Privacy {
    frame: Frame,
    inventory: &'static Inventory,
    notes: [&'static str; 3],
    caveats: Vec<&'static str>,
}

/// `GET /privacy`
pub async fn privacy(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    proxy: Option<Extension<ProxySeen>>,
) -> Response {
    let (sealed, deleting) = match app.store.deletion() {
        Deletion::KeyDies => (EN.privacy_is_sealed, EN.privacy_key_dies),
        Deletion::Overwritten => (EN.privacy_sealed, EN.privacy_real),
        Deletion::NotReal => (EN.privacy_sealed, EN.privacy_not_real),
    };
    let mut caveats = vec![sealed, deleting, EN.privacy_direct, EN.privacy_public];
    if proxy.is_some_and(|Extension(ProxySeen(is_seen))| is_seen()) {
        caveats.insert(0, EN.privacy_proxy);
    }
    let page = Privacy {
        frame: Frame::new(&app, &visitor, EN.privacy_title, Here::Privacy).indexable(true),
        inventory: app.inventory,
        notes: [OTHERS_SENTENCE, MACHINE_SENTENCE, GAG_SENTENCE],
        caveats,
    };
    public_page(&visitor, &page)
}
