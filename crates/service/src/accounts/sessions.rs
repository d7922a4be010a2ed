//! Sessions and apps as their owner sees them: one list, each line of which can be ended.

use std::sync::Arc;

use bauta_credentials::token;
use bauta_model::{AppId, Month, Secret, SessionId};
use bauta_store::sessions::{NewSession, Owner};

use crate::{App, Refused, Scopes, SessionKind, Speaker};

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The session.
    pub id: SessionId,
    /// What it came from.
    pub kind: SessionKind,
    /// The name that the app gave itself.
    pub app_name: Option<String>,
    /// The page that the app gave as its own.
    pub app_website: Option<String>,
    /// What it may do.
    pub scopes: Scopes,
    /// The last month in which it is good; none for what lasts until it is ended.
    pub expires: Option<Month>,
    /// It is the one that asks.
    pub current: bool,
}

/// Lists the speaker's sessions: not those of others behind the same account. There is no time of use in it: none is kept.
pub async fn list(app: &App, speaker: &Speaker) -> Result<Vec<Listed>, Refused> {
    let (owner, month) = (speaker.owner(), app.clock.month());
    let found = app
        .store
        .read("list_sessions", move |conn| {
            bauta_store::sessions::of_owner(conn, owner, month)
        })
        .await?;
    Ok(found
        .into_iter()
        .map(|session| Listed {
            current: session.id == speaker.session,
            id: session.id,
            kind: SessionKind::from_code(session.kind).unwrap_or(SessionKind::App),
            app_name: session.app_name,
            app_website: session.app_website,
            scopes: Scopes::parse(&session.scopes).unwrap_or_default(),
            expires: session.expires,
        })
        .collect())
}

/// Ends one of the speaker's sessions.
pub async fn revoke(app: &App, speaker: &Speaker, session: SessionId) -> Result<(), Refused> {
    let owner = speaker.owner();
    let cache = Arc::clone(&app.sessions);
    let found = app
        .store
        .write_then(
            "revoke_session",
            move |conn| bauta_store::sessions::delete(conn, owner, session),
            move |_| cache.forget_session(session),
        )
        .await?;
    if found { Ok(()) } else { Err(Refused::NotFound) }
}

/// The last month in which a session that begins in `now` is good: a session ends with a month, and never slides, so
/// that no row tells when somebody came.
pub(crate) fn end_of_session(now: Month) -> Month {
    now.plus(1)
}

/// A session to be written, and its token.
pub(crate) fn begin(
    owner: Option<Owner>,
    app: Option<AppId>,
    kind: SessionKind,
    scopes: &Scopes,
    expires: Option<Month>,
) -> (NewSession, Secret<String>) {
    let (token, hash) = token::generate();
    let session = NewSession {
        id: SessionId::random(),
        token_hash: *hash.as_bytes(),
        account: owner.map(|owner| owner.account),
        keyholder: owner.and_then(|owner| owner.keyholder),
        app,
        kind: kind.code(),
        scopes: scopes.to_string(),
        expires,
    };
    (session, token)
}
