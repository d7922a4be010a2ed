//! Timelines by SQL: the ids of a page, newest first. The rules of reading are part of each query, so that a page is
//! full where there is enough to read.
//!
//! Parameters of every query: ?1 the reader (0 for a stranger), ?2 and ?3 the ids that the page lies strictly between,
//! ?4 the length of the page. Most go on with ?5, the slot that is now, and ?6, whose posts, or the hashtag.

use bauta_model::{AccountId, PostId, PostState, Visibility};
use diesel::prelude::*;

use crate::conn::on;
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
         AND (m.expires_slot IS NULL OR m.expires_slot > ?5)) "
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
     AND (p.boost_of_id IS NULL OR h.show_boosts) \
     AND (p.in_reply_to_author_id IS NULL OR p.in_reply_to_author_id IN (?1, p.author_id) \
     OR EXISTS (SELECT 1 FROM follows r WHERE r.follower_id = ?1 AND r.followee_id = p.in_reply_to_author_id))))"
);

/// Public posts that are no boosts and no replies to others, of authors in good standing.
pub(crate) const LOCAL: Paged = paged!(
    "SELECT p.id AS id ",
    from_posts!(),
    "WHERE p.visibility = 0 AND p.boost_of_id IS NULL AND a.standing = 0 \
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
    /// Those with a hashtag.
    Tagged(String),
}

fn page(
    conn: &mut Conn,
    query: Paged,
    reader: Option<AccountId>,
    page: &Page,
    more: &[i64],
    word: Option<&str>,
) -> Result<Vec<PostId>> {
    let (above, below) = page.bounds();
    let reader = reader.map_or(0, AccountId::get);
    let mut numbers = vec![reader, below, above, page.limit as i64];
    numbers.extend_from_slice(more);
    let sql = if page.ascends() { query.up } else { query.down };
    let mut found = ids::select(conn, sql, &numbers, word)?;
    if page.ascends() {
        found.reverse();
    }
    Ok(post_ids(found))
}

/// The reader's home timeline.
pub fn home(conn: &mut Conn, reader: AccountId, wanted: &Page) -> Result<Vec<PostId>> {
    let now = conn.now().unix_seconds();
    page(conn, HOME, Some(reader), wanted, &[now], None)
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
mod tests {
    use super::*;
    use crate::testing::{arrange, boost, mention, on_both, people, post, publish, reply};
    use crate::{post_actions, posts};
    use bauta_model::Post;
    use proptest::prelude::*;

    fn numbers(ids: &[PostId]) -> Vec<i64> {
        ids.iter().map(|id| id.get()).collect()
    }

    fn all(
        conn: &mut Conn,
        reader: i64,
        query: impl Fn(&mut Conn, AccountId, &Page) -> Result<Vec<PostId>>,
    ) -> Vec<i64> {
        numbers(&query(conn, AccountId::new(reader), &Page::newest(40)).unwrap())
    }

    /// 1 follows 2 and 3 (3 without boosts); nobody follows 4; 5 blocks 1.
    fn town(conn: &mut Conn) {
        people(conn, 5);
        arrange(
            conn,
            "INSERT INTO follows VALUES (1, 2, true, false), (1, 3, false, false), (1, 5, true, false); \
             INSERT INTO blocks VALUES (5, 1)",
        );
    }

    #[test]
    fn home_is_what_one_follows() {
        on_both(|conn| {
            town(conn);
            for (id, author) in [(10, 1), (20, 2), (30, 3), (40, 4), (50, 5)] {
                publish(conn, &post(id, author, Visibility::Public));
            }
            publish(conn, &post(60, 2, Visibility::Followers));
            publish(
                conn,
                &Post {
                    mentions: vec![mention(1)],
                    ..post(70, 2, Visibility::Direct)
                },
            );
            assert_eq!(all(conn, 1, home), [60, 30, 20, 10]);
        });
    }

    #[test]
    fn home_has_boosts_of_those_whose_boosts_are_wanted_unless_the_boosted_author_is_blocked() {
        on_both(|conn| {
            town(conn);
            let (mine, theirs) = (post(10, 4, Visibility::Public), post(20, 5, Visibility::Public));
            publish(conn, &mine);
            publish(conn, &theirs);
            for (id, author, of) in [(30, 2, &mine), (40, 3, &mine), (50, 2, &theirs)] {
                posts::insert(conn, &boost(id, author, of), Some(of.author)).unwrap();
            }
            assert_eq!(all(conn, 1, home), [30]);
        });
    }

    #[test]
    fn home_has_replies_where_one_follows_both_sides() {
        on_both(|conn| {
            town(conn);
            let (stranger, friend) = (post(10, 4, Visibility::Public), post(20, 3, Visibility::Public));
            publish(conn, &stranger);
            publish(conn, &friend);
            publish(conn, &reply(30, 2, &stranger));
            publish(conn, &reply(40, 2, &friend));
            assert_eq!(all(conn, 1, home), [40, 20]);
        });
    }

    #[test]
    fn a_mute_hides_until_it_ends() {
        on_both(|conn| {
            town(conn);
            publish(conn, &post(10, 2, Visibility::Public));
            publish(conn, &post(20, 3, Visibility::Public));
            let now = crate::testing::NOW.unix_seconds();
            arrange(
                conn,
                &format!(
                    "INSERT INTO mutes VALUES (1, 2, true, {}), (1, 3, true, {now})",
                    now + 60
                ),
            );
            assert_eq!(all(conn, 1, home), [20]);
        });
    }

    #[test]
    fn suspended_authors_and_hidden_posts_are_in_no_list() {
        on_both(|conn| {
            town(conn);
            let hidden = post(10, 2, Visibility::Public);
            publish(conn, &hidden);
            publish(conn, &post(20, 3, Visibility::Public));
            publish(conn, &post(30, 4, Visibility::Public));
            posts::insert(conn, &boost(40, 4, &hidden), Some(hidden.author)).unwrap();
            arrange(
                conn,
                "UPDATE posts SET state = 1 WHERE id = 10; UPDATE accounts SET standing = 2 WHERE id = 3",
            );
            assert_eq!(all(conn, 1, home), [0_i64; 0]);
            assert_eq!(all(conn, 1, |c, r, p| local(c, Some(r), p)), [30]);
            assert_eq!(all(conn, 2, |c, r, p| local(c, Some(r), p)), [30, 10]);
        });
    }

    #[test]
    fn limited_authors_are_in_no_public_list() {
        on_both(|conn| {
            town(conn);
            publish(
                conn,
                &Post {
                    tags: vec!["tag".into()],
                    ..post(10, 2, Visibility::Public)
                },
            );
            publish(
                conn,
                &Post {
                    tags: vec!["tag".into()],
                    ..post(20, 4, Visibility::Public)
                },
            );
            arrange(conn, "UPDATE accounts SET standing = 1 WHERE id = 2");
            assert_eq!(numbers(&local(conn, None, &Page::newest(9)).unwrap()), [20]);
            assert_eq!(numbers(&tag(conn, None, "tag", &Page::newest(9)).unwrap()), [20]);
            assert_eq!(all(conn, 1, home), [10]);
        });
    }

    #[test]
    fn a_profile_shows_what_its_visitor_may_read() {
        on_both(|conn| {
            town(conn);
            for (id, visibility) in (10..).zip(Visibility::ALL) {
                publish(conn, &post(id, 2, visibility));
            }
            publish(
                conn,
                &Post {
                    mentions: vec![mention(4)],
                    ..post(20, 2, Visibility::Direct)
                },
            );
            let of = Of::Posts {
                replies: true,
                boosts: true,
            };
            let author = AccountId::new(2);
            let mut seen = |reader| numbers(&profile(conn, reader, author, &of, &Page::newest(9)).unwrap());
            assert_eq!(seen(None), [11, 10]);
            assert_eq!(seen(Some(AccountId::new(1))), [12, 11, 10]);
            assert_eq!(seen(Some(AccountId::new(2))), [20, 13, 12, 11, 10]);
            assert_eq!(seen(Some(AccountId::new(4))), [20, 11, 10]);
        });
    }

    #[test]
    fn a_profile_can_be_asked_for_less() {
        on_both(|conn| {
            town(conn);
            let (first, other) = (post(10, 2, Visibility::Public), post(20, 4, Visibility::Public));
            publish(
                conn,
                &Post {
                    tags: vec!["tag".into()],
                    pinned: true,
                    ..first.clone()
                },
            );
            publish(conn, &other);
            publish(conn, &reply(30, 2, &first));
            publish(conn, &reply(40, 2, &other));
            posts::insert(conn, &boost(50, 2, &other), Some(other.author)).unwrap();
            let mut seen =
                |of| numbers(&profile(conn, None, AccountId::new(2), &of, &Page::newest(9)).unwrap());
            assert_eq!(
                seen(Of::Posts {
                    replies: true,
                    boosts: true
                }),
                [50, 40, 30, 10]
            );
            assert_eq!(
                seen(Of::Posts {
                    replies: false,
                    boosts: false
                }),
                [30, 10]
            );
            assert_eq!(seen(Of::Pinned), [10]);
            assert_eq!(seen(Of::Tagged("tag".into())), [10]);
        });
    }

    #[test]
    fn saved_posts_that_one_may_no_longer_read_are_left_out() {
        on_both(|conn| {
            town(conn);
            for (id, author, visibility) in [
                (10, 2, Visibility::Followers),
                (20, 4, Visibility::Followers),
                (30, 4, Visibility::Public),
            ] {
                publish(conn, &post(id, author, visibility));
                post_actions::set_bookmark(conn, AccountId::new(1), PostId::new(id), true).unwrap();
                post_actions::favourite(conn, AccountId::new(1), PostId::new(id)).unwrap();
            }
            assert_eq!(all(conn, 1, bookmarks), [30, 10]);
            assert_eq!(all(conn, 1, favourites), [30, 10]);
        });
    }

    /// What [`Page`] promises, on a list that is all in memory, newest first.
    fn naive(list: &[i64], page: &Page) -> Vec<i64> {
        let within: Vec<i64> = list
            .iter()
            .copied()
            .filter(|id| page.below.is_none_or(|below| *id < below.get()))
            .filter(|id| page.since.is_none_or(|since| *id > since.get()))
            .filter(|id| page.right_above.is_none_or(|above| *id > above.get()))
            .collect();
        let skip = if page.right_above.is_some() {
            within.len().saturating_sub(page.limit)
        } else {
            0
        };
        within.into_iter().skip(skip).take(page.limit).collect()
    }

    #[test]
    fn pages_are_those_of_a_plain_list() {
        on_both(|conn| {
            town(conn);
            let ids: Vec<i64> = (1..=25).map(|n| n * 3).collect();
            for id in &ids {
                publish(conn, &post(*id, 2 + id % 2, Visibility::Public));
            }
            let newest_first: Vec<i64> = ids.iter().rev().copied().collect();
            let bound = || proptest::option::of((0_i64..80).prop_map(PostId::new));
            let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(
                bauta_tests::bounds::cases(64),
            ));
            let conn = std::cell::RefCell::new(conn);
            runner
                .run(
                    &(bound(), bound(), bound(), 1_usize..12),
                    |(below, since, right_above, limit)| {
                        let page = Page {
                            below,
                            since,
                            right_above,
                            limit,
                        };
                        let found = home(&mut conn.borrow_mut(), AccountId::new(1), &page).unwrap();
                        prop_assert_eq!(numbers(&found), naive(&newest_first, &page));
                        Ok(())
                    },
                )
                .unwrap();
        });
    }

    #[test]
    fn walking_pages_either_way_meets_every_post_once() {
        on_both(|conn| {
            town(conn);
            let ids: Vec<i64> = (1..=23).map(|n| n * 7).collect();
            for id in &ids {
                publish(conn, &post(*id, 2, Visibility::Public));
            }
            for limit in 1..=9 {
                let (mut down, mut page) = (Vec::new(), Page::newest(limit));
                while let found @ [_, ..] = &*local(conn, None, &page).unwrap() {
                    down.extend(numbers(found));
                    page.below = found.last().copied();
                }
                down.reverse();
                assert_eq!(down, ids);
                let mut up = Vec::new();
                let mut page = Page {
                    right_above: Some(PostId::new(0)),
                    ..Page::newest(limit)
                };
                while let found @ [_, ..] = &*local(conn, None, &page).unwrap() {
                    up.extend(found.iter().rev().map(|id| id.get()));
                    page.right_above = found.first().copied();
                }
                assert_eq!(up, ids);
            }
        });
    }
}
