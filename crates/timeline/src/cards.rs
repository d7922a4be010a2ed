//! Posts and accounts with the pieces that fronts render of them, the same for every reader.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use bauta_model::{Account, AccountId, Attachment, Field, Mention, Poll, PollOption, Post, PostId};
use bytes::Bytes;
use parking_lot::RwLock;

use crate::cache::{Cache, Limits, Ticket};

/// A rendered piece. What is in it is a matter of the front that fills it, as long as it is the same for every reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The API's JSON up to the place of the reader's flags.
    JsonHead,
    /// The API's JSON after the reader's flags.
    JsonTail,
    /// The page's HTML up to the place of the reader's flags.
    HtmlHead,
    /// The page's HTML after the reader's flags.
    HtmlTail,
}

const PIECES: usize = 4;

#[derive(Default)]
struct Pieces {
    filled: [OnceLock<Bytes>; PIECES],
    bytes: AtomicUsize,
}

impl Pieces {
    fn get_or_render(&self, piece: Piece, render: impl FnOnce() -> Bytes) -> &Bytes {
        self.filled[piece as usize].get_or_init(|| {
            let rendered = render();
            self.bytes.fetch_add(rendered.len(), Ordering::Relaxed);
            rendered
        })
    }
}

/// A post with its rendered pieces. It does not change: a changed post gets a new card.
pub struct Card {
    /// The post.
    pub post: Arc<Post>,
    pieces: Pieces,
}

impl Card {
    /// A card without pieces.
    pub fn new(post: Post) -> Self {
        Self {
            post: Arc::new(post),
            pieces: Pieces::default(),
        }
    }

    /// A piece, rendered when it is first asked for.
    pub fn piece(&self, piece: Piece, render: impl FnOnce() -> Bytes) -> &Bytes {
        self.pieces.get_or_render(piece, render)
    }

    fn weight(&self) -> usize {
        let post = &*self.post;
        let text = post.warning.len() + post.text.len() + post.html.len();
        let named: usize = post
            .mentions
            .iter()
            .map(|m| size_of::<Mention>() + 2 * m.handle.as_str().len())
            .sum();
        let tags: usize = post.tags.iter().map(|tag| size_of::<String>() + tag.len()).sum();
        let media: usize = post
            .media
            .iter()
            .map(|one| size_of::<Attachment>() + one.description.len() + one.blurhash.len() + one.mime.len())
            .sum();
        let options: usize = post
            .poll
            .iter()
            .flat_map(Poll::titles)
            .map(|title| size_of::<PollOption>() + title.len())
            .sum();
        let link = post.card.as_ref().map_or(0, |card| {
            card.url.len() + card.title.len() + card.description.len() + card.site.len()
        });
        size_of::<Self>()
            + size_of::<Post>()
            + text
            + link
            + options
            + media
            + named
            + tags
            + self.pieces.bytes.load(Ordering::Relaxed)
    }
}

/// An account with its rendered pieces. It does not change: a changed account gets a new card.
pub struct AccountCard {
    /// The account.
    pub account: Arc<Account>,
    pieces: Pieces,
    pinned: OnceLock<Box<[PostId]>>,
}

impl AccountCard {
    /// A card without pieces.
    pub fn new(account: Account) -> Self {
        Self {
            account: Arc::new(account),
            pieces: Pieces::default(),
            pinned: OnceLock::new(),
        }
    }

    /// The pinned posts that strangers see, if they were loaded for this card.
    pub fn pinned(&self) -> Option<&[PostId]> {
        self.pinned.get().map(AsRef::as_ref)
    }

    /// Keeps the pinned posts that were loaded after this card was. Whoever pins, unpins, changes or deletes one
    /// invalidates the card.
    pub fn keep_pinned(&self, posts: &[PostId]) {
        let _ = self.pinned.set(posts.into());
    }

    /// A piece, rendered when it is first asked for.
    pub fn piece(&self, piece: Piece, render: impl FnOnce() -> Bytes) -> &Bytes {
        self.pieces.get_or_render(piece, render)
    }

    fn weight(&self) -> usize {
        let account = &*self.account;
        let text = account.display_name.len() + account.bio.len() + account.bio_html.len();
        let field = |f: &Field| size_of::<Field>() + f.name.len() + f.value.len() + f.value_html.len();
        let fields: usize = account.fields.iter().map(field).sum();
        let pieces = self.pieces.bytes.load(Ordering::Relaxed);
        size_of::<Self>() + size_of::<Account>() + 2 * account.handle.as_str().len() + text + fields + pieces
    }
}

/// The posts that were read last.
pub struct Cards(Cache<PostId, Card>);

impl Cards {
    /// An empty cache.
    pub fn new(limits: Limits) -> Self {
        Self(Cache::new(limits, Card::weight))
    }

    /// The card of a post.
    pub fn get(&self, post: PostId) -> Option<Arc<Card>> {
        self.0.get(&post)
    }

    /// The cards of a page, in its order.
    pub fn get_many(&self, posts: &[PostId]) -> Vec<Option<Arc<Card>>> {
        posts.iter().map(|post| self.get(*post)).collect()
    }

    /// To be taken before a post is loaded.
    pub fn ticket(&self, post: PostId) -> Ticket {
        self.0.ticket(&post)
    }

    /// Holds a post that was loaded after `ticket` was taken. Where it changed in between, the answer serves this one
    /// request and is not held.
    pub fn insert(&self, ticket: Ticket, post: Post) -> Arc<Card> {
        let (id, card) = (post.id, Arc::new(Card::new(post)));
        self.0.insert(ticket, id, Arc::clone(&card));
        card
    }

    /// A post changed: its text, its counts, its state, or that it is there at all. Called after the commit.
    pub fn invalidate(&self, post: PostId) {
        self.0.invalidate(&post);
    }

    /// Something changed that pieces of any post may show. Called after it did.
    pub fn forget_pieces(&self) {
        self.0.clear();
    }

    /// Cards held, and their bytes, about.
    pub fn size(&self) -> (usize, usize) {
        self.0.size()
    }
}

/// The accounts that were read last, by id and by handle.
pub struct Accounts {
    cards: Cache<AccountId, AccountCard>,
    /// By [`bauta_model::Handle::key`]. May name accounts that are no longer held.
    ids: RwLock<HashMap<Box<str>, AccountId>>,
    most_ids: usize,
}

impl Accounts {
    /// An empty cache.
    pub fn new(limits: Limits) -> Self {
        Self {
            cards: Cache::new(limits, AccountCard::weight),
            ids: RwLock::new(HashMap::new()),
            most_ids: limits.count.max(1) * 2,
        }
    }

    /// The card of an account.
    pub fn get(&self, account: AccountId) -> Option<Arc<AccountCard>> {
        self.cards.get(&account)
    }

    /// The cards of several accounts, in their order.
    pub fn get_many(&self, accounts: &[AccountId]) -> Vec<Option<Arc<AccountCard>>> {
        accounts.iter().map(|account| self.get(*account)).collect()
    }

    /// The card of the account whose handle has this key ([`bauta_model::Handle::key`]).
    pub fn by_handle(&self, key: &str) -> Option<Arc<AccountCard>> {
        let id = *self.ids.read().get(key)?;
        self.get(id).filter(|card| card.account.handle.key() == key)
    }

    /// To be taken before an account is loaded by id.
    pub fn ticket(&self, account: AccountId) -> Ticket {
        self.cards.ticket(&account)
    }

    /// To be taken before an account is loaded by its handle, when its id is not known.
    pub fn ticket_for_any(&self) -> Ticket {
        self.cards.ticket_for_any()
    }

    /// Holds an account that was loaded after `ticket` was taken. Where it changed in between, the answer serves this
    /// one request and is not held.
    pub fn insert(&self, ticket: Ticket, account: Account) -> Arc<AccountCard> {
        let (id, card) = (account.id, Arc::new(AccountCard::new(account)));
        if self.cards.insert(ticket, id, Arc::clone(&card)) {
            let mut ids = self.ids.write();
            if ids.len() >= self.most_ids {
                ids.clear();
            }
            ids.insert(card.account.handle.key().into(), id);
        }
        card
    }

    /// An account changed: its profile, its counts, its standing, or that it is there at all. Called after the commit.
    pub fn invalidate(&self, account: AccountId) {
        self.cards.invalidate(&account);
    }

    /// Something changed that pieces of any account may show. Called after it did.
    pub fn forget_pieces(&self) {
        self.cards.clear();
    }

    /// Cards held, and their bytes, about.
    pub fn size(&self) -> (usize, usize) {
        self.cards.size()
    }
}
