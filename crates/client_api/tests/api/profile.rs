//! A profile is changed, and read by others.

use axum::body::Body;
use axum::http::Request;
use bauta_service::Registrations;
use serde_json::json;

use super::house::{open, text};

const UPDATE: &str = "/api/v1/accounts/update_credentials";

#[tokio::test]
async fn a_form_changes_what_it_names_and_nothing_else() {
    let house = open(Registrations::Open).await;
    let id = house.join("alice").await;
    house.join("bob").await;
    let token = house.token("alice", "read write").await;
    let form = "display_name=Alice%20%E2%80%AE%F0%9F%8E%AD&note=Ask%20%40BOB%20%3Cb%3E&locked=true&bot=0\
        &fields_attributes%5B0%5D%5Bname%5D=Web&fields_attributes%5B0%5D%5Bvalue%5D=https%3A%2F%2Fexample.org\
        &fields_attributes%5B1%5D%5Bname%5D=&fields_attributes%5B1%5D%5Bvalue%5D=\
        &source%5Bprivacy%5D=private&source%5Blanguage%5D=de&hide_collections=false";
    let me = house.form("PATCH", UPDATE, Some(&token), form).await.good();
    assert_eq!(me["display_name"], "Alice 🎭");
    assert_eq!(
        (&me["locked"], &me["bot"], &me["hide_collections"]),
        (&json!(true), &json!(false), &json!(false))
    );
    assert_eq!(me["source"]["note"], "Ask @BOB <b>");
    assert!(text(&me["note"]).contains("&lt;b&gt;"), "{}", me["note"]);
    assert!(
        text(&me["note"]).contains("http://localhost:8080/@bob"),
        "{}",
        me["note"]
    );
    assert_eq!(me["fields"].as_array().unwrap().len(), 1);
    assert!(text(&me["fields"][0]["value"]).contains("href=\"https://example.org"));
    assert_eq!(me["source"]["fields"][0]["value"], "https://example.org");
    assert_eq!(me["source"]["privacy"], "private");
    let preferences = house.get("/api/v1/preferences", Some(&token)).await.good();
    assert_eq!(preferences["posting:default:visibility"], "private");
    assert_eq!(preferences["posting:default:language"], "de");
    let seen = house.get(&format!("/api/v1/accounts/{id}"), None).await.good();
    assert_eq!(seen["display_name"], "Alice 🎭");
    assert!(seen.get("source").is_none());
    let later = house
        .ask("PATCH", UPDATE, Some(&token), Some(json!({"note": ""})))
        .await
        .good();
    assert_eq!(
        (&later["note"], &later["display_name"]),
        (&json!(""), &json!("Alice 🎭"))
    );
}

#[tokio::test]
async fn what_is_too_long_or_wrong_changes_nothing() {
    let house = open(Registrations::Open).await;
    house.join("alice").await;
    let token = house.token("alice", "read write").await;
    let field = json!({"name": "a", "value": "b"});
    for wrong in [
        json!({"display_name": "a".repeat(31), "locked": true}),
        json!({"note": "a".repeat(501), "locked": true}),
        json!({"fields_attributes": [field, field, field, field, field], "locked": true}),
        json!({"fields_attributes": [{"name": "a".repeat(256), "value": ""}], "locked": true}),
        json!({"locked": "maybe"}),
        json!({"locked": true, "source": {"privacy": "secret"}}),
        json!({"locked": true, "source": {"language": "english"}}),
        json!({"locked": true, "avatar": "text"}),
    ] {
        let answer = house
            .ask("PATCH", UPDATE, Some(&token), Some(wrong.clone()))
            .await;
        assert_eq!(answer.status, 422, "{wrong}");
        let me = house
            .get("/api/v1/accounts/verify_credentials", Some(&token))
            .await
            .good();
        assert_eq!(me["locked"], false, "{wrong}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_picture_is_refused_with_advice() {
    let house = open(Registrations::Open).await;
    house.join("alice").await;
    let token = house.token("alice", "read write").await;
    let body = "--x\r\nContent-Disposition: form-data; name=\"display_name\"\r\n\r\nAl\u{ef}ce\r\n\
        --x\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"a.svg\"\r\n\
        Content-Type: image/svg+xml\r\n\r\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>\r\n--x--\r\n";
    let send = async |body: String| {
        let request = Request::patch(UPDATE)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "multipart/form-data; boundary=x")
            .body(Body::from(body))
            .unwrap();
        house.send(request).await
    };
    let (status, why) = send(body.to_owned()).await.error();
    assert_eq!(status, 422);
    assert!(why.contains("SVG"), "{why}");
    // The same form without the file.
    let (before, after) = body
        .split_once("--x\r\nContent-Disposition: form-data; name=\"avatar\"")
        .unwrap();
    assert!(after.ends_with("--x--\r\n"));
    let me = send(format!("{before}--x--\r\n")).await.good();
    assert_eq!(me["display_name"], "Alïce");
    assert_eq!(send("nonsense".to_owned()).await.status, 422);
}

#[tokio::test]
async fn pictures_that_are_not_there_have_something_in_their_place() {
    let house = open(Registrations::Open).await;
    house.join("alice").await;
    let token = house.token("alice", "read write").await;
    let me = house
        .ask("DELETE", "/api/v1/profile/avatar", Some(&token), None)
        .await
        .good();
    house
        .ask("DELETE", "/api/v1/profile/header", Some(&token), None)
        .await
        .good();
    for name in ["avatar", "header"] {
        let url = text(&me[name]);
        let path = url.strip_prefix("http://localhost:8080").unwrap();
        let picture = house.get(path, None).await;
        assert_eq!(picture.status, 200, "{path}");
        assert_eq!(picture.header("content-type"), "image/png");
        assert!(picture.body.starts_with(b"\x89PNG"));
        assert_eq!(
            picture.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(picture.header("etag"), "");
    }
    for path in ["/media/5", "/media/x", "/media/mask/x"] {
        assert_eq!(house.get(path, None).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_profile_is_read_and_changed_as_it_was_typed() {
    let house = open(Registrations::Open).await;
    house.join("alice").await;
    let token = house.token("alice", "profile write:accounts").await;
    let changed = json!({"display_name": "Alice", "note": "Boats & #tides", "discoverable": true,
        "fields_attributes": [{"name": "Home", "value": "https://a.example"}]});
    let path = "/api/v1/profile";
    let profile = house.ask("PATCH", path, Some(&token), Some(changed)).await.good();
    assert_eq!(
        (
            &profile["note"],
            &profile["fields"][0]["value"],
            &profile["avatar"]
        ),
        (
            &json!("Boats & #tides"),
            &json!("https://a.example"),
            &json!(null)
        )
    );
    assert_eq!(house.get(path, Some(&token)).await.good(), profile);
    let other = house.token("alice", "read:statuses").await;
    assert_eq!(house.get(path, Some(&other)).await.status, 403);
}
