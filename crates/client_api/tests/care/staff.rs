//! What moderators and operators do to reports and accounts, and what those hear of it.

use super::*;

#[tokio::test]
async fn a_report_is_put_under_another_word_and_only_the_operator_deletes_whom_moderators_suspended() {
    let server = Server::start();
    let (ana, ben) = (server.user("ana").await, server.user("ben").await);
    let moderator = server.join("mod", Role::Moderator, EVERYTHING).await;
    let operator = server.join("op", Role::Operator, EVERYTHING).await;
    let filed = json!({"account_id": ben.id, "comment": "Look.", "category": "spam"});
    server.post(&ana, "/api/v1/reports", filed).await;
    let report = server.get(&moderator, "/api/v1/admin/reports").await[0]["id"].clone();
    let path = format!("/api/v1/admin/reports/{}", report.as_str().unwrap());
    let status = async |who: &Person, method: &str, path: &str, body: Value| {
        server.ask(&who.token, method, path, body).await.status.as_u16()
    };
    let legal = json!({"category": "legal", "rule_ids": ["1"]});
    assert_eq!(status(&ana, "PUT", &path, legal.clone()).await, 403);
    assert_eq!(
        status(&moderator, "PUT", &path, json!({"category": "dull"})).await,
        422
    );
    assert_eq!(
        status(&moderator, "PUT", "/api/v1/admin/reports/7", legal.clone()).await,
        404
    );
    assert_eq!(status(&moderator, "PUT", &path, legal).await, 200);
    assert_eq!(server.get(&moderator, &path).await["category"], "legal");
    let account = format!("/api/v1/admin/accounts/{}", ben.id);
    for who in [&ana, &moderator, &operator] {
        assert_eq!(status(who, "DELETE", &account, Value::Null).await, 403);
    }
    let action = json!({"type": "suspend", "text": "Spam."});
    server
        .post(&moderator, &format!("{account}/action"), action)
        .await;
    assert_eq!(status(&moderator, "DELETE", &account, Value::Null).await, 403);
    let last = server.ask(&operator.token, "DELETE", &account, Value::Null).await;
    assert_eq!(
        (last.status.as_u16(), &last.body["username"]),
        (200, &json!("ben"))
    );
    assert_eq!(status(&operator, "DELETE", &account, Value::Null).await, 404);
    assert_eq!(status(&operator, "GET", &account, Value::Null).await, 404);
    let own = format!("/api/v1/admin/accounts/{}", operator.id);
    assert_eq!(status(&operator, "DELETE", &own, Value::Null).await, 403);
}

#[tokio::test]
async fn whoever_is_warned_hears_it_in_mastodons_words() {
    let server = Server::start();
    let ana = server.user("ana").await;
    let moderator = server.join("mod", Role::Moderator, EVERYTHING).await;
    let act = format!("/api/v1/admin/accounts/{}/action", ana.id);
    let warning = json!({"type": "none", "text": "Mind the rules."});
    server.post(&moderator, &act, warning).await;
    let told = server.get(&ana, "/api/v1/notifications").await;
    assert_eq!(told[0]["type"], "moderation_warning");
    let warning = &told[0]["moderation_warning"];
    assert_eq!(
        (&warning["action"], &warning["text"], &warning["appeal"]),
        (&json!("none"), &json!("Mind the rules."), &Value::Null)
    );
    assert_eq!(warning["created_at"], "2017-03-14T00:00:00.000Z");
    assert_eq!(warning["target_account"]["username"], "ana");
    let groups = server.get(&ana, "/api/v2/notifications").await;
    assert_eq!(groups["notification_groups"][0]["moderation_warning"], *warning);
}
