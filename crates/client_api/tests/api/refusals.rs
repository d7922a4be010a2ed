//! Every endpoint that needs a token, with every token that is not good enough for it.

use bauta_service::Registrations;

use super::house::{House, open};

/// Method, path, and a scope that is not enough.
const FOR_PEOPLE: [(&str, &str, &str); 7] = [
    ("GET", "/api/v1/accounts/verify_credentials", "write"),
    (
        "PATCH",
        "/api/v1/accounts/update_credentials",
        "read write:statuses",
    ),
    ("DELETE", "/api/v1/profile/avatar", "read"),
    ("DELETE", "/api/v1/profile/header", "read"),
    ("GET", "/api/v1/preferences", "write read:statuses"),
    ("GET", "/oauth/userinfo", "write"),
    ("POST", "/oauth/userinfo", "push"),
];

/// Paths that strangers may read, but not somebody whose token is not good.
const FOR_ALL: [&str; 3] = [
    "/api/v1/accounts?id[]=1",
    "/api/v1/accounts/1",
    "/api/v1/accounts/lookup?acct=alice",
];

const INVALID: (u16, &str) = (401, "The access token is invalid");
const OUTSIDE: (u16, &str) = (403, "This action is outside the authorized scopes");
const DISABLED: (u16, &str) = (403, "Your login is currently disabled");
const NO_PERSON: (u16, &str) = (422, "This method requires an authenticated user");

async fn is_refused(house: &House, method: &str, path: &str, token: Option<&str>, how: (u16, &str)) {
    let answer = house.ask(method, path, token, None).await;
    let (status, error) = answer.error();
    assert_eq!((status, error.as_str()), how, "{method} {path}");
    if status == 401 {
        assert!(
            answer.header("www-authenticate").starts_with("Bearer "),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn every_endpoint_for_people_refuses_what_is_not_enough() {
    let house = open(Registrations::Open).await;
    let alice = house.join("alice").await;
    let app = house.app("read write").await;
    let of_app = house.app_token(&app, "read write").await;
    let revoked = revoked(&house).await;
    let full = house.token("alice", "read write").await;
    for (method, path, too_little) in FOR_PEOPLE {
        is_refused(&house, method, path, None, INVALID).await;
        is_refused(&house, method, path, Some("nonsense"), INVALID).await;
        is_refused(&house, method, path, Some(&"A".repeat(43)), INVALID).await;
        is_refused(&house, method, path, Some(&revoked), INVALID).await;
        is_refused(&house, method, path, Some(&of_app), NO_PERSON).await;
        let token = house.token("alice", too_little).await;
        is_refused(&house, method, path, Some(&token), OUTSIDE).await;
        house.ask(method, path, Some(&full), None).await.good();
    }
    house.suspend(alice).await;
    for (method, path, _) in FOR_PEOPLE {
        is_refused(&house, method, path, Some(&full), DISABLED).await;
    }
}

#[tokio::test]
async fn a_bad_token_is_refused_even_where_none_is_needed() {
    let house = open(Registrations::Open).await;
    let alice = house.join("alice").await;
    let revoked = revoked(&house).await;
    let outside = house.token("alice", "write").await;
    let full = house.token("alice", "read").await;
    for path in FOR_ALL {
        is_refused(&house, "GET", path, Some("nonsense"), INVALID).await;
        is_refused(&house, "GET", path, Some(&revoked), INVALID).await;
        is_refused(&house, "GET", path, Some(&outside), OUTSIDE).await;
    }
    house.suspend(alice).await;
    for path in FOR_ALL {
        is_refused(&house, "GET", path, Some(&full), DISABLED).await;
    }
}

#[tokio::test]
async fn signing_up_needs_the_token_of_an_app() {
    let house = open(Registrations::Open).await;
    house.join("alice").await;
    let path = "/api/v1/accounts";
    is_refused(&house, "POST", path, None, INVALID).await;
    let app = house.app("read write").await;
    let too_little = house.app_token(&app, "read").await;
    is_refused(&house, "POST", path, Some(&too_little), OUTSIDE).await;
    let person = house.token("alice", "read write").await;
    is_refused(
        &house,
        "POST",
        path,
        Some(&person),
        (403, "This needs the app's own token."),
    )
    .await;
    is_refused(&house, "GET", "/api/v1/apps/verify_credentials", None, INVALID).await;
}

/// A token that was used, then ended by its owner.
async fn revoked(house: &House) -> String {
    let token = house.token("alice", "read write").await;
    house.get("/api/v1/preferences", Some(&token)).await.good();
    let speaker = bauta_service::accounts::authenticate(&house.app, &token)
        .await
        .unwrap()
        .unwrap();
    bauta_service::accounts::log_out(&house.app, &speaker)
        .await
        .unwrap();
    token
}
