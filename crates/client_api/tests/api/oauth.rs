//! Tokens by every grant, and the description of it all.

use axum::body::Body;
use axum::http::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bauta_service::Registrations;
use bauta_service::apps::authorise::{self, Granted};
use serde_json::{Value, json};

use super::house::{House, WORDS, open, text};

// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

/// The code that the authorise page shows.
async fn code(house: &House, app: &Value, name: &str) -> String {
    let request = authorise::Request {
        response_type: "code".to_owned(),
        client_id: text(&app["client_id"]),
        redirect_uri: OUT_OF_BAND.to_owned(),
        scope: "read profile".to_owned(),
        state: None,
        code_challenge: Some(CHALLENGE.to_owned()),
        code_challenge_method: Some("S256".to_owned()),
    };
    let prepared = authorise::prepare(&house.app, &request).await.unwrap();
    let web = house.token(name, "read").await;
    let speaker = bauta_service::accounts::authenticate(&house.app, &web)
        .await
        .unwrap()
        .unwrap();
    match authorise::grant(&house.app, &speaker, prepared).unwrap() {
        Granted::Code(code) => code.expose().clone(),
        Granted::Redirect(_) => panic!("not asked for"),
    }
}

fn redemption(app: &Value, code: &str) -> Value {
    json!({"grant_type": "authorization_code", "client_id": app["client_id"],
        "client_secret": app["client_secret"], "code": code, "redirect_uri": OUT_OF_BAND,
        "code_verifier": VERIFIER})
}

#[tokio::test]
async fn a_code_becomes_a_token_once_and_the_token_can_be_given_back() {
    let house = open(Registrations::Open).await;
    house.join("alice").await;
    let app = house.app("read profile").await;
    let code = code(&house, &app, "alice").await;
    let issued = house.post("/oauth/token", redemption(&app, &code)).await.good();
    assert_eq!(issued["scope"], "read profile");
    assert_eq!(issued["created_at"], 1_491_573_720);
    let token = text(&issued["access_token"]);
    let who = house.get("/oauth/userinfo", Some(&token)).await.good();
    assert_eq!(who["preferred_username"], "alice");
    // In the address too, for clients that can set no header.
    let path = format!("/api/v1/accounts/verify_credentials?access_token={token}");
    assert_eq!(house.get(&path, None).await.good()["username"], "alice");
    let again = house.post("/oauth/token", redemption(&app, &code)).await;
    assert_eq!(again.error(), (400, "invalid_grant".to_owned()));
    let give_back =
        |secret: Value| json!({"client_id": app["client_id"], "client_secret": secret, "token": token});
    let wrong = house.post("/oauth/revoke", give_back(json!("x"))).await;
    assert_eq!(wrong.error(), (403, "unauthorized_client".to_owned()));
    house
        .post("/oauth/revoke", give_back(app["client_secret"].clone()))
        .await
        .good();
    let gone = house.get("/oauth/userinfo", Some(&token)).await;
    assert_eq!(gone.error(), (401, "The access token is invalid".to_owned()));
}

#[tokio::test]
async fn clients_may_prove_themselves_in_the_header() {
    let house = open(Registrations::Invite).await;
    let app = house.app("read").await;
    let pair = format!("{}:{}", text(&app["client_id"]), text(&app["client_secret"]));
    let request = Request::post("/oauth/token")
        .header("authorization", format!("Basic {}", STANDARD.encode(pair)))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("grant_type=client_credentials&scope=read"))
        .unwrap();
    house.send(request).await.good();
}

#[tokio::test]
async fn wrong_requests_for_tokens_get_the_errors_of_the_rfc() {
    let house = open(Registrations::Invite).await;
    let app = house.app("read").await;
    let ask = |change: Value| {
        let mut body = json!({"grant_type": "client_credentials", "client_id": app["client_id"],
            "client_secret": app["client_secret"]});
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    for (change, status, error) in [
        (json!({"client_secret": "wrong"}), 401, "invalid_client"),
        (json!({"client_id": "nobody"}), 401, "invalid_client"),
        (json!({"scope": "write"}), 400, "invalid_scope"),
        (json!({"scope": "nonsense"}), 400, "invalid_scope"),
        (json!({"grant_type": "implicit"}), 400, "unsupported_grant_type"),
        (
            json!({"grant_type": "password", "username": "a", "password": "b"}),
            400,
            "unsupported_grant_type",
        ),
        (
            json!({"grant_type": "authorization_code", "code": "x"}),
            400,
            "invalid_grant",
        ),
    ] {
        let answer = house.post("/oauth/token", ask(change.clone())).await;
        assert_eq!(answer.error(), (status, error.to_owned()), "{change}");
    }
}

#[tokio::test]
async fn on_an_open_loopback_server_test_suites_log_in_with_a_passphrase() {
    let house = open(Registrations::Open).await;
    house.join("alice").await;
    let app = house.app("read write").await;
    let body = json!({"grant_type": "password", "client_id": app["client_id"],
        "client_secret": app["client_secret"], "username": "alice", "password": WORDS, "scope": "read write"});
    let token = text(&house.post("/oauth/token", body).await.good()["access_token"]);
    house
        .get("/api/v1/accounts/verify_credentials", Some(&token))
        .await
        .good();
}

#[tokio::test]
async fn the_description_says_what_is_there() {
    let house = open(Registrations::Invite).await;
    let description = house
        .get("/.well-known/oauth-authorization-server", None)
        .await
        .good();
    assert_eq!(description["issuer"], "http://localhost:8080/");
    assert_eq!(description["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(
        description["grant_types_supported"],
        json!(["authorization_code", "client_credentials"])
    );
}

#[tokio::test]
async fn what_is_wrong_with_an_app_is_said() {
    let house = open(Registrations::Invite).await;
    let good = json!({"client_name": "Pigeon", "redirect_uris": ["https://app.example/"]});
    assert_eq!(
        house.post("/api/v1/apps", good.clone()).await.good()["scopes"],
        json!(["read"])
    );
    for (name, value) in [
        ("client_name", json!("")),
        ("redirect_uris", json!("javascript:alert(1)")),
        ("redirect_uris", json!([])),
        ("scopes", json!("nonsense")),
        ("website", json!("data:text/html,x")),
        ("client_name", json!({"a": 1})),
    ] {
        let mut wrong = good.clone();
        wrong[name] = value;
        let answer = house.post("/api/v1/apps", wrong).await;
        assert_eq!(answer.status, 422, "{name}");
        assert!(answer.error().1.starts_with("Validation failed: "));
    }
}
