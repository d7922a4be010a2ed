//! Hashtags that accounts follow, and those that they show on their profile.

use bauta_model::{AccountId, FeaturedTagId, PostId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{featured_tags, followed_tags, post_tags, posts};
use crate::{Conn, Result};

/// The tags that `account` follows, by name.
pub fn followed(conn: &mut Conn, account: AccountId) -> Result<Vec<String>> {
    Ok(on!(conn, c => followed_tags::table
        .filter(followed_tags::account_id.eq(account.get()))
        .order(followed_tags::tag)
        .select(followed_tags::tag)
        .load(c))?)
}

/// `account` follows a tag (lower case, without `#`). False if it does already.
pub fn follow(conn: &mut Conn, account: AccountId, tag: &str) -> Result<bool> {
    let made = on!(conn, c => diesel::insert_into(followed_tags::table)
        .values((followed_tags::account_id.eq(account.get()), followed_tags::tag.eq(tag)))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made > 0)
}

/// `account` follows a tag no more. False if it did not.
pub fn unfollow(conn: &mut Conn, account: AccountId, tag: &str) -> Result<bool> {
    let gone = on!(conn, c => diesel::delete(followed_tags::table.find((account.get(), tag))).execute(c))?;
    Ok(gone > 0)
}

/// A tag on a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Featured {
    /// Its number on this profile.
    pub id: FeaturedTagId,
    /// The tag.
    pub tag: String,
    /// How many open posts of the account have it.
    pub posts: i64,
    /// The newest of them.
    pub last: Option<PostId>,
}

/// The tags on the profile of `account`, by name.
pub fn featured(conn: &mut Conn, account: AccountId) -> Result<Vec<Featured>> {
    let rows: Vec<(i64, String)> = on!(conn, c => featured_tags::table
        .filter(featured_tags::account_id.eq(account.get()))
        .order(featured_tags::tag)
        .select((featured_tags::id, featured_tags::tag))
        .load(c))?;
    rows.into_iter()
        .map(|(id, tag)| {
            let (posts, last) = used(conn, account, &tag)?;
            Ok(Featured {
                id: FeaturedTagId::new(id),
                tag,
                posts,
                last,
            })
        })
        .collect()
}

/// The names of the tags on the profile of `account`.
pub fn featured_names(conn: &mut Conn, account: AccountId) -> Result<Vec<String>> {
    Ok(on!(conn, c => featured_tags::table
        .filter(featured_tags::account_id.eq(account.get()))
        .order(featured_tags::tag)
        .select(featured_tags::tag)
        .load(c))?)
}

/// How many open posts of `account` have a tag, and the newest.
fn used(conn: &mut Conn, account: AccountId, tag: &str) -> Result<(i64, Option<PostId>)> {
    use diesel::dsl::{count_star, max};
    let (count, last): (i64, Option<i64>) = on!(conn, c => posts::table
        .inner_join(post_tags::table.on(post_tags::post_id.eq(posts::id)))
        .filter(posts::author_id.eq(account.get()).and(post_tags::tag.eq(tag)))
        .filter(posts::visibility.le(1).and(posts::state.eq(0)))
        .select((count_star(), max(posts::id)))
        .first(c))?;
    Ok((count, last.map(PostId::new)))
}

/// Puts a tag on the profile of `account`. Nothing where it is there already.
pub fn feature(conn: &mut Conn, account: AccountId, id: FeaturedTagId, tag: &str) -> Result<bool> {
    let made = on!(conn, c => diesel::insert_into(featured_tags::table)
        .values((
            featured_tags::id.eq(id.get()),
            featured_tags::account_id.eq(account.get()),
            featured_tags::tag.eq(tag),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made > 0)
}

/// Takes a tag off the profile of `account`, by its number. False if it is not there.
pub fn unfeature(conn: &mut Conn, account: AccountId, id: FeaturedTagId) -> Result<bool> {
    let gone = on!(conn, c => diesel::delete(featured_tags::table
            .filter(featured_tags::id.eq(id.get()).and(featured_tags::account_id.eq(account.get()))))
        .execute(c))?;
    Ok(gone > 0)
}

/// Takes a tag off the profile of `account`, by its name. False if it is not there.
pub fn unfeature_by_name(conn: &mut Conn, account: AccountId, tag: &str) -> Result<bool> {
    let gone = on!(conn, c => diesel::delete(featured_tags::table
            .filter(featured_tags::tag.eq(tag).and(featured_tags::account_id.eq(account.get()))))
        .execute(c))?;
    Ok(gone > 0)
}

/// Tags that `account` used most in its open posts.
pub fn most_used(conn: &mut Conn, account: AccountId, limit: i64) -> Result<Vec<String>> {
    use diesel::dsl::count_star;
    let rows: Vec<(String, i64)> = on!(conn, c => posts::table
        .inner_join(post_tags::table.on(post_tags::post_id.eq(posts::id)))
        .filter(posts::author_id.eq(account.get()))
        .filter(posts::visibility.le(1).and(posts::state.eq(0)))
        .group_by(post_tags::tag)
        .order((count_star().desc(), post_tags::tag.asc()))
        .limit(limit)
        .select((post_tags::tag, count_star()))
        .load(c))?;
    Ok(rows.into_iter().map(|(tag, _)| tag).collect())
}

#[cfg(test)]
mod tests {
    use bauta_model::{Post, Visibility};

    use super::*;
    use crate::testing::{on_both, people, post, publish};

    fn tagged(id: i64, visibility: Visibility, tag: &str) -> Post {
        Post {
            tags: vec![tag.to_owned()],
            ..post(id, 1, visibility)
        }
    }

    #[test]
    fn a_profile_counts_what_everybody_may_read() {
        on_both(|conn| {
            people(conn, 2);
            let (me, id) = (AccountId::new(1), FeaturedTagId::new(5));
            publish(conn, &tagged(10, Visibility::Public, "rivers"));
            publish(conn, &tagged(11, Visibility::Unlisted, "rivers"));
            publish(conn, &tagged(12, Visibility::Followers, "rivers"));
            publish(conn, &tagged(13, Visibility::Public, "locks"));
            assert!(feature(conn, me, id, "rivers").unwrap());
            assert!(!feature(conn, me, FeaturedTagId::new(6), "rivers").unwrap());
            let there = featured(conn, me).unwrap();
            assert_eq!(
                there,
                [Featured {
                    id,
                    tag: "rivers".to_owned(),
                    posts: 2,
                    last: Some(PostId::new(11))
                }]
            );
            assert_eq!(most_used(conn, me, 9).unwrap(), ["rivers", "locks"]);
            assert!(!unfeature(conn, AccountId::new(2), id).unwrap());
            assert!(unfeature(conn, me, id).unwrap());
            assert!(featured(conn, me).unwrap().is_empty());
        });
    }

    #[test]
    fn followed_tags_are_found_each_once() {
        on_both(|conn| {
            people(conn, 1);
            let me = AccountId::new(1);
            assert!(follow(conn, me, "rivers").unwrap());
            assert!(!follow(conn, me, "rivers").unwrap());
            assert!(follow(conn, me, "locks").unwrap());
            assert_eq!(followed(conn, me).unwrap(), ["locks", "rivers"]);
            assert!(unfollow(conn, me, "locks").unwrap());
            assert!(!unfollow(conn, me, "locks").unwrap());
        });
    }
}
