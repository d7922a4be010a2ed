//! Accounts, follows and posts by the thousand, through the store.

use std::path::Path;

use bauta_inventory::Inventory;
use bauta_model::{Account, AccountId, Clock, Handle, Post, PostId, Visibility};
use bauta_store::remote::{self, RemoteAccount};
use bauta_store::{Conn, Error, Options, Store, Where, accounts, bulk, posts};

/// An open store, and a runtime to use it with.
pub struct Seed {
    store: Store,
    runtime: tokio::runtime::Runtime,
}

/// Rows that one transaction takes.
const CHUNK: usize = 5000;

impl Seed {
    /// Opens the store of a data directory.
    pub fn open(data: &Path) -> Self {
        let options = Options {
            database: Where::embedded(data),
            clock: Clock::system(),
            readers: 1,
            keyring: None,
        };
        let store = Store::open(&options, Inventory::builtin()).expect("the store opens");
        Self {
            store,
            runtime: tokio::runtime::Builder::new_current_thread()
                .build()
                .expect("a runtime starts"),
        }
    }

    /// Runs `work` in one transaction.
    pub fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, Error> + Send + 'static,
    ) -> T {
        self.runtime
            .block_on(self.store.write("seed", work))
            .expect("the store writes")
    }

    /// Makes `count` accounts called PREFIX0, PREFIX1, ….
    pub fn accounts(&self, prefix: &str, count: usize) -> Vec<AccountId> {
        let all: Vec<Account> = (0..count).map(|n| account(&format!("{prefix}{n}"))).collect();
        let ids = all.iter().map(|account| account.id).collect();
        for chunk in all.chunks(CHUNK) {
            let chunk = chunk.to_vec();
            self.write(move |conn| {
                chunk
                    .iter()
                    .try_for_each(|account| accounts::insert(conn, account))
            });
        }
        ids
    }

    /// Makes an account of another server at `host`.
    pub fn remote(&self, handle: &Handle, host: &str) -> AccountId {
        self.remote_at(handle, host, &format!("http://{host}/reader"))
    }

    /// As [`Seed::remote`], with the name of its actor.
    pub fn remote_at(&self, handle: &Handle, host: &str, uri: &str) -> AccountId {
        let account = Account::new(AccountId::random(), handle.clone(), Clock::system().month());
        let known = RemoteAccount {
            account: account.id,
            uri: uri.to_owned(),
            url: uri.to_owned(),
            domain: host.to_owned(),
            inbox: format!("{uri}/inbox"),
            shared_inbox: format!("http://{host}/inbox"),
            followers_uri: format!("{uri}/followers"),
            featured_uri: String::new(),
            fetched: Clock::system().today(),
        };
        self.write(move |conn| {
            accounts::insert(conn, &account)?;
            remote::set(conn, &known)?;
            Ok(known.account)
        })
    }

    /// Makes every pair a follow.
    pub fn follows(&self, pairs: &[(AccountId, AccountId)]) {
        for chunk in pairs.chunks(CHUNK) {
            let chunk = chunk.to_vec();
            self.write(move |conn| bulk::follow_all(conn, &chunk));
        }
    }

    /// Gives every account `each` public posts, in turn.
    pub fn posts(&self, authors: &[AccountId], each: usize) {
        for _ in 0..each {
            for chunk in authors.chunks(CHUNK) {
                let chunk = chunk.to_vec();
                self.write(move |conn| {
                    chunk
                        .iter()
                        .try_for_each(|author| insert_post(conn, *author).map(drop))
                });
            }
        }
    }

    /// Gives every account `each` public posts, one account after the other: a million in less than a minute.
    pub fn many_posts(&self, authors: &[AccountId], each: u32) {
        let mut authors = authors.to_vec();
        authors.sort_unstable();
        for chunk in authors.chunks((CHUNK / each.max(1) as usize).max(1)) {
            let chunk = chunk.to_vec();
            self.write(move |conn| bulk::posts(conn, &chunk, each, TEXT, &html()));
        }
    }
}

/// An account that nobody can sign in to.
fn account(handle: &str) -> Account {
    let handle = Handle::parse(handle).expect("it is a handle");
    Account {
        discoverable: true,
        ..Account::new(AccountId::random(), handle, Clock::system().month())
    }
}

/// A post of some 150 characters: what people write.
pub const TEXT: &str = "The river stood two metres higher this morning than the gauge at the lock will say tonight. \
     We measured it twice, and we will measure it again tomorrow at noon.";

fn html() -> String {
    format!("<p>{TEXT}</p>")
}

/// Writes one public post.
pub fn insert_post(conn: &mut Conn, author: AccountId) -> Result<PostId, Error> {
    let id: PostId = conn.next_post_id();
    let post = Post {
        text: TEXT.to_owned(),
        html: html(),
        language: Some("en".to_owned()),
        ..Post::new(id, author, Visibility::Public)
    };
    posts::insert(conn, &post, None)?;
    Ok(id)
}
