//! How the speaker stands to others.

use std::sync::Arc;

use bauta_model::{AccountId, Standing};
use bauta_store::{follows, relations};
use bauta_timeline::AccountCard;

use super::Between;
use crate::reading::account_cards;
use crate::{App, Refused, Speaker, accounts};

/// How the speaker stands to `other`.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn relationship(app: &App, speaker: &Speaker, other: AccountId) -> Result<Between, Refused> {
    let me = speaker.account;
    let tie = app
        .store
        .read("relationship", move |conn| relations::between(conn, me, other))
        .await?;
    Ok(tie)
}

/// The most accounts that are asked for at a time.
const MOST: usize = 200;

/// How the speaker stands to each of `others`, in their order. Accounts that are not there are left out, and suspended
/// ones unless `with_suspended`.
///
/// # Errors
/// [`Refused::Invalid`] for more than 200.
pub async fn relationships(
    app: &App,
    speaker: &Speaker,
    others: &[AccountId],
    with_suspended: bool,
) -> Result<Vec<(AccountId, Between)>, Refused> {
    if others.len() > MOST {
        return Err(Refused::invalid("id", "Ask for at most 200 accounts at a time."));
    }
    let cards = account_cards(app, others).await?;
    let seen: Vec<AccountId> = others
        .iter()
        .copied()
        .filter(|id| {
            cards
                .get(id)
                .is_some_and(|card| with_suspended || card.account.standing != Standing::Suspended)
        })
        .collect();
    let (me, asked) = (speaker.account, seen.clone());
    let ties = app
        .store
        .read("relationships", move |conn| relations::among(conn, me, &asked))
        .await
        .map_err(Refused::from)?;
    Ok(seen
        .into_iter()
        .map(|id| (id, ties.get(&id).copied().unwrap_or_default()))
        .collect())
}

/// People who are shown as familiar, of one account.
const FAMILIAR: i64 = 40;
/// Accounts that are asked for at a time.
const MOST_FAMILIAR: usize = 40;

/// For each of `others`, whom the speaker follows among its followers: where both it and they show such things.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn familiar_followers(
    app: &App,
    speaker: &Speaker,
    others: &[AccountId],
) -> Result<Vec<(AccountId, Vec<Arc<AccountCard>>)>, Refused> {
    let mut all = Vec::with_capacity(others.len().min(MOST_FAMILIAR));
    for card in accounts::many(app, &others[..others.len().min(MOST_FAMILIAR)]).await? {
        let (me, of) = (speaker.account, card.account.id);
        let ids = if card.account.hide_collections {
            Vec::new()
        } else {
            app.store
                .read("familiar_followers", move |conn| {
                    follows::familiar(conn, me, of, FAMILIAR)
                })
                .await?
        };
        all.push((of, accounts::many(app, &ids).await?));
    }
    Ok(all)
}
