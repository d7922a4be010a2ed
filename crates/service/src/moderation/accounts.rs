//! Limiting, suspending and warning accounts, and finding them.

use std::sync::Arc;

use bauta_model::{AccountId, Handle, Role, Standing};
use bauta_store::moderation::{self, Action, Decision};
use bauta_store::outbox::{self, Change, Kind};
use bauta_store::{Window, remote, waiting};
use bauta_timeline::AccountCard;

use super::decide::{Why, checked, may_decide, moderators_only, put_on_record};
use crate::accounts::{erase_account_and, standing};
use crate::reading::{account_card, account_cards};
use crate::{App, Listed, Refused, Speaker, search};

/// Takes an account out of public lists and strangers' notifications.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::NotFound`]; [`Refused::Invalid`] without a reason; so for all below.
pub async fn limit(app: &App, speaker: &Speaker, target: AccountId, why: Why) -> Result<(), Refused> {
    speaker.speaks()?;
    set_standing(
        app,
        speaker,
        target,
        Standing::Limited,
        Decision::Limit,
        checked(why, true)?,
    )
    .await
}

/// Ends a limit. A suspension stays.
pub async fn unlimit(app: &App, speaker: &Speaker, target: AccountId, why: Why) -> Result<(), Refused> {
    speaker.speaks()?;
    let why = checked(why, false)?;
    set_standing(app, speaker, target, Standing::Good, Decision::Unlimit, why).await
}

/// Suspends an account: nobody sees it, and its sessions are refused. Nothing of it is deleted.
pub async fn suspend(app: &App, speaker: &Speaker, target: AccountId, why: Why) -> Result<(), Refused> {
    speaker.speaks()?;
    let why = checked(why, true)?;
    set_standing(app, speaker, target, Standing::Suspended, Decision::Suspend, why).await
}

/// Ends a suspension.
pub async fn unsuspend(app: &App, speaker: &Speaker, target: AccountId, why: Why) -> Result<(), Refused> {
    speaker.speaks()?;
    let why = checked(why, false)?;
    set_standing(app, speaker, target, Standing::Good, Decision::Unsuspend, why).await
}

async fn set_standing(
    app: &App,
    speaker: &Speaker,
    target: AccountId,
    standing: Standing,
    decision: Decision,
    why: Why,
) -> Result<(), Refused> {
    moderators_only(speaker)?;
    let speaker = speaker.clone();
    let memory = standing::Memory::of(app);
    app.store
        .write_then(
            "set_standing",
            move |conn| {
                let account = bauta_store::accounts::by_id(conn, target)?.ok_or(Refused::NotFound)?;
                may_decide(&speaker, &account)?;
                if waiting::waits(conn, target)? {
                    return Err(Refused::Forbidden(
                        "This account waits to be let in: let it in, or turn it away.",
                    ));
                }
                if !changes(account.standing, decision) {
                    return Ok(account.standing);
                }
                bauta_store::accounts::set_standing(conn, target, standing)?;
                put_on_record(conn, speaker.account, target, None, decision, why)?;
                let seen = matches!(decision, Decision::Suspend | Decision::Unsuspend);
                if seen && remote::is_known_elsewhere(conn, target)? {
                    outbox::note(conn, &Change::new(Kind::Profile, target, 0))?;
                }
                Ok::<_, Refused>(standing)
            },
            move |standing| memory.set(target, *standing),
        )
        .await?;
    search::refresh_behind(app, target);
    Ok(())
}

/// Whether a decision changes anything. Limiting a suspended account would let it speak again, so it does not.
const fn changes(standing: Standing, decision: Decision) -> bool {
    match decision {
        Decision::Limit => matches!(standing, Standing::Good),
        Decision::Unlimit => matches!(standing, Standing::Limited),
        Decision::Suspend => !matches!(standing, Standing::Suspended),
        Decision::Unsuspend => matches!(standing, Standing::Suspended),
        _ => false,
    }
}

/// Tells an account's owner something, and changes nothing else.
pub async fn warn(app: &App, speaker: &Speaker, target: AccountId, why: Why) -> Result<(), Refused> {
    speaker.speaks()?;
    moderators_only(speaker)?;
    let why = checked(why, true)?;
    let speaker = speaker.clone();
    app.store
        .write("warn", move |conn| {
            let account = bauta_store::accounts::by_id(conn, target)?.ok_or(Refused::NotFound)?;
            may_decide(&speaker, &account)?;
            put_on_record(conn, speaker.account, target, None, Decision::Warn, why)
        })
        .await
}

/// Deletes a suspended account for good, with everything that it said. What stays is a line on the record.
///
/// # Errors
/// [`Refused::Forbidden`] for everybody but operators, and of an account that is not suspended; [`Refused::NotFound`].
pub async fn delete_account(app: &App, speaker: &Speaker, target: AccountId) -> Result<(), Refused> {
    speaker.speaks()?;
    moderators_only(speaker)?;
    if speaker.role != Role::Operator {
        return Err(Refused::Forbidden("Only the operator deletes accounts."));
    }
    let speaker = speaker.clone();
    erase_account_and(app, target, move |conn, account| {
        may_decide(&speaker, account)?;
        if account.standing != Standing::Suspended {
            return Err(Refused::Forbidden(
                "Suspend the account first, and give its owner time to object.",
            ));
        }
        let decision = Decision::DeleteAccount;
        put_on_record(conn, speaker.account, account.id, None, decision, Why::default())
    })
    .await
}

/// An account as moderators see it.
pub type Found = Arc<AccountCard>;

/// Which accounts moderators look for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// In this standing; any, where nothing is said.
    pub standing: Option<Standing>,
    /// Whose handle begins so.
    pub handle: Option<String>,
    /// Only moderators and operators.
    pub staff: bool,
    /// Only those who wait to be let in.
    pub waiting: bool,
}

/// Accounts, for moderators: suspended ones are among them.
pub async fn people(
    app: &App,
    speaker: &Speaker,
    listing: Listing,
    window: Window<AccountId>,
) -> Result<Listed<Found, AccountId>, Refused> {
    moderators_only(speaker)?;
    let start = listing.handle.map(|handle| handle.to_ascii_lowercase());
    let ids = app
        .store
        .read("find_accounts", move |conn| {
            if listing.waiting {
                let found = waiting::list(conn, &window)?;
                return Ok(found.into_iter().map(|one| one.account).collect());
            }
            moderation::accounts(conn, listing.standing, listing.staff, start.as_deref(), &window)
        })
        .await?;
    let cards = account_cards(app, &ids).await?;
    let items = ids.iter().filter_map(|id| cards.get(id)).cloned().collect();
    Ok(Listed::new(items, &ids, &window))
}

/// An account, whatever was decided about it.
pub async fn person(app: &App, speaker: &Speaker, id: AccountId) -> Result<Found, Refused> {
    moderators_only(speaker)?;
    account_card(app, id).await
}

/// Decisions before, at most.
const BEFORE: i64 = 50;

/// The account of a handle, whatever was decided about it, with what was, last day first.
pub async fn person_at(
    app: &App,
    speaker: &Speaker,
    handle: &Handle,
) -> Result<(Found, Vec<Action>), Refused> {
    moderators_only(speaker)?;
    let handle = handle.clone();
    let (id, before) = app
        .store
        .read("person", move |conn| {
            let account = bauta_store::accounts::by_handle(conn, &handle)?.ok_or(Refused::NotFound)?;
            Ok::<_, Refused>((account.id, moderation::about(conn, account.id, BEFORE)?))
        })
        .await?;
    Ok((account_card(app, id).await?, before))
}
