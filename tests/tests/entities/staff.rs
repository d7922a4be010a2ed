//! What moderators and operators call.

use bauta_tests::forms::Browser;

use serde_json::Value;

use super::walk::Walk;
use super::{Everybody, Person, text};

pub fn walk(walk: &mut Walk, all: &mut Everybody) {
    reports(walk, all);
    accounts(walk, all);
    let mut browser = all.server.somebody("otto", "operator");
    rules_are_for_everybody(&mut browser);
    domains(walk, &mut all.operator);
    announcements(walk, all, &mut browser);
    let client = &mut all.operator.client;
    walk.call(client, "GET /api/v1/admin/trends/statuses", &[], &[]);
    walk.call(client, "GET /api/v1/admin/trends/tags", &[], &[]);
}

fn reports(walk: &mut Walk, all: &mut Everybody) {
    let post = walk.call(
        &mut all.cleo.client,
        "POST /api/v1/statuses",
        &[],
        &[("status", "Rather rude")],
    );
    let (cleo, post) = (all.cleo.id.clone(), text(&post["id"]));
    let fields = [
        ("account_id", &*cleo),
        ("status_ids[]", &*post),
        ("comment", "Rather rude"),
        ("category", "other"),
    ];
    let report = walk.call(&mut all.ann.client, "POST /api/v1/reports", &[], &fields);
    let id = text(&report["id"]);
    let client = &mut all.operator.client;
    walk.call(client, "GET /api/v1/notifications", &[], &[]);
    walk.call(client, "GET /api/v1/admin/reports", &[], &[]);
    walk.call(client, "GET /api/v1/admin/reports/{id}", &[&id], &[]);
    walk.call(
        client,
        "PUT /api/v1/admin/reports/{id}",
        &[&id],
        &[("category", "spam")],
    );
    for step in ["assign_to_self", "unassign", "resolve", "reopen"] {
        walk.call(
            client,
            &format!("POST /api/v1/admin/reports/{{id}}/{step}"),
            &[&id],
            &[],
        );
    }
}

fn accounts(walk: &mut Walk, all: &mut Everybody) {
    let cleo = all.cleo.id.clone();
    let client = &mut all.operator.client;
    walk.call(client, "GET /api/v1/admin/accounts", &[], &[]);
    walk.call(client, "GET /api/v2/admin/accounts", &[], &[]);
    let waiting = walk.call(
        client,
        "GET /api/v2/admin/accounts",
        &[],
        &[("status", "pending")],
    );
    let waiting = waiting.as_array().expect("a list");
    let of = |reason: Value| waiting.iter().find(|one| one["invite_request"] == reason);
    let (dora, edgar) = (of(Value::Null), of("I read the gauges".into()));
    let (dora, edgar) = (dora.expect("she waits"), edgar.expect("he waits"));
    assert_eq!(
        (&edgar["approved"], &edgar["suspended"]),
        (&false.into(), &false.into())
    );
    let decided = [("approve", text(&dora["id"])), ("reject", text(&edgar["id"]))];
    for (decision, id) in decided {
        let act = format!("POST /api/v1/admin/accounts/{{id}}/{decision}");
        walk.call(client, &act, &[&id], &[]);
    }
    walk.call(client, "GET /api/v1/admin/accounts/{id}", &[&cleo], &[]);
    let act = "POST /api/v1/admin/accounts/{id}/action";
    for (action, back) in [("silence", "unsilence"), ("suspend", "unsuspend")] {
        walk.call(
            client,
            act,
            &[&cleo],
            &[("type", action), ("text", "For rudeness")],
        );
        walk.call(
            client,
            &format!("POST /api/v1/admin/accounts/{{id}}/{back}"),
            &[&cleo],
            &[],
        );
    }
    walk.call(client, "POST /api/v1/admin/accounts/{id}/enable", &[&cleo], &[]);
    walk.call(
        client,
        "POST /api/v1/admin/accounts/{id}/unsensitive",
        &[&cleo],
        &[],
    );
    // What was decided about them.
    walk.call(&mut all.cleo.client, "GET /api/v1/notifications", &[], &[]);
    walk.call(client, act, &[&cleo], &[("type", "suspend"), ("text", "Again")]);
    walk.call(client, "DELETE /api/v1/admin/accounts/{id}", &[&cleo], &[]);
}

/// What is decided about other servers is told to nobody unless the operator says so.
fn rules_are_for_everybody(browser: &mut Browser) {
    let form = browser.get("/moderation/servers").form("Save");
    browser.submit(&form.tick("Everybody"));
}

fn domains(walk: &mut Walk, operator: &mut Person) {
    let client = &mut operator.client;
    let fields = [
        ("domain", "loud.example"),
        ("severity", "silence"),
        ("public_comment", "Shouts"),
        ("reject_media", "true"),
    ];
    let made = walk.call(client, "POST /api/v1/admin/domain_blocks", &[], &fields);
    let id = text(&made["id"]);
    walk.call(client, "GET /api/v1/admin/domain_blocks", &[], &[]);
    walk.call(client, "GET /api/v1/admin/domain_blocks/{id}", &[&id], &[]);
    let severer = [("severity", "suspend")];
    walk.call(client, "PUT /api/v1/admin/domain_blocks/{id}", &[&id], &severer);
    walk.call(client, "GET /api/v1/instance/domain_blocks", &[], &[]);
    walk.call(client, "DELETE /api/v1/admin/domain_blocks/{id}", &[&id], &[]);
    let made = walk.call(
        client,
        "POST /api/v1/admin/domain_allows",
        &[],
        &[("domain", "kind.example")],
    );
    let id = text(&made["id"]);
    walk.call(client, "GET /api/v1/admin/domain_allows", &[], &[]);
    walk.call(client, "GET /api/v1/admin/domain_allows/{id}", &[&id], &[]);
    walk.call(client, "DELETE /api/v1/admin/domain_allows/{id}", &[&id], &[]);
}

fn announcements(walk: &mut Walk, all: &mut Everybody, browser: &mut Browser) {
    let page = browser.get("/announcements");
    let form = page
        .form("Announce it")
        .fill("What is announced", "Water tonight");
    browser.submit(&form);
    let ann = &mut all.ann.client;
    let list = walk.call(ann, "GET /api/v1/announcements", &[], &[]);
    let id = text(&list[0]["id"]);
    let heart = "%F0%9F%92%99";
    walk.call(
        ann,
        "PUT /api/v1/announcements/{id}/reactions/{name}",
        &[&id, heart],
        &[],
    );
    walk.call(ann, "GET /api/v1/announcements", &[], &[]);
    walk.call(
        ann,
        "DELETE /api/v1/announcements/{id}/reactions/{name}",
        &[&id, heart],
        &[],
    );
    walk.call(ann, "POST /api/v1/announcements/{id}/dismiss", &[&id], &[]);
}
