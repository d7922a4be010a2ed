//! Accounts that are used over the onion service alone: on the open web their sessions and their apps' tokens are refused.
//! For good, so that nobody can be talked or ordered into showing where they are.

use std::collections::HashSet;
use std::sync::Arc;

use bauta_model::{AccountId, Door, Duty, LimiterKey, Secret};
use bauta_store::{Store, onion_accounts};
use parking_lot::RwLock;

use super::{keyholders, passphrase};
use crate::{App, Refused, Speaker};

/// Who is on the list. It is asked with every request, so it is held in memory.
#[derive(Default)]
pub(crate) struct OnionOnly(RwLock<HashSet<AccountId>>);

impl OnionOnly {
    /// Reads the list. Blocks; for the start.
    pub(crate) fn open(store: &Store) -> Result<Self, bauta_store::Error> {
        let all = crate::at_start::read(store, "onion_accounts", onion_accounts::all)?;
        Ok(Self(RwLock::new(all.into_iter().collect())))
    }

    fn holds(&self, account: AccountId) -> bool {
        self.0.read().contains(&account)
    }
}

/// What somebody reads who has proved whose account it is, at the wrong door.
const WRONG_DOOR: Refused = Refused::Forbidden(
    "This account is used over this server's onion service alone: its owner chose that, for good. Open the onion address in \
     Tor Browser.",
);

/// Lets whoever has proved to be `account` in by this door, or not. To be asked after the proof: a stranger is not to learn
/// how an account is used.
///
/// # Errors
/// [`Refused::Forbidden`] on the open web for an account that is used over the onion service alone.
pub fn may_come(app: &App, account: AccountId, door: Door) -> Result<(), Refused> {
    if door == Door::Clearnet && app.onion_only.holds(account) {
        return Err(WRONG_DOOR);
    }
    Ok(())
}

/// True if the speaker's account is used over the onion service alone.
pub fn is_onion_only(app: &App, speaker: &Speaker) -> bool {
    app.onion_only.holds(speaker.account)
}

/// Keeps the speaker's account to the onion service, for good. It asks for the passphrase, and has to come by the onion
/// door: so whoever does it can come back. Every other session and every app's access ends.
///
/// # Errors
/// [`Refused::WrongPassphrase`]; [`Refused::Forbidden`] on the open web, and to one of several people.
pub async fn keep_to_onion(
    app: &App,
    speaker: &Speaker,
    own: &Secret<String>,
    limiter: LimiterKey,
    door: Door,
) -> Result<(), Refused> {
    if door != Door::Onion {
        return Err(Refused::Forbidden(
            "Do this over the onion service, so that it is certain that you can come back.",
        ));
    }
    speaker.may(Duty::Manage)?;
    passphrase::confirm(app, speaker, own, limiter).await?;
    let (owner, session) = (speaker.owner(), speaker.session);
    let (cache, codes, list) = (
        Arc::clone(&app.sessions),
        Arc::clone(&app.codes),
        Arc::clone(&app.onion_only),
    );
    app.store
        .write_then(
            "keep_to_onion",
            move |conn| {
                keyholders::alone(conn, owner.account)?;
                onion_accounts::insert(conn, owner.account)?;
                Ok::<_, Refused>(bauta_store::sessions::delete_all(conn, owner, Some(session))?)
            },
            move |()| {
                list.0.write().insert(owner.account);
                cache.forget_account(owner.account);
                codes.forget_owner(owner);
            },
        )
        .await
}
