//! Notifications in groups.

use bauta_service::Registrations;
use serde_json::{Value, json};

use super::circles::Person;
use super::house::{open, text};

#[tokio::test]
async fn likes_of_one_post_are_one_group() {
    let house = open(Registrations::Open).await;
    let alice = Person::new(&house, "alice").await;
    let (bob, carol) = (
        Person::new(&house, "bob").await,
        Person::new(&house, "carol").await,
    );
    let post = alice.says(json!({"status": "High water at nine."})).await;
    for fan in [&bob, &carol] {
        fan.ask("POST", &format!("/api/v1/statuses/{post}/favourite"), json!({}))
            .await;
    }
    bob.says(json!({"status": "@alice indeed"})).await;
    let seen = alice.get("/api/v2/notifications").await;
    let groups = seen["notification_groups"].as_array().unwrap();
    assert_eq!(groups.len(), 2);
    let key = format!("favourite-{post}");
    let likes = groups
        .iter()
        .find(|group| group["group_key"] == key.as_str())
        .unwrap();
    assert_eq!(
        (&likes["notifications_count"], &likes["type"], &likes["status_id"]),
        (&json!(2), &json!("favourite"), &json!(post))
    );
    assert_eq!(likes["sample_account_ids"], json!([carol.id, bob.id]));
    assert_eq!(seen["accounts"].as_array().unwrap().len(), 2, "each once");
    assert_eq!(seen["statuses"].as_array().unwrap().len(), 2, "each once");
    assert_eq!(alice.get("/api/v2/notifications/unread_count").await["count"], 2);
    let apart = alice.get("/api/v2/notifications?grouped_types[]=follow").await;
    assert_eq!(apart["notification_groups"].as_array().unwrap().len(), 3);

    let one = alice.get(&format!("/api/v2/notifications/{key}")).await;
    assert_eq!(one["notification_groups"][0]["notifications_count"], 2);
    let people = alice.get(&format!("/api/v2/notifications/{key}/accounts")).await;
    let people: Vec<String> = people
        .as_array()
        .unwrap()
        .iter()
        .map(|one| text(&one["id"]))
        .collect();
    assert_eq!(people, [carol.id.clone(), bob.id.clone()]);
    assert_eq!(
        bob.fails("GET", &format!("/api/v2/notifications/{key}"), Value::Null)
            .await,
        404
    );
    let away = format!("/api/v2/notifications/{key}/dismiss");
    bob.ask("POST", &away, json!({})).await;
    alice.ask("POST", &away, json!({})).await;
    assert_eq!(
        alice
            .fails("GET", &format!("/api/v2/notifications/{key}"), Value::Null)
            .await,
        404
    );
    let left = alice.get("/api/v2/notifications").await;
    assert_eq!(left["notification_groups"].as_array().unwrap().len(), 1);
    assert_eq!(left["notification_groups"][0]["type"], "mention");
}

#[tokio::test]
async fn who_follows_on_one_day_is_one_group() {
    let house = open(Registrations::Open).await;
    let alice = Person::new(&house, "alice").await;
    for name in ["bob", "carol"] {
        Person::new(&house, name).await.follows(&alice).await;
    }
    let day = std::time::Duration::from_secs(24 * 60 * 60);
    house.app.clock.set(house.app.clock.now().plus(day));
    Person::new(&house, "dan").await.follows(&alice).await;
    let seen = alice.get("/api/v2/notifications").await;
    let counts: Vec<i64> = seen["notification_groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| group["notifications_count"].as_i64().unwrap())
        .collect();
    assert_eq!(counts, [1, 2]);
    assert_eq!(seen["notification_groups"][0]["status_id"], Value::Null);
}

#[tokio::test]
async fn a_policy_sets_strangers_aside_and_requests_let_them_in() {
    let house = open(Registrations::Open).await;
    let alice = Person::new(&house, "alice").await;
    let (bob, carol) = (
        Person::new(&house, "bob").await,
        Person::new(&house, "carol").await,
    );
    let policy = "/api/v2/notifications/policy";
    let usual = json!({"for_not_following": "accept", "for_not_followers": "accept", "for_new_accounts": "accept",
        "for_private_mentions": "accept", "for_limited_accounts": "drop",
        "summary": {"pending_requests_count": 0, "pending_notifications_count": 0}});
    assert_eq!(alice.get(policy).await, usual);
    assert_eq!(
        alice
            .fails("PATCH", policy, json!({"for_new_accounts": "maybe"}))
            .await,
        422
    );
    let set = alice
        .ask("PATCH", policy, json!({"for_not_following": "filter"}))
        .await;
    assert_eq!(set["for_not_following"], "filter");
    assert_eq!(set["for_limited_accounts"], "drop", "what is not named stays");
    let post = bob.says(json!({"status": "@alice look"})).await;
    carol.follows(&alice).await;
    assert_eq!(alice.get("/api/v1/notifications").await, json!([]));
    let with = "/api/v1/notifications?include_filtered=true&account_id=";
    let of_bob = alice.get(&format!("{with}{}", bob.id)).await;
    assert_eq!(of_bob[0]["status"]["id"], post.as_str());
    assert_eq!(
        alice.get(policy).await["summary"],
        json!({"pending_requests_count": 2, "pending_notifications_count": 2})
    );
    let requests = alice.get("/api/v1/notifications/requests").await;
    let one = &requests[1];
    assert_eq!(one["account"]["id"], bob.id.as_str());
    assert_eq!(one["last_status"]["id"], post.as_str());
    assert_eq!(
        (&one["notifications_count"], &one["created_at"]),
        (&json!("1"), &one["updated_at"])
    );
    assert_eq!(requests[0]["last_status"], Value::Null);
    let path = format!("/api/v1/notifications/requests/{}", text(&one["id"]));
    assert_eq!(&alice.get(&path).await, one);
    for (method, path) in [
        ("GET", path.clone()),
        ("POST", format!("{path}/accept")),
        ("POST", format!("{path}/dismiss")),
    ] {
        assert_eq!(
            bob.fails(method, &path, json!({})).await,
            404,
            "{path} of somebody else"
        );
    }
    alice.ask("POST", &format!("{path}/accept"), json!({})).await;
    let merged = alice.get("/api/v1/notifications/requests/merged").await;
    assert_eq!(merged, json!({"merged": true}));
    let told = alice.get("/api/v1/notifications").await;
    assert_eq!(told.as_array().unwrap().len(), 1);
    let rest: Vec<String> = vec![text(&requests[0]["id"]), "nonsense".into(), "7".into()];
    let dismiss = "/api/v1/notifications/requests/dismiss";
    alice.ask("POST", dismiss, json!({"id": rest})).await;
    assert_eq!(alice.get("/api/v1/notifications/requests").await, json!([]));
    carol.says(json!({"status": "@alice me too"})).await;
    let again = alice.get("/api/v1/notifications/requests").await;
    let accept = "/api/v1/notifications/requests/accept";
    alice.ask("POST", accept, json!({"id": [again[0]["id"]]})).await;
    assert_eq!(
        alice.get("/api/v1/notifications").await.as_array().unwrap().len(),
        2
    );
    let many: Vec<String> = (0..101).map(|number: i32| number.to_string()).collect();
    assert_eq!(alice.fails("POST", accept, json!({"id": many})).await, 422);
}
