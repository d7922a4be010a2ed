//! Posting: from what a person wrote to what everyone may read.

use std::sync::Arc;
use std::time::Duration;

use bauta_model::{
    Account, AccountId, AsideId, MediaId, Post, PostId, QuotePolicy, ReplyPolicy, ScheduledId, Standing,
    Visibility,
};
use bauta_store::notifications::{self, Kind};
use bauta_store::outbox::{self, Change};
use bauta_store::search::Indexed;
use bauta_store::{Conn, attachments, expiry, relations, short_links};
use bauta_timeline::{AccountCard, Entry};

use super::draft::{Draft, Prepared, Words, check_direct, prepare};
use super::idempotency::Made;
use super::{quote, reply_policy};
use crate::link_previews::Showing;
use crate::reach::{self, Act};
use crate::reading::{Shown, account_card, readable, reader, shown_one};
use crate::streams::{Happening, Said, Streams};
use crate::{App, Refused, Speaker};

/// Followers who asked to be told of every post of one author, at most: beyond it a post would cost by its audience.
const MOST_TOLD: i64 = 500;

/// Publishes `draft` as `speaker`.
///
/// The post is durable, and visible to every local follower, when this returns.
///
/// # Errors
/// [`Refused::Leak`] when the text carries something that identifies a person and nobody said that they have seen it;
/// [`Refused::Invalid`] for a text that is empty or too long, or a direct post to somebody who takes none;
/// [`Refused::NotFound`] when it answers a post that the speaker may not read.
pub async fn post(app: &App, speaker: &Speaker, mut draft: Draft) -> Result<Shown, Refused> {
    speaker.speaks()?;
    let id = match draft.key.take() {
        Some(key) => {
            app.idempotency
                .once(speaker.account, &key, |made| {
                    publish(app, speaker, &draft, Some(made), None)
                })
                .await?
        }
        None => publish(app, speaker, &draft, None, None).await?,
    };
    // A post whose key is known may have been deleted since.
    shown_one(app, Some(speaker.account), id).await
}

/// What a post answers.
#[derive(Clone, Copy)]
pub(super) struct Parent {
    id: PostId,
    author: AccountId,
    thread: PostId,
}

impl Parent {
    pub(super) fn of(post: &Post) -> Self {
        Self {
            id: post.id,
            author: post.author,
            thread: post.thread,
        }
    }
}

/// A draft that can be published as it is.
pub(super) struct Checked {
    account: Arc<AccountCard>,
    parent: Option<Parent>,
    quote: Option<quote::Wish>,
    prepared: Prepared,
}

/// Checks all of a draft that can be checked before its media are put to it.
pub(super) async fn check(app: &App, speaker: &Speaker, draft: &Draft) -> Result<Checked, Refused> {
    crate::attachments::check_count(app, &draft.media)?;
    super::expiry::check(draft.lasts)?;
    let account = account_card(app, speaker.account).await?;
    let parent = match draft.in_reply_to {
        Some(id) => Some(parent(app, speaker, id).await?),
        None => None,
    };
    let quote = match draft.quote {
        Some(id) => Some(quote::wish(app, speaker, id).await?),
        None => None,
    };
    let words = Words {
        text: &draft.text,
        warning: &draft.warning,
        language: draft.language.as_deref(),
        shorten: draft.shorten,
        confirmed: draft.confirmed,
        has_media: !draft.media.is_empty(),
        poll: draft.poll.as_ref(),
        names: true,
    };
    let prepared = prepare(app, speaker, &account, words).await?;
    if draft.visibility == Visibility::Direct {
        check_direct(app, speaker.account, &prepared.mentions).await?;
        if let Some(quote) = &quote {
            quote::check_direct(speaker.account, &prepared.mentions, quote.author)?;
        }
    }
    Ok(Checked {
        account,
        parent,
        quote,
        prepared,
    })
}

/// Publishes a draft; the one that was `scheduled` under this number, if it is still there. `made` is what the key of the
/// draft came to.
pub(super) async fn publish(
    app: &App,
    speaker: &Speaker,
    draft: &Draft,
    made: Option<Arc<Made>>,
    scheduled: Option<ScheduledId>,
) -> Result<PostId, Refused> {
    let Checked {
        account,
        parent,
        quote,
        prepared,
    } = check(app, speaker, draft).await?;
    check_reach(app, speaker, &prepared).await?;
    let visibility = quote.map_or(draft.visibility, |quote| quote.narrowed(draft.visibility));
    let (sensitive, author) = (draft.sensitive, speaker.account);
    let quote_policy = quote::policy(visibility, draft.quote_policy);
    let reply_policy = draft.reply_policy;
    // Of an author who is not in good standing nothing is found, of one who does not want it only the hashtags.
    let findable = (account.account.standing == Standing::Good).then_some(account.account.indexable);
    let (memory, showing) = (Memory::of(app), Showing::of(app));
    let (media, lasts, aside) = (draft.media.clone(), draft.lasts, draft.aside);
    let before = made.clone();
    let written = app
        .store
        .write_then(
            "post",
            move |conn| {
                let wanted = Wanted {
                    visibility,
                    sensitive,
                    parent,
                    quote,
                    quote_policy,
                    reply_policy,
                    media,
                    lasts,
                    scheduled,
                    aside,
                };
                if let Some(post) = before.and_then(|made| made.before()) {
                    return Err(Unwritten::Before(post));
                }
                let (mut post, counted) = write(conn, author, wanted, prepared)?;
                post.card = showing.show(conn, &post, conn.now())?;
                Ok((post, counted))
            },
            move |(post, author): &(Post, Option<Account>)| {
                if let Some(made) = made {
                    made.note(post.id);
                }
                memory.take(post, author.as_ref(), findable);
            },
        )
        .await;
    match written {
        Ok((post, _)) => Ok(post.id),
        Err(unwritten) => unwritten.answer(app, speaker, &draft.media),
    }
}

/// A new account says less, names fewer people and links less.
async fn check_reach(app: &App, speaker: &Speaker, prepared: &Prepared) -> Result<(), Refused> {
    let named = prepared
        .mentions
        .iter()
        .filter(|mention| mention.account != speaker.account);
    reach::check(app, speaker, Act::Post).await?;
    reach::check_many(app, speaker, Act::Mention, named.count()).await?;
    reach::check_many(app, speaker, Act::Link, prepared.text.matches("://").count()).await
}

async fn parent(app: &App, speaker: &Speaker, id: PostId) -> Result<Parent, Refused> {
    let found = readable(app, Some(speaker), id).await?;
    let post = &found.card.post;
    let follows = reader(app, speaker.account).await?.follows(post.author);
    reply_policy::check(speaker.account, follows, post)?;
    Ok(Parent::of(post))
}

/// What is to be written beside the words.
struct Wanted {
    visibility: Visibility,
    sensitive: bool,
    parent: Option<Parent>,
    quote: Option<quote::Wish>,
    quote_policy: QuotePolicy,
    reply_policy: ReplyPolicy,
    media: Vec<MediaId>,
    lasts: Option<Duration>,
    scheduled: Option<ScheduledId>,
    aside: Option<AsideId>,
}

/// Why a post was not written.
pub(super) enum Unwritten {
    Store(bauta_store::Error),
    /// It was, for an earlier request that could not be told.
    Before(PostId),
    /// It was scheduled, and published or deleted a moment ago.
    Gone,
    /// A medium is not there, not the author's, or in another post.
    Media,
}

impl From<bauta_store::Error> for Unwritten {
    fn from(error: bauta_store::Error) -> Self {
        Self::Store(error)
    }
}

impl Unwritten {
    /// What whoever wanted to write it is told; the post, where it is there already.
    pub(super) fn answer(self, app: &App, speaker: &Speaker, media: &[MediaId]) -> Result<PostId, Refused> {
        match self {
            Self::Before(post) => Ok(post),
            // The answered post, or a named account, was deleted a moment ago.
            Self::Store(error) if error.is_dangling() => Err(Refused::NotFound),
            Self::Gone => Err(Refused::NotFound),
            Self::Store(error) => Err(error.into()),
            Self::Media => Err(crate::attachments::not_yours(app, speaker, media)),
        }
    }
}

/// Writes a post, with media that wait for one.
pub(super) fn write_with_media(
    conn: &mut Conn,
    post: &mut Post,
    media: &[MediaId],
) -> Result<Option<Account>, Unwritten> {
    let counted = bauta_store::posts::insert(conn, post, None)?;
    if !media.is_empty() {
        post.media = attachments::put(conn, post.author, post.id, media)?;
        if post.media.len() != media.len() {
            return Err(Unwritten::Media);
        }
    }
    Ok(counted)
}

fn write(
    conn: &mut Conn,
    author: AccountId,
    wanted: Wanted,
    mut words: Prepared,
) -> Result<(Post, Option<Account>), Unwritten> {
    if let Some(scheduled) = wanted.scheduled
        && !bauta_store::scheduled::take(conn, scheduled)?
    {
        return Err(Unwritten::Gone);
    }
    if let Some(aside) = wanted.aside {
        super::aside::take(conn, author, aside)?;
    }
    let id = conn.next_post_id();
    let links = std::mem::take(&mut words.short_links);
    let new = Post {
        quote: wanted.quote.map(quote::Wish::quote),
        quote_policy: wanted.quote_policy,
        reply_policy: wanted.reply_policy,
        ..Post::new(id, author, wanted.visibility)
    };
    let mut post = worded(new, wanted.parent, wanted.sensitive, words);
    let counted = write_with_media(conn, &mut post, &wanted.media)?;
    for link in &links {
        short_links::insert(conn, &link.code, id, &link.url)?;
    }
    if let Some(lasts) = wanted.lasts {
        let end = conn.now().plus(lasts);
        expiry::put(conn, id, end)?;
    }
    tell(conn, &post)?;
    if let Some(quote) = wanted.quote {
        quote::announce(conn, &post, quote)?;
    }
    outbox::note(conn, &Change::new(outbox::Kind::Post, author, id.get()))?;
    Ok((post, counted))
}

/// A new post with its words.
pub(super) fn worded(new: Post, parent: Option<Parent>, sensitive: bool, words: Prepared) -> Post {
    Post {
        in_reply_to: parent.map(|parent| parent.id),
        in_reply_to_author: parent.map(|parent| parent.author),
        thread: parent.map_or(new.id, |parent| parent.thread),
        sensitive: sensitive || !words.warning.is_empty(),
        warning: words.warning,
        text: words.text,
        html: words.html,
        language: words.language,
        mentions: words.mentions,
        tags: words.tags,
        poll: words.poll,
        ..new
    }
}

/// A post that is not published.
pub(super) struct Preview {
    pub post: Post,
    pub author: Arc<AccountCard>,
}

/// What a draft would be if it were published now, without its media. Nothing is written.
pub(super) async fn preview(app: &App, speaker: &Speaker, draft: &Draft) -> Result<Preview, Refused> {
    let checked = check(app, speaker, draft).await?;
    let visibility = checked
        .quote
        .map_or(draft.visibility, |quote| quote.narrowed(draft.visibility));
    let new = Post {
        quote: checked.quote.map(quote::Wish::quote),
        quote_policy: quote::policy(visibility, draft.quote_policy),
        reply_policy: draft.reply_policy,
        ..Post::new(PostId::first_of(app.clock.now()), speaker.account, visibility)
    };
    Ok(Preview {
        post: worded(new, checked.parent, draft.sensitive, checked.prepared),
        author: checked.account,
    })
}

/// Tells whom the post names, and followers who asked to be told.
pub(super) fn tell(conn: &mut Conn, post: &Post) -> bauta_store::Result<()> {
    for mention in &post.mentions {
        notifications::tell(conn, mention.account, Kind::Mention, post.author, post)?;
    }
    let stands_alone = post.in_reply_to_author.is_none_or(|author| author == post.author);
    if !stands_alone || post.visibility == Visibility::Direct {
        return Ok(());
    }
    for follower in relations::told_of_posts(conn, post.author, MOST_TOLD)? {
        if !post.mentions.iter().any(|mention| mention.account == follower) {
            notifications::tell(conn, follower, Kind::Status, post.author, post)?;
        }
    }
    Ok(())
}

/// What is in memory and hears of a new post on the writer's thread, in the order of ids.
pub(crate) struct Memory {
    timelines: Arc<bauta_timeline::Timelines>,
    cards: Arc<bauta_timeline::Cards>,
    accounts: Arc<bauta_timeline::Accounts>,
    search: Arc<bauta_store::search::Search>,
    streams: Arc<Streams>,
}

impl Memory {
    pub(crate) fn of(app: &App) -> Self {
        Self {
            timelines: Arc::clone(&app.timelines),
            cards: Arc::clone(&app.cards),
            accounts: Arc::clone(&app.accounts),
            search: Arc::clone(&app.search),
            streams: Arc::clone(&app.streams),
        }
    }

    /// Takes a new post in. `author` is the account as it was counted, if it was: kept, so that nobody has to load it.
    /// `findable` tells whether search takes its words; nothing: not even its hashtags.
    pub(super) fn take(&self, post: &Post, author: Option<&Account>, findable: Option<bool>) {
        self.take_as(post, author, findable, entry(post, None));
    }

    /// As [`Memory::take`], with what timelines hold of the post.
    pub(super) fn take_as(
        &self,
        post: &Post,
        author: Option<&Account>,
        findable: Option<bool>,
        entry: Entry,
    ) {
        self.cards.insert(self.cards.ticket(post.id), post.clone());
        if let Some(account) = author {
            self.accounts.invalidate(account.id);
            self.accounts
                .insert(self.accounts.ticket(account.id), account.clone());
        }
        let quoted = post.quote.as_ref().and_then(|quote| quote.post);
        for counted in [post.in_reply_to, post.boost_of, quoted].into_iter().flatten() {
            self.cards.invalidate(counted);
        }
        self.timelines.append(&entry);
        if let Some(words) = findable.and_then(|words| Indexed::of(post, words)) {
            self.search.add(words);
        }
        let mut said = said(post, None);
        said.entry = entry;
        self.streams.say(Happening::Posted(said));
    }

    /// Takes a post in that joins in the past: no stream tells of it.
    pub(super) fn join(&self, post: &Post, author: Option<&Account>, indexable: bool) {
        if let Some(account) = author {
            self.accounts.invalidate(account.id);
        }
        self.cards.invalidate(post.id);
        if let Some(parent) = post.in_reply_to {
            self.cards.invalidate(parent);
        }
        self.timelines.append(&entry(post, None));
        if let Some(words) = Indexed::of(post, indexable) {
            self.search.put(words);
        }
    }

    /// Takes a post away that moderators hid.
    pub(crate) fn hide(&self, post: &Post) {
        self.cards.invalidate(post.id);
        self.search.forget(vec![post.id]);
        self.streams.say(Happening::Deleted(said(post, None)));
        self.timelines.set_hidden(post.id, true);
    }

    /// Takes a post in again that moderators had hidden.
    pub(crate) fn show(&self, post: &Post, indexable: bool) {
        self.cards.invalidate(post.id);
        self.timelines.append(&entry(post, None));
        self.timelines.set_hidden(post.id, false);
        if let Some(words) = Indexed::of(post, indexable) {
            self.search.put(words);
        }
    }

    /// Takes a boost in.
    pub(super) fn take_boost(&self, boost: &Post, boosted: AccountId, author: Option<&Account>) {
        self.cards.insert(self.cards.ticket(boost.id), boost.clone());
        if let Some(account) = author {
            self.accounts.invalidate(account.id);
            self.accounts
                .insert(self.accounts.ticket(account.id), account.clone());
        }
        if let Some(post) = boost.boost_of {
            self.cards.invalidate(post);
        }
        self.timelines.append(&entry(boost, Some(boosted)));
        self.streams.say(Happening::Posted(said(boost, Some(boosted))));
    }
}

/// What streams need to know of a post, or of a boost of a post by `boosted`.
pub(super) fn said(post: &Post, boosted: Option<AccountId>) -> Said {
    Said {
        entry: entry(post, boosted),
        tags: post.tags.clone(),
        named: match post.visibility {
            Visibility::Direct => post.mentions.iter().map(|mention| mention.account).collect(),
            _ => Vec::new(),
        },
    }
}

/// Takes the server's own direct posts in: the desk writes them.
pub(crate) fn heard(
    timelines: &Arc<bauta_timeline::Timelines>,
    cards: &Arc<bauta_timeline::Cards>,
    accounts: &Arc<bauta_timeline::Accounts>,
    search: &Arc<bauta_store::search::Search>,
    streams: &Arc<Streams>,
) -> bauta_desk::PostHeard {
    let memory = Memory {
        timelines: Arc::clone(timelines),
        cards: Arc::clone(cards),
        accounts: Arc::clone(accounts),
        search: Arc::clone(search),
        streams: Arc::clone(streams),
    };
    Arc::new(move |post, author| memory.take(post, author, None))
}

pub(super) fn entry(post: &Post, boosted: Option<AccountId>) -> Entry {
    Entry {
        id: post.id,
        author: post.author,
        boost_of: post.boost_of.zip(boosted),
        reply_to: post.in_reply_to_author,
        visibility: post.visibility,
    }
}
