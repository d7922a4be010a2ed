//! Posts and what is done with them: media, polls, hashtags, timelines, search.

use super::walk::Walk;
use super::{Everybody, picture, text};

pub fn walk(walk: &mut Walk, all: &mut Everybody) {
    one_post(walk, all);
    quotes(walk, all);
    media(walk, all);
    polls(walk, all);
    scheduled(walk, all);
    tags(walk, all);
    timelines(walk, all);
}

fn one_post(walk: &mut Walk, all: &mut Everybody) {
    let (ann, bob) = (&mut all.ann.client, &mut all.bob.client);
    let fields = [
        (
            "status",
            "High water at the #gauge, @bob https://gauge.example/today",
        ),
        ("spoiler_text", "water"),
        ("language", "en"),
    ];
    let post = walk.call(ann, "POST /api/v1/statuses", &[], &fields);
    let post = text(&post["id"]);
    let reply = [("status", "@ann Seen from here too"), ("in_reply_to_id", &*post)];
    walk.call(bob, "POST /api/v1/statuses", &[], &reply);
    for line in [
        "POST /api/v1/statuses/{id}/favourite",
        "POST /api/v1/statuses/{id}/reblog",
        "POST /api/v1/statuses/{id}/bookmark",
        "POST /api/v1/statuses/{id}/mute",
        "GET /api/v1/statuses/{id}/reblogged_by",
        "GET /api/v1/statuses/{id}/favourited_by",
        "GET /api/v1/statuses/{id}/context",
        "GET /api/v1/statuses/{id}",
    ] {
        walk.call(bob, line, &[&post], &[]);
    }
    walk.call(bob, "GET /api/v1/bookmarks", &[], &[]);
    walk.call(bob, "GET /api/v1/favourites", &[], &[]);
    let edit = [("status", "Low water at the #gauge, @bob"), ("spoiler_text", "")];
    walk.call(ann, "PUT /api/v1/statuses/{id}", &[&post], &edit);
    walk.call(ann, "GET /api/v1/statuses/{id}/history", &[&post], &[]);
    walk.call(ann, "GET /api/v1/statuses/{id}/source", &[&post], &[]);
    walk.call(ann, "POST /api/v1/statuses/{id}/pin", &[&post], &[]);
    walk.call(ann, "POST /api/v1/statuses/{id}/unpin", &[&post], &[]);
    walk.call(&mut all.stranger, "GET /api/v1/statuses/{id}", &[&post], &[]);
    walk.call(ann, "GET /api/v1/statuses", &[], &[("id[]", &*post)]);
    let url = all.server.url(&format!("/@ann/{post}"));
    walk.call(&mut all.stranger, "GET /api/oembed", &[], &[("url", &*url)]);
    for line in [
        "POST /api/v1/statuses/{id}/unmute",
        "POST /api/v1/statuses/{id}/unbookmark",
        "POST /api/v1/statuses/{id}/unreblog",
        "POST /api/v1/statuses/{id}/unfavourite",
    ] {
        walk.call(bob, line, &[&post], &[]);
    }
    let gone = walk.call(ann, "POST /api/v1/statuses", &[], &[("status", "Never mind")]);
    walk.call(ann, "DELETE /api/v1/statuses/{id}", &[&text(&gone["id"])], &[]);
}

fn quotes(walk: &mut Walk, all: &mut Everybody) {
    let (ann, bob) = (&mut all.ann.client, &mut all.bob.client);
    let quoted = walk.call(ann, "POST /api/v1/statuses", &[], &[("status", "Quote me")]);
    let quoted = text(&quoted["id"]);
    let fields = [("status", "She says it"), ("quoted_status_id", &*quoted)];
    let quoting = walk.call(bob, "POST /api/v1/statuses", &[], &fields);
    walk.call(ann, "GET /api/v1/statuses/{id}/quotes", &[&quoted], &[]);
    walk.call(ann, "GET /api/v1/notifications", &[], &[]);
    let revoke = "POST /api/v1/statuses/{id}/quotes/{quoting_status_id}/revoke";
    walk.call(ann, revoke, &[&quoted, &text(&quoting["id"])], &[]);
    let policy = [("quote_approval_policy", "nobody")];
    walk.call(
        ann,
        "PUT /api/v1/statuses/{id}/interaction_policy",
        &[&quoted],
        &policy,
    );
}

fn media(walk: &mut Walk, all: &mut Everybody) {
    let ann = &mut all.ann.client;
    let old = walk.upload(ann, "POST /api/v1/media", &[picture()]);
    walk.call(ann, "DELETE /api/v1/media/{id}", &[&text(&old["id"])], &[]);
    let made = walk.upload(ann, "POST /api/v2/media", &[picture()]);
    let id = text(&made["id"]);
    let described = [
        ("description", "A gauge, half under water"),
        ("focus", "0.1,-0.2"),
    ];
    walk.call(ann, "PUT /api/v1/media/{id}", &[&id], &described);
    walk.call(ann, "GET /api/v1/media/{id}", &[&id], &[]);
    let fields = [
        ("status", "The gauge"),
        ("media_ids[]", &*id),
        ("sensitive", "true"),
    ];
    walk.call(ann, "POST /api/v1/statuses", &[], &fields);
}

fn polls(walk: &mut Walk, all: &mut Everybody) {
    let fields = [
        ("status", "Will it hold?"),
        ("poll[options][]", "yes"),
        ("poll[options][]", "no"),
        ("poll[expires_in]", "3600"),
    ];
    let post = walk.call(&mut all.ann.client, "POST /api/v1/statuses", &[], &fields);
    let poll = text(&post["poll"]["id"]);
    walk.call(&mut all.stranger, "GET /api/v1/polls/{id}", &[&poll], &[]);
    let votes = [("choices[]", "0")];
    walk.call(
        &mut all.bob.client,
        "POST /api/v1/polls/{id}/votes",
        &[&poll],
        &votes,
    );
    walk.call(
        &mut all.bob.client,
        "GET /api/v1/statuses/{id}",
        &[&text(&post["id"])],
        &[],
    );
}

fn scheduled(walk: &mut Walk, all: &mut Everybody) {
    let ann = &mut all.ann.client;
    let create = ("POST /api/v1/statuses", "ScheduledStatus");
    let fields = [
        ("status", "Tomorrow, perhaps"),
        ("scheduled_at", "2099-04-07T14:02:00Z"),
    ];
    let made = walk.call_for(ann, create, &[], &fields);
    let id = text(&made["id"]);
    walk.call(ann, "GET /api/v1/scheduled_statuses", &[], &[]);
    walk.call(ann, "GET /api/v1/scheduled_statuses/{id}", &[&id], &[]);
    let later = [("scheduled_at", "2099-04-08T14:02:00Z")];
    walk.call(ann, "PUT /api/v1/scheduled_statuses/{id}", &[&id], &later);
    walk.call(ann, "DELETE /api/v1/scheduled_statuses/{id}", &[&id], &[]);
}

fn tags(walk: &mut Walk, all: &mut Everybody) {
    let id = all.ann.id.clone();
    let ann = &mut all.ann.client;
    walk.call(ann, "GET /api/v1/tags/{name}", &["gauge"], &[]);
    walk.call(ann, "POST /api/v1/tags/{name}/follow", &["gauge"], &[]);
    walk.call(ann, "GET /api/v1/followed_tags", &[], &[]);
    walk.call(ann, "POST /api/v1/tags/{name}/unfollow", &["gauge"], &[]);
    walk.call(ann, "GET /api/v1/featured_tags/suggestions", &[], &[]);
    walk.call(ann, "POST /api/v1/tags/{id}/feature", &["gauge"], &[]);
    walk.call(ann, "POST /api/v1/tags/{id}/unfeature", &["gauge"], &[]);
    let made = walk.call(ann, "POST /api/v1/featured_tags", &[], &[("name", "gauge")]);
    walk.call(ann, "GET /api/v1/featured_tags", &[], &[]);
    walk.call(ann, "GET /api/v1/accounts/{id}/featured_tags", &[&id], &[]);
    walk.call(
        ann,
        "DELETE /api/v1/featured_tags/{id}",
        &[&text(&made["id"])],
        &[],
    );
}

fn timelines(walk: &mut Walk, all: &mut Everybody) {
    let id = all.ann.id.clone();
    let (ann, stranger) = (&mut all.ann.client, &mut all.stranger);
    walk.call(ann, "GET /api/v1/timelines/home", &[], &[]);
    walk.call(
        stranger,
        "GET /api/v1/timelines/public",
        &[],
        &[("local", "true")],
    );
    walk.call(stranger, "GET /api/v1/timelines/tag/{hashtag}", &["gauge"], &[]);
    walk.call(stranger, "GET /api/v1/accounts/{id}/statuses", &[&id], &[]);
    walk.call(stranger, "GET /api/v1/trends/tags", &[], &[]);
    walk.call(stranger, "GET /api/v1/trends/statuses", &[], &[]);
    walk.call(ann, "GET /api/v2/search", &[], &[("q", "gauge")]);
    walk.call(
        ann,
        "GET /api/v2/search",
        &[],
        &[("q", "bob"), ("type", "accounts")],
    );
    for line in [
        "GET /api/v1/streaming/user",
        "GET /api/v1/streaming/user/notification",
        "GET /api/v1/streaming/public",
        "GET /api/v1/streaming/public/local",
        "GET /api/v1/streaming/public/remote",
        "GET /api/v1/streaming/direct",
    ] {
        walk.stream(ann, line, &[]);
    }
    walk.stream(ann, "GET /api/v1/streaming/hashtag", &[("tag", "gauge")]);
    walk.stream(ann, "GET /api/v1/streaming/hashtag/local", &[("tag", "gauge")]);
}
