//! Polls: who may vote, who is told of the end, and what is forgotten then.

use std::time::Duration;

use bauta_store::notifications::Kind;

use super::super::polls::tell_of_ends;
use super::*;
use crate::testing::NOW;

fn question(options: &[&str]) -> NewPoll {
    NewPoll {
        options: options.iter().map(|option| (*option).to_owned()).collect(),
        open_for: Duration::from_mins(10),
        ..NewPoll::default()
    }
}

async fn ask(server: &Server, speaker: &Speaker, poll: NewPoll) -> Result<PostId, Refused> {
    let draft = Draft {
        poll: Some(poll),
        ..Draft::new("How is the water?")
    };
    Ok(post(&server.app, speaker, draft).await?.id())
}

fn why(refused: &Refused) -> String {
    match refused {
        Refused::Invalid { field: "poll", why } => why.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_poll_that_makes_no_sense_is_refused() {
    on_both(|server| async move {
        let alice = server.join(1).await;
        let long = "x".repeat(51);
        for (poll, says) in [
            (question(&["one", " \u{200b}"]), "at least two options"),
            (question(&["1", "2", "3", "4", "5"]), "at most 4 options"),
            (question(&["1", &long]), "at most 50 characters"),
            (question(&["same", " same "]), "is another"),
            (
                NewPoll {
                    open_for: Duration::from_secs(299),
                    ..question(&["1", "2"])
                },
                "at least 5 minutes",
            ),
            (
                NewPoll {
                    open_for: LONGEST + Duration::from_secs(1),
                    ..question(&["1", "2"])
                },
                "at most a month",
            ),
        ] {
            let refused = ask(&server, &alice, poll).await.unwrap_err();
            assert!(why(&refused).contains(says), "{refused}");
        }
    });
}

#[test]
fn options_are_checked_for_leaks() {
    on_both(|server| async move {
        let alice = server.join(1).await;
        let leak = || question(&["nobody", "ann@mail.example"]);
        let refused = ask(&server, &alice, leak()).await.unwrap_err();
        assert!(matches!(refused, Refused::Leak(_)));
        assert!(
            ask(&server, &alice, leak()).await.is_ok(),
            "sent again, it is meant"
        );
    });
}

#[test]
fn whoever_may_not_read_a_post_may_not_vote_in_it() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        let draft = Draft {
            poll: Some(question(&["high", "low"])),
            visibility: Visibility::Followers,
            ..Draft::new("How is the water?")
        };
        let id = post(&server.app, &alice, draft).await.unwrap().id();
        let vote_of_bob = || vote(&server.app, &bob, id, vec![0]);
        assert!(matches!(vote_of_bob().await, Err(Refused::NotFound)));
        assert!(matches!(
            poll_of(&server.app, None, id).await,
            Err(Refused::NotFound)
        ));
        follow(&server, &bob, &alice).await;
        assert!(vote_of_bob().await.unwrap().voted);
        let plain = say(&server, &alice, "no question").await;
        assert!(matches!(
            vote(&server.app, &bob, plain, vec![0]).await,
            Err(Refused::NotFound)
        ));
    });
}

#[test]
fn the_end_is_told_once_to_author_and_voters_and_who_voted_is_forgotten() {
    on_both(|server| async move {
        let (alice, bob, carol) = (server.join(1).await, server.join(2).await, server.join(3).await);
        let id = ask(&server, &alice, question(&["high", "low"])).await.unwrap();
        for voter in [&bob, &carol] {
            vote(&server.app, voter, id, vec![1]).await.unwrap();
        }
        block(&server, &carol, &alice).await;
        tell_of_ends(&server.app).await.unwrap();
        assert_eq!(told(&server.app, &bob).await, []);
        server.app.clock.set(NOW.plus(Duration::from_mins(10)));
        for _ in 0..2 {
            tell_of_ends(&server.app).await.unwrap();
        }
        assert_eq!(told(&server.app, &alice).await, [kind(Kind::Poll, &alice)]);
        assert_eq!(told(&server.app, &bob).await, [kind(Kind::Poll, &alice)]);
        assert_eq!(
            told(&server.app, &carol).await,
            [],
            "whoever blocks the author hears nothing"
        );
        let seen = read(&server.app, Some(&bob), id).await.unwrap();
        let poll = seen.card.post.poll.as_ref().unwrap();
        assert_eq!((poll.options[1].votes, poll.voters, seen.voted), (2, 2, false));
        let again = vote(&server.app, &bob, id, vec![0]).await;
        assert!(matches!(again, Err(Refused::Invalid { field: "choices", .. })));
        // Asked anew it ends anew.
        let words = Edit {
            text: "How is it now?".into(),
            warning: String::new(),
            sensitive: false,
            language: None,
            media: None,
            described: Vec::new(),
            poll: PollWish::Ask(question(&["high", "dry"])),
            quote_policy: None,
            reply_policy: None,
            confirmed: false,
        };
        edit(&server.app, &alice, id, words).await.unwrap();
        assert!(vote(&server.app, &bob, id, vec![0]).await.unwrap().voted);
        server.app.clock.set(NOW.plus(Duration::from_mins(30)));
        tell_of_ends(&server.app).await.unwrap();
        assert_eq!(told(&server.app, &bob).await.len(), 2);
    });
}
