//! The record of decisions: for moderators all of it, for everybody what is about them.

use std::sync::Arc;

use bauta_model::{AccountId, ActionId, Day, PostId};
use bauta_store::Conn;
use bauta_store::appeals::{self, State as AppealState};
use bauta_store::moderation::{self, Action, Decision};
use bauta_timeline::AccountCard;

use super::decide::moderators_only;
use crate::reading::account_cards;
use crate::{App, Refused, Speaker};

/// A decision with those who are part of it, while their accounts are there.
#[derive(Clone)]
pub struct Entry {
    /// The decision.
    pub action: Action,
    /// Who decided.
    pub moderator: Option<Arc<AccountCard>>,
    /// Whom it is about.
    pub target: Option<Arc<AccountCard>>,
}

/// The record, last day first, from after `below` on.
///
/// # Errors
/// [`Refused::Forbidden`] to whoever does not moderate.
pub async fn record(
    app: &App,
    speaker: &Speaker,
    below: Option<(Day, ActionId)>,
    limit: usize,
) -> Result<Vec<Entry>, Refused> {
    moderators_only(speaker)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = app
        .store
        .read("record", move |conn| moderation::list(conn, below, limit))
        .await
        .map_err(Refused::from)?;
    let people: Vec<AccountId> = found
        .iter()
        .flat_map(|action| [action.moderator, action.target])
        .collect();
    let cards = account_cards(app, &people).await?;
    Ok(found
        .into_iter()
        .map(|action| Entry {
            moderator: cards.get(&action.moderator).cloned(),
            target: cards.get(&action.target).cloned(),
            action,
        })
        .collect())
}

/// What its owner is told of a decision: not who decided, nor who reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number.
    pub id: ActionId,
    /// What the speaker answered, and what became of that.
    pub appeal: Option<(String, AppealState)>,
    /// What was decided.
    pub decision: Decision,
    /// The post that it is about.
    pub post: Option<PostId>,
    /// Why.
    pub reason: String,
    /// The day.
    pub day: Day,
}

/// Decisions that are shown to their owner.
const MOST: i64 = 100;

/// What moderators decided about the speaker and their posts, last day first.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn decisions_about_me(app: &App, speaker: &Speaker) -> Result<Vec<Notice>, Refused> {
    let me = speaker.account;
    let found = app
        .store
        .read("decisions", move |conn| notices(conn, me))
        .await
        .map_err(Refused::from)?;
    Ok(found)
}

/// What moderators decided about an account, as its owner is told.
pub(crate) fn notices(conn: &mut Conn, me: AccountId) -> bauta_store::Result<Vec<Notice>> {
    let appeals = appeals::of(conn, me)?;
    let appeal_of = |action: ActionId| {
        let found = appeals.iter().find(|appeal| appeal.action == action);
        found.map(|appeal| (appeal.text.clone(), appeal.state))
    };
    Ok(moderation::about(conn, me, MOST)?
        .into_iter()
        .filter(|action| action.target == me && !action.decision.is_internal())
        .map(|action| Notice {
            id: action.id,
            appeal: appeal_of(action.id),
            decision: action.decision,
            post: action.post,
            reason: action.reason,
            day: action.day,
        })
        .collect())
}
