//! Registering an app. It belongs to nobody, and proves nothing about who wrote it.

use bauta_credentials::token::{self, TokenHash};
use bauta_model::{AppId, Secret, SessionId};

use super::redirect::is_acceptable;
use crate::{Refused, Scopes};

/// What an app says of itself.
pub struct Registration {
    /// Its name, as people will read it.
    pub name: String,
    /// Where it may be sent back to.
    pub redirect_uris: Vec<String>,
    /// What it may ask for; nothing stands for `read`.
    pub scopes: Option<Scopes>,
    /// Its page.
    pub website: Option<String>,
}

/// An app as people may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    /// Random.
    pub id: AppId,
    /// What it calls itself by in OAuth.
    pub client_id: String,
    /// Its name.
    pub name: String,
    /// Its page.
    pub website: Option<String>,
    /// Where it may be sent back to.
    pub redirect_uris: Vec<String>,
    /// What it may ask for.
    pub scopes: Scopes,
}

/// A new app, with its secret: shown once.
pub struct Registered {
    /// The app.
    pub app: App,
    /// The secret.
    pub secret: Secret<String>,
}

/// Longest name and website, in characters.
const NAME: usize = 60;
const WEBSITE: usize = 2000;
/// Most redirect URIs.
const URIS: usize = 10;

/// Registers an app.
///
/// # Errors
/// [`Refused::Invalid`] names `client_name`, `redirect_uris` or `website`.
pub async fn register(app: &crate::App, registration: Registration) -> Result<Registered, Refused> {
    let name = bauta_text::clean_name(&registration.name);
    if name.is_empty() || name.chars().count() > NAME {
        return Err(Refused::invalid(
            "client_name",
            "An app has a name of 1 to 60 characters.",
        ));
    }
    let uris = registration.redirect_uris;
    if uris.is_empty() || uris.len() > URIS || !uris.iter().all(|uri| is_acceptable(uri)) {
        return Err(Refused::invalid(
            "redirect_uris",
            "Redirect URI must be https, http to this machine, a scheme of the app's own, or urn:ietf:wg:oauth:2.0:oob.",
        ));
    }
    let website = registration.website.filter(|website| !website.is_empty());
    if website.as_deref().is_some_and(|website| !is_website(website)) {
        return Err(Refused::invalid(
            "website",
            "The website of an app begins with https:// or http://.",
        ));
    }
    let (client_id, _) = token::generate();
    let (secret, secret_hash) = token::generate();
    let scopes = registration
        .scopes
        .filter(|scopes| !scopes.words().is_empty())
        .or_else(|| Scopes::parse("read"))
        .unwrap_or_default();
    let row = bauta_store::apps::App {
        id: AppId::random(),
        client_id: client_id.expose().clone(),
        secret_hash: *secret_hash.as_bytes(),
        name,
        website,
        redirect_uris: uris,
        scopes: scopes.to_string(),
        registered: app.clock.month(),
    };
    let registered = of_row(row.clone());
    app.store
        .write("register_app", move |conn| bauta_store::apps::insert(conn, &row))
        .await?;
    Ok(Registered {
        app: registered,
        secret,
    })
}

fn is_website(website: &str) -> bool {
    website.chars().count() <= WEBSITE
        && url::Url::parse(website).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// The app of an id.
pub async fn by_id(app: &crate::App, id: AppId) -> Result<App, Refused> {
    app.store
        .read("read_app", move |conn| bauta_store::apps::by_id(conn, id))
        .await?
        .map(of_row)
        .ok_or(Refused::NotFound)
}

/// The app that a session was made for; none for the pages and for what the operator made.
pub async fn of_session(app: &crate::App, session: SessionId) -> Result<Option<AppId>, Refused> {
    Ok(app
        .store
        .read("app_of_session", move |conn| {
            bauta_store::sessions::app_of(conn, session)
        })
        .await?)
}

/// The app of a client id.
pub(super) async fn by_client_id(app: &crate::App, client_id: &str) -> Result<Option<App>, Refused> {
    Ok(row(app, client_id).await?.map(of_row))
}

/// The app of a client id, if the secret is its own.
pub(super) async fn proven(app: &crate::App, client_id: &str, secret: &str) -> Result<Option<App>, Refused> {
    let Some(given) = TokenHash::of(secret) else {
        return Ok(None);
    };
    let row = row(app, client_id).await?;
    Ok(row
        .filter(|row| TokenHash::from_bytes(row.secret_hash) == given)
        .map(of_row))
}

async fn row(app: &crate::App, client_id: &str) -> Result<Option<bauta_store::apps::App>, Refused> {
    if client_id.len() > token::CHARS {
        return Ok(None);
    }
    let client_id = client_id.to_owned();
    Ok(app
        .store
        .read("find_app", move |conn| {
            bauta_store::apps::by_client_id(conn, &client_id)
        })
        .await?)
}

fn of_row(row: bauta_store::apps::App) -> App {
    App {
        id: row.id,
        client_id: row.client_id,
        name: row.name,
        website: row.website,
        redirect_uris: row.redirect_uris,
        scopes: Scopes::parse(&row.scopes).unwrap_or_default(),
    }
}
