//! What people do with posts: favourite, boost, bookmark, pin, mute the thread.

use std::collections::HashSet;

use bauta_model::{AccountId, Post, PostId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{bookmarks, favourites, muted_threads, posts};
use crate::{Conn, Result};

/// What one reader did with a post.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Favourited.
    pub favourited: bool,
    /// Boosted.
    pub boosted: bool,
    /// Bookmarked.
    pub bookmarked: bool,
    /// Its thread is muted.
    pub muted: bool,
}

/// What `viewer` did with each of `posts`, in their order: four queries for any number of posts.
pub fn marks(conn: &mut Conn, viewer: AccountId, of: &[&Post]) -> Result<Vec<Marks>> {
    let viewer = viewer.get();
    let ids: Vec<i64> = of.iter().map(|post| post.id.get()).collect();
    let threads: Vec<i64> = of.iter().map(|post| post.thread.get()).collect();
    let favourited: Vec<i64> = on!(conn, c => favourites::table
        .filter(favourites::account_id.eq(viewer).and(favourites::post_id.eq_any(&ids)))
        .select(favourites::post_id)
        .load(c))?;
    let bookmarked: Vec<i64> = on!(conn, c => bookmarks::table
        .filter(bookmarks::account_id.eq(viewer).and(bookmarks::post_id.eq_any(&ids)))
        .select(bookmarks::post_id)
        .load(c))?;
    let boosted: Vec<Option<i64>> = on!(conn, c => posts::table
        .filter(posts::author_id.eq(viewer).and(posts::boost_of_id.eq_any(&ids)))
        .select(posts::boost_of_id)
        .load(c))?;
    let muted: Vec<i64> = on!(conn, c => muted_threads::table
        .filter(muted_threads::account_id.eq(viewer).and(muted_threads::thread_id.eq_any(&threads)))
        .select(muted_threads::thread_id)
        .load(c))?;
    let favourited: HashSet<i64> = favourited.into_iter().collect();
    let bookmarked: HashSet<i64> = bookmarked.into_iter().collect();
    let boosted: HashSet<i64> = boosted.into_iter().flatten().collect();
    let muted: HashSet<i64> = muted.into_iter().collect();
    Ok(of
        .iter()
        .map(|post| Marks {
            favourited: favourited.contains(&post.id.get()),
            boosted: boosted.contains(&post.id.get()),
            bookmarked: bookmarked.contains(&post.id.get()),
            muted: muted.contains(&post.thread.get()),
        })
        .collect())
}

/// Everything that `viewer` marked, newest first, at most `most` of each kind: favourites, boosted posts with the boosts,
/// bookmarks, muted threads.
pub fn all_marks(conn: &mut Conn, viewer: AccountId, most: i64) -> Result<AllMarks> {
    let viewer = viewer.get();
    let favourited: Vec<i64> = on!(conn, c => favourites::table
        .filter(favourites::account_id.eq(viewer))
        .order(favourites::post_id.desc())
        .limit(most)
        .select(favourites::post_id)
        .load(c))?;
    let bookmarked: Vec<i64> = on!(conn, c => bookmarks::table
        .filter(bookmarks::account_id.eq(viewer))
        .order(bookmarks::post_id.desc())
        .limit(most)
        .select(bookmarks::post_id)
        .load(c))?;
    let boosted: Vec<Option<i64>> = on!(conn, c => posts::table
        .filter(posts::author_id.eq(viewer).and(posts::boost_of_id.is_not_null()))
        .order(posts::id.desc())
        .limit(most)
        .select(posts::boost_of_id)
        .load(c))?;
    let muted: Vec<i64> = on!(conn, c => muted_threads::table
        .filter(muted_threads::account_id.eq(viewer))
        .order(muted_threads::thread_id.desc())
        .limit(most)
        .select(muted_threads::thread_id)
        .load(c))?;
    let posts = |ids: Vec<i64>| ids.into_iter().map(PostId::new).collect();
    Ok(AllMarks {
        favourited: posts(favourited),
        boosted: posts(boosted.into_iter().flatten().collect()),
        bookmarked: posts(bookmarked),
        muted_threads: posts(muted),
    })
}

/// Everything that a reader marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllMarks {
    /// Favourited posts.
    pub favourited: Vec<PostId>,
    /// Boosted posts.
    pub boosted: Vec<PostId>,
    /// Bookmarked posts.
    pub bookmarked: Vec<PostId>,
    /// First posts of muted threads.
    pub muted_threads: Vec<PostId>,
}

/// Favourites a post, and counts it. False if it was a favourite already.
pub fn favourite(conn: &mut Conn, account: AccountId, post: PostId) -> Result<bool> {
    let made = on!(conn, c => diesel::insert_into(favourites::table)
        .values((favourites::account_id.eq(account.get()), favourites::post_id.eq(post.get())))
        .on_conflict_do_nothing()
        .execute(c))?;
    if made > 0 {
        on!(conn, c => diesel::update(posts::table.find(post.get()))
            .set(posts::favourites_count.eq(posts::favourites_count + 1))
            .execute(c))?;
    }
    Ok(made > 0)
}

/// Takes a favourite back. False if it was none.
pub fn unfavourite(conn: &mut Conn, account: AccountId, post: PostId) -> Result<bool> {
    let gone =
        on!(conn, c => diesel::delete(favourites::table.find((account.get(), post.get()))).execute(c))?;
    if gone > 0 {
        on!(conn, c => diesel::update(posts::table.find(post.get()))
            .set(posts::favourites_count.eq(posts::favourites_count - 1))
            .execute(c))?;
    }
    Ok(gone > 0)
}

/// Bookmarks a post, or takes that back. Nobody else is told, and nothing counts it.
pub fn set_bookmark(conn: &mut Conn, account: AccountId, post: PostId, on: bool) -> Result<()> {
    if on {
        on!(conn, c => diesel::insert_into(bookmarks::table)
            .values((bookmarks::account_id.eq(account.get()), bookmarks::post_id.eq(post.get())))
            .on_conflict_do_nothing()
            .execute(c))?;
    } else {
        on!(conn, c => diesel::delete(bookmarks::table.find((account.get(), post.get()))).execute(c))?;
    }
    Ok(())
}

/// Mutes notifications of a thread, or takes that back.
pub fn set_thread_mute(conn: &mut Conn, account: AccountId, thread: PostId, on: bool) -> Result<()> {
    if on {
        on!(conn, c => diesel::insert_into(muted_threads::table)
            .values((muted_threads::account_id.eq(account.get()), muted_threads::thread_id.eq(thread.get())))
            .on_conflict_do_nothing()
            .execute(c))?;
    } else {
        on!(conn, c => diesel::delete(muted_threads::table.find((account.get(), thread.get()))).execute(c))?;
    }
    Ok(())
}

/// True if `account` muted the thread.
pub fn mutes_thread(conn: &mut Conn, account: AccountId, thread: PostId) -> Result<bool> {
    let count: i64 = on!(conn, c => muted_threads::table
        .find((account.get(), thread.get()))
        .count()
        .get_result(c))?;
    Ok(count > 0)
}

/// Puts a post on top of its author's page, or takes it down.
pub fn set_pinned(conn: &mut Conn, post: PostId, pinned: bool) -> Result<()> {
    on!(conn, c => diesel::update(posts::table.find(post.get()))
        .set(posts::pinned.eq(pinned))
        .execute(c))?;
    Ok(())
}

/// How many posts an account has on top of its page.
pub fn count_pinned(conn: &mut Conn, author: AccountId) -> Result<i64> {
    Ok(on!(conn, c => posts::table
        .filter(posts::author_id.eq(author.get()).and(posts::pinned.eq(true)))
        .count()
        .get_result(c))?)
}

/// What an account has on top of its page, oldest first.
pub fn pinned_by(conn: &mut Conn, author: AccountId) -> Result<Vec<PostId>> {
    let ids: Vec<i64> = on!(conn, c => posts::table
        .filter(posts::author_id.eq(author.get()).and(posts::pinned.eq(true)))
        .order(posts::id)
        .select(posts::id)
        .load(c))?;
    Ok(ids.into_iter().map(PostId::new).collect())
}

/// The boost of `post` by `account`.
pub fn boost_by(conn: &mut Conn, account: AccountId, post: PostId) -> Result<Option<PostId>> {
    let id: Option<i64> = on!(conn, c => posts::table
        .filter(posts::boost_of_id.eq(post.get()).and(posts::author_id.eq(account.get())))
        .select(posts::id)
        .first(c)
        .optional())?;
    Ok(id.map(PostId::new))
}

/// Who favourited `post`, by descending account id below `below`: the order tells nothing.
pub fn favourited_by(conn: &mut Conn, post: PostId, below: AccountId, limit: i64) -> Result<Vec<AccountId>> {
    let ids: Vec<i64> = on!(conn, c => favourites::table
        .filter(favourites::post_id.eq(post.get()).and(favourites::account_id.lt(below.get())))
        .order(favourites::account_id.desc())
        .limit(limit)
        .select(favourites::account_id)
        .load(c))?;
    Ok(ids.into_iter().map(AccountId::new).collect())
}

/// Who boosted `post`, by descending account id below `below`.
pub fn boosted_by(conn: &mut Conn, post: PostId, below: AccountId, limit: i64) -> Result<Vec<AccountId>> {
    let ids: Vec<i64> = on!(conn, c => posts::table
        .filter(posts::boost_of_id.eq(post.get()).and(posts::author_id.lt(below.get())))
        .order(posts::author_id.desc())
        .limit(limit)
        .select(posts::author_id)
        .load(c))?;
    Ok(ids.into_iter().map(AccountId::new).collect())
}
