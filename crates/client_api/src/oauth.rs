//! OAuth but for the authorise page: tokens, revocation, who am I, and the description of it all (RFC 8414).

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bauta_model::Secret;
use bauta_service::apps::token::{Denied, Grant, Request, passphrase_grant};
use bauta_service::{App, Scopes, accounts, apps};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Answer, ApiError, Auth, Params, Shared, State, Visit, media};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/oauth/token", post(token))
        .route("/oauth/revoke", post(revoke))
        .route("/oauth/userinfo", get(userinfo).post(userinfo))
        .route("/.well-known/oauth-authorization-server", get(describe))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct TokenForm {
    grant_type: String,
    client_id: String,
    client_secret: String,
    code: String,
    redirect_uri: String,
    code_verifier: Option<String>,
    scope: Option<String>,
    username: String,
    password: String,
}

/// POST /oauth/token
async fn token(
    State(app): State<Shared>,
    Visit(limiter): Visit,
    headers: HeaderMap,
    Params(form): Params<TokenForm>,
) -> Response {
    match issue(&app, limiter, &headers, form).await {
        Ok(answer) => Json(answer).into_response(),
        Err(denied) => refuse(denied),
    }
}

async fn issue(
    app: &App,
    limiter: bauta_model::LimiterKey,
    headers: &HeaderMap,
    form: TokenForm,
) -> Result<Value, Denied> {
    let (client_id, client_secret) = client(headers, form.client_id, form.client_secret);
    let grant = match form.grant_type.as_str() {
        "authorization_code" => Grant::Code {
            code: Secret::new(form.code),
            redirect_uri: form.redirect_uri,
            verifier: form.code_verifier.map(Secret::new),
        },
        "client_credentials" => Grant::ClientCredentials,
        "password" => Grant::Passphrase {
            handle: form.username,
            passphrase: Secret::new(form.password),
        },
        _ => return Err(Denied::GrantType),
    };
    let scopes = match form.scope.as_deref() {
        None => None,
        Some(scope) => Some(Scopes::parse(scope).ok_or(Denied::Scope)?),
    };
    let request = Request {
        client_id,
        client_secret,
        grant,
        scopes,
        limiter,
    };
    let issued = apps::token(app, request).await?;
    Ok(json!({
        "access_token": issued.token.expose(),
        "token_type": "Bearer",
        "scope": issued.scopes.to_string(),
        "created_at": issued.now.unix_seconds(),
    }))
}

/// The client's own name and secret: in the header (RFC 6749 § 2.3.1), or in the form.
fn client(headers: &HeaderMap, id: String, secret: String) -> (String, Secret<String>) {
    let basic = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, encoded)| STANDARD.decode(encoded.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    match basic.as_deref().and_then(|pair| pair.split_once(':')) {
        Some((id, secret)) => (id.to_owned(), Secret::new(secret.to_owned())),
        None => (id, Secret::new(secret)),
    }
}

fn refuse(denied: Denied) -> Response {
    let why = denied.to_string();
    let (status, code) = match denied {
        Denied::Client => (StatusCode::UNAUTHORIZED, "invalid_client"),
        Denied::Grant => (StatusCode::BAD_REQUEST, "invalid_grant"),
        Denied::Scope => (StatusCode::BAD_REQUEST, "invalid_scope"),
        Denied::GrantType => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
        Denied::Refused(refused) => return ApiError::Refused(refused).into_response(),
    };
    let body = json!({"error": code, "error_description": why});
    let mut response = (status, Json(body)).into_response();
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static(r#"Basic realm="Bauta""#),
        );
    }
    response
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RevokeForm {
    client_id: String,
    client_secret: String,
    token: String,
}

/// POST /oauth/revoke
async fn revoke(State(app): State<Shared>, headers: HeaderMap, Params(form): Params<RevokeForm>) -> Response {
    let (client_id, client_secret) = client(&headers, form.client_id, form.client_secret);
    match apps::revoke(&app, &client_id, &client_secret, &Secret::new(form.token)).await {
        Ok(()) => Json(json!({})).into_response(),
        // As Mastodon answers: who is not the token's app may not revoke it.
        Err(Denied::Client) => {
            let body = json!({"error": "unauthorized_client",
                "error_description": "You are not authorized to revoke this token"});
            (StatusCode::FORBIDDEN, Json(body)).into_response()
        }
        Err(denied) => refuse(denied),
    }
}

/// GET /oauth/userinfo
async fn userinfo(State(app): State<Shared>, auth: Auth) -> Answer<Json<Value>> {
    let speaker = auth.person("profile")?;
    let card = accounts::by_id(&app, speaker.account).await?;
    let (account, base) = (&card.account, &app.site.base_url);
    let url = format!("{base}/@{}", account.handle);
    Ok(Json(json!({
        "iss": format!("{base}/"),
        "sub": url,
        "name": account.name(),
        "preferred_username": account.handle.as_str(),
        "profile": url,
        "picture": media::avatar_url(base, account),
    })))
}

/// GET /.well-known/oauth-authorization-server
async fn describe(State(app): State<Shared>) -> Json<Value> {
    let base = &app.site.base_url;
    let mut grants = vec!["authorization_code", "client_credentials"];
    if passphrase_grant(&app) {
        grants.push("password");
    }
    Json(json!({
        "issuer": format!("{base}/"),
        "service_documentation": "https://docs.joinmastodon.org/",
        "authorization_endpoint": format!("{base}/oauth/authorize"),
        "token_endpoint": format!("{base}/oauth/token"),
        "app_registration_endpoint": format!("{base}/api/v1/apps"),
        "revocation_endpoint": format!("{base}/oauth/revoke"),
        "userinfo_endpoint": format!("{base}/oauth/userinfo"),
        "scopes_supported": Scopes::known(),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": grants,
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
    }))
}
