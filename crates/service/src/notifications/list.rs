//! Reading notifications. The rules of reading hold for the posts in them: a notification of a post that the speaker may
//! no longer read is left out.

use std::sync::Arc;

use bauta_model::{AccountId, CoarseTime, NotificationId, PostId};
use bauta_store::Window;
use bauta_store::notifications::Kind;
use bauta_store::told::{self, Notification};
use bauta_timeline::AccountCard;

use crate::moderation::{Notice, record};
use crate::posts::only_readable;
use crate::reading::{Shown, account_cards, shown};
use crate::{App, Listed, Refused, Speaker};

/// Something that the speaker was told.
#[derive(Clone)]
pub struct Told {
    /// Its id.
    pub id: NotificationId,
    /// What happened.
    pub kind: Kind,
    /// In which slot.
    pub at: CoarseTime,
    /// Who did it.
    pub from: Arc<AccountCard>,
    /// The post that it is about.
    pub post: Option<Shown>,
    /// The last decision about the speaker, where moderators decided something.
    pub decision: Option<Notice>,
}

/// Which notifications are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Of these kinds.
    pub kinds: Vec<Kind>,
    /// Of this account alone.
    pub from: Option<AccountId>,
    /// With what the speaker's policy set aside.
    pub aside: bool,
}

impl Default for Asked {
    /// All of them.
    fn default() -> Self {
        Self {
            kinds: Kind::ALL.to_vec(),
            from: None,
            aside: false,
        }
    }
}

/// What the speaker was told, newest first.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn list(
    app: &App,
    speaker: &Speaker,
    asked: Asked,
    window: Window<NotificationId>,
) -> Result<Listed<Told, NotificationId>, Refused> {
    let me = speaker.account;
    let found = app
        .store
        .read("notifications", move |conn| {
            told::list(conn, me, &asked.kinds, asked.from, asked.aside, &window)
        })
        .await
        .map_err(Refused::from)?;
    let ids: Vec<NotificationId> = found.iter().map(|one| one.id).collect();
    Ok(Listed::new(with_posts(app, speaker, found).await?, &ids, &window))
}

pub(super) async fn with_posts(
    app: &App,
    speaker: &Speaker,
    found: Vec<Notification>,
) -> Result<Vec<Told>, Refused> {
    let from: Vec<AccountId> = found.iter().map(|one| one.from).collect();
    let cards = account_cards(app, &from).await?;
    let posts: Vec<PostId> = found.iter().filter_map(|one| one.post).collect();
    let posts = shown(app, Some(speaker.account), &posts).await?;
    let posts = only_readable(app, Some(speaker), posts).await?;
    let me = speaker.account;
    let decision = if found.iter().any(|one| one.kind == Kind::Decision) {
        let notices = app
            .store
            .read("notices", move |conn| record::notices(conn, me))
            .await;
        notices.map_err(Refused::from)?.into_iter().next()
    } else {
        None
    };
    let post_of = |id: PostId| posts.iter().find(|post| post.id() == id).cloned();
    Ok(found
        .into_iter()
        .filter_map(|one| {
            let post = match one.post {
                Some(id) => Some(post_of(id)?),
                None => None,
            };
            Some(Told {
                id: one.id,
                kind: one.kind,
                at: app.clock.slot_of(one.id.unix_seconds()),
                from: Arc::clone(cards.get(&one.from)?),
                post,
                decision: decision.clone().filter(|_| one.kind == Kind::Decision),
            })
        })
        .collect())
}

/// One of what the speaker was told.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn get(app: &App, speaker: &Speaker, id: NotificationId) -> Result<Told, Refused> {
    let me = speaker.account;
    let found = app
        .store
        .read("notification", move |conn| told::by_id(conn, me, id))
        .await?
        .ok_or(Refused::NotFound)?;
    with_posts(app, speaker, vec![found])
        .await?
        .pop()
        .ok_or(Refused::NotFound)
}

/// Forgets one.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn dismiss(app: &App, speaker: &Speaker, id: NotificationId) -> Result<(), Refused> {
    speaker.speaks()?;
    let me = speaker.account;
    let gone = app
        .store
        .write("dismiss", move |conn| told::dismiss(conn, me, id))
        .await?;
    if gone { Ok(()) } else { Err(Refused::NotFound) }
}

/// Forgets all of them.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn clear(app: &App, speaker: &Speaker) -> Result<(), Refused> {
    speaker.speaks()?;
    let me = speaker.account;
    app.store
        .write("clear_notifications", move |conn| told::clear(conn, me))
        .await?;
    Ok(())
}

/// What a page counts to: beyond it, it says "99+".
const MOST_UNREAD: usize = 100;

/// How many the speaker has not read, up to 100: for the frame of every page.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn unread(app: &App, speaker: &Speaker) -> Result<usize, Refused> {
    unread_of(app, speaker, Kind::ALL.to_vec(), MOST_UNREAD).await
}

/// How many of `kinds` the speaker has not read, up to `most`.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn unread_of(
    app: &App,
    speaker: &Speaker,
    kinds: Vec<Kind>,
    most: usize,
) -> Result<usize, Refused> {
    let me = speaker.account;
    let count = app
        .store
        .read("unread", move |conn| told::unread(conn, me, &kinds, most))
        .await?;
    Ok(count)
}
