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

const HOUR: Duration = Duration::from_hours(1);

#[test]
fn a_held_post_appears_once_within_its_span_and_can_be_taken_back() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        let app = &server.app;
        let draft = |text: &str| Draft {
            key: Some(text.into()),
            ..Draft::new(text)
        };
        let one = hold(app, &alice, draft("held"), HOUR).await.unwrap();
        assert!(one.at > NOW && one.at <= NOW.plus(HOUR));
        let again = hold(app, &alice, draft("held"), HOUR).await.unwrap();
        assert_eq!(
            (again.id, again.at),
            (one.id, one.at),
            "the same key is the same post"
        );
        let regretted = hold(app, &alice, draft("regretted"), HOUR).await.unwrap();
        publish_due(app).await.unwrap();
        assert!(published(&server, &alice).await.is_empty());
        assert!(matches!(
            scheduled(app, &bob, one.id).await,
            Err(Refused::NotFound)
        ));
        let seen = as_if_published(app, &alice, &one).await.unwrap();
        assert_eq!(seen.card.post.text, "held");
        unschedule(app, &alice, regretted.id).await.unwrap();
        app.clock.set(NOW.plus(HOUR));
        for _ in 0..2 {
            publish_due(app).await.unwrap();
        }
        assert_eq!(published(&server, &alice).await, ["held"]);
        // An app that did not hear the answer asks again, after the post appeared.
        let late = hold(app, &alice, draft("held"), HOUR).await.unwrap();
        assert_eq!(late.id, one.id);
        assert!(waiting(&server, &alice).await.is_empty());
        assert_eq!(published(&server, &alice).await, ["held"]);
    });
}

#[test]
fn a_leak_is_said_before_a_post_is_held() {
    on_both(|server| async move {
        let alice = server.join(1).await;
        let leak = Draft::new("Mail me at ann@mail.example");
        assert!(matches!(
            hold(&server.app, &alice, leak, HOUR).await,
            Err(Refused::Leak(_))
        ));
        assert!(waiting(&server, &alice).await.is_empty());
    });
}
