//! Of whom the speaker wants to be told: the policy, who waits aside because of it, and quiet mode.

use std::sync::Arc;

use bauta_model::{AccountId, CoarseTime, NotificationId, PostId, Preferences};
use bauta_store::Window;
use bauta_store::notification_policy::{self as rows, Answer, Policy};
use bauta_timeline::AccountCard;

use crate::posts::only_readable;
use crate::reading::{Shown, account_cards, shown};
use crate::{App, Listed, Refused, Speaker, accounts};

/// How much waits aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Aside {
    /// People, up to 100.
    pub people: usize,
    /// What they did, of those people.
    pub notifications: i64,
}

/// People who are counted.
const MOST_COUNTED: usize = 100;
/// Requests that are answered at once.
const MOST_ANSWERED: usize = 100;

/// Somebody whose doings wait aside.
#[derive(Clone)]
pub struct Waiting {
    /// The first of what waits; it names the request.
    pub id: NotificationId,
    /// The slot of the first.
    pub since: CoarseTime,
    /// The slot of the last.
    pub until: CoarseTime,
    /// Who it is.
    pub from: Arc<AccountCard>,
    /// How many wait.
    pub count: i64,
    /// The newest post that one of them is about, if the speaker may read it.
    pub post: Option<Shown>,
}

/// The speaker's policy, and how much waits aside.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn policy(app: &App, speaker: &Speaker) -> Result<(Policy, Aside), Refused> {
    let me = speaker.account;
    let found = app
        .store
        .read("notification_policy", move |conn| {
            let waiting = rows::requests(conn, me, &Window::first(MOST_COUNTED))?;
            let aside = Aside {
                people: waiting.len(),
                notifications: waiting.iter().map(|one| one.count).sum(),
            };
            Ok::<_, bauta_store::Error>((rows::of(conn, me)?, aside))
        })
        .await?;
    Ok(found)
}

/// Changes the speaker's policy by `change`, and gives it as it is then.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn change_policy(
    app: &App,
    speaker: &Speaker,
    change: impl FnOnce(Policy) -> Policy + Send + 'static,
) -> Result<Policy, Refused> {
    speaker.speaks()?;
    let me = speaker.account;
    let policy = app
        .store
        .write("set_notification_policy", move |conn| {
            let policy = change(rows::of(conn, me)?);
            rows::set(conn, me, &policy)?;
            Ok::<_, bauta_store::Error>(policy)
        })
        .await?;
    Ok(policy)
}

/// Who waits aside, by the first thing that they did, the newest first.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn requests(
    app: &App,
    speaker: &Speaker,
    window: Window<NotificationId>,
) -> Result<Listed<Waiting, NotificationId>, Refused> {
    let me = speaker.account;
    let found = app
        .store
        .read("notification_requests", move |conn| {
            rows::requests(conn, me, &window)
        })
        .await
        .map_err(Refused::from)?;
    let ids: Vec<NotificationId> = found.iter().map(|one| one.first).collect();
    Ok(Listed::new(waiting(app, speaker, found).await?, &ids, &window))
}

async fn waiting(app: &App, speaker: &Speaker, found: Vec<rows::Request>) -> Result<Vec<Waiting>, Refused> {
    let people: Vec<AccountId> = found.iter().map(|one| one.from).collect();
    let cards = account_cards(app, &people).await?;
    let posts: Vec<PostId> = found.iter().filter_map(|one| one.post).collect();
    let posts = shown(app, Some(speaker.account), &posts).await?;
    let posts = only_readable(app, Some(speaker), posts).await?;
    let slot = |id: NotificationId| app.clock.slot_of(id.unix_seconds());
    let whole = |one: rows::Request| {
        Some(Waiting {
            id: one.first,
            since: slot(one.first),
            until: slot(one.last),
            from: Arc::clone(cards.get(&one.from)?),
            count: one.count,
            post: posts.iter().find(|post| Some(post.id()) == one.post).cloned(),
        })
    };
    Ok(found.into_iter().filter_map(whole).collect())
}

/// One of those who wait.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn request(app: &App, speaker: &Speaker, id: NotificationId) -> Result<Waiting, Refused> {
    let me = speaker.account;
    let found = app
        .store
        .read("notification_request", move |conn| rows::request_of(conn, me, id))
        .await?
        .ok_or(Refused::NotFound)?;
    let mut all = waiting(app, speaker, vec![found]).await?;
    all.pop().ok_or(Refused::NotFound)
}

/// What becomes of those who wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settle {
    /// What they did is told now, and what they do is told from now on.
    LetIn,
    /// What they did is forgotten.
    Forget,
}

/// Settles requests, and says how many there were. Numbers that are none are passed over.
///
/// # Errors
/// [`Refused::Invalid`] for more than 100 at once.
pub async fn settle(
    app: &App,
    speaker: &Speaker,
    ids: Vec<NotificationId>,
    how: Settle,
) -> Result<usize, Refused> {
    speaker.speaks()?;
    if ids.len() > MOST_ANSWERED {
        return Err(Refused::invalid("id", "At most 100 requests at once."));
    }
    let me = speaker.account;
    let settled = app
        .store
        .write("settle_requests", move |conn| {
            let mut settled = 0;
            for id in ids {
                let Some(found) = rows::request_of(conn, me, id)? else {
                    continue;
                };
                match how {
                    Settle::LetIn => rows::accept(conn, me, found.from)?,
                    Settle::Forget => rows::dismiss(conn, me, found.from)?,
                }
                settled += 1;
            }
            Ok::<_, bauta_store::Error>(settled)
        })
        .await?;
    Ok(settled)
}

/// Quiet mode: only those whom the speaker follows mention, answer and write directly.
pub const fn is_quiet(policy: &Policy, preferences: &Preferences) -> bool {
    !matches!(policy.not_following, Answer::Accept) && !preferences.direct_from_strangers
}

/// Begins quiet mode: strangers' doings wait aside and their direct posts are refused. Ending it lets strangers tell again;
/// direct posts of strangers stay refused until the preferences say otherwise.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn set_quiet(app: &App, speaker: &Speaker, on: bool) -> Result<(), Refused> {
    speaker.speaks()?;
    if on {
        let preferences = Preferences {
            direct_from_strangers: false,
            ..accounts::preferences(app, speaker).await?
        };
        accounts::set_preferences(app, speaker, preferences).await?;
    }
    let answer = if on { Answer::Filter } else { Answer::Accept };
    let quiet = move |policy| Policy {
        not_following: answer,
        ..policy
    };
    change_policy(app, speaker, quiet).await?;
    Ok(())
}
