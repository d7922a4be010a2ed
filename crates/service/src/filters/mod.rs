//! Filters: words and posts that a person does not want to come upon.

mod matching;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bauta_model::{AccountId, FilterId, FilterPartId, PostId};
use bauta_store::{Conn, filters};
use parking_lot::Mutex;

use crate::reading::readable;
use crate::{App, Refused, Speaker};

pub use bauta_store::filters::{Action, Context, Filter, Keyword};
pub use matching::Met;
pub(crate) use matching::met;

/// Filters that a person may have: every post that they read is compared with all.
const MOST_FILTERS: usize = 100;
/// Keywords and posts of a filter, each.
const MOST_PARTS: usize = 200;
/// Characters of a filter's name, and of a keyword.
const CHARS: usize = 512;
/// People whose filters are held; then all are forgotten.
const HELD: usize = 4096;

/// What is to be so in a filter; what is missing stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Its name.
    pub title: Option<String>,
    /// Where it is applied.
    pub contexts: Option<Vec<Context>>,
    /// What happens.
    pub action: Option<Action>,
    /// For how long; for good where nothing stands within.
    pub lasting: Option<Option<Duration>>,
    /// Keywords to add, change or take away.
    pub keywords: Vec<KeywordWish>,
}

/// What is to be so of a keyword.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeywordWish {
    /// A keyword that is there; a new one without.
    pub id: Option<FilterPartId>,
    /// The words.
    pub keyword: Option<String>,
    /// As a whole word.
    pub whole_word: Option<bool>,
    /// It is to go.
    pub destroy: bool,
}

/// Filters of people who read, as the tables have them.
#[derive(Default)]
pub(crate) struct FiltersCache(Mutex<Held>);

#[derive(Default)]
struct Held {
    known: HashMap<AccountId, Arc<Vec<Filter>>>,
    /// Grows with every change: what was loaded before one is not held after it.
    version: u64,
}

impl FiltersCache {
    fn get(&self, of: AccountId) -> Result<Arc<Vec<Filter>>, u64> {
        let held = self.0.lock();
        held.known.get(&of).cloned().ok_or(held.version)
    }

    fn put(&self, of: AccountId, version: u64, filters: &Arc<Vec<Filter>>) {
        let mut held = self.0.lock();
        if held.version == version {
            if held.known.len() >= HELD {
                held.known.clear();
            }
            held.known.insert(of, Arc::clone(filters));
        }
    }

    /// They changed, or their owner is gone.
    pub(crate) fn forget(&self, of: AccountId) {
        let mut held = self.0.lock();
        held.version += 1;
        held.known.remove(&of);
    }
}

/// The filters of an account.
pub(crate) async fn of(app: &App, account: AccountId) -> Result<Arc<Vec<Filter>>, Refused> {
    let version = match app.filters.get(account) {
        Ok(filters) => return Ok(filters),
        Err(version) => version,
    };
    let found = app
        .store
        .read("filters", move |conn| filters::all(conn, account))
        .await?;
    let found = Arc::new(found);
    app.filters.put(account, version, &found);
    Ok(found)
}

/// The speaker's filters.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn all(app: &App, speaker: &Speaker) -> Result<Arc<Vec<Filter>>, Refused> {
    of(app, speaker.account).await
}

/// One of the speaker's filters.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn get(app: &App, speaker: &Speaker, id: FilterId) -> Result<Filter, Refused> {
    let all = all(app, speaker).await?;
    all.iter()
        .find(|filter| filter.id == id)
        .cloned()
        .ok_or(Refused::NotFound)
}

/// A keyword of the speaker's, with the filter that it is in.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn keyword(app: &App, speaker: &Speaker, id: FilterPartId) -> Result<(Filter, Keyword), Refused> {
    let all = all(app, speaker).await?;
    let mut found = all.iter().flat_map(|filter| {
        let keywords = filter.keywords.iter().filter(|keyword| keyword.id == id);
        keywords.map(move |keyword| (filter.clone(), keyword.clone()))
    });
    found.next().ok_or(Refused::NotFound)
}

/// A post in a filter of the speaker's.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn picked(
    app: &App,
    speaker: &Speaker,
    id: FilterPartId,
) -> Result<(FilterPartId, PostId), Refused> {
    let all = all(app, speaker).await?;
    let mut found = all.iter().flat_map(|filter| filter.posts.iter());
    found
        .find(|(known, _)| *known == id)
        .copied()
        .ok_or(Refused::NotFound)
}

/// Writes a change of the speaker's filters. `work` gets them as they are.
async fn change<T, F>(app: &App, speaker: &Speaker, name: &'static str, work: F) -> Result<T, Refused>
where
    T: Send + 'static,
    F: FnOnce(&mut Conn, &[Filter]) -> Result<T, Refused> + Send + 'static,
{
    let (me, held) = (speaker.account, Arc::clone(&app.filters));
    app.store
        .write_then(
            name,
            move |conn| {
                let all = filters::all(conn, me)?;
                work(conn, &all)
            },
            move |_| held.forget(me),
        )
        .await
}

fn words(field: &'static str, text: &str, blank: &str) -> Result<String, Refused> {
    let words = bauta_text::clean_line(text);
    if words.is_empty() {
        return Err(Refused::invalid(field, blank));
    }
    if words.chars().count() > CHARS {
        return Err(Refused::invalid(
            field,
            format!("This has at most {CHARS} characters."),
        ));
    }
    Ok(words)
}

fn apply(app: &App, filter: &mut Filter, wish: &Wish) -> Result<(), Refused> {
    if let Some(title) = &wish.title {
        filter.title = words("title", title, "Title can't be blank")?;
    }
    if let Some(contexts) = &wish.contexts {
        filter.contexts.clone_from(contexts);
    }
    if filter.contexts.is_empty() {
        let why = "Say where it is applied: home, notifications, public, thread or account.";
        return Err(Refused::invalid("context", why));
    }
    filter.action = wish.action.unwrap_or(filter.action);
    if let Some(lasting) = wish.lasting {
        filter.until = lasting.map(|lasting| {
            let over = app.clock.now().plus(lasting + app.clock.slot());
            app.clock.slot_of(over.unix_seconds())
        });
    }
    Ok(())
}

/// Settles the keywords of a filter as wished.
fn settle_keywords(conn: &mut Conn, filter: &mut Filter, wishes: &[KeywordWish]) -> Result<(), Refused> {
    for wish in wishes {
        let Some(id) = wish.id else {
            if wish.destroy {
                continue;
            }
            let keyword = Keyword {
                id: FilterPartId::random(),
                keyword: words(
                    "keyword",
                    wish.keyword.as_deref().unwrap_or_default(),
                    "Keyword can't be blank",
                )?,
                whole_word: wish.whole_word.unwrap_or(true),
            };
            filters::put_keyword(conn, filter.id, &keyword)?;
            filter.keywords.push(keyword);
            continue;
        };
        let at = filter.keywords.iter().position(|keyword| keyword.id == id);
        let at = at.ok_or(Refused::NotFound)?;
        if wish.destroy {
            filters::delete_keyword(conn, id)?;
            filter.keywords.remove(at);
            continue;
        }
        let keyword = &mut filter.keywords[at];
        if let Some(text) = &wish.keyword {
            keyword.keyword = words("keyword", text, "Keyword can't be blank")?;
        }
        keyword.whole_word = wish.whole_word.unwrap_or(keyword.whole_word);
        filters::put_keyword(conn, filter.id, keyword)?;
    }
    if filter.keywords.len() > MOST_PARTS {
        let why = format!("A filter has at most {MOST_PARTS} keywords.");
        return Err(Refused::invalid("keywords", why));
    }
    Ok(())
}

/// Makes a filter.
///
/// # Errors
/// [`Refused::Invalid`] without a name or a context, for an empty keyword, or too many filters.
pub async fn create(app: &App, speaker: &Speaker, wish: Wish) -> Result<Filter, Refused> {
    speaker.speaks()?;
    let mut filter = Filter {
        id: FilterId::random(),
        title: words(
            "title",
            wish.title.as_deref().unwrap_or_default(),
            "Title can't be blank",
        )?,
        contexts: Vec::new(),
        action: Action::default(),
        until: None,
        keywords: Vec::new(),
        posts: Vec::new(),
    };
    apply(app, &mut filter, &wish)?;
    let me = speaker.account;
    change(app, speaker, "create_filter", move |conn, all| {
        if all.len() >= MOST_FILTERS {
            let why = format!("An account has at most {MOST_FILTERS} filters.");
            return Err(Refused::invalid("title", why));
        }
        filters::put(conn, me, &filter)?;
        settle_keywords(conn, &mut filter, &wish.keywords)?;
        Ok(filter)
    })
    .await
}

/// Changes a filter.
///
/// # Errors
/// [`Refused::NotFound`] for a filter or a keyword that is not there; else as [`create`].
pub async fn update(app: &App, speaker: &Speaker, id: FilterId, wish: Wish) -> Result<Filter, Refused> {
    speaker.speaks()?;
    let mut filter = get(app, speaker, id).await?;
    apply(app, &mut filter, &wish)?;
    let me = speaker.account;
    change(app, speaker, "update_filter", move |conn, all| {
        let now = all
            .iter()
            .find(|filter| filter.id == id)
            .ok_or(Refused::NotFound)?;
        // What another request did meanwhile to what it is about stays.
        (filter.keywords, filter.posts) = (now.keywords.clone(), now.posts.clone());
        filters::put(conn, me, &filter)?;
        settle_keywords(conn, &mut filter, &wish.keywords)?;
        Ok(filter)
    })
    .await
}

/// Deletes a filter.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn delete(app: &App, speaker: &Speaker, id: FilterId) -> Result<(), Refused> {
    speaker.speaks()?;
    change(app, speaker, "delete_filter", move |conn, all| {
        if all.iter().any(|filter| filter.id == id) {
            Ok(filters::delete(conn, id)?)
        } else {
            Err(Refused::NotFound)
        }
    })
    .await
}

/// Adds a keyword to a filter, or changes or takes away one of it; gives it as it is then.
///
/// # Errors
/// As [`update`].
pub async fn set_keyword(
    app: &App,
    speaker: &Speaker,
    id: FilterId,
    wish: KeywordWish,
) -> Result<Option<Keyword>, Refused> {
    speaker.speaks()?;
    let wished = wish.id;
    let keywords = vec![wish];
    let wish = Wish {
        keywords,
        ..Wish::default()
    };
    let before = get(app, speaker, id).await?.keywords;
    let filter = update(app, speaker, id, wish).await?;
    let is_it = |keyword: &&Keyword| match wished {
        Some(id) => keyword.id == id,
        None => !before.iter().any(|known| known.id == keyword.id),
    };
    Ok(filter.keywords.iter().find(is_it).cloned())
}

/// Adds a post to a filter, under a number of its own.
///
/// # Errors
/// [`Refused::NotFound`] for a filter that is not there, or a post that the speaker may not read;
/// [`Refused::Invalid`] for a post that is in it already, or too many.
pub async fn add_post(
    app: &App,
    speaker: &Speaker,
    id: FilterId,
    post: PostId,
) -> Result<(FilterPartId, PostId), Refused> {
    speaker.speaks()?;
    let post = readable(app, Some(speaker), post).await?.card.post.id;
    change(app, speaker, "filter_post", move |conn, all| {
        let filter = all
            .iter()
            .find(|filter| filter.id == id)
            .ok_or(Refused::NotFound)?;
        if filter.posts.iter().any(|(_, known)| *known == post) {
            return Err(Refused::invalid("status_id", "Status has already been taken"));
        }
        if filter.posts.len() >= MOST_PARTS {
            let why = format!("A filter has at most {MOST_PARTS} posts.");
            return Err(Refused::invalid("status_id", why));
        }
        let part = FilterPartId::random();
        filters::add_post(conn, id, part, post)?;
        Ok((part, post))
    })
    .await
}

/// Takes a post out of the filter that it is in.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn remove_post(app: &App, speaker: &Speaker, id: FilterPartId) -> Result<(), Refused> {
    speaker.speaks()?;
    change(app, speaker, "unfilter_post", move |conn, all| {
        let mut posts = all.iter().flat_map(|filter| filter.posts.iter());
        if posts.any(|(known, _)| *known == id) {
            Ok(filters::remove_post(conn, id)?)
        } else {
            Err(Refused::NotFound)
        }
    })
    .await
}
