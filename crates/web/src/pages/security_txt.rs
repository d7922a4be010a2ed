//! Whom to tell of a hole in the server: RFC 9116.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bauta_model::Month;
use bauta_service::{App, Contact, Refused, Site};

use crate::error;
use crate::visitor::Visitor;

/// Months after which the file should be asked for again: § 2.5.5 recommends less than a year.
const GOOD_FOR: i32 = 6;

/// `GET /.well-known/security.txt`: not there, unless the operator set a contact.
pub async fn security(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    let Some(contact) = &app.site.contact else {
        return error::refuse(&app, &visitor, &Refused::NotFound);
    };
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8"),
        (CACHE_CONTROL, "public, max-age=86400"),
    ];
    let text = file(&app.site, contact, app.clock.now().month());
    (headers, text).into_response()
}

fn file(site: &Site, contact: &Contact, now: Month) -> String {
    let until = now.plus(GOOD_FOR).start();
    let mut text = String::new();
    let _ = writeln!(text, "Contact: {}", contact.uri());
    let _ = writeln!(text, "Expires: {}", until.rfc3339());
    let _ = writeln!(text, "Preferred-Languages: en");
    let _ = writeln!(text, "Canonical: {}/.well-known/security.txt", site.base_url);
    text
}
