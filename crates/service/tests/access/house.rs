//! A server without its door: real data, on either database, with hashes that cost nothing.

use std::sync::Arc;

use bauta_model::{Account, Clock, CoarseTime, Door, Handle, LimiterKey, Role, Secret};
use bauta_service::accounts::sign_up::{First, Request, SignedUp, WayIn};
use bauta_service::{App, Cost, Refused, Registrations, Setup, Site, Speaker, accounts};
use bauta_store::Where;
use tempfile::TempDir;

/// From where everybody here comes.
pub const HERE: LimiterKey = LimiterKey::new([7; 16]);
/// A passphrase that is strong enough.
pub const WORDS: &str = "obedient walrus trombone ledger mosaic";

/// A server and its files.
pub struct House {
    /// The server.
    pub app: Arc<App>,
    /// Its clock, which a test can set.
    pub clock: Clock,
    /// Its files.
    data: TempDir,
}

/// 7 April 2017, 14:02.
pub const APRIL: CoarseTime = CoarseTime::from_unix_seconds(1_491_573_720);
/// 1 May 2017.
pub const MAY: CoarseTime = CoarseTime::from_unix_seconds(1_493_596_800);
/// 1 June 2017.
pub const JUNE: CoarseTime = CoarseTime::from_unix_seconds(1_496_275_200);

/// Opens a server on SQLite, and one on PostgreSQL, and lets each be tried.
pub async fn on_both<F, T>(registrations: Registrations, test: T)
where
    F: Future<Output = ()>,
    T: Fn(House) -> F,
{
    test(open(registrations, 0, false).await).await;
    test(open(registrations, 0, true).await).await;
}

/// As [`on_both`], with a waiting room from which so many are let in each day.
pub async fn on_both_letting_in<F, T>(a_day: u32, test: T)
where
    F: Future<Output = ()>,
    T: Fn(House) -> F,
{
    test(open(Registrations::Approval, a_day, false).await).await;
    test(open(Registrations::Approval, a_day, true).await).await;
}

async fn open(registrations: Registrations, let_in_a_day: u32, postgres: bool) -> House {
    let data = tempfile::tempdir().unwrap();
    let clock = Clock::system();
    clock.set(APRIL);
    let mut site = Site::new("localhost:8080", registrations);
    site.rate_limits = false;
    site.let_in_a_day = let_in_a_day;
    let (path, told) = (data.path().to_owned(), clock.clone());
    let opening = move || {
        let database = if postgres {
            Where::Postgres(bauta_tests::postgres::fresh_database())
        } else {
            Where::embedded(&path)
        };
        let setup = Setup {
            keyring: None,
            site,
            clock: told,
            data: path.clone(),
            database,
            program: env!("CARGO_BIN_EXE_bauta-service-test-worker").into(),
        };
        App::open_with_cost(setup, Cost::TESTS).unwrap()
    };
    let app = tokio::task::spawn_blocking(opening).await.unwrap();
    House {
        app: Arc::new(app),
        clock,
        data,
    }
}

pub fn handle(name: &str) -> Handle {
    Handle::parse(name).unwrap()
}

pub fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

/// Everything that makes an account of the pages.
pub fn request(name: &str, way_in: WayIn) -> Request {
    Request {
        handle: handle(name),
        passphrase: secret(WORDS),
        way_in,
        with_codes: false,
        hold: bauta_model::Hold::AtOnce,
        first: First::Web,
        limiter: HERE,
    }
}

impl House {
    /// An account with a session of the pages.
    pub async fn join(&self, name: &str) -> (Account, Speaker) {
        self.join_as(name, Role::User).await
    }

    /// The same in another role.
    pub async fn join_as(&self, name: &str, role: Role) -> (Account, Speaker) {
        let (account, passphrase) = accounts::create_by_operator(&self.app, &handle(name), role)
            .await
            .unwrap();
        let token = self.log_in(name, passphrase.expose()).await.unwrap();
        (account, self.speaker(&token).await.unwrap())
    }

    pub async fn sign_up(&self, name: &str, way_in: WayIn) -> Result<SignedUp, Refused> {
        accounts::sign_up(&self.app, request(name, way_in)).await
    }

    pub async fn log_in(&self, name: &str, passphrase: &str) -> Result<Secret<String>, Refused> {
        let request = accounts::log_in::Request {
            handle: name.to_owned(),
            passphrase: secret(passphrase),
            limiter: HERE,
            door: Door::Clearnet,
        };
        accounts::log_in(&self.app, request)
            .await
            .map(|signed_in| signed_in.token)
    }

    /// Whether a file of the media folder has these bytes.
    pub fn holds(&self, bytes: &[u8]) -> bool {
        std::fs::read_dir(self.data.path().join("media"))
            .unwrap()
            .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
            .any(|file| file.windows(bytes.len()).any(|window| window == bytes))
    }

    /// Waits until no file has these bytes: erasing goes on behind the answer.
    pub async fn until_erased(&self, bytes: &[u8]) {
        while self.holds(bytes) {
            tokio::task::yield_now().await;
        }
    }

    pub async fn speaker(&self, token: &Secret<String>) -> Option<Speaker> {
        accounts::authenticate(&self.app, token.expose()).await.unwrap()
    }
}

/// The field that a refusal names.
pub fn field<T>(result: Result<T, Refused>) -> &'static str {
    match result {
        Err(Refused::Invalid { field, .. }) => field,
        Err(other) => panic!("refused otherwise: {other}"),
        Ok(_) => panic!("not refused"),
    }
}

/// Rows that other people's verbs make.
pub mod rows {
    use bauta_model::{AccountId, Post, PostId, Visibility};
    use bauta_store::{Conn, Result, post_actions, posts};

    pub fn follow(conn: &mut Conn, follower: AccountId, followee: AccountId) -> Result<()> {
        bauta_store::arrange::run(
            conn,
            &format!(
                "INSERT INTO follows VALUES ({follower}, {followee}, TRUE, FALSE);
             UPDATE accounts SET following_count = following_count + 1 WHERE id = {follower};
             UPDATE accounts SET followers_count = followers_count + 1 WHERE id = {followee}"
            ),
        )
    }

    fn blank(conn: &mut Conn, author: AccountId) -> Post {
        let id = conn.next_post_id();
        Post::new(id, author, Visibility::Public)
    }

    pub fn post(conn: &mut Conn, author: AccountId) -> Result<PostId> {
        let post = blank(conn, author);
        posts::insert(conn, &post, None)?;
        Ok(post.id)
    }

    pub fn reply(conn: &mut Conn, author: AccountId, to: PostId, of: AccountId) -> Result<()> {
        let mut post = blank(conn, author);
        post.in_reply_to = Some(to);
        post.in_reply_to_author = Some(of);
        posts::insert(conn, &post, None).map(|_| ())
    }

    pub fn boost(conn: &mut Conn, author: AccountId, of: PostId, its_author: AccountId) -> Result<()> {
        let mut post = blank(conn, author);
        post.boost_of = Some(of);
        posts::insert(conn, &post, Some(its_author)).map(|_| ())
    }

    pub fn favourite(conn: &mut Conn, account: AccountId, post: PostId) -> Result<()> {
        post_actions::favourite(conn, account, post).map(|_| ())
    }
}
