//! Web push: waking a person's apps through the push service of their maker.
//!
//! The URL of a push service stands for one device, and its maker can say whose. So it is off until the operator wants
//! it and the person said on a page that they know; what is sent says that there is something, and of what kind; and it
//! goes out at the beginning of a slot (docs/decisions/0046-web-push.md).

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use bauta_model::{AccountId, NotificationId};
use bauta_store::push::{self as rows, Subscription as Row};
use bauta_store::{Conn, Told, relations, told};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::notifications::Kind;
use crate::{App, Refused, Speaker};

/// Of what an app can be told, in Mastodon's words.
pub const ALERTS: [(Kind, &str); 10] = [
    (Kind::Mention, "mention"),
    (Kind::Quote, "quote"),
    (Kind::Status, "status"),
    (Kind::Boost, "reblog"),
    (Kind::Follow, "follow"),
    (Kind::FollowRequest, "follow_request"),
    (Kind::Favourite, "favourite"),
    (Kind::Poll, "poll"),
    (Kind::Update, "update"),
    (Kind::QuotedUpdate, "quoted_update"),
];

/// Mastodon's word for what an app is told of.
pub fn word(kind: Kind) -> Option<&'static str> {
    let known = ALERTS.iter().find(|(known, _)| *known == kind);
    known.map(|(_, word)| *word)
}

/// The page on which a person says that they want it.
pub const PAGE: &str = "/settings/push";

/// Characters of a URL.
const MOST_URL: usize = 1000;
/// Notifications that wait for the end of a slot, and those of one app that are told at once: beyond it, it knows enough.
const MOST_WAITING: usize = 10_000;
const MOST_AT_ONCE: usize = 5;

/// Whoever can reach push services.
pub struct Door {
    /// The key that apps register with, in base64url.
    pub public_key: String,
    /// Whether a URL is one that may be asked.
    pub takes: Box<dyn Fn(&str) -> bool + Send + Sync>,
}

/// Whose apps are to be woken, where the operator wants web push.
#[derive(Default)]
pub struct Pushes {
    door: OnceLock<Door>,
    waiting: Mutex<Vec<Told>>,
}

impl Pushes {
    /// Web push is on. Once.
    pub fn open(&self, door: Door) {
        let _ = self.door.set(door);
    }

    /// The key that apps register with; nothing where web push is off.
    pub fn public_key(&self) -> Option<&str> {
        self.door.get().map(|door| door.public_key.as_str())
    }

    /// On the writer's thread: somebody was told something.
    pub(crate) fn note(&self, all: &[Told]) {
        if self.door.get().is_some() {
            let mut waiting = self.waiting.lock();
            let room = MOST_WAITING.saturating_sub(waiting.len());
            waiting.extend(all.iter().take(room));
        }
    }
}

/// Of whom an app wants to be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whom {
    /// Everybody.
    #[default]
    Everybody,
    /// Those whom the person follows.
    Followed,
    /// Those who follow the person.
    Followers,
    /// Nobody.
    Nobody,
}

impl Whom {
    /// Every one, with Mastodon's word.
    pub const ALL: [(Self, &str); 4] = [
        (Self::Everybody, "all"),
        (Self::Followed, "followed"),
        (Self::Followers, "follower"),
        (Self::Nobody, "none"),
    ];

    /// Reads Mastodon's word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(one, _)| *one)
    }

    /// Mastodon's word.
    pub fn word(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    fn from_code(code: i16) -> Self {
        let at = usize::try_from(code).ok().and_then(|at| Self::ALL.get(at));
        at.map_or(Self::Nobody, |(one, _)| *one)
    }
}

/// Where an app is woken: its URL and its keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The URL at the push service.
    pub endpoint: String,
    /// The app's public key: an uncompressed point of P-256, in base64url.
    pub p256dh: String,
    /// The app's secret of 16 bytes, in base64url.
    pub auth: String,
}

impl Target {
    /// The bytes of key and secret; nothing where they are none.
    pub fn keys(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let bytes = |text: &str| {
            let text = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
            URL_SAFE_NO_PAD
                .decode(&text)
                .or_else(|_| URL_SAFE.decode(&text))
                .ok()
        };
        let (key, auth) = (bytes(&self.p256dh)?, bytes(&self.auth)?);
        (key.len() == 65 && key[0] == 4 && auth.len() == 16).then_some((key, auth))
    }
}

/// Of what and of whom an app is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// These kinds.
    pub kinds: Vec<Kind>,
    /// What they did.
    pub from: Whom,
}

impl Wish {
    fn bits(&self) -> i32 {
        self.kinds.iter().fold(0, |bits, kind| bits | (1 << kind.code()))
    }

    fn of(row: &Row) -> Self {
        let wanted = |kind: &Kind| row.alerts & (1 << kind.code()) != 0;
        Self {
            kinds: ALERTS.iter().map(|(kind, _)| *kind).filter(wanted).collect(),
            from: Whom::from_code(row.policy),
        }
    }
}

/// What an app asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its number.
    pub id: i64,
    /// Where.
    pub endpoint: String,
    /// What.
    pub wish: Wish,
}

fn target_of(row: &Row) -> Option<Target> {
    serde_json::from_str(&row.target).ok()
}

fn subscription_of(row: &Row) -> Result<Subscription, Refused> {
    Ok(Subscription {
        id: row.id,
        endpoint: target_of(row).ok_or(Refused::NotFound)?.endpoint,
        wish: Wish::of(row),
    })
}

/// What the page says: whether the operator wants web push, whether the speaker does, and how many of their apps use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The operator wants it.
    pub on: bool,
    /// The speaker agreed.
    pub agreed: bool,
    /// Apps that are woken.
    pub apps: i64,
}

/// How the speaker stands to web push.
///
/// # Errors
/// [`Refused::Failed`] where the store fails; so for all below.
pub async fn standing(app: &App, speaker: &Speaker) -> Result<Standing, Refused> {
    let (me, on) = (speaker.owner(), app.pushes.public_key().is_some());
    let found = app.store.read("push_standing", move |conn| {
        Ok::<_, bauta_store::Error>(Standing {
            on,
            agreed: rows::agreed(conn, me)?,
            apps: rows::count(conn, me)?,
        })
    });
    Ok(found.await?)
}

/// The speaker read what it means, and wants it; or does not any more, and no app of theirs is woken from then on.
///
/// # Errors
/// [`Refused::Invalid`] where the operator does not want it; [`Refused::Forbidden`] with a token that is nobody's.
pub async fn agree(app: &App, speaker: &Speaker, wanted: bool) -> Result<(), Refused> {
    let (account, me) = (speaker.account, speaker.keyholder()?);
    if wanted && app.pushes.public_key().is_none() {
        return Err(Refused::invalid("push", OFF));
    }
    app.store
        .write("agree_to_push", move |conn| {
            if wanted {
                rows::agree(conn, me)
            } else {
                rows::withdraw(conn, account, me)
            }
        })
        .await?;
    Ok(())
}

/// What an app is told where the operator does not want web push.
pub const OFF: &str = "Web push is off on this server.";

/// Wakes the app of the speaker's session at `target`, of what it wishes, in place of what it asked for before.
///
/// # Errors
/// [`Refused::Invalid`] while the operator or the person does not want it, with the address of the page; and for a URL or
/// keys that are none.
pub async fn subscribe(
    app: &App,
    speaker: &Speaker,
    target: Target,
    wish: Wish,
) -> Result<Subscription, Refused> {
    let door = app
        .pushes
        .door
        .get()
        .ok_or_else(|| Refused::invalid("push", OFF))?;
    if target.endpoint.len() > MOST_URL || !(door.takes)(&target.endpoint) {
        let why = "Endpoint must be a public https:// URL of a push service";
        return Err(Refused::invalid("endpoint", why));
    }
    if target.keys().is_none() {
        let why = "Keys must be a point of P-256 (p256dh) and 16 bytes (auth), in base64url";
        return Err(Refused::invalid("keys", why));
    }
    let row = Row {
        id: AccountId::random().get(),
        session: speaker.session,
        account: speaker.account,
        target: serde_json::to_string(&target).unwrap_or_default(),
        alerts: wish.bits(),
        policy: wish.from as i16,
    };
    let (owner, page) = (speaker.owner(), format!("{}{PAGE}", app.site.base_url));
    let found = subscription_of(&row)?;
    app.store
        .write("subscribe", move |conn| {
            if !rows::agreed(conn, owner)? {
                let why = format!(
                    "Push notifications go through a company that knows which device is yours. Read what that means, and \
                     agree, at {page}"
                );
                return Err(Refused::invalid("push", why));
            }
            Ok(rows::put(conn, &row)?)
        })
        .await?;
    Ok(found)
}

/// What the app of the speaker's session asked for, and no other's.
///
/// # Errors
/// [`Refused::NotFound`] where it asked for nothing; so for both below.
pub async fn subscription(app: &App, speaker: &Speaker) -> Result<Subscription, Refused> {
    let session = speaker.session;
    let row = app
        .store
        .read("push_subscription", move |conn| rows::of_session(conn, session));
    subscription_of(&row.await?.ok_or(Refused::NotFound)?)
}

/// The app of the speaker's session wishes something else.
///
/// # Errors
/// As above.
pub async fn change(app: &App, speaker: &Speaker, wish: Wish) -> Result<Subscription, Refused> {
    let (session, alerts, policy) = (speaker.session, wish.bits(), wish.from as i16);
    let changed = app.store.write("change_push", move |conn| {
        rows::change(conn, session, alerts, policy)
    });
    if changed.await? {
        subscription(app, speaker).await
    } else {
        Err(Refused::NotFound)
    }
}

/// The app of the speaker's session is not woken any more.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn unsubscribe(app: &App, speaker: &Speaker) -> Result<(), Refused> {
    let session = speaker.session;
    let gone = app
        .store
        .write("unsubscribe", move |conn| rows::remove(conn, session));
    gone.await?;
    Ok(())
}

/// An app that is to be woken now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The number of what it asked for.
    pub subscription: i64,
    /// Where.
    pub target: Target,
    /// What there is to be read.
    pub notification: NotificationId,
    /// Of what kind it is, in Mastodon's word.
    pub kind: &'static str,
}

/// Whom to wake for what was told since the last call. The newest of an account first, a few for each app.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn due(app: &App) -> Result<Vec<Due>, Refused> {
    let waiting = std::mem::take(&mut *app.pushes.waiting.lock());
    let mut by_account: BTreeMap<AccountId, Vec<NotificationId>> = BTreeMap::new();
    for (account, notification) in waiting {
        by_account.entry(account).or_default().push(notification);
    }
    let mut due = Vec::new();
    for (account, told) in by_account {
        let found = app
            .store
            .read("due_pushes", move |conn| of_account(conn, account, &told));
        due.extend(found.await?);
    }
    Ok(due)
}

fn of_account(
    conn: &mut Conn,
    account: AccountId,
    ids: &[NotificationId],
) -> Result<Vec<Due>, bauta_store::Error> {
    let subscriptions = rows::of_account(conn, account)?;
    if subscriptions.is_empty() {
        return Ok(Vec::new());
    }
    let mut news = Vec::new();
    for id in ids.iter().rev() {
        // What was taken back or read away in the meantime wakes nobody.
        news.extend(told::by_id(conn, account, *id)?);
    }
    let people: Vec<AccountId> = news.iter().map(|one| one.from).collect();
    let between = relations::among(conn, account, &people)?;
    let mut due = Vec::new();
    for row in &subscriptions {
        let (Some(target), wish) = (target_of(row), Wish::of(row)) else {
            continue;
        };
        let wanted = news.iter().filter(|one| wishes(&wish, one, &between));
        due.extend(wanted.take(MOST_AT_ONCE).filter_map(|one| {
            Some(Due {
                subscription: row.id,
                target: target.clone(),
                notification: one.id,
                kind: word(one.kind)?,
            })
        }));
    }
    Ok(due)
}

fn wishes(wish: &Wish, one: &told::Notification, between: &HashMap<AccountId, relations::Between>) -> bool {
    let between = between.get(&one.from).copied().unwrap_or_default();
    let from = match wish.from {
        Whom::Everybody => true,
        Whom::Followed => between.follows,
        Whom::Followers => between.followed_by,
        Whom::Nobody => false,
    };
    from && wish.kinds.contains(&one.kind)
}

/// Push services don't know these any more: they are forgotten.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn forget(app: &App, subscriptions: Vec<i64>) -> Result<(), Refused> {
    let gone = app
        .store
        .write("forget_pushes", move |conn| rows::forget(conn, &subscriptions));
    Ok(gone.await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_a_point_and_sixteen_bytes_however_they_are_written() {
        let target = |p256dh: &str, auth: &str| Target {
            endpoint: String::new(),
            p256dh: p256dh.into(),
            auth: auth.into(),
        };
        let mut point = vec![4; 65];
        point[64] = 0xff;
        let plain = URL_SAFE_NO_PAD.encode(&point);
        let auth = URL_SAFE.encode([0xfb; 16]);
        assert_eq!(
            target(&plain, &auth).keys(),
            Some((point.clone(), vec![0xfb; 16]))
        );
        let standard = base64::engine::general_purpose::STANDARD.encode(&point);
        assert!(
            target(&standard, &auth).keys().is_some(),
            "the other alphabet, padded"
        );
        for (p256dh, auth) in [
            ("", auth.as_str()),
            (plain.as_str(), ""),
            (plain.as_str(), "AAAA"),
            ("AAAA", auth.as_str()),
            (&plain[1..], auth.as_str()),
            ("ü", auth.as_str()),
        ] {
            assert_eq!(target(p256dh, auth).keys(), None, "{p256dh} {auth}");
        }
    }

    #[test]
    fn words_and_numbers_of_whom_come_back() {
        for (from, word) in Whom::ALL {
            assert_eq!(Whom::from_word(word), Some(from));
            assert_eq!((from.word(), Whom::from_code(from as i16)), (word, from));
        }
        assert_eq!(Whom::from_word("friends"), None);
        assert_eq!(Whom::from_code(9), Whom::Nobody, "what is unknown wakes nobody");
    }
}
