//! Finding people and what is talked about: who wants to be found, whom to suggest, and what public posts are about.

use bauta_model::{AccountId, PostId, Standing, Visibility};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{accounts, post_tags, posts, suggestion_dismissals};
use crate::{Conn, Result, ids};

/// Who wants to be found. ?1 the length of the page, ?2 how many to pass over, ?3 is 1 for people of this server alone.
macro_rules! directory {
    ($order:literal) => {
        concat!(
            "SELECT a.id AS id FROM accounts a WHERE a.discoverable AND a.standing = 0 \
             AND (?3 = 0 OR NOT EXISTS (SELECT 1 FROM remote_accounts r WHERE r.account_id = a.id)) ORDER BY ",
            $order,
            " LIMIT ?1 OFFSET ?2"
        )
    };
}

const LAST_SPOKE: &str = directory!(
    "COALESCE((SELECT MAX(p.id) FROM posts p WHERE p.author_id = a.id AND p.visibility = 0 AND p.state = 0), 0) DESC, a.id"
);
const NEWEST: &str = directory!("a.joined_month DESC, a.id");

/// In what order people are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By their last public post.
    LastSpoke,
    /// By the month in which they came; within a month in no order.
    Newest,
}

/// Accounts that want to be found and that nothing was decided about.
pub fn directory(
    conn: &mut Conn,
    order: Order,
    local: bool,
    limit: i64,
    offset: i64,
) -> Result<Vec<AccountId>> {
    let sql = match order {
        Order::LastSpoke => LAST_SPOKE,
        Order::Newest => NEWEST,
    };
    let found = ids::select(conn, sql, &[limit, offset, i64::from(local)], None)?;
    Ok(found.into_iter().map(AccountId::new).collect())
}

/// That ?1 can be shown the account `a`: it wants to be found, and neither has to do with the other.
macro_rules! suggestible {
    () => {
        "a.discoverable AND a.standing = 0 AND a.id <> ?1 \
         AND NOT EXISTS (SELECT 1 FROM follows x WHERE x.follower_id = ?1 AND x.followee_id = a.id) \
         AND NOT EXISTS (SELECT 1 FROM follow_requests x WHERE x.follower_id = ?1 AND x.followee_id = a.id) \
         AND NOT EXISTS (SELECT 1 FROM blocks x WHERE x.account_id = ?1 AND x.target_id = a.id) \
         AND NOT EXISTS (SELECT 1 FROM blocks x WHERE x.account_id = a.id AND x.target_id = ?1) \
         AND NOT EXISTS (SELECT 1 FROM mutes x WHERE x.account_id = ?1 AND x.target_id = a.id) \
         AND NOT EXISTS (SELECT 1 FROM suggestion_dismissals x WHERE x.account_id = ?1 AND x.target_id = a.id) \
         AND NOT EXISTS (SELECT 1 FROM blocked_domains d JOIN remote_accounts r ON r.domain = d.domain \
         WHERE d.account_id = ?1 AND r.account_id = a.id) "
    };
}

/// Whom those follow whom ?1 follows, where they show it.
const FOLLOWED_BY_FOLLOWED: &str = concat!(
    "SELECT a.id AS id FROM follows f JOIN accounts v ON v.id = f.followee_id AND NOT v.hide_collections \
     JOIN follows g ON g.follower_id = f.followee_id JOIN accounts a ON a.id = g.followee_id \
     WHERE f.follower_id = ?1 AND ",
    suggestible!(),
    "GROUP BY a.id ORDER BY COUNT(*) DESC, a.id LIMIT ?2"
);

/// Whom most people follow.
const MOST_FOLLOWED: &str = concat!(
    "SELECT a.id AS id FROM accounts a WHERE a.followers_count > 0 AND ",
    suggestible!(),
    "ORDER BY a.followers_count DESC, a.id LIMIT ?2"
);

/// Whom to suggest to `account`: people whom those follow whom it follows, then people whom most follow.
pub fn suggestions(
    conn: &mut Conn,
    account: AccountId,
    limit: i64,
) -> Result<(Vec<AccountId>, Vec<AccountId>)> {
    let mut found = |sql| -> Result<Vec<AccountId>> {
        let found = ids::select(conn, sql, &[account.get(), limit], None)?;
        Ok(found.into_iter().map(AccountId::new).collect())
    };
    let near = found(FOLLOWED_BY_FOLLOWED)?;
    let mut known = found(MOST_FOLLOWED)?;
    known.retain(|one| !near.contains(one));
    Ok((near, known))
}

/// Nobody suggests `target` to `account` any more.
pub fn dismiss(conn: &mut Conn, account: AccountId, target: AccountId) -> Result<()> {
    on!(conn, c => diesel::insert_into(suggestion_dismissals::table)
        .values((
            suggestion_dismissals::account_id.eq(account.get()),
            suggestion_dismissals::target_id.eq(target.get()),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// Uses of hashtags in public posts above `above`, the newest first: tag, post, author. Of accounts that want to be found and
/// that nothing was decided about.
pub fn tags_used(conn: &mut Conn, above: PostId, limit: i64) -> Result<Vec<(String, PostId, AccountId)>> {
    let rows: Vec<(String, i64, i64)> = on!(conn, c => post_tags::table
        .inner_join(posts::table.on(posts::id.eq(post_tags::post_id)))
        .inner_join(accounts::table.on(accounts::id.eq(posts::author_id)))
        .filter(posts::id.gt(above.get()))
        .filter(posts::visibility.eq(Visibility::Public.code()).and(posts::state.eq(0)))
        .filter(accounts::standing.eq(Standing::Good.code()).and(accounts::discoverable.eq(true)))
        .order(posts::id.desc())
        .limit(limit)
        .select((post_tags::tag, posts::id, posts::author_id))
        .load(c))?;
    Ok(rows
        .into_iter()
        .map(|(tag, post, author)| (tag, PostId::new(post), AccountId::new(author)))
        .collect())
}

/// Public posts above `above` that people liked and boosted most: no replies, nothing sensitive or behind a warning, of accounts
/// that want to be found and that nothing was decided about.
pub fn most_liked(conn: &mut Conn, above: PostId, limit: i64) -> Result<Vec<(PostId, AccountId)>> {
    let weight = posts::favourites_count + posts::boosts_count * 2;
    let rows: Vec<(i64, i64)> = on!(conn, c => posts::table
        .inner_join(accounts::table.on(accounts::id.eq(posts::author_id)))
        .filter(posts::id.gt(above.get()))
        .filter(posts::visibility.eq(Visibility::Public.code()).and(posts::state.eq(0)))
        .filter(posts::boost_of_id.is_null().and(posts::in_reply_to_id.is_null()))
        .filter(posts::sensitive.eq(false))
        .filter(accounts::standing.eq(Standing::Good.code()).and(accounts::discoverable.eq(true)))
        .filter(weight.gt(1))
        .order((weight.desc(), posts::id.desc()))
        .limit(limit)
        .select((posts::id, posts::author_id))
        .load(c))?;
    Ok(rows
        .into_iter()
        .map(|(post, author)| (PostId::new(post), AccountId::new(author)))
        .collect())
}

#[cfg(test)]
mod tests {
    use bauta_model::Post;

    use super::*;
    use crate::follows::{self, How};
    use crate::testing::{arrange, on_both, people, post, publish};

    const ME: AccountId = AccountId::new(1);

    fn numbers(found: &[AccountId]) -> Vec<i64> {
        found.iter().map(|id| id.get()).collect()
    }

    fn follow(conn: &mut Conn, one: i64, other: i64) {
        let how = How {
            show_boosts: true,
            notify: false,
        };
        follows::follow(conn, AccountId::new(one), AccountId::new(other), how).unwrap();
    }

    #[test]
    fn people_who_want_to_be_found_are_listed_by_their_last_word_or_their_month() {
        on_both(|conn| {
            people(conn, 4);
            publish(conn, &post(10, 2, Visibility::Public));
            publish(conn, &post(11, 1, Visibility::Public));
            publish(conn, &post(12, 2, Visibility::Followers));
            arrange(
                conn,
                "UPDATE accounts SET discoverable = FALSE WHERE id = 4; UPDATE accounts SET joined_month = 570 WHERE id = 3",
            );
            let mut list = |order, offset| numbers(&directory(conn, order, true, 2, offset).unwrap());
            assert_eq!(list(Order::LastSpoke, 0), [1, 2]);
            assert_eq!(list(Order::LastSpoke, 2), [3]);
            assert_eq!(list(Order::Newest, 0), [3, 1]);
        });
    }

    #[test]
    fn suggestions_are_of_people_whom_nothing_ties_to_the_account_yet() {
        on_both(|conn| {
            people(conn, 8);
            // 1 follows 2 and 3; both follow 4, one follows 5; 6 is widely followed, 7 hides whom it follows, 8 blocks.
            for (one, other) in [
                (1, 2),
                (1, 3),
                (2, 4),
                (3, 4),
                (3, 5),
                (2, 6),
                (5, 6),
                (4, 6),
                (1, 7),
                (7, 8),
            ] {
                follow(conn, one, other);
            }
            arrange(conn, "UPDATE accounts SET hide_collections = (id = 7)");
            let (near, known) = suggestions(conn, ME, 9).unwrap();
            assert_eq!((numbers(&near), numbers(&known)), (vec![4, 5, 6], vec![8]));
            arrange(
                conn,
                "INSERT INTO blocks VALUES (8, 1); INSERT INTO mutes VALUES (1, 5, TRUE, NULL)",
            );
            dismiss(conn, ME, AccountId::new(4)).unwrap();
            dismiss(conn, ME, AccountId::new(4)).unwrap();
            let (near, known) = suggestions(conn, ME, 9).unwrap();
            assert_eq!((numbers(&near), numbers(&known)), (vec![6], vec![]));
        });
    }

    #[test]
    fn only_public_posts_of_people_who_want_to_be_found_tell_what_is_talked_about() {
        on_both(|conn| {
            people(conn, 3);
            let tagged = |id, author, visibility| Post {
                tags: vec!["tide".into()],
                favourites_count: 5,
                ..post(id, author, visibility)
            };
            publish(conn, &tagged(10, 1, Visibility::Public));
            publish(conn, &tagged(11, 2, Visibility::Unlisted));
            publish(conn, &tagged(12, 3, Visibility::Public));
            publish(
                conn,
                &Post {
                    sensitive: true,
                    ..tagged(13, 1, Visibility::Public)
                },
            );
            arrange(
                conn,
                "UPDATE accounts SET discoverable = FALSE WHERE id = 3; UPDATE posts SET favourites_count = 5",
            );
            let used = tags_used(conn, PostId::new(0), 9).unwrap();
            let posts: Vec<i64> = used.iter().map(|(_, post, _)| post.get()).collect();
            assert_eq!(posts, [13, 10]);
            assert_eq!(
                most_liked(conn, PostId::new(0), 9).unwrap(),
                [(PostId::new(10), ME)]
            );
            assert_eq!(tags_used(conn, PostId::new(13), 9).unwrap(), []);
        });
    }
}
