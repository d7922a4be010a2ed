//! Filters: words and posts that a person does not want to come upon.

use bauta_service::Registrations;
use serde_json::{Value, json};

use super::circles::Person;
use super::house::{open, text};

fn met(posts: &Value) -> Vec<&Value> {
    posts
        .as_array()
        .unwrap()
        .iter()
        .map(|post| &post["filtered"])
        .collect()
}

#[tokio::test]
async fn a_filter_marks_posts_for_its_owner_alone_until_it_ends() {
    let house = open(Registrations::Open).await;
    let (alice, bob) = (
        Person::new(&house, "alice").await,
        Person::new(&house, "bob").await,
    );
    alice.follows(&bob).await;
    let post = bob.says(json!({"status": "A bauta by the water."})).await;
    alice.says(json!({"status": "My own bauta."})).await;
    let filter = alice
        .ask(
            "POST",
            "/api/v2/filters",
            json!({"title": "Masks", "context": ["home", "thread"], "filter_action": "hide", "expires_in": 3600,
                "keywords_attributes": [{"keyword": "Bauta", "whole_word": true}]}),
        )
        .await;
    let (id, keyword) = (text(&filter["id"]), text(&filter["keywords"][0]["id"]));
    assert_eq!(
        filter,
        json!({"id": id, "title": "Masks", "context": ["home", "thread"], "filter_action": "hide",
            "expires_at": "2017-04-07T15:03:00.000Z", "statuses": [],
            "keywords": [{"id": keyword, "keyword": "Bauta", "whole_word": true}]})
    );
    let home = alice.get("/api/v1/timelines/home").await;
    assert_eq!(met(&home)[0], &json!([]), "one's own words are never filtered");
    assert_eq!(
        met(&home)[1],
        &json!([{"keyword_matches": ["Bauta"], "status_matches": null, "filter": {"id": id, "title": "Masks",
            "context": ["home", "thread"], "filter_action": "hide", "expires_at": "2017-04-07T15:03:00.000Z"}}])
    );
    let one = alice.get(&format!("/api/v1/statuses/{post}")).await;
    assert_eq!(one["filtered"].as_array().unwrap().len(), 1);
    assert_eq!(met(&bob.get("/api/v1/timelines/home").await), [&json!([])]);
    for (method, path) in [
        ("GET", format!("/api/v2/filters/{id}")),
        ("DELETE", format!("/api/v2/filters/{id}")),
    ] {
        assert_eq!(
            bob.fails(method, &path, json!({})).await,
            404,
            "{method} of another"
        );
    }
    let path = format!("/api/v2/filters/keywords/{keyword}");
    assert_eq!(bob.fails("PUT", &path, json!({"keyword": "x"})).await, 404);
    house
        .app
        .clock
        .set(house.app.clock.now().plus(std::time::Duration::from_secs(3720)));
    assert_eq!(
        met(&alice.get("/api/v1/timelines/home").await)[1],
        &json!([]),
        "it has ended"
    );
    alice
        .ask("PUT", &format!("/api/v2/filters/{id}"), json!({"expires_in": ""}))
        .await;
    assert_eq!(
        met(&alice.get("/api/v1/timelines/home").await)[1]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    alice
        .ask("DELETE", &format!("/api/v2/filters/{id}"), json!({}))
        .await;
    assert_eq!(met(&alice.get("/api/v1/timelines/home").await)[1], &json!([]));
}

#[tokio::test]
async fn keywords_and_posts_come_and_go_one_by_one() {
    let house = open(Registrations::Open).await;
    let (alice, bob) = (
        Person::new(&house, "alice").await,
        Person::new(&house, "bob").await,
    );
    let post = bob.says(json!({"status": "High water at nine."})).await;
    let body = json!({"title": "Tides", "context": ["public"]});
    let filter = text(&alice.ask("POST", "/api/v2/filters", body).await["id"]);
    let keywords = format!("/api/v2/filters/{filter}/keywords");
    let added = alice
        .ask("POST", &keywords, json!({"keyword": "tide", "whole_word": false}))
        .await;
    assert_eq!(alice.get(&keywords).await, json!([added]));
    let one = format!("/api/v2/filters/keywords/{}", text(&added["id"]));
    let changed = alice.ask("PUT", &one, json!({"keyword": "low water"})).await;
    assert_eq!(
        (&changed["keyword"], &changed["whole_word"]),
        (&json!("low water"), &json!(false))
    );
    assert_eq!(alice.fails("POST", &keywords, json!({"keyword": " "})).await, 422);
    alice.ask("DELETE", &one, json!({})).await;
    assert_eq!(alice.fails("GET", &one, json!({})).await, 404);

    let posts = format!("/api/v2/filters/{filter}/statuses");
    let picked = alice.ask("POST", &posts, json!({ "status_id": post })).await;
    assert_eq!(
        alice.fails("POST", &posts, json!({ "status_id": post })).await,
        422,
        "twice"
    );
    assert_eq!(
        alice.fails("POST", &posts, json!({"status_id": "7"})).await,
        404,
        "no such post"
    );
    assert_eq!(alice.get(&posts).await, json!([picked]));
    let seen = alice.get(&format!("/api/v1/statuses/{post}")).await;
    assert_eq!(seen["filtered"][0]["status_matches"], json!([post]));
    assert_eq!(seen["filtered"][0]["keyword_matches"], Value::Null);
    let one = format!("/api/v2/filters/statuses/{}", text(&picked["id"]));
    assert_eq!(alice.get(&one).await, picked);
    assert_eq!(bob.fails("DELETE", &one, json!({})).await, 404);
    alice.ask("DELETE", &one, json!({})).await;
    assert_eq!(alice.get(&posts).await, json!([]));
}

#[tokio::test]
async fn what_is_wrong_with_a_filter_is_said_and_nothing_is_kept_of_it() {
    let house = open(Registrations::Open).await;
    let alice = Person::new(&house, "alice").await;
    for wrong in [
        json!({"context": ["home"]}),
        json!({"title": " ", "context": ["home"]}),
        json!({"title": "a"}),
        json!({"title": "a", "context": []}),
        json!({"title": "a", "context": ["everywhere"]}),
        json!({"title": "a", "context": ["home"], "filter_action": "burn"}),
        json!({"title": "a", "context": ["home"], "expires_in": "soon"}),
        json!({"title": "a", "context": ["home"], "expires_in": "-5"}),
        json!({"title": "a".repeat(600), "context": ["home"]}),
        json!({"title": "a", "context": ["home"], "keywords_attributes": [{"keyword": ""}]}),
    ] {
        assert_eq!(
            alice.fails("POST", "/api/v2/filters", wrong.clone()).await,
            422,
            "{wrong}"
        );
    }
    let foreign =
        json!({"title": "a", "context": ["home"], "keywords_attributes": [{"id": "7", "keyword": "b"}]});
    assert_eq!(alice.fails("POST", "/api/v2/filters", foreign).await, 404);
    assert_eq!(alice.get("/api/v2/filters").await, json!([]));
}

#[tokio::test]
async fn an_older_app_sees_each_keyword_as_a_filter() {
    let house = open(Registrations::Open).await;
    let alice = Person::new(&house, "alice").await;
    let made = alice
        .ask(
            "POST",
            "/api/v1/filters",
            json!({"phrase": "tide", "context": ["home"], "irreversible": true}),
        )
        .await;
    let id = text(&made["id"]);
    assert_eq!(
        made,
        json!({"id": id, "phrase": "tide", "context": ["home"], "whole_word": true, "expires_at": null,
            "irreversible": true})
    );
    assert_eq!(alice.get("/api/v2/filters").await[0]["filter_action"], "hide");
    let path = format!("/api/v1/filters/{id}");
    let changed = alice
        .ask(
            "PUT",
            &path,
            json!({"phrase": "ebb", "context": ["public"], "irreversible": false}),
        )
        .await;
    assert_eq!(
        (&changed["phrase"], &changed["irreversible"]),
        (&json!("ebb"), &json!(false))
    );
    assert_eq!(alice.get("/api/v1/filters").await, json!([changed]));
    assert_eq!(alice.get(&path).await, changed);
    alice.ask("DELETE", &path, json!({})).await;
    assert_eq!(
        alice.get("/api/v2/filters").await,
        json!([]),
        "a filter goes with its only word"
    );
}
