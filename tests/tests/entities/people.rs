//! Apps, accounts, what people are to each other, lists and filters.

use serde_json::Value;

use super::walk::Walk;
use super::{Everybody, Person, picture, text};
use bauta_tests::http::Part;

/// The scopes of the app that signs somebody up.
const SCOPES: &str = "read write follow push";

pub fn walk(walk: &mut Walk, all: &mut Everybody) {
    come_in(walk, all);
    profile(walk, all);
    relations(walk, all);
    requests(walk, all);
    lists(walk, all);
    filters(walk, &mut all.ann);
    domains(walk, &mut all.ann);
}

/// An app, its own token, and somebody who signs up with it.
fn come_in(walk: &mut Walk, all: &mut Everybody) {
    let redirect = "urn:ietf:wg:oauth:2.0:oob";
    let stranger = &mut all.stranger;
    let fields = [
        ("client_name", "Pigeon"),
        ("redirect_uris", redirect),
        ("scopes", SCOPES),
    ];
    let app = walk.call(stranger, "POST /api/v1/apps", &[], &fields);
    let (id, secret) = (text(&app["client_id"]), text(&app["client_secret"]));
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", &*id),
        ("client_secret", &*secret),
        ("scope", SCOPES),
    ];
    let token = walk.call(stranger, "POST /oauth/token", &[], &fields);
    let mut of_app = stranger.clone().with_token(&text(&token["access_token"]));
    walk.call(&mut of_app, "GET /api/v1/apps/verify_credentials", &[], &[]);
    let fields = [
        ("username", "dora"),
        ("password", "obedient walrus trombone ledger mosaic"),
        ("agreement", "true"),
        ("locale", "en"),
    ];
    let joined = walk.call(&mut of_app, "POST /api/v1/accounts", &[], &fields);
    let fields = [
        ("username", "edgar"),
        ("password", "obedient walrus trombone ledger mosaic"),
        ("agreement", "true"),
        ("reason", "I read the gauges"),
    ];
    walk.call(&mut of_app, "POST /api/v1/accounts", &[], &fields);
    let fields = [
        ("token", &*text(&joined["access_token"])),
        ("client_id", &id),
        ("client_secret", &secret),
    ];
    walk.call(stranger, "POST /oauth/revoke", &[], &fields);
    walk.call(stranger, "GET /.well-known/oauth-authorization-server", &[], &[]);
    walk.call(&mut all.ann.client, "GET /oauth/userinfo", &[], &[]);
    let fields = [
        ("response_type", "code"),
        ("client_id", &*id),
        ("redirect_uri", redirect),
        ("scope", "read"),
    ];
    walk.call(stranger, "GET /oauth/authorize", &[], &fields);
}

fn profile(walk: &mut Walk, all: &mut Everybody) {
    let Person { id, client } = &mut all.ann;
    walk.call(client, "GET /api/v1/accounts/verify_credentials", &[], &[]);
    let fields = [
        ("display_name", "Ann"),
        ("note", "Rivers, mostly. #rivers"),
        ("discoverable", "true"),
        ("indexable", "true"),
        ("fields_attributes[0][name]", "Station"),
        ("fields_attributes[0][value]", "https://gauge.example/station"),
    ];
    walk.call(client, "PATCH /api/v1/accounts/update_credentials", &[], &fields);
    let mut avatar = picture();
    avatar.name = "avatar".into();
    let mut header = picture();
    header.name = "header".into();
    walk.upload(
        client,
        "PATCH /api/v1/profile",
        &[avatar, header, Part::text("bot", "false")],
    );
    walk.call(client, "GET /api/v1/profile", &[], &[]);
    walk.call(client, "GET /api/v1/accounts/{id}", &[id], &[]);
    walk.call(client, "DELETE /api/v1/profile/avatar", &[], &[]);
    walk.call(client, "DELETE /api/v1/profile/header", &[], &[]);
    walk.call(client, "GET /api/v1/preferences", &[], &[]);
    walk.call(client, "GET /api/v1/accounts", &[], &[("id[]", &**id)]);
    walk.call(client, "GET /api/v1/accounts/lookup", &[], &[("acct", "bob")]);
    walk.call(client, "GET /api/v1/accounts/search", &[], &[("q", "bob")]);
    walk.call(
        &mut all.stranger,
        "GET /api/v1/directory",
        &[],
        &[("local", "true")],
    );
}

fn relations(walk: &mut Walk, all: &mut Everybody) {
    let (ann, bob, cleo) = (&mut all.ann, &mut all.bob, &mut all.cleo);
    let (of_ann, of_bob, of_cleo) = (ann.id.clone(), bob.id.clone(), cleo.id.clone());
    let client = &mut ann.client;
    walk.call(
        client,
        "POST /api/v1/accounts/{id}/follow",
        &[&of_bob],
        &[("notify", "true")],
    );
    for line in [
        "POST /api/v1/accounts/{id}/pin",
        "POST /api/v1/accounts/{id}/unpin",
        "POST /api/v1/accounts/{id}/endorse",
    ] {
        walk.call(client, line, &[&of_bob], &[]);
    }
    walk.call(
        client,
        "POST /api/v1/accounts/{id}/note",
        &[&of_bob],
        &[("comment", "from the river")],
    );
    walk.call(client, "GET /api/v1/endorsements", &[], &[]);
    walk.call(client, "GET /api/v1/accounts/{id}/endorsements", &[&of_ann], &[]);
    walk.call(client, "POST /api/v1/accounts/{id}/unendorse", &[&of_bob], &[]);
    walk.call(
        &mut cleo.client,
        "POST /api/v1/accounts/{id}/follow",
        &[&of_bob],
        &[],
    );
    walk.call(
        &mut cleo.client,
        "POST /api/v1/accounts/{id}/follow",
        &[&of_ann],
        &[],
    );
    let familiar = [("id[]", &*of_bob)];
    walk.call(client, "POST /api/v1/accounts/{id}/follow", &[&of_cleo], &[]);
    walk.call(client, "GET /api/v1/accounts/familiar_followers", &[], &familiar);
    walk.call(client, "GET /api/v1/accounts/relationships", &[], &familiar);
    walk.call(client, "GET /api/v1/accounts/{id}/followers", &[&of_bob], &[]);
    walk.call(client, "GET /api/v1/accounts/{id}/following", &[&of_ann], &[]);
    walk.call(
        client,
        "POST /api/v1/accounts/{id}/remove_from_followers",
        &[&of_cleo],
        &[],
    );
    walk.call(client, "POST /api/v1/accounts/{id}/unfollow", &[&of_cleo], &[]);
    walk.call(client, "POST /api/v1/accounts/{id}/block", &[&of_cleo], &[]);
    walk.call(client, "GET /api/v1/blocks", &[], &[]);
    walk.call(client, "POST /api/v1/accounts/{id}/unblock", &[&of_cleo], &[]);
    walk.call(
        client,
        "POST /api/v1/accounts/{id}/mute",
        &[&of_cleo],
        &[("duration", "3600")],
    );
    walk.call(client, "GET /api/v1/mutes", &[], &[]);
    walk.call(client, "POST /api/v1/accounts/{id}/unmute", &[&of_cleo], &[]);
    walk.call(client, "GET /api/v2/suggestions", &[], &[]);
    walk.call(client, "GET /api/v1/suggestions", &[], &[]);
    walk.call(
        client,
        "DELETE /api/v1/suggestions/{account_id}",
        &[&of_cleo],
        &[],
    );
}

/// Who lets followers in one by one.
fn requests(walk: &mut Walk, all: &mut Everybody) {
    let (bob, follower) = (&mut all.bob, &mut all.operator);
    let update = "PATCH /api/v1/accounts/update_credentials";
    walk.call(&mut bob.client, update, &[], &[("locked", "true")]);
    for line in [
        "POST /api/v1/follow_requests/{account_id}/authorize",
        "POST /api/v1/follow_requests/{account_id}/reject",
    ] {
        walk.call(
            &mut follower.client,
            "POST /api/v1/accounts/{id}/follow",
            &[&bob.id],
            &[],
        );
        walk.call(&mut bob.client, "GET /api/v1/follow_requests", &[], &[]);
        walk.call(&mut bob.client, line, &[&follower.id], &[]);
        walk.call(
            &mut follower.client,
            "POST /api/v1/accounts/{id}/unfollow",
            &[&bob.id],
            &[],
        );
    }
    walk.call(&mut bob.client, update, &[], &[("locked", "false")]);
    walk.call(
        &mut bob.client,
        "POST /api/v1/accounts/{id}/follow",
        &[&all.ann.id],
        &[],
    );
}

fn lists(walk: &mut Walk, all: &mut Everybody) {
    let bob = all.bob.id.clone();
    let client = &mut all.ann.client;
    let made = walk.call(client, "POST /api/v1/lists", &[], &[("title", "Gauges")]);
    let list = text(&made["id"]);
    let members = [("account_ids[]", &*bob)];
    walk.call(client, "POST /api/v1/lists/{id}/accounts", &[&list], &members);
    walk.call(client, "GET /api/v1/lists", &[], &[]);
    walk.call(client, "GET /api/v1/lists/{id}", &[&list], &[]);
    let fields = [
        ("title", "Gauges"),
        ("replies_policy", "followed"),
        ("exclusive", "false"),
    ];
    walk.call(client, "PUT /api/v1/lists/{id}", &[&list], &fields);
    walk.call(client, "GET /api/v1/lists/{id}/accounts", &[&list], &[]);
    walk.call(client, "GET /api/v1/accounts/{id}/lists", &[&bob], &[]);
    walk.call(client, "GET /api/v1/timelines/list/{list_id}", &[&list], &[]);
    walk.stream(client, "GET /api/v1/streaming/list", &[("list", &list)]);
    walk.call(client, "DELETE /api/v1/lists/{id}/accounts", &[&list], &members);
    walk.call(client, "DELETE /api/v1/lists/{id}", &[&list], &[]);
}

fn filters(walk: &mut Walk, ann: &mut Person) {
    let client = &mut ann.client;
    let post = walk.call(
        client,
        "POST /api/v1/statuses",
        &[],
        &[("status", "To be filtered")],
    );
    let fields = [
        ("title", "Dams"),
        ("context[]", "home"),
        ("filter_action", "warn"),
        ("keywords_attributes[0][keyword]", "dam"),
    ];
    let made = walk.call(client, "POST /api/v2/filters", &[], &fields);
    let filter = text(&made["id"]);
    let keywords = "POST /api/v2/filters/{filter_id}/keywords";
    let added = walk.call(
        client,
        keywords,
        &[&filter],
        &[("keyword", "weir"), ("whole_word", "true")],
    );
    let keyword = text(&added["id"]);
    let statuses = "POST /api/v2/filters/{filter_id}/statuses";
    let named = walk.call(client, statuses, &[&filter], &[("status_id", &text(&post["id"]))]);
    let status = text(&named["id"]);
    walk.call(client, "GET /api/v2/filters", &[], &[]);
    walk.call(client, "GET /api/v2/filters/{id}", &[&filter], &[]);
    walk.call(
        client,
        "PUT /api/v2/filters/{id}",
        &[&filter],
        &[("title", "Dams and weirs")],
    );
    walk.call(
        client,
        "GET /api/v2/filters/{filter_id}/keywords",
        &[&filter],
        &[],
    );
    walk.call(client, "GET /api/v2/filters/keywords/{id}", &[&keyword], &[]);
    walk.call(
        client,
        "PUT /api/v2/filters/keywords/{id}",
        &[&keyword],
        &[("keyword", "weirs")],
    );
    walk.call(
        client,
        "GET /api/v2/filters/{filter_id}/statuses",
        &[&filter],
        &[],
    );
    walk.call(client, "GET /api/v2/filters/statuses/{id}", &[&status], &[]);
    // With everything in it, as a reader meets it.
    let about = walk.call(
        client,
        "POST /api/v1/statuses",
        &[],
        &[("status", "The weirs are high")],
    );
    walk.call(client, "GET /api/v1/statuses/{id}", &[&text(&about["id"])], &[]);
    walk.call(client, "GET /api/v1/timelines/home", &[], &[]);
    walk.call(client, "DELETE /api/v2/filters/statuses/{id}", &[&status], &[]);
    walk.call(client, "DELETE /api/v2/filters/keywords/{id}", &[&keyword], &[]);
    walk.call(client, "DELETE /api/v2/filters/{id}", &[&filter], &[]);
    old_filters(walk, ann);
}

fn old_filters(walk: &mut Walk, ann: &mut Person) {
    let client = &mut ann.client;
    let fields = [
        ("phrase", "sluice"),
        ("context[]", "home"),
        ("whole_word", "true"),
    ];
    let made: Value = walk.call(client, "POST /api/v1/filters", &[], &fields);
    let filter = text(&made["id"]);
    walk.call(client, "GET /api/v1/filters", &[], &[]);
    walk.call(client, "GET /api/v1/filters/{id}", &[&filter], &[]);
    walk.call(client, "PUT /api/v1/filters/{id}", &[&filter], &fields);
    walk.call(client, "DELETE /api/v1/filters/{id}", &[&filter], &[]);
}

fn domains(walk: &mut Walk, ann: &mut Person) {
    let client = &mut ann.client;
    let fields = [("domain", "loud.example")];
    walk.call(client, "POST /api/v1/domain_blocks", &[], &fields);
    walk.call(client, "GET /api/v1/domain_blocks", &[], &[]);
    walk.call(client, "DELETE /api/v1/domain_blocks", &[], &fields);
}
