//! What happens to posts after they are written: edits with their history, and deletion.

use bauta_model::{AccountId, CoarseTime, Post, PostId};
use diesel::prelude::*;

use crate::conn::on;
use crate::deletions::{self, Deleted};
use crate::posts::{counts_with_author, insert_mentions, insert_tags, place};
use crate::schema::{accounts, post_edits, post_mentions, post_tags, posts};
use crate::{Conn, Place, Result};

/// An earlier version of a post.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// When it was published or edited to this.
    pub at: CoarseTime,
    /// Whether its media were hidden.
    pub sensitive: bool,
    /// Its content warning.
    pub warning: String,
    /// Its text as typed.
    pub text: String,
    /// Its text as HTML.
    pub html: String,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = post_edits)]
struct EditRow {
    post_id: i64,
    number: i32,
    slot: i64,
    sensitive: bool,
    warning: Vec<u8>,
    text: Vec<u8>,
    html: Vec<u8>,
}

/// Where a version's text is sealed: by its post, since the row has no id of its own.
const fn version_place(column: &'static str, post: i64) -> Place {
    Place::new("post_edits", column, post)
}

/// Replaces the post by `after`, and keeps what it was. `was_at` is the slot of the version that is replaced.
pub fn edit(conn: &mut Conn, before: &Post, was_at: CoarseTime, after: &Post) -> Result<()> {
    let id = before.id.get();
    let newest: Option<i32> = on!(conn, c => post_edits::table
        .filter(post_edits::post_id.eq(id))
        .select(diesel::dsl::max(post_edits::number))
        .first(c))?;
    let row = EditRow {
        post_id: id,
        number: newest.map_or(0, |number| number + 1),
        slot: was_at.unix_seconds(),
        sensitive: before.sensitive,
        warning: conn.seal(version_place("warning", id), &before.warning),
        text: conn.seal(version_place("text", id), &before.text),
        html: conn.seal(version_place("html", id), &before.html),
    };
    on!(conn, c => diesel::insert_into(post_edits::table).values(&row).execute(c))?;
    write_text(conn, after)?;
    on!(conn, c => diesel::delete(post_mentions::table.filter(post_mentions::post_id.eq(id))).execute(c))?;
    on!(conn, c => diesel::delete(post_tags::table.filter(post_tags::post_id.eq(id))).execute(c))?;
    insert_mentions(conn, id, &after.mentions)?;
    insert_tags(conn, id, &after.tags)
}

fn write_text(conn: &mut Conn, post: &Post) -> Result<()> {
    let warning = conn.seal(place("warning", post.id), &post.warning);
    let text = conn.seal(place("text", post.id), &post.text);
    let html = conn.seal(place("html", post.id), &post.html);
    on!(conn, c => diesel::update(posts::table.find(post.id.get()))
        .set((
            posts::sensitive.eq(post.sensitive),
            posts::warning.eq(&warning),
            posts::text.eq(&text),
            posts::html.eq(&html),
            posts::language.eq(post.language.as_deref()),
            posts::edited_slot.eq(post.edited.map(CoarseTime::unix_seconds)),
        ))
        .execute(c))?;
    Ok(())
}

/// The earlier versions of a post, oldest first; without the one that stands now.
pub fn versions(conn: &mut Conn, id: PostId) -> Result<Vec<Version>> {
    let rows: Vec<EditRow> = on!(conn, c => post_edits::table
        .filter(post_edits::post_id.eq(id.get()))
        .order(post_edits::number.asc())
        .select(EditRow::as_select())
        .load(c))?;
    rows.into_iter()
        .map(|row| {
            Ok(Version {
                at: CoarseTime::from_unix_seconds(row.slot),
                sensitive: row.sensitive,
                warning: conn.open(version_place("warning", row.post_id), &row.warning)?,
                text: conn.open(version_place("text", row.post_id), &row.text)?,
                html: conn.open(version_place("html", row.post_id), &row.html)?,
            })
        })
        .collect()
}

/// What a deletion took away, and what it changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// Boosts of the post, which are gone too, with their authors.
    pub boosts: Vec<(PostId, AccountId)>,
    /// Replies to it, which stay and answer nothing now.
    pub replies: Vec<PostId>,
}

/// Deletes a post with everything that hangs on it; replies to it stay.
///
/// Nothing of its text is left on the disk of SQLite within a minute.
pub fn delete(conn: &mut Conn, post: &Post) -> Result<Gone> {
    conn.purge_after_commit();
    let id = post.id.get();
    let boosts: Vec<(i64, i64)> = on!(conn, c => posts::table
        .filter(posts::boost_of_id.eq(id))
        .select((posts::id, posts::author_id))
        .load(c))?;
    let replies: Vec<i64> = on!(conn, c => posts::table
        .filter(posts::in_reply_to_id.eq(id))
        .select(posts::id)
        .load(c))?;
    if !boosts.is_empty() {
        // An account boosts a post once at most, so every booster has one less.
        on!(conn, c => diesel::update(accounts::table.filter(accounts::id.eq_any(
                posts::table.filter(posts::boost_of_id.eq(id)).select(posts::author_id))))
            .set(accounts::posts_count.eq(accounts::posts_count - 1))
            .execute(c))?;
    }
    on!(conn, c => diesel::delete(posts::table.find(id)).execute(c))?;
    deletions::record(conn, Deleted::Post(post.id))?;
    uncount(conn, post)?;
    let boosts = boosts.into_iter().map(|(boost, author)| (PostId::new(boost), AccountId::new(author)));
    Ok(Gone {
        boosts: boosts.collect(),
        replies: replies.into_iter().map(PostId::new).collect(),
    })
}

/// Takes back what [`crate::posts::insert`] counted.
fn uncount(conn: &mut Conn, post: &Post) -> Result<()> {
    if counts_with_author(post.visibility) {
        crate::accounts::count_post(conn, post.author, -1)?;
    }
    match (post.in_reply_to, post.boost_of) {
        (Some(parent), _) if post.visibility.is_open() => {
            on!(conn, c => diesel::update(posts::table.find(parent.get()))
                .set(posts::replies_count.eq(posts::replies_count - 1))
                .execute(c))?;
        }
        (_, Some(boosted)) => {
            on!(conn, c => diesel::update(posts::table.find(boosted.get()))
                .set(posts::boosts_count.eq(posts::boosts_count - 1))
                .execute(c))?;
        }
        _ => {}
    }
    Ok(())
}
