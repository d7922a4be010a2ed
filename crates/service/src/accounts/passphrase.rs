//! Changing the passphrase.

use std::sync::Arc;

use bauta_credentials::Lane;
use bauta_model::{LimiterKey, Secret};

use super::keyholders;
use super::sign_up::judge;
use crate::gates::Gate;
use crate::{App, Refused, Speaker};

/// Sets another passphrase, and ends every other session and every app's access of the speaker's: whoever knew the old one may have
/// made them.
///
/// # Errors
/// [`Refused::WrongPassphrase`] when `old` is not the passphrase.
pub async fn change(
    app: &App,
    speaker: &Speaker,
    old: &Secret<String>,
    new: &Secret<String>,
    limiter: LimiterKey,
) -> Result<(), Refused> {
    let before = confirm(app, speaker, old, limiter).await?;
    let handle = super::by_id(app, speaker.account).await?.account.handle.clone();
    judge(app, &handle, new)?;
    let (owner, keyholder, session) = (speaker.owner(), speaker.keyholder()?, speaker.session);
    let hash = keyholders::hash(app, owner, new, Lane::Session).await?;
    let (cache, codes) = (Arc::clone(&app.sessions), Arc::clone(&app.codes));
    app.store
        .write_then(
            "change_passphrase",
            move |conn| {
                let now = bauta_store::credentials::passphrase_hash(conn, keyholder)?;
                if now.as_deref() != Some(&before) {
                    return Err(Refused::WrongPassphrase);
                }
                keyholders::set_hash(conn, owner.account, keyholder, &hash)?;
                Ok(bauta_store::sessions::delete_all(conn, owner, Some(session))?)
            },
            move |()| {
                cache.forget_owner(owner);
                codes.forget_owner(owner);
            },
        )
        .await
}

/// Asks for the passphrase once more, before something that can't be undone.
///
/// # Errors
/// [`Refused::WrongPassphrase`]; [`Refused::Limited`] after many tries.
pub async fn prove_again(
    app: &App,
    speaker: &Speaker,
    passphrase: &Secret<String>,
    limiter: LimiterKey,
) -> Result<(), Refused> {
    confirm(app, speaker, passphrase, limiter).await.map(|_| ())
}

/// Asks for the passphrase once more, before something that can't be undone. Gives the hash that it met.
pub(super) async fn confirm(
    app: &App,
    speaker: &Speaker,
    passphrase: &Secret<String>,
    limiter: LimiterKey,
) -> Result<String, Refused> {
    app.gates.pass(Gate::SignIn, limiter)?;
    let keyholder = speaker.keyholder()?;
    let hash = app
        .store
        .read("confirm", move |conn| {
            bauta_store::credentials::passphrase_hash(conn, keyholder)
        })
        .await?;
    let right = app
        .hasher
        .verify(passphrase, hash.as_deref(), Lane::Session)
        .await?;
    match hash {
        Some(hash) if right => Ok(hash),
        _ => Err(Refused::WrongPassphrase),
    }
}
