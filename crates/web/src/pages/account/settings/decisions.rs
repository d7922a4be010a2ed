//! What moderators decided about a person, for that person: with the reason and the day, without who decided.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::ActionId;
use bauta_service::moderation::{self, AppealState, Decision, Notice};
use bauta_service::{App, Contact, Refused, accounts};
use serde::Deserialize;

use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::form::Problems;
use crate::visitor::Visitor;
use crate::words_account::TEXT;
use crate::words_care::{EN, Words};
use crate::words_quarantine::EN as QUARANTINE;

/// A line of the page.
struct Line {
    id: ActionId,
    /// It was not answered, and can be.
    can_object: bool,
    /// What its owner answered, and what became of that.
    answer: Option<(String, &'static str)>,
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
    /// The account is suspended: there is nothing to go back to.
    suspended: bool,
    problems: Problems,
    contact: Option<Contact>,
    lines: Vec<Line>,
}

/// `GET /settings/decisions`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    error::answer(&app, &visitor, show(&app, &visitor, Problems::none()).await)
}

/// What somebody answers to a decision.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Objection {
    decision: String,
    text: String,
}

/// `POST /settings/decisions`
pub async fn object(State(app): State<Arc<App>>, Form(visitor, sent): Form<Objection>) -> Response {
    error::answer(&app, &visitor, objected(&app, &visitor, sent).await)
}

async fn objected(app: &App, visitor: &Visitor, sent: Objection) -> Result<Response, Refused> {
    let action = sent.decision.parse().map_err(|_| Refused::NotFound)?;
    match moderation::appeal(app, visitor.even_suspended()?, action, &sent.text).await {
        Ok(()) => Ok(Redirect::to("/settings/decisions").into_response()),
        Err(refused) => {
            let (_, problems) = Problems::of(refused, ("", ""))?;
            show(app, visitor, problems).await
        }
    }
}

#[derive(Template)]
#[template(path = "account/waiting.html")]
struct Waiting {
    frame: Frame,
    /// Some are let in by chance.
    by_chance: bool,
}

async fn show(app: &App, visitor: &Visitor, problems: Problems) -> Result<Response, Refused> {
    if let Some(held_out) = &visitor.suspended
        && accounts::waiting::is_waiting(app, held_out).await?
    {
        let waiting = Waiting {
            frame: Frame::new(app, visitor, TEXT.wait_title, Here::Settings),
            by_chance: app.site.let_in_a_day > 0,
        };
        return Ok(page(StatusCode::OK, &waiting));
    }
    let found = moderation::decisions_about_me(app, visitor.even_suspended()?).await?;
    let decisions = Decisions {
        frame: Frame::new(app, visitor, EN.decisions, Here::Settings),
        say: &EN,
        back: TEXT.back_to_settings,
        suspended: visitor.suspended.is_some(),
        problems,
        contact: app.site.contact.clone(),
        lines: found.iter().map(|notice| line(notice, visitor)).collect(),
    };
    Ok(page(decisions.problems.status(), &decisions))
}

fn line(notice: &Notice, visitor: &Visitor) -> Line {
    let deleted = notice.decision == Decision::DeletePost;
    let handle = visitor.handle.as_deref().unwrap_or_default();
    Line {
        id: notice.id,
        can_object: notice.appeal.is_none() && moderation::can_be_appealed(notice.decision),
        answer: notice
            .appeal
            .as_ref()
            .map(|(text, state)| (text.clone(), became(*state))),
        what: told(notice.decision),
        day: notice.day.long(),
        reason: notice.reason.clone(),
        post: notice
            .post
            .filter(|_| !deleted)
            .map(|post| format!("/@{handle}/{post}")),
    }
}

const fn became(state: AppealState) -> &'static str {
    match state {
        AppealState::Waiting => EN.object_waits,
        AppealState::Granted => EN.object_granted,
        AppealState::Refused => EN.object_refused,
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
        Decision::Quarantine => QUARANTINE.you_quarantine,
        Decision::Release => QUARANTINE.you_release,
        Decision::Look => QUARANTINE.did_look,
        Decision::Sent => QUARANTINE.did_send,
    }
}
