//! What the service's tests share: a server on either database, people, and builders for rows.

use std::sync::Arc;

use bauta_model::{
    Account, AccountId, Clock, CoarseTime, Handle, Month, Post, PostId, Role, SessionId, Visibility,
};
use bauta_store::Where;

use crate::{App, Cost, Registrations, Scopes, SessionKind, Setup, Site, Speaker};

/// A slot of the day of the summons.
pub(crate) const NOW: CoarseTime = CoarseTime::from_unix_seconds(1_489_500_000);

/// A server in a folder that ends with the test.
pub(crate) struct Server {
    pub app: Arc<App>,
    _folder: tempfile::TempDir,
}

impl Server {
    fn on(database: impl FnOnce(&std::path::Path) -> Where) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::system();
        clock.set(NOW);
        let setup = Setup {
            keyring: None,
            site: Site::new("bauta.example", Registrations::Open),
            clock,
            data: folder.path().to_owned(),
            database: database(folder.path()),
            program: "/nonexistent".into(),
        };
        Self {
            app: Arc::new(App::open_with_cost(setup, Cost::TESTS).unwrap()),
            _folder: folder,
        }
    }

    /// Makes an account, and a session of it in an app.
    pub(crate) async fn join(&self, id: i64) -> Speaker {
        let new = account(id);
        self.app
            .store
            .write("insert", move |conn| bauta_store::accounts::insert(conn, &new))
            .await
            .unwrap();
        Speaker {
            account: AccountId::new(id),
            keyholder: None,
            duties: bauta_model::Duties::ALL,
            role: Role::User,
            session: SessionId::random(),
            kind: SessionKind::App,
            scopes: Scopes::all(),
        }
    }

    /// Runs statements that make what no verb of this room makes.
    pub(crate) async fn sql(&self, statements: String) {
        self.app
            .store
            .write("arrange", move |conn| {
                bauta_store::arrange::run(conn, &statements)
            })
            .await
            .unwrap();
    }
}

/// Runs `test` on SQLite, then on PostgreSQL.
pub(crate) fn on_both<F: Future<Output = ()>>(test: impl Fn(Server) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for server in [
        Server::on(Where::embedded),
        Server::on(|_| Where::Postgres(bauta_tests::postgres::fresh_database())),
    ] {
        runtime.block_on(test(server));
    }
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
