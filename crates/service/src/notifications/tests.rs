//! Notifications on both databases.

use bauta_model::{NotificationId, Visibility};
use bauta_store::Window;

use super::*;
use crate::posts::{self, Draft};
use crate::relations::{self, Silence, Wish};
use crate::testing::{NOW, Server, on_both};
use crate::{Refused, Speaker};

async fn kinds(server: &Server, of: &Speaker) -> Vec<Kind> {
    let page = list(&server.app, of, Asked::default(), Window::first(40))
        .await
        .unwrap();
    page.items.iter().map(|told| told.kind).collect()
}

#[test]
fn what_others_do_is_told_once_and_read_in_pages() {
    on_both(async |server| {
        let (me, other) = (server.join(1).await, server.join(2).await);
        let app = &server.app;
        relations::follow(app, &other, me.account, Wish::default())
            .await
            .unwrap();
        let post = posts::post(app, &me, Draft::new("Hello")).await.unwrap().id();
        posts::favourite(app, &other, post).await.unwrap();
        posts::boost(app, &other, post, Visibility::Public).await.unwrap();
        posts::post(app, &other, Draft::new("@a1 look")).await.unwrap();
        assert_eq!(
            kinds(&server, &me).await,
            [Kind::Mention, Kind::Boost, Kind::Favourite, Kind::Follow]
        );
        let first = list(app, &me, Asked::default(), Window::first(2)).await.unwrap();
        assert!(first.more);
        assert_eq!(first.items[1].post.as_ref().unwrap().id(), post);
        assert_eq!(first.items[0].at, NOW);
        let window = Window {
            below: first.lowest,
            ..Window::first(9)
        };
        assert_eq!(
            list(app, &me, Asked::default(), window)
                .await
                .unwrap()
                .items
                .len(),
            2
        );
        assert_eq!(unread(app, &me).await.unwrap(), 4);
        set_marker(app, &me, List::Notifications, first.highest.unwrap().get())
            .await
            .unwrap();
        assert_eq!(unread(app, &me).await.unwrap(), 0);
        assert_eq!(unread(app, &other).await.unwrap(), 0);
    });
}

#[test]
fn what_can_no_longer_be_read_is_left_out() {
    on_both(async |server| {
        let (me, other) = (server.join(1).await, server.join(2).await);
        let app = &server.app;
        let post = posts::post(app, &other, Draft::new("@a1 look"))
            .await
            .unwrap()
            .id();
        relations::follow(app, &other, me.account, Wish::default())
            .await
            .unwrap();
        assert_eq!(kinds(&server, &me).await, [Kind::Follow, Kind::Mention]);
        relations::mute(app, &me, other.account, Silence::default())
            .await
            .unwrap();
        assert_eq!(kinds(&server, &me).await, []);
        relations::unmute(app, &me, other.account).await.unwrap();
        server.sql("UPDATE posts SET state = 1".into()).await;
        app.cards.invalidate(post);
        assert_eq!(kinds(&server, &me).await, [Kind::Follow]);
        posts::remove(app, post).await.unwrap();
        relations::unfollow(app, &other, me.account).await.unwrap();
        assert_eq!(unread(app, &me).await.unwrap(), 0);
    });
}

#[test]
fn nobody_reads_or_dismisses_what_others_were_told() {
    on_both(async |server| {
        let (me, other) = (server.join(1).await, server.join(2).await);
        let app = &server.app;
        relations::follow(app, &other, me.account, Wish::default())
            .await
            .unwrap();
        let id = list(app, &me, Asked::default(), Window::first(1))
            .await
            .unwrap()
            .items[0]
            .id;
        assert_eq!(get(app, &me, id).await.unwrap().kind, Kind::Follow);
        assert!(matches!(get(app, &other, id).await, Err(Refused::NotFound)));
        assert!(matches!(dismiss(app, &other, id).await, Err(Refused::NotFound)));
        clear(app, &other).await.unwrap();
        dismiss(app, &me, id).await.unwrap();
        assert!(matches!(get(app, &me, id).await, Err(Refused::NotFound)));
    });
}

#[test]
fn a_marker_tells_the_slot_of_what_was_read_and_no_other_time() {
    on_both(async |server| {
        let me = server.join(1).await;
        let app = &server.app;
        let id = NotificationId::first_of(NOW).get() + 5;
        let place = set_marker(app, &me, List::Home, id).await.unwrap();
        assert_eq!((place.at, place.version), (NOW, 1));
        assert_eq!(markers(app, &me).await.unwrap(), [place]);
        for wrong in [-1, i64::MAX, NotificationId::first_of(NOW).get() + (60 << 24)] {
            let refused = set_marker(app, &me, List::Home, wrong).await;
            assert!(matches!(refused, Err(Refused::Invalid { .. })), "{wrong}");
        }
    });
}

#[test]
fn quiet_mode_keeps_strangers_aside_until_they_are_let_in() {
    on_both(async |server| {
        let (me, friend, stranger) = (server.join(1).await, server.join(2).await, server.join(3).await);
        let app = &server.app;
        relations::follow(app, &me, friend.account, Wish::default())
            .await
            .unwrap();
        set_quiet(app, &me, true).await.unwrap();
        let preferences = crate::accounts::preferences(app, &me).await.unwrap();
        assert!(is_quiet(&policy(app, &me).await.unwrap().0, &preferences));
        posts::post(app, &friend, Draft::new("@a1 look")).await.unwrap();
        let hidden = posts::post(app, &stranger, Draft::new("@a1 look here"))
            .await
            .unwrap();
        relations::follow(app, &stranger, me.account, Wish::default())
            .await
            .unwrap();
        assert_eq!(kinds(&server, &me).await, [Kind::Mention]);
        assert_eq!(unread(app, &me).await.unwrap(), 1);
        let aside = policy(app, &me).await.unwrap().1;
        assert_eq!((aside.people, aside.notifications), (1, 2));
        let waiting = requests(app, &me, Window::first(9)).await.unwrap().items;
        assert_eq!(waiting[0].from.account.id, stranger.account);
        assert_eq!(waiting[0].post.as_ref().unwrap().id(), hidden.id());
        let id = waiting[0].id;
        assert!(matches!(
            request(app, &stranger, id).await,
            Err(Refused::NotFound)
        ));
        assert_eq!(
            settle(app, &stranger, vec![id], Settle::LetIn).await.unwrap(),
            0,
            "of others nobody settles anything"
        );
        assert_eq!(settle(app, &me, vec![id], Settle::LetIn).await.unwrap(), 1);
        assert_eq!(
            kinds(&server, &me).await,
            [Kind::Follow, Kind::Mention, Kind::Mention]
        );
        posts::post(app, &stranger, Draft::new("@a1 again"))
            .await
            .unwrap();
        assert_eq!(unread(app, &me).await.unwrap(), 4, "and from now on");
        set_quiet(app, &me, false).await.unwrap();
        assert_eq!(policy(app, &me).await.unwrap().0, Policy::default());
    });
}
