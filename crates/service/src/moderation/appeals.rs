//! Appeals: what somebody answers to a decision about them, once each, and what moderators make of it.

use std::sync::Arc;

use bauta_model::{AccountId, ActionId, PostId};
use bauta_store::appeals::{self as rows, Appeal, State};
use bauta_store::moderation::{self, Action, Decision};
use bauta_store::notifications::{self, Kind};
use bauta_timeline::AccountCard;

use super::decide::{Why, moderators_only};
use super::{quarantines, release, show_post, unlimit, unsuspend};
use crate::reading::account_cards;
use crate::{App, Refused, Speaker};

/// An appeal that waits.
#[derive(Clone)]
pub struct Waiting {
    /// What is said.
    pub appeal: Appeal,
    /// What was decided, while the record has it.
    pub action: Action,
    /// Whom it is about.
    pub target: Arc<AccountCard>,
    /// Who decided, while that account is there.
    pub moderator: Option<Arc<AccountCard>>,
}

/// Characters of an appeal.
pub const APPEAL_CHARS: usize = 2000;
/// Appeals that are shown at a time.
const MOST: i64 = 100;
/// Decisions that are looked through.
const MOST_DECISIONS: i64 = 500;

/// What somebody can object to: what was done to them, not what was taken back.
pub const fn can_be_appealed(decision: Decision) -> bool {
    matches!(
        decision,
        Decision::HidePost
            | Decision::DeletePost
            | Decision::Limit
            | Decision::Suspend
            | Decision::Warn
            | Decision::Quarantine
    )
}

/// The speaker objects to a decision about them. A suspended account may.
///
/// # Errors
/// [`Refused::NotFound`] where no such decision is about them; [`Refused::Invalid`] names `text`.
pub async fn appeal(app: &App, speaker: &Speaker, action: ActionId, text: &str) -> Result<(), Refused> {
    speaker.speaks()?;
    let text = bauta_text::clean_text(text);
    if text.is_empty() {
        return Err(Refused::invalid("text", "Say why the decision is wrong."));
    }
    if text.chars().count() > APPEAL_CHARS {
        let why = format!("An objection has at most {APPEAL_CHARS} characters.");
        return Err(Refused::invalid("text", why));
    }
    let me = speaker.account;
    app.store
        .write("appeal", move |conn| {
            let about_me = moderation::about(conn, me, MOST_DECISIONS)?;
            let found = about_me.iter().find(|one| one.id == action && one.target == me);
            found
                .filter(|one| can_be_appealed(one.decision))
                .ok_or(Refused::NotFound)?;
            let new = Appeal {
                action,
                account: me,
                text,
                state: State::Waiting,
                month: conn.clock().month(),
            };
            if rows::insert(conn, &new)? {
                Ok(())
            } else {
                Err(Refused::invalid("text", "You have objected to this already."))
            }
        })
        .await
}

/// The appeals that wait.
///
/// # Errors
/// [`Refused::Forbidden`] to whoever does not moderate.
pub async fn appeals(app: &App, speaker: &Speaker) -> Result<Vec<Waiting>, Refused> {
    moderators_only(speaker)?;
    let found = app
        .store
        .read("appeals", |conn| {
            let mut found = Vec::new();
            for appeal in rows::waiting(conn, MOST)? {
                let all = moderation::about(conn, appeal.account, MOST_DECISIONS)?;
                if let Some(action) = all.into_iter().find(|one| one.id == appeal.action) {
                    found.push((appeal, action));
                }
            }
            Ok::<_, bauta_store::Error>(found)
        })
        .await?;
    let people: Vec<AccountId> = found
        .iter()
        .flat_map(|(appeal, action)| [appeal.account, action.moderator])
        .collect();
    let cards = account_cards(app, &people).await?;
    let whole = |(appeal, action): (Appeal, Action)| {
        Some(Waiting {
            target: cards.get(&appeal.account).cloned()?,
            moderator: cards.get(&action.moderator).cloned(),
            appeal,
            action,
        })
    };
    Ok(found.into_iter().filter_map(whole).collect())
}

/// Settles an appeal. One that is granted takes its decision back, where it can be: a deleted post and a warning stay what they
/// are, and are said to have been wrong.
///
/// # Errors
/// [`Refused::Forbidden`] to whoever does not moderate, and about their own account; [`Refused::NotFound`] where none waits.
pub async fn settle_appeal(
    app: &App,
    speaker: &Speaker,
    action: ActionId,
    grant: bool,
) -> Result<(), Refused> {
    speaker.speaks()?;
    let all = appeals(app, speaker).await?;
    let found = all.into_iter().find(|one| one.appeal.action == action);
    let found = found.ok_or(Refused::NotFound)?;
    let target = found.appeal.account;
    if target == speaker.account {
        return Err(Refused::Forbidden("Nobody decides about their own account."));
    }
    if grant {
        take_back(app, speaker, &found.action).await?;
    }
    let state = if grant { State::Granted } else { State::Refused };
    app.store
        .write("settle_appeal", move |conn| {
            rows::settle(conn, action, state)?.ok_or(Refused::NotFound)?;
            // One line stands for all of them: the page behind it lists every decision and every answer.
            notifications::take_back_of_account(conn, target, Kind::Decision, target)?;
            notifications::insert(conn, target, Kind::Decision, target, None)?;
            Ok(())
        })
        .await
}

/// Puts back what one decision took down.
async fn release_all(
    app: &App,
    speaker: &Speaker,
    (target, post): (AccountId, Option<PostId>),
    why: Why,
) -> Result<(), Refused> {
    for held in quarantines(app, speaker).await? {
        let new = held.quarantine.new;
        if new.account == target && new.post == post {
            release(app, speaker, held.quarantine.id, why.clone()).await?;
        }
    }
    Ok(())
}

async fn take_back(app: &App, speaker: &Speaker, action: &Action) -> Result<(), Refused> {
    let why = Why::because("An objection was granted.");
    let done = match (action.decision, action.post) {
        (Decision::HidePost, Some(post)) => show_post(app, speaker, post, why).await,
        (Decision::Quarantine, post) => release_all(app, speaker, (action.target, post), why).await,
        (Decision::Limit, _) => unlimit(app, speaker, action.target, why).await,
        (Decision::Suspend, _) => unsuspend(app, speaker, action.target, why).await,
        _ => Ok(()),
    };
    match done {
        // What is gone meanwhile can't be taken back.
        Err(Refused::NotFound) => Ok(()),
        done => done,
    }
}
