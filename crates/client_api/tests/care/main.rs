//! Relations, notifications, markers, reports and moderation as apps see them: real requests to the router.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod staff;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use bauta_model::{AccountId, Clock, CoarseTime, Handle, Role};
use bauta_service::moderation::{self, Why};
use bauta_service::{App, Cost, Registrations, Scopes, Setup, Site, accounts};
use bauta_store::Where;
use serde_json::{Value, json};
use tower::ServiceExt;

const EVERYTHING: &str = "read write follow push admin:read admin:write";

struct Server {
    app: Arc<App>,
    router: Router,
    _folder: tempfile::TempDir,
}

struct Person {
    id: String,
    token: String,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::system();
        clock.set(CoarseTime::from_unix_seconds(1_489_500_000));
        let setup = Setup {
            keyring: None,
            site: Site::new("bauta.example", Registrations::Open),
            clock,
            data: folder.path().to_owned(),
            database: Where::embedded(folder.path()),
            program: "/nonexistent".into(),
        };
        let app = Arc::new(App::open_with_cost(setup, Cost::TESTS).unwrap());
        Self {
            router: bauta_client_api::router(Arc::clone(&app)),
            app,
            _folder: folder,
        }
    }

    async fn join(&self, name: &str, role: Role, scopes: &str) -> Person {
        let handle = Handle::parse(name).unwrap();
        accounts::create_by_operator(&self.app, &handle, role)
            .await
            .unwrap();
        let token = self.token(name, scopes).await;
        let card = accounts::by_handle(&self.app, &handle).await.unwrap();
        Person {
            id: card.account.id.to_string(),
            token,
        }
    }

    async fn token(&self, name: &str, scopes: &str) -> String {
        let handle = Handle::parse(name).unwrap();
        let scopes = Scopes::parse(scopes).unwrap();
        let token = accounts::token_by_operator(&self.app, &handle, &scopes)
            .await
            .unwrap();
        token.expose().clone()
    }

    async fn user(&self, name: &str) -> Person {
        self.join(name, Role::User, EVERYTHING).await
    }

    async fn ask(&self, token: &str, method: &str, path: &str, body: Value) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json");
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
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

    async fn get(&self, who: &Person, path: &str) -> Value {
        let answer = self.ask(&who.token, "GET", path, Value::Null).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        answer.body
    }

    async fn post(&self, who: &Person, path: &str, body: Value) -> Value {
        let answer = self.ask(&who.token, "POST", path, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        answer.body
    }
}

/// Every endpoint of relations and care, with the scope that it needs.
const ENDPOINTS: &[(&str, &str, &str)] = &[
    ("POST", "/api/v1/accounts/1/follow", "write:follows"),
    ("POST", "/api/v1/accounts/1/unfollow", "write:follows"),
    (
        "POST",
        "/api/v1/accounts/1/remove_from_followers",
        "write:follows",
    ),
    ("POST", "/api/v1/accounts/1/block", "write:blocks"),
    ("POST", "/api/v1/accounts/1/unblock", "write:blocks"),
    ("POST", "/api/v1/accounts/1/mute", "write:mutes"),
    ("POST", "/api/v1/accounts/1/unmute", "write:mutes"),
    ("GET", "/api/v1/accounts/relationships", "read:follows"),
    ("GET", "/api/v1/accounts/familiar_followers", "read:follows"),
    ("GET", "/api/v1/blocks", "read:blocks"),
    ("GET", "/api/v1/mutes", "read:mutes"),
    ("GET", "/api/v1/follow_requests", "read:follows"),
    ("POST", "/api/v1/follow_requests/1/authorize", "write:follows"),
    ("POST", "/api/v1/follow_requests/1/reject", "write:follows"),
    ("GET", "/api/v1/notifications", "read:notifications"),
    ("GET", "/api/v1/notifications/1", "read:notifications"),
    ("GET", "/api/v1/notifications/unread_count", "read:notifications"),
    ("POST", "/api/v1/notifications/clear", "write:notifications"),
    ("POST", "/api/v1/notifications/1/dismiss", "write:notifications"),
    (
        "POST",
        "/api/v1/notifications/dismiss?id=1",
        "write:notifications",
    ),
    ("GET", "/api/v1/markers", "read:statuses"),
    ("POST", "/api/v1/markers", "write:statuses"),
    ("POST", "/api/v1/reports", "write:reports"),
    ("GET", "/api/v1/admin/reports", "admin:read:reports"),
    ("GET", "/api/v1/admin/reports/1", "admin:read:reports"),
    (
        "POST",
        "/api/v1/admin/reports/1/assign_to_self",
        "admin:write:reports",
    ),
    ("POST", "/api/v1/admin/reports/1/unassign", "admin:write:reports"),
    ("POST", "/api/v1/admin/reports/1/resolve", "admin:write:reports"),
    ("POST", "/api/v1/admin/reports/1/reopen", "admin:write:reports"),
    ("GET", "/api/v1/admin/accounts", "admin:read:accounts"),
    ("GET", "/api/v2/admin/accounts", "admin:read:accounts"),
    ("GET", "/api/v1/admin/accounts/1", "admin:read:accounts"),
    ("POST", "/api/v1/admin/accounts/1/action", "admin:write:accounts"),
    (
        "POST",
        "/api/v1/admin/accounts/1/unsilence",
        "admin:write:accounts",
    ),
    (
        "POST",
        "/api/v1/admin/accounts/1/unsuspend",
        "admin:write:accounts",
    ),
    ("POST", "/api/v1/admin/accounts/1/enable", "admin:write:accounts"),
    (
        "POST",
        "/api/v1/admin/accounts/1/unsensitive",
        "admin:write:accounts",
    ),
];

#[tokio::test]
async fn no_endpoint_answers_without_a_good_token_of_its_scope() {
    let server = Server::start();
    let operator = server.join("operator", Role::Operator, EVERYTHING).await;
    let gone = server.join("gone", Role::Moderator, EVERYTHING).await;
    let staff = server.join("staff", Role::Moderator, EVERYTHING).await;
    let speaker = accounts::authenticate(&server.app, &operator.token)
        .await
        .unwrap()
        .unwrap();
    let target: AccountId = gone.id.parse().unwrap();
    moderation::suspend(&server.app, &speaker, target, Why::because("Left."))
        .await
        .unwrap();
    let revoked = server.token("staff", EVERYTHING).await;
    let session = accounts::authenticate(&server.app, &revoked)
        .await
        .unwrap()
        .unwrap();
    accounts::log_out(&server.app, &session).await.unwrap();
    for (method, path, scope) in ENDPOINTS {
        let status = async |token: &str| server.ask(token, method, path, Value::Null).await.status;
        assert_eq!(
            status("").await,
            StatusCode::UNAUTHORIZED,
            "{path} without a token"
        );
        assert_eq!(
            status("nonsense").await,
            StatusCode::UNAUTHORIZED,
            "{path} with nonsense"
        );
        assert_eq!(
            status(&revoked).await,
            StatusCode::UNAUTHORIZED,
            "{path} with a revoked token"
        );
        assert_eq!(
            status(&gone.token).await,
            StatusCode::FORBIDDEN,
            "{path} of a suspended account"
        );
        let other = if *scope == "read:statuses" {
            "read:accounts"
        } else {
            "read:statuses"
        };
        let narrow = server.token("staff", other).await;
        assert_eq!(
            status(&narrow).await,
            StatusCode::FORBIDDEN,
            "{path} with {other}"
        );
        let right = server.token("staff", scope).await;
        let answer = status(&right).await;
        let reached = matches!(
            answer,
            StatusCode::OK | StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY
        );
        assert!(reached, "{path} with {scope}: {answer}");
    }
    assert_eq!(server.get(&staff, "/api/v1/notifications").await, json!([]));
}

#[tokio::test]
async fn admin_endpoints_are_for_moderators() {
    let server = Server::start();
    let ana = server.user("ana").await;
    for (method, path, _) in ENDPOINTS.iter().filter(|(_, path, _)| path.contains("/admin/")) {
        let path = path.replace("/1", &format!("/{}", ana.id));
        let body = if path.ends_with("action") {
            json!({"type": "none", "text": "Why."})
        } else {
            Value::Null
        };
        let answer = server.ask(&ana.token, method, &path, body).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn a_relationship_has_mastodons_shape() {
    let server = Server::start();
    let (ana, ben) = (server.user("ana").await, server.user("ben").await);
    let follow = format!("/api/v1/accounts/{}/follow", ben.id);
    let tie = server.post(&ana, &follow, json!({"notify": true})).await;
    assert_eq!(
        tie,
        json!({
            "id": ben.id, "following": true, "showing_reblogs": true, "notifying": true, "languages": null,
            "followed_by": false, "blocking": false, "blocked_by": false, "muting": false,
            "muting_notifications": false, "muting_expires_at": null, "requested": false, "requested_by": false,
            "domain_blocking": false, "endorsed": false, "note": "",
        })
    );
    let tie = server.post(&ana, &follow, json!({"reblogs": false})).await;
    assert_eq!(
        (&tie["showing_reblogs"], &tie["notifying"]),
        (&json!(false), &json!(true))
    );
    let mute = format!("/api/v1/accounts/{}/mute", ben.id);
    let tie = server
        .post(&ana, &mute, json!({"duration": 300, "notifications": false}))
        .await;
    assert_eq!(
        (&tie["muting"], &tie["muting_notifications"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(tie["muting_expires_at"], "2017-03-14T14:06:00.000Z");
    let mutes = server.get(&ana, "/api/v1/mutes").await;
    assert_eq!(mutes[0]["mute_expires_at"], "2017-03-14T14:06:00.000Z");
    let tie = server
        .post(&ana, &format!("/api/v1/accounts/{}/block", ben.id), Value::Null)
        .await;
    assert_eq!(
        (&tie["blocking"], &tie["following"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(server.get(&ana, "/api/v1/blocks").await[0]["username"], "ben");
    let asked = format!("/api/v1/accounts/relationships?id[]={}&id[]=77&id[]=x", ana.id);
    let ties = server.get(&ben, &asked).await;
    assert_eq!(
        (ties.as_array().unwrap().len(), &ties[0]["blocked_by"]),
        (1, &json!(true))
    );
    let single = server
        .get(&ben, &format!("/api/v1/accounts/relationships?id={}", ana.id))
        .await;
    assert_eq!(ties, single);
}

#[tokio::test]
async fn wrong_values_are_refused_with_a_sentence() {
    let server = Server::start();
    let (ana, ben) = (server.user("ana").await, server.user("ben").await);
    let account = |verb: &str| format!("/api/v1/accounts/{}/{verb}", ben.id);
    let tries = [
        (account("mute"), json!({"duration": "soon"}), 422),
        (account("mute"), json!({"duration": -1}), 422),
        (account("mute"), json!({"duration": 999_999_999_999_u64}), 422),
        (account("follow"), json!({"reblogs": "perhaps"}), 422),
        (format!("/api/v1/accounts/{}/follow", ana.id), Value::Null, 403),
        ("/api/v1/accounts/99/block".into(), Value::Null, 404),
        ("/api/v1/accounts/x'--/block".into(), Value::Null, 404),
        (
            "/api/v1/markers".into(),
            json!({"home": {"last_read_id": "x"}}),
            422,
        ),
        (
            "/api/v1/markers".into(),
            json!({"home": {"last_read_id": "9223372036854775807"}}),
            422,
        ),
        ("/api/v1/reports".into(), json!({}), 404),
        (
            "/api/v1/reports".into(),
            json!({"account_id": ben.id, "category": "ugly"}),
            422,
        ),
        (
            "/api/v1/reports".into(),
            json!({"account_id": ben.id, "comment": "x".repeat(1001)}),
            422,
        ),
        (
            "/api/v1/reports".into(),
            json!({"account_id": ben.id, "status_ids": ["9"]}),
            404,
        ),
        ("/api/v1/reports".into(), json!({"account_id": ana.id}), 422),
    ];
    for (path, body, status) in tries {
        let answer = server.ask(&ana.token, "POST", &path, body.clone()).await;
        assert_eq!(answer.status.as_u16(), status, "{path} {body}: {}", answer.body);
        assert!(answer.body["error"].as_str().is_some_and(|why| !why.is_empty()));
    }
    for path in [
        "/api/v1/blocks?max_id=x",
        "/api/v1/notifications?since_id=-1",
        "/api/v1/notifications?account_id=x",
    ] {
        assert_eq!(
            server
                .ask(&ana.token, "GET", path, Value::Null)
                .await
                .status
                .as_u16(),
            422,
            "{path}"
        );
    }
}

#[tokio::test]
async fn followers_come_in_pages_that_lead_on() {
    let server = Server::start();
    let ana = server.user("ana").await;
    for name in ["b1", "b2", "b3"] {
        let one = server.user(name).await;
        server
            .post(&one, &format!("/api/v1/accounts/{}/follow", ana.id), Value::Null)
            .await;
    }
    let mut path = format!("/api/v1/accounts/{}/followers?limit=2", ana.id);
    let mut seen = Vec::new();
    let mut pages = 0;
    loop {
        let answer = server.ask(&ana.token, "GET", &path, Value::Null).await;
        let people = answer.body.as_array().unwrap().iter();
        seen.extend(people.map(|one| one["username"].as_str().unwrap().to_owned()));
        pages += 1;
        let link = answer
            .headers
            .get("link")
            .map(|link| link.to_str().unwrap().to_owned());
        let Some(next) = link.filter(|link| link.contains("rel=\"next\"")) else {
            break;
        };
        let url = next.split(['<', '>']).nth(1).unwrap();
        path = url.strip_prefix("https://bauta.example").unwrap().to_owned();
    }
    seen.sort_unstable();
    assert_eq!((seen, pages), (vec!["b1".into(), "b2".into(), "b3".into()], 2));
    let strangers = server
        .ask(
            "",
            "GET",
            &format!("/api/v1/accounts/{}/followers", ana.id),
            Value::Null,
        )
        .await;
    assert_eq!(strangers.body, json!([]));
    let counted = server
        .ask("", "GET", &format!("/api/v1/accounts/{}", ana.id), Value::Null)
        .await;
    assert_eq!(counted.body["followers_count"], 3);
}

#[tokio::test]
async fn notifications_are_told_filtered_read_and_cleared() {
    let server = Server::start();
    let (ana, ben) = (server.user("ana").await, server.user("ben").await);
    server
        .post(&ben, &format!("/api/v1/accounts/{}/follow", ana.id), Value::Null)
        .await;
    server
        .post(&ben, "/api/v1/statuses", json!({"status": "@ana look"}))
        .await;
    let all = server.get(&ana, "/api/v1/notifications").await;
    assert_eq!(
        (&all[0]["type"], &all[1]["type"]),
        (&json!("mention"), &json!("follow"))
    );
    assert_eq!(all[0]["status"]["account"]["username"], "ben");
    assert_eq!(all[0]["created_at"], "2017-03-14T14:00:00.000Z");
    assert!(all[1].get("status").is_none());
    let kinds = async |query: &str| {
        let list = server.get(&ana, &format!("/api/v1/notifications?{query}")).await;
        let list = list.as_array().unwrap().iter();
        list.map(|one| one["type"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(kinds("types[]=follow").await, ["follow"]);
    assert_eq!(kinds("exclude_types[]=follow").await, ["mention"]);
    assert_eq!(kinds("types[]=poll").await, [""; 0]);
    assert_eq!(kinds(&format!("account_id={}", ana.id)).await, [""; 0]);
    let count = async || server.get(&ana, "/api/v1/notifications/unread_count").await["count"].clone();
    assert_eq!(count().await, 2);
    let marker = json!({"notifications": {"last_read_id": all[0]["id"]}});
    let set = server.post(&ana, "/api/v1/markers", marker).await;
    assert_eq!(set["notifications"]["updated_at"], "2017-03-14T14:00:00.000Z");
    let read = server
        .get(&ana, "/api/v1/markers?timeline[]=home&timeline[]=notifications")
        .await;
    assert_eq!(read, set);
    assert_eq!(count().await, 0);
    let one = format!("/api/v1/notifications/{}", all[1]["id"].as_str().unwrap());
    assert_eq!(server.get(&ana, &one).await, all[1]);
    assert_eq!(
        server.ask(&ben.token, "GET", &one, Value::Null).await.status,
        StatusCode::NOT_FOUND
    );
    server.post(&ana, &format!("{one}/dismiss"), Value::Null).await;
    assert_eq!(kinds("").await, ["mention"]);
    server
        .post(&ana, "/api/v1/notifications/clear", Value::Null)
        .await;
    assert_eq!(kinds("").await, [""; 0]);
}

#[tokio::test]
async fn a_report_ends_in_a_suspension() {
    let server = Server::start();
    let (ana, ben) = (server.user("ana").await, server.user("ben").await);
    let moderator = server.join("mod", Role::Moderator, EVERYTHING).await;
    let post = server
        .post(&ben, "/api/v1/statuses", json!({"status": "spam"}))
        .await["id"]
        .clone();
    let filing = json!({"account_id": ben.id, "status_ids": [post], "comment": "Look.", "category": "spam", "forward": true});
    let filed = server.post(&ana, "/api/v1/reports", filing).await;
    assert_eq!(
        (&filed["category"], &filed["created_at"]),
        (&json!("spam"), &json!("2017-03-01T00:00:00.000Z"))
    );
    let queue = server.get(&moderator, "/api/v1/admin/reports").await;
    let report = &queue[0];
    assert_eq!(report["statuses"][0]["id"], post);
    assert_eq!(report["account"]["username"], "ana");
    assert_eq!(
        (&report["account"]["ip"], &report["account"]["email"]),
        (&Value::Null, &Value::Null)
    );
    let path = format!("/api/v1/admin/reports/{}", report["id"].as_str().unwrap());
    let taken = server
        .post(&moderator, &format!("{path}/assign_to_self"), Value::Null)
        .await;
    assert_eq!(taken["assigned_account"]["username"], "mod");
    let act = format!("/api/v1/admin/accounts/{}/action", ben.id);
    for wrong in [
        json!({"type": "suspend"}),
        json!({"type": "erase", "text": "Why."}),
    ] {
        assert_eq!(
            server
                .ask(&moderator.token, "POST", &act, wrong)
                .await
                .status
                .as_u16(),
            422
        );
    }
    let action = json!({"type": "suspend", "text": "Spam.", "report_id": report["id"]});
    server.post(&moderator, &act, action).await;
    assert_eq!(server.get(&moderator, &path).await["action_taken"], true);
    assert_eq!(server.get(&moderator, "/api/v1/admin/reports").await, json!([]));
    let suspended = server
        .get(&moderator, "/api/v2/admin/accounts?status=suspended")
        .await;
    assert_eq!(suspended[0]["username"], "ben");
    let refused = server
        .ask(&ben.token, "GET", "/api/v1/notifications", Value::Null)
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let gone = server
        .ask("", "GET", &format!("/api/v1/accounts/{}", ben.id), Value::Null)
        .await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let back = format!("/api/v1/admin/accounts/{}/unsuspend", ben.id);
    assert_eq!(
        server.post(&moderator, &back, Value::Null).await["suspended"],
        false
    );
    server.get(&ben, "/api/v1/notifications").await;
}
