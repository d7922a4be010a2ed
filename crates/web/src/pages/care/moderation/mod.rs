//! Moderating: a queue, one report with what is around it, a list of people, and a record. A decision leads to the next
//! report, so that a case is read, decided and gone without a hand leaving the keyboard.

mod appeals;
mod case;
mod emoji;
mod people;
mod person;
mod quarantine;
mod quarantine_text;
mod queue;
mod record;
mod servers;
mod waiting;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use bauta_model::Standing;
use bauta_service::moderation::{Action, Decision};
use bauta_service::reports::Category;
use bauta_service::{App, Refused, Speaker};

use crate::visitor::Visitor;
use crate::words_care::EN;
use crate::words_quarantine::EN as QUARANTINE;

/// The routes of these pages.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/moderation", get(queue::queue))
        .route("/moderation/appeals", get(appeals::list))
        .route("/moderation/appeals/{id}", post(appeals::settle))
        .route("/moderation/emoji", get(emoji::list).post(emoji::add))
        .route("/moderation/emoji/{id}/remove", post(emoji::remove))
        .route("/moderation/record", get(record::record))
        .route("/moderation/quarantine", get(quarantine::list))
        .route(
            "/moderation/quarantine/{id}",
            get(quarantine::one).post(quarantine::act),
        )
        .route("/moderation/quarantine/{id}/{file}", get(quarantine::file))
        .route("/moderation/people", get(people::people))
        .route("/moderation/waiting", get(waiting::list).post(waiting::decide))
        .route(
            "/moderation/people/{handle}",
            get(person::person).post(person::decide),
        )
        .route("/moderation/{id}", get(case::case).post(case::decide))
        .merge(servers::routes())
}

/// A moderator. To everybody else these pages are not there.
fn moderator(visitor: &Visitor) -> Result<&Speaker, Refused> {
    let speaker = visitor.person()?;
    if speaker.role.moderates() {
        Ok(speaker)
    } else {
        Err(Refused::NotFound)
    }
}

const fn category(category: Category) -> &'static str {
    match category {
        Category::Violation => EN.report_violation,
        Category::Spam => EN.report_spam,
        Category::Legal => EN.report_legal,
        Category::Other => EN.report_other,
    }
}

/// What was decided, in words that follow "a moderator".
pub const fn did(decision: Decision) -> &'static str {
    match decision {
        Decision::HidePost => EN.did_hide,
        Decision::ShowPost => EN.did_show,
        Decision::DeletePost => EN.did_delete,
        Decision::Limit => EN.did_limit,
        Decision::Unlimit => EN.did_unlimit,
        Decision::Suspend => EN.did_suspend,
        Decision::Unsuspend => EN.did_unsuspend,
        Decision::Warn => EN.did_warn,
        Decision::Resolve => EN.did_resolve,
        Decision::Reopen => EN.did_reopen,
        Decision::DeleteAccount => EN.did_delete_account,
        Decision::Quarantine => QUARANTINE.did_quarantine,
        Decision::Release => QUARANTINE.did_release,
        Decision::Look => QUARANTINE.did_look,
        Decision::Sent => QUARANTINE.did_send,
    }
}

/// One thing that can be decided.
struct Choice {
    code: &'static str,
    name: &'static str,
    hint: &'static str,
}

impl Choice {
    const fn new(code: &'static str, name: &'static str, hint: &'static str) -> Self {
        Self { code, name, hint }
    }
}

/// What can be decided about an account itself, the mildest first.
fn standing_choices(standing: Standing) -> Vec<Choice> {
    let mut choices = vec![Choice::new("warn", EN.warn, EN.warn_hint)];
    if standing == Standing::Good {
        choices.push(Choice::new("limit", EN.limit, EN.limit_hint));
    }
    if standing != Standing::Suspended {
        choices.push(Choice::new("suspend", EN.suspend, EN.suspend_hint));
    }
    choices
}

/// What of it can be taken back.
fn standing_undos(standing: Standing) -> Option<(&'static str, &'static str)> {
    match standing {
        Standing::Good => None,
        Standing::Limited => Some(("unlimit", EN.unlimit)),
        Standing::Suspended => Some(("unsuspend", EN.unsuspend)),
    }
}

/// The name of a standing.
const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Good => EN.standing_good,
        Standing::Limited => EN.standing_limited,
        Standing::Suspended => EN.standing_suspended,
    }
}

/// A decision that was made before.
struct Before {
    what: &'static str,
    day: String,
    reason: String,
}

impl Before {
    fn of(action: &Action) -> Self {
        Self {
            what: did(action.decision),
            day: action.day.long(),
            reason: action.reason.clone(),
        }
    }
}
