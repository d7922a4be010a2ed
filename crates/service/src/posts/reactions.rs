//! Who favourited or boosted a post.

use std::sync::Arc;

use bauta_model::{AccountId, PostId, Standing};
use bauta_store::post_actions;
use bauta_timeline::AccountCard;

use crate::reading::{account_cards, readable, reader};
use crate::{App, Refused, Speaker};

/// A page of people.
pub struct People {
    /// Those whom the viewer may see.
    pub accounts: Vec<Arc<AccountCard>>,
    /// Where the next page goes on, if there may be one: below this id.
    pub next: Option<AccountId>,
}

/// Who favourited a post, below `below` in the order of ids, which tells nothing.
///
/// # Errors
/// [`Refused::NotFound`] for a post that the viewer may not read.
pub async fn favourited_by(
    app: &App,
    viewer: Option<&Speaker>,
    id: PostId,
    below: Option<AccountId>,
    limit: usize,
) -> Result<People, Refused> {
    let id = readable(app, viewer, id).await?.card.post.id;
    let below = below.unwrap_or(AccountId::new(i64::MAX));
    let ids = app
        .store
        .read("favourited_by", move |conn| {
            post_actions::favourited_by(conn, id, below, limit as i64)
        })
        .await?;
    people(app, viewer, &ids, limit).await
}

/// Who boosted a post, below `below` in the order of ids.
///
/// # Errors
/// [`Refused::NotFound`] for a post that the viewer may not read.
pub async fn boosted_by(
    app: &App,
    viewer: Option<&Speaker>,
    id: PostId,
    below: Option<AccountId>,
    limit: usize,
) -> Result<People, Refused> {
    let id = readable(app, viewer, id).await?.card.post.id;
    let below = below.unwrap_or(AccountId::new(i64::MAX));
    let ids = app
        .store
        .read("boosted_by", move |conn| {
            post_actions::boosted_by(conn, id, below, limit as i64)
        })
        .await?;
    people(app, viewer, &ids, limit).await
}

async fn people(
    app: &App,
    viewer: Option<&Speaker>,
    ids: &[AccountId],
    limit: usize,
) -> Result<People, Refused> {
    let cards = account_cards(app, ids).await?;
    let reader = match viewer {
        Some(speaker) => Some(reader(app, speaker.account).await?),
        None => None,
    };
    let seen = |card: &&Arc<AccountCard>| {
        card.account.standing != Standing::Suspended
            && reader
                .as_ref()
                .is_none_or(|reader| !reader.hides(card.account.id))
    };
    Ok(People {
        accounts: ids
            .iter()
            .filter_map(|id| cards.get(id))
            .filter(seen)
            .cloned()
            .collect(),
        next: ids.last().copied().filter(|_| ids.len() == limit),
    })
}
