//! What Mastodon reads out of parameters wherever they stand.

use axum::http::StatusCode;
use bauta_service::Registrations;
use serde_json::json;

use super::house::{House, open, text};

async fn says(house: &House, token: &str, words: &str) -> String {
    let form = format!("status={}", words.replace('#', "%23").replace(' ', "+"));
    let posted = house
        .form("POST", "/api/v1/statuses", Some(token), &form)
        .await
        .good();
    text(&posted["id"])
}

#[tokio::test]
async fn a_token_may_come_in_the_query_or_the_body() {
    let house = open(Registrations::Open).await;
    house.join("ana").await;
    let token = house.token("ana", "read write").await;
    for name in ["access_token", "bearer_token"] {
        let query = format!("/api/v1/accounts/verify_credentials?{name}={token}");
        assert_eq!(house.get(&query, None).await.good()["username"], "ana");
        let form = format!("status=by+{name}&{name}={token}");
        let posted = house.form("POST", "/api/v1/statuses", None, &form).await.good();
        assert!(text(&posted["content"]).contains(name), "{posted}");
        let body = json!({"status": format!("in json, {name}"), name: token});
        let posted = house
            .ask("POST", "/api/v1/statuses", None, Some(body))
            .await
            .good();
        assert_eq!(posted["account"]["username"], "ana");
    }
    let wrong = house
        .form("POST", "/api/v1/statuses", None, "status=a&access_token=nobody")
        .await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let none = house.form("POST", "/api/v1/statuses", None, "status=a").await;
    assert_eq!(none.status, StatusCode::UNAUTHORIZED);
    let by_header = house
        .form(
            "POST",
            "/api/v1/statuses",
            Some("nobody"),
            &format!("status=a&access_token={token}"),
        )
        .await;
    assert_eq!(
        by_header.status,
        StatusCode::UNAUTHORIZED,
        "the header comes first"
    );
}

#[tokio::test]
async fn tags_are_joined_and_left_out() {
    let house = open(Registrations::Open).await;
    house.join("ana").await;
    let token = house.token("ana", "read write").await;
    let marsh = says(&house, &token, "one #marsh").await;
    let both = says(&house, &token, "two #marsh #Tide").await;
    let tide = says(&house, &token, "three #tide").await;
    for (query, expected) in [
        ("", vec![&both, &marsh]),
        ("?any[]=tide", vec![&tide, &both, &marsh]),
        ("?any[]=%23Tide&limit=2", vec![&tide, &both]),
        ("?any[]=tide&limit=1&min_id=0", vec![&marsh]),
        ("?all[]=TIDE", vec![&both]),
        ("?none[]=tide", vec![&marsh]),
        ("?any[]=tide&none[]=marsh", vec![&tide]),
        ("?all[]=nothing", vec![]),
    ] {
        let found = house
            .get(&format!("/api/v1/timelines/tag/marsh{query}"), None)
            .await
            .good();
        let ids: Vec<String> = found
            .as_array()
            .unwrap()
            .iter()
            .map(|post| text(&post["id"]))
            .collect();
        assert_eq!(ids.iter().collect::<Vec<_>>(), expected, "{query}");
    }
}
