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
