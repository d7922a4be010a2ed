//! Who asks for a page: a stranger, or a person by the session in their cookie. Strangers get no cookie (law 9).

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::{COOKIE, HeaderValue};
use axum::http::request::Parts;
use axum::http::{Extensions, Method};
use bauta_model::{Door, LimiterKey, Theme};
use bauta_service::{App, Refused, Speaker};

/// The cookie that holds a session's token.
pub const COOKIE_NAME: &str = "bauta_session";

/// Whoever asks for a page.
pub struct Visitor {
    /// The person, if signed in.
    pub speaker: Option<Speaker>,
    /// Whoever has a session of an account that was suspended: they read what was decided about them, answer it, and take
    /// their account along.
    pub suspended: Option<Speaker>,
    /// Their handle.
    pub handle: Option<String>,
    /// Colours of the pages.
    pub theme: Theme,
    /// Unread notifications.
    pub unread: usize,
    /// A message of the server's waits, which the person has not marked as read.
    pub message: bool,
    /// There is a session, and nobody can say just now whose it is: the database is away.
    pub unknown: bool,
    /// Where the request came from, as far as limits need it.
    pub limiter: Option<LimiterKey>,
    /// The door that the request came by.
    pub door: Door,
    /// The session's token, for signing out.
    pub token: Option<String>,
    /// The page that was asked for, path and query, for the way back after signing in. None for what a form sent.
    pub wanted: Option<String>,
}

impl Visitor {
    /// The person, or the refusal that leads to signing in.
    ///
    /// # Errors
    /// [`Refused::Away`] where a session can't be looked up: to lead its owner to sign in would be wrong.
    pub fn person(&self) -> Result<&Speaker, Refused> {
        let why = if self.unknown {
            Refused::Away
        } else {
            Refused::NotSignedIn
        };
        self.speaker.as_ref().ok_or(why)
    }

    /// As [`Visitor::person`], and whoever was suspended: for what they may still do.
    ///
    /// # Errors
    /// As above.
    pub fn even_suspended(&self) -> Result<&Speaker, Refused> {
        self.suspended.as_ref().map_or_else(|| self.person(), Ok)
    }

    /// Whoever the cookie stands for: a stranger, if for nobody.
    pub async fn by_cookie(
        app: &App,
        cookie: Option<&HeaderValue>,
        limiter: Option<LimiterKey>,
        door: Door,
    ) -> Self {
        let visitor = Self::by_session(app, cookie, limiter, door).await;
        Self { door, ..visitor }
    }

    async fn by_session(
        app: &App,
        cookie: Option<&HeaderValue>,
        limiter: Option<LimiterKey>,
        door: Door,
    ) -> Self {
        match session_cookie(cookie) {
            Some(token) => match Self::signed_in(app, token.clone(), limiter, door).await {
                Ok(Some(visitor)) => visitor,
                Ok(None) => Self::stranger(limiter),
                Err(Refused::Forbidden(_)) => Self::held_out(app, token, limiter).await,
                Err(why) => Self {
                    unknown: matches!(why, Refused::Away),
                    ..Self::stranger(limiter)
                },
            },
            None => Self::stranger(limiter),
        }
    }

    /// A stranger everywhere but on the pages of decisions and of export.
    async fn held_out(app: &App, token: String, limiter: Option<LimiterKey>) -> Self {
        let suspended = bauta_service::accounts::authenticate::suspended(app, &token).await;
        Self {
            suspended: suspended.unwrap_or_default(),
            token: Some(token),
            ..Self::stranger(limiter)
        }
    }

    async fn signed_in(
        app: &App,
        token: String,
        limiter: Option<LimiterKey>,
        door: Door,
    ) -> Result<Option<Self>, Refused> {
        let Some(speaker) = bauta_service::accounts::authenticate(app, &token).await? else {
            return Ok(None);
        };
        bauta_service::accounts::may_come(app, speaker.account, door)?;
        let chrome = bauta_service::accounts::chrome(app, &speaker).await?;
        // A number that can't be had is no reason to sign anybody out.
        let unread = bauta_service::notifications::unread(app, &speaker)
            .await
            .unwrap_or_default();
        let message = app.desk.unseen(speaker.owner()).await.unwrap_or_default() > 0;
        Ok(Some(Self {
            unknown: false,
            message,
            handle: Some(chrome.handle.as_str().to_owned()),
            theme: chrome.theme,
            unread,
            speaker: Some(speaker),
            suspended: None,
            limiter,
            door,
            token: Some(token),
            wanted: None,
        }))
    }

    /// Whoever is not signed in.
    pub const fn stranger(limiter: Option<LimiterKey>) -> Self {
        Self {
            speaker: None,
            suspended: None,
            handle: None,
            theme: Theme::Auto,
            unread: 0,
            message: false,
            unknown: false,
            limiter,
            door: Door::Clearnet,
            token: None,
            wanted: None,
        }
    }
}

impl FromRequestParts<Arc<App>> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let limiter = parts.extensions.get::<LimiterKey>().copied();
        let door = door(&parts.extensions);
        let visitor = Self::by_cookie(app, parts.headers.get(COOKIE), limiter, door).await;
        let wanted = (parts.method == Method::GET)
            .then(|| parts.uri.path_and_query())
            .flatten();
        Ok(Self {
            wanted: wanted.map(ToString::to_string),
            ..visitor
        })
    }
}

/// The door that a request came by. Where none is told, nobody was hidden.
pub fn door(extensions: &Extensions) -> Door {
    extensions.get::<Door>().copied().unwrap_or(Door::Clearnet)
}

/// The session's token out of the `Cookie` header.
fn session_cookie(header: Option<&HeaderValue>) -> Option<String> {
    header?
        .to_str()
        .ok()?
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE_NAME)
        .map(|(_, value)| value.to_owned())
}

/// The header that sets the session's cookie: gone at the end of the browser's session unless asked for.
pub fn set_cookie(app: &App, token: &str, remember: bool) -> String {
    let secure = if app.site.base_url.starts_with("https:") {
        "; Secure"
    } else {
        ""
    };
    // The session itself ends at the end of the next calendar month; the browser need not know the day.
    let age = if remember { "; Max-Age=5184000" } else { "" };
    format!("{COOKIE_NAME}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")
}

/// The header that takes the cookie back.
pub fn clear_cookie() -> String {
    format!("{COOKIE_NAME}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let header = HeaderValue::from_static("a=b; bauta_session=xyz; c=d");
        assert_eq!(session_cookie(Some(&header)).as_deref(), Some("xyz"));
        assert_eq!(
            session_cookie(Some(&HeaderValue::from_static("xbauta_session=1"))),
            None
        );
        assert_eq!(session_cookie(None), None);
    }
}
