//! Timelines from SQL against a list that keeps everything, on both databases.

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
        let mut seen = |of| numbers(&profile(conn, None, AccountId::new(2), &of, &Page::newest(9)).unwrap());
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

#[test]
fn tags_are_asked_for_together_and_without() {
    on_both(|conn| {
        town(conn);
        for (id, tags) in [
            (10, vec!["a_b"]),
            (20, vec!["a_b", "c"]),
            (30, vec!["a_b", "c", "d"]),
            (40, vec!["axb", "c"]),
        ] {
            let tags = tags.into_iter().map(str::to_owned).collect();
            publish(
                conn,
                &Post {
                    tags,
                    ..post(id, 2, Visibility::Public)
                },
            );
        }
        let mut found = |tag: &str, all: &[&str], none: &[&str]| {
            let owned = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
            let page = Page::newest(9);
            numbers(&tag_among(conn, None, tag, &owned(all), &owned(none), false, &page).unwrap())
        };
        assert_eq!(found("a_b", &[], &[]), [30, 20, 10]);
        assert_eq!(found("a_b", &["c"], &[]), [30, 20]);
        assert_eq!(found("a_b", &["c", "d", "c"], &[]), [30]);
        assert_eq!(found("a_b", &[], &["d"]), [20, 10]);
        assert_eq!(found("c", &[], &["a_b"]), [40]);
        assert_eq!(found("c", &["a_b"], &["%"]), [30, 20]);
    });
}

#[test]
fn posts_that_show_something_can_be_asked_for_alone() {
    on_both(|conn| {
        town(conn);
        let tagged = |id, author| Post {
            tags: vec!["tag".into()],
            ..post(id, author, Visibility::Public)
        };
        let other = tagged(20, 4);
        for one in [&tagged(10, 2), &other, &tagged(30, 2)] {
            publish(conn, one);
        }
        publish(conn, &reply(40, 2, &other));
        posts::insert(conn, &boost(50, 2, &other), Some(other.author)).unwrap();
        publish(conn, &post(60, 2, Visibility::Followers));
        for (id, post, author) in [(1, 10, 2), (2, 20, 4), (3, 40, 2), (4, 60, 2)] {
            arrange(
                conn,
                &format!(
                    "INSERT INTO media VALUES ({id}, {author}, 0, 'image/png', 4, 3, 1, {id}, 1, NULL); \
                     INSERT INTO attachments VALUES ({id}, NULL, {author}, {post}, 0, 0, '', 'L0', 0, 0, NULL, NULL)"
                ),
            );
        }
        let page = Page::newest(9);
        assert_eq!(numbers(&local_media(conn, None, &page).unwrap()), [20, 10]);
        let found = tag_among(conn, None, "tag", &[], &[], true, &page).unwrap();
        assert_eq!(numbers(&found), [20, 10]);
        let mut seen = |reader: Option<i64>, replies| {
            let of = Of::Media { replies };
            let reader = reader.map(AccountId::new);
            numbers(&profile(conn, reader, AccountId::new(2), &of, &page).unwrap())
        };
        assert_eq!(seen(None, true), [40, 10]);
        assert_eq!(seen(None, false), [10]);
        assert_eq!(seen(Some(1), true), [60, 40, 10]);
        // Whom the author blocks sees nothing of it.
        arrange(conn, "INSERT INTO blocks VALUES (2, 1)");
        let blocked = profile(
            conn,
            Some(AccountId::new(1)),
            AccountId::new(2),
            &Of::Media { replies: true },
            &page,
        );
        assert_eq!(numbers(&blocked.unwrap()), Vec::<i64>::new());
    });
}
