//! Quotes: who may quote, what readers see of it, and how it ends.

use bauta_model::{Mention, Post, PostState, Quote, QuotePolicy, QuoteState};
use proptest::prelude::*;

use super::*;
use crate::Window;
use crate::quoted::{MayQuote, Seen};
use crate::reading::{Shown, readable, shown};

async fn quote(server: &Server, speaker: &Speaker, quoted: PostId, text: &str) -> Result<Shown, Refused> {
    let draft = Draft {
        quote: Some(quoted),
        ..Draft::new(text)
    };
    post(&server.app, speaker, draft).await
}

async fn said(server: &Server, speaker: &Speaker, change: impl FnOnce(&mut Draft)) -> PostId {
    let mut draft = Draft::new("The tide is high");
    change(&mut draft);
    post(&server.app, speaker, draft).await.unwrap().id()
}

async fn seen(server: &Server, viewer: Option<&Speaker>, id: PostId) -> (Seen, Option<PostId>) {
    let found = readable(&server.app, viewer, id).await.unwrap();
    let quote = found.quote.expect("it quotes something");
    assert_eq!(quote.post, quote.shown.as_ref().map(|shown| shown.card.post.id));
    (quote.seen, quote.post)
}

#[test]
fn a_quote_is_shown_counted_and_told() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        let first = say(&server, &alice, "The tide is high").await;
        let quoting = quote(&server, &bob, first, "So it is").await.unwrap();
        let inner = quoting.quote.clone().unwrap();
        assert_eq!((inner.seen, inner.post), (Seen::Accepted, Some(first)));
        assert_eq!(inner.shown.unwrap().card.post.text, "The tide is high");
        assert_eq!(told(&server.app, &alice).await, [kind(Kind::Quote, &bob)]);
        let counted = readable(&server.app, None, first).await.unwrap();
        assert_eq!(counted.card.post.quotes_count, 1);
        let window = Window::first(9);
        let list = quotes_of(&server.app, None, first, window).await.unwrap();
        assert_eq!(list.items.len(), 1);
        // A quote of the quote tells what is within it by its number alone.
        let outer = quote(&server, &alice, quoting.id(), "Still is").await.unwrap();
        let inner = outer.quote.unwrap().shown.unwrap().quote.unwrap();
        assert!(inner.within && inner.shown.is_none());
        assert_eq!(inner.post, Some(first));
        delete_post(&server.app, &bob, quoting.id()).await.unwrap();
        let counted = readable(&server.app, None, first).await.unwrap();
        assert_eq!(counted.card.post.quotes_count, 0);
    });
}

#[test]
fn the_author_says_who_may_quote() {
    on_both(|server| async move {
        let (alice, bob, carol) = (server.join(1).await, server.join(2).await, server.join(3).await);
        follow(&server, &bob, &alice).await;
        for (policy, allowed) in [
            (QuotePolicy::Public, [true, true]),
            (QuotePolicy::Followers, [true, false]),
            (QuotePolicy::Nobody, [false, false]),
        ] {
            let id = said(&server, &alice, |draft| draft.quote_policy = policy).await;
            for (who, may) in [&bob, &carol].into_iter().zip(allowed) {
                let told = readable(&server.app, Some(who), id).await.unwrap().may_quote;
                assert_eq!(told == MayQuote::Yes, may);
                assert_eq!(quote(&server, who, id, "Look").await.is_ok(), may);
            }
            assert!(quote(&server, &alice, id, "I said").await.is_ok());
            // A boost is no way around it.
            let boost = boost(&server.app, &carol, id, Visibility::Public).await.unwrap();
            let way_round = quote(&server, &carol, boost.id(), "Look").await;
            assert_eq!(way_round.is_ok(), allowed[1]);
        }
        let id = said(&server, &alice, |_| ()).await;
        set_quote_policy(&server.app, &alice, id, QuotePolicy::Nobody)
            .await
            .unwrap();
        assert!(matches!(
            quote(&server, &bob, id, "Look").await,
            Err(Refused::Forbidden(_))
        ));
        assert!(matches!(
            set_quote_policy(&server.app, &bob, id, QuotePolicy::Public).await,
            Err(Refused::NotFound)
        ));
    });
}

#[test]
fn what_is_not_for_everyone_is_not_passed_on() {
    on_both(|server| async move {
        let (alice, bob) = (server.join(1).await, server.join(2).await);
        follow(&server, &bob, &alice).await;
        let private = said(&server, &alice, |draft| {
            draft.visibility = Visibility::Followers;
            draft.quote_policy = QuotePolicy::Public;
        })
        .await;
        let found = readable(&server.app, Some(&bob), private).await.unwrap();
        assert_eq!(found.card.post.quote_policy, QuotePolicy::Nobody);
        assert!(quote(&server, &bob, private, "Look").await.is_err());
        let own = quote(&server, &alice, private, "Again").await.unwrap();
        assert_eq!(own.card.post.visibility, Visibility::Followers);
        let direct = said(&server, &alice, |draft| draft.visibility = Visibility::Direct).await;
        assert!(quote(&server, &alice, direct, "Again").await.is_err());
        let public = say(&server, &alice, "For all").await;
        let unnamed = Draft {
            quote: Some(public),
            visibility: Visibility::Direct,
            ..Draft::new("Behind your back")
        };
        assert!(matches!(
            post(&server.app, &bob, unnamed).await,
            Err(Refused::Invalid {
                field: "quoted_status_id",
                ..
            })
        ));
        assert!(quote(&server, &bob, PostId::new(7), "Nothing").await.is_err());
    });
}

#[test]
fn consent_can_be_taken_back_and_what_is_gone_is_said() {
    on_both(|server| async move {
        let (alice, bob, carol) = (server.join(1).await, server.join(2).await, server.join(3).await);
        let first = say(&server, &alice, "The tide is high").await;
        let quoting = quote(&server, &bob, first, "So it is").await.unwrap().id();
        for other in [&bob, &carol] {
            assert!(matches!(
                revoke_quote(&server.app, other, first, quoting).await,
                Err(Refused::NotFound)
            ));
        }
        block(&server, &bob, &alice).await;
        // Whoever is blocked can't read the quote, and takes their post out of it all the same.
        let left = revoke_quote(&server.app, &alice, first, quoting).await.unwrap();
        assert_eq!(left.id(), first);
        assert_eq!(seen(&server, None, quoting).await, (Seen::Revoked, None));
        assert!(told(&server.app, &alice).await.is_empty());
        assert_eq!(left.card.post.quotes_count, 0);
        let again = quote(&server, &carol, first, "Once more").await.unwrap().id();
        delete_post(&server.app, &alice, first).await.unwrap();
        assert_eq!(seen(&server, None, again).await, (Seen::Deleted, None));
        assert_eq!(seen(&server, None, quoting).await, (Seen::Revoked, None));
    });
}

#[test]
fn blocks_mutes_and_edits_are_minded() {
    on_both(|server| async move {
        let (alice, bob, carol) = (server.join(1).await, server.join(2).await, server.join(3).await);
        let first = say(&server, &alice, "The tide is high").await;
        let quoting = quote(&server, &bob, first, "So it is").await.unwrap().id();
        server.app.timelines.hide(carol.account, alice.account, true);
        server
            .sql("INSERT INTO mutes VALUES (3, 1, true, NULL)".to_owned())
            .await;
        assert_eq!(
            seen(&server, Some(&carol), quoting).await,
            (Seen::Muted, Some(first))
        );
        let edit = Edit {
            text: "The tide is low".to_owned(),
            warning: String::new(),
            sensitive: false,
            language: None,
            media: None,
            described: Vec::new(),
            poll: PollWish::Keep,
            quote_policy: None,
            reply_policy: None,
            confirmed: false,
        };
        super::edit(&server.app, &alice, first, edit).await.unwrap();
        assert_eq!(told(&server.app, &bob).await, [kind(Kind::QuotedUpdate, &alice)]);
        block(&server, &carol, &alice).await;
        assert_eq!(seen(&server, Some(&carol), quoting).await, (Seen::Blocked, None));
        block(&server, &bob, &alice).await;
        assert_eq!(seen(&server, Some(&bob), quoting).await, (Seen::Blocked, None));
    });
}

/// A server with people and posts that stand to each other in any way, whether or not the rules would have let it come so.
#[derive(Clone, Debug)]
struct World {
    suspended: Vec<bool>,
    follows: Vec<(i64, i64)>,
    blocks: Vec<(i64, i64)>,
    mutes: Vec<(i64, i64)>,
    posts: Vec<Said>,
}

#[derive(Clone, Debug)]
struct Said {
    author: i64,
    visibility: usize,
    names: Option<i64>,
    hidden: bool,
    /// How far back the quoted post is, and what its author says to it.
    quote: Option<(usize, usize)>,
}

fn world() -> impl Strategy<Value = World> {
    let person = || 1..=4_i64;
    let pairs = || {
        proptest::collection::btree_set((person(), person()), 0..4)
            .prop_map(|pairs| pairs.into_iter().filter(|(one, other)| one != other).collect())
    };
    let said = (
        person(),
        0..4_usize,
        proptest::option::of(person()),
        proptest::bool::weighted(0.1),
        proptest::option::weighted(
            0.8,
            (1..4_usize, proptest::sample::select(vec![1, 1, 1, 0, 2, 3])),
        ),
    )
        .prop_map(|(author, visibility, names, hidden, quote)| Said {
            author,
            visibility,
            names,
            hidden,
            quote,
        });
    (
        proptest::collection::vec(proptest::bool::weighted(0.15), 4),
        pairs(),
        pairs(),
        pairs(),
        proptest::collection::vec(said, 2..8),
    )
        .prop_map(|(suspended, follows, blocks, mutes, posts)| World {
            suspended,
            follows,
            blocks,
            mutes,
            posts,
        })
}

async fn build(server: &Server, world: &World) -> (Vec<Speaker>, Vec<PostId>) {
    let mut people = Vec::new();
    for id in 1..=4 {
        people.push(server.join(id).await);
        if world.suspended[id as usize - 1] {
            server
                .sql(format!("UPDATE accounts SET standing = 2 WHERE id = {id}"))
                .await;
        }
    }
    let insert = |table: &str, pairs: &[(i64, i64)], rest: &str| {
        let rows = pairs
            .iter()
            .map(|(one, other)| format!("INSERT INTO {table} VALUES ({one}, {other}{rest});"));
        rows.collect::<String>()
    };
    let mut sql = insert("follows", &world.follows, ", true, false");
    sql += &insert("blocks", &world.blocks, "");
    sql += &insert("mutes", &world.mutes, ", true, NULL");
    if !sql.is_empty() {
        server.sql(sql).await;
    }
    let mut ids: Vec<PostId> = Vec::new();
    for (at, said) in world.posts.iter().enumerate() {
        let quoted = said.quote.and_then(|(back, state)| {
            let post = *ids.get(at.checked_sub(back)?)?;
            let state = QuoteState::ALL[state];
            Some(Quote {
                post: Some(post),
                state,
            })
        });
        let id = PostId::new(1_489_000_000 + at as i64);
        let named = said.names.map(|id| Mention {
            account: AccountId::new(id),
            handle: crate::testing::account(id).handle,
        });
        let post = Post {
            mentions: named.into_iter().collect(),
            quote: quoted,
            state: if said.hidden {
                PostState::Hidden
            } else {
                PostState::Live
            },
            ..crate::testing::post(id.get(), said.author, Visibility::ALL[said.visibility])
        };
        server
            .app
            .store
            .write("arrange", move |conn| {
                bauta_store::posts::insert(conn, &post, None)
            })
            .await
            .unwrap();
        ids.push(id);
    }
    (people, ids)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_quote_never_shows_anybody_a_post_that_they_may_not_read(world in world()) {
        on_both(|server| {
            let world = world.clone();
            async move {
                let (people, ids) = build(&server, &world).await;
                for viewer in std::iter::once(None).chain(people.iter().map(Some)) {
                    let account = viewer.map(|speaker| speaker.account);
                    // Whatever list they come from: the quoted posts are judged by themselves.
                    for one in shown(&server.app, account, &ids).await.unwrap() {
                        let mut quote = one.quote.as_ref();
                        while let Some(found) = quote {
                            if let Some(post) = found.post {
                                assert!(readable(&server.app, viewer, post).await.is_ok());
                            }
                            let inner = found.shown.as_deref();
                            assert!(inner.is_none_or(|inner| Some(inner.card.post.id) == found.post));
                            quote = inner.and_then(|inner| inner.quote.as_ref());
                        }
                        if let Some(Quote { state: QuoteState::Accepted, post: Some(post) }) = one.card.post.quote {
                            let reads = readable(&server.app, viewer, post).await.is_ok();
                            let quote = one.quote.as_ref().unwrap();
                            assert_eq!(quote.post.is_some(), reads, "what may be read is shown: {:?}", quote.seen);
                        }
                    }
                }
            }
        });
    }
}
