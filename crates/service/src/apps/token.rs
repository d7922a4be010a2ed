//! From a code, a passphrase or an app's own secret to an access token.

use bauta_model::{AppId, CoarseTime, LimiterKey, Secret, Standing};
use bauta_store::sessions::{NewSession, Owner};

use super::register::{App as RegisteredApp, proven};
use crate::accounts::log_in::{Proven, prove, still_proven};
use crate::accounts::sessions::{begin, end_of_session};
use crate::{App, Refused, Registrations, Scopes, SessionKind};

/// What an app asks for.
pub struct Request {
    /// The app.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Secret<String>,
    /// What it has in hand.
    pub grant: Grant,
    /// What it wants; nothing stands for what the person granted, or `read`.
    pub scopes: Option<Scopes>,
    /// In place of an address.
    pub limiter: LimiterKey,
}

/// What an app has in hand.
pub enum Grant {
    /// A code that a person gave it.
    Code {
        /// The code.
        code: Secret<String>,
        /// The address that the code was sent to.
        redirect_uri: String,
        /// PKCE.
        verifier: Option<Secret<String>>,
    },
    /// Nothing: it wants a token of its own.
    ClientCredentials,
    /// A person's passphrase. For test suites: on loopback and with open registrations only.
    Passphrase {
        /// The handle, as typed.
        handle: String,
        /// The passphrase.
        passphrase: Secret<String>,
    },
}

/// A token.
pub struct Issued {
    /// Shown once.
    pub token: Secret<String>,
    /// What it may do.
    pub scopes: Scopes,
    /// The slot of this answer; it is not kept.
    pub now: CoarseTime,
}

/// Why there is no token, in the words of RFC 6749 § 5.2.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// The app or its secret is unknown.
    #[error(
        "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method."
    )]
    Client,
    /// The code or passphrase is wrong, used, expired, or another app's.
    #[error(
        "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client."
    )]
    Grant,
    /// More than was granted or registered.
    #[error("The requested scope is invalid, unknown, or malformed.")]
    Scope,
    /// This server does not give tokens for that.
    #[error("The authorization grant type is not supported by the authorization server.")]
    GrantType,
    /// Anything else.
    #[error(transparent)]
    Refused(#[from] Refused),
}

impl From<bauta_store::Error> for Denied {
    fn from(error: bauta_store::Error) -> Self {
        Self::Refused(error.into())
    }
}

/// Gives an app a token.
pub async fn token(app: &App, request: Request) -> Result<Issued, Denied> {
    let registered = proven(app, &request.client_id, request.client_secret.expose())
        .await?
        .ok_or(Denied::Client)?;
    match request.grant {
        Grant::Code {
            code,
            redirect_uri,
            verifier,
        } => by_code(app, &registered, &code, &redirect_uri, verifier.as_ref()).await,
        Grant::ClientCredentials => by_itself(app, &registered, request.scopes).await,
        Grant::Passphrase { handle, passphrase } => {
            if !passphrase_grant(app) {
                return Err(Denied::GrantType);
            }
            app.gates.pass(crate::gates::Gate::SignIn, request.limiter)?;
            let scopes = wanted(&registered, request.scopes)?;
            let known = prove(app, &handle, &passphrase)
                .await
                .map_err(|refused| match refused {
                    Refused::WrongPassphrase => Denied::Grant,
                    other => Denied::Refused(other),
                })?;
            by_passphrase(app, registered.id, known, scopes).await
        }
    }
}

/// True where apps may hand in a passphrase: a server of a test suite.
pub fn passphrase_grant(app: &App) -> bool {
    app.site.is_loopback() && app.site.registrations == Registrations::Open
}

async fn by_code(
    app: &App,
    registered: &RegisteredApp,
    code: &Secret<String>,
    redirect_uri: &str,
    verifier: Option<&Secret<String>>,
) -> Result<Issued, Denied> {
    let pending = app.codes.take(code.expose()).ok_or(Denied::Grant)?;
    // A verifier without a challenge means that somebody took the challenge out on the way (RFC 9700 § 2.1.1).
    let met = match (&pending.challenge, verifier) {
        (Some(challenge), Some(verifier)) => challenge.is_met_by(verifier.expose()),
        (None, None) => true,
        _ => false,
    };
    if !met || pending.app != registered.id || pending.redirect_uri != redirect_uri {
        return Err(Denied::Grant);
    }
    let (session, token) = begin(
        Some(pending.owner),
        Some(registered.id),
        SessionKind::App,
        &pending.scopes,
        None,
    );
    let owner = pending.owner;
    app.store
        .write("redeem_code", move |conn| {
            still_there(conn, owner)?;
            Ok::<_, Denied>(bauta_store::sessions::insert(conn, &session)?)
        })
        .await?;
    Ok(issued(app, token, pending.scopes))
}

/// Whoever let the app in may have lost the account meanwhile.
fn still_there(conn: &mut bauta_store::Conn, owner: Owner) -> Result<(), Denied> {
    let account = bauta_store::accounts::by_id(conn, owner.account)?.ok_or(Denied::Grant)?;
    let people = bauta_store::keyholders::of_account(conn, owner.account)?;
    let gone = owner
        .keyholder
        .is_some_and(|id| !people.iter().any(|person| person.id == id));
    if gone || account.standing == Standing::Suspended {
        return Err(Denied::Grant);
    }
    Ok(())
}

/// A token of the app's own ends as sessions do: nothing hangs on it, and the next one costs nothing.
async fn by_itself(app: &App, registered: &RegisteredApp, scopes: Option<Scopes>) -> Result<Issued, Denied> {
    let scopes = wanted(registered, scopes)?;
    let expires = end_of_session(app.clock.month());
    let (session, token) = begin(
        None,
        Some(registered.id),
        SessionKind::App,
        &scopes,
        Some(expires),
    );
    insert(app, session).await?;
    Ok(issued(app, token, scopes))
}

async fn by_passphrase(app: &App, id: AppId, known: Proven, scopes: Scopes) -> Result<Issued, Denied> {
    let (session, token) = begin(Some(known.owner()), Some(id), SessionKind::App, &scopes, None);
    app.store
        .write("redeem_passphrase", move |conn| {
            still_proven(conn, &known)?;
            Ok::<_, Refused>(bauta_store::sessions::insert(conn, &session)?)
        })
        .await?;
    Ok(issued(app, token, scopes))
}

async fn insert(app: &App, session: NewSession) -> Result<(), Refused> {
    Ok(app
        .store
        .write("make_token", move |conn| {
            bauta_store::sessions::insert(conn, &session)
        })
        .await?)
}

fn wanted(registered: &RegisteredApp, scopes: Option<Scopes>) -> Result<Scopes, Denied> {
    let scopes = scopes
        .filter(|scopes| !scopes.words().is_empty())
        .or_else(|| Scopes::parse("read"))
        .unwrap_or_default();
    if registered.scopes.hold(&scopes) {
        Ok(scopes)
    } else {
        Err(Denied::Scope)
    }
}

fn issued(app: &App, token: Secret<String>, scopes: Scopes) -> Issued {
    Issued {
        token,
        scopes,
        now: app.clock.now(),
    }
}
