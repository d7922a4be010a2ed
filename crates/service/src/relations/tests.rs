//! Relations on both databases: what the rows say, what memory says, and what lists show.

use std::time::Duration;

use bauta_model::{AccountId, CoarseTime};
use bauta_store::Window;
use bauta_timeline::AccountCard;

use super::*;
use crate::reading::reader;
use crate::testing::{NOW, Server, on_both};
use crate::{Listed, SessionKind};

fn ids(page: &Listed<Arc<AccountCard>, AccountId>) -> Vec<i64> {
    page.items.iter().map(|card| card.account.id.get()).collect()
}

async fn counts(server: &Server, of: &Speaker) -> (i64, i64) {
    let card = crate::accounts::by_id(&server.app, of.account).await.unwrap();
    (card.account.followers_count, card.account.following_count)
}

async fn lock(server: &Server, account: &Speaker) {
    let id = account.account;
    server
        .sql(format!("UPDATE accounts SET locked = true WHERE id = {id}"))
        .await;
    server.app.accounts.invalidate(id);
}

#[test]
fn a_follow_counts_and_is_in_memory() {
    on_both(async |server| {
        let (me, other) = (server.join(1).await, server.join(2).await);
        let app = &server.app;
        let held = reader(app, me.account).await.unwrap();
        let tie = follow(app, &me, other.account, Wish::default()).await.unwrap();
        assert!(tie.follows && tie.show_boosts && !tie.notify && !tie.requested);
        assert!(held.follows(other.account));
        assert_eq!(
            (counts(&server, &me).await, counts(&server, &other).await),
            ((0, 1), (1, 0))
        );
        let quiet = Wish {
            show_boosts: Some(false),
            notify: Some(true),
        };
        let tie = follow(app, &me, other.account, quiet).await.unwrap();
        assert!(tie.follows && !tie.show_boosts && tie.notify);
        let same = follow(app, &me, other.account, Wish::default()).await.unwrap();
        assert_eq!(same, tie);
        assert_eq!(counts(&server, &other).await, (1, 0));
        assert!(!unfollow(app, &me, other.account).await.unwrap().follows);
        assert!(!held.follows(other.account));
        assert_eq!(counts(&server, &other).await, (0, 0));
    });
}

#[test]
fn a_locked_account_is_asked() {
    on_both(async |server| {
        let (me, other) = (server.join(1).await, server.join(2).await);
        let app = &server.app;
        lock(&server, &other).await;
        let tie = follow(app, &me, other.account, Wish::default()).await.unwrap();
        assert!(tie.requested && !tie.follows);
        assert_eq!(count_requests(app, &other).await.unwrap(), 1);
        assert_eq!(ids(&requests(app, &other, Window::first(9)).await.unwrap()), [1]);
        assert!(accept_request(app, &other, me.account).await.unwrap().followed_by);
        assert_eq!(counts(&server, &other).await, (1, 0));
        let again = accept_request(app, &other, me.account).await;
        assert!(matches!(again, Err(Refused::NotFound)));
        remove_follower(app, &other, me.account).await.unwrap();
        follow(app, &me, other.account, Wish::default()).await.unwrap();
        assert!(
            !reject_request(app, &other, me.account)
                .await
                .unwrap()
                .requested_by
        );
        assert_eq!(counts(&server, &other).await, (0, 0));
    });
}

#[test]
fn what_makes_no_sense_is_refused() {
    on_both(async |server| {
        let me = server.join(1).await;
        let app = &server.app;
        let own = follow(app, &me, me.account, Wish::default()).await;
        assert!(matches!(own, Err(Refused::Forbidden(_))));
        assert!(matches!(
            block(app, &me, me.account).await,
            Err(Refused::Forbidden(_))
        ));
        let nobody = AccountId::new(99);
        assert!(matches!(
            follow(app, &me, nobody, Wish::default()).await,
            Err(Refused::NotFound)
        ));
        assert!(matches!(block(app, &me, nobody).await, Err(Refused::NotFound)));
        assert!(matches!(
            mute(app, &me, nobody, Silence::default()).await,
            Err(Refused::NotFound)
        ));
        let long = Silence {
            lasting: Some(Duration::from_secs(u64::MAX / 2)),
            ..Silence::default()
        };
        let other = server.join(2).await;
        assert!(matches!(
            mute(app, &me, other.account, long).await,
            Err(Refused::Invalid { .. })
        ));
    });
}

#[test]
fn nobody_follows_more_than_the_limit() {
    on_both(async |server| {
        let (me, other) = (server.join(1).await, server.join(2).await);
        server
            .sql("UPDATE accounts SET following_count = 7500 WHERE id = 1".into())
            .await;
        let full = follow(&server.app, &me, other.account, Wish::default()).await;
        assert!(matches!(full, Err(Refused::Invalid { field: "follow", .. })));
        server
            .sql("UPDATE accounts SET followers_count = 7000 WHERE id = 1".into())
            .await;
        assert!(
            follow(&server.app, &me, other.account, Wish::default())
                .await
                .unwrap()
                .follows
        );
    });
}

#[test]
fn a_block_ends_follows_both_ways_and_hides() {
    on_both(async |server| {
        let (me, other) = (server.join(1).await, server.join(2).await);
        let app = &server.app;
        follow(app, &me, other.account, Wish::default()).await.unwrap();
        follow(app, &other, me.account, Wish::default()).await.unwrap();
        let theirs = reader(app, other.account).await.unwrap();
        let tie = block(app, &me, other.account).await.unwrap();
        assert!(tie.blocks && !tie.follows && !tie.followed_by);
        assert!(theirs.hides(me.account) && !theirs.follows(me.account));
        assert_eq!(
            (counts(&server, &me).await, counts(&server, &other).await),
            ((0, 0), (0, 0))
        );
        for (one, of) in [(&me, &other), (&other, &me)] {
            let refused = follow(app, one, of.account, Wish::default()).await;
            assert!(matches!(refused, Err(Refused::Forbidden(_))));
        }
        assert_eq!(ids(&blocked(app, &me, Window::first(9)).await.unwrap()), [2]);
        assert!(!unblock(app, &me, other.account).await.unwrap().blocks);
        assert!(!theirs.hides(me.account));
    });
}

#[test]
fn an_account_that_is_hidden_for_two_reasons_stays_hidden_after_one_ends() {
    on_both(async |server| {
        let (me, other) = (server.join(1).await, server.join(2).await);
        let app = &server.app;
        let held = reader(app, me.account).await.unwrap();
        mute(app, &me, other.account, Silence::default()).await.unwrap();
        block(app, &me, other.account).await.unwrap();
        unblock(app, &me, other.account).await.unwrap();
        assert!(held.hides(other.account));
        unmute(app, &me, other.account).await.unwrap();
        assert!(!held.hides(other.account));
    });
}

#[test]
fn a_mute_ends_in_memory_too() {
    on_both(async |server| {
        let (me, other) = (server.join(1).await, server.join(2).await);
        let app = &server.app;
        reader(app, me.account).await.unwrap();
        let five = Silence {
            lasting: Some(Duration::from_mins(5)),
            ..Silence::default()
        };
        let tie = mute(app, &me, other.account, five).await.unwrap();
        assert!(tie.mutes && tie.mutes_notifications);
        let until = tie.muted_until.unwrap();
        assert!(until.unix_seconds() >= NOW.unix_seconds() + 300);
        assert_eq!(
            muted(app, &me, Window::first(9)).await.unwrap().items[0].1,
            Some(until)
        );
        assert!(reader(app, me.account).await.unwrap().hides(other.account));
        app.clock
            .set(CoarseTime::from_unix_seconds(until.unix_seconds() - 60));
        assert!(reader(app, me.account).await.unwrap().hides(other.account));
        app.clock.set(until);
        assert!(!reader(app, me.account).await.unwrap().hides(other.account));
        assert!(!relationship(app, &me, other.account).await.unwrap().mutes);
        assert!(muted(app, &me, Window::first(9)).await.unwrap().items.is_empty());
    });
}

#[test]
fn followers_are_a_count_to_others_unless_they_are_shown() {
    on_both(async |server| {
        let (me, other, third) = (server.join(1).await, server.join(2).await, server.join(3).await);
        let app = &server.app;
        follow(app, &other, me.account, Wish::default()).await.unwrap();
        follow(app, &third, me.account, Wish::default()).await.unwrap();
        let first = Window::first(9);
        assert_eq!(
            ids(&followers(app, Some(&me), me.account, first).await.unwrap()),
            [3, 2]
        );
        for viewer in [None, Some(&other)] {
            assert!(ids(&followers(app, viewer, me.account, first).await.unwrap()).is_empty());
        }
        server
            .sql("UPDATE accounts SET hide_collections = false WHERE id = 1".into())
            .await;
        app.accounts.invalidate(me.account);
        assert_eq!(
            ids(&followers(app, None, me.account, first).await.unwrap()),
            [3, 2]
        );
        block(app, &other, third.account).await.unwrap();
        assert_eq!(
            ids(&followers(app, Some(&other), me.account, first).await.unwrap()),
            [2]
        );
        block(app, &me, other.account).await.unwrap();
        assert!(ids(&followers(app, Some(&other), me.account, first).await.unwrap()).is_empty());
        let page = followers(app, None, me.account, Window::first(1)).await.unwrap();
        assert!(page.more && page.lowest == Some(third.account));
    });
}

#[test]
fn relationships_are_in_the_order_that_was_asked_for() {
    on_both(async |server| {
        let me = server.join(1).await;
        for id in 2..=4 {
            server.join(id).await;
        }
        let app = &server.app;
        follow(app, &me, AccountId::new(3), Wish::default())
            .await
            .unwrap();
        server
            .sql("UPDATE accounts SET standing = 2 WHERE id = 4".into())
            .await;
        let asked = [3, 99, 2, 4].map(AccountId::new);
        let of = |all: Vec<(AccountId, Between)>| {
            all.into_iter()
                .map(|(id, tie)| (id.get(), tie.follows))
                .collect::<Vec<_>>()
        };
        let found = relationships(app, &me, &asked, false).await.unwrap();
        assert_eq!(of(found), [(3, true), (2, false)]);
        let found = relationships(app, &me, &asked, true).await.unwrap();
        assert_eq!(of(found), [(3, true), (2, false), (4, false)]);
        let many = vec![AccountId::new(2); 201];
        assert!(matches!(
            relationships(app, &me, &many, false).await,
            Err(Refused::Invalid { .. })
        ));
    });
}

#[test]
fn the_pages_and_the_apps_are_the_same_speaker() {
    on_both(async |server| {
        let me = server.join(1).await;
        let other = server.join(2).await;
        let web = Speaker {
            kind: SessionKind::Web,
            ..me.clone()
        };
        follow(&server.app, &web, other.account, Wish::default())
            .await
            .unwrap();
        assert!(
            relationship(&server.app, &me, other.account)
                .await
                .unwrap()
                .follows
        );
    });
}
