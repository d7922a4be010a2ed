//! Searching for people, hashtags and public posts.

pub(crate) mod elsewhere;

use std::sync::Arc;

use bauta_model::{AccountId, Handle, PostId, Standing};
use bauta_store::Store;
use bauta_store::search::{FoundTag, Indexed, Search};
use bauta_timeline::AccountCard;

use crate::posts::only_readable;
use crate::reading::{Shown, account_cards, reader, shown};
use crate::{App, Refused, Speaker};

pub use elsewhere::{Act, Asked, Elsewhere, Finder, Question as Lookup, way_from};

/// What to look for.
#[derive(Clone, Debug)]
pub struct Question {
    /// As typed.
    pub text: String,
    /// What kinds are wanted.
    pub kinds: Kinds,
    /// Only accounts that the speaker follows.
    pub following: bool,
    /// Only posts of this account.
    pub author: Option<AccountId>,
    /// At most so many of each kind.
    pub limit: usize,
    /// Leave out so many of each kind.
    pub offset: usize,
}

/// What kinds of things are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds {
    /// People.
    pub accounts: bool,
    /// Hashtags.
    pub tags: bool,
    /// Public posts.
    pub posts: bool,
}

impl Kinds {
    /// Everything.
    pub const ALL: Self = Self {
        accounts: true,
        tags: true,
        posts: true,
    };
}

/// What was found.
#[derive(Default)]
pub struct Found {
    /// People, an exact handle first.
    pub accounts: Vec<Arc<AccountCard>>,
    /// Hashtags, the most used first.
    pub tags: Vec<FoundTag>,
    /// Public posts, newest first.
    pub posts: Vec<Shown>,
}

/// The longest question that is looked at, in characters.
const LONGEST: usize = 300;
/// How far a list of results can be paged through.
const DEEPEST: usize = 2000;

/// Looks for people, hashtags and public posts. Nothing of the question is kept.
///
/// The address of a profile or a post of this server finds it. The handle or the address of another server is looked up
/// there, for somebody who is signed in.
///
/// # Errors
/// [`Refused::Invalid`] for a question that is too long.
pub async fn search(app: &App, viewer: Option<&Speaker>, question: &Question) -> Result<Found, Refused> {
    let text = question.text.trim();
    if text.chars().count() > LONGEST {
        return Err(Refused::invalid(
            "q",
            format!("Search for {LONGEST} characters at most."),
        ));
    }
    if text.is_empty() || question.offset > DEEPEST {
        return Ok(Found::default());
    }
    if let Some(address) = text.strip_prefix(app.site.base_url.as_str()) {
        return by_address(app, viewer, address, question.kinds).await;
    }
    if viewer.is_some()
        && question.offset == 0
        && let Some(there) = elsewhere::find(app, text).await
    {
        return found_elsewhere(app, viewer, there, question.kinds).await;
    }
    let mut found = Found::default();
    if question.kinds.accounts && !text.starts_with('#') {
        found.accounts = accounts(app, viewer, question, text).await?;
    }
    if question.kinds.tags && !text.starts_with('@') && !text.contains(char::is_whitespace) {
        let start = text.trim_start_matches('#');
        found.tags = app
            .search
            .tags(start, question.offset as i64, question.limit as i64)
            .await?;
    }
    if question.kinds.posts && !text.starts_with('@') {
        found.posts = posts(app, viewer, question, text).await?;
    }
    Ok(found)
}

/// What was looked up elsewhere, as far as the viewer may see it.
async fn found_elsewhere(
    app: &App,
    viewer: Option<&Speaker>,
    there: Elsewhere,
    kinds: Kinds,
) -> Result<Found, Refused> {
    let mut found = Found::default();
    match there {
        Elsewhere::Account(id) if kinds.accounts => {
            let cards = account_cards(app, &[id]).await?;
            found.accounts = cards
                .into_values()
                .filter(|card| card.account.standing != Standing::Suspended)
                .collect();
        }
        Elsewhere::Post(id) if kinds.posts => match crate::posts::read(app, viewer, id).await {
            Ok(post) => found.posts.push(post),
            Err(Refused::NotFound) => {}
            Err(error) => return Err(error),
        },
        _ => {}
    }
    Ok(found)
}

async fn accounts(
    app: &App,
    viewer: Option<&Speaker>,
    question: &Question,
    text: &str,
) -> Result<Vec<Arc<AccountCard>>, Refused> {
    let (limit, offset) = (question.limit, question.offset);
    let mut ids: Vec<AccountId> = Vec::new();
    if let Some(handle) = local_handle(app, text) {
        let key = handle.key().to_owned();
        let by_handle = app
            .store
            .read("by_handle_start", move |conn| {
                bauta_store::accounts::by_handle_start(conn, &key, offset as i64, limit as i64)
            })
            .await?;
        // In the order of handles the shortest comes first, and that is the exact one.
        ids.extend(by_handle.iter().map(|account| account.id));
    }
    if !text.starts_with('@') && ids.len() < limit {
        for id in app.search.names(text, offset as i64, limit as i64).await? {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    let cards = account_cards(app, &ids).await?;
    let reader = match viewer {
        Some(speaker) => Some(reader(app, speaker.account).await?),
        None => None,
    };
    let wanted = |card: &&Arc<AccountCard>| {
        let id = card.account.id;
        let follows = reader.as_ref().is_some_and(|reader| reader.follows(id));
        card.account.standing != Standing::Suspended
            && reader.as_ref().is_none_or(|reader| !reader.hides(id))
            && (follows || !question.following)
    };
    Ok(ids
        .iter()
        .filter_map(|id| cards.get(id))
        .filter(wanted)
        .take(limit)
        .cloned()
        .collect())
}

/// `name`, `@name`, `@name@this.server` or `@name@another.server`.
fn local_handle(app: &App, text: &str) -> Option<Handle> {
    let name = text.strip_prefix('@').unwrap_or(text);
    let name = match name.split_once('@') {
        Some((name, domain)) if domain.eq_ignore_ascii_case(&app.site.domain) => name,
        Some((name, domain)) => return Handle::remote(name, domain).ok(),
        None => name,
    };
    Handle::parse(name).ok()
}

async fn posts(
    app: &App,
    viewer: Option<&Speaker>,
    question: &Question,
    text: &str,
) -> Result<Vec<Shown>, Refused> {
    let ids = app
        .search
        .posts(text, None, question.offset as i64, question.limit as i64)
        .await?;
    let mut list = shown(app, viewer.map(|speaker| speaker.account), &ids).await?;
    if let Some(author) = question.author {
        list.retain(|one| one.author.account.id == author);
    }
    if let Some(speaker) = viewer {
        let reader = reader(app, speaker.account).await?;
        list.retain(|one| !reader.hides(one.author.account.id));
    }
    list.retain(|one| one.author.account.standing == Standing::Good);
    only_readable(app, viewer, list).await
}

/// What lies at an address of this server: `/@handle`, `/@handle/ID`, `/tags/TAG`.
async fn by_address(
    app: &App,
    viewer: Option<&Speaker>,
    address: &str,
    kinds: Kinds,
) -> Result<Found, Refused> {
    let mut found = Found::default();
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let mut parts = path.trim_matches('/').split('/');
    let handle = parts
        .next()
        .and_then(|part| part.strip_prefix('@'))
        .and_then(|name| Handle::parse_any(name).ok());
    let Some(handle) = handle else {
        return Ok(found);
    };
    match parts.next().map(str::parse::<PostId>) {
        Some(Ok(id)) if kinds.posts => match crate::posts::read(app, viewer, id).await {
            Ok(post) if post.author.account.handle == handle => found.posts.push(post),
            Ok(_) | Err(Refused::NotFound) => {}
            Err(error) => return Err(error),
        },
        None if kinds.accounts => {
            let account = app
                .store
                .read("by_handle", move |conn| {
                    bauta_store::accounts::by_handle(conn, &handle)
                })
                .await?;
            let ids: Vec<_> = account.iter().map(|account| account.id).collect();
            let cards = account_cards(app, &ids).await?;
            found.accounts = cards
                .into_values()
                .filter(|card| card.account.standing != Standing::Suspended)
                .collect();
        }
        _ => {}
    }
    Ok(found)
}

/// Posts that are looked at together when an account changes.
const STEP: usize = 200;

/// Brings the index up to date with an account whose name, standing, or wish to be found changed.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn refresh(app: &App, id: AccountId) -> Result<(), Refused> {
    refresh_in(&app.store, &app.search, id).await
}

/// As [`refresh`], behind the answer: it happens whoever hung up.
pub(crate) fn refresh_behind(app: &App, id: AccountId) {
    let (store, search) = (Arc::clone(&app.store), Arc::clone(&app.search));
    tokio::spawn(async move {
        // The store has logged what failed; the next start reads the index anew.
        let _ = refresh_in(&store, &search, id).await;
    });
}

async fn refresh_in(store: &Store, search: &Search, id: AccountId) -> Result<(), Refused> {
    let account = store
        .read("account", move |conn| bauta_store::accounts::by_id(conn, id))
        .await?
        .ok_or(Refused::NotFound)?;
    let good = account.standing == Standing::Good;
    let name = if good && account.discoverable {
        account.display_name.clone()
    } else {
        String::new()
    };
    search.name(vec![(id, name)]);
    let mut below = PostId::new(i64::MAX);
    loop {
        let posts = store
            .read("public_of", move |conn| {
                bauta_store::posts::public_of(conn, id, below, STEP as i64)
            })
            .await?;
        let last = posts.len() < STEP;
        below = posts.last().map_or(below, |post| post.id);
        if good {
            search.put_all(
                posts
                    .iter()
                    .filter_map(|post| Indexed::of(post, account.indexable))
                    .collect(),
            );
        } else {
            search.forget(posts.iter().map(|post| post.id).collect());
        }
        if last {
            return Ok(());
        }
    }
}
