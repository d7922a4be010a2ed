//! A person lets an app in: what the authorise page asks, and what comes of the answer.
//!
//! Codes live in memory alone, for ten minutes, and are good once. Whoever shows a page calls [`prepare`], shows the
//! app's name and what it wants, and calls [`grant`] or [`deny`] with the same request.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use bauta_credentials::pkce::Challenge;
use bauta_credentials::token::{self, TokenHash};
use bauta_model::{AppId, Secret};
use bauta_store::sessions::Owner;
use parking_lot::Mutex;

use super::redirect::{Redirect, with};
use super::register::{App as RegisteredApp, by_client_id};
use crate::{App, Refused, Scopes, Speaker};

/// The parameters of the authorise page, as the app sent them.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Must be `code`.
    pub response_type: String,
    /// The app.
    pub client_id: String,
    /// Where the app wants to be sent back to.
    pub redirect_uri: String,
    /// What it wants; empty stands for `read`.
    pub scope: String,
    /// Given back as it came.
    pub state: Option<String>,
    /// PKCE.
    pub code_challenge: Option<String>,
    /// PKCE: must be `S256`.
    pub code_challenge_method: Option<String>,
}

/// A request that was looked at.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The app that asks.
    pub app: RegisteredApp,
    /// What it wants.
    pub scopes: Scopes,
    /// Where it is sent back to.
    pub redirect: Redirect,
    state: Option<String>,
    challenge: Option<Challenge>,
}

/// Why the page can't ask.
#[derive(Debug)]
pub enum Unprepared {
    /// To be shown to the person: there is no address that could be trusted with it.
    Shown(Refused),
    /// To be told to the app, by sending the person there.
    Redirect(String),
}

/// What comes of a person's yes.
pub enum Granted {
    /// Send the person here; the code is in the address.
    Redirect(Secret<String>),
    /// Show this code to the person.
    Code(Secret<String>),
}

/// The longest `state` that is given back, in bytes.
const STATE: usize = 4096;

/// Looks at a request before the page is shown.
///
/// # Errors
/// [`Unprepared`]: shown while it is not sure that the address belongs to the app, else told to the app.
pub async fn prepare(app: &App, request: &Request) -> Result<Prepared, Unprepared> {
    let shown = |why| Unprepared::Shown(Refused::invalid("client_id", why));
    let registered = by_client_id(app, &request.client_id)
        .await
        .map_err(Unprepared::Shown)?
        .ok_or_else(|| shown("This server does not know the app. Let the app connect anew."))?;
    let redirect = Redirect::registered(&request.redirect_uri, &registered.redirect_uris)
        .ok_or_else(|| shown("The app asks to be answered at an address that it did not register."))?;
    let told = |error: &str, why: &str| told(&redirect, request.state.as_deref(), error, why);
    if request.state.as_ref().is_some_and(|state| state.len() > STATE) {
        return Err(shown("The app sent a state that is too long."));
    }
    if request.response_type != "code" {
        return Err(told(
            "unsupported_response_type",
            "This server answers with a code.",
        ));
    }
    let challenge = match &request.code_challenge {
        None => None,
        Some(challenge) => Some(
            Challenge::parse(challenge, request.code_challenge_method.as_deref())
                .map_err(|why| told("invalid_request", &why.to_string()))?,
        ),
    };
    let asked = if request.scope.trim().is_empty() {
        "read"
    } else {
        &request.scope
    };
    let scopes = Scopes::parse(asked)
        .filter(|scopes| registered.scopes.hold(scopes))
        .ok_or_else(|| told("invalid_scope", "The app asks for more than it registered for."))?;
    Ok(Prepared {
        app: registered,
        scopes,
        redirect,
        state: request.state.clone(),
        challenge,
    })
}

/// The person said yes.
///
/// # Errors
/// [`Refused::Busy`] when too many codes wait to be redeemed.
pub fn grant(app: &App, speaker: &Speaker, prepared: Prepared) -> Result<Granted, Refused> {
    let (code, hash) = token::generate();
    let pending = Pending {
        owner: speaker.owner(),
        app: prepared.app.id,
        scopes: prepared.scopes,
        redirect_uri: prepared.redirect.as_str().to_owned(),
        challenge: prepared.challenge,
        given: Instant::now(),
    };
    app.codes.put(hash, pending)?;
    match prepared.redirect {
        Redirect::OutOfBand => Ok(Granted::Code(code)),
        Redirect::Uri(uri) => {
            let mut parameters = vec![("code", code.expose().as_str())];
            if let Some(state) = &prepared.state {
                parameters.push(("state", state));
            }
            with(&uri, &parameters)
                .map(|target| Granted::Redirect(Secret::new(target)))
                .ok_or(Refused::NotFound)
        }
    }
}

/// The person said no. Where to send them; nothing where the app has no address.
pub fn deny(prepared: &Prepared) -> Option<String> {
    match told(
        &prepared.redirect,
        prepared.state.as_deref(),
        "access_denied",
        "The person did not let the app in.",
    ) {
        Unprepared::Redirect(target) => Some(target),
        Unprepared::Shown(_) => None,
    }
}

/// An error for the app (RFC 6749 § 4.1.2.1), or for the person where the app has no address.
fn told(redirect: &Redirect, state: Option<&str>, error: &str, why: &str) -> Unprepared {
    let Redirect::Uri(uri) = redirect else {
        return Unprepared::Shown(Refused::invalid("scope", why));
    };
    let mut parameters = vec![("error", error), ("error_description", why)];
    if let Some(state) = state {
        parameters.push(("state", state));
    }
    match with(uri, &parameters) {
        Some(target) => Unprepared::Redirect(target),
        None => Unprepared::Shown(Refused::invalid("scope", why)),
    }
}

/// A code that waits to be redeemed.
pub(crate) struct Pending {
    pub(super) owner: Owner,
    pub(super) app: AppId,
    pub(super) scopes: Scopes,
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<Challenge>,
    given: Instant,
}

/// How long a code is good (RFC 6749 § 4.1.2 recommends at most ten minutes).
const LIFETIME: Duration = Duration::from_mins(10);
/// Codes that may wait at a time.
const MOST: usize = 10_000;

/// The codes that wait to be redeemed, by their hash.
pub(crate) struct PendingCodes(Mutex<HashMap<TokenHash, Pending>>);

impl PendingCodes {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(HashMap::new()))
    }

    fn put(&self, hash: TokenHash, pending: Pending) -> Result<(), Refused> {
        let mut codes = self.0.lock();
        if codes.len() >= MOST {
            codes.retain(|_, pending| pending.given.elapsed() < LIFETIME);
        }
        if codes.len() >= MOST {
            return Err(Refused::Busy);
        }
        codes.insert(hash, pending);
        Ok(())
    }

    /// Takes a code out: it is good once, right or wrong.
    pub(super) fn take(&self, code: &str) -> Option<Pending> {
        let hash = TokenHash::of(code)?;
        self.0
            .lock()
            .remove(&hash)
            .filter(|pending| pending.given.elapsed() < LIFETIME)
    }

    /// All sessions of somebody ended: what they granted a moment before must not begin another one.
    pub(crate) fn forget_owner(&self, owner: Owner) {
        self.0.lock().retain(|_, pending| pending.owner != owner);
    }

    pub(crate) fn sweep(&self) {
        self.0
            .lock()
            .retain(|_, pending| pending.given.elapsed() < LIFETIME);
    }
}
