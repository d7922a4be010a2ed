//! Whom to follow, what is talked about, what is announced.

use bauta_model::{Handle, Role};
use bauta_service::{Registrations, accounts};
use serde_json::{Value, json};

use super::circles::Person;
use super::house::{open, text};

async fn found(person: &Person<'_>) {
    person
        .ask(
            "PATCH",
            "/api/v1/accounts/update_credentials",
            json!({"discoverable": true, "indexable": true}),
        )
        .await;
}

fn ids(list: &Value) -> Vec<String> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|one| text(&one["id"]))
        .collect()
}

#[tokio::test]
async fn people_who_want_to_be_found_are_listed_and_suggested() {
    let house = open(Registrations::Open).await;
    let (alice, bob) = (
        Person::new(&house, "alice").await,
        Person::new(&house, "bob").await,
    );
    let carol = Person::new(&house, "carol").await;
    found(&carol).await;
    assert_eq!(
        ids(&house.get("/api/v1/directory", None).await.good()),
        [carol.id.as_str()]
    );
    let wrong = house.get("/api/v1/directory?order=loud", None).await;
    assert_eq!(wrong.status, 422);
    let shown = json!({"hide_collections": false});
    let own = "/api/v1/accounts/update_credentials";
    bob.ask("PATCH", own, shown).await;
    alice.follows(&bob).await;
    bob.follows(&carol).await;
    let suggested = alice.get("/api/v2/suggestions").await;
    assert_eq!(suggested[0]["account"]["id"], carol.id.as_str());
    assert_eq!(suggested[0]["sources"], json!(["friends_of_friends"]));
    assert_eq!(ids(&alice.get("/api/v1/suggestions").await), [carol.id.as_str()]);
    let path = format!("/api/v1/suggestions/{}", carol.id);
    alice.ask("DELETE", &path, json!({})).await;
    assert_eq!(alice.get("/api/v2/suggestions").await, json!([]));
    assert_eq!(
        alice.fails("DELETE", "/api/v1/suggestions/7", json!({})).await,
        404
    );
}

#[tokio::test]
async fn what_several_people_say_in_public_is_talked_about() {
    let house = open(Registrations::Open).await;
    let (alice, bob) = (
        Person::new(&house, "alice").await,
        Person::new(&house, "bob").await,
    );
    for person in [&alice, &bob] {
        found(person).await;
    }
    let post = alice.says(json!({"status": "High water #Rialto"})).await;
    bob.says(json!({"status": "Boots! #rialto #alone"})).await;
    bob.says(json!({"status": "#secret", "visibility": "private"}))
        .await;
    bob.ask("POST", &format!("/api/v1/statuses/{post}/reblog"), json!({}))
        .await;
    let tags = house.get("/api/v1/trends/tags", None).await.good();
    assert_eq!(tags.as_array().unwrap().len(), 1);
    assert_eq!(tags[0]["name"], "rialto");
    assert_eq!(
        (&tags[0]["history"][0]["uses"], &tags[0]["history"][0]["accounts"]),
        (&json!("2"), &json!("2"))
    );
    assert_eq!(tags[0]["history"].as_array().unwrap().len(), 7);
    assert_eq!(
        ids(&house.get("/api/v1/trends/statuses", None).await.good()),
        [post.as_str()]
    );
    house.operator("operator").await;
    let staff = house.token("operator", "admin:read").await;
    let seen = house.get("/api/v1/admin/trends/tags", Some(&staff)).await.good();
    assert_eq!(seen[0]["requires_review"], false);
    let seen = house
        .get("/api/v1/admin/trends/statuses", Some(&staff))
        .await
        .good();
    assert_eq!(ids(&seen), [post]);
    for path in ["/api/v1/admin/trends/tags", "/api/v1/admin/trends/statuses"] {
        let token = house.token("alice", "admin:read").await;
        assert_eq!(house.get(path, Some(&token)).await.status, 403);
    }
}

#[tokio::test]
async fn an_announcement_is_read_and_reacted_to() {
    let house = open(Registrations::Open).await;
    let alice = Person::new(&house, "alice").await;
    let handle = Handle::parse("mod").unwrap();
    accounts::create_by_operator(&house.app, &handle, Role::Moderator)
        .await
        .unwrap();
    let token = accounts::token_by_operator(&house.app, &handle, &bauta_service::Scopes::all())
        .await
        .unwrap();
    let moderator = accounts::authenticate(&house.app, token.expose())
        .await
        .unwrap()
        .unwrap();
    bauta_service::announcements::publish(&house.app, &moderator, "High water #tonight", Some(3))
        .await
        .unwrap();
    let all = alice.get("/api/v1/announcements").await;
    let one = &all[0];
    assert_eq!(
        (&one["read"], &one["tags"][0]["name"]),
        (&json!(false), &json!("tonight"))
    );
    assert_eq!(one["published_at"], "2017-04-07T14:02:00.000Z");
    assert_eq!(one["ends_at"], "2017-04-10T14:02:00.000Z");
    let path = format!("/api/v1/announcements/{}", text(&one["id"]));
    let wave = format!("{path}/reactions/%F0%9F%8C%8A");
    alice.ask("PUT", &wave, json!({})).await;
    assert_eq!(
        alice
            .fails("PUT", &format!("{path}/reactions/boo"), json!({}))
            .await,
        422
    );
    let seen = alice.get("/api/v1/announcements").await;
    assert_eq!(
        seen[0]["reactions"],
        json!([{"name": "🌊", "count": 1, "me": true}])
    );
    alice.ask("DELETE", &wave, json!({})).await;
    alice.ask("POST", &format!("{path}/dismiss"), json!({})).await;
    assert_eq!(alice.get("/api/v1/announcements").await, json!([]));
    let seen = alice.get("/api/v1/announcements?with_dismissed=true").await;
    assert_eq!(
        (&seen[0]["read"], &seen[0]["reactions"]),
        (&json!(true), &json!([]))
    );
    for (method, path) in [
        ("POST", "/api/v1/announcements/7/dismiss"),
        ("PUT", "/api/v1/announcements/7/reactions/%F0%9F%8C%8A"),
        ("DELETE", "/api/v1/announcements/nonsense/reactions/x"),
    ] {
        assert_eq!(alice.fails(method, path, json!({})).await, 404, "{path}");
    }
}
