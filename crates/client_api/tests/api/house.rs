//! A server without its door, and a client that sends requests and reads JSON.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use bauta_model::{AccountId, Clock, CoarseTime, Handle, LimiterKey, Role, Secret, Standing};
use bauta_service::accounts::sign_up::{First, WayIn};
use bauta_service::{App, Cost, Registrations, Scopes, Setup, Site, accounts};
use bauta_store::Where;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

/// A passphrase that is strong enough.
pub const WORDS: &str = "obedient walrus trombone ledger mosaic";

pub struct House {
    pub app: Arc<App>,
    router: Router,
    _data: TempDir,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{}: {}", self.status, String::from_utf8_lossy(&self.body)))
    }

    /// The status and what it says of the error.
    pub fn error(&self) -> (u16, String) {
        let body = self.json();
        (
            self.status.as_u16(),
            body["error"].as_str().unwrap_or_default().to_owned(),
        )
    }

    /// The JSON of an answer that went well.
    pub fn good(&self) -> Value {
        assert_eq!(
            self.status,
            StatusCode::OK,
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        self.json()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub async fn open(registrations: Registrations) -> House {
    let data = tempfile::tempdir().unwrap();
    let clock = Clock::system();
    clock.set(CoarseTime::from_unix_seconds(1_491_573_720));
    let mut site = Site::new("localhost:8080", registrations);
    site.rate_limits = false;
    site.onion = Some("abc.onion".to_owned());
    let setup = Setup {
        keyring: None,
        site,
        clock,
        data: data.path().to_owned(),
        database: Where::embedded(data.path()),
        program: "/nowhere".into(),
    };
    let app = tokio::task::spawn_blocking(move || App::open_with_cost(setup, Cost::TESTS).unwrap())
        .await
        .unwrap();
    let app = Arc::new(app);
    House {
        router: bauta_client_api::router(Arc::clone(&app)),
        app,
        _data: data,
    }
}

impl House {
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes().into(),
        }
    }

    pub async fn ask(&self, method: &str, path: &str, token: Option<&str>, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = match body {
            Some(json) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(json.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    pub async fn get(&self, path: &str, token: Option<&str>) -> Answer {
        self.ask("GET", path, token, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("POST", path, None, Some(body)).await
    }

    /// Sends a form, as most apps do.
    pub async fn form(&self, method: &str, path: &str, token: Option<&str>, form: &str) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        self.send(request.body(Body::from(form.to_owned())).unwrap())
            .await
    }

    /// An app that may ask for `scopes`.
    pub async fn app(&self, scopes: &str) -> Value {
        let body = json!({"client_name": "Pigeon", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob\nhttps://app.example/",
            "scopes": scopes, "website": "https://app.example"});
        self.post("/api/v1/apps", body).await.good()
    }

    /// A token of the app's own.
    pub async fn app_token(&self, app: &Value, scope: &str) -> String {
        let body = json!({"grant_type": "client_credentials", "client_id": app["client_id"],
            "client_secret": app["client_secret"], "scope": scope});
        text(&self.post("/oauth/token", body).await.good()["access_token"])
    }

    /// Somebody with an account.
    pub async fn join(&self, name: &str) -> AccountId {
        let request = accounts::sign_up::Request {
            handle: Handle::parse(name).unwrap(),
            passphrase: Secret::new(WORDS.to_owned()),
            way_in: WayIn::Open,
            with_codes: false,
            hold: bauta_model::Hold::AtOnce,
            first: First::Web,
            limiter: LimiterKey::new([0; 16]),
        };
        accounts::sign_up(&self.app, request).await.unwrap().account.id
    }

    /// A token of somebody who has an account.
    pub async fn token(&self, name: &str, scopes: &str) -> String {
        let scopes = Scopes::parse(scopes).unwrap();
        accounts::token_by_operator(&self.app, &Handle::parse(name).unwrap(), &scopes)
            .await
            .unwrap()
            .expose()
            .clone()
    }

    /// What a moderator does.
    pub async fn suspend(&self, id: AccountId) {
        self.app
            .store
            .write("suspend", move |conn| {
                bauta_store::accounts::set_standing(conn, id, Standing::Suspended)
            })
            .await
            .unwrap();
        self.app.accounts.invalidate(id);
        self.app.forget_sessions_of(id);
    }

    /// An operator's own account.
    pub async fn operator(&self, name: &str) {
        accounts::create_by_operator(&self.app, &Handle::parse(name).unwrap(), Role::Operator)
            .await
            .unwrap();
    }
}

pub fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}
