//! Two real servers, one on SQLite and one on PostgreSQL, quote across: asked, let, shown, taken back, and refused.

mod person;

use bauta_tests::eventually;
use bauta_tests::http::Request;
use person::{Person, follow, says, server, text};
use serde_json::Value;

#[test]
fn quotes_are_asked_for_let_shown_and_taken_back_across() {
    let here = server().start();
    let there = server()
        .database(&bauta_tests::postgres::fresh_database())
        .start();
    let (mut alice, mut bob) = (Person::join(&here, "alice"), Person::join(&there, "bob"));
    quote(&mut alice, &mut bob);
    let (mut carol, mut dora) = (Person::join(&there, "carol"), Person::join(&here, "dora"));
    quote(&mut carol, &mut dora);
}

/// Waits until the quote in a post has this state, and gives the post.
fn settles(reader: &mut Person, id: &str, state: &str) -> Value {
    eventually(state, || {
        let post = reader.get(&format!("/api/v1/statuses/{id}"));
        (post["quote"]["state"] == state).then_some(post)
    })
}

/// `author` posts, `quoter` follows them and quotes, and both follow what becomes of it.
fn quote(author: &mut Person, quoter: &mut Person) {
    follow(quoter, author);
    follow(author, quoter);
    let original = author.say("the tide is high", &[]);
    let copy = quoter.reads("the tide is high");
    assert_eq!(copy["quote_approval"]["automatic"][0], "public", "{copy}");
    assert_eq!(copy["quote_approval"]["current_user"], "automatic", "{copy}");
    let copy = text(&copy["id"]);
    let quoting = quoter.say("so it is", &[("quoted_status_id", &copy)]);
    let seen = settles(quoter, &quoting, "accepted");
    assert_eq!(seen["quote"]["quoted_status"]["id"], copy.as_str(), "{seen}");

    // The author is told once, and reads the quote with their own post in it.
    let heard = author.hears("quote");
    assert_eq!(heard["account"]["acct"], quoter.acct.as_str());
    let theirs = text(&heard["status"]["id"]);
    let seen = settles(author, &theirs, "accepted");
    assert_eq!(seen["quote"]["quoted_status"]["id"], original.as_str(), "{seen}");
    assert!(!says(&seen, "RE:"), "the line for others is left out: {seen}");
    let counted = author.get(&format!("/api/v1/statuses/{original}"));
    assert_eq!(counted["quotes_count"], 1, "{counted}");
    let list = author.get(&format!("/api/v1/statuses/{original}/quotes"));
    assert_eq!(list[0]["id"], theirs.as_str(), "{list}");

    // Taken back: the quoter's server hears it, and so does every reader.
    let revoke = format!("/api/v1/statuses/{original}/quotes/{theirs}/revoke");
    author.post(&revoke, &[]);
    let seen = settles(quoter, &quoting, "revoked");
    assert_eq!(seen["quote"]["quoted_status"], Value::Null, "{seen}");
    settles(author, &theirs, "revoked");

    // Nobody may: the answer is known before, and the policy of a post is told to those who have it.
    let closed = author.say("mine alone", &[("quote_approval_policy", "nobody")]);
    let copy = text(&quoter.reads("mine alone")["id"]);
    let refused = quoter
        .client
        .send(&Request::post("/api/v1/statuses").form(&[("status", "look"), ("quoted_status_id", &copy)]));
    assert_eq!(refused.status, 403, "{}", refused.text());
    let open = Request::new("PUT", &format!("/api/v1/statuses/{closed}/interaction_policy"));
    let opened = author
        .client
        .send(&open.form(&[("quote_approval_policy", "followers")]));
    assert_eq!(opened.status, 200, "{}", opened.text());
    eventually("the policy is told", || {
        let post = quoter.get(&format!("/api/v1/statuses/{copy}"));
        (post["quote_approval"]["automatic"][0] == "followers").then_some(())
    });
    let quoting = quoter.say("as a follower", &[("quoted_status_id", &copy)]);
    settles(quoter, &quoting, "accepted");
    let delete = Request::new("DELETE", &format!("/api/v1/statuses/{closed}"));
    assert_eq!(author.client.send(&delete).status, 200);
    settles(quoter, &quoting, "deleted");
}
