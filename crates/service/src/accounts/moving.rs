//! Moving: an account says which others it is too, so that they may move to it, and goes where another says so of it.

use std::sync::Arc;

use bauta_model::{AccountId, Handle, LimiterKey, Secret};
use bauta_store::outbox::{self, Change, Kind};
use bauta_store::{Conn, moves, remote};
use bauta_timeline::AccountCard;

use super::passphrase::prove_again;
use crate::search::{Elsewhere, elsewhere};
use crate::{App, Refused, Speaker};

/// Other accounts that one account says that it is.
const MOST_ALIASES: usize = 10;

/// Which other accounts the speaker says that they are.
///
/// # Errors
/// [`Refused::Failed`] where the store fails; so for all below.
pub async fn aliases(app: &App, speaker: &Speaker) -> Result<Vec<Arc<AccountCard>>, Refused> {
    let account = speaker.account;
    let ids = app
        .store
        .read("aliases", move |conn| moves::aliases(conn, account))
        .await?;
    let mut cards = Vec::with_capacity(ids.len());
    for id in ids {
        match super::by_id(app, id).await {
            Ok(card) => cards.push(card),
            // Suspended here; the word about it stands.
            Err(Refused::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(cards)
}

/// The speaker says that they are `other` too, so that this account may move to theirs.
///
/// # Errors
/// [`Refused::Invalid`] for a handle of nobody, oneself, and with too many.
pub async fn add_alias(app: &App, speaker: &Speaker, other: &str) -> Result<(), Refused> {
    speaker.manages()?;
    let (account, other) = (speaker.account, find(app, "alias", other).await?);
    if other == account {
        return Err(Refused::invalid("alias", "That is this account."));
    }
    app.store
        .write("add_alias", move |conn| {
            if moves::aliases(conn, account)?.len() >= MOST_ALIASES {
                let why = format!("An account has at most {MOST_ALIASES} others.");
                return Err(Refused::invalid("alias", why));
            }
            moves::add_alias(conn, account, other)?;
            tell_profile(conn, account)
        })
        .await
}

/// The speaker says so no more.
///
/// # Errors
/// As [`aliases`].
pub async fn remove_alias(app: &App, speaker: &Speaker, other: AccountId) -> Result<(), Refused> {
    speaker.manages()?;
    let account = speaker.account;
    app.store
        .write("remove_alias", move |conn| {
            moves::remove_alias(conn, account, other)?;
            tell_profile(conn, account)
        })
        .await
}

/// Where an account went, if it did.
///
/// # Errors
/// As [`aliases`].
pub async fn moved_to(app: &App, account: AccountId) -> Result<Option<Arc<AccountCard>>, Refused> {
    let went = app
        .store
        .read("moved_to", move |conn| moves::of(conn, account))
        .await?;
    match went {
        Some(went) => match super::by_id(app, went).await {
            Err(Refused::NotFound) => Ok(None),
            other => other.map(Some),
        },
        None => Ok(None),
    }
}

/// Moves the speaker's account to `target`, which has to say that it is the speaker's too. Followers here follow there from
/// the next slot on, others as soon as their servers believe it.
///
/// # Errors
/// [`Refused::WrongPassphrase`], [`Refused::Limited`]; [`Refused::Invalid`] for a handle of nobody, for an account that
/// doesn't say so, and for a second move within a month.
pub async fn move_to(
    app: &App,
    speaker: &Speaker,
    target: &str,
    passphrase: &Secret<String>,
    limiter: LimiterKey,
) -> Result<(), Refused> {
    speaker.manages()?;
    prove_again(app, speaker, passphrase, limiter).await?;
    let (account, target) = (speaker.account, find(app, "target", target).await?);
    if target == account {
        return Err(Refused::invalid("target", "That is this account."));
    }
    if !says_so(app, target, account).await? {
        return Err(Refused::invalid(
            "target",
            "That account does not say that it is this one too. Say so there first, then move.",
        ));
    }
    app.store
        .write("move", move |conn| {
            set(conn, account, target)?;
            outbox::note(conn, &Change::new(Kind::Move, account, target.get()))?;
            tell_profile(conn, account)
        })
        .await
}

/// Takes a move of `account`, of another server, in. The caller knows that `target` says that it is `account` too.
///
/// # Errors
/// [`Refused::Invalid`] for a second move within a month.
pub async fn receive_move(app: &App, account: AccountId, target: AccountId) -> Result<(), Refused> {
    app.store
        .write("receive_move", move |conn| set(conn, account, target))
        .await
}

/// Nobody is led about: an account moves once in a month, and not to where it is.
fn set(conn: &mut Conn, account: AccountId, target: AccountId) -> Result<(), Refused> {
    let now = conn.now().month();
    if moves::last(conn, account)?.is_some_and(|last| last.month == now) {
        return Err(Refused::invalid(
            "target",
            "An account moves once in a calendar month.",
        ));
    }
    Ok(moves::set(conn, account, target)?)
}

/// The speaker's account stays here after all. Followers that went do not come back.
///
/// # Errors
/// As [`aliases`].
pub async fn stay(app: &App, speaker: &Speaker) -> Result<(), Refused> {
    speaker.manages()?;
    let account = speaker.account;
    app.store
        .write("stay", move |conn| {
            if moves::take_back(conn, account)? {
                tell_profile(conn, account)?;
            }
            Ok(())
        })
        .await
}

fn tell_profile(conn: &mut Conn, account: AccountId) -> Result<(), Refused> {
    Ok(outbox::note(conn, &Change::new(Kind::Profile, account, 0))?)
}

/// True if `target`, as its own server says now, is `account` too.
async fn says_so(app: &App, target: AccountId, account: AccountId) -> Result<bool, Refused> {
    let (known, here) = app
        .store
        .read("says_so", move |conn| {
            let here = moves::aliases(conn, target)?.contains(&account);
            Ok::<_, Refused>((remote::of(conn, target)?, here))
        })
        .await?;
    let Some(known) = known else {
        return Ok(here);
    };
    let own = super::by_id(app, account).await?;
    let own = format!("{}/@{}", app.site.base_url, own.account.handle);
    Ok(app.elsewhere.says_that_it_is(known.uri, own).await)
}

/// The account of a handle, here or elsewhere.
async fn find(app: &App, field: &'static str, typed: &str) -> Result<AccountId, Refused> {
    let nobody = || Refused::invalid(field, "There is nobody of that name.");
    let handle = Handle::parse_any(typed.trim().trim_start_matches('@')).map_err(|_| nobody())?;
    if let Ok(own) = super::local_handle(app, handle.as_str())
        && own.domain().is_none()
    {
        let card = super::by_handle(app, &own).await.map_err(|_| nobody())?;
        return Ok(card.account.id);
    }
    match elsewhere::find(app, handle.as_str()).await {
        Some(Elsewhere::Account(found)) => Ok(found),
        _ => Err(nobody()),
    }
}
