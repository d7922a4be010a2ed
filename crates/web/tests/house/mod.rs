//! A server with people and posts in it, for tests of pages.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use bauta_model::{Account, Clock, CoarseTime, Day, Handle, PostId, Role};
use bauta_service::posts::Draft;
use bauta_service::{
    App, Contact, Cost, Registrations, Scopes, SessionKind, Setup, Site, Speaker, accounts, posts,
};
use tower::ServiceExt;

/// A server in a directory that goes with it.
pub struct House {
    pub app: Arc<App>,
    pub router: axum::Router,
    _directory: tempfile::TempDir,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// A header's value; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl House {
    /// An empty server on 7 April 2017, 14:02 UTC.
    pub async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::system();
        clock.set(time(14, 2));
        let mut site = Site::new("localhost:8080", Registrations::Invite);
        site.title = "Lagoon".into();
        site.description = "A server for people who work for the public, run by their union.".into();
        site.rules = vec!["No insults.".into(), "No <b>advertising</b>.".into()];
        site.about = "Run by a union.\n\nSince 2017.".into();
        site.contact = Contact::parse("desk@lagoon.example");
        let setup = Setup {
            keyring: None,
            site,
            clock,
            data: directory.path().to_owned(),
            database: bauta_store::Where::Sqlite(directory.path().join("bauta.db")),
            program: "/nonexistent".into(),
        };
        let app = tokio::task::spawn_blocking(move || App::open_with_cost(setup, Cost::TESTS))
            .await
            .unwrap();
        let app = Arc::new(app.unwrap());
        bauta_service::timelines::warm(&app).await.unwrap();
        Self {
            router: bauta_web::router(Arc::clone(&app)),
            app,
            _directory: directory,
        }
    }

    /// Makes an account, changed by `change`.
    pub async fn person(&self, handle: &str, change: impl FnOnce(&mut Account)) -> Speaker {
        let handle = Handle::parse(handle).unwrap();
        let (mut account, _) = accounts::create_by_operator(&self.app, &handle, Role::User)
            .await
            .unwrap();
        change(&mut account);
        let changed = account.clone();
        let written = self.app.store.write("test", move |conn| {
            bauta_store::accounts::update_profile(conn, &changed)
        });
        written.await.unwrap();
        self.app.accounts.invalidate(account.id);
        Speaker {
            account: account.id,
            keyholder: None,
            duties: bauta_model::Duties::ALL,
            role: Role::User,
            session: bauta_model::SessionId::new(1),
            kind: SessionKind::Web,
            scopes: Scopes::all(),
        }
    }

    /// A session's cookie.
    pub async fn cookie(&self, handle: &str) -> String {
        let handle = Handle::parse(handle).unwrap();
        let token = accounts::token_by_operator(&self.app, &handle, &Scopes::all())
            .await
            .unwrap();
        format!("bauta_session={}", token.expose())
    }

    /// Posts as somebody.
    pub async fn says(&self, speaker: &Speaker, text: &str) -> PostId {
        self.posts(speaker, Draft::new(text)).await
    }

    /// Posts a draft as somebody.
    pub async fn posts(&self, speaker: &Speaker, draft: Draft) -> PostId {
        posts::post(&self.app, speaker, draft).await.unwrap().id()
    }

    /// What a stranger gets.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Request::builder().uri(path).body(Body::empty()).unwrap())
            .await
    }

    /// What somebody signed in gets.
    pub async fn get_as(&self, cookie: &str, path: &str) -> Answer {
        self.ask(
            Request::builder()
                .uri(path)
                .header("cookie", cookie)
                .body(Body::empty())
                .unwrap(),
        )
        .await
    }

    /// Sends any request.
    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

/// A time on 7 April 2017.
pub fn time(hour: i64, minute: i64) -> CoarseTime {
    let day = Day::from_civil(2017, 4, 7).unwrap().start();
    CoarseTime::from_unix_seconds(day.unix_seconds() + hour * 3600 + minute * 60)
}
