//! Going, by oneself or because the others decided so: everything that opened the account for somebody ends in the same
//! write.

use std::sync::Arc;

use bauta_model::{AccountId, Duties, KeyholderId, LimiterKey, Secret};
use bauta_store::sessions::Owner;
use bauta_store::{Conn, keyholders};

use crate::accounts::passphrase;
use crate::{App, Refused, Speaker};

/// Leaves the account at once: passphrase, codes, sessions and apps of the speaker end. It asks for the passphrase.
///
/// # Errors
/// [`Refused::WrongPassphrase`]; [`Refused::Invalid`] for whoever is the last: an account without anybody could not
/// even be deleted.
pub async fn leave(
    app: &App,
    speaker: &Speaker,
    own: &Secret<String>,
    limiter: LimiterKey,
) -> Result<(), Refused> {
    passphrase::confirm(app, speaker, own, limiter).await?;
    let (account, me) = (speaker.account, speaker.keyholder()?);
    let after = Afterwards::of(app, account);
    app.store
        .write_then(
            "leave",
            move |conn| take_out(conn, account, me),
            move |()| after.happen(Some(me)),
        )
        .await
}

/// Within a write: takes somebody out of an account, and lets what they alone did be done by the others.
///
/// # Errors
/// [`Refused::Invalid`] for the last one; [`Refused::NotFound`] for somebody who is not in it.
pub(super) fn take_out(conn: &mut Conn, account: AccountId, who: KeyholderId) -> Result<(), Refused> {
    if keyholders::count(conn, account)? < 2 {
        return Err(Refused::invalid(
            "keyholder",
            "You are the only one behind this account. You can delete it instead.",
        ));
    }
    if !keyholders::delete(conn, account, who)? {
        return Err(Refused::NotFound);
    }
    mend(conn, account)
}

/// Within a write: no duty is nobody's, and whoever is alone has all.
pub(super) fn mend(conn: &mut Conn, account: AccountId) -> Result<(), Refused> {
    let people = keyholders::of_account(conn, account)?;
    let held: Vec<Duties> = people.iter().map(|one| one.duties).collect();
    for (one, mended) in people.iter().zip(Duties::mended(&held)) {
        if one.duties != mended {
            keyholders::set_duties(conn, one.id, mended)?;
        }
    }
    super::deciding::refresh(conn, account)
}

/// What memory is told once somebody is out: their sessions, and those of others whose duties may have grown, are read
/// anew, and open streams look whether they may still listen.
pub(super) struct Afterwards {
    account: AccountId,
    sessions: Arc<crate::accounts::authenticate::SessionCache>,
    codes: Arc<crate::apps::authorise::PendingCodes>,
}

impl Afterwards {
    pub(super) fn of(app: &App, account: AccountId) -> Self {
        Self {
            account,
            sessions: Arc::clone(&app.sessions),
            codes: Arc::clone(&app.codes),
        }
    }

    pub(super) fn happen(self, gone: Option<KeyholderId>) {
        let account = self.account;
        self.sessions.forget_account(account);
        if gone.is_some() {
            let keyholder = gone;
            self.codes.forget_owner(Owner { account, keyholder });
        }
    }
}
