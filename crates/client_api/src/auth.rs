//! Who asks: the bearer of a token, and what stands for where a request came from.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use bauta_model::{AppId, Door, LimiterKey, Secret};
use bauta_service::accounts::authenticate::{Bearer, TokenHash, bearer, bearer_by_hash};
use bauta_service::accounts::may_come;
use bauta_service::{App, Scopes, Speaker};

use crate::ApiError;

/// The bearer of the request's token, if it has one. A token that is not good is refused wherever it is sent, so that
/// an app learns of it.
pub(crate) struct Auth(Option<Bearer>);

impl Auth {
    /// The person who speaks, for an endpoint that needs one with `scope`.
    pub(crate) fn person(&self, scope: &str) -> Result<&Speaker, ApiError> {
        match &self.0 {
            None => Err(ApiError::InvalidToken),
            Some(Bearer::App { .. }) => Err(ApiError::NeedsPerson),
            Some(Bearer::Person(speaker)) if speaker.scopes.allow(scope) => Ok(speaker),
            Some(Bearer::Person(_)) => Err(ApiError::OutsideScopes),
        }
    }

    /// The person who looks, for an endpoint that strangers may use too.
    pub(crate) fn viewer(&self, scope: &str) -> Result<Option<&Speaker>, ApiError> {
        match &self.0 {
            Some(Bearer::Person(speaker)) if speaker.scopes.allow(scope) => Ok(Some(speaker)),
            Some(Bearer::Person(_)) => Err(ApiError::OutsideScopes),
            Some(Bearer::App { .. }) | None => Ok(None),
        }
    }

    /// The app whose own token was sent, with `scope`.
    pub(crate) fn app(&self, scope: &str) -> Result<(AppId, &Scopes), ApiError> {
        match &self.0 {
            Some(Bearer::App { app, scopes, .. }) if scopes.allow(scope) => Ok((*app, scopes)),
            Some(Bearer::App { .. }) => Err(ApiError::OutsideScopes),
            // A person who has an account does not sign up for another one through the same token.
            Some(Bearer::Person(_)) => {
                Err(bauta_service::Refused::Forbidden("This needs the app's own token.").into())
            }
            None => Err(ApiError::InvalidToken),
        }
    }

    /// Whoever bears the token.
    pub(crate) fn anyone(&self) -> Result<&Bearer, ApiError> {
        self.0.as_ref().ok_or(ApiError::InvalidToken)
    }
}

impl FromRequestParts<Arc<App>> for Auth {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let Some(token) = token_of(parts) else {
            return Ok(Self(None));
        };
        let found = bearer(app, &token).await?.ok_or(ApiError::InvalidToken)?;
        if let Bearer::Person(speaker) = &found {
            may_come(app, speaker.account, door(parts))?;
        }
        Ok(Self(Some(found)))
    }
}

/// The names of the parameter that may hold a token: those that Mastodon reads.
pub(crate) const TOKEN_PARAMETERS: [&str; 2] = ["access_token", "bearer_token"];

/// A token that came in a body: see [`crate::params::token_in_body`].
#[derive(Clone)]
pub(crate) struct BodyToken(pub(crate) Arc<Secret<String>>);

/// The hash of a token, for whoever keeps listening after the request that brought it.
pub(crate) struct Held {
    token: TokenHash,
    /// The door that it came by.
    pub(crate) door: Door,
}

impl Held {
    /// The token of a request to the streaming API: in the usual places, or as the protocol of a WebSocket.
    pub(crate) fn of(parts: &Parts) -> Option<Self> {
        let token = token_of(parts).or_else(|| offered_protocol(&parts.headers))?;
        Some(Self {
            token: TokenHash::of(&token)?,
            door: door(parts),
        })
    }

    /// The person whose token it is, as of now.
    pub(crate) async fn person(&self, app: &App) -> Result<Speaker, ApiError> {
        match bearer_by_hash(app, self.token).await? {
            Some(Bearer::Person(speaker)) => {
                may_come(app, speaker.account, self.door)?;
                Ok(speaker)
            }
            Some(Bearer::App { .. }) => Err(ApiError::NeedsPerson),
            None => Err(ApiError::InvalidToken),
        }
    }
}

/// The door that a request came by. Where none is told, nobody was hidden.
fn door(parts: &Parts) -> Door {
    parts.extensions.get::<Door>().copied().unwrap_or(Door::Clearnet)
}

/// What a browser offers as the protocol of a WebSocket: it can pass a token in no other header.
pub(crate) fn offered_protocol(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::SEC_WEBSOCKET_PROTOCOL)?.to_str().ok()?;
    let first = value.split(',').next()?.trim();
    (!first.is_empty()).then(|| first.to_owned())
}

/// The token in the header, in a parameter of the address, or in one of the body.
fn token_of(parts: &Parts) -> Option<String> {
    if let Some(value) = parts.headers.get(header::AUTHORIZATION)
        && let Ok(value) = value.to_str()
        && let Some((scheme, token)) = value.split_once(' ')
        && scheme.eq_ignore_ascii_case("bearer")
    {
        return Some(token.trim().to_owned());
    }
    let query = parts.uri.query().unwrap_or_default();
    let in_query = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| TOKEN_PARAMETERS.contains(&&**name))
        .map(|(_, token)| token.into_owned());
    in_query.or_else(|| {
        let BodyToken(token) = parts.extensions.get()?;
        Some(token.expose().clone())
    })
}

/// Whether a request says nothing of who sends it but perhaps in its body.
pub(crate) fn is_silent(request: &Request) -> bool {
    let query = request.uri().query().unwrap_or_default();
    !request.headers().contains_key(header::AUTHORIZATION)
        && !url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| TOKEN_PARAMETERS.contains(&&*name))
}

/// What the door put in place of an address. Where there was no door (a test), everybody is one neighbourhood.
pub(crate) struct Visit(pub(crate) LimiterKey);

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let key = parts.extensions.get::<LimiterKey>().copied();
        Ok(Self(key.unwrap_or(LimiterKey::new([0; 16]))))
    }
}
