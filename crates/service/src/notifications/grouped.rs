//! Notifications that say the same of the same, taken together: who liked one post, who followed on one day.

use bauta_model::{Day, NotificationId, PostId};
use bauta_store::Window;
use bauta_store::notifications::Kind;
use bauta_store::told::{self, Notification};

use super::list::with_posts;
use super::{Asked, Told};
use crate::{App, Listed, Refused, Speaker};

/// Of what a group consists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A notification by itself.
    One(NotificationId),
    /// All of a kind about one post.
    OfPost(Kind, PostId),
    /// All of a kind on one day, where there is no post.
    OfDay(Kind, Day),
}

/// A group, as far as a page has it.
#[derive(Clone)]
pub struct Group {
    /// Of what it consists.
    pub key: Key,
    /// The page's part of it, newest first; never empty.
    pub told: Vec<Told>,
    /// How many there are in all, up to 200.
    pub count: usize,
}

/// Notifications of a group that are looked at.
const MOST: usize = 200;

impl Key {
    /// The key of a notification, where those of `kinds` are grouped.
    fn of(told: &Told, kinds: &[Kind]) -> Self {
        match &told.post {
            _ if !kinds.contains(&told.kind) => Self::One(told.id),
            Some(post) => Self::OfPost(told.kind, post.id()),
            None => Self::OfDay(told.kind, told.at.day()),
        }
    }
}

/// A page of what the speaker was told, in groups: each stands where its newest of the page does.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn grouped(
    app: &App,
    speaker: &Speaker,
    asked: Asked,
    kinds: &[Kind],
    window: Window<NotificationId>,
) -> Result<Listed<Group, NotificationId>, Refused> {
    let page = super::list(app, speaker, asked, window).await?;
    let mut groups: Vec<Group> = Vec::new();
    for told in page.items {
        let key = Key::of(&told, kinds);
        match groups.iter_mut().find(|group| group.key == key) {
            Some(group) => group.told.push(told),
            None => groups.push(Group {
                key,
                told: vec![told],
                count: 1,
            }),
        }
    }
    let (me, keys) = (
        speaker.account,
        groups.iter().map(|group| group.key).collect::<Vec<_>>(),
    );
    let counts = app
        .store
        .read("count_groups", move |conn| {
            let count = |key: &Key| Ok(rows(conn, me, *key)?.len());
            keys.iter()
                .map(count)
                .collect::<bauta_store::Result<Vec<usize>>>()
        })
        .await?;
    for (group, count) in groups.iter_mut().zip(counts) {
        group.count = count.max(group.told.len());
    }
    Ok(Listed {
        items: groups,
        highest: page.highest,
        lowest: page.lowest,
        more: page.more,
    })
}

fn rows(
    conn: &mut bauta_store::Conn,
    account: bauta_model::AccountId,
    key: Key,
) -> bauta_store::Result<Vec<Notification>> {
    match key {
        Key::One(id) => Ok(told::by_id(conn, account, id)?.into_iter().collect()),
        Key::OfPost(kind, post) => told::about(conn, account, kind, post, MOST as i64),
        Key::OfDay(kind, day) => {
            let window = Window {
                below: Some(NotificationId::first_of(day.plus(1).start())),
                since: Some(NotificationId::first_of(day.start())),
                ..Window::first(MOST)
            };
            told::list(conn, account, &[kind], None, false, &window)
        }
    }
}

/// A group as it is now.
///
/// # Errors
/// [`Refused::NotFound`] where nothing of it is left.
pub async fn group(app: &App, speaker: &Speaker, key: Key) -> Result<Group, Refused> {
    let me = speaker.account;
    let found = app.store.read("group", move |conn| rows(conn, me, key)).await?;
    let told = with_posts(app, speaker, found).await?;
    if told.is_empty() {
        return Err(Refused::NotFound);
    }
    let count = told.len();
    Ok(Group { key, told, count })
}

/// Forgets a group. Nothing happens where nothing of it is left.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn dismiss_group(app: &App, speaker: &Speaker, key: Key) -> Result<(), Refused> {
    speaker.speaks()?;
    let me = speaker.account;
    app.store
        .write("dismiss_group", move |conn| {
            for one in rows(conn, me, key)? {
                told::dismiss(conn, me, one.id)?;
            }
            Ok::<_, bauta_store::Error>(())
        })
        .await?;
    Ok(())
}

/// How many groups the speaker has not read, of `kinds` and up to `most` notifications, where those of `grouped` are
/// taken together.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn unread_groups(
    app: &App,
    speaker: &Speaker,
    kinds: Vec<Kind>,
    grouped: &[Kind],
    most: usize,
) -> Result<usize, Refused> {
    let me = speaker.account;
    let found = app
        .store
        .read("unread_groups", move |conn| {
            told::unread_rows(conn, me, &kinds, most)
        })
        .await?;
    let told = with_posts(app, speaker, found).await?;
    let mut keys: Vec<Key> = told.iter().map(|told| Key::of(told, grouped)).collect();
    let mut known = std::collections::HashSet::new();
    keys.retain(|key| known.insert(*key));
    Ok(keys.len())
}
