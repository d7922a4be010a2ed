//! Posts that appear later, as apps see them.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Server, id};

#[tokio::test]
async fn a_scheduled_post_has_mastodons_shape_is_moved_and_deleted() {
    let server = Server::start().await;
    let form = json!({
        "status": "High water", "spoiler_text": "cw", "visibility": "unlisted", "sensitive": true, "language": "en",
        "scheduled_at": "2017-03-14T15:10:00.000+01:00",
        "poll": {"options": ["a", "b"], "expires_in": "600"},
    });
    let made = server.post(&server.ana, "/api/v1/statuses", form).await;
    let id = id(&made.body);
    let expected = json!({
        "id": id,
        "scheduled_at": "2017-03-14T14:10:00.000Z",
        "params": {
            "text": "High water",
            "poll": {"options": ["a", "b"], "expires_in": 600, "multiple": false, "hide_totals": false},
            "media_ids": null,
            "sensitive": true,
            "spoiler_text": "cw",
            "visibility": "unlisted",
            "in_reply_to_id": null,
            "language": "en",
            "application_id": 0,
            "scheduled_at": null,
            "idempotency": null,
            "quoted_status_id": null,
            "quote_approval_policy": "public",
            "reply_approval_policy": "public",
            "with_rate_limit": false,
        },
        "media_attachments": [],
    });
    assert_eq!((made.status, &made.body), (StatusCode::OK, &expected));
    let path = format!("/api/v1/scheduled_statuses/{id}");
    assert_eq!(
        server.get(&server.ana, "/api/v1/scheduled_statuses").await.body,
        json!([expected])
    );
    assert_eq!(server.get(&server.ana, &path).await.body, expected);
    assert_eq!(
        server.get(&server.ben, "/api/v1/scheduled_statuses").await.body,
        json!([])
    );
    for method in ["GET", "PUT", "DELETE"] {
        let body = json!({"scheduled_at": "2117-01-01"});
        assert_eq!(
            server.ask(&server.ben, method, &path, body.clone()).await.status,
            StatusCode::NOT_FOUND
        );
        assert_eq!(
            server.ask("", method, &path, body).await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    for wrong in ["soon", "2017-03-14T14:01:00Z", "2017-03-14T14:04:00Z"] {
        let answer = server
            .ask(&server.ana, "PUT", &path, json!({"scheduled_at": wrong}))
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        let answer = server
            .post(
                &server.ana,
                "/api/v1/statuses",
                json!({"status": "x", "scheduled_at": wrong}),
            )
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    let moved = server
        .ask(&server.ana, "PUT", &path, json!({"scheduled_at": "2117-01-01"}))
        .await;
    assert_eq!(moved.body["scheduled_at"], "2117-01-01T00:00:00.000Z");
    assert_eq!(
        server.ask(&server.ana, "DELETE", &path, Value::Null).await.body,
        json!({})
    );
    assert_eq!(server.get(&server.ana, &path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_held_post_reads_as_a_post_and_as_one_that_waits() {
    let server = Server::start().await;
    let form = json!({"status": "High *water*", "hold": "hour", "spoiler_text": "cw", "language": "en"});
    let key = [("idempotency-key", "k")];
    let send = || server.ask_with(&server.ana, "POST", "/api/v1/statuses", form.clone(), &key);
    let made = send().await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let id = id(&made.body);
    // As a Status.
    assert_eq!(made.body["visibility"], "public");
    assert!(made.body["content"].as_str().unwrap().contains("High"));
    assert_eq!(made.body["account"]["username"], "ana");
    assert_eq!(made.body["url"], "https://bauta.example/scheduled");
    // As a ScheduledStatus.
    let listed = server.get(&server.ana, "/api/v1/scheduled_statuses").await.body;
    for field in ["id", "scheduled_at", "params", "media_attachments"] {
        assert_eq!(made.body[field], listed[0][field], "{field}");
    }
    assert_eq!(send().await.body["id"], *id);
    assert_eq!(
        server.get(&server.ana, "/api/v1/scheduled_statuses").await.body,
        listed
    );
    // Its author's app may ask for it, and take it back, as for a post; nobody else may.
    let path = format!("/api/v1/statuses/{id}");
    assert_eq!(server.get(&server.ana, &path).await.body, made.body);
    for token in [&server.ben, ""] {
        assert_eq!(server.get(token, &path).await.status, StatusCode::NOT_FOUND);
    }
    let delete = |token: &str| {
        let token = token.to_owned();
        let (server, path) = (&server, &path);
        async move { server.ask(&token, "DELETE", path, Value::Null).await }
    };
    assert_eq!(delete(&server.ben).await.status, StatusCode::NOT_FOUND);
    let gone = delete(&server.ana).await;
    assert_eq!(
        (gone.status, &gone.body["text"]),
        (StatusCode::OK, &json!("High *water*"))
    );
    assert_eq!(server.get(&server.ana, &path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        server.get(&server.ana, "/api/v1/scheduled_statuses").await.body,
        json!([])
    );
}

#[tokio::test]
async fn the_accounts_choice_holds_for_apps_that_say_nothing() {
    let server = Server::start().await;
    let path = "/api/v1/accounts/update_credentials";
    let set = async |hold: &str| {
        let form = json!({"source": {"hold": hold}});
        server.ask(&server.ana, "PATCH", path, form).await.status
    };
    assert_eq!(set("week").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(set("day").await, StatusCode::OK);
    let preferences = server.get(&server.ana, "/api/v1/preferences").await.body;
    assert_eq!(preferences["posting:default:hold"], "day");
    let say = async |form: Value| server.post(&server.ana, "/api/v1/statuses", form).await;
    assert!(say(json!({"status": "held"})).await.body["scheduled_at"].is_string());
    assert!(say(json!({"status": "now", "hold": "none"})).await.body["scheduled_at"].is_null());
    let named = json!({"status": "named", "scheduled_at": "2017-03-14T14:10:00Z"});
    assert_eq!(say(named).await.body["scheduled_at"], "2017-03-14T14:10:00.000Z");
    for wrong in [
        json!({"status": "x", "hold": "week"}),
        json!({"status": "x", "hold": "hour", "scheduled_at": "2017-03-14T14:10:00Z"}),
    ] {
        assert_eq!(say(wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(set("none").await, StatusCode::OK);
    assert!(say(json!({"status": "plain"})).await.body["scheduled_at"].is_null());
}
