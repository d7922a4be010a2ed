//! What the store's tests share: both databases, and builders for rows.

use std::path::Path;
use std::sync::Arc;

use bauta_seal::{Keyring, Root};

use bauta_model::{
    Account, AccountId, Clock, CoarseTime, Day, Handle, Mention, Month, Post, PostId, Visibility,
};

use crate::remote::RemoteAccount;
use crate::store::{Options, Where, connect};
use crate::{Conn, accounts, migrate, posts, remote};

/// A slot of the day of the summons.
pub(crate) const NOW: CoarseTime = CoarseTime::from_unix_seconds(1_489_500_000);

/// Runs `test` on a fresh SQLite database, then on a fresh PostgreSQL one where values are sealed.
pub(crate) fn on_both(test: impl Fn(&mut Conn)) {
    on_sqlite(&test);
    let folder = tempfile::tempdir().unwrap();
    let database = Where::Postgres(bauta_tests::postgres::fresh_database());
    on(database, Some(keyring(folder.path())), &test);
}

/// New keys in `folder`, of the day of the tests.
pub(crate) fn keyring(folder: &Path) -> Arc<Keyring> {
    let root = Root::new(NOW.day());
    Keyring::make(folder, &root).unwrap();
    Arc::new(Keyring::open(folder, &root, NOW.day()).unwrap())
}

/// Runs `test` on a fresh SQLite database.
pub(crate) fn on_sqlite(test: impl Fn(&mut Conn)) {
    let folder = tempfile::tempdir().unwrap();
    on(Where::embedded(folder.path()), None, &test);
}

fn on(database: Where, keyring: Option<Arc<Keyring>>, test: &impl Fn(&mut Conn)) {
    let clock = Clock::system();
    clock.set(NOW);
    let mut conn = connect(&Options {
        database,
        clock,
        readers: 1,
        keyring,
    })
    .unwrap();
    migrate::run(&mut conn).unwrap();
    test(&mut conn);
}

/// An account that nobody decided anything about. Its handle is `a` and its id.
pub(crate) fn account(id: i64) -> Account {
    let handle = Handle::parse(&format!("a{id}")).unwrap();
    Account {
        discoverable: true,
        indexable: true,
        ..Account::new(AccountId::new(id), handle, Month::new(566))
    }
}

/// A post that begins a thread.
pub(crate) fn post(id: i64, author: i64, visibility: Visibility) -> Post {
    Post {
        text: format!("text {id}"),
        html: format!("<p>text {id}</p>"),
        ..Post::new(PostId::new(id), AccountId::new(author), visibility)
    }
}

/// A reply to `parent`.
pub(crate) fn reply(id: i64, author: i64, parent: &Post) -> Post {
    Post {
        in_reply_to: Some(parent.id),
        in_reply_to_author: Some(parent.author),
        thread: parent.thread,
        ..post(id, author, Visibility::Public)
    }
}

/// A boost of `boosted`.
pub(crate) fn boost(id: i64, author: i64, boosted: &Post) -> Post {
    Post {
        boost_of: Some(boosted.id),
        text: String::new(),
        html: String::new(),
        ..post(id, author, Visibility::Public)
    }
}

/// That a post names the account `id`.
pub(crate) fn mention(id: i64) -> Mention {
    Mention {
        account: AccountId::new(id),
        handle: account(id).handle,
    }
}

/// Makes the accounts 1 to `count`.
pub(crate) fn people(conn: &mut Conn, count: i64) {
    for id in 1..=count {
        accounts::insert(conn, &account(id)).unwrap();
    }
}

/// Two accounts, of which the second is of another server.
pub(crate) fn stranger(conn: &mut Conn) {
    people(conn, 2);
    let account = RemoteAccount {
        account: AccountId::new(2),
        uri: "https://a.example/2".into(),
        url: "https://a.example/2".into(),
        domain: "a.example".into(),
        inbox: "https://a.example/2/inbox".into(),
        shared_inbox: "https://a.example/inbox".into(),
        followers_uri: String::new(),
        featured_uri: String::new(),
        fetched: Day::new(1),
    };
    remote::set(conn, &account).unwrap();
}

/// Writes `post`, which boosts nothing.
pub(crate) fn publish(conn: &mut Conn, post: &Post) {
    posts::insert(conn, post, None).unwrap();
}

/// Runs statements that make what no verb of this room makes.
pub(crate) fn arrange(conn: &mut Conn, sql: &str) {
    conn.batch(sql).unwrap();
}
