//! Logging in: handle and passphrase against a session of the pages.

use bauta_credentials::Lane;
use bauta_model::{AccountId, Handle, LimiterKey, Month, Secret, SessionId, Standing};
use bauta_store::credentials::Known;

use super::authenticate::DISABLED;
use super::sessions::{begin, end_of_session};
use crate::gates::Gate;
use crate::{App, Refused, Scopes, SessionKind};

/// What somebody typed, and from which neighbourhood.
pub struct Request {
    /// The handle, as typed.
    pub handle: String,
    /// The passphrase, as typed.
    pub passphrase: Secret<String>,
    /// In place of an address.
    pub limiter: LimiterKey,
}

/// A session of the pages.
pub struct SignedIn {
    /// For the cookie.
    pub token: Secret<String>,
    /// Who speaks.
    pub account: AccountId,
    /// The session in the list.
    pub session: SessionId,
    /// The last month in which it is good, however often it is used.
    pub expires: Month,
}

/// Begins a session of the pages.
///
/// A handle that nobody has costs the same work and gets the same answer as a wrong passphrase. Nothing is kept of a
/// try, right or wrong, but the session itself.
///
/// # Errors
/// [`Refused::WrongPassphrase`]; [`Refused::Forbidden`] for a suspended account, once the passphrase was right.
pub async fn log_in(app: &App, request: Request) -> Result<SignedIn, Refused> {
    app.gates.pass(Gate::SignIn, request.limiter)?;
    let known = prove(app, &request.handle, &request.passphrase).await?;
    let expires = end_of_session(app.clock.month());
    let (session, token) = begin(
        Some(known.account),
        None,
        SessionKind::Web,
        &Scopes::all(),
        Some(expires),
    );
    let signed_in = SignedIn {
        token,
        account: known.account,
        session: session.id,
        expires,
    };
    app.store
        .write("log_in", move |conn| {
            still_proven(conn, &known)?;
            Ok::<_, Refused>(bauta_store::sessions::insert(conn, &session)?)
        })
        .await?;
    Ok(signed_in)
}

/// The account of `handle`, if the passphrase is its own.
pub(crate) async fn prove(app: &App, handle: &str, passphrase: &Secret<String>) -> Result<Known, Refused> {
    let known = match Handle::parse(handle.trim()) {
        Ok(handle) => {
            app.store
                .read("log_in", move |conn| {
                    bauta_store::credentials::by_handle(conn, &handle)
                })
                .await?
        }
        Err(_) => None,
    };
    let hash = known.as_ref().and_then(|known| known.passphrase_hash.as_deref());
    let right = app.hasher.verify(passphrase, hash, Lane::Stranger).await?;
    match known {
        Some(known) if right && known.standing == Standing::Suspended => Err(DISABLED),
        Some(known) if right => renewed(app, known, passphrase).await,
        _ => Err(Refused::WrongPassphrase),
    }
}

/// Hashes a right passphrase anew where its hash is of an older cost.
async fn renewed(app: &App, mut known: Known, passphrase: &Secret<String>) -> Result<Known, Refused> {
    let old = known.passphrase_hash.clone().unwrap_or_default();
    if app.hasher.is_current(&old) {
        return Ok(known);
    }
    let hash = app.hasher.hash(passphrase, Lane::Stranger).await?;
    known.passphrase_hash = Some(hash.clone());
    let account = known.account;
    app.store
        .write("renew_hash", move |conn| {
            // Somebody may have changed the passphrase meanwhile: then theirs stays.
            if bauta_store::credentials::passphrase_hash(conn, account)? == Some(old) {
                bauta_store::credentials::set_passphrase_hash(conn, account, &hash)?;
            }
            Ok::<_, bauta_store::Error>(())
        })
        .await?;
    Ok(known)
}

/// Within the write that makes a session: a passphrase that was changed while this one was hashed opens nothing.
pub(crate) fn still_proven(conn: &mut bauta_store::Conn, known: &Known) -> Result<(), Refused> {
    let now = bauta_store::credentials::passphrase_hash(conn, known.account)?;
    if now == known.passphrase_hash {
        Ok(())
    } else {
        Err(Refused::WrongPassphrase)
    }
}
