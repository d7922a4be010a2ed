//! Lists, hashtags, notes, recommendations, servers left out, conversations: what a person keeps.

use bauta_service::Registrations;
use serde_json::{Value, json};

use super::house::{House, open, text};

const ALL: &str = "read write follow";

pub struct Person<'h> {
    house: &'h House,
    pub id: String,
    token: String,
}

impl<'h> Person<'h> {
    pub async fn new(house: &'h House, name: &str) -> Self {
        let id = house.join(name).await.to_string();
        let token = house.token(name, ALL).await;
        Self { house, id, token }
    }

    pub async fn ask(&self, method: &str, path: &str, body: Value) -> Value {
        let answer = self.house.ask(method, path, Some(&self.token), Some(body)).await;
        answer.good()
    }

    pub async fn get(&self, path: &str) -> Value {
        self.house.get(path, Some(&self.token)).await.good()
    }

    pub async fn fails(&self, method: &str, path: &str, body: Value) -> u16 {
        let answer = self.house.ask(method, path, Some(&self.token), Some(body)).await;
        assert!(!answer.error().1.is_empty(), "{method} {path} says why");
        answer.status.as_u16()
    }

    pub async fn follows(&self, other: &Self) {
        let path = format!("/api/v1/accounts/{}/follow", other.id);
        self.ask("POST", &path, json!({})).await;
    }

    pub async fn says(&self, body: Value) -> String {
        text(&self.ask("POST", "/api/v1/statuses", body).await["id"])
    }
}

fn ids(list: &Value) -> Vec<String> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|one| text(&one["id"]))
        .collect()
}

#[tokio::test]
async fn a_list_shows_what_its_people_say_and_its_replies_by_its_policy() {
    let house = open(Registrations::Open).await;
    let (alice, bob, carol) = (
        Person::new(&house, "alice").await,
        Person::new(&house, "bob").await,
        Person::new(&house, "carol").await,
    );
    alice.follows(&bob).await;
    let list = alice
        .ask("POST", "/api/v1/lists", json!({"title": " Lagoon "}))
        .await;
    let id = text(&list["id"]);
    assert_eq!(
        list,
        json!({"id": id, "title": "Lagoon", "replies_policy": "list", "exclusive": false})
    );
    let people = format!("/api/v1/lists/{id}/accounts");
    let members = json!({"account_ids": [bob.id]});
    alice.ask("POST", &people, members.clone()).await;
    assert_eq!(alice.fails("POST", &people, members).await, 422, "twice");
    let stranger = json!({"account_ids": [carol.id]});
    assert_eq!(alice.fails("POST", &people, stranger).await, 404, "not followed");
    assert_eq!(
        ids(&alice.get(&format!("{people}?limit=0")).await),
        [bob.id.as_str()]
    );
    assert_eq!(
        ids(&alice.get(&format!("/api/v1/accounts/{}/lists", bob.id)).await),
        [id.as_str()]
    );
    let of_carol = carol.says(json!({"status": "Who was at the locks?"})).await;
    let plain = bob.says(json!({"status": "The tide is high."})).await;
    let reply = bob
        .says(json!({"status": "I was.", "in_reply_to_id": of_carol}))
        .await;
    let timeline = format!("/api/v1/timelines/list/{id}");
    assert_eq!(ids(&alice.get(&timeline).await), [plain.as_str()]);
    let path = format!("/api/v1/lists/{id}");
    alice.follows(&carol).await;
    alice
        .ask("PUT", &path, json!({"replies_policy": "followed"}))
        .await;
    assert_eq!(ids(&alice.get(&timeline).await), [reply.as_str(), plain.as_str()]);
    assert_eq!(
        alice.fails("PUT", &path, json!({"replies_policy": "some"})).await,
        422
    );
    assert_eq!(
        alice.fails("POST", "/api/v1/lists", json!({"title": " "})).await,
        422
    );
    for (method, path) in [
        ("GET", &path),
        ("DELETE", &path),
        ("GET", &timeline),
        ("GET", &people),
    ] {
        assert_eq!(
            bob.fails(method, path, json!({})).await,
            404,
            "{method} {path} of another"
        );
    }
    alice
        .ask("DELETE", &people, json!({"account_ids": [bob.id]}))
        .await;
    assert_eq!(alice.get(&timeline).await, json!([]));
    alice.ask("DELETE", &path, json!({})).await;
    assert_eq!(alice.get("/api/v1/lists").await, json!([]));
}

#[tokio::test]
async fn an_exclusive_list_keeps_its_people_out_of_the_home_timeline() {
    let house = open(Registrations::Open).await;
    bauta_service::timelines::warm(&house.app).await.unwrap();
    let (alice, bob) = (
        Person::new(&house, "alice").await,
        Person::new(&house, "bob").await,
    );
    alice.follows(&bob).await;
    let post = bob.says(json!({"status": "High water at nine."})).await;
    assert_eq!(ids(&alice.get("/api/v1/timelines/home").await), [post.as_str()]);
    let list = alice
        .ask(
            "POST",
            "/api/v1/lists",
            json!({"title": "Bob", "exclusive": true}),
        )
        .await;
    let id = text(&list["id"]);
    alice
        .ask(
            "POST",
            &format!("/api/v1/lists/{id}/accounts"),
            json!({"account_ids": [bob.id]}),
        )
        .await;
    assert_eq!(
        alice.get("/api/v1/timelines/home").await,
        json!([]),
        "from memory"
    );
    let past = format!("/api/v1/timelines/home?max_id={}", i64::MAX);
    assert_eq!(alice.get(&past).await, json!([]));
    assert_eq!(
        ids(&alice.get(&format!("/api/v1/timelines/list/{id}")).await),
        [post.as_str()]
    );
    // Whoever is not followed any more is in no list.
    alice
        .ask(
            "POST",
            &format!("/api/v1/accounts/{}/unfollow", bob.id),
            json!({}),
        )
        .await;
    alice.follows(&bob).await;
    assert_eq!(
        alice.get(&format!("/api/v1/timelines/list/{id}")).await,
        json!([])
    );
    assert_eq!(ids(&alice.get("/api/v1/timelines/home").await), [post.as_str()]);
}

#[tokio::test]
async fn a_followed_hashtag_is_in_the_home_timeline() {
    let house = open(Registrations::Open).await;
    bauta_service::timelines::warm(&house.app).await.unwrap();
    let (alice, bob) = (
        Person::new(&house, "alice").await,
        Person::new(&house, "bob").await,
    );
    let first = bob.says(json!({"status": "At the #Rialto."})).await;
    bob.says(json!({"status": "#Rialto, for few", "visibility": "unlisted"}))
        .await;
    let own = alice.says(json!({"status": "Good evening."})).await;
    assert_eq!(ids(&alice.get("/api/v1/timelines/home").await), [own.as_str()]);
    let tag = alice.ask("POST", "/api/v1/tags/Rialto/follow", json!({})).await;
    assert_eq!(
        tag,
        json!({"id": "rialto", "name": "rialto", "url": "http://localhost:8080/tags/rialto", "history": [],
            "following": true, "featuring": false})
    );
    assert_eq!(
        ids(&alice.get("/api/v1/timelines/home").await),
        [own.as_str(), first.as_str()]
    );
    assert_eq!(
        ids(&alice.get("/api/v1/timelines/home?limit=1").await),
        [own.as_str()]
    );
    let older = alice.get(&format!("/api/v1/timelines/home?max_id={own}")).await;
    assert_eq!(ids(&older), [first.as_str()]);
    assert_eq!(ids(&alice.get("/api/v1/followed_tags").await), ["rialto"]);
    assert_eq!(
        alice.fails("POST", "/api/v1/tags/2026/follow", json!({})).await,
        422
    );
    alice.ask("POST", "/api/v1/tags/rialto/unfollow", json!({})).await;
    assert_eq!(ids(&alice.get("/api/v1/timelines/home").await), [own.as_str()]);
    let seen = house.get("/api/v1/tags/rialto", None).await.good();
    assert_eq!(seen["following"], Value::Null, "strangers follow nothing");
}

#[tokio::test]
async fn a_profile_shows_hashtags_and_recommended_people() {
    let house = open(Registrations::Open).await;
    let (alice, bob) = (
        Person::new(&house, "alice").await,
        Person::new(&house, "bob").await,
    );
    alice.says(json!({"status": "The #Rialto at dawn."})).await;
    assert_eq!(
        ids(&alice.get("/api/v1/featured_tags/suggestions").await),
        ["rialto"]
    );
    let tag = alice
        .ask("POST", "/api/v1/featured_tags", json!({"name": "#Rialto"}))
        .await;
    let day = "2017-04-07";
    assert_eq!(
        tag,
        json!({"id": tag["id"], "name": "rialto", "url": "http://localhost:8080/@alice/tagged/rialto",
            "statuses_count": "1", "last_status_at": day})
    );
    let public = house
        .get(&format!("/api/v1/accounts/{}/featured_tags", alice.id), None)
        .await
        .good();
    assert_eq!(public, json!([tag]));
    assert_eq!(alice.get("/api/v1/featured_tags/suggestions").await, json!([]));
    let path = format!("/api/v1/featured_tags/{}", text(&tag["id"]));
    assert_eq!(bob.fails("DELETE", &path, json!({})).await, 404);
    alice.ask("DELETE", &path, json!({})).await;
    assert_eq!(alice.get("/api/v1/featured_tags").await, json!([]));
    for number in 0..10 {
        alice
            .ask("POST", &format!("/api/v1/tags/t{number}/feature"), json!({}))
            .await;
    }
    assert_eq!(
        alice.fails("POST", "/api/v1/tags/t10/feature", json!({})).await,
        422
    );
    assert_eq!(
        alice.get("/api/v1/featured_tags").await.as_array().unwrap().len(),
        10
    );

    let endorse = format!("/api/v1/accounts/{}/endorse", bob.id);
    assert_eq!(
        alice.fails("POST", &endorse, json!({})).await,
        422,
        "not followed"
    );
    alice.follows(&bob).await;
    assert_eq!(alice.ask("POST", &endorse, json!({})).await["endorsed"], true);
    let public = house
        .get(&format!("/api/v1/accounts/{}/endorsements", alice.id), None)
        .await
        .good();
    assert_eq!(ids(&public), [bob.id.as_str()]);
    assert_eq!(ids(&alice.get("/api/v1/endorsements").await), [bob.id.as_str()]);
    let unendorse = format!("/api/v1/accounts/{}/unendorse", bob.id);
    assert_eq!(alice.ask("POST", &unendorse, json!({})).await["endorsed"], false);
}

#[tokio::test]
async fn a_note_is_for_whoever_wrote_it() {
    let house = open(Registrations::Open).await;
    let (alice, bob) = (
        Person::new(&house, "alice").await,
        Person::new(&house, "bob").await,
    );
    let path = format!("/api/v1/accounts/{}/note", bob.id);
    let tie = alice
        .ask("POST", &path, json!({"comment": "met at the locks"}))
        .await;
    assert_eq!(tie["note"], "met at the locks");
    let seen = alice
        .get(&format!("/api/v1/accounts/relationships?id[]={}", bob.id))
        .await;
    assert_eq!(seen[0]["note"], "met at the locks");
    let seen = bob
        .get(&format!("/api/v1/accounts/relationships?id[]={}", alice.id))
        .await;
    assert_eq!(seen[0]["note"], "");
    let long = json!({"comment": "a".repeat(2001)});
    assert_eq!(alice.fails("POST", &path, long).await, 422);
    assert_eq!(alice.ask("POST", &path, json!({"comment": ""})).await["note"], "");
}

#[tokio::test]
async fn servers_are_left_out_by_name() {
    let house = open(Registrations::Open).await;
    let alice = Person::new(&house, "alice").await;
    alice
        .ask("POST", "/api/v1/domain_blocks", json!({"domain": "Far.Example"}))
        .await;
    assert_eq!(alice.get("/api/v1/domain_blocks").await, json!(["far.example"]));
    for wrong in [
        "",
        "a b",
        "https://far.example/",
        "localhost:8080",
        "far..example",
    ] {
        let body = json!({ "domain": wrong });
        assert_eq!(
            alice.fails("POST", "/api/v1/domain_blocks", body).await,
            422,
            "{wrong}"
        );
    }
    alice
        .ask(
            "DELETE",
            "/api/v1/domain_blocks",
            json!({"domain": "far.example"}),
        )
        .await;
    assert_eq!(alice.get("/api/v1/domain_blocks").await, json!([]));
}

#[tokio::test]
async fn conversations_are_read_and_put_away_by_each_for_themselves() {
    let house = open(Registrations::Open).await;
    let (alice, bob) = (
        Person::new(&house, "alice").await,
        Person::new(&house, "bob").await,
    );
    bob.follows(&alice).await;
    let first = alice
        .says(json!({"status": "@bob at nine?", "visibility": "direct"}))
        .await;
    let seen = bob.get("/api/v1/conversations").await;
    let id = text(&seen[0]["id"]);
    assert_eq!(seen[0]["unread"], true);
    assert_eq!(ids(&seen[0]["accounts"]), [alice.id.as_str()]);
    assert_eq!(seen[0]["last_status"]["id"], first.as_str());
    let own = alice.get("/api/v1/conversations").await;
    assert_eq!(
        (&own[0]["unread"], ids(&own[0]["accounts"])),
        (&json!(false), vec![bob.id.clone()])
    );
    let read = bob
        .ask("POST", &format!("/api/v1/conversations/{id}/read"), json!({}))
        .await;
    assert_eq!(read["unread"], false);
    bob.ask("DELETE", &format!("/api/v1/conversations/{id}"), json!({}))
        .await;
    assert_eq!(bob.get("/api/v1/conversations").await, json!([]));
    assert_eq!(
        alice.get("/api/v1/conversations").await.as_array().unwrap().len(),
        1
    );
    alice
        .says(json!({"status": "@bob or ten", "visibility": "direct", "in_reply_to_id": first}))
        .await;
    assert_eq!(bob.get("/api/v1/conversations").await[0]["unread"], true);
    let carol = Person::new(&house, "carol").await;
    assert_eq!(carol.get("/api/v1/conversations").await, json!([]));
    let path = format!("/api/v1/conversations/{id}");
    assert_eq!(carol.fails("DELETE", &path, json!({})).await, 404);
    assert_eq!(carol.fails("POST", &format!("{path}/read"), json!({})).await, 404);
}
