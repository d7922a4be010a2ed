//! Reading accounts: what everybody may know of them.

use std::sync::Arc;

use bauta_model::{AccountId, Handle, Standing};
use bauta_timeline::AccountCard;

use crate::{App, Refused};

/// The account of an id.
///
/// # Errors
/// [`Refused::NotFound`] where there is none, or moderators suspended it.
pub async fn by_id(app: &App, id: AccountId) -> Result<Arc<AccountCard>, Refused> {
    if let Some(card) = app.accounts.get(id) {
        return seen(card);
    }
    let ticket = app.accounts.ticket(id);
    let account = app
        .store
        .read("read_account", move |conn| bauta_store::accounts::by_id(conn, id))
        .await?
        .ok_or(Refused::NotFound)?;
    seen(app.accounts.insert(ticket, account))
}

/// The account of a handle.
///
/// # Errors
/// As [`by_id`].
pub async fn by_handle(app: &App, handle: &Handle) -> Result<Arc<AccountCard>, Refused> {
    if let Some(card) = app.accounts.by_handle(handle.key()) {
        return seen(card);
    }
    let ticket = app.accounts.ticket_for_any();
    let handle = handle.clone();
    let account = app
        .store
        .read("read_account", move |conn| {
            bauta_store::accounts::by_handle(conn, &handle)
        })
        .await?
        .ok_or(Refused::NotFound)?;
    seen(app.accounts.insert(ticket, account))
}

/// The accounts of many ids, in their order; those that are not there, or were suspended, are left out.
pub async fn many(app: &App, ids: &[AccountId]) -> Result<Vec<Arc<AccountCard>>, Refused> {
    let mut found: Vec<Option<Arc<AccountCard>>> = app.accounts.get_many(ids);
    let missing: Vec<AccountId> = ids
        .iter()
        .zip(&found)
        .filter(|(_, card)| card.is_none())
        .map(|(id, _)| *id)
        .collect();
    if !missing.is_empty() {
        let tickets: Vec<_> = missing.iter().map(|id| (*id, app.accounts.ticket(*id))).collect();
        let loaded = app
            .store
            .read("read_accounts", move |conn| {
                bauta_store::accounts::by_ids(conn, &missing)
            })
            .await?;
        for account in loaded {
            let id = account.id;
            if let Some((_, ticket)) = tickets.iter().find(|(of, _)| *of == id) {
                let card = app.accounts.insert(*ticket, account);
                for (at, _) in ids.iter().enumerate().filter(|(_, of)| **of == id) {
                    found[at] = Some(Arc::clone(&card));
                }
            }
        }
    }
    Ok(found
        .into_iter()
        .flatten()
        .filter(|card| card.account.standing != Standing::Suspended)
        .collect())
}

/// The handle in `name`, `@name`, `name@this.server` or `name@another.server`.
///
/// # Errors
/// [`Refused::NotFound`] for what is no handle.
pub fn local_handle(app: &App, acct: &str) -> Result<Handle, Refused> {
    let acct = acct.trim();
    let acct = acct.strip_prefix('@').unwrap_or(acct);
    let name = match acct.split_once('@') {
        Some((name, domain)) if domain.eq_ignore_ascii_case(&app.site.domain) => name,
        Some((name, domain)) => return Handle::remote(name, domain).map_err(|_| Refused::NotFound),
        None => acct,
    };
    Handle::parse(name).map_err(|_| Refused::NotFound)
}

fn seen(card: Arc<AccountCard>) -> Result<Arc<AccountCard>, Refused> {
    if card.account.standing == Standing::Suspended {
        return Err(Refused::NotFound);
    }
    Ok(card)
}
