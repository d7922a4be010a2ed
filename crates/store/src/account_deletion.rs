//! Deleting an account: all that hangs on it goes in one write, and what others count is counted anew.

use bauta_model::{AccountId, PostId, QuoteState, Visibility};
use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::conn::on;
use crate::deletions::{self, Deleted};
use crate::media::{self, Place};
use crate::schema::{accounts, favourites, follows, post_mentions, posts, quotes, retired_handles};
use crate::{Conn, Result};

/// What is to be done outside the database once an account's rows are gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// Bytes to erase in the media folder.
    pub places: Vec<Place>,
    /// Its posts and boosts, and others' boosts of its posts: none of them is there any more.
    pub posts: Vec<PostId>,
    /// Posts of others that changed: in a count, or because they answer or name it.
    pub changed_posts: Vec<PostId>,
    /// Accounts of others whose counts changed.
    pub counted_accounts: Vec<AccountId>,
}

/// Deletes an account. `retired` is a keyed hash of its handle: nobody speaks in that name again. Nothing where there
/// is no such account.
pub fn delete(conn: &mut Conn, account: AccountId, retired: &[u8; 32]) -> Result<Option<Gone>> {
    let id = account.get();
    let there: i64 = on!(conn, c => accounts::table.filter(accounts::id.eq(id)).count().get_result(c))?;
    if there == 0 {
        return Ok(None);
    }
    let mut gone = Gone {
        places: media::places_of(conn, account)?,
        ..Gone::default()
    };
    uncount_follows(conn, id, &mut gone)?;
    uncount_reactions(conn, id, &mut gone)?;
    uncount_replies(conn, id, &mut gone)?;
    uncount_boosters(conn, id, &mut gone)?;
    uncount_quotes(conn, id, &mut gone)?;
    collect_posts(conn, id, &mut gone)?;
    on!(conn, c => diesel::delete(accounts::table.find(id)).execute(c))?;
    on!(conn, c => diesel::insert_into(retired_handles::table)
        .values(retired_handles::key_hash.eq(&retired[..]))
        .on_conflict(retired_handles::key_hash)
        .do_nothing()
        .execute(c))?;
    deletions::record(conn, Deleted::Account(account))?;
    conn.purge_after_commit();
    gone.counted_accounts.sort_unstable();
    gone.counted_accounts.dedup();
    gone.changed_posts.sort_unstable();
    gone.changed_posts.dedup();
    Ok(Some(gone))
}

/// True if an account of this name was deleted.
pub fn is_retired(conn: &mut Conn, retired: &[u8; 32]) -> Result<bool> {
    let found: i64 = on!(conn, c => retired_handles::table
        .filter(retired_handles::key_hash.eq(&retired[..]))
        .count()
        .get_result(c))?;
    Ok(found > 0)
}

fn uncount_follows(conn: &mut Conn, id: i64, gone: &mut Gone) -> Result<()> {
    let followed = follows::table
        .filter(follows::follower_id.eq(id))
        .select(follows::followee_id);
    let following = follows::table
        .filter(follows::followee_id.eq(id))
        .select(follows::follower_id);
    on!(conn, c => diesel::update(accounts::table.filter(accounts::id.eq_any(followed)))
        .set(accounts::followers_count.eq(accounts::followers_count - 1))
        .execute(c))?;
    on!(conn, c => diesel::update(accounts::table.filter(accounts::id.eq_any(following)))
        .set(accounts::following_count.eq(accounts::following_count - 1))
        .execute(c))?;
    let followed: Vec<i64> = on!(conn, c => followed.load(c))?;
    let following: Vec<i64> = on!(conn, c => following.load(c))?;
    gone.counted_accounts
        .extend(followed.into_iter().chain(following).map(AccountId::new));
    Ok(())
}

/// What it liked and passed on.
fn uncount_reactions(conn: &mut Conn, id: i64, gone: &mut Gone) -> Result<()> {
    let liked: Vec<i64> = on!(conn, c => favourites::table
        .filter(favourites::account_id.eq(id))
        .select(favourites::post_id)
        .load(c))?;
    on!(conn, c => diesel::update(posts::table.filter(posts::id.eq_any(
            favourites::table.filter(favourites::account_id.eq(id)).select(favourites::post_id))))
        .set(posts::favourites_count.eq(posts::favourites_count - 1))
        .execute(c))?;
    let boosted: Vec<Option<i64>> = on!(conn, c => posts::table
        .filter(posts::author_id.eq(id))
        .filter(posts::boost_of_id.is_not_null())
        .select(posts::boost_of_id)
        .load(c))?;
    let boosted: Vec<i64> = boosted.into_iter().flatten().collect();
    for part in boosted.chunks(PARAMETERS) {
        on!(conn, c => diesel::update(posts::table.filter(posts::id.eq_any(part)))
            .set(posts::boosts_count.eq(posts::boosts_count - 1))
            .execute(c))?;
    }
    gone.changed_posts
        .extend(liked.into_iter().chain(boosted).map(PostId::new));
    Ok(())
}

/// Values bound at a time: SQLite takes at most 32,766.
const PARAMETERS: usize = 10_000;

/// Whom it answered.
fn uncount_replies(conn: &mut Conn, id: i64, gone: &mut Gone) -> Result<()> {
    let answered: Vec<(Option<i64>, i64)> = on!(conn, c => posts::table
        .filter(posts::author_id.eq(id))
        .filter(posts::in_reply_to_id.is_not_null())
        // Only replies that everybody may read were counted.
        .filter(posts::visibility.le(Visibility::Unlisted.code()))
        .group_by(posts::in_reply_to_id)
        .select((posts::in_reply_to_id, count_star()))
        .load(c))?;
    for (post, replies) in answered {
        let Some(post) = post else { continue };
        on!(conn, c => diesel::update(posts::table.find(post))
            .set(posts::replies_count.eq(posts::replies_count - replies))
            .execute(c))?;
        gone.changed_posts.push(PostId::new(post));
    }
    Ok(())
}

/// What it quoted, and who quoted it: their quotes show nothing any more.
fn uncount_quotes(conn: &mut Conn, id: i64, gone: &mut Gone) -> Result<()> {
    let quoted: Vec<(Option<i64>, i64)> = on!(conn, c => quotes::table
        .inner_join(posts::table.on(posts::id.eq(quotes::post_id)))
        .filter(posts::author_id.eq(id))
        .filter(posts::visibility.le(Visibility::Unlisted.code()))
        .filter(quotes::state.eq(QuoteState::Accepted.code()))
        .filter(quotes::quoted_id.is_not_null())
        .group_by(quotes::quoted_id)
        .select((quotes::quoted_id, count_star()))
        .load(c))?;
    for (post, times) in quoted {
        let Some(post) = post else { continue };
        on!(conn, c => diesel::update(posts::table.find(post))
            .set(posts::quotes_count.eq(posts::quotes_count - times))
            .execute(c))?;
        gone.changed_posts.push(PostId::new(post));
    }
    let quoting: Vec<i64> = on!(conn, c => quotes::table
        .inner_join(posts::table.on(posts::id.nullable().eq(quotes::quoted_id)))
        .filter(posts::author_id.eq(id))
        .select(quotes::post_id)
        .load(c))?;
    gone.changed_posts.extend(quoting.into_iter().map(PostId::new));
    Ok(())
}

/// Who passed its posts on: their boosts go with what they boosted.
fn uncount_boosters(conn: &mut Conn, id: i64, gone: &mut Gone) -> Result<()> {
    let boosters: Vec<(i64, i64)> = on!(conn, c => posts::table
        .filter(posts::boost_of_author_id.eq(id))
        .filter(posts::author_id.ne(id))
        .group_by(posts::author_id)
        .select((posts::author_id, count_star()))
        .load(c))?;
    for (booster, boosts) in boosters {
        on!(conn, c => diesel::update(accounts::table.find(booster))
            .set(accounts::posts_count.eq(accounts::posts_count - boosts))
            .execute(c))?;
        gone.counted_accounts.push(AccountId::new(booster));
    }
    Ok(())
}

fn collect_posts(conn: &mut Conn, id: i64, gone: &mut Gone) -> Result<()> {
    let ids: Vec<i64> = on!(conn, c => posts::table
        .filter(posts::author_id.eq(id).or(posts::boost_of_author_id.eq(id)))
        .select(posts::id)
        .load(c))?;
    gone.posts.extend(ids.into_iter().map(PostId::new));
    let answers: Vec<i64> = on!(conn, c => posts::table
        .filter(posts::in_reply_to_author_id.eq(id))
        .select(posts::id)
        .load(c))?;
    let naming: Vec<i64> = on!(conn, c => post_mentions::table
        .filter(post_mentions::account_id.eq(id))
        .select(post_mentions::post_id)
        .load(c))?;
    gone.changed_posts
        .extend(answers.into_iter().chain(naming).map(PostId::new));
    Ok(())
}
