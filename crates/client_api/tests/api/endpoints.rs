//! The list of every endpoint that Mastodon documents, against what the router answers, and the page of the manual that
//! is made from both.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use bauta_client_api::absent::{ABSENT, Absent, Says};
use bauta_service::Registrations;

use serde_json::{Value, json};

use super::house::{House, WORDS, open, text};

/// A line of `endpoints.tsv`: what is documented, and whose code calls it.
struct Endpoint<'a> {
    method: &'a str,
    path: &'a str,
    area: &'a str,
    scope: &'a str,
    since: &'a str,
    token: &'a str,
    clients: &'a str,
}

fn endpoints() -> Vec<Endpoint<'static>> {
    let lines = include_str!("../../endpoints.tsv").lines().skip(1);
    let read = |line: &'static str| {
        let [method, path, area, scope, since, token, clients] =
            line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        Endpoint {
            method,
            path,
            area,
            scope,
            since,
            token,
            clients,
        }
    };
    lines.map(read).collect()
}

/// Answered by another part of the program: the pages, and the program itself.
const ELSEWHERE: [&str; 3] = ["/oauth/authorize", "/api/oembed", "/health"];

/// Documented as for people, and answered to strangers by Mastodon and here.
const FOR_STRANGERS_TOO: [&str; 3] = [
    "/api/v1/accounts/lookup",
    "/api/v1/accounts/{id}/identity_proofs",
    // The page with the same list is for everybody.
    "/api/v1/statuses/{id}/quotes",
];

fn absent(endpoint: &Endpoint) -> Option<&'static Absent> {
    let same =
        |absent: &&Absent| absent.method == endpoint.method && plain(absent.path) == plain(endpoint.path);
    ABSENT.iter().find(same)
}

/// A path with a number for each parameter.
fn plain(path: &str) -> String {
    let part = |part: &str| {
        if part.starts_with('{') {
            "1".to_owned()
        } else {
            part.to_owned()
        }
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Whether the router knows method and path: an unknown path is 404 to every method, an unknown method is 405.
async fn is_there(house: &House, endpoint: &Endpoint<'_>) -> bool {
    let path = plain(endpoint.path);
    let known = house.ask("TRACE", &path, None, None).await.status == 405;
    known && house.ask(endpoint.method, &path, None, None).await.status != 405
}

async fn state(house: &House, endpoint: &Endpoint<'_>) -> String {
    if let Some(absent) = absent(endpoint) {
        let says = match absent.says {
            Says::Nothing(json) => format!("answers `{json}`"),
            Says::Missing => "answers 404".to_owned(),
            Says::Forbidden => "answers 403".to_owned(),
            Says::Refused => "answers 422".to_owned(),
            Says::Unavailable => "answers 503".to_owned(),
        };
        return format!("{says}. {}", absent.why);
    }
    if ELSEWHERE.contains(&endpoint.path) || is_there(house, endpoint).await {
        "works".to_owned()
    } else if endpoint.token == "removed" {
        "answers 404. Mastodon removed it.".to_owned()
    } else {
        "answers 404 or 405. Not built yet.".to_owned()
    }
}

async fn page(house: &House) -> String {
    let mut page = "# Apps: every endpoint\n\nEvery endpoint that Mastodon documents (4.7), and what it does here. Made \
                    from `crates/client_api/endpoints.tsv` and from what the router answers; the tests fail when it is \
                    old.\n"
        .to_owned();
    let mut states = Vec::new();
    for endpoint in endpoints() {
        states.push((state(house, &endpoint).await, endpoint));
    }
    let works = states.iter().filter(|(state, _)| state == "works").count();
    let called = |endpoint: &Endpoint| endpoint.clients != "-";
    let all_called = states.iter().filter(|(_, endpoint)| called(endpoint)).count();
    let called_works = states
        .iter()
        .filter(|(state, endpoint)| state == "works" && called(endpoint));
    let called_works = called_works.count();
    writeln!(
        page,
        "\n{works} of {} work; of the {all_called} that the code of six clients and libraries calls, {called_works}.",
        states.len()
    )
    .unwrap();
    let mut area = "";
    for (state, endpoint) in &states {
        if endpoint.area != area {
            area = endpoint.area;
            write!(
                page,
                "\n## {area}\n\n| endpoint | scope | since | called by | here |\n|---|---|---|---|---|\n"
            )
            .unwrap();
        }
        let (method, path) = (endpoint.method, endpoint.path);
        let clients = endpoint.clients.replace(',', ", ");
        let (scope, since) = (endpoint.scope, endpoint.since);
        writeln!(
            page,
            "| `{method} {path}` | {scope} | {since} | {clients} | {state} |"
        )
        .unwrap();
    }
    page
}

/// `BAUTA_BLESS=1 cargo test -p bauta-client-api --test api endpoints` writes the page anew.
#[tokio::test]
async fn the_page_of_the_manual_says_what_the_router_answers() {
    let house = open(Registrations::Open).await;
    let made = page(&house).await;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/client-api-endpoints.md");
    if std::env::var_os("BAUTA_BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, &made).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == made,
        "docs/client-api-endpoints.md is old: run BAUTA_BLESS=1 cargo test -p bauta-client-api --test api endpoints"
    );
}

#[tokio::test]
async fn what_is_not_here_answers_as_it_says_and_fails_nobody() {
    let house = open(Registrations::Open).await;
    house.join("alice").await;
    let token = house.token("alice", "read write").await;
    house.operator("operator").await;
    let staff = house.token("operator", "admin:read admin:write").await;
    for absent in ABSENT {
        let path = plain(absent.path);
        let of_staff = absent.path.contains("/admin/");
        let token = if of_staff { &staff } else { &token };
        let answer = house.ask(absent.method, &path, Some(token), None).await;
        let (status, reason) = match absent.says {
            Says::Nothing(json) => {
                assert_eq!(answer.good(), serde_json::from_str::<Value>(json).unwrap());
                continue;
            }
            Says::Missing => (404, "Record not found".to_owned()),
            Says::Forbidden => (403, absent.why.to_owned()),
            Says::Refused => (422, format!("Validation failed: {}", absent.why)),
            Says::Unavailable => (503, absent.why.to_owned()),
        };
        assert_eq!(answer.error(), (status, reason), "{} {path}", absent.method);
    }
    let of_alice = house.token("alice", "admin:read admin:write").await;
    for absent in ABSENT {
        let path = plain(absent.path);
        if absent.scope.is_some() {
            assert_eq!(
                house.ask(absent.method, &path, None, None).await.status,
                401,
                "{path}"
            );
        }
        if absent.path.contains("/admin/") {
            let answer = house.ask(absent.method, &path, Some(&of_alice), None).await;
            assert_eq!(answer.status, 403, "{path} is for moderators");
        }
    }
}

/// A token that alice had and gave back.
async fn given_back(house: &House, app: &Value) -> String {
    let mut body = json!({"grant_type": "password", "client_id": app["client_id"],
        "client_secret": app["client_secret"], "username": "alice", "password": WORDS, "scope": "read write push"});
    let issued = house.post("/oauth/token", body.clone()).await.good();
    let token = text(&issued["access_token"]);
    let works = house.get("/api/v1/notifications", Some(&token)).await;
    assert_eq!(works.status, 200);
    body["token"] = json!(token);
    house.post("/oauth/revoke", body).await.good();
    token
}

/// Endpoints for people, as documented: what is not enough is refused by every one that is there.
#[tokio::test]
async fn every_endpoint_for_people_asks_for_a_good_token_of_its_scope() {
    let house = open(Registrations::Open).await;
    let alice = house.join("alice").await;
    let app = house.app("read write push").await;
    let of_app = house.app_token(&app, "read write push").await;
    let full = house.token("alice", "read write follow push").await;
    let revoked = given_back(&house, &app).await;
    let mut looked_at = 0;
    let mut there = Vec::new();
    for endpoint in endpoints() {
        let for_people = endpoint.token == "person" && !endpoint.path.contains("/admin/");
        let for_people = for_people && !FOR_STRANGERS_TOO.contains(&endpoint.path);
        let streams = endpoint.area == "streaming" || ELSEWHERE.contains(&endpoint.path);
        if for_people && !streams && (absent(&endpoint).is_some() || is_there(&house, &endpoint).await) {
            there.push(endpoint);
        }
    }
    for endpoint in &there {
        let (method, path) = (endpoint.method, plain(endpoint.path));
        let status = async |token: Option<&str>| house.ask(method, &path, token, None).await.status.as_u16();
        assert_eq!(status(None).await, 401, "{method} {path} without a token");
        assert_eq!(
            status(Some("nonsense")).await,
            401,
            "{method} {path} with nonsense"
        );
        assert_eq!(
            status(Some(&revoked)).await,
            401,
            "{method} {path} with a token that was given back"
        );
        assert_eq!(
            status(Some(&of_app)).await,
            422,
            "{method} {path} with the token of an app"
        );
        let other = if endpoint.scope.starts_with("write:reports") {
            "push"
        } else {
            "write:reports"
        };
        let too_little = house.token("alice", other).await;
        assert_eq!(
            status(Some(&too_little)).await,
            403,
            "{method} {path} with {other} alone"
        );
        looked_at += 1;
    }
    assert!(looked_at > 90, "only {looked_at} endpoints were looked at");
    house.suspend(alice).await;
    for endpoint in &there {
        let (method, path) = (endpoint.method, plain(endpoint.path));
        let status = house.ask(method, &path, Some(&full), None).await.status.as_u16();
        assert_eq!(status, 403, "{method} {path} of a suspended account");
    }
}

/// Every documented endpoint, asked with nothing and with nonsense, by nobody and by a person: never a failure of ours.
#[tokio::test]
async fn no_endpoint_fails_whatever_it_is_asked() {
    let house = open(Registrations::Open).await;
    house.join("alice").await;
    let token = house.token("alice", "read write follow push").await;
    let nonsense = serde_json::json!({"id": {"x": []}, "limit": "many", "max_id": "-1", "types": 1, "status": [1],
        "title": {"a": "b"}, "context": "nowhere", "choices": "x", "account_ids": "x", "poll": 3, "keyword": []});
    // A stream that is let in does not end; its refusals have tests of their own.
    for endpoint in endpoints().iter().filter(|endpoint| endpoint.area != "streaming") {
        let path = endpoint.path;
        let odd = path.split('/').map(|part| {
            if part.starts_with('{') {
                "%F0%9F%92%A3-1"
            } else {
                part
            }
        });
        let odd = odd.collect::<Vec<_>>().join("/");
        for path in [plain(path), odd] {
            for token in [None, Some(token.as_str())] {
                for body in [None, Some(nonsense.clone())] {
                    let answer = house.ask(endpoint.method, &path, token, body).await;
                    let status = answer.status.as_u16();
                    let unavailable = absent(endpoint).is_some_and(|absent| absent.says == Says::Unavailable);
                    assert!(
                        status < 500 || unavailable,
                        "{} {path}: {status}",
                        endpoint.method
                    );
                }
            }
        }
    }
}

/// What apps send under these names, and what nobody should.
const NAMES: [&str; 34] = [
    "id",
    "ids",
    "limit",
    "offset",
    "max_id",
    "min_id",
    "since_id",
    "account_id",
    "status",
    "status_ids",
    "media_ids",
    "poll",
    "visibility",
    "language",
    "in_reply_to_id",
    "scheduled_at",
    "title",
    "context",
    "keywords_attributes",
    "expires_in",
    "phrase",
    "name",
    "note",
    "comment",
    "category",
    "choices",
    "types",
    "q",
    "type",
    "order",
    "domain",
    "severity",
    "home",
    "fields_attributes",
];

fn hostile(of: u64) -> Value {
    match of % 16 {
        0 => Value::Null,
        1 => json!(-1),
        2 => json!(u64::MAX),
        3 => json!(1.5e300),
        4 => json!(true),
        5 => json!(""),
        6 => json!("\u{0}\u{202E}'; DROP TABLE posts; --"),
        7 => json!("9".repeat(400)),
        8 => json!("💣".repeat(3_000)),
        9 => json!([]),
        10 => json!([[[]], {"a": null}]),
        11 => json!({"0": {"keyword": {}}, "options": [1, null], "expires_in": "soon"}),
        12 => json!("9223372036854775807"),
        13 => json!("0000-99-99T99:99:99Z"),
        14 => json!(vec![json!("x"); 300]),
        _ => json!("../../etc/passwd"),
    }
}

/// A generator whose numbers are the same in every run (Knuth's MMIX).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn body(&mut self) -> Value {
        let count = 1 + self.next() % 6;
        let fields = (0..count).map(|_| {
            let name = NAMES[self.next() as usize % NAMES.len()];
            (name.to_owned(), hostile(self.next()))
        });
        Value::Object(fields.collect())
    }
}

/// Whatever an endpoint is asked, by somebody who may ask everything: no failure of ours, and every refusal says why in
/// Mastodon's shape.
#[tokio::test]
async fn hostile_parameters_are_refused_in_mastodons_shape() {
    let house = open(Registrations::Open).await;
    house.operator("operator").await;
    let scopes = "read write follow push profile admin:read admin:write";
    let token = house.token("operator", scopes).await;
    let mut numbers = Numbers(20);
    for endpoint in endpoints() {
        let streams = endpoint.area == "streaming" || ELSEWHERE.contains(&endpoint.path);
        if streams || endpoint.token == "removed" || !is_there(&house, &endpoint).await {
            continue;
        }
        for _ in 0..12 {
            let odd = hostile(numbers.next());
            let odd = url_piece(&odd);
            let path = endpoint
                .path
                .split('/')
                .map(|part| if part.starts_with('{') { odd.as_str() } else { part });
            let path = path.collect::<Vec<_>>().join("/");
            let path = if endpoint.method == "GET" {
                format!("{path}?limit={odd}&max_id={odd}&offset=-1")
            } else {
                path
            };
            let body = (endpoint.method != "GET").then(|| numbers.body());
            let answer = house
                .ask(endpoint.method, &path, Some(&token), body.clone())
                .await;
            let status = answer.status.as_u16();
            let unavailable = absent(&endpoint).is_some_and(|absent| absent.says == Says::Unavailable);
            let about = format!("{} {path} {body:?}: {status}", endpoint.method);
            assert!(status < 500 || unavailable, "{about}");
            if status >= 400 {
                assert!(answer.json()["error"].is_string(), "{about}");
            }
        }
    }
}

fn url_piece(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let short: String = text.chars().take(200).collect();
    url::form_urlencoded::byte_serialize(short.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}
