//! Filling what lies in memory, behind a server that answers already.

use std::collections::HashSet;

use bauta_model::{AccountId, Event, PostId, emit};
use bauta_store::{accounts, posts, remote, timelines};
use bauta_timeline::{Entry, Limits};

use crate::{App, Refused};

/// Rows that are read at a time, so that a reader's thread is never held long.
const STEP: usize = 2000;
/// Rows of texts that are read at a time.
const TEXTS: usize = 200;

/// Fills timelines and search from the store. Until it is done, timelines are read by SQL and search finds less.
///
/// # Errors
/// [`Refused::Failed`] where the store fails; what is missing then is read by SQL.
pub async fn warm(app: &App) -> Result<(), Refused> {
    warm_timelines(app).await?;
    warm_names(app).await?;
    warm_posts(app).await?;
    emit(Event::IndexesReady);
    Ok(())
}

async fn warm_timelines(app: &App) -> Result<(), Refused> {
    let standings = app
        .store
        .read("standings", accounts::not_in_good_standing)
        .await?;
    for (account, standing) in standings {
        app.timelines.set_standing(account, standing);
    }
    let most = Limits::default().entries;
    let (mut entries, mut hidden) = (Vec::new(), Vec::new());
    let (mut below, mut whole) = (PostId::new(i64::MAX), false);
    while entries.len() < most && !whole {
        let found = app
            .store
            .read("entries", move |conn| {
                timelines::entries(conn, below, STEP as i64)
            })
            .await?;
        whole = found.len() < STEP;
        below = found.last().map_or(below, |last| last.id);
        hidden.extend(found.iter().filter(|entry| entry.hidden).map(|entry| entry.id));
        let ids: Vec<PostId> = found.iter().map(|entry| entry.id).collect();
        let remote: HashSet<PostId> = app
            .store
            .read("remote_entries", move |conn| remote::names_of_posts(conn, &ids))
            .await?
            .into_iter()
            .map(|(id, _, _)| id)
            .collect();
        entries.extend(found.into_iter().map(|entry| Entry {
            id: entry.id,
            author: entry.author,
            boost_of: entry.boost_of,
            reply_to: entry.reply_to,
            visibility: crate::posts::listed_as(entry.visibility, remote.contains(&entry.id)),
        }));
    }
    app.timelines.load(entries, whole);
    for post in hidden {
        app.timelines.set_hidden(post, true);
    }
    app.timelines.set_ready();
    Ok(())
}

async fn warm_names(app: &App) -> Result<(), Refused> {
    let mut after = AccountId::new(0);
    loop {
        let found = app
            .store
            .read("discoverable", move |conn| {
                accounts::discoverable(conn, after, STEP as i64)
            })
            .await?;
        let last = found.len() < STEP;
        after = found.last().map_or(after, |named| named.id);
        let named = found.into_iter().filter(|named| !named.name.is_empty());
        let named: Vec<_> = named.map(|named| (named.id, named.name)).collect();
        if !named.is_empty() {
            app.search.name(named);
        }
        if last {
            break;
        }
    }
    Ok(())
}

async fn warm_posts(app: &App) -> Result<(), Refused> {
    let mut below = PostId::new(i64::MAX);
    loop {
        let found = app
            .store
            .read("searchable", move |conn| {
                posts::searchable(conn, below, TEXTS as i64)
            })
            .await?;
        let last = found.len() < TEXTS;
        below = found.last().map_or(below, |post| post.id);
        app.search.put_past(found);
        if last {
            break;
        }
    }
    app.search.past_is_in();
    Ok(())
}
