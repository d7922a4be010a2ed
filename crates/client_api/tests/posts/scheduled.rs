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
