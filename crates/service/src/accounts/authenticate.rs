//! From a token to who speaks.
//!
//! What was found is held in memory, by the hash of the token, until the session ends. An answer that was on its way
//! from the database while something was revoked is not held: each revocation begins a new generation.

use std::collections::HashMap;
use std::sync::Arc;

pub use bauta_credentials::token::TokenHash;
use bauta_model::{AccountId, AppId, Duties, Month, SessionId, Standing};
use bauta_store::sessions::{Found, Owner};
use bauta_store::{lapses, waiting};
use parking_lot::RwLock;

use super::lapse;
use crate::streams::Streams;
use crate::{App, Refused, Scopes, SessionKind, Speaker};

/// Whoever has a good token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// An account.
    Person(Speaker),
    /// An app that speaks for itself.
    App {
        /// The app.
        app: AppId,
        /// Its session.
        session: SessionId,
        /// What it may do.
        scopes: Scopes,
    },
}

impl Bearer {
    /// What the token may do.
    pub const fn scopes(&self) -> &Scopes {
        match self {
            Self::Person(speaker) => &speaker.scopes,
            Self::App { scopes, .. } => scopes,
        }
    }
}

/// Who speaks with `token`, if it is a person's.
///
/// # Errors
/// [`Refused::Forbidden`] when moderators suspended the account.
pub async fn authenticate(app: &App, token: &str) -> Result<Option<Speaker>, Refused> {
    match bearer(app, token).await? {
        Some(Bearer::Person(speaker)) => Ok(Some(speaker)),
        _ => Ok(None),
    }
}

/// Whose session a `token` is, whose account moderators suspended: for the page of their decisions, and for nothing else.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn suspended(app: &App, token: &str) -> Result<Option<Speaker>, Refused> {
    let Some(hash) = TokenHash::of(token) else {
        return Ok(None);
    };
    let month = app.clock.month();
    let found = app
        .store
        .read("suspended", move |conn| {
            bauta_store::sessions::by_token(conn, hash.as_bytes(), month)
        })
        .await?;
    let held = |found: &Found| matches!(found.account, Some((_, _, Standing::Suspended)));
    Ok(found.filter(held).and_then(speaker_of))
}

/// Who has `token`: a person or an app.
///
/// # Errors
/// As [`authenticate`].
pub async fn bearer(app: &App, token: &str) -> Result<Option<Bearer>, Refused> {
    match TokenHash::of(token) {
        Some(hash) => bearer_by_hash(app, hash).await,
        None => Ok(None),
    }
}

/// Who has the token with this hash: for whoever keeps listening after the token was sent.
///
/// # Errors
/// As [`authenticate`].
pub async fn bearer_by_hash(app: &App, hash: TokenHash) -> Result<Option<Bearer>, Refused> {
    let month = app.clock.month();
    if let Some(bearer) = app.sessions.get(&hash, month) {
        return Ok(Some(bearer));
    }
    let generation = app.sessions.generation();
    let found = app
        .store
        .read("authenticate", move |conn| {
            let found = bauta_store::sessions::by_token(conn, hash.as_bytes(), month)?;
            let account = found.as_ref().and_then(|found| found.account);
            let behind = match account {
                Some((account, ..)) => lapses::is_behind(conn, account, month)?,
                None => false,
            };
            if let Some((account, _, Standing::Suspended)) = account
                && waiting::waits(conn, account)?
            {
                return Err(PENDING);
            }
            Ok::<_, Refused>(found.map(|found| (found, behind)))
        })
        .await?;
    let Some((found, behind)) = found else {
        return Ok(None);
    };
    let expires = found.expires;
    let Some(bearer) = bearer_of(found)? else {
        return Ok(None);
    };
    if let (true, Bearer::Person(speaker)) = (behind, &bearer) {
        lapse::move_on(app, speaker.account, month).await?;
    }
    app.sessions
        .hold(generation, hash, bearer.clone(), (month, expires));
    Ok(Some(bearer))
}

/// The sentence that somebody gets everywhere who waits to be let in, in Mastodon's words.
const PENDING: Refused = Refused::Forbidden("Your login is currently pending approval");

/// The sentence that a suspended account gets everywhere, in Mastodon's words.
pub(crate) const DISABLED: Refused = Refused::Forbidden("Your login is currently disabled");

fn bearer_of(found: Found) -> Result<Option<Bearer>, Refused> {
    let Some(scopes) = Scopes::parse(&found.scopes) else {
        return Ok(None);
    };
    match (found.account, found.app) {
        (Some((_, _, Standing::Suspended)), _) => Err(DISABLED),
        (Some(_), _) => Ok(speaker_of(found).map(Bearer::Person)),
        (None, Some(app)) => Ok(Some(Bearer::App {
            app,
            session: found.id,
            scopes,
        })),
        (None, None) => Ok(None),
    }
}

fn speaker_of(found: Found) -> Option<Speaker> {
    let (account, role, _) = found.account?;
    // What the operator made is nobody's in particular, and may do what its scopes say.
    let duties = found.keyholder.map_or(Duties::ALL, |(_, duties)| duties);
    Some(Speaker {
        account,
        keyholder: found.keyholder.map(|(id, _)| id),
        duties,
        role,
        session: found.id,
        kind: SessionKind::from_code(found.kind).unwrap_or(SessionKind::App),
        scopes: Scopes::parse(&found.scopes)?.narrowed(duties),
    })
}

/// Sessions held in memory. Beyond it, the one that is in the way goes.
const MOST: usize = 16_384;

/// Sessions that were used, by the hash of their token.
pub(crate) struct SessionCache {
    inner: RwLock<Inner>,
    /// Streams that were opened with a token look again whether it is still good.
    streams: Arc<Streams>,
}

struct Inner {
    generation: u64,
    held: HashMap<TokenHash, Held>,
}

struct Held {
    bearer: Bearer,
    /// Looked up in this month: in the next one it is looked up again, so that its account's month is moved on.
    month: Month,
    expires: Option<Month>,
}

impl Held {
    const fn session(&self) -> SessionId {
        match &self.bearer {
            Bearer::Person(speaker) => speaker.session,
            Bearer::App { session, .. } => *session,
        }
    }

    fn is_of(&self, owner: Owner) -> bool {
        let (keyholder, account) = (owner.keyholder, owner.account);
        matches!(&self.bearer, Bearer::Person(speaker) if speaker.account == account
            && (speaker.keyholder == keyholder || speaker.keyholder.is_none()))
    }

    fn speaks_for(&self, account: AccountId) -> bool {
        matches!(&self.bearer, Bearer::Person(speaker) if speaker.account == account)
    }
}

impl SessionCache {
    pub(crate) fn new(streams: Arc<Streams>) -> Self {
        Self {
            inner: RwLock::new(Inner {
                generation: 0,
                held: HashMap::new(),
            }),
            streams,
        }
    }

    fn get(&self, hash: &TokenHash, month: Month) -> Option<Bearer> {
        let inner = self.inner.read();
        let held = inner.held.get(hash)?;
        let good = held.month == month && held.expires.is_none_or(|last| month <= last);
        good.then(|| held.bearer.clone())
    }

    fn generation(&self) -> u64 {
        self.inner.read().generation
    }

    fn hold(
        &self,
        generation: u64,
        hash: TokenHash,
        bearer: Bearer,
        (month, expires): (Month, Option<Month>),
    ) {
        let mut inner = self.inner.write();
        if inner.generation != generation {
            return;
        }
        if inner.held.len() >= MOST
            && let Some(any) = inner.held.keys().next().copied()
        {
            inner.held.remove(&any);
        }
        let held = Held {
            bearer,
            month,
            expires,
        };
        inner.held.insert(hash, held);
    }

    /// A session ended.
    pub(crate) fn forget_session(&self, session: SessionId) {
        self.forget(|held| held.session() == session);
    }

    /// The sessions of an account ended, or what it may do changed.
    pub(crate) fn forget_account(&self, account: AccountId) {
        self.forget(|held| held.speaks_for(account));
    }

    /// The sessions of one of the people behind an account ended, and with them those that the operator made for all.
    pub(crate) fn forget_owner(&self, owner: Owner) {
        self.forget(|held| held.is_of(owner));
    }

    /// A token was revoked by its app.
    pub(crate) fn forget_token(&self, hash: &TokenHash) {
        let mut inner = self.inner.write();
        inner.generation += 1;
        inner.held.remove(hash);
        drop(inner);
        self.streams.look_again();
    }

    fn forget(&self, gone: impl Fn(&Held) -> bool) {
        let mut inner = self.inner.write();
        inner.generation += 1;
        inner.held.retain(|_, held| !gone(held));
        drop(inner);
        self.streams.look_again();
    }
}

impl App {
    /// To be called, after the commit, by whatever changes an account's role or standing: its sessions are read anew.
    pub fn forget_sessions_of(&self, account: AccountId) {
        self.sessions.forget_account(account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bauta_model::Role;

    fn person(account: i64, session: i64) -> Bearer {
        Bearer::Person(Speaker {
            account: AccountId::new(account),
            keyholder: None,
            duties: Duties::ALL,
            role: Role::User,
            session: SessionId::new(session),
            kind: SessionKind::Web,
            scopes: Scopes::all(),
        })
    }

    fn hash(byte: u8) -> TokenHash {
        TokenHash::from_bytes([byte; 32])
    }

    const JANUARY: Month = Month::new(600);

    #[test]
    fn an_answer_from_before_a_revocation_is_not_held() {
        let cache = SessionCache::new(Arc::default());
        let before = cache.generation();
        cache.forget_session(SessionId::new(1));
        cache.hold(before, hash(1), person(1, 1), (JANUARY, None));
        assert_eq!(cache.get(&hash(1), JANUARY), None);
    }

    #[test]
    fn ending_one_session_leaves_the_others() {
        let cache = SessionCache::new(Arc::default());
        for (byte, account) in [(1, 1), (2, 1), (3, 2)] {
            cache.hold(
                cache.generation(),
                hash(byte),
                person(account, i64::from(byte)),
                (JANUARY, None),
            );
        }
        cache.forget_session(SessionId::new(1));
        assert_eq!(cache.get(&hash(1), JANUARY), None);
        assert_eq!(cache.get(&hash(2), JANUARY), Some(person(1, 2)));
        cache.forget_account(AccountId::new(1));
        assert_eq!(cache.get(&hash(2), JANUARY), None);
        assert_eq!(cache.get(&hash(3), JANUARY), Some(person(2, 3)));
    }

    #[test]
    fn what_is_held_ends_with_its_month() {
        let cache = SessionCache::new(Arc::default());
        cache.hold(0, hash(1), person(1, 1), (JANUARY, Some(JANUARY)));
        assert!(cache.get(&hash(1), JANUARY).is_some());
        assert!(cache.get(&hash(1), JANUARY.plus(1)).is_none());
    }

    #[test]
    fn the_cache_does_not_grow_without_end() {
        let cache = SessionCache::new(Arc::default());
        for n in 0..=MOST {
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&n.to_le_bytes());
            cache.hold(0, TokenHash::from_bytes(bytes), person(1, 1), (JANUARY, None));
        }
        assert_eq!(cache.inner.read().held.len(), MOST);
    }
}
