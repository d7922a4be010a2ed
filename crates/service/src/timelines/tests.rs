//! Timelines from memory and from the store, which must agree; and search.

use bauta_model::{AccountId, PostId, Visibility};

use bauta_tests::bounds::cases;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::*;
use crate::posts::{self, Draft};
use crate::reading::Shown;
use crate::search::{Kinds, Question, search};
use crate::testing::{Server, on_both};
use crate::{Refused, Speaker};

fn numbers(list: &[Shown]) -> Vec<PostId> {
    list.iter().map(Shown::id).collect()
}

async fn say(server: &Server, speaker: &Speaker, visibility: Visibility, reply: Option<PostId>) -> PostId {
    let draft = Draft {
        visibility,
        in_reply_to: reply,
        ..Draft::new("words #tag")
    };
    posts::post(&server.app, speaker, draft).await.unwrap().id()
}

/// 1 follows 2 and 3; 3 is muted by 1; 4 is a stranger. Everyone says something in every way.
async fn town(server: &Server) -> Vec<Speaker> {
    let mut people = Vec::new();
    for id in 1..=4 {
        people.push(server.join(id).await);
    }
    server
        .sql("INSERT INTO follows VALUES (1, 2, true, false), (1, 3, true, false), (2, 4, true, false); INSERT INTO mutes VALUES (1, 3, true, NULL)".into())
        .await;
    let mut last = None;
    for round in 0..3 {
        for speaker in &people {
            let visibility = Visibility::ALL[round];
            let id = say(server, speaker, visibility, None).await;
            say(server, speaker, Visibility::Public, last).await;
            if visibility.is_open() {
                posts::boost(&server.app, &people[3 - round], id, Visibility::Public)
                    .await
                    .unwrap();
                last = Some(id);
            }
        }
    }
    people
}

#[test]
fn memory_and_store_give_the_same_timelines() {
    on_both(|server| async move {
        let people = town(&server).await;
        let app = &server.app;
        let mut cold = Vec::new();
        let mut warm = Vec::new();
        let all = Of::Posts {
            replies: true,
            boosts: true,
        };
        let some = Of::Posts {
            replies: false,
            boosts: false,
        };
        for answers in [&mut cold, &mut warm] {
            for page in [
                Page::newest(40),
                Page::newest(4),
                Page {
                    min_id: Some(PostId::new(1)),
                    ..Page::newest(3)
                },
            ] {
                for speaker in &people {
                    answers.push(numbers(&local(app, Some(speaker), &page).await.unwrap()));
                    for of in [&all, &some] {
                        answers.push(numbers(
                            &profile(app, None, speaker.account, of, &page).await.unwrap(),
                        ));
                    }
                }
                answers.push(numbers(&local(app, None, &page).await.unwrap()));
            }
            warm_once(&server).await;
        }
        assert!(app.timelines.is_ready());
        assert_eq!(cold, warm);
    });
}

async fn warm_once(server: &Server) {
    if !server.app.timelines.is_ready() {
        warm(&server.app).await.unwrap();
    }
}

/// So many that nobody says more than a new account may.
const FOLLOWED: i64 = 20;

/// 1 follows the others.
async fn followed(server: &Server) -> Vec<Speaker> {
    let mut people = Vec::new();
    for id in 1..=1 + FOLLOWED {
        people.push(server.join(id).await);
    }
    let all: Vec<String> = (2..=1 + FOLLOWED)
        .map(|id| format!("(1, {id}, true, false)"))
        .collect();
    server
        .sql(format!("INSERT INTO follows VALUES {}", all.join(", ")))
        .await;
    people
}

/// Whom 1 follows boosts what others said, again and again, near and far.
async fn many_boosts(server: &Server, people: &[Speaker], pattern: &[(usize, usize)]) {
    let mut said = vec![say(server, &people[1], Visibility::Public, None).await];
    for (who, what) in pattern {
        let speaker = &people[1 + who];
        if what % 4 == 0 {
            said.push(say(server, speaker, Visibility::Public, None).await);
        } else {
            let post = said[what % said.len()];
            // Whoever boosts twice must have taken it back.
            posts::unboost(&server.app, speaker, post).await.unwrap();
            posts::boost(&server.app, speaker, post, Visibility::Public)
                .await
                .unwrap();
        }
    }
}

/// Bounds of a page by the places of posts, and its length.
type Bounds = (Option<usize>, Option<usize>, Option<usize>, usize);

#[test]
fn home_from_the_store_is_home_from_memory() {
    let mut random = TestRunner::new(ProptestConfig::default());
    let mut sample = |length: usize| -> (Vec<(usize, usize)>, Vec<Bounds>) {
        let place = || proptest::option::of(0_usize..length);
        let pattern = proptest::collection::vec((0..FOLLOWED as usize, 0_usize..40), length);
        let pages = proptest::collection::vec((place(), place(), place(), 1_usize..60), cases(100) as usize);
        (pattern, pages).new_tree(&mut random).unwrap().current()
    };
    for (pattern, pages) in [sample(30), sample(150)] {
        on_both(|server| {
            let (pattern, pages) = (pattern.clone(), pages.clone());
            async move {
                let people = followed(&server).await;
                many_boosts(&server, &people, &pattern).await;
                warm_once(&server).await;
                let whole = from_memory(&server, &people[0], &Page::newest(400)).await;
                assert!(!whole.is_empty(), "at least what was said first");
                let id = |place: Option<usize>| place.map(|place| whole[place % whole.len()]);
                for (max, since, min, limit) in pages {
                    let page = Page {
                        max_id: id(max),
                        since_id: id(since).filter(|_| min.is_none()),
                        min_id: id(min),
                        limit,
                    };
                    let (reader, asked) = (people[0].account, stored(&page));
                    let read = move |conn: &mut _| cold_home::page(conn, reader, &asked);
                    let cold = server.app.store.read("home", read).await.unwrap();
                    let warm = from_memory(&server, &people[0], &page).await;
                    assert_eq!(cold, warm, "{page:?} of {pattern:?}");
                }
            }
        });
    }
}

async fn from_memory(server: &Server, speaker: &Speaker, page: &Page) -> Vec<PostId> {
    let reader = crate::reading::reader(&server.app, speaker.account)
        .await
        .unwrap();
    match server.app.timelines.home(&reader, page) {
        bauta_timeline::Answer::Page(entries) => ids(&entries),
        bauta_timeline::Answer::Cold => panic!("memory holds all of it"),
    }
}

#[test]
fn a_profile_is_not_there_for_whom_it_blocks_nor_when_it_is_suspended() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        say(&server, &alice, Visibility::Public, None).await;
        let all = Of::Posts {
            replies: true,
            boosts: true,
        };
        server.sql("INSERT INTO blocks VALUES (1, 2)".into()).await;
        let page = Page::newest(20);
        assert!(matches!(
            profile(&server.app, Some(&bob), alice.account, &all, &page).await,
            Err(Refused::NotFound)
        ));
        assert_eq!(
            profile(&server.app, None, alice.account, &all, &page)
                .await
                .unwrap()
                .len(),
            1
        );
        server
            .sql("UPDATE accounts SET standing = 2 WHERE id = 1".into())
            .await;
        server.app.accounts.invalidate(alice.account);
        assert!(matches!(
            profile(&server.app, None, alice.account, &all, &page).await,
            Err(Refused::NotFound)
        ));
        assert!(matches!(
            profile(&server.app, None, AccountId::new(9), &all, &page).await,
            Err(Refused::NotFound)
        ));
    });
}

#[test]
fn tags_and_saved_posts_are_lists_of_their_own() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        let id = say(&server, &alice, Visibility::Public, None).await;
        say(&server, &alice, Visibility::Unlisted, None).await;
        posts::favourite(&server.app, &bob, id).await.unwrap();
        posts::bookmark(&server.app, &bob, id).await.unwrap();
        let page = Page::newest(20);
        assert_eq!(
            numbers(&tag(&server.app, None, "#TAG", &page).await.unwrap()),
            [id]
        );
        assert_eq!(numbers(&bookmarks(&server.app, &bob, &page).await.unwrap()), [id]);
        assert_eq!(
            numbers(&favourites(&server.app, &bob, &page).await.unwrap()),
            [id]
        );
        assert!(favourites(&server.app, &alice, &page).await.unwrap().is_empty());
    });
}

fn question(text: &str) -> Question {
    Question {
        text: text.into(),
        kinds: Kinds::ALL,
        following: false,
        author: None,
        limit: 20,
        offset: 0,
    }
}

#[test]
fn search_finds_people_tags_and_public_posts() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(12).await);
        let id = say(&server, &alice, Visibility::Public, None).await;
        say(&server, &alice, Visibility::Followers, None).await;
        let app = &server.app;
        let found = search(app, Some(&bob), &question("words")).await.unwrap();
        assert_eq!(numbers(&found.posts), [id]);
        let found = search(app, None, &question("#ta")).await.unwrap();
        assert_eq!(found.tags[0].tag, "tag");
        for text in ["a1", "@A1", "@a1@bauta.example"] {
            let found = search(app, None, &question(text)).await.unwrap();
            let ids: Vec<_> = found.accounts.iter().map(|card| card.account.id).collect();
            assert_eq!(ids, [alice.account, bob.account], "{text}");
        }
        assert!(
            search(app, None, &question("@a1@elsewhere.example"))
                .await
                .unwrap()
                .accounts
                .is_empty()
        );
        let found = search(app, None, &question(&format!("https://bauta.example/@a1/{id}")))
            .await
            .unwrap();
        assert_eq!(numbers(&found.posts), [id]);
        let found = search(app, None, &question("https://bauta.example/@a1"))
            .await
            .unwrap();
        assert_eq!(found.accounts.len(), 1);
        assert!(matches!(
            search(app, None, &question(&"x".repeat(301))).await,
            Err(Refused::Invalid { .. })
        ));
    });
}

#[test]
fn words_of_authors_who_do_not_want_to_be_found_are_not() {
    on_both(|server| async move {
        let alice = server.join(1).await;
        server
            .sql("UPDATE accounts SET indexable = false WHERE id = 1".into())
            .await;
        say(&server, &alice, Visibility::Public, None).await;
        warm(&server.app).await.unwrap();
        let found = search(&server.app, None, &question("words")).await.unwrap();
        assert!(found.posts.is_empty());
        assert_eq!(
            search(&server.app, None, &question("#tag"))
                .await
                .unwrap()
                .tags
                .len(),
            1
        );
        server
            .sql("UPDATE accounts SET indexable = true WHERE id = 1".into())
            .await;
        crate::search::refresh(&server.app, alice.account).await.unwrap();
        let found = search(&server.app, None, &question("words")).await.unwrap();
        assert_eq!(found.posts.len(), 1);
        server
            .sql("UPDATE accounts SET standing = 2 WHERE id = 1".into())
            .await;
        crate::search::refresh(&server.app, alice.account).await.unwrap();
        let found = search(&server.app, None, &question("#tag")).await.unwrap();
        assert!(found.tags.is_empty());
    });
}

#[test]
fn search_is_rebuilt_from_what_is_live() {
    on_both(|server| async move {
        let alice = server.join(1).await;
        let id = say(&server, &alice, Visibility::Public, None).await;
        server.app.search.forget(vec![id]);
        assert!(
            search(&server.app, None, &question("words"))
                .await
                .unwrap()
                .posts
                .is_empty()
        );
        let fresh = bauta_store::search::Search::start().unwrap();
        let rows = server
            .app
            .store
            .read("searchable", |conn| {
                bauta_store::posts::searchable(conn, PostId::new(i64::MAX), 9)
            })
            .await
            .unwrap();
        fresh.put_past(rows);
        assert_eq!(fresh.posts("words", None, 0, 5).await.unwrap(), [id]);
    });
}

#[test]
fn a_profile_lists_exactly_what_can_be_read_one_by_one() {
    on_both(|server| async move {
        let author = server.join(1).await;
        let mut readers = vec![Some(author.clone()), None];
        // Each stands to the author in another way: not at all, follows, is named, blocks, is blocked, mutes, moderates.
        for id in 2..=8 {
            readers.push(Some(server.join(id).await));
        }
        server
            .sql(
                "INSERT INTO follows VALUES (3, 1, true, false), (5, 1, true, false), (6, 1, true, false); \
                 INSERT INTO blocks VALUES (5, 1), (1, 6); INSERT INTO mutes VALUES (7, 1, true, NULL); \
                 INSERT INTO preferences (account_id, default_visibility, default_sensitive, theme, direct_from_strangers, expand_warnings) VALUES (4, 0, false, 0, true, false)"
                    .into(),
            )
            .await;
        if let Some(Some(moderator)) = readers.last_mut() {
            moderator.role = bauta_model::Role::Moderator;
        }
        let mut all = Vec::new();
        for visibility in Visibility::ALL {
            for text in ["for all of you", "@a4 for you"] {
                let draft = Draft {
                    visibility,
                    ..Draft::new(text)
                };
                all.push(posts::post(&server.app, &author, draft).await.unwrap().id());
            }
        }
        let of = Of::Posts {
            replies: true,
            boosts: true,
        };
        let mut counts = Vec::new();
        for reader in &readers {
            let mut single = Vec::new();
            for id in all.iter().rev() {
                if posts::read(&server.app, reader.as_ref(), *id).await.is_ok() {
                    single.push(*id);
                }
            }
            let listed = match profile(
                &server.app,
                reader.as_ref(),
                author.account,
                &of,
                &Page::newest(40),
            )
            .await
            {
                Ok(list) => numbers(&list),
                Err(Refused::NotFound) => Vec::new(),
                Err(error) => panic!("{error}"),
            };
            assert_eq!(listed, single, "{reader:?}");
            counts.push(listed.len());
        }
        assert_eq!(counts, [8, 4, 4, 6, 6, 0, 0, 4, 4]);
    });
}
