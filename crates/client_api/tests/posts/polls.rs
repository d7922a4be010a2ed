//! Polls as apps see them.

use axum::http::StatusCode;
use bauta_model::CoarseTime;
use serde_json::{Value, json};

use super::{Server, id};

#[tokio::test]
async fn a_poll_has_mastodons_shape_and_takes_one_ballot_of_each() {
    let server = Server::start().await;
    let asked = json!({
        "status": "How is the water?",
        "poll": {"options": ["High", "Low"], "expires_in": 600, "hide_totals": "true"},
    });
    let post = server.post(&server.ana, "/api/v1/statuses", asked).await.body;
    let id = id(&post);
    let entity = |counts: [Value; 2], votes: i64| {
        json!({
            "id": id,
            "expires_at": "2017-03-14T14:10:00.000Z",
            "expired": false,
            "multiple": false,
            "votes_count": votes,
            "voters_count": null,
            "options": [
                {"title": "High", "votes_count": counts[0]},
                {"title": "Low", "votes_count": counts[1]},
            ],
            "emojis": [],
        })
    };
    let with = |mut poll: Value, voted: bool, own: Value| {
        poll["voted"] = json!(voted);
        poll["own_votes"] = own;
        poll
    };
    let hidden = || [Value::Null, Value::Null];
    assert_eq!(post["poll"], with(entity(hidden(), 0), true, json!([])));
    let (path, votes) = (format!("/api/v1/polls/{id}"), format!("/api/v1/polls/{id}/votes"));
    assert_eq!(server.get("", &path).await.body, entity(hidden(), 0));
    for (wrong, why) in [
        (json!({"choices": []}), "Choose an option."),
        (json!({"choices": [2]}), "The chosen vote option does not exist"),
        (json!({"choices": [0, 1]}), "This poll takes one choice."),
        (
            json!({"choices": ["a"]}),
            "choices: is not a number that can be taken",
        ),
    ] {
        let refused = server.post(&server.ben, &votes, wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.body["error"], format!("Validation failed: {why}"));
    }
    let own = server.post(&server.ana, &votes, json!({"choices": [0]})).await;
    assert_eq!(
        own.body["error"],
        "Validation failed: You cannot vote in your own polls"
    );
    let stranger = server.post("", &votes, json!({"choices": [0]})).await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    let voted = server.post(&server.ben, &votes, json!({"choices": [1]})).await;
    assert_eq!(voted.body, with(entity(hidden(), 1), true, json!([1])));
    let again = server.post(&server.ben, &votes, json!({"choices": [0]})).await;
    assert_eq!(
        again.body["error"],
        "Validation failed: You have already voted on this poll"
    );
    let seen = server
        .get(&server.ben, &format!("/api/v1/statuses/{id}"))
        .await
        .body;
    assert_eq!(seen["poll"], with(entity(hidden(), 1), true, json!([])));
    // The end does not wait for anything to be written.
    server.clock.set(CoarseTime::from_unix_seconds(1_489_500_600));
    let over = server.get(&server.ben, &path).await.body;
    assert_eq!(
        (&over["expired"], &over["options"][1]["votes_count"]),
        (&json!(true), &json!(1))
    );
    let late = server.post(&server.ben, &votes, json!({"choices": [0]})).await;
    assert_eq!(
        late.body["error"],
        "Validation failed: The poll has already ended"
    );
}

#[tokio::test]
async fn an_edit_may_ask_anew_and_a_poll_that_is_not_named_goes() {
    let server = Server::start().await;
    let ask = |options: &[&str]| json!({"status": "?", "poll": {"options": options, "expires_in": 600}});
    let id = server.say(&server.ana, ask(&["yes", "no"])).await;
    let votes = format!("/api/v1/polls/{id}/votes");
    server.post(&server.ben, &votes, json!({"choices": [0]})).await;
    let path = format!("/api/v1/statuses/{id}");
    let same = server
        .ask(&server.ana, "PUT", &path, ask(&["yes", "no"]))
        .await
        .body;
    assert_eq!(
        (&same["poll"]["votes_count"], &same["edited_at"]),
        (&json!(1), &Value::Null)
    );
    let other = server
        .ask(&server.ana, "PUT", &path, ask(&["yes", "no", "well"]))
        .await
        .body;
    assert_eq!(
        (&other["poll"]["votes_count"], other["edited_at"].is_string()),
        (&json!(0), true)
    );
    let again = server.post(&server.ben, &votes, json!({"choices": [2]})).await;
    assert_eq!(again.status, StatusCode::OK);
    let plain = server
        .ask(&server.ana, "PUT", &path, json!({"status": "!"}))
        .await
        .body;
    assert_eq!(plain["poll"], Value::Null);
    let history = server.get("", &format!("{path}/history")).await.body;
    assert_eq!(
        history[0]["poll"],
        json!({"options": [{"title": "yes"}, {"title": "no"}]})
    );
    assert_eq!(history[1]["poll"]["options"][2]["title"], "well");
    assert!(history[2].get("poll").is_none());
    assert_eq!(
        server.get("", &format!("/api/v1/polls/{id}")).await.status,
        StatusCode::NOT_FOUND
    );
}
