//! Posts that appear later: accepted, published once, or kept with the reason.

use std::time::Duration;

use bauta_store::Window;

use super::super::scheduled::publish_due;
use super::*;
use crate::testing::NOW;

/// So many minutes from now.
fn minutes(count: i64) -> i64 {
    NOW.unix_seconds() + count * 60
}

async fn waiting(server: &Server, speaker: &Speaker) -> Vec<Scheduled> {
    all_scheduled(&server.app, speaker, Window::first(40))
        .await
        .unwrap()
        .items
}

async fn published(server: &Server, speaker: &Speaker) -> Vec<String> {
    let page = Page::newest(20);
    let list = profile(
        &server.app,
        Some(speaker),
        speaker.account,
        &Of::Posts {
            replies: true,
            boosts: true,
        },
        &page,
    )
    .await
    .unwrap();
    list.iter().map(|one| one.card.post.text.clone()).collect()
}

#[test]
fn a_scheduled_post_appears_once_at_its_slot() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        let app = &server.app;
        let draft = || Draft {
            warning: "cw".into(),
            key: Some("k".into()),
            poll: Some(NewPoll {
                options: vec!["high".into(), "low".into()],
                open_for: Duration::from_mins(10),
                ..NewPoll::default()
            }),
            ..Draft::new("later, @a2")
        };
        let early = schedule(app, &alice, draft(), minutes(4)).await;
        assert!(matches!(
            early,
            Err(Refused::Invalid {
                field: "scheduled_at",
                ..
            })
        ));
        let one = schedule(app, &alice, draft(), minutes(5) - 59).await.unwrap();
        assert_eq!(
            one.at,
            NOW.plus(Duration::from_mins(5)),
            "never earlier than asked"
        );
        let again = schedule(app, &alice, draft(), minutes(5)).await.unwrap();
        assert_eq!(again.id, one.id, "the same key is the same post");
        assert!(matches!(
            scheduled(app, &bob, one.id).await,
            Err(Refused::NotFound)
        ));
        assert!(matches!(
            unschedule(app, &bob, one.id).await,
            Err(Refused::NotFound)
        ));
        publish_due(app).await.unwrap();
        assert!(published(&server, &alice).await.is_empty());
        reschedule(app, &alice, one.id, minutes(7)).await.unwrap();
        app.clock.set(NOW.plus(Duration::from_mins(6)));
        publish_due(app).await.unwrap();
        assert!(published(&server, &alice).await.is_empty());
        app.clock.set(NOW.plus(Duration::from_mins(9)));
        for _ in 0..2 {
            publish_due(app).await.unwrap();
        }
        assert_eq!(published(&server, &alice).await, ["later, @a2"]);
        assert!(waiting(&server, &alice).await.is_empty());
        assert_eq!(told(app, &bob).await, [kind(Kind::Mention, &alice)]);
        assert!(matches!(
            scheduled(app, &alice, one.id).await,
            Err(Refused::NotFound)
        ));
    });
}

#[test]
fn what_would_not_be_posted_is_not_scheduled() {
    on_both(|server| async move {
        let alice = server.join(1).await;
        let app = &server.app;
        let leak = || Draft::new("Mail me at ann@mail.example");
        for (draft, later) in [
            (Draft::new(""), 9),
            (
                Draft {
                    in_reply_to: Some(PostId::new(7)),
                    ..Draft::new("re")
                },
                9,
            ),
            (
                Draft {
                    media: vec![bauta_model::MediaId::new(7)],
                    ..Draft::new("look")
                },
                9,
            ),
            (leak(), 9),
        ] {
            assert!(schedule(app, &alice, draft, minutes(later)).await.is_err());
        }
        assert!(waiting(&server, &alice).await.is_empty());
        schedule(app, &alice, leak(), minutes(9)).await.unwrap();
        app.clock.set(NOW.plus(Duration::from_mins(9)));
        publish_due(app).await.unwrap();
        assert_eq!(
            published(&server, &alice).await.len(),
            1,
            "what was seen once is not asked again"
        );
    });
}

#[test]
fn what_can_not_be_published_any_more_waits_for_its_author() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        let app = &server.app;
        let id = say(&server, &bob, "first").await;
        let draft = Draft {
            in_reply_to: Some(id),
            ..Draft::new("an answer")
        };
        let one = schedule(app, &alice, draft, minutes(5)).await.unwrap();
        delete_post(app, &bob, id).await.unwrap();
        app.clock.set(NOW.plus(Duration::from_mins(5)));
        publish_due(app).await.unwrap();
        let left = waiting(&server, &alice).await;
        assert_eq!(
            (left.len(), left[0].failed, left[0].draft.text.as_str()),
            (1, true, "an answer")
        );
        let again = reschedule(app, &alice, one.id, minutes(11)).await.unwrap();
        assert!(!again.failed);
        unschedule(app, &alice, one.id).await.unwrap();
        assert!(waiting(&server, &alice).await.is_empty() && published(&server, &alice).await.is_empty());
    });
}
