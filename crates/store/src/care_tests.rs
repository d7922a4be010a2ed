//! Tests of lists, notifications, markers, reports, decisions and purges, on both databases.

use bauta_inventory::Inventory;
use bauta_model::{
    AccountId, ActionId, CoarseTime, Month, NotificationId, PostId, PostState, ReportId, Standing, Visibility,
};

use crate::blocks::Mute;
use crate::follows::How;
use crate::markers::{List, Marker};
use crate::moderation::{Action, Decision};
use crate::notifications::Kind;
use crate::reports::{Category, Report, State, Wanted, Weight};
use crate::testing::{NOW, arrange, on_both, people, post, publish};
use crate::window::Window;
use crate::{
    Conn, accounts, blocks, follows, markers, moderation, notifications, posts, purges, reports, told,
};

const HOW: How = How {
    show_boosts: true,
    notify: false,
};

fn id(id: i64) -> AccountId {
    AccountId::new(id)
}

fn numbers(ids: &[AccountId]) -> Vec<i64> {
    ids.iter().map(|id| id.get()).collect()
}

#[test]
fn a_list_is_read_in_pages_both_ways() {
    on_both(|conn| {
        people(conn, 6);
        for follower in 2..=6 {
            follows::follow(conn, id(follower), id(1), HOW).unwrap();
        }
        let mut page =
            |window: Window<AccountId>| numbers(&follows::followers(conn, id(1), &window).unwrap());
        let first = Window::first(2);
        assert_eq!(page(first), [6, 5]);
        assert_eq!(
            page(Window {
                below: Some(id(5)),
                ..first
            }),
            [4, 3]
        );
        assert_eq!(
            page(Window {
                since: Some(id(2)),
                ..first
            }),
            [6, 5]
        );
        assert_eq!(
            page(Window {
                right_above: Some(id(2)),
                ..first
            }),
            [4, 3]
        );
    });
}

#[test]
fn familiar_followers_show_whom_they_follow() {
    on_both(|conn| {
        people(conn, 4);
        for (one, other) in [(1, 2), (1, 3), (2, 4), (3, 4)] {
            follows::follow(conn, id(one), id(other), HOW).unwrap();
        }
        arrange(conn, "UPDATE accounts SET hide_collections = false WHERE id = 3");
        assert_eq!(numbers(&follows::familiar(conn, id(1), id(4), 9).unwrap()), [3]);
    });
}

#[test]
fn a_mute_that_has_ended_is_not_there() {
    on_both(|conn| {
        people(conn, 3);
        let until = |seconds| Mute {
            hide_notifications: true,
            until: Some(CoarseTime::from_unix_seconds(NOW.unix_seconds() + seconds)),
        };
        blocks::mute(conn, id(1), id(2), until(0)).unwrap();
        blocks::mute(conn, id(1), id(3), until(60)).unwrap();
        let listed = blocks::muted(conn, id(1), &Window::first(9)).unwrap();
        assert_eq!(listed, [(id(3), until(60).until)]);
        blocks::mute(
            conn,
            id(1),
            id(2),
            Mute {
                hide_notifications: false,
                until: None,
            },
        )
        .unwrap();
        assert_eq!(blocks::muted(conn, id(1), &Window::first(9)).unwrap().len(), 2);
    });
}

fn all(conn: &mut Conn, account: i64) -> Vec<(Kind, i64)> {
    let found = told::list(conn, id(account), &Kind::ALL, None, false, &Window::first(40)).unwrap();
    found.into_iter().map(|one| (one.kind, one.from.get())).collect()
}

#[test]
fn what_was_told_can_be_filtered_counted_and_cleared() {
    on_both(|conn| {
        people(conn, 3);
        let first = post(10, 1, Visibility::Public);
        publish(conn, &first);
        notifications::tell_of_account(conn, id(1), Kind::Follow, id(2)).unwrap();
        notifications::tell(conn, id(1), Kind::Favourite, id(3), &first).unwrap();
        let last = notifications::insert(conn, id(1), Kind::Mention, id(2), Some(first.id)).unwrap();
        assert_eq!(
            all(conn, 1),
            [(Kind::Mention, 2), (Kind::Favourite, 3), (Kind::Follow, 2)]
        );
        let of_3 = told::list(conn, id(1), &Kind::ALL, Some(id(3)), false, &Window::first(9)).unwrap();
        assert_eq!(of_3.len(), 1);
        assert_eq!(
            told::list(conn, id(1), &[Kind::Follow], None, false, &Window::first(9))
                .unwrap()
                .len(),
            1
        );
        assert_eq!(told::unread(conn, id(1), &Kind::ALL, 2).unwrap(), 2);
        markers::set(conn, id(1), List::Notifications, of_3[0].id.get()).unwrap();
        assert_eq!(told::unread(conn, id(1), &Kind::ALL, 9).unwrap(), 1);
        assert!(told::by_id(conn, id(2), last).unwrap().is_none());
        assert!(!told::dismiss(conn, id(2), last).unwrap());
        assert!(told::dismiss(conn, id(1), last).unwrap());
        told::clear(conn, id(1)).unwrap();
        assert_eq!(all(conn, 1), []);
    });
}

#[test]
fn a_mute_hides_what_was_told_and_a_block_takes_it_away() {
    on_both(|conn| {
        people(conn, 3);
        for from in [2, 3] {
            notifications::tell_of_account(conn, id(1), Kind::Follow, id(from)).unwrap();
        }
        let quiet = Mute {
            hide_notifications: true,
            until: None,
        };
        blocks::mute(conn, id(1), id(2), quiet).unwrap();
        assert_eq!(all(conn, 1), [(Kind::Follow, 3)]);
        blocks::unmute(conn, id(1), id(2)).unwrap();
        assert_eq!(all(conn, 1), [(Kind::Follow, 3), (Kind::Follow, 2)]);
        blocks::block(conn, id(2), id(1)).unwrap();
        blocks::unblock(conn, id(2), id(1)).unwrap();
        assert_eq!(all(conn, 1), [(Kind::Follow, 3)]);
        accounts::set_standing(conn, id(3), Standing::Suspended).unwrap();
        assert_eq!(all(conn, 1), []);
    });
}

#[test]
fn strangers_who_are_limited_muted_or_blocked_tell_nothing() {
    on_both(|conn| {
        people(conn, 5);
        accounts::set_standing(conn, id(2), Standing::Limited).unwrap();
        blocks::mute(
            conn,
            id(1),
            id(3),
            Mute {
                hide_notifications: true,
                until: None,
            },
        )
        .unwrap();
        blocks::block(conn, id(1), id(4)).unwrap();
        blocks::block(conn, id(5), id(1)).unwrap();
        for from in 1..=5 {
            assert!(
                !notifications::tell_of_account(conn, id(1), Kind::Follow, id(from)).unwrap(),
                "{from}"
            );
        }
        follows::follow(conn, id(1), id(2), HOW).unwrap();
        assert!(notifications::tell_of_account(conn, id(1), Kind::Follow, id(2)).unwrap());
    });
}

#[test]
fn an_undone_follow_or_request_is_not_told_any_more() {
    on_both(|conn| {
        people(conn, 2);
        follows::request(conn, id(2), id(1), HOW).unwrap();
        notifications::tell_of_account(conn, id(1), Kind::FollowRequest, id(2)).unwrap();
        assert_eq!(follows::count_requests(conn, id(1)).unwrap(), 1);
        follows::accept(conn, id(2), id(1)).unwrap();
        assert_eq!(all(conn, 1), []);
        notifications::tell_of_account(conn, id(1), Kind::Follow, id(2)).unwrap();
        follows::unfollow(conn, id(2), id(1)).unwrap();
        assert_eq!(all(conn, 1), []);
    });
}

#[test]
fn a_marker_counts_its_versions() {
    on_both(|conn| {
        people(conn, 1);
        markers::set(conn, id(1), List::Home, 5).unwrap();
        let second = markers::set(conn, id(1), List::Home, 7).unwrap();
        assert_eq!(
            second,
            Marker {
                list: List::Home,
                last_read: 7,
                version: 2
            }
        );
        assert_eq!(markers::of(conn, id(1)).unwrap(), [second]);
    });
}

fn report(number: i64, target: i64, reporter: i64) -> Report {
    Report {
        id: ReportId::new(number),
        target: id(target),
        reporter: Some(id(reporter)),
        category: Category::Spam,
        comment: "Look at this.".into(),
        state: State::Open,
        month: NOW.month(),
        assignee: None,
        posts: Vec::new(),
    }
}

#[test]
fn a_report_goes_from_the_queue_to_the_settled_ones_and_back() {
    on_both(|conn| {
        people(conn, 4);
        publish(conn, &post(10, 1, Visibility::Public));
        publish(conn, &post(11, 1, Visibility::Public));
        let first = Report {
            posts: vec![PostId::new(10), PostId::new(11)],
            ..report(1, 1, 2)
        };
        reports::insert(conn, &first).unwrap();
        reports::insert(conn, &report(2, 1, 3)).unwrap();
        reports::insert(conn, &report(3, 1, 3)).unwrap();
        assert_eq!(reports::by_id(conn, first.id).unwrap(), Some(first.clone()));
        assert_eq!(
            reports::weight(conn, id(1)).unwrap(),
            Weight {
                waiting: 2,
                upheld: 0
            }
        );
        assert!(reports::set_assignee(conn, first.id, Some(id(4))).unwrap());
        assert!(reports::set_state(conn, first.id, State::Upheld).unwrap());
        let mut listed = |wanted: Wanted| {
            let found = reports::list(conn, wanted, &Window::first(9)).unwrap();
            found.into_iter().map(|one| one.id.get()).collect::<Vec<_>>()
        };
        assert_eq!(listed(Wanted::default()), [3, 2]);
        assert_eq!(
            listed(Wanted {
                resolved: true,
                ..Wanted::default()
            }),
            [1]
        );
        assert_eq!(
            listed(Wanted {
                target: Some(id(2)),
                ..Wanted::default()
            }),
            [0_i64; 0]
        );
        assert_eq!(
            listed(Wanted {
                reporter: Some(id(3)),
                ..Wanted::default()
            }),
            [3, 2]
        );
        arrange(conn, "DELETE FROM accounts WHERE id IN (3, 4)");
        assert_eq!(
            reports::weight(conn, id(1)).unwrap(),
            Weight {
                waiting: 0,
                upheld: 1
            }
        );
        assert_eq!(reports::by_id(conn, first.id).unwrap().unwrap().assignee, None);
        assert_eq!(
            reports::list(conn, Wanted::default(), &Window::first(9))
                .unwrap()
                .len(),
            2
        );
        assert_eq!(reports::count_open(conn).unwrap(), 2);
    });
}

fn action(number: i64, days_ago: i32) -> Action {
    Action {
        id: ActionId::new(number),
        moderator: id(2),
        target: id(1),
        post: Some(PostId::new(10)),
        report: None,
        decision: Decision::HidePost,
        reason: "It names a private person.".into(),
        day: NOW.day().plus(-days_ago),
    }
}

#[test]
fn decisions_are_on_the_record_by_the_day() {
    on_both(|conn| {
        people(conn, 2);
        for (number, days_ago) in [(1, 0), (2, 1), (3, 0)] {
            moderation::record(conn, &action(number, days_ago)).unwrap();
        }
        let all = moderation::list(conn, None, 9).unwrap();
        assert_eq!(all, [action(3, 0), action(1, 0), action(2, 1)]);
        let second = moderation::list(conn, Some((all[1].day, all[1].id)), 9).unwrap();
        assert_eq!(second, [action(2, 1)]);
        assert_eq!(moderation::about(conn, id(1), 2).unwrap().len(), 2);
        assert_eq!(moderation::about(conn, id(2), 2).unwrap(), []);
    });
}

#[test]
fn a_standing_and_a_state_are_kept() {
    on_both(|conn| {
        people(conn, 1);
        publish(conn, &post(10, 1, Visibility::Public));
        accounts::set_standing(conn, id(1), Standing::Limited).unwrap();
        moderation::set_post_state(conn, PostId::new(10), PostState::Hidden).unwrap();
        assert_eq!(
            accounts::by_id(conn, id(1)).unwrap().unwrap().standing,
            Standing::Limited
        );
        assert_eq!(
            posts::by_id(conn, PostId::new(10)).unwrap().unwrap().state,
            PostState::Hidden
        );
    });
}

#[test]
fn what_is_around_a_post_is_what_everybody_can_read() {
    on_both(|conn| {
        people(conn, 1);
        for number in 10..20 {
            publish(conn, &post(number, 1, Visibility::Public));
        }
        publish(conn, &post(20, 1, Visibility::Direct));
        let around = moderation::around(conn, &post(18, 1, Visibility::Public), 2).unwrap();
        assert_eq!(around, [19, 17, 16].map(PostId::new));
    });
}

/// Rows on both sides of each term.
#[test]
fn a_purge_takes_what_is_over_and_leaves_what_is_not() {
    on_both(|conn| {
        people(conn, 3);
        let month = NOW.month();
        let (slot, day) = (NOW.unix_seconds(), NOW.day().get());
        for (number, age) in [(1, 0), (2, 12), (3, 13)] {
            reports::insert(
                conn,
                &Report {
                    month: month.plus(-age),
                    ..report(number, 1, 2)
                },
            )
            .unwrap();
        }
        for (number, age) in [(1, 0), (2, 365), (3, 366)] {
            moderation::record(conn, &action(number, age)).unwrap();
        }
        for (target, until) in [(2, None), (3, Some(NOW))] {
            blocks::mute(
                conn,
                id(1),
                id(target),
                Mute {
                    hide_notifications: true,
                    until,
                },
            )
            .unwrap();
        }
        blocks::mute(
            conn,
            id(2),
            id(3),
            Mute {
                hide_notifications: true,
                until: Some(CoarseTime::from_unix_seconds(slot + 60)),
            },
        )
        .unwrap();
        arrange(
            conn,
            &format!(
                "INSERT INTO holds VALUES (1, 0, NULL, NULL), (2, 0, NULL, {day}), (3, 0, NULL, {}); \
                 INSERT INTO deletions VALUES (1, 1, {}), (1, 2, {}); \
                 INSERT INTO invite_allowances VALUES (1, {}, 3), (2, {}, 3)",
                day - 1,
                month.get() - 12,
                month.get() - 13,
                month.get(),
                month.get() - 1
            ),
        );
        assert_eq!(purges::run(conn, Inventory::builtin()).unwrap(), 6);
        assert_eq!(purges::run(conn, Inventory::builtin()).unwrap(), 0);
        assert_eq!(
            reports::list(conn, Wanted::default(), &Window::first(9))
                .unwrap()
                .len(),
            2
        );
        assert_eq!(moderation::list(conn, None, 9).unwrap().len(), 2);
        assert_eq!(blocks::muted(conn, id(1), &Window::first(9)).unwrap().len(), 1);
        assert_eq!(blocks::muted(conn, id(2), &Window::first(9)).unwrap().len(), 1);
        assert_eq!(crate::deletions::since(conn, Month::new(0)).unwrap().len(), 1);
    });
}

#[test]
fn an_unknown_notification_is_none() {
    on_both(|conn| {
        people(conn, 1);
        assert!(
            told::by_id(conn, id(1), NotificationId::new(1))
                .unwrap()
                .is_none()
        );
        assert!(reports::by_id(conn, ReportId::new(1)).unwrap().is_none());
    });
}
