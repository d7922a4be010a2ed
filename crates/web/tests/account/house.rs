//! A server with all pages, and browsers for it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bauta_model::{Clock, Handle, Role, Secret};
use bauta_service::accounts;
use bauta_service::{App, Cost, Registrations, Setup, Site};
use bauta_store::Where;
use bauta_tests::forms::{Browser, Page};
use bauta_tests::http::Client;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A running server; it ends with this.
pub struct House {
    pub app: Arc<App>,
    pub runtime: Runtime,
    address: String,
    _data: Option<TempDir>,
}

impl House {
    /// Opens a server with these registrations.
    pub fn new(registrations: Registrations) -> Self {
        let data = tempfile::tempdir().unwrap();
        let house = Self::at(registrations, data.path(), "/nonexistent/bauta".into());
        Self {
            _data: Some(data),
            ..house
        }
    }

    /// The same in a folder that stays, with a program whose sandboxed child draws papers.
    pub fn at(registrations: Registrations, data: &Path, program: PathBuf) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let setup = Setup {
            keyring: None,
            site: Site::new(&address, registrations),
            clock: Clock::system(),
            data: data.to_owned(),
            database: Where::Sqlite(data.join("bauta.sqlite3")),
            program,
        };
        let app = Arc::new(App::open_with_cost(setup, Cost::TESTS).unwrap());
        let router = bauta_web::router(Arc::clone(&app))
            .layer(axum::Extension(bauta_web::RecordFolder(data.to_owned())));
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
        Self {
            app,
            runtime,
            address,
            _data: None,
        }
    }

    /// Somebody without cookies.
    pub fn browser(&self) -> Browser {
        Browser::new(Client::new(&self.address, &self.address))
    }

    /// An account, and its passphrase.
    pub fn account(&self, handle: &str, role: Role) -> Secret<String> {
        let handle = Handle::parse(handle).unwrap();
        let made = accounts::create_by_operator(&self.app, &handle, role);
        self.runtime.block_on(made).unwrap().1
    }

    /// A browser that is signed in to a new account, and the account's passphrase.
    pub fn person(&self, handle: &str, role: Role) -> (Browser, Secret<String>) {
        let passphrase = self.account(handle, role);
        let mut browser = self.browser();
        sign_in(&mut browser, handle, passphrase.expose());
        (browser, passphrase)
    }
}

/// Signs in.
pub fn sign_in(browser: &mut Browser, handle: &str, passphrase: &str) -> Page {
    let page = good(browser.get("/sign-in"));
    let form = page
        .form("Sign in")
        .fill("Handle", handle)
        .fill("Passphrase", passphrase);
    browser.submit(&form)
}

/// The page, if it obeys what every page must obey.
pub fn good(page: Page) -> Page {
    assert_eq!(page.lint(), Vec::<String>::new(), "{}", page.path);
    assert_eq!(
        page.response.header("cache-control"),
        Some("no-store"),
        "{}",
        page.path
    );
    page
}
