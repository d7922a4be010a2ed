//! Notifications, conversations, markers, announcements, and the server itself.

use bauta_tests::websocket::WebSocket;

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
    // These need a push service and somebody's yes: `tests/tests/push.rs` has both.
    for method in ["POST", "GET", "PUT", "DELETE"] {
        walk.seen(&format!("{method} /api/v1/push/subscription"));
    }
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
