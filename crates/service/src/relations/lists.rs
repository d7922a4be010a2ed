//! Lists of people: followers, following, blocked, muted.

use std::sync::Arc;

use bauta_model::{AccountId, CoarseTime, Standing};
use bauta_store::{Window, blocks, follows};
use bauta_timeline::AccountCard;

use crate::reading::{account_cards, reader};
use crate::{App, Listed, Refused, Speaker, accounts};

/// Who follows `of`. To others an empty list, unless its owner shows it: they see a count.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn followers(
    app: &App,
    viewer: Option<&Speaker>,
    of: AccountId,
    window: Window<AccountId>,
) -> Result<Listed<Arc<AccountCard>, AccountId>, Refused> {
    if !shows(app, viewer, of).await? {
        return Ok(Listed::empty());
    }
    let ids = app
        .store
        .read("followers", move |conn| follows::followers(conn, of, &window))
        .await?;
    people(app, stranger_to(viewer, of), &ids, &window).await
}

/// Whom `of` follows; shown as [`followers`] are.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn following(
    app: &App,
    viewer: Option<&Speaker>,
    of: AccountId,
    window: Window<AccountId>,
) -> Result<Listed<Arc<AccountCard>, AccountId>, Refused> {
    if !shows(app, viewer, of).await? {
        return Ok(Listed::empty());
    }
    let ids = app
        .store
        .read("following", move |conn| follows::following(conn, of, &window))
        .await?;
    people(app, stranger_to(viewer, of), &ids, &window).await
}

/// The viewer, where the list is somebody else's: of their own they see all.
fn stranger_to(viewer: Option<&Speaker>, of: AccountId) -> Option<&Speaker> {
    viewer.filter(|viewer| viewer.account != of)
}

async fn shows(app: &App, viewer: Option<&Speaker>, of: AccountId) -> Result<bool, Refused> {
    let card = accounts::by_id(app, of).await?;
    let Some(viewer) = viewer else {
        return Ok(!card.account.hide_collections);
    };
    if viewer.account == of {
        return Ok(true);
    }
    let tie = super::relationship(app, viewer, of).await?;
    Ok(!card.account.hide_collections && !tie.blocked_by)
}

/// Whom the speaker blocks.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn blocked(
    app: &App,
    speaker: &Speaker,
    window: Window<AccountId>,
) -> Result<Listed<Arc<AccountCard>, AccountId>, Refused> {
    let me = speaker.account;
    let ids = app
        .store
        .read("blocked", move |conn| blocks::blocked(conn, me, &window))
        .await?;
    people(app, None, &ids, &window).await
}

/// Whom the speaker mutes, with the slot in which it ends by itself.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn muted(
    app: &App,
    speaker: &Speaker,
    window: Window<AccountId>,
) -> Result<Listed<(Arc<AccountCard>, Option<CoarseTime>), AccountId>, Refused> {
    let me = speaker.account;
    let rows = app
        .store
        .read("muted", move |conn| blocks::muted(conn, me, &window))
        .await?;
    let ids: Vec<AccountId> = rows.iter().map(|(id, _)| *id).collect();
    let page = people(app, None, &ids, &window).await?;
    let until = |id: AccountId| {
        rows.iter()
            .find(|(of, _)| *of == id)
            .and_then(|(_, until)| *until)
    };
    let items = page
        .items
        .into_iter()
        .map(|card| {
            let until = until(card.account.id);
            (card, until)
        })
        .collect();
    Ok(Listed::new(items, &ids, &window))
}

/// The people of a page, without suspended ones and without those whom `viewer` hides.
pub(super) async fn people(
    app: &App,
    viewer: Option<&Speaker>,
    ids: &[AccountId],
    window: &Window<AccountId>,
) -> Result<Listed<Arc<AccountCard>, AccountId>, Refused> {
    let cards = account_cards(app, ids).await?;
    let reader = match viewer {
        Some(viewer) => Some(reader(app, viewer.account).await?),
        None => None,
    };
    let seen = |card: &&Arc<AccountCard>| {
        let account = &card.account;
        account.standing != Standing::Suspended
            && reader.as_ref().is_none_or(|reader| !reader.hides(account.id))
    };
    let items = ids
        .iter()
        .filter_map(|id| cards.get(id))
        .filter(seen)
        .cloned()
        .collect();
    Ok(Listed::new(items, ids, window))
}
