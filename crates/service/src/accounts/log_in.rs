//! Logging in: handle and passphrase against a session of the pages.

use bauta_credentials::Lane;
use bauta_model::{AccountId, Door, Handle, KeyholderId, LimiterKey, Month, Secret, SessionId, Standing};
use bauta_store::credentials::Known;
use bauta_store::sessions::Owner;

use super::authenticate::DISABLED;
use super::onion_only::may_come;
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
    /// The door that they came by.
    pub door: Door,
}

/// A session of the pages.
pub struct SignedIn {
    /// For the cookie.
    pub token: Secret<String>,
    /// Who speaks.
    pub account: AccountId,
    /// Moderators suspended the account.
    pub suspended: bool,
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
/// A suspended account gets one too. It opens what [`super::authenticate::suspended`] is asked for and nothing else:
/// why, an objection, and the account as a file.
///
/// # Errors
/// [`Refused::WrongPassphrase`]; [`Refused::Forbidden`] at the wrong door, once the passphrase was right.
pub async fn log_in(app: &App, request: Request) -> Result<SignedIn, Refused> {
    app.gates.pass(Gate::SignIn, request.limiter)?;
    let known = prove_any(app, &request.handle, &request.passphrase).await?;
    may_come(app, known.account, request.door)?;
    let expires = end_of_session(app.clock.month());
    let (session, token) = begin(
        Some(known.owner()),
        None,
        SessionKind::Web,
        &Scopes::all(),
        Some(expires),
    );
    let signed_in = SignedIn {
        token,
        account: known.account,
        suspended: known.standing == Standing::Suspended,
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

/// Somebody whose passphrase was right.
pub(crate) struct Proven {
    /// The account that they act through.
    pub(crate) account: AccountId,
    /// What moderators decided about it.
    standing: Standing,
    /// Who of the people behind it.
    keyholder: KeyholderId,
    /// What their passphrase was compared with.
    hash: String,
}

impl Proven {
    /// Whose the session becomes.
    pub(crate) const fn owner(&self) -> Owner {
        Owner {
            account: self.account,
            keyholder: Some(self.keyholder),
        }
    }
}

/// Whoever has the passphrase, of those behind the account of `handle`, where moderators let it speak.
pub(crate) async fn prove(app: &App, handle: &str, passphrase: &Secret<String>) -> Result<Proven, Refused> {
    let proven = prove_any(app, handle, passphrase).await?;
    if proven.standing == Standing::Suspended {
        Err(DISABLED)
    } else {
        Ok(proven)
    }
}

/// As [`prove`], whatever moderators decided.
async fn prove_any(app: &App, handle: &str, passphrase: &Secret<String>) -> Result<Proven, Refused> {
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
    let ways = known.as_ref().map_or(&[][..], |known| &known.ways);
    let hashes: Vec<String> = ways.iter().map(|(_, hash)| hash.clone()).collect();
    let right = app.hasher.find(passphrase, &hashes, Lane::Stranger).await?;
    match (known, right) {
        (Some(known), Some(at)) => renewed(app, known, at, passphrase).await,
        _ => Err(Refused::WrongPassphrase),
    }
}

/// Hashes a right passphrase anew where its hash is of an older cost and nobody else's shares its salt.
async fn renewed(
    app: &App,
    mut known: Known,
    at: usize,
    passphrase: &Secret<String>,
) -> Result<Proven, Refused> {
    let alone = known.ways.len() == 1;
    let (keyholder, old) = known.ways.swap_remove(at);
    let (account, standing) = (known.account, known.standing);
    let proven = |hash| Proven {
        account,
        standing,
        keyholder,
        hash,
    };
    if !alone || app.hasher.is_current(&old) {
        return Ok(proven(old));
    }
    let hash = app.hasher.hash(passphrase, Lane::Stranger).await?;
    let new = hash.clone();
    let renewed = app
        .store
        .write("renew_hash", move |conn| {
            // Somebody may have changed the passphrase meanwhile, or come to the account: then all stays as it is.
            let now = bauta_store::credentials::of_account(conn, account)?;
            let same = now == [(keyholder, old)];
            if same {
                bauta_store::credentials::set_passphrase_hash(conn, account, keyholder, &new)?;
            }
            Ok::<_, bauta_store::Error>(same)
        })
        .await?;
    if renewed {
        Ok(proven(hash))
    } else {
        Err(Refused::Busy)
    }
}

/// Within the write that makes a session: a passphrase that was changed while this one was hashed opens nothing, nor
/// does that of somebody who is not behind the account any more.
pub(crate) fn still_proven(conn: &mut bauta_store::Conn, known: &Proven) -> Result<(), Refused> {
    let now = bauta_store::credentials::passphrase_hash(conn, known.keyholder)?;
    if now.as_ref() == Some(&known.hash) {
        Ok(())
    } else {
        Err(Refused::WrongPassphrase)
    }
}
