//! Timelines by SQL: the ids of a page, newest first. The rules of reading are part of each query, so that a page is
//! full where there is enough to read.
//!
//! Parameters of every query: ?1 the reader (0 for a stranger), ?2 and ?3 the ids that the page lies strictly between,
//! ?4 the length of the page. Most go on with ?5, the slot that is now, and ?6, whose posts, or the hashtag.

use std::collections::HashMap;

use bauta_model::{AccountId, PostId, PostState, Visibility};
use diesel::prelude::*;

use crate::conn::on;
use crate::lists::List;
use crate::schema::posts;
use crate::threads::post_ids;
use crate::{Conn, Error, Result, ids};

/// A page of a list that is sorted by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Only what is below.
    pub below: Option<PostId>,
    /// Only what is above; the newest of it.
    pub since: Option<PostId>,
    /// Only what is above; what is next to it.
    pub right_above: Option<PostId>,
    /// At most so many.
    pub limit: usize,
}

impl Page {
    /// The newest `limit`.
    pub const fn newest(limit: usize) -> Self {
        Self {
            below: None,
            since: None,
            right_above: None,
            limit,
        }
    }

    /// The ids that the page lies between, as (above, below).
    fn bounds(&self) -> (i64, i64) {
        let above = self.since.max(self.right_above).map_or(0, PostId::get);
        (above, self.below.map_or(i64::MAX, PostId::get))
    }

    /// True if the page begins at its lower end.
    const fn ascends(&self) -> bool {
        self.right_above.is_some()
    }
}

/// A query that gives a page from above or from below.
#[derive(Clone, Copy)]
pub(crate) struct Paged {
    /// The newest of the range.
    pub(crate) down: &'static str,
    /// The oldest of the range.
    pub(crate) up: &'static str,
}

/// The posts `p` with their author `a`, and for boosts what they boost `o` with its author `b`.
macro_rules! from_posts {
    () => {
        "FROM posts p JOIN accounts a ON a.id = p.author_id \
         LEFT JOIN posts o ON o.id = p.boost_of_id LEFT JOIN accounts b ON b.id = o.author_id "
    };
}

/// Suspended authors are seen by nobody; hidden posts by their authors alone; blocks hide both ways; a mute hides.
macro_rules! seen {
    () => {
        "p.id < ?2 AND p.id > ?3 AND a.standing <> 2 AND (b.id IS NULL OR b.standing <> 2) \
         AND (p.state = 0 OR p.author_id = ?1) AND (o.id IS NULL OR o.state = 0 OR o.author_id = ?1) \
         AND NOT EXISTS (SELECT 1 FROM blocks x WHERE x.account_id = ?1 AND x.target_id IN (p.author_id, o.author_id)) \
         AND NOT EXISTS (SELECT 1 FROM blocks x WHERE x.target_id = ?1 AND x.account_id IN (p.author_id, o.author_id)) "
    };
}

macro_rules! not_muted {
    () => {
        "AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.account_id = ?1 AND m.target_id IN (p.author_id, o.author_id) \
         AND (m.expires_slot IS NULL OR m.expires_slot > ?5)) \
         AND NOT EXISTS (SELECT 1 FROM blocked_domains d JOIN remote_accounts r ON r.domain = d.domain \
         WHERE d.account_id = ?1 AND r.account_id IN (p.author_id, o.author_id)) "
    };
}

/// Open posts; one's own; followers' where the reader follows; and those that name the reader.
macro_rules! readable {
    () => {
        "AND (p.visibility <= 1 OR p.author_id = ?1 \
         OR (p.visibility = 2 AND EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = ?1 AND f.followee_id = p.author_id)) \
         OR EXISTS (SELECT 1 FROM post_mentions n WHERE n.post_id = p.id AND n.account_id = ?1)) "
    };
}

/// It has media.
macro_rules! shows {
    () => {
        "EXISTS (SELECT 1 FROM attachments s WHERE s.post_id = p.id) "
    };
}

macro_rules! paged {
    ($($text:expr),+) => {
        Paged {
            down: concat!($($text),+, " ORDER BY p.id DESC LIMIT ?4"),
            up: concat!($($text),+, " ORDER BY p.id ASC LIMIT ?4"),
        }
    };
}

/// Posts of followed accounts and one's own, as crate timeline merges them: no direct posts; boosts unless hidden;
/// replies where their reader follows both sides.
pub(crate) const HOME: Paged = paged!(
    "SELECT p.id AS id ",
    from_posts!(),
    "LEFT JOIN follows h ON h.follower_id = ?1 AND h.followee_id = p.author_id WHERE ",
    seen!(),
    not_muted!(),
    "AND p.visibility <= 2 AND (p.author_id = ?1 OR (h.follower_id IS NOT NULL \
     AND NOT EXISTS (SELECT 1 FROM lists l JOIN list_members e ON e.list_id = l.id \
     WHERE l.account_id = ?1 AND l.exclusive AND e.account_id = p.author_id) \
     AND (p.boost_of_id IS NULL OR h.show_boosts) \
     AND (p.in_reply_to_author_id IS NULL OR p.in_reply_to_author_id IN (?1, p.author_id) \
     OR EXISTS (SELECT 1 FROM follows r WHERE r.follower_id = ?1 AND r.followee_id = p.in_reply_to_author_id))))"
);

/// Posts of the people in the list ?6 whom its owner follows. Replies to others by ?7: 0 none, 1 to people of the list, 2
/// to whoever is followed; those to its owner always.
pub(crate) const LIST: Paged = paged!(
    "SELECT p.id AS id FROM list_members e JOIN posts p ON p.author_id = e.account_id JOIN accounts a ON a.id = p.author_id \
     JOIN follows h ON h.follower_id = ?1 AND h.followee_id = p.author_id \
     LEFT JOIN posts o ON o.id = p.boost_of_id LEFT JOIN accounts b ON b.id = o.author_id WHERE e.list_id = ?6 AND ",
    seen!(),
    not_muted!(),
    "AND p.visibility <= 2 AND (p.boost_of_id IS NULL OR h.show_boosts) \
     AND (p.in_reply_to_author_id IS NULL OR p.in_reply_to_author_id IN (?1, p.author_id) \
     OR (?7 = 1 AND EXISTS (SELECT 1 FROM list_members r WHERE r.list_id = ?6 AND r.account_id = p.in_reply_to_author_id)) \
     OR (?7 = 2 AND EXISTS (SELECT 1 FROM follows r WHERE r.follower_id = ?1 AND r.followee_id = p.in_reply_to_author_id)))"
);

/// Public posts of this server that are no boosts and no replies to others, of authors in good standing.
pub(crate) const LOCAL: Paged = paged!(
    "SELECT p.id AS id ",
    from_posts!(),
    "WHERE p.visibility = 0 AND p.boost_of_id IS NULL AND a.standing = 0 \
     AND NOT EXISTS (SELECT 1 FROM remote_accounts r WHERE r.account_id = a.id) \
     AND (p.in_reply_to_author_id IS NULL OR p.in_reply_to_author_id = p.author_id) AND ",
    seen!(),
    not_muted!()
);

/// Public posts with a hashtag.
pub(crate) const TAG: Paged = paged!(
    "SELECT p.id AS id FROM post_tags t JOIN posts p ON p.id = t.post_id JOIN accounts a ON a.id = p.author_id \
     LEFT JOIN posts o ON o.id = p.boost_of_id LEFT JOIN accounts b ON b.id = o.author_id \
     WHERE t.tag = ?6 AND p.visibility = 0 AND a.standing = 0 AND ",
    seen!(),
    not_muted!()
);

/// Public posts with a hashtag that the reader follows.
pub(crate) const FOLLOWED_TAGS: Paged = paged!(
    "SELECT DISTINCT p.id AS id FROM followed_tags k JOIN post_tags t ON t.tag = k.tag JOIN posts p ON p.id = t.post_id \
     JOIN accounts a ON a.id = p.author_id \
     LEFT JOIN posts o ON o.id = p.boost_of_id LEFT JOIN accounts b ON b.id = o.author_id \
     WHERE k.account_id = ?1 AND p.visibility = 0 AND a.standing = 0 AND ",
    seen!(),
    not_muted!()
);

/// As [`TAG`], of posts that have each of the ?6 tags in the list ?8, and none of the list ?9; ?7 is the tag. A list is
/// written `,a,b,`.
/// As [`LOCAL`], of those that show something.
pub(crate) const LOCAL_MEDIA: Paged = paged!(
    "SELECT p.id AS id ",
    from_posts!(),
    "WHERE p.visibility = 0 AND p.boost_of_id IS NULL AND a.standing = 0 AND ",
    shows!(),
    "AND NOT EXISTS (SELECT 1 FROM remote_accounts r WHERE r.account_id = a.id) \
     AND (p.in_reply_to_author_id IS NULL OR p.in_reply_to_author_id = p.author_id) AND ",
    seen!(),
    not_muted!()
);

/// What an author shows: posts of their own with media.
pub(crate) const PROFILE_MEDIA: Paged = paged!(
    "SELECT p.id AS id ",
    from_posts!(),
    "WHERE p.author_id = ?6 AND ?5 >= 0 AND ",
    shows!(),
    "AND (?7 = 1 OR p.in_reply_to_author_id IS NULL OR p.in_reply_to_author_id = p.author_id) AND ",
    seen!(),
    readable!()
);

pub(crate) const TAG_AMONG: Paged = paged!(
    "SELECT p.id AS id FROM post_tags t JOIN posts p ON p.id = t.post_id JOIN accounts a ON a.id = p.author_id \
     LEFT JOIN posts o ON o.id = p.boost_of_id LEFT JOIN accounts b ON b.id = o.author_id \
     WHERE t.tag = ?8 AND p.visibility = 0 AND a.standing = 0 \
     AND (SELECT COUNT(*) FROM post_tags x WHERE x.post_id = p.id \
     AND ?9 LIKE '%,' || replace(x.tag, '_', '!_') || ',%' ESCAPE '!') = ?6 \
     AND NOT EXISTS (SELECT 1 FROM post_tags x WHERE x.post_id = p.id \
     AND ?10 LIKE '%,' || replace(x.tag, '_', '!_') || ',%' ESCAPE '!') \
     AND (?7 = 0 OR EXISTS (SELECT 1 FROM attachments s WHERE s.post_id = p.id)) AND ",
    seen!(),
    not_muted!()
);

/// An account's posts. ?7 with replies to others, ?8 with boosts: 1 or 0.
pub(crate) const PROFILE: Paged = paged!(
    "SELECT p.id AS id ",
    from_posts!(),
    "WHERE p.author_id = ?6 AND (?8 = 1 OR p.boost_of_id IS NULL) \
     AND (?7 = 1 OR p.in_reply_to_author_id IS NULL OR p.in_reply_to_author_id = p.author_id) AND ",
    seen!(),
    // A mute is of the author's posts in lists; whoever opens the page wants to read them. Boosts of muted people stay out.
    "AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.account_id = ?1 AND m.target_id = o.author_id \
     AND (m.expires_slot IS NULL OR m.expires_slot > ?5)) ",
    readable!()
);

/// The posts on top of an account's page.
pub(crate) const PINNED: Paged = paged!(
    "SELECT p.id AS id ",
    from_posts!(),
    "WHERE p.author_id = ?6 AND p.pinned AND ?5 >= 0 AND ",
    seen!(),
    readable!()
);

/// An account's posts with a hashtag. ?7 the hashtag.
pub(crate) const PROFILE_TAGGED: Paged = paged!(
    "SELECT p.id AS id ",
    from_posts!(),
    "WHERE p.author_id = ?6 AND ?5 >= 0 AND EXISTS (SELECT 1 FROM post_tags t WHERE t.tag = ?7 AND t.post_id = p.id) AND ",
    seen!(),
    readable!()
);

/// What the reader bookmarked and may still read.
pub(crate) const BOOKMARKS: Paged = paged!(
    "SELECT p.id AS id FROM bookmarks k JOIN posts p ON p.id = k.post_id JOIN accounts a ON a.id = p.author_id \
     LEFT JOIN posts o ON o.id = p.boost_of_id LEFT JOIN accounts b ON b.id = o.author_id WHERE k.account_id = ?1 AND ",
    seen!(),
    readable!()
);

/// What the reader favourited and may still read.
pub(crate) const FAVOURITES: Paged = paged!(
    "SELECT p.id AS id FROM favourites k JOIN posts p ON p.id = k.post_id JOIN accounts a ON a.id = p.author_id \
     LEFT JOIN posts o ON o.id = p.boost_of_id LEFT JOIN accounts b ON b.id = o.author_id WHERE k.account_id = ?1 AND ",
    seen!(),
    readable!()
);

/// What timelines in memory need to know of the newest posts below `below`, newest first.
pub fn entries(conn: &mut Conn, below: PostId, limit: i64) -> Result<Vec<Entry>> {
    type Row = (i64, i64, Option<i64>, Option<i64>, Option<i64>, i16, i16);
    let rows: Vec<Row> = on!(conn, c => posts::table
        .filter(posts::id.lt(below.get()))
        .order(posts::id.desc())
        .limit(limit)
        .select((
            posts::id,
            posts::author_id,
            posts::boost_of_id,
            posts::boost_of_author_id,
            posts::in_reply_to_author_id,
            posts::visibility,
            posts::state,
        ))
        .load(c))?;
    rows.into_iter()
        .map(|(id, author, boost_of, boosted, reply_to, visibility, state)| {
            Ok(Entry {
                id: PostId::new(id),
                author: AccountId::new(author),
                boost_of: boost_of
                    .zip(boosted)
                    .map(|(post, author)| (PostId::new(post), AccountId::new(author))),
                reply_to: reply_to.map(AccountId::new),
                visibility: Visibility::from_code(visibility).ok_or(Error::Unknown("posts.visibility"))?,
                hidden: state != PostState::Live.code(),
            })
        })
        .collect()
}

/// A post as far as timelines need to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The post.
    pub id: PostId,
    /// Its author.
    pub author: AccountId,
    /// What it boosts, and whose that is.
    pub boost_of: Option<(PostId, AccountId)>,
    /// Whom it answers.
    pub reply_to: Option<AccountId>,
    /// Who may read it.
    pub visibility: Visibility,
    /// Moderators hid it.
    pub hidden: bool,
}

/// Which of an account's posts a page of its profile shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    /// All that the reader may read, with or without replies to others and boosts.
    Posts {
        /// With replies to others.
        replies: bool,
        /// With boosts.
        boosts: bool,
    },
    /// Those on top of the page.
    Pinned,
    /// Those of its own that show something.
    Media {
        /// Replies to others too.
        replies: bool,
    },
    /// Those with a hashtag.
    Tagged(String),
}

pub(crate) fn page(
    conn: &mut Conn,
    query: Paged,
    reader: Option<AccountId>,
    page: &Page,
    more: &[i64],
    word: Option<&str>,
) -> Result<Vec<PostId>> {
    page_of(conn, query, reader, page, more, word.as_slice())
}

fn page_of(
    conn: &mut Conn,
    query: Paged,
    reader: Option<AccountId>,
    page: &Page,
    more: &[i64],
    words: &[&str],
) -> Result<Vec<PostId>> {
    let (above, below) = page.bounds();
    let reader = reader.map_or(0, AccountId::get);
    let mut numbers = vec![reader, below, above, page.limit as i64];
    numbers.extend_from_slice(more);
    let sql = if page.ascends() { query.up } else { query.down };
    let mut found = ids::select_words(conn, sql, &numbers, words)?;
    if page.ascends() {
        found.reverse();
    }
    Ok(post_ids(found))
}

/// Which of these are boosts, and of what.
pub fn boosted(conn: &mut Conn, of: &[PostId]) -> Result<HashMap<PostId, PostId>> {
    let ids: Vec<i64> = of.iter().map(|id| id.get()).collect();
    let rows: Vec<(i64, Option<i64>)> = on!(conn, c => posts::table
        .filter(posts::id.eq_any(&ids))
        .filter(posts::boost_of_id.is_not_null())
        .select((posts::id, posts::boost_of_id))
        .load(c))?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, boosted)| Some((PostId::new(id), PostId::new(boosted?))))
        .collect())
}

/// The reader's home timeline, repetitions included: which of them are left out is crate timeline's rule.
pub fn home(conn: &mut Conn, reader: AccountId, wanted: &Page) -> Result<Vec<PostId>> {
    let now = conn.now().unix_seconds();
    page(conn, HOME, Some(reader), wanted, &[now], None)
}

/// The timeline of a list of the reader's.
pub fn list(conn: &mut Conn, reader: AccountId, list: &List, wanted: &Page) -> Result<Vec<PostId>> {
    let more = [
        conn.now().unix_seconds(),
        list.id.get(),
        i64::from(list.replies.code()),
    ];
    page(conn, LIST, Some(reader), wanted, &more, None)
}

/// A page of the local timeline, of those posts that show something.
pub fn local_media(conn: &mut Conn, reader: Option<AccountId>, wanted: &Page) -> Result<Vec<PostId>> {
    let now = conn.now().unix_seconds();
    page(conn, LOCAL_MEDIA, reader, wanted, &[now], None)
}

/// Everyone's public posts.
pub fn local(conn: &mut Conn, reader: Option<AccountId>, wanted: &Page) -> Result<Vec<PostId>> {
    let now = conn.now().unix_seconds();
    page(conn, LOCAL, reader, wanted, &[now], None)
}

/// Public posts with a hashtag (lower case, without `#`).
pub fn tag(conn: &mut Conn, reader: Option<AccountId>, tag: &str, wanted: &Page) -> Result<Vec<PostId>> {
    let now = conn.now().unix_seconds();
    page(conn, TAG, reader, wanted, &[now], Some(tag))
}

/// Public posts with a hashtag that the reader follows.
pub fn followed_tags(conn: &mut Conn, reader: AccountId, wanted: &Page) -> Result<Vec<PostId>> {
    let now = conn.now().unix_seconds();
    page(conn, FOLLOWED_TAGS, Some(reader), wanted, &[now], None)
}

/// As [`tag`], of posts that have `all` of these tags too, and `none` of those. Tags hold no comma.
pub fn tag_among(
    conn: &mut Conn,
    reader: Option<AccountId>,
    tag: &str,
    all: &[String],
    none: &[String],
    only_media: bool,
    wanted: &Page,
) -> Result<Vec<PostId>> {
    let now = conn.now().unix_seconds();
    let all: std::collections::BTreeSet<&str> = all.iter().map(String::as_str).collect();
    let count = all.len() as i64;
    let all = format!(",{},", all.into_iter().collect::<Vec<_>>().join(","));
    let none = format!(",{},", none.join(","));
    page_of(
        conn,
        TAG_AMONG,
        reader,
        wanted,
        &[now, count, i64::from(only_media)],
        &[tag, &all, &none],
    )
}

/// The posts of `author`.
pub fn profile(
    conn: &mut Conn,
    reader: Option<AccountId>,
    author: AccountId,
    of: &Of,
    wanted: &Page,
) -> Result<Vec<PostId>> {
    let (now, author) = (conn.now().unix_seconds(), author.get());
    match of {
        Of::Posts { replies, boosts } => {
            let more = [now, author, i64::from(*replies), i64::from(*boosts)];
            page(conn, PROFILE, reader, wanted, &more, None)
        }
        Of::Media { replies } => {
            let more = [now, author, i64::from(*replies)];
            page(conn, PROFILE_MEDIA, reader, wanted, &more, None)
        }
        Of::Pinned => page(conn, PINNED, reader, wanted, &[now, author], None),
        Of::Tagged(tag) => page(conn, PROFILE_TAGGED, reader, wanted, &[now, author], Some(tag)),
    }
}

/// What the reader bookmarked, by the id of the post.
pub fn bookmarks(conn: &mut Conn, reader: AccountId, wanted: &Page) -> Result<Vec<PostId>> {
    page(conn, BOOKMARKS, Some(reader), wanted, &[], None)
}

/// What the reader favourited, by the id of the post.
pub fn favourites(conn: &mut Conn, reader: AccountId, wanted: &Page) -> Result<Vec<PostId>> {
    page(conn, FAVOURITES, Some(reader), wanted, &[], None)
}

#[cfg(test)]
mod tests;
