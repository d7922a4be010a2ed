//! Posts: writing one, and reading them with their mentions and tags.

use std::collections::HashMap;

use bauta_model::{
    Account, AccountId, CoarseTime, Handle, Mention, Post, PostId, PostState, QuotePolicy, ReplyPolicy,
    Standing, Visibility,
};
use diesel::prelude::*;

use crate::cached::Cached;
use crate::conn::on;
use crate::schema::{accounts, post_mentions, post_tags, posts};
use crate::search::Indexed;
use crate::{Conn, Error, Place, Result, attachments, link_previews, polls, quotes};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = posts, treat_none_as_default_value = false)]
struct PostRow {
    id: i64,
    author_id: i64,
    in_reply_to_id: Option<i64>,
    in_reply_to_author_id: Option<i64>,
    thread_id: i64,
    boost_of_id: Option<i64>,
    boost_of_author_id: Option<i64>,
    visibility: i16,
    sensitive: bool,
    warning: Vec<u8>,
    text: Vec<u8>,
    html: Vec<u8>,
    language: Option<String>,
    edited_slot: Option<i64>,
    replies_count: i64,
    boosts_count: i64,
    favourites_count: i64,
    pinned: bool,
    state: i16,
    quote_policy: i16,
    quotes_count: i64,
    reply_policy: i16,
}

pub(crate) const fn place(column: &'static str, id: PostId) -> Place {
    Place::new("posts", column, id.get())
}

impl PostRow {
    fn of(conn: &Conn, post: &Post, boost_of_author: Option<AccountId>) -> Self {
        Self {
            id: post.id.get(),
            author_id: post.author.get(),
            in_reply_to_id: post.in_reply_to.map(PostId::get),
            in_reply_to_author_id: post.in_reply_to_author.map(AccountId::get),
            thread_id: post.thread.get(),
            boost_of_id: post.boost_of.map(PostId::get),
            boost_of_author_id: boost_of_author.map(AccountId::get),
            visibility: post.visibility.code(),
            sensitive: post.sensitive,
            warning: conn.seal(place("warning", post.id), &post.warning),
            text: conn.seal(place("text", post.id), &post.text),
            html: conn.seal(place("html", post.id), &post.html),
            language: post.language.clone(),
            edited_slot: post.edited.map(CoarseTime::unix_seconds),
            replies_count: post.replies_count,
            boosts_count: post.boosts_count,
            favourites_count: post.favourites_count,
            pinned: post.pinned,
            state: post.state.code(),
            quote_policy: post.quote_policy.code(),
            quotes_count: post.quotes_count,
            reply_policy: post.reply_policy.code(),
        }
    }

    fn into_post(self, conn: &Conn) -> Result<Post> {
        let id = PostId::new(self.id);
        Ok(Post {
            id,
            author: AccountId::new(self.author_id),
            in_reply_to: self.in_reply_to_id.map(PostId::new),
            in_reply_to_author: self.in_reply_to_author_id.map(AccountId::new),
            thread: PostId::new(self.thread_id),
            boost_of: self.boost_of_id.map(PostId::new),
            visibility: Visibility::from_code(self.visibility).ok_or(Error::Unknown("posts.visibility"))?,
            sensitive: self.sensitive,
            warning: conn.open(place("warning", id), &self.warning)?,
            text: conn.open(place("text", id), &self.text)?,
            html: conn.open(place("html", id), &self.html)?,
            language: self.language,
            edited: self.edited_slot.map(CoarseTime::from_unix_seconds),
            mentions: Vec::new(),
            tags: Vec::new(),
            media: Vec::new(),
            poll: None,
            quote: None,
            quote_policy: QuotePolicy::from_code(self.quote_policy)
                .ok_or(Error::Unknown("posts.quote_policy"))?,
            quotes_count: self.quotes_count,
            reply_policy: ReplyPolicy::from_code(self.reply_policy)
                .ok_or(Error::Unknown("posts.reply_policy"))?,
            card: None,
            replies_count: self.replies_count,
            boosts_count: self.boosts_count,
            favourites_count: self.favourites_count,
            pinned: self.pinned,
            state: PostState::from_code(self.state).ok_or(Error::Unknown("posts.state"))?,
        })
    }
}

/// Writes a post with its mentions, tags, poll and quote (its media are put to it by [`attachments::put`]), and counts it with
/// its author and the post it answers.
///
/// Counts are public, so they count only what the public may see: direct posts are not counted with their author,
/// nor followers-only replies with the post they answer.
///
/// Answers with the author as it stands now, where the post counts.
pub fn insert(conn: &mut Conn, post: &Post, boost_of_author: Option<AccountId>) -> Result<Option<Account>> {
    let row = PostRow::of(conn, post, boost_of_author);
    let id = row.id;
    on!(conn, c => diesel::insert_into(posts::table).values(&row).execute(c))?;
    insert_mentions(conn, id, &post.mentions)?;
    insert_tags(conn, id, &post.tags)?;
    if let Some(poll) = &post.poll {
        polls::insert(conn, post.id, poll)?;
    }
    quotes::insert(conn, post)?;
    let author = if counts_with_author(post.visibility) {
        Some(crate::accounts::count_post(conn, post.author, 1)?)
    } else {
        None
    };
    match (row.in_reply_to_id, row.boost_of_id) {
        (Some(parent), _) if post.visibility.is_open() => {
            on!(conn, c => Cached(diesel::update(posts::table.find(parent))
            .set(posts::replies_count.eq(posts::replies_count + 1)))
            .execute(c))?
        }
        (_, Some(boosted)) => on!(conn, c => Cached(diesel::update(posts::table.find(boosted))
            .set(posts::boosts_count.eq(posts::boosts_count + 1)))
            .execute(c))?,
        _ => 0,
    };
    Ok(author)
}

/// A free id in a slot of the past, at a random place of it; above `before` where that is in the same slot. Only within a
/// write.
pub fn id_in_the_past(conn: &mut Conn, slot: CoarseTime, before: Option<PostId>) -> Result<PostId> {
    let first = PostId::first_of(slot);
    let (from, wide) = match before {
        Some(before) if before >= first && conn.clock().slot_of(before.unix_seconds()) == slot => {
            (before, A_STEP)
        }
        _ => (first, PLACES),
    };
    loop {
        let place = 1 + bauta_model::chance::below(wide).cast_signed();
        let id = PostId::new(from.get() + place);
        if by_id(conn, id)?.is_none() {
            return Ok(id);
        }
    }
}

/// Half of the ids of a second, which leaves room for what follows: see [`PostId`].
const PLACES: u64 = 1 << 23;
/// How far an id of the same slot may be from the one before.
const A_STEP: u64 = 255;

/// Writes posts that answer, pass on and name nobody, some hundred in a statement, and counts them with nobody.
pub(crate) fn insert_all(conn: &mut Conn, all: &[Post]) -> Result<()> {
    for some in all.chunks(ROWS_OF_A_STATEMENT) {
        let rows: Vec<PostRow> = some.iter().map(|post| PostRow::of(conn, post, None)).collect();
        on!(conn, c => diesel::insert_into(posts::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// Each has 22 values, and SQLite takes 32,766 in a statement.
const ROWS_OF_A_STATEMENT: usize = 1000;

/// Says who may answer a post from now on. Answers that are there stay.
pub fn set_reply_policy(conn: &mut Conn, post: PostId, policy: ReplyPolicy) -> Result<()> {
    on!(conn, c => diesel::update(posts::table.find(post.get()))
        .set(posts::reply_policy.eq(policy.code()))
        .execute(c))?;
    Ok(())
}

/// Direct posts are between people: a public count must not tell of them.
pub(crate) const fn counts_with_author(visibility: Visibility) -> bool {
    !matches!(visibility, Visibility::Direct)
}

pub(crate) fn insert_mentions(conn: &mut Conn, post: i64, mentions: &[Mention]) -> Result<()> {
    if mentions.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = mentions
        .iter()
        .map(|mention| {
            (
                post_mentions::post_id.eq(post),
                post_mentions::account_id.eq(mention.account.get()),
            )
        })
        .collect();
    on!(conn, c => diesel::insert_into(post_mentions::table).values(&rows).execute(c))?;
    Ok(())
}

pub(crate) fn insert_tags(conn: &mut Conn, post: i64, tags: &[String]) -> Result<()> {
    if tags.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = tags
        .iter()
        .map(|tag| (post_tags::post_id.eq(post), post_tags::tag.eq(tag.as_str())))
        .collect();
    on!(conn, c => diesel::insert_into(post_tags::table).values(&rows).execute(c))?;
    Ok(())
}

/// The posts of many ids, newest first, with mentions and tags. Ids of posts that are not there are left out.
pub fn by_ids(conn: &mut Conn, ids: &[PostId]) -> Result<Vec<Post>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let rows: Vec<PostRow> = on!(conn, c => posts::table
        .filter(posts::id.eq_any(&ids))
        .order(posts::id.desc())
        .select(PostRow::as_select())
        .load(c))?;
    complete(conn, rows)
}

/// What may be found of public posts below `below`, newest first, of authors in good standing: for the search index.
/// What has neither words nor hashtags is there too, so that whoever asks knows how far they have come.
pub fn searchable(conn: &mut Conn, below: PostId, limit: i64) -> Result<Vec<Indexed>> {
    type Row = (i64, Vec<u8>, Vec<u8>, bool);
    let rows: Vec<Row> = on!(conn, c => posts::table
        .inner_join(accounts::table.on(accounts::id.eq(posts::author_id)))
        .filter(posts::id.lt(below.get()))
        .filter(posts::visibility.eq(Visibility::Public.code()))
        .filter(posts::boost_of_id.is_null())
        .filter(posts::state.eq(PostState::Live.code()))
        .filter(accounts::standing.eq(Standing::Good.code()))
        .order(posts::id.desc())
        .limit(limit)
        .select((posts::id, posts::warning, posts::text, accounts::indexable))
        .load(c))?;
    let (first, last) = (
        rows.last().map_or(0, |row| row.0),
        rows.first().map_or(0, |row| row.0),
    );
    // By range: a list of ids would be another statement for each length.
    let tags: Vec<(i64, String)> = on!(conn, c => post_tags::table
        .filter(post_tags::post_id.between(first, last))
        .select((post_tags::post_id, post_tags::tag))
        .load(c))?;
    let mut tags_of: HashMap<i64, Vec<String>> = HashMap::new();
    for (post, tag) in tags {
        tags_of.entry(post).or_default().push(tag);
    }
    rows.into_iter()
        .map(|(id, warning, text, indexable)| {
            let post = PostId::new(id);
            let words = if indexable {
                let warning = conn.open(place("warning", post), &warning)?;
                let text = conn.open(place("text", post), &text)?;
                Some(format!("{warning} {text}"))
            } else {
                None
            };
            Ok(Indexed {
                id: post,
                words,
                tags: tags_of.remove(&id).unwrap_or_default(),
            })
        })
        .collect()
}

/// Public posts of one author below `below`, newest first, whatever the author's standing: for the search index.
pub fn public_of(conn: &mut Conn, author: AccountId, below: PostId, limit: i64) -> Result<Vec<Post>> {
    let rows: Vec<PostRow> = on!(conn, c => posts::table
        .filter(posts::author_id.eq(author.get()))
        .filter(posts::id.lt(below.get()))
        .filter(posts::visibility.eq(Visibility::Public.code()))
        .filter(posts::boost_of_id.is_null())
        .filter(posts::state.eq(PostState::Live.code()))
        .order(posts::id.desc())
        .limit(limit)
        .select(PostRow::as_select())
        .load(c))?;
    complete(conn, rows)
}

/// The post of an id, whoever asks: the rules of reading are the service's.
pub fn by_id(conn: &mut Conn, id: PostId) -> Result<Option<Post>> {
    Ok(by_ids(conn, &[id])?.pop())
}

/// Adds mentions, tags, media, polls, quotes and previews: a query of each for any number of posts.
fn complete(conn: &mut Conn, rows: Vec<PostRow>) -> Result<Vec<Post>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mentions: Vec<(i64, i64, String)> = on!(conn, c => post_mentions::table
        .inner_join(accounts::table.on(accounts::id.eq(post_mentions::account_id)))
        .filter(post_mentions::post_id.eq_any(&ids))
        .select((post_mentions::post_id, accounts::id, accounts::handle))
        .load(c))?;
    let tags: Vec<(i64, String)> = on!(conn, c => post_tags::table
        .filter(post_tags::post_id.eq_any(&ids))
        .select((post_tags::post_id, post_tags::tag))
        .load(c))?;
    let mut posts = rows
        .into_iter()
        .map(|row| row.into_post(conn))
        .collect::<Result<Vec<_>>>()?;
    let by_id: HashMap<i64, usize> = posts
        .iter()
        .enumerate()
        .map(|(at, post)| (post.id.get(), at))
        .collect();
    for (post, account, handle) in mentions {
        let handle = Handle::parse_any(&handle).map_err(|_| Error::Unknown("accounts.handle"))?;
        if let Some(at) = by_id.get(&post) {
            posts[*at].mentions.push(Mention {
                account: AccountId::new(account),
                handle,
            });
        }
    }
    for (post, tag) in tags {
        if let Some(at) = by_id.get(&post) {
            posts[*at].tags.push(tag);
        }
    }
    for (post, attachment) in attachments::of_posts(conn, &ids)? {
        if let Some(at) = by_id.get(&post) {
            posts[*at].media.push(attachment);
        }
    }
    for (post, poll) in polls::of_posts(conn, &ids)? {
        if let Some(at) = by_id.get(&post) {
            posts[*at].poll = Some(poll);
        }
    }
    for (post, quote) in quotes::of_posts(conn, &ids)? {
        if let Some(at) = by_id.get(&post) {
            posts[*at].quote = Some(quote);
        }
    }
    for (post, card) in link_previews::of_posts(conn, &ids)? {
        if let Some(at) = by_id.get(&post) {
            posts[*at].card = Some(card);
        }
    }
    Ok(posts)
}
