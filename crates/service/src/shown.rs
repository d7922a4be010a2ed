//! Posts as fronts show them: with authors, boosts, and what the reader did with each.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use bauta_model::{AccountId, Post, PostId};
use bauta_store::{polls, post_actions};
use bauta_timeline::{AccountCard, Card, Flags};

use crate::filters::{self, Met};
use crate::posts::may_reply;
use crate::quoted::{self, MayQuote, Quoted, may_quote};
use crate::reading::reader;
use crate::{App, Refused};

/// A post in a list, or by itself.
#[derive(Clone)]
pub struct Shown {
    /// The post that is read: of a boost, the boosted one.
    pub card: Arc<Card>,
    /// Its author.
    pub author: Arc<AccountCard>,
    /// The boost that brought it here.
    pub boost: Option<Arc<Card>>,
    /// Who boosted it.
    pub boosted_by: Option<Arc<AccountCard>>,
    /// It is here because its author pinned it.
    pub pinned_here: bool,
    /// What the reader did with it; all false for a stranger.
    pub flags: Flags,
    /// The reader voted in its poll, which is not over.
    pub voted: bool,
    /// Filters of the reader that it meets.
    pub filtered: Vec<Met>,
    /// What it quotes, as the reader sees it.
    pub quote: Option<Quoted>,
    /// Whether the reader may quote it.
    pub may_quote: MayQuote,
    /// Whether the reader may answer it.
    pub may_reply: bool,
}

impl Shown {
    /// A post that is in no list, as its author sees it.
    pub(crate) fn alone(post: Post, author: Arc<AccountCard>) -> Self {
        plain(&Arc::new(Card::new(post)), &author)
    }

    /// The id in the list: of a boost, its own.
    pub fn id(&self) -> PostId {
        self.boost
            .as_ref()
            .map_or(self.card.post.id, |boost| boost.post.id)
    }
}

/// The post of `id` as `reader` meets it.
///
/// # Errors
/// [`Refused::NotFound`] where there is none, or none any more.
pub async fn shown_one(app: &App, reader: Option<AccountId>, id: PostId) -> Result<Shown, Refused> {
    shown(app, reader, &[id]).await?.pop().ok_or(Refused::NotFound)
}

/// Loads posts for a list, in the order of `ids`; what is gone by now is left out. The rules of reading are not asked:
/// `ids` come from where they were.
///
/// Without SQL while all of it is in memory.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn shown(app: &App, reader: Option<AccountId>, ids: &[PostId]) -> Result<Vec<Shown>, Refused> {
    let cards = post_cards(app, ids).await?;
    let boosted: Vec<PostId> = cards.values().filter_map(|card| card.post.boost_of).collect();
    let originals = post_cards(app, &boosted).await?;
    let authors: Vec<AccountId> = cards
        .values()
        .chain(originals.values())
        .map(|card| card.post.author)
        .collect();
    let authors = account_cards(app, &authors).await?;
    let mut list = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(card) = cards.get(id) else { continue };
        let Some(author) = authors.get(&card.post.author) else {
            continue;
        };
        let Some(boosted) = card.post.boost_of else {
            list.push(plain(card, author));
            continue;
        };
        let Some(original) = originals.get(&boosted) else {
            continue;
        };
        if let Some(original_author) = authors.get(&original.post.author) {
            list.push(Shown {
                boost: Some(Arc::clone(card)),
                boosted_by: Some(Arc::clone(author)),
                ..plain(original, original_author)
            });
        }
    }
    quoted::put(app, reader, &mut list).await?;
    if let Some(account) = reader {
        set_personal(app, account, &mut list).await?;
    }
    Ok(list)
}

/// What differs by reader, of the posts of a list and of those that they quote.
async fn set_personal(app: &App, account: AccountId, list: &mut [Shown]) -> Result<(), Refused> {
    let quoting = list.iter_mut().filter_map(|one| one.quote.as_mut());
    let mut quoted: Vec<Shown> = quoting
        .filter_map(|quote| quote.shown.take().map(|shown| *shown))
        .collect();
    for part in [&mut *list, &mut quoted] {
        set_flags(app, account, part).await?;
        set_voted(app, account, part).await?;
        set_filtered(app, account, part).await?;
    }
    let mut quoted = quoted.into_iter();
    for quote in list.iter_mut().filter_map(|one| one.quote.as_mut()) {
        if quote.post.is_some() {
            quote.shown = quoted.next().map(Box::new);
        }
    }
    Ok(())
}

pub(crate) fn plain(card: &Arc<Card>, author: &Arc<AccountCard>) -> Shown {
    Shown {
        card: Arc::clone(card),
        author: Arc::clone(author),
        boost: None,
        boosted_by: None,
        pinned_here: false,
        flags: Flags::default(),
        voted: false,
        filtered: Vec::new(),
        quote: None,
        may_quote: MayQuote::No,
        may_reply: false,
    }
}

/// In which polls the reader voted. Of those that are over nobody knows, so that nothing is asked.
async fn set_voted(app: &App, account: AccountId, list: &mut [Shown]) -> Result<(), Refused> {
    let now = app.clock.now();
    let open: Vec<PostId> = list
        .iter()
        .map(|one| &one.card.post)
        .filter(|post| post.author != account && post.poll.as_ref().is_some_and(|poll| !poll.is_over(now)))
        .map(|post| post.id)
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let voted = app
        .store
        .read("voted", move |conn| polls::voted(conn, account, &open))
        .await?;
    for one in list {
        one.voted = voted.contains(&one.card.post.id);
    }
    Ok(())
}

/// Which filters of the reader each post meets. Nobody filters their own words.
async fn set_filtered(app: &App, account: AccountId, list: &mut [Shown]) -> Result<(), Refused> {
    let filters = filters::of(app, account).await?;
    if filters.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    for one in list.iter_mut().filter(|one| one.card.post.author != account) {
        one.filtered = filters::met(&filters, &one.card.post, now);
    }
    Ok(())
}

/// What the reader did with each post: from memory, and from the store for what is older than memory.
async fn set_flags(app: &App, account: AccountId, list: &mut [Shown]) -> Result<(), Refused> {
    let reader = reader(app, account).await?;
    let mut older = Vec::new();
    {
        let marks = reader.marks();
        for (at, one) in list.iter_mut().enumerate() {
            match marks.flags(one.card.post.id, one.card.post.thread) {
                Some(flags) => one.flags = flags,
                None => older.push(at),
            }
        }
    }
    if !older.is_empty() {
        let posts: Vec<_> = older.iter().map(|at| Arc::clone(&list[*at].card.post)).collect();
        let marks = app
            .store
            .read("marks", move |conn| {
                let posts: Vec<_> = posts.iter().map(|post| &**post).collect();
                post_actions::marks(conn, account, &posts)
            })
            .await?;
        for (at, marks) in older.into_iter().zip(marks) {
            list[at].flags = Flags {
                favourited: marks.favourited,
                boosted: marks.boosted,
                bookmarked: marks.bookmarked,
                pinned: false,
                muted: marks.muted,
            };
        }
    }
    for one in list {
        // A pin is the author's mark, and lies with the post.
        one.flags.pinned = one.card.post.pinned && one.card.post.author == account;
        let follows = reader.follows(one.card.post.author);
        one.may_quote = may_quote(account, follows, &one.card.post);
        one.may_reply = may_reply(account, follows, &one.card.post);
    }
    Ok(())
}

/// The cards of posts, from memory or the store.
pub(crate) async fn post_cards(app: &App, ids: &[PostId]) -> Result<HashMap<PostId, Arc<Card>>, Refused> {
    let mut found = HashMap::with_capacity(ids.len());
    let mut missing = HashMap::new();
    for id in ids {
        match app.cards.get(*id) {
            Some(card) => {
                found.insert(*id, card);
            }
            None => {
                missing.insert(*id, app.cards.ticket(*id));
            }
        }
    }
    if missing.is_empty() {
        return Ok(found);
    }
    let wanted: Vec<PostId> = missing.keys().copied().collect();
    let posts = app
        .store
        .read("posts", move |conn| bauta_store::posts::by_ids(conn, &wanted))
        .await?;
    for post in posts {
        let id = post.id;
        if let Some(ticket) = missing.remove(&id) {
            found.insert(id, app.cards.insert(ticket, post));
        }
    }
    Ok(found)
}

/// The cards of accounts, from memory or the store; accounts that are not there are left out.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn account_cards(
    app: &App,
    ids: &[AccountId],
) -> Result<HashMap<AccountId, Arc<AccountCard>>, Refused> {
    let mut found = HashMap::with_capacity(ids.len());
    let mut missing = HashMap::new();
    for id in ids.iter().copied().collect::<HashSet<_>>() {
        match app.accounts.get(id) {
            Some(card) => {
                found.insert(id, card);
            }
            None => {
                missing.insert(id, app.accounts.ticket(id));
            }
        }
    }
    if missing.is_empty() {
        return Ok(found);
    }
    let wanted: Vec<AccountId> = missing.keys().copied().collect();
    let accounts = app
        .store
        .read("accounts", move |conn| {
            bauta_store::accounts::by_ids(conn, &wanted)
        })
        .await?;
    for account in accounts {
        let id = account.id;
        if let Some(ticket) = missing.remove(&id) {
            found.insert(id, app.accounts.insert(ticket, account));
        }
    }
    Ok(found)
}

/// The card of an account, from memory or the store.
///
/// # Errors
/// [`Refused::NotFound`] if there is no such account.
pub async fn account_card(app: &App, id: AccountId) -> Result<Arc<AccountCard>, Refused> {
    if let Some(card) = app.accounts.get(id) {
        return Ok(card);
    }
    account_cards(app, &[id])
        .await?
        .remove(&id)
        .ok_or(Refused::NotFound)
}
