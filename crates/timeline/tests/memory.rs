//! Bounds, races, and readiness.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bauta_model::{Account, Handle, Month};
use bauta_model::{AccountId, CoarseTime, Post, PostId, PostState, QuotePolicy, ReplyPolicy, Visibility};
use bauta_timeline::{
    Accounts, Answer, CacheLimits, Cards, Entry, Flags, Follow, Limits, Mark, Marks, Page, Piece, ReaderSeed,
    Timelines,
};
use bytes::Bytes;

fn entry(id: i64, author: i64) -> Entry {
    Entry {
        id: PostId::new(id),
        author: AccountId::new(author),
        boost_of: None,
        reply_to: None,
        visibility: Visibility::Public,
    }
}

fn seed(id: i64, follows: &[i64]) -> ReaderSeed {
    let follow = |account: &i64| Follow {
        account: AccountId::new(*account),
        boosts: true,
    };
    ReaderSeed {
        id: AccountId::new(id),
        follows: follows.iter().map(follow).collect(),
        hidden: Vec::new(),
        apart: Vec::new(),
        tags: Vec::new(),
        marks: Marks::whole(),
    }
}

fn post(id: i64, text: &str) -> Post {
    Post {
        id: PostId::new(id),
        author: AccountId::new(1),
        in_reply_to: None,
        in_reply_to_author: None,
        thread: PostId::new(id),
        boost_of: None,
        visibility: Visibility::Public,
        sensitive: false,
        warning: String::new(),
        text: text.to_owned(),
        html: format!("<p>{text}</p>"),
        language: None,
        edited: None::<CoarseTime>,
        mentions: Vec::new(),
        tags: Vec::new(),
        media: Vec::new(),
        poll: None,
        quote: None,
        quote_policy: QuotePolicy::Nobody,
        reply_policy: ReplyPolicy::Everybody,
        replies_count: 0,
        boosts_count: 0,
        quotes_count: 0,
        favourites_count: 0,
        pinned: false,
        state: PostState::Live,
    }
}

fn account(id: i64, handle: &str) -> Account {
    let handle = Handle::parse(handle).expect("a good handle");
    Account::new(AccountId::new(id), handle, Month::new(564))
}

const SOME: CacheLimits = CacheLimits {
    count: 100,
    bytes: 1 << 20,
};

#[test]
fn before_the_load_is_done_memory_says_that_it_does_not_know() {
    let timelines = Timelines::new(Limits::default());
    let reader = timelines.put_reader(timelines.reader_ticket(AccountId::new(9)), seed(9, &[1]));
    timelines.append(&entry(50, 1));
    assert_eq!(timelines.home(&reader, &Page::newest(20)), Answer::Cold);
    assert_eq!(timelines.local(None, &Page::newest(20)), Answer::Cold);
    timelines.load([entry(10, 1), entry(20, 2), entry(50, 1)], true);
    timelines.set_ready();
    assert_eq!(
        timelines.home(&reader, &Page::newest(20)),
        Answer::Page(vec![entry(50, 1), entry(10, 1)])
    );
}

#[test]
fn what_was_deleted_while_the_past_was_loading_stays_deleted() {
    let timelines = Timelines::new(Limits::default());
    timelines.remove(PostId::new(10));
    timelines.remove_author(AccountId::new(2));
    timelines.set_hidden(PostId::new(30), true);
    let boost = Entry {
        boost_of: Some((PostId::new(10), AccountId::new(1))),
        ..entry(40, 3)
    };
    timelines.load(
        [entry(10, 1), entry(20, 2), entry(30, 1), boost, entry(60, 1)],
        true,
    );
    timelines.set_ready();
    let reader = timelines.put_reader(timelines.reader_ticket(AccountId::new(9)), seed(9, &[1, 2, 3]));
    assert_eq!(
        timelines.home(&reader, &Page::newest(20)),
        Answer::Page(vec![entry(60, 1)])
    );
    timelines.set_hidden(PostId::new(30), false);
    assert_eq!(
        timelines.home(&reader, &Page::newest(20)),
        Answer::Page(vec![entry(60, 1), entry(30, 1)])
    );
}

#[test]
fn readers_and_cards_are_bounded_and_the_last_used_stay() {
    let readers = CacheLimits {
        count: 10,
        bytes: 1 << 20,
    };
    let timelines = Timelines::new(Limits { entries: 10, readers });
    let first = AccountId::new(1);
    for id in 1..=100 {
        timelines.put_reader(timelines.reader_ticket(AccountId::new(id)), seed(id, &[]));
        assert!(
            timelines.reader(first).is_some(),
            "asked for after each, so never the oldest"
        );
    }
    assert!(
        (1..=100)
            .filter(|id| timelines.reader(AccountId::new(*id)).is_some())
            .count()
            <= 10
    );

    let cards = Cards::new(CacheLimits {
        count: 1000,
        bytes: 200_000,
    });
    for id in 1..=1000 {
        cards.insert(cards.ticket(PostId::new(id)), post(id, &"x".repeat(1000)));
    }
    let (count, bytes) = cards.size();
    assert!(
        bytes <= 200_000 && (10..200).contains(&count),
        "{count} cards, {bytes} bytes"
    );
}

#[test]
fn pieces_count_once_they_are_rendered() {
    let cards = Cards::new(SOME);
    let card = cards.insert(cards.ticket(PostId::new(1)), post(1, "hello"));
    let before = cards.size().1;
    assert_eq!(
        card.piece(Piece::JsonHead, || Bytes::from(vec![b'x'; 5000]))
            .len(),
        5000
    );
    assert_eq!(
        card.piece(Piece::JsonHead, || unreachable!("rendered once"))
            .len(),
        5000
    );
    assert!(cards.get_many(&[PostId::new(1), PostId::new(2)])[1].is_none());
    assert_eq!(cards.size().1, before + 5000);
}

#[test]
fn a_change_beats_what_was_loaded_before_it() {
    let cards = Cards::new(SOME);
    let id = PostId::new(1);
    let ticket = cards.ticket(id);
    cards.invalidate(id);
    assert_eq!(cards.insert(ticket, post(1, "old")).post.text, "old");
    assert!(cards.get(id).is_none());
    cards.insert(cards.ticket(id), post(1, "new"));
    assert_eq!(cards.get(id).unwrap().post.text, "new");
    cards.invalidate(id);
    assert!(cards.get(id).is_none());

    let timelines = Timelines::new(Limits::default());
    let reader = AccountId::new(9);
    let ticket = timelines.reader_ticket(reader);
    timelines.follow(reader, AccountId::new(1), true);
    timelines.put_reader(ticket, seed(9, &[]));
    assert!(timelines.reader(reader).is_none());
}

#[test]
fn accounts_are_found_by_handle_whatever_its_case() {
    let accounts = Accounts::new(SOME);
    let (id, any) = (AccountId::new(7), accounts.ticket_for_any());
    accounts.insert(any, account(7, "ALT_USCIS"));
    assert_eq!(
        accounts
            .by_handle(Handle::parse("alt_Uscis").unwrap().key())
            .unwrap()
            .account
            .id,
        id
    );
    assert!(accounts.by_handle("nobody").is_none());
    accounts.invalidate(AccountId::new(8));
    accounts.invalidate(id);
    assert!(accounts.by_handle("alt_uscis").is_none());
    accounts.insert(any, account(7, "ALT_USCIS"));
    assert!(accounts.get(id).is_none(), "something changed since the ticket");
}

#[test]
fn marks_are_set_and_taken_back() {
    let timelines = Timelines::new(Limits::default());
    let (id, post) = (AccountId::new(9), PostId::new(100));
    let mut marks = Marks::since(PostId::new(50));
    marks.set(Mark::Bookmark, post, true);
    marks.set(Mark::MuteThread, PostId::new(3), true);
    let reader = timelines.put_reader(
        timelines.reader_ticket(id),
        ReaderSeed {
            marks,
            ..seed(9, &[])
        },
    );
    timelines.mark(id, Mark::Favourite, post, true);
    let set = Flags {
        favourited: true,
        bookmarked: true,
        muted: true,
        ..Flags::default()
    };
    assert_eq!(reader.marks().flags(post, PostId::new(3)), Some(set));
    timelines.mark(id, Mark::Favourite, post, false);
    timelines.mark(id, Mark::Bookmark, post, false);
    timelines.mark(id, Mark::MuteThread, PostId::new(3), false);
    assert_eq!(reader.marks().flags(post, PostId::new(3)), Some(Flags::default()));
    assert_eq!(reader.marks().flags(PostId::new(49), PostId::new(49)), None);
}

#[test]
fn readers_on_many_threads_see_every_post_that_was_answered() {
    let timelines = Arc::new(Timelines::new(Limits {
        entries: 500,
        readers: SOME,
    }));
    timelines.load([], true);
    timelines.set_ready();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for id in 101..=103 {
            let (timelines, done) = (Arc::clone(&timelines), &done);
            scope.spawn(move || {
                let mut last = PostId::new(0);
                while !done.load(Ordering::Relaxed) {
                    let me = AccountId::new(id);
                    let reader = timelines.reader(me).unwrap_or_else(|| {
                        timelines.put_reader(timelines.reader_ticket(me), seed(id, &[1, 2, 3]))
                    });
                    let Answer::Page(found) = timelines.home(&reader, &Page::newest(20)) else {
                        unreachable!("twenty of the newest 500 are always there")
                    };
                    assert!(
                        found.windows(2).all(|pair| pair[0].id > pair[1].id),
                        "in order, none twice"
                    );
                    let newest = found.first().map_or(last, |entry| entry.id);
                    assert!(newest >= last, "what was there stays there");
                    last = newest;
                }
            });
        }
        let mut cards_seen = 0;
        for id in 1..=20_000 {
            timelines.append(&entry(id, id % 3 + 1));
            if id % 500 == 0 {
                timelines.drop_reader(AccountId::new(101));
                timelines.follow(AccountId::new(102), AccountId::new(4), true);
                let reader =
                    timelines.put_reader(timelines.reader_ticket(AccountId::new(50)), seed(50, &[1, 2, 3]));
                let answer = timelines.home(&reader, &Page::newest(1));
                assert_eq!(answer, Answer::Page(vec![entry(id, id % 3 + 1)]));
                cards_seen += 1;
            }
        }
        assert_eq!(cards_seen, 40);
        done.store(true, Ordering::Relaxed);
    });
}
