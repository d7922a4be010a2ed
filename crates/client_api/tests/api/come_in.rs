//! From nothing to an account, through an app alone.

use bauta_service::Registrations;
use serde_json::json;

use super::house::{WORDS, open, text};

#[tokio::test]
async fn an_app_registers_and_signs_somebody_up() {
    let house = open(Registrations::Open).await;
    let app = house.app("read write follow push").await;
    assert_eq!(
        app["redirect_uris"],
        json!(["urn:ietf:wg:oauth:2.0:oob", "https://app.example/"])
    );
    let own = house.app_token(&app, "read write follow push").await;
    let seen = house
        .get("/api/v1/apps/verify_credentials", Some(&own))
        .await
        .good();
    assert_eq!((&seen["name"], &seen["id"]), (&json!("Pigeon"), &app["id"]));
    let form = format!(
        "username=ALT_USCIS&password={}&email=alt%40example.org&agreement=true&locale=en",
        WORDS.replace(' ', "+")
    );
    let made = house
        .form("POST", "/api/v1/accounts", Some(&own), &form)
        .await
        .good();
    assert_eq!(made["token_type"], "Bearer");
    let token = text(&made["access_token"]);
    let me = house
        .get("/api/v1/accounts/verify_credentials", Some(&token))
        .await
        .good();
    assert_eq!(me["username"], "ALT_USCIS");
    assert_eq!(me["created_at"], "2017-04-01T00:00:00.000Z");
    assert_eq!(me["last_status_at"], json!(null));
    assert_eq!(me["url"], "http://localhost:8080/@ALT_USCIS");
    assert_eq!(me["source"]["privacy"], "public");
    assert!(me["email"].is_null());
    let again = house.form("POST", "/api/v1/accounts", Some(&own), &form).await;
    assert_eq!(again.status, 422);
    assert_eq!(again.json()["details"]["username"][0]["error"], "ERR_TAKEN");
}

#[tokio::test]
async fn what_can_t_be_an_account_is_said_beside_its_field() {
    let house = open(Registrations::Open).await;
    let app = house.app("read write").await;
    let own = house.app_token(&app, "write:accounts").await;
    for (name, password, field) in [
        ("", WORDS, "username"),
        ("a b", WORDS, "username"),
        ("alice", "password1234", "password"),
        ("alice", "", "password"),
        ("moderator", WORDS, "username"),
    ] {
        let body = json!({"username": name, "password": password});
        let answer = house
            .ask("POST", "/api/v1/accounts", Some(&own), Some(body))
            .await;
        assert_eq!(answer.status, 422, "{name}");
        assert!(answer.json()["details"][field].is_array(), "{}", answer.json());
    }
}

#[tokio::test]
async fn by_invitation_an_app_needs_a_code_and_closed_is_closed() {
    let house = open(Registrations::Invite).await;
    let app = house.app("read write").await;
    let own = house.app_token(&app, "write").await;
    let body = json!({"username": "alice", "password": WORDS});
    let without = house
        .ask("POST", "/api/v1/accounts", Some(&own), Some(body))
        .await;
    assert_eq!(without.status, 422);
    let code = bauta_service::accounts::invites::mint_by_operator(&house.app, 1)
        .await
        .unwrap()
        .remove(0);
    let body = json!({"username": "alice", "password": WORDS, "invite_code": code.expose()});
    house
        .ask("POST", "/api/v1/accounts", Some(&own), Some(body))
        .await
        .good();

    let house = open(Registrations::Closed).await;
    let app = house.app("read write").await;
    let own = house.app_token(&app, "write").await;
    let body = json!({"username": "alice", "password": WORDS});
    let closed = house
        .ask("POST", "/api/v1/accounts", Some(&own), Some(body))
        .await;
    assert_eq!(closed.status, 403);
}
