//! What moderators decided about a person, for that person: with the reason and the day, without who decided.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_service::moderation::{self, Decision, Notice};
use bauta_service::{App, Contact, Refused};

use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words_account::TEXT;
use crate::words_care::{EN, Words};

/// A line of the page.
struct Line {
    what: &'static str,
    day: String,
    reason: String,
    /// Path of the post, while it is there.
    post: Option<String>,
}

#[derive(Template)]
#[template(path = "account/decisions.html")]
struct Decisions {
    frame: Frame,
    say: &'static Words,
    back: &'static str,
    contact: Option<Contact>,
    lines: Vec<Line>,
}

/// `GET /settings/decisions`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    error::answer(&app, &visitor, show(&app, &visitor).await)
}

async fn show(app: &App, visitor: &Visitor) -> Result<Response, Refused> {
    let found = moderation::decisions_about_me(app, visitor.person()?).await?;
    let decisions = Decisions {
        frame: Frame::new(app, visitor, EN.decisions, Here::Settings),
        say: &EN,
        back: TEXT.back_to_settings,
        contact: app.site.contact.clone(),
        lines: found.iter().map(|notice| line(notice, visitor)).collect(),
    };
    Ok(page(StatusCode::OK, &decisions))
}

fn line(notice: &Notice, visitor: &Visitor) -> Line {
    let deleted = notice.decision == Decision::DeletePost;
    let handle = visitor.handle.as_deref().unwrap_or_default();
    Line {
        what: told(notice.decision),
        day: notice.day.long(),
        reason: notice.reason.clone(),
        post: notice
            .post
            .filter(|_| !deleted)
            .map(|post| format!("/@{handle}/{post}")),
    }
}

/// A decision in words to whom it is about. Those about reports alone are not told.
const fn told(decision: Decision) -> &'static str {
    match decision {
        Decision::HidePost => EN.you_hide,
        Decision::ShowPost => EN.you_show,
        Decision::DeletePost => EN.you_delete,
        Decision::Limit => EN.you_limit,
        Decision::Unlimit => EN.you_unlimit,
        Decision::Suspend => EN.you_suspend,
        Decision::Unsuspend => EN.you_unsuspend,
        Decision::Warn => EN.you_warn,
        Decision::Resolve => EN.did_resolve,
        Decision::Reopen => EN.did_reopen,
        Decision::DeleteAccount => EN.did_delete_account,
    }
}
