//! What strangers read: accounts, the server, and headers that let any page ask.

use axum::body::Body;
use axum::http::Request;
use bauta_service::Registrations;
use serde_json::{Value, json};

use super::house::open;

#[tokio::test]
async fn accounts_are_found_by_id_by_name_and_by_many_ids() {
    let house = open(Registrations::Open).await;
    let (alice, bob) = (house.join("alice").await, house.join("Bob").await);
    for path in [
        format!("/api/v1/accounts/{bob}"),
        "/api/v1/accounts/lookup?acct=bob".to_owned(),
        "/api/v1/accounts/lookup?acct=%40BOB%40localhost%3A8080".to_owned(),
    ] {
        assert_eq!(house.get(&path, None).await.good()["acct"], "Bob", "{path}");
    }
    let many = format!("/api/v1/accounts?id[]={bob}&id[]=5&id[]=x&id[]={alice}");
    let names: Vec<Value> = house
        .get(&many, None)
        .await
        .good()
        .as_array()
        .unwrap()
        .iter()
        .map(|account| account["username"].clone())
        .collect();
    assert_eq!(names, ["Bob", "alice"]);
    for path in [
        "/api/v1/accounts/5",
        "/api/v1/accounts/-1",
        "/api/v1/accounts/x",
        "/api/v1/accounts/lookup?acct=nobody",
        "/api/v1/accounts/lookup?acct=bob%40elsewhere.example",
    ] {
        assert_eq!(
            house.get(path, None).await.error(),
            (404, "Record not found".to_owned()),
            "{path}"
        );
    }
    assert_eq!(house.get("/api/v1/accounts/lookup", None).await.status, 422);
    house.suspend(bob).await;
    assert_eq!(
        house.get(&format!("/api/v1/accounts/{bob}"), None).await.status,
        404
    );
}

#[tokio::test]
async fn the_server_tells_apps_its_limits() {
    let house = open(Registrations::Open).await;
    house.operator("op").await;
    let first = house.get("/api/v1/instance", None).await.good();
    assert_eq!(first["uri"], "localhost:8080");
    assert_eq!(first["stats"]["user_count"], 1);
    assert_eq!(first["configuration"]["statuses"]["max_characters"], 1000);
    assert_eq!(
        first["configuration"]["statuses"]["characters_reserved_per_url"],
        23
    );
    let second = house.get("/api/v2/instance", None).await.good();
    let version = second["version"].as_str().unwrap();
    assert!(version.starts_with("4.5.0 (compatible; Bauta "), "{version}");
    assert_eq!(second["registrations"]["enabled"], true);
    assert_eq!(
        second["configuration"]["urls"]["streaming"],
        "ws://localhost:8080"
    );
    assert_eq!(second["api_versions"]["mastodon"], 7);
    for path in [
        "/api/v1/instance/rules",
        "/api/v1/instance/peers",
        "/api/v1/custom_emojis",
    ] {
        assert_eq!(house.get(path, None).await.good(), json!([]), "{path}");
    }
}

#[tokio::test]
async fn any_page_may_ask_and_nothing_is_kept_by_the_browser() {
    let house = open(Registrations::Open).await;
    let request = Request::options("/api/v1/accounts/verify_credentials")
        .body(Body::empty())
        .unwrap();
    let preflight = house.send(request).await;
    assert_eq!(preflight.status, 204);
    assert!(
        preflight
            .header("access-control-allow-headers")
            .contains("Idempotency-Key")
    );
    for path in [
        "/api/v1/instance",
        "/api/v1/nonsense",
        "/api/v1/accounts/verify_credentials",
    ] {
        let answer = house.get(path, None).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(
            answer
                .header("access-control-expose-headers")
                .contains("X-RateLimit-Remaining")
        );
        assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
        assert_eq!(answer.header("cache-control"), "private, no-store");
        assert_eq!(answer.header("set-cookie"), "");
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_in_json() {
    let house = open(Registrations::Open).await;
    for (method, path, status) in [
        ("GET", "/api/v1/nonsense", 404),
        ("POST", "/api/v9/accounts", 404),
        ("DELETE", "/api/v1/instance", 405),
        ("GET", "/oauth/token", 405),
    ] {
        let answer = house.ask(method, path, None, None).await;
        assert_eq!(answer.error().0, status, "{method} {path}");
    }
}

#[tokio::test]
async fn bodies_that_can_t_be_read_are_refused() {
    let house = open(Registrations::Open).await;
    for (kind, body) in [
        ("application/json", "{"),
        ("application/json", "[1]"),
        ("application/json; charset=utf-8", "\u{0}"),
        ("application/x-www-form-urlencoded", "client_name=%FF"),
        ("application/x-www-form-urlencoded", "client_name[a[b]=1"),
        ("multipart/form-data", "no boundary"),
        ("text/plain", "client_name=a"),
    ] {
        let request = Request::post("/api/v1/apps")
            .header("content-type", kind)
            .body(Body::from(body))
            .unwrap();
        assert_eq!(house.send(request).await.error().0, 422, "{kind}: {body}");
    }
    let long = "a".repeat(2 << 20);
    let answer = house.form("POST", "/api/v1/apps", None, &long).await;
    assert_eq!(answer.error().0, 413);
}
