//! Notifications, conversations, markers, announcements, and the server itself.

use bauta_tests::http::Request;
use bauta_tests::websocket::WebSocket;
use serde_json::Value;

use super::walk::Walk;
use super::{Everybody, Person, text};

pub fn walk(walk: &mut Walk, all: &mut Everybody) {
    server(walk, all);
    notifications(walk, all);
    requests(walk, all);
    conversations(walk, all);
}

fn server(walk: &mut Walk, all: &mut Everybody) {
    let stranger = &mut all.stranger;
    for line in [
        "GET /health",
        "GET /api/v2/instance",
        "GET /api/v1/instance",
        "GET /api/v1/instance/peers",
        "GET /api/v1/instance/rules",
        "GET /api/v1/instance/extended_description",
        "GET /api/v1/instance/privacy_policy",
        "GET /api/v1/custom_emojis",
        "GET /api/v1/streaming/health",
    ] {
        walk.call(stranger, line, &[], &[]);
    }
    let (address, domain) = (all.server.address(), all.server.domain());
    let token = all.server.token("ann", "read");
    let bearer = format!("authorization: Bearer {token}");
    let socket = WebSocket::open(&address, domain, "/api/v1/streaming", &[&bearer]);
    assert_eq!(socket.status(), 101);
    walk.seen("GET /api/v1/streaming");
    push(walk, all);
}

/// The keys of an app, from RFC 8291 (appendix A).
const APP: [(&str, &str); 2] = [
    (
        "subscription[keys][p256dh]",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    ),
    ("subscription[keys][auth]", "BTBZMqHH6r4Tts7J_aSIgg"),
];

/// Of somebody who agreed to be woken, and whom nothing wakes: what is sent then is in `tests/tests/push.rs`.
fn push(walk: &mut Walk, all: &Everybody) {
    const PATH: &str = "/api/v1/push/subscription";
    let server = &all.server;
    let mut browser = server.somebody("paula", "user");
    let page = browser.get("/settings/push");
    browser.submit(&page.form("I know this. Apps may be woken"));
    let mut paula = server
        .client()
        .with_token(&server.token("paula", "read write push"));
    let place = ("subscription[endpoint]", "https://push.example/paula");
    let made = walk.call(
        &mut paula,
        &format!("POST {PATH}"),
        &[],
        &[
            place,
            APP[0],
            APP[1],
            ("data[alerts][mention]", "true"),
            ("data[policy]", "followed"),
        ],
    );
    assert_eq!(made["endpoint"], place.1);
    assert_eq!(walk.call(&mut paula, &format!("GET {PATH}"), &[], &[]), made);
    let changed = walk.call(
        &mut paula,
        &format!("PUT {PATH}"),
        &[],
        &[("data[alerts][poll]", "true"), ("data[policy]", "none")],
    );
    let alerts = |of: &Value| [&of["alerts"]["mention"], &of["alerts"]["poll"]].map(|on| *on == true);
    assert_eq!((alerts(&made), alerts(&changed)), ([true, false], [false, true]));
    assert_eq!(changed["policy"], "none");

    // Nothing that is wrong changes it, and nobody else comes near it.
    let wrong = |method: &str, fields: &[(&str, &str)]| Request::new(method, PATH).form(fields);
    for request in [
        wrong("POST", &[APP[0], APP[1]]),
        wrong("POST", &[place, APP[0]]),
        wrong("POST", &[place, APP[0], ("subscription[keys][auth]", "short")]),
        wrong(
            "POST",
            &[("subscription[endpoint]", "push.example"), APP[0], APP[1]],
        ),
        wrong("POST", &[place, APP[0], APP[1], ("data[policy]", "friends")]),
        wrong("PUT", &[("data[policy]", "friends")]),
        wrong("PUT", &[("data[alerts][poll]", "perhaps")]),
        wrong("PUT", &[("data[alerts]", "all")]),
    ] {
        let answer = paula.send(&request);
        assert_eq!(answer.status, 422, "{request:?}: {}", answer.text());
        assert!(answer.json()["error"].is_string(), "{}", answer.text());
    }
    let narrow = server.token("paula", "read write follow");
    for method in ["POST", "GET", "PUT", "DELETE"] {
        let request = Request::new(method, PATH);
        assert_eq!(server.client().send(&request).status, 401, "{method}");
        let mut narrow = server.client().with_token(&narrow);
        assert_eq!(narrow.send(&request).status, 403, "{method}");
    }
    assert_eq!(paula.get(PATH).json(), changed);
    walk.call(&mut paula, &format!("DELETE {PATH}"), &[], &[]);
    assert_eq!(paula.get(PATH).status, 404);
}

fn notifications(walk: &mut Walk, all: &mut Everybody) {
    let post = walk.call(
        &mut all.bob.client,
        "POST /api/v1/statuses",
        &[],
        &[("status", "@ann Are you there?")],
    );
    let favourite = "POST /api/v1/statuses/{id}/favourite";
    let of_ann = walk.call(
        &mut all.ann.client,
        "POST /api/v1/statuses",
        &[],
        &[("status", "Here")],
    );
    walk.call(&mut all.bob.client, favourite, &[&text(&of_ann["id"])], &[]);
    walk.call(&mut all.cleo.client, favourite, &[&text(&of_ann["id"])], &[]);
    let ann = &mut all.ann.client;
    let list = walk.call(ann, "GET /api/v1/notifications", &[], &[]);
    let first = text(&list[0]["id"]);
    walk.call(ann, "GET /api/v1/notifications/{id}", &[&first], &[]);
    walk.call(ann, "GET /api/v1/notifications/unread_count", &[], &[]);
    let grouped = walk.call(ann, "GET /api/v2/notifications", &[], &[]);
    let group = text(&grouped["notification_groups"][0]["group_key"]);
    walk.call(ann, "GET /api/v2/notifications/{group_key}", &[&group], &[]);
    walk.call(
        ann,
        "GET /api/v2/notifications/{group_key}/accounts",
        &[&group],
        &[],
    );
    walk.call(ann, "GET /api/v2/notifications/unread_count", &[], &[]);
    let marker = [
        ("notifications[last_read_id]", &*first),
        ("home[last_read_id]", &*text(&post["id"])),
    ];
    walk.call(ann, "POST /api/v1/markers", &[], &marker);
    let wanted = [("timeline[]", "home"), ("timeline[]", "notifications")];
    walk.call(ann, "GET /api/v1/markers", &[], &wanted);
    walk.call(
        ann,
        "POST /api/v2/notifications/{group_key}/dismiss",
        &[&group],
        &[],
    );
    let list = walk.call(ann, "GET /api/v1/notifications", &[], &[]);
    walk.call(
        ann,
        "POST /api/v1/notifications/{id}/dismiss",
        &[&text(&list[0]["id"])],
        &[],
    );
    let list = walk.call(ann, "GET /api/v1/notifications", &[], &[]);
    walk.call(
        ann,
        "POST /api/v1/notifications/dismiss",
        &[],
        &[("id", &text(&list[0]["id"]))],
    );
    walk.call(ann, "POST /api/v1/notifications/clear", &[], &[]);
}

/// What strangers tell somebody who sets it aside.
fn requests(walk: &mut Walk, all: &mut Everybody) {
    let policy = [
        ("for_not_following", "filter"),
        ("for_private_mentions", "accept"),
    ];
    walk.call(
        &mut all.ann.client,
        "PATCH /api/v2/notifications/policy",
        &[],
        &policy,
    );
    let mentions = [("status", "@ann May I ask?")];
    for (number, line) in [
        "POST /api/v1/notifications/requests/{id}/accept",
        "POST /api/v1/notifications/requests/{id}/dismiss",
        "POST /api/v1/notifications/requests/accept",
        "POST /api/v1/notifications/requests/dismiss",
    ]
    .into_iter()
    .enumerate()
    {
        // Whoever was accepted once is not set aside again.
        let name = format!("stranger_{number}");
        let mut stranger = Person::new(&all.server, &name, "user");
        walk.call(&mut stranger.client, "POST /api/v1/statuses", &[], &mentions);
        let ann = &mut all.ann.client;
        let list = walk.call(ann, "GET /api/v1/notifications/requests", &[], &[]);
        let list = list.as_array().cloned().unwrap_or_default();
        let found = list.iter().find(|request| request["account"]["acct"] == *name);
        let id = text(&found.expect("it was set aside")["id"]);
        if line.contains("{id}") {
            walk.call(ann, "GET /api/v1/notifications/requests/{id}", &[&id], &[]);
            walk.call(ann, line, &[&id], &[]);
        } else {
            walk.call(ann, line, &[], &[("id[]", &*id)]);
        }
    }
    let ann = &mut all.ann.client;
    walk.call(ann, "GET /api/v2/notifications/policy", &[], &[]);
    walk.call(ann, "GET /api/v1/notifications/requests/merged", &[], &[]);
    walk.call(
        ann,
        "PATCH /api/v2/notifications/policy",
        &[],
        &[("for_not_following", "accept")],
    );
}

fn conversations(walk: &mut Walk, all: &mut Everybody) {
    let direct = [("status", "@ann Between us"), ("visibility", "direct")];
    walk.call(&mut all.bob.client, "POST /api/v1/statuses", &[], &direct);
    let ann = &mut all.ann.client;
    let list = walk.call(ann, "GET /api/v1/conversations", &[], &[]);
    let id = text(&list[0]["id"]);
    walk.call(ann, "POST /api/v1/conversations/{id}/read", &[&id], &[]);
    walk.call(ann, "DELETE /api/v1/conversations/{id}", &[&id], &[]);
}
