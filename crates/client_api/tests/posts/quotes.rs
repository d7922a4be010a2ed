//! Quotes as apps see them: the shapes of Mastodon 4.5, and what is refused.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Server, id};

#[tokio::test]
async fn a_quote_has_mastodons_shape() {
    let server = Server::start().await;
    let first = server
        .post(&server.ana, "/api/v1/statuses", json!({"status": "High water"}))
        .await
        .body;
    let approval = json!({"automatic": ["public"], "manual": [], "current_user": "automatic"});
    assert_eq!(
        (&first["quote"], &first["quote_approval"]),
        (&Value::Null, &approval)
    );
    assert_eq!(first["quotes_count"], 0);
    let form =
        json!({"status": "So it is", "quoted_status_id": id(&first), "quote_approval_policy": "followers"});
    let quoting = server.post(&server.ben, "/api/v1/statuses", form).await.body;
    assert_eq!(quoting["quote"]["state"], "accepted");
    let inner = &quoting["quote"]["quoted_status"];
    assert_eq!(
        (&inner["id"], &inner["content"]),
        (&first["id"], &first["content"])
    );
    assert_eq!(
        (&inner["quote"], &inner["quotes_count"]),
        (&Value::Null, &json!(1))
    );
    assert_eq!(
        inner["favourited"], false,
        "what the reader did is told within too"
    );
    assert_eq!(quoting["quote_approval"]["automatic"], json!(["followers"]));
    let path = format!("/api/v1/statuses/{}", id(&quoting));
    assert_eq!(
        server.get("", &path).await.body["quote_approval"]["current_user"],
        "denied"
    );
    let form = json!({"status": "Still is", "quoted_status_id": id(&quoting)});
    let own = server.post(&server.ben, "/api/v1/statuses", form).await.body;
    let shallow = json!({"state": "accepted", "quoted_status_id": id(&first)});
    assert_eq!(own["quote"]["quoted_status"]["quote"], shallow);
    let list = server
        .get("", &format!("/api/v1/statuses/{}/quotes?limit=1", id(&first)))
        .await;
    assert_eq!(list.body[0]["id"], quoting["id"]);
    assert!(list.headers["link"].to_str().unwrap().contains("max_id="));
    let gone = server.ask(&server.ben, "DELETE", &path, Value::Null).await.body;
    assert_eq!(
        (&gone["text"], &gone["quote"]["state"]),
        (&json!("So it is"), &json!("accepted"))
    );
}

#[tokio::test]
async fn wrong_words_and_foreign_posts_are_refused() {
    let server = Server::start().await;
    let first = server
        .post(&server.ana, "/api/v1/statuses", json!({"status": "High water"}))
        .await
        .body;
    for (form, status) in [
        (
            json!({"status": "x", "quoted_status_id": "x"}),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            json!({"status": "x", "quoted_status_id": "7"}),
            StatusCode::NOT_FOUND,
        ),
        (
            json!({"status": "x", "quote_approval_policy": "friends"}),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            json!({"quoted_status_id": id(&first)}),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ] {
        let refused = server.post(&server.ben, "/api/v1/statuses", form.clone()).await;
        assert_eq!(refused.status, status, "{form}: {}", refused.body);
        assert!(refused.body["error"].is_string());
    }
    let path = format!("/api/v1/statuses/{}/interaction_policy", id(&first));
    for (token, form, status) in [
        (&server.ana, json!({}), StatusCode::UNPROCESSABLE_ENTITY),
        (
            &server.ana,
            json!({"quote_approval_policy": "friends"}),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            &server.ben,
            json!({"quote_approval_policy": "nobody"}),
            StatusCode::NOT_FOUND,
        ),
        (
            &server.ana,
            json!({"quote_approval_policy": "nobody"}),
            StatusCode::OK,
        ),
    ] {
        assert_eq!(
            server.ask(token, "PUT", &path, form.clone()).await.status,
            status,
            "{form}"
        );
    }
    let form = json!({"status": "x", "quoted_status_id": id(&first)});
    let refused = server.post(&server.ben, "/api/v1/statuses", form).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let revoke = format!("/api/v1/statuses/{0}/quotes/{0}/revoke", id(&first));
    assert_eq!(
        server.ask(&server.ana, "POST", &revoke, Value::Null).await.status,
        StatusCode::NOT_FOUND
    );
    let source = json!({"source": {"quote_policy": "followers"}});
    let changed = server
        .ask(
            &server.ana,
            "PATCH",
            "/api/v1/accounts/update_credentials",
            source,
        )
        .await;
    assert_eq!(changed.body["source"]["quote_policy"], "followers");
    let post = server
        .post(&server.ana, "/api/v1/statuses", json!({"status": "High water"}))
        .await;
    assert_eq!(post.body["quote_approval"]["automatic"], json!(["followers"]));
}
