//! Posts that go by themselves, and drafts that lie aside.

use std::time::Duration;

use bauta_model::Hold;

use super::super::aside::When;
use super::super::expiry::let_go;
use super::super::scheduled::publish_due;
use super::*;
use crate::testing::NOW;

async fn texts(server: &Server, speaker: &Speaker) -> Vec<String> {
    let of = Of::Posts {
        replies: true,
        boosts: true,
    };
    let page = Page::newest(20);
    let list = profile(&server.app, Some(speaker), speaker.account, &of, &page)
        .await
        .unwrap();
    list.iter().map(|one| one.card.post.text.clone()).collect()
}

fn lasting(text: &str, minutes: u64) -> Draft {
    Draft {
        lasts: Some(Duration::from_mins(minutes)),
        ..Draft::new(text)
    }
}

#[test]
fn a_post_goes_when_its_author_said_whether_it_appeared_at_once_or_later() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        let app = &server.app;
        for minutes in [4, 60 * 24 * 366 * 6] {
            let refused = post(app, &alice, lasting("x", minutes)).await;
            assert!(matches!(
                refused,
                Err(Refused::Invalid {
                    field: "expires_in",
                    ..
                })
            ));
        }
        let soon = post(app, &alice, lasting("soon", 10)).await.unwrap().card.post.id;
        say(&server, &alice, "for good").await;
        let at = NOW.unix_seconds() + 600;
        schedule(app, &alice, lasting("later", 10), at).await.unwrap();
        assert_eq!(
            end_of(app, &alice, soon).await.unwrap(),
            Some(NOW.plus(Duration::from_mins(10)))
        );
        assert!(matches!(end_of(app, &bob, soon).await, Err(Refused::NotFound)));
        let mut looked = None;
        app.clock.set(NOW.plus(Duration::from_mins(9)));
        let_go(app, &mut looked).await.unwrap();
        assert_eq!(texts(&server, &alice).await, ["for good", "soon"]);
        app.clock.set(NOW.plus(Duration::from_mins(10)));
        publish_due(app).await.unwrap();
        let_go(app, &mut looked).await.unwrap();
        assert_eq!(texts(&server, &alice).await, ["later", "for good"]);
        assert!(matches!(read(app, None, soon).await, Err(Refused::NotFound)));
        app.clock.set(NOW.plus(Duration::from_mins(20)));
        let_go(app, &mut looked).await.unwrap();
        assert_eq!(texts(&server, &alice).await, ["for good"]);
    });
}

#[test]
fn old_posts_go_once_an_hour_and_others_stay() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        let app = &server.app;
        let theirs = say(&server, &bob, "of bob").await;
        say(&server, &alice, "old").await;
        let liked = say(&server, &alice, "liked").await;
        favourite(app, &alice, liked).await.unwrap();
        boost(app, &alice, theirs, Visibility::Public).await.unwrap();
        let wanted = |days| {
            Some(Rule {
                days,
                spared: Spared {
                    liked: true,
                    ..Spared::default()
                },
            })
        };
        assert!(set_rule(app, &alice, wanted(2)).await.is_err(), "not of the list");
        set_rule(app, &alice, wanted(7)).await.unwrap();
        assert_eq!(rule(app, &alice).await.unwrap(), wanted(7));
        assert_eq!(rule(app, &bob).await.unwrap(), None);
        let mut looked = None;
        let after = |days: u64, minutes: u64| NOW.plus(Duration::from_mins(days * 24 * 60 + minutes));
        app.clock.set(after(7, 0));
        let_go(app, &mut looked).await.unwrap();
        assert_eq!(
            texts(&server, &alice).await.len(),
            3,
            "not before the days are over"
        );
        app.clock.set(after(7, 1));
        let_go(app, &mut looked).await.unwrap();
        assert_eq!(
            texts(&server, &alice).await.len(),
            3,
            "looked for in this hour already"
        );
        app.clock.set(after(7, 61));
        let_go(app, &mut looked).await.unwrap();
        assert_eq!(texts(&server, &alice).await, ["liked"]);
        assert_eq!(texts(&server, &bob).await, ["of bob"]);
        set_rule(app, &alice, None).await.unwrap();
        app.clock.set(after(30, 0));
        let_go(app, &mut looked).await.unwrap();
        assert_eq!(texts(&server, &alice).await, ["liked"]);
    });
}

#[test]
fn a_draft_lies_aside_until_it_is_published_now_or_later() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        let app = &server.app;
        // Not finished, and not looked at by the leak check.
        let begun = Draft {
            poll: Some(NewPoll {
                options: vec!["high".into(), String::new()],
                open_for: Duration::from_mins(10),
                ..NewPoll::default()
            }),
            ..Draft::new("Mail me at ann@mail.example")
        };
        let when = When {
            at: Some(NOW.plus(Duration::from_hours(2))),
            hold: Some(Hold::Day),
        };
        let id = aside::put(app, &alice, begun, when).await.unwrap();
        assert!(matches!(aside::get(app, &bob, id).await, Err(Refused::NotFound)));
        assert!(aside::list(app, &bob).await.unwrap().is_empty());
        let found = aside::get(app, &alice, id).await.unwrap();
        assert_eq!(found.when, when);
        let kept = found.draft;
        assert_eq!(kept.poll.as_ref().unwrap().options, ["high", ""]);
        assert!(!kept.confirmed);
        let stolen = Draft {
            aside: Some(id),
            ..Draft::new("mine now")
        };
        assert!(
            aside::put(app, &bob, stolen.clone(), When::default())
                .await
                .is_err()
        );
        post(app, &bob, stolen).await.unwrap();
        let longer = Draft {
            text: "High water".into(),
            poll: None,
            lasts: Some(Duration::from_hours(1)),
            ..kept
        };
        assert_eq!(
            aside::put(app, &alice, longer, When::default()).await.unwrap(),
            id
        );
        let all = aside::list(app, &alice).await.unwrap();
        assert_eq!((all.len(), all[0].draft.text.as_str()), (1, "High water"));
        assert_eq!(all[0].when, When::default());
        assert!(texts(&server, &alice).await.is_empty());
        post(app, &alice, all[0].draft.clone()).await.unwrap();
        assert_eq!(texts(&server, &alice).await, ["High water"]);
        assert!(aside::list(app, &alice).await.unwrap().is_empty());
        let other = aside::put(app, &alice, Draft::new("for later"), When::default())
            .await
            .unwrap();
        let again = aside::get(app, &alice, other).await.unwrap().draft;
        schedule(app, &alice, again, NOW.unix_seconds() + 600)
            .await
            .unwrap();
        assert!(aside::list(app, &alice).await.unwrap().is_empty());
        for n in 0..50 {
            aside::put(app, &alice, Draft::new(n.to_string()), When::default())
                .await
                .unwrap();
        }
        assert!(
            aside::put(app, &alice, Draft::new("one more"), When::default())
                .await
                .is_err()
        );
        assert!(
            aside::put(app, &bob, Draft::new("x".repeat(70_000)), When::default())
                .await
                .is_err()
        );
        let first = aside::list(app, &alice).await.unwrap()[0].id;
        aside::delete(app, &alice, first).await.unwrap();
        assert!(matches!(
            aside::delete(app, &alice, first).await,
            Err(Refused::NotFound)
        ));
    });
}
