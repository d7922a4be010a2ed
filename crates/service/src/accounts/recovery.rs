//! Recovery codes: the only way back to an account without its passphrase. Nobody else can help.

use std::sync::Arc;

use bauta_credentials::Lane;
use bauta_credentials::codes::{self, CodeHash, Kind};
use bauta_model::{Door, Handle, LimiterKey, Secret};
use bauta_store::sessions::Owner;

use super::keyholders;
use super::sign_up::judge;
use crate::gates::Gate;
use crate::{App, Refused, Speaker};

/// What somebody who lost the passphrase has.
pub struct Request {
    /// The handle, as typed: a code that is found does not tell whose it is.
    pub handle: String,
    /// A recovery code, as typed.
    pub code: String,
    /// The new passphrase.
    pub passphrase: Secret<String>,
    /// In place of an address.
    pub limiter: LimiterKey,
    /// The door that they came by.
    pub door: Door,
}

/// Sets a new passphrase by a recovery code, which is used up. Every session and every app's access of theirs ends.
///
/// # Errors
/// [`Refused::Invalid`] with the same sentence for a wrong code, a used one, and one of another account.
pub async fn recover(app: &App, request: Request) -> Result<(), Refused> {
    app.gates.pass(Gate::Recover, request.limiter)?;
    let handle = Handle::parse(request.handle.trim()).map_err(|_| wrong_code())?;
    let code = CodeHash::of(Kind::Recovery, &request.code).ok_or_else(wrong_code)?;
    judge(app, &handle, &request.passphrase)?;
    let owner = handle.clone();
    let (account, keyholder) = app
        .store
        .read("find_recovery_code", move |conn| {
            let found = bauta_store::credentials::by_recovery_code(conn, code.as_bytes())?;
            let known = bauta_store::credentials::by_handle(conn, &owner)?;
            let own = |account| known.is_some_and(|known| known.account == account);
            Ok::<_, bauta_store::Error>(found.filter(|(account, _)| own(*account)))
        })
        .await?
        .ok_or_else(wrong_code)?;
    super::may_come(app, account, request.door)?;
    let owner = Owner {
        account,
        keyholder: Some(keyholder),
    };
    let hash = keyholders::hash(app, owner, &request.passphrase, Lane::Stranger).await?;
    let (cache, codes) = (Arc::clone(&app.sessions), Arc::clone(&app.codes));
    app.store
        .write_then(
            "recover",
            move |conn| {
                if !bauta_store::credentials::use_up_recovery_code(conn, code.as_bytes())? {
                    return Err(wrong_code());
                }
                keyholders::set_hash(conn, owner.account, keyholder, &hash)?;
                Ok(bauta_store::sessions::delete_all(conn, owner, None)?)
            },
            move |()| {
                cache.forget_owner(owner);
                codes.forget_owner(owner);
            },
        )
        .await
}

fn wrong_code() -> Refused {
    Refused::invalid(
        "code",
        "This code does not belong to this handle, or it was used.",
    )
}

/// Makes new recovery codes; the old ones are void. Asks for the passphrase.
pub async fn renew(
    app: &App,
    speaker: &Speaker,
    passphrase: &Secret<String>,
    limiter: LimiterKey,
) -> Result<Vec<Secret<String>>, Refused> {
    super::passphrase::confirm(app, speaker, passphrase, limiter).await?;
    let (codes, hashes): (Vec<_>, Vec<_>) = codes::recovery_set()
        .into_iter()
        .map(|(code, hash)| (code, *hash.as_bytes()))
        .unzip();
    let (account, keyholder) = (speaker.account, speaker.keyholder()?);
    app.store
        .write("renew_codes", move |conn| {
            bauta_store::credentials::set_recovery_codes(conn, account, keyholder, &hashes)
        })
        .await?;
    Ok(codes)
}

/// How many codes the speaker has left.
pub async fn left(app: &App, speaker: &Speaker) -> Result<i64, Refused> {
    let keyholder = speaker.keyholder()?;
    Ok(app
        .store
        .read("codes_left", move |conn| {
            bauta_store::credentials::recovery_codes_left(conn, keyholder)
        })
        .await?)
}
