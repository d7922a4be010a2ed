//! Who runs this server, and by what rules; and where its source code is.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use bauta_service::domains::{self, How, ShownTo};
use bauta_service::{App, Contact, Registrations, Site};

use crate::frame::{Frame, Here, public_page};
use crate::visitor::Visitor;
use crate::words::EN;

#[derive(Template)]
#[template(path = "page/about.html")]
struct About {
    frame: Frame,
    description: String,
    /// Paragraphs of the operator's.
    paragraphs: Vec<String>,
    rules: Vec<String>,
    /// Name, what was decided, and why: where the operator shows it to the visitor.
    servers: Vec<(String, &'static str, String)>,
    contact: Option<Contact>,
    joining: &'static str,
    limits: Vec<(&'static str, String)>,
    version: &'static str,
}

/// `GET /about`
pub async fn about(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    let limits = &app.site.limits;
    let page = About {
        frame: Frame::new(&app, &visitor, EN.about, Here::Elsewhere).indexable(true),
        description: match app.site.description.as_str() {
            "" => EN.about_nobody.to_owned(),
            own => own.to_owned(),
        },
        paragraphs: paragraphs(&app.site.about),
        rules: app.site.rules.clone(),
        servers: servers(&app, &visitor),
        contact: app.site.contact.clone(),
        joining: match app.site.registrations {
            Registrations::Invite => EN.about_invite,
            Registrations::Open => EN.about_open,
            Registrations::Approval => EN.about_approval,
            Registrations::Closed => EN.about_closed,
        },
        limits: vec![
            (EN.about_post_chars, limits.post_chars.to_string()),
            (EN.about_name_chars, limits.name_chars.to_string()),
            (EN.about_bio_chars, limits.bio_chars.to_string()),
            (EN.about_fields, limits.fields.to_string()),
            (EN.about_pinned, limits.pinned_posts.to_string()),
            (
                EN.about_picture,
                format!("{} MiB", limits.picture_bytes / (1024 * 1024)),
            ),
        ],
        version: env!("CARGO_PKG_VERSION"),
    };
    public_page(&visitor, &page)
}

/// Servers that are kept away, as far as the operator shows them to the visitor.
fn servers(app: &App, visitor: &Visitor) -> Vec<(String, &'static str, String)> {
    let rules = app.domains.rules();
    let shown = match rules.shown_to {
        ShownTo::Nobody => false,
        ShownTo::Members => visitor.person().is_ok(),
        ShownTo::Everybody => true,
    };
    if !shown {
        return Vec::new();
    }
    let told = rules.all().into_iter().filter_map(|rule| {
        let kept = match rule.severity {
            How::Open => return None,
            How::Limit => EN.about_server_limited,
            How::Block => EN.about_server_blocked,
        };
        Some((domains::shown_name(rule), kept, rule.public_comment.clone()))
    });
    told.collect()
}

/// What an empty line parts.
fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in text.lines().map(str::trim) {
        let fresh = paragraphs.last().is_none_or(String::is_empty);
        match paragraphs.last_mut() {
            Some(last) if !line.is_empty() => {
                if !fresh {
                    last.push('\n');
                }
                last.push_str(line);
            }
            _ if !fresh => paragraphs.push(String::new()),
            _ => {}
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

/// Where the source code of the running program lies: where the operator says, else where it was built from.
pub fn source_place(site: &Site) -> Option<&str> {
    let built_from = option_env!("CARGO_PKG_REPOSITORY").filter(|place| !place.is_empty());
    site.source.as_deref().or(built_from)
}

#[derive(Template)]
#[template(path = "page/source.html")]
struct Source<'a> {
    frame: Frame,
    place: Option<&'a str>,
    version: &'static str,
}

/// `GET /source`: the licence gives everyone who uses the program over a network its source code (AGPL-3.0 § 13).
pub async fn source(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    let page = Source {
        frame: Frame::new(&app, &visitor, EN.source_title, Here::Elsewhere),
        place: source_place(&app.site),
        version: env!("CARGO_PKG_VERSION"),
    };
    public_page(&visitor, &page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_lines_part_paragraphs() {
        assert_eq!(paragraphs(" a\nb\n\n \nc\n"), ["a\nb", "c"]);
        assert!(paragraphs(" \n\n").is_empty());
    }
}
