//! What every decision needs: somebody who may decide, a reason, a line on the record.

use bauta_model::{Account, AccountId, ActionId, PostId, ReportId, Role};
use bauta_store::Conn;
use bauta_store::moderation::{self, Action, Decision};
use bauta_store::notifications::{self, Kind};
use bauta_store::reports::{self, State};

use crate::{Refused, Speaker};

/// Why something is decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// In the moderator's words. Whom it is about reads it.
    pub reason: String,
    /// The report that led to it: it is settled with the decision.
    pub report: Option<ReportId>,
}

impl Why {
    /// A reason, without a report.
    pub fn because(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            report: None,
        }
    }
}

/// Characters of a reason.
pub const REASON_CHARS: usize = 1000;

/// Refuses whoever does not moderate.
pub(crate) fn moderators_only(speaker: &Speaker) -> Result<(), Refused> {
    if speaker.role.moderates() {
        Ok(())
    } else {
        Err(Refused::Forbidden("Only moderators can do this."))
    }
}

/// Cleans a reason. A decision against somebody needs one; to take a decision back, it may be empty.
pub(super) fn checked(mut why: Why, needed: bool) -> Result<Why, Refused> {
    why.reason = bauta_text::clean_text(&why.reason);
    if needed && why.reason.is_empty() {
        return Err(Refused::invalid("text", "Say why: whom it is about can read it."));
    }
    if why.reason.chars().count() > REASON_CHARS {
        return Err(Refused::invalid(
            "text",
            format!("A reason has at most {REASON_CHARS} characters."),
        ));
    }
    Ok(why)
}

/// Whether the speaker may decide about `target`: nobody about themselves, and about moderators only an operator.
pub(super) fn may_decide(speaker: &Speaker, target: &Account) -> Result<(), Refused> {
    if target.id == speaker.account {
        return Err(Refused::Forbidden("Nobody decides about their own account."));
    }
    let below = match target.role {
        Role::User => true,
        Role::Moderator => speaker.role == Role::Operator,
        Role::Operator => false,
    };
    if below {
        Ok(())
    } else {
        Err(Refused::Forbidden(
            "Moderators can't decide about those who run this server.",
        ))
    }
}

/// Puts a decision on the record, settles the report that led to it, and tells whom it is about.
pub(super) fn put_on_record(
    conn: &mut Conn,
    moderator: AccountId,
    target: AccountId,
    post: Option<PostId>,
    decision: Decision,
    why: Why,
) -> Result<(), Refused> {
    if let Some(id) = why.report {
        let report = reports::by_id(conn, id)?.filter(|report| report.target == target);
        report.ok_or(Refused::NotFound)?;
        reports::set_state(conn, id, State::Upheld)?;
    }
    let action = Action {
        id: ActionId::random(),
        moderator,
        target,
        post,
        report: why.report,
        decision,
        reason: why.reason,
        day: conn.now().day(),
    };
    moderation::record(conn, &action)?;
    if !decision.is_internal() {
        // One line stands for all of them: the page behind it lists every decision.
        notifications::take_back_of_account(conn, target, Kind::Decision, target)?;
        notifications::insert(conn, target, Kind::Decision, target, None)?;
    }
    Ok(())
}
