//! Lists: some of those whom a person follows, read apart from the others.

use std::collections::HashSet;
use std::sync::Arc;

use bauta_model::{AccountId, ListId};
use bauta_store::{Conn, Window, lists};
use bauta_timeline::{AccountCard, Page, Timelines};

use crate::reading::{Shown, account_cards, shown};
use crate::streams::{Circle, Streams};
use crate::{App, Listed, Refused, Speaker};

pub use bauta_store::lists::{List, Replies};

/// Lists that a person may have (Mastodon's number).
const MOST_LISTS: i64 = 50;
/// People in a list, at most: a stream of it holds them all.
const MOST_MEMBERS: i64 = 1000;
/// Characters of a list's name, at most.
const TITLE_CHARS: usize = 256;

/// What is to be changed of a list, or to be so in a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Its name.
    pub title: Option<String>,
    /// Which replies it shows.
    pub replies: Option<Replies>,
    /// Who is in it is not in the home timeline.
    pub exclusive: Option<bool>,
}

/// What is in memory of a person's lists, and hears of a change on the writer's thread.
struct Memory {
    owner: AccountId,
    timelines: Arc<Timelines>,
    streams: Arc<Streams>,
}

impl Memory {
    fn of(app: &App, owner: AccountId) -> Self {
        Self {
            owner,
            timelines: Arc::clone(&app.timelines),
            streams: Arc::clone(&app.streams),
        }
    }

    fn settle(&self, list: ListId, circle: Option<Circle>) {
        // Who is kept out of the home timeline may have changed.
        self.timelines.drop_reader(self.owner);
        self.streams.set_circle(self.owner, list, circle);
    }
}

/// Writes a change of a list of the speaker's, and tells memory what is in it now.
async fn change<T, F>(
    app: &App,
    speaker: &Speaker,
    list: ListId,
    name: &'static str,
    work: F,
) -> Result<T, Refused>
where
    T: Send + 'static,
    F: FnOnce(&mut Conn) -> Result<T, Refused> + Send + 'static,
{
    let (owner, memory) = (speaker.account, Memory::of(app, speaker.account));
    let (done, _) = app
        .store
        .write_then(
            name,
            move |conn| {
                let done = work(conn)?;
                Ok::<_, Refused>((done, circle(conn, owner, list)?))
            },
            move |(_, circle)| memory.settle(list, circle.clone()),
        )
        .await?;
    Ok(done)
}

/// Who is in a list, as streams need to know; nothing where there is no such list.
fn circle(conn: &mut Conn, owner: AccountId, list: ListId) -> bauta_store::Result<Option<Circle>> {
    let Some(found) = lists::get(conn, owner, list)? else {
        return Ok(None);
    };
    let members = lists::members(conn, list, &Window::first(MOST_MEMBERS as usize))?;
    Ok(Some(Circle {
        members: Arc::new(members.into_iter().collect::<HashSet<_>>()),
        replies: found.replies,
    }))
}

/// Has a stream that was opened on a list of the speaker's know who is in it.
///
/// # Errors
/// [`Refused::NotFound`] where the speaker has no such list.
pub(crate) async fn listen(app: &App, speaker: &Speaker, list: ListId) -> Result<(), Refused> {
    change(app, speaker, list, "listen_to_list", move |_| Ok(())).await?;
    get(app, speaker, list).await.map(|_| ())
}

/// The speaker's lists.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn all(app: &App, speaker: &Speaker) -> Result<Vec<List>, Refused> {
    let me = speaker.account;
    Ok(app.store.read("lists", move |conn| lists::all(conn, me)).await?)
}

/// One of the speaker's lists.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn get(app: &App, speaker: &Speaker, list: ListId) -> Result<List, Refused> {
    let me = speaker.account;
    let found = app
        .store
        .read("list", move |conn| lists::get(conn, me, list))
        .await?;
    found.ok_or(Refused::NotFound)
}

/// A name as it is kept.
fn title(text: &str) -> Result<String, Refused> {
    let title = bauta_text::clean_line(text);
    if title.is_empty() {
        return Err(Refused::invalid("title", "Title can't be blank"));
    }
    if title.chars().count() > TITLE_CHARS {
        return Err(Refused::invalid(
            "title",
            format!("The name of a list has at most {TITLE_CHARS} characters."),
        ));
    }
    Ok(title)
}

/// Makes a list.
///
/// # Errors
/// [`Refused::Invalid`] without a name, or with too many lists.
pub async fn create(app: &App, speaker: &Speaker, wish: Wish) -> Result<List, Refused> {
    speaker.speaks()?;
    let list = List {
        id: ListId::random(),
        title: title(&wish.title.unwrap_or_default())?,
        replies: wish.replies.unwrap_or_default(),
        exclusive: wish.exclusive.unwrap_or_default(),
    };
    let (me, made) = (speaker.account, list.clone());
    change(app, speaker, list.id, "create_list", move |conn| {
        if lists::count(conn, me)? >= MOST_LISTS {
            return Err(Refused::invalid(
                "title",
                format!("An account has at most {MOST_LISTS} lists."),
            ));
        }
        Ok(lists::put(conn, me, &made)?)
    })
    .await?;
    Ok(list)
}

/// Changes a list.
///
/// # Errors
/// [`Refused::NotFound`]; [`Refused::Invalid`] for an empty or too long name.
pub async fn update(app: &App, speaker: &Speaker, list: ListId, wish: Wish) -> Result<List, Refused> {
    speaker.speaks()?;
    let me = speaker.account;
    let title = wish.title.as_deref().map(title).transpose()?;
    change(app, speaker, list, "update_list", move |conn| {
        let mut list = lists::get(conn, me, list)?.ok_or(Refused::NotFound)?;
        list.title = title.unwrap_or(list.title);
        list.replies = wish.replies.unwrap_or(list.replies);
        list.exclusive = wish.exclusive.unwrap_or(list.exclusive);
        lists::put(conn, me, &list)?;
        Ok(list)
    })
    .await
}

/// Deletes a list. Nobody in it is told, nor unfollowed.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn delete(app: &App, speaker: &Speaker, list: ListId) -> Result<(), Refused> {
    speaker.speaks()?;
    let me = speaker.account;
    change(app, speaker, list, "delete_list", move |conn| {
        if lists::delete(conn, me, list)? {
            Ok(())
        } else {
            Err(Refused::NotFound)
        }
    })
    .await
}

/// Puts people into a list: all of them, or none.
///
/// # Errors
/// [`Refused::NotFound`] for a list that is not there, or somebody whom the speaker does not follow;
/// [`Refused::Invalid`] for somebody who is in it already, or too many.
pub async fn add(app: &App, speaker: &Speaker, list: ListId, people: Vec<AccountId>) -> Result<(), Refused> {
    speaker.speaks()?;
    let me = speaker.account;
    change(app, speaker, list, "add_to_list", move |conn| {
        lists::get(conn, me, list)?.ok_or(Refused::NotFound)?;
        let followed = lists::followed(conn, me, &people)?;
        if people.iter().any(|person| !followed.contains(person)) {
            return Err(Refused::NotFound);
        }
        if lists::count_members(conn, list)? + people.len() as i64 > MOST_MEMBERS {
            return Err(Refused::invalid(
                "account_ids",
                format!("A list holds at most {MOST_MEMBERS} people."),
            ));
        }
        for person in people {
            if !lists::add(conn, list, person)? {
                return Err(Refused::invalid("account_ids", "Account has already been taken"));
            }
        }
        Ok(())
    })
    .await
}

/// Takes people out of a list. Whoever is not in it stays out of it.
///
/// # Errors
/// [`Refused::NotFound`] for a list that is not there.
pub async fn remove(
    app: &App,
    speaker: &Speaker,
    list: ListId,
    people: Vec<AccountId>,
) -> Result<(), Refused> {
    speaker.speaks()?;
    let me = speaker.account;
    change(app, speaker, list, "remove_from_list", move |conn| {
        lists::get(conn, me, list)?.ok_or(Refused::NotFound)?;
        for person in people {
            lists::remove(conn, list, person)?;
        }
        Ok(())
    })
    .await
}

/// Who is in a list; with no limit all of them.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn members(
    app: &App,
    speaker: &Speaker,
    list: ListId,
    mut window: Window<AccountId>,
) -> Result<Listed<Arc<AccountCard>, AccountId>, Refused> {
    get(app, speaker, list).await?;
    if window.limit == 0 {
        window.limit = MOST_MEMBERS as usize;
    }
    let ids = app
        .store
        .read("list_members", move |conn| lists::members(conn, list, &window))
        .await?;
    let cards = account_cards(app, &ids).await?;
    let items = ids.iter().filter_map(|id| cards.get(id)).cloned().collect();
    Ok(Listed::new(items, &ids, &window))
}

/// The speaker's lists that an account is in.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn containing(app: &App, speaker: &Speaker, member: AccountId) -> Result<Vec<List>, Refused> {
    let me = speaker.account;
    Ok(app
        .store
        .read("lists_of", move |conn| lists::containing(conn, me, member))
        .await?)
}

/// A page of what the people in a list posted.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn timeline(
    app: &App,
    speaker: &Speaker,
    list: ListId,
    page: &Page,
) -> Result<Vec<Shown>, Refused> {
    let (me, page) = (speaker.account, crate::timelines::stored(page));
    let found = get(app, speaker, list).await?;
    let ids = app
        .store
        .read("list_timeline", move |conn| {
            bauta_store::timelines::list(conn, me, &found, &page)
        })
        .await?;
    shown(app, Some(me), &ids).await
}
