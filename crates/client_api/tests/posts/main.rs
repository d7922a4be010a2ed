//! Posts, timelines and search as apps see them: real requests to the router, real answers.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod polls;
mod quotes;
mod scheduled;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use bauta_model::{Clock, CoarseTime, Handle, Role};
use bauta_service::{App, Cost, Registrations, Scopes, Setup, Site, accounts};
use bauta_store::Where;
use serde_json::{Value, json};
use tower::ServiceExt;

/// A server with two people, ana and ben.
struct Server {
    router: Router,
    ana: String,
    ben: String,
    clock: Clock,
    _folder: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Server {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::system();
        clock.set(CoarseTime::from_unix_seconds(1_489_500_000));
        let setup = Setup {
            keyring: None,
            site: Site::new("bauta.example", Registrations::Open),
            clock: clock.clone(),
            data: folder.path().to_owned(),
            database: Where::embedded(folder.path()),
            program: "/nonexistent".into(),
        };
        let app = App::open_with_cost(setup, Cost::TESTS).unwrap();
        let mut tokens = Vec::new();
        for name in ["ana", "ben"] {
            let handle = Handle::parse(name).unwrap();
            accounts::create_by_operator(&app, &handle, Role::User)
                .await
                .unwrap();
            let token = accounts::token_by_operator(&app, &handle, &Scopes::all())
                .await
                .unwrap();
            tokens.push(token.expose().clone());
        }
        let [ana, ben] = tokens.try_into().unwrap();
        Self {
            router: bauta_client_api::router(Arc::new(app)),
            ana,
            ben,
            clock,
            _folder: folder,
        }
    }

    async fn ask(&self, token: &str, method: &str, path: &str, body: Value) -> Answer {
        self.ask_with(token, method, path, body, &[]).await
    }

    async fn ask_with(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Value,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json");
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = if body.is_null() {
            Body::empty()
        } else {
            Body::from(body.to_string())
        };
        let response = self
            .router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 24).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or_else(|_| panic!("{path}: not JSON: {bytes:?}")),
        }
    }

    async fn get(&self, token: &str, path: &str) -> Answer {
        self.ask(token, "GET", path, Value::Null).await
    }

    async fn post(&self, token: &str, path: &str, body: Value) -> Answer {
        self.ask(token, "POST", path, body).await
    }

    /// Posts, and gives the post's id.
    async fn say(&self, token: &str, body: Value) -> String {
        let answer = self.post(token, "/api/v1/statuses", body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        id(&answer.body)
    }
}

fn id(status: &Value) -> String {
    status["id"].as_str().unwrap().to_owned()
}

fn ids(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(id).collect()
}

#[tokio::test]
async fn a_post_has_mastodons_shape() {
    let server = Server::start().await;
    let answer = server
        .post(
            &server.ana,
            "/api/v1/statuses",
            json!({"status": "Hello @ben, #Resist: https://a.example/?utm_source=b", "spoiler_text": "cw", "language": "en", "visibility": "unlisted"}),
        )
        .await;
    assert_eq!(answer.headers["content-type"], "application/json");
    let (post, author, named) = (
        id(&answer.body),
        answer.body["account"]["id"].as_str().unwrap().to_owned(),
        answer.body["mentions"][0]["id"].as_str().unwrap().to_owned(),
    );
    let mut seen = answer.body.clone();
    seen["account"] = json!({"id": author});
    let seen = serde_json::to_string_pretty(&seen).unwrap();
    let seen = seen
        .replace(&post, "POST")
        .replace(&author, "ANA")
        .replace(&named, "BEN");
    insta::assert_snapshot!(seen);
}

#[tokio::test]
async fn every_act_on_a_post_gives_the_post_back_as_it_stands() {
    let server = Server::start().await;
    let post = server.say(&server.ana, json!({"status": "act on me"})).await;
    for (act, undo, flag, count) in [
        ("favourite", "unfavourite", "favourited", "favourites_count"),
        ("bookmark", "unbookmark", "bookmarked", ""),
        ("mute", "unmute", "muted", ""),
        ("reblog", "unreblog", "reblogged", "reblogs_count"),
    ] {
        let path = |act: &str| format!("/api/v1/statuses/{post}/{act}");
        let done = server.post(&server.ben, &path(act), Value::Null).await.body;
        let subject = if act == "reblog" { &done["reblog"] } else { &done };
        assert_eq!(
            (&subject[flag], id(subject)),
            (&json!(true), post.clone()),
            "{act}"
        );
        assert!(count.is_empty() || subject[count] == 1, "{act}");
        let undone = server.post(&server.ben, &path(undo), Value::Null).await.body;
        assert_eq!(undone[flag], json!(false), "{undo}");
        assert!(count.is_empty() || undone[count] == 0, "{undo}");
    }
    let pinned = server
        .post(&server.ana, &format!("/api/v1/statuses/{post}/pin"), Value::Null)
        .await
        .body;
    assert_eq!(pinned["pinned"], true);
    let refused = server
        .post(&server.ben, &format!("/api/v1/statuses/{post}/pin"), Value::Null)
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_boost_wraps_the_post() {
    let server = Server::start().await;
    let post = server.say(&server.ana, json!({"status": "wrap me"})).await;
    let boost = server
        .post(
            &server.ben,
            &format!("/api/v1/statuses/{post}/reblog"),
            Value::Null,
        )
        .await
        .body;
    assert_ne!(id(&boost), post);
    assert_eq!(boost["account"]["acct"], "ben");
    assert_eq!(boost["reblog"]["account"]["acct"], "ana");
    assert_eq!(boost["reblog"]["reblog"], Value::Null);
    let home = server.get(&server.ben, "/api/v1/timelines/home").await.body;
    assert_eq!(ids(&home), [id(&boost)]);
    let people = server
        .get("", &format!("/api/v1/statuses/{post}/reblogged_by"))
        .await
        .body;
    assert_eq!(people[0]["acct"], "ben");
}

#[tokio::test]
async fn an_edit_keeps_its_history_and_a_deletion_gives_the_text_back() {
    let server = Server::start().await;
    let post = server.say(&server.ana, json!({"status": "first"})).await;
    let path = format!("/api/v1/statuses/{post}");
    let edited = server
        .ask(&server.ana, "PUT", &path, json!({"status": "second"}))
        .await
        .body;
    assert_eq!(
        (&edited["content"], edited["edited_at"].is_string()),
        (&json!("<p>second</p>"), true)
    );
    let history = server.get("", &format!("{path}/history")).await.body;
    assert_eq!(
        (&history[0]["content"], &history[1]["content"]),
        (&json!("<p>first</p>"), &json!("<p>second</p>"))
    );
    let source = server.get(&server.ana, &format!("{path}/source")).await.body;
    assert_eq!(source["text"], "second");
    assert_eq!(
        server.ask(&server.ben, "DELETE", &path, Value::Null).await.status,
        StatusCode::NOT_FOUND
    );
    let gone = server.ask(&server.ana, "DELETE", &path, Value::Null).await.body;
    assert_eq!(gone["text"], "second");
    assert_eq!(server.get("", &path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_context_is_what_is_above_and_below() {
    let server = Server::start().await;
    let root = server.say(&server.ana, json!({"status": "root"})).await;
    let reply = server
        .say(&server.ben, json!({"status": "reply", "in_reply_to_id": root}))
        .await;
    let below = server
        .say(&server.ana, json!({"status": "below", "in_reply_to_id": reply}))
        .await;
    let context = server
        .get("", &format!("/api/v1/statuses/{reply}/context"))
        .await
        .body;
    assert_eq!(
        (ids(&context["ancestors"]), ids(&context["descendants"])),
        (vec![root.clone()], vec![below])
    );
    let seen = server.get("", &format!("/api/v1/statuses/{root}")).await.body;
    assert_eq!(seen["replies_count"], 1);
    assert!(seen.get("favourited").is_none());
}

#[tokio::test]
async fn pages_are_led_through_by_the_link_header() {
    let server = Server::start().await;
    let mut posted = Vec::new();
    for n in 0..7 {
        posted.push(server.say(&server.ana, json!({"status": n.to_string()})).await);
    }
    posted.reverse();
    for list in ["/api/v1/timelines/home", "/api/v1/timelines/public?local=true"] {
        let mut path = format!("{list}{}limit=3", if list.contains('?') { '&' } else { '?' });
        let mut walked = Vec::new();
        let mut last_prev = String::new();
        loop {
            let page = server.get(&server.ana, &path).await;
            if page.body == json!([]) {
                assert!(!page.headers.contains_key("link"));
                break;
            }
            walked.extend(ids(&page.body));
            let links = page.headers["link"].to_str().unwrap().to_owned();
            let link = |rel: &str| {
                let link = links
                    .split(", ")
                    .find(|link| link.ends_with(&format!("rel=\"{rel}\"")))
                    .unwrap();
                let address = link.trim_start_matches('<').split('>').next().unwrap();
                address.strip_prefix("https://bauta.example").unwrap().to_owned()
            };
            (path, last_prev) = (link("next"), link("prev"));
        }
        assert_eq!(walked, posted, "{list}");
        // Upwards from the last page: the page right above it, not the newest.
        let above = server.get(&server.ana, &last_prev).await;
        assert_eq!(ids(&above.body), posted[3..6]);
    }
}

#[tokio::test]
async fn the_same_idempotency_key_is_the_same_post() {
    let server = Server::start().await;
    let mut made = Vec::new();
    for _ in 0..2 {
        let headers = [("idempotency-key", "abc")];
        let answer = server
            .ask_with(
                &server.ana,
                "POST",
                "/api/v1/statuses",
                json!({"status": "once"}),
                &headers,
            )
            .await;
        made.push(id(&answer.body));
    }
    assert_eq!(made[0], made[1]);
}

#[tokio::test]
async fn a_leak_is_refused_once_with_a_sentence() {
    let server = Server::start().await;
    let leak = json!({"status": "Mail me at ana@mail.example"});
    let refused = server.post(&server.ana, "/api/v1/statuses", leak.clone()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body["error"].as_str().unwrap().contains("e-mail"));
    assert_eq!(
        server.post(&server.ana, "/api/v1/statuses", leak).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn what_is_wrong_is_refused_with_its_status_and_one_sentence() {
    let server = Server::start().await;
    let post = server
        .say(
            &server.ana,
            json!({"status": "for followers", "visibility": "private"}),
        )
        .await;
    let statuses = "/api/v1/statuses";
    for (token, method, path, body, status) in [
        ("", "POST", statuses, json!({"status": "a"}), 401),
        ("nonsense", "GET", "/api/v1/timelines/home", Value::Null, 401),
        ("", "GET", "/api/v1/timelines/home", Value::Null, 401),
        ("", "GET", "/api/v1/bookmarks", Value::Null, 401),
        (&*server.ana, "POST", statuses, json!({"status": ""}), 422),
        (&*server.ana, "POST", statuses, json!({"status": ["a", "b"]}), 422),
        (
            &*server.ana,
            "POST",
            statuses,
            json!({"status": "a".repeat(1001)}),
            422,
        ),
        (
            &*server.ana,
            "POST",
            statuses,
            json!({"status": "a", "visibility": "secret"}),
            422,
        ),
        (
            &*server.ana,
            "POST",
            statuses,
            json!({"status": "a", "language": "<script>"}),
            422,
        ),
        (
            &*server.ana,
            "POST",
            statuses,
            json!({"status": "a", "media_ids": ["1"]}),
            422,
        ),
        (
            &*server.ana,
            "POST",
            statuses,
            json!({"status": "a", "poll": {"options": ["x", "y"]}}),
            422,
        ),
        (
            &*server.ana,
            "POST",
            statuses,
            json!({"status": "a", "scheduled_at": "2017-03-14T14:04:00Z"}),
            422,
        ),
        (
            &*server.ana,
            "POST",
            statuses,
            json!({"status": "a", "in_reply_to_id": "1"}),
            404,
        ),
        (
            &*server.ana,
            "POST",
            statuses,
            json!({"status": "a", "in_reply_to_id": "x"}),
            422,
        ),
        (
            &*server.ana,
            "GET",
            "/api/v1/timelines/home?max_id=abc",
            Value::Null,
            422,
        ),
        (
            &*server.ana,
            "GET",
            "/api/v1/timelines/home?limit=many",
            Value::Null,
            422,
        ),
        (
            &*server.ana,
            "GET",
            "/api/v1/timelines/public?remote=perhaps",
            Value::Null,
            422,
        ),
        ("", "GET", "/api/v1/statuses/abc", Value::Null, 404),
        ("", "GET", "/api/v1/accounts/1/statuses", Value::Null, 404),
        ("", "GET", &*format!("{statuses}/{post}"), Value::Null, 404),
        (
            &*server.ben,
            "POST",
            &*format!("{statuses}/{post}/favourite"),
            Value::Null,
            404,
        ),
        (
            &*server.ben,
            "GET",
            &*format!("{statuses}/{post}/source"),
            Value::Null,
            404,
        ),
        ("", "GET", "/api/v2/search?q=a&offset=20", Value::Null, 401),
        ("", "GET", "/api/v2/search?q=a&type=people", Value::Null, 422),
    ] {
        let what = format!("{method} {path} {body}");
        let answer = server.ask(token, method, path, body).await;
        assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.body);
        assert!(answer.body["error"].is_string(), "{what}");
    }
    assert_eq!(
        ids(&server.get(&server.ana, "/api/v1/timelines/home").await.body),
        [post]
    );
}

#[tokio::test]
async fn lists_of_an_account_can_be_asked_for_less() {
    let server = Server::start().await;
    let first = server.say(&server.ana, json!({"status": "first #tag"})).await;
    let other = server.say(&server.ben, json!({"status": "other"})).await;
    let reply = server
        .say(&server.ana, json!({"status": "reply", "in_reply_to_id": other}))
        .await;
    let boost = id(&server
        .post(
            &server.ana,
            &format!("/api/v1/statuses/{other}/reblog"),
            Value::Null,
        )
        .await
        .body);
    server
        .post(&server.ana, &format!("/api/v1/statuses/{first}/pin"), Value::Null)
        .await;
    let account = server.get("", &format!("/api/v1/statuses/{first}")).await.body["account"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for (query, expected) in [
        ("", vec![&boost, &reply, &first]),
        ("?exclude_replies=1", vec![&boost, &first]),
        ("?exclude_reblogs=true", vec![&reply, &first]),
        ("?pinned=true", vec![&first]),
        ("?tagged=Tag", vec![&first]),
        ("?only_media=true", vec![]),
        ("?limit=1", vec![&boost]),
    ] {
        let list = server
            .get("", &format!("/api/v1/accounts/{account}/statuses{query}"))
            .await
            .body;
        assert_eq!(ids(&list).iter().collect::<Vec<_>>(), expected, "{query}");
    }
}

#[tokio::test]
async fn search_finds_people_hashtags_and_posts() {
    let server = Server::start().await;
    let post = server
        .say(&server.ana, json!({"status": "A rogue word #Resist"}))
        .await;
    let found = server
        .get(&server.ben, "/api/v2/search?q=an&type=accounts")
        .await
        .body;
    assert_eq!(found["accounts"][0]["acct"], "ana");
    let found = server
        .get(&server.ben, "/api/v2/search?q=%23resist&resolve=true")
        .await
        .body;
    assert_eq!(found["hashtags"][0]["name"], "resist");
    let found = server
        .get(&server.ben, "/api/v1/accounts/search?q=@be")
        .await
        .body;
    assert_eq!(found[0]["acct"], "ben");
    let found = server
        .get(
            &server.ben,
            &format!("/api/v2/search?q=https://bauta.example/@ana/{post}"),
        )
        .await
        .body;
    assert_eq!(ids(&found["statuses"]), [post]);
    for hostile in [
        "%22",
        "a%22%20OR%20%22b",
        "NEAR(a%2Cb)",
        "*",
        "%00",
        "words:a",
        "-a",
    ] {
        let answer = server
            .get(&server.ben, &format!("/api/v2/search?q={hostile}"))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{hostile}");
    }
}

#[tokio::test]
async fn saved_posts_come_back() {
    let server = Server::start().await;
    let post = server.say(&server.ana, json!({"status": "save me"})).await;
    for (act, list) in [("bookmark", "bookmarks"), ("favourite", "favourites")] {
        server
            .post(
                &server.ben,
                &format!("/api/v1/statuses/{post}/{act}"),
                Value::Null,
            )
            .await;
        assert_eq!(
            ids(&server.get(&server.ben, &format!("/api/v1/{list}")).await.body),
            std::slice::from_ref(&post)
        );
        assert_eq!(
            server.get(&server.ana, &format!("/api/v1/{list}")).await.body,
            json!([])
        );
    }
    let several = server
        .get("", &format!("/api/v1/statuses?id[]={post}&id[]=7&id[]=x"))
        .await
        .body;
    assert_eq!(ids(&several), [post]);
}
