//! Posting and what follows, on both databases.

mod limits;
mod polls;
mod quotes;
mod scheduled;

use std::sync::Arc;

use bauta_model::{AccountId, PostId, Role, Visibility};
use bauta_store::notifications::Kind;

use super::*;
use crate::testing::{Server, on_both};
use crate::timelines::{Of, Page, profile};
use crate::{App, Refused, SessionKind, Speaker};

async fn say(server: &Server, speaker: &Speaker, text: &str) -> PostId {
    post(&server.app, speaker, Draft::new(text))
        .await
        .unwrap()
        .card
        .post
        .id
}

async fn answer(server: &Server, speaker: &Speaker, to: PostId, text: &str) -> PostId {
    let draft = Draft {
        in_reply_to: Some(to),
        ..Draft::new(text)
    };
    post(&server.app, speaker, draft).await.unwrap().card.post.id
}

async fn follow(server: &Server, follower: &Speaker, followee: &Speaker) {
    let (follower, followee) = (follower.account, followee.account);
    server
        .sql(format!(
            "INSERT INTO follows VALUES ({follower}, {followee}, true, false)"
        ))
        .await;
    server.app.timelines.follow(follower, followee, true);
}

async fn block(server: &Server, account: &Speaker, target: &Speaker) {
    let (account, target) = (account.account, target.account);
    server
        .sql(format!("INSERT INTO blocks VALUES ({account}, {target})"))
        .await;
    server.app.timelines.hide(account, target, true);
    server.app.timelines.hide(target, account, true);
}

/// What an account was told: the kinds with who did it.
async fn told(app: &Arc<App>, account: &Speaker) -> Vec<(i16, AccountId)> {
    let account = account.account;
    app.store
        .read("told", move |conn| bauta_store::arrange::told(conn, account))
        .await
        .unwrap()
}

fn kind(kind: Kind, from: &Speaker) -> (i16, AccountId) {
    (kind.code(), from.account)
}

#[test]
fn a_post_is_read_by_everyone_as_it_was_rendered() {
    on_both(|server| async move {
        let alice = server.join(1).await;
        let draft = Draft {
            warning: "summons".into(),
            ..Draft::new("Read this: #Resist\nhttps://a.example/?utm_source=x")
        };
        let posted = post(&server.app, &alice, draft).await.unwrap();
        let found = read(&server.app, None, posted.card.post.id).await.unwrap();
        let found = &found.card.post;
        assert_eq!(found.text, "Read this: #Resist\nhttps://a.example/");
        assert_eq!(found.tags, ["resist"]);
        assert!(found.html.contains("<br>") && found.sensitive);
        assert_eq!(posted.author.account.posts_count, 1);
    });
}

#[test]
fn empty_and_too_long_posts_are_refused() {
    on_both(|server| async move {
        let alice = server.join(1).await;
        for text in [String::new(), " \n\u{200B} ".to_owned(), "a".repeat(1001)] {
            let refused = post(&server.app, &alice, Draft::new(text)).await;
            assert!(matches!(refused, Err(Refused::Invalid { field: "status", .. })));
        }
        let warning = Draft {
            warning: "w".into(),
            ..Draft::new("a".repeat(1000))
        };
        assert!(post(&server.app, &alice, warning).await.is_err());
        assert!(
            post(&server.app, &alice, Draft::new("a".repeat(1000)))
                .await
                .is_ok()
        );
    });
}

#[test]
fn an_app_sends_a_leaking_text_twice_and_the_pages_confirm_it() {
    on_both(|server| async move {
        let app_of_alice = server.join(1).await;
        let leak = || Draft::new("Write to me: alice@mail.example");
        let refused = post(&server.app, &app_of_alice, leak()).await;
        assert!(matches!(refused, Err(Refused::Leak(_))));
        assert!(post(&server.app, &app_of_alice, leak()).await.is_ok());
        let pages = Speaker {
            kind: SessionKind::Web,
            ..server.join(2).await
        };
        for _ in 0..2 {
            assert!(matches!(
                post(&server.app, &pages, leak()).await,
                Err(Refused::Leak(_))
            ));
        }
        assert!(
            post(
                &server.app,
                &pages,
                Draft {
                    confirmed: true,
                    ..leak()
                }
            )
            .await
            .is_ok()
        );
    });
}

#[test]
fn programs_are_not_asked_about_leaks() {
    on_both(|server| async move {
        let bot = server.join(1).await;
        server
            .sql("UPDATE accounts SET bot = true WHERE id = 1".into())
            .await;
        assert!(
            post(&server.app, &bot, Draft::new("Write to bot@mail.example"))
                .await
                .is_ok()
        );
    });
}

#[test]
fn the_same_key_makes_one_post() {
    on_both(|server| async move {
        let alice = server.join(1).await;
        let keyed = || Draft {
            key: Some("k".into()),
            ..Draft::new("once")
        };
        let (first, second) = tokio::join!(
            post(&server.app, &alice, keyed()),
            post(&server.app, &alice, keyed())
        );
        assert_eq!(first.unwrap().id(), second.unwrap().id());
        assert_eq!(read_account(&server, &alice).await, 1);
    });
}

async fn read_account(server: &Server, speaker: &Speaker) -> i64 {
    crate::reading::account_card(&server.app, speaker.account)
        .await
        .unwrap()
        .account
        .posts_count
}

#[test]
fn who_is_named_is_told_unless_they_block() {
    on_both(|server| async move {
        let (alice, bob, carol) = (server.join(1).await, server.join(2).await, server.join(3).await);
        block(&server, &carol, &alice).await;
        say(&server, &alice, "Hello @A2 and @a3 and @a1 and @nobody").await;
        assert_eq!(told(&server.app, &bob).await, [kind(Kind::Mention, &alice)]);
        assert_eq!(told(&server.app, &carol).await, []);
        assert_eq!(told(&server.app, &alice).await, []);
    });
}

#[test]
fn followers_who_asked_are_told_of_every_post() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        server
            .sql("INSERT INTO follows VALUES (2, 1, true, true)".into())
            .await;
        let first = say(&server, &alice, "one").await;
        assert_eq!(told(&server.app, &bob).await, [kind(Kind::Status, &alice)]);
        let third = answer(&server, &bob, first, "hm").await;
        answer(&server, &alice, third, "an answer to others is no news").await;
        assert_eq!(told(&server.app, &bob).await.len(), 1);
    });
}

#[test]
fn a_direct_post_reaches_only_those_who_take_it() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        let direct = || Draft {
            visibility: Visibility::Direct,
            ..Draft::new("@a2 hello")
        };
        assert!(matches!(
            post(&server.app, &alice, direct()).await,
            Err(Refused::Invalid {
                field: "visibility",
                ..
            })
        ));
        follow(&server, &bob, &alice).await;
        let id = post(&server.app, &alice, direct()).await.unwrap().card.post.id;
        assert!(read(&server.app, Some(&bob), id).await.is_ok());
        assert!(matches!(
            read(&server.app, None, id).await,
            Err(Refused::NotFound)
        ));
        let carol = server.join(3).await;
        assert!(matches!(
            read(&server.app, Some(&carol), id).await,
            Err(Refused::NotFound)
        ));
        let back = Draft {
            visibility: Visibility::Direct,
            ..Draft::new("@a1 who wrote to me hears back")
        };
        assert!(post(&server.app, &bob, back).await.is_ok());
        assert_eq!(read_account(&server, &alice).await, 0);
    });
}

#[test]
fn who_may_not_read_a_post_may_do_nothing_with_it() {
    on_both(|server| async move {
        let (alice, mallory) = (server.join(1).await, server.join(2).await);
        let draft = Draft {
            visibility: Visibility::Followers,
            ..Draft::new("for followers")
        };
        let id = post(&server.app, &alice, draft).await.unwrap().card.post.id;
        let app = &server.app;
        let reply = Draft {
            in_reply_to: Some(id),
            ..Draft::new("hm")
        };
        assert!(matches!(post(app, &mallory, reply).await, Err(Refused::NotFound)));
        assert!(matches!(
            favourite(app, &mallory, id).await,
            Err(Refused::NotFound)
        ));
        assert!(matches!(
            bookmark(app, &mallory, id).await,
            Err(Refused::NotFound)
        ));
        assert!(matches!(
            boost(app, &mallory, id, Visibility::Public).await,
            Err(Refused::NotFound)
        ));
        assert!(matches!(
            mute_thread(app, &mallory, id).await,
            Err(Refused::NotFound)
        ));
        assert!(matches!(
            thread(app, Some(&mallory), id).await,
            Err(Refused::NotFound)
        ));
        assert!(matches!(
            history(app, Some(&mallory), id).await,
            Err(Refused::NotFound)
        ));
        assert!(matches!(
            favourited_by(app, Some(&mallory), id, None, 40).await,
            Err(Refused::NotFound)
        ));
    });
}

#[test]
fn nobody_changes_the_post_of_another() {
    on_both(|server| async move {
        let (alice, mallory) = (server.join(1).await, server.join(2).await);
        let mallory = Speaker {
            role: Role::Operator,
            ..mallory
        };
        let id = say(&server, &alice, "mine").await;
        let words = Edit {
            media: None,
            poll: PollWish::Keep,
            described: Vec::new(),
            text: "yours".into(),
            warning: String::new(),
            sensitive: false,
            language: None,
            quote_policy: None,
            reply_policy: None,
            confirmed: false,
        };
        let app = &server.app;
        assert!(matches!(
            edit(app, &mallory, id, words).await,
            Err(Refused::NotFound)
        ));
        assert!(matches!(
            delete_post(app, &mallory, id).await,
            Err(Refused::NotFound)
        ));
        assert!(matches!(source(app, &mallory, id).await, Err(Refused::NotFound)));
        assert!(matches!(
            pin(app, &mallory, id).await,
            Err(Refused::Invalid { .. })
        ));
        assert_eq!(read(app, None, id).await.unwrap().card.post.text, "mine");
    });
}

#[test]
fn a_boost_is_one_however_often_it_is_asked_for() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        let id = say(&server, &alice, "boost me").await;
        let first = boost(&server.app, &bob, id, Visibility::Public).await.unwrap();
        let again = boost(&server.app, &bob, first.id(), Visibility::Public)
            .await
            .unwrap();
        assert_eq!(first.id(), again.id());
        assert!(again.flags.boosted);
        assert_eq!(again.card.post.boosts_count, 1);
        assert_eq!(told(&server.app, &alice).await, [kind(Kind::Boost, &bob)]);
        let undone = unboost(&server.app, &bob, id).await.unwrap();
        assert_eq!((undone.card.post.boosts_count, undone.flags.boosted), (0, false));
        assert_eq!(told(&server.app, &alice).await, []);
        assert!(matches!(
            read(&server.app, None, first.id()).await,
            Err(Refused::NotFound)
        ));
    });
}

#[test]
fn only_ones_own_followers_posts_can_be_boosted() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        follow(&server, &bob, &alice).await;
        let draft = Draft {
            visibility: Visibility::Followers,
            ..Draft::new("for followers")
        };
        let id = post(&server.app, &alice, draft).await.unwrap().id();
        assert!(matches!(
            boost(&server.app, &bob, id, Visibility::Public).await,
            Err(Refused::Forbidden(_))
        ));
        let own = boost(&server.app, &alice, id, Visibility::Public).await.unwrap();
        assert_eq!(own.boost.unwrap().post.visibility, Visibility::Followers);
    });
}

#[test]
fn marks_are_the_readers_own() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        let id = say(&server, &alice, "mark me").await;
        let app = &server.app;
        favourite(app, &bob, id).await.unwrap();
        bookmark(app, &bob, id).await.unwrap();
        let seen = mute_thread(app, &bob, id).await.unwrap();
        assert!(seen.flags.favourited && seen.flags.bookmarked && seen.flags.muted && !seen.flags.boosted);
        assert_eq!(seen.card.post.favourites_count, 1);
        // The same from the store, as after a restart.
        app.timelines.drop_reader(bob.account);
        let again = read(app, Some(&bob), id).await.unwrap();
        assert_eq!(again.flags, seen.flags);
        assert_eq!(
            read(app, Some(&alice), id).await.unwrap().flags,
            bauta_timeline::Flags::default()
        );
        let people = favourited_by(app, Some(&alice), id, None, 40).await.unwrap();
        assert_eq!(
            people
                .accounts
                .iter()
                .map(|card| card.account.id)
                .collect::<Vec<_>>(),
            [bob.account]
        );
        unbookmark(app, &bob, id).await.unwrap();
        unmute_thread(app, &bob, id).await.unwrap();
        let seen = unfavourite(app, &bob, id).await.unwrap();
        assert_eq!(
            (seen.flags, seen.card.post.favourites_count),
            (bauta_timeline::Flags::default(), 0)
        );
        assert_eq!(told(app, &alice).await, []);
    });
}

#[test]
fn a_muted_thread_tells_nothing() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        let id = say(&server, &alice, "quiet").await;
        mute_thread(&server.app, &alice, id).await.unwrap();
        answer(&server, &bob, id, "@a1 hello").await;
        favourite(&server.app, &bob, id).await.unwrap();
        assert_eq!(told(&server.app, &alice).await, []);
    });
}

#[test]
fn an_edit_is_seen_at_once_and_its_history_kept() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        let id = say(&server, &alice, "first #old").await;
        boost(&server.app, &bob, id, Visibility::Public).await.unwrap();
        let words = |text: &str| Edit {
            media: None,
            poll: PollWish::Keep,
            described: Vec::new(),
            text: text.into(),
            warning: String::new(),
            sensitive: false,
            language: None,
            quote_policy: None,
            reply_policy: None,
            confirmed: false,
        };
        edit(&server.app, &alice, id, words("second #new")).await.unwrap();
        edit(&server.app, &alice, id, words("second #new")).await.unwrap();
        let seen = read(&server.app, None, id).await.unwrap();
        assert_eq!(
            (seen.card.post.text.as_str(), &*seen.card.post.tags),
            ("second #new", &["new".to_owned()][..])
        );
        let (_, versions) = history(&server.app, None, id).await.unwrap();
        let texts: Vec<_> = versions.iter().map(|version| version.text.as_str()).collect();
        assert_eq!(texts, ["first #old", "second #new"]);
        assert_eq!(told(&server.app, &bob).await, [kind(Kind::Update, &alice)]);
    });
}

#[test]
fn a_deleted_post_is_gone_from_memory_and_store() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        follow(&server, &bob, &alice).await;
        crate::timelines::warm(&server.app).await.unwrap();
        let id = say(&server, &alice, "forgettable").await;
        let reply = answer(&server, &bob, id, "hm").await;
        let page = Page::newest(20);
        assert_eq!(
            crate::timelines::home(&server.app, &bob, &page)
                .await
                .unwrap()
                .len(),
            2
        );
        let source = delete_post(&server.app, &alice, id).await.unwrap();
        assert_eq!(source.card.post.text, "forgettable");
        assert!(matches!(
            read(&server.app, None, id).await,
            Err(Refused::NotFound)
        ));
        let left = crate::timelines::home(&server.app, &bob, &page).await.unwrap();
        assert_eq!(
            left.iter().map(crate::reading::Shown::id).collect::<Vec<_>>(),
            [reply]
        );
        assert_eq!(
            (
                left[0].card.post.in_reply_to,
                left[0].card.post.in_reply_to_author
            ),
            (None, Some(AccountId::new(1)))
        );
        assert!(
            server
                .app
                .search
                .posts("forgettable", None, 0, 5)
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(read_account(&server, &alice).await, 0);
    });
}

#[test]
fn a_page_holds_five_pinned_posts() {
    on_both(|server| async move {
        let alice = server.join(1).await;
        let mut ids = Vec::new();
        for n in 0..6 {
            ids.push(say(&server, &alice, &n.to_string()).await);
        }
        for id in &ids[..5] {
            assert!(pin(&server.app, &alice, *id).await.unwrap().flags.pinned);
        }
        assert!(matches!(
            pin(&server.app, &alice, ids[5]).await,
            Err(Refused::Invalid { .. })
        ));
        unpin(&server.app, &alice, ids[0]).await.unwrap();
        assert!(pin(&server.app, &alice, ids[5]).await.is_ok());
    });
}

#[test]
fn strangers_see_at_once_what_is_pinned_and_what_is_not_any_more() {
    on_both(|server| async move {
        let alice = server.join(1).await;
        let ids = [
            say(&server, &alice, "one").await,
            say(&server, &alice, "two").await,
        ];
        let page = Page::newest(server.app.site.limits.pinned_posts);
        let pinned = async || {
            let list = profile(&server.app, None, alice.account, &Of::Pinned, &page)
                .await
                .unwrap();
            list.iter().map(crate::reading::Shown::id).collect::<Vec<_>>()
        };
        assert!(pinned().await.is_empty());
        pin(&server.app, &alice, ids[0]).await.unwrap();
        assert_eq!(pinned().await, [ids[0]]);
        pin(&server.app, &alice, ids[1]).await.unwrap();
        assert_eq!(pinned().await, [ids[1], ids[0]]);
        unpin(&server.app, &alice, ids[1]).await.unwrap();
        assert_eq!(pinned().await, [ids[0]]);
        delete_post(&server.app, &alice, ids[0]).await.unwrap();
        assert!(pinned().await.is_empty());
    });
}

#[test]
fn a_thread_is_told_in_order() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        let root = say(&server, &alice, "root").await;
        let first = answer(&server, &bob, root, "first").await;
        let second = answer(&server, &alice, root, "second").await;
        let below = answer(&server, &alice, first, "below first").await;
        let seen = thread(&server.app, None, root).await.unwrap();
        let ids =
            |list: &[crate::reading::Shown]| list.iter().map(crate::reading::Shown::id).collect::<Vec<_>>();
        assert_eq!(ids(&seen.descendants), [first, below, second]);
        let seen = thread(&server.app, None, below).await.unwrap();
        assert_eq!(ids(&seen.ancestors), [root, first]);
    });
}
