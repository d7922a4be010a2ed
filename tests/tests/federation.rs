//! Two real servers, one on SQLite and one on PostgreSQL, follow, speak, answer and delete across.

mod person;

use bauta_tests::eventually;
use bauta_tests::http::Request;
use person::{Person, follow, says, server, text};
use serde_json::Value;

#[test]
fn two_servers_follow_speak_answer_and_delete() {
    let here = server().start();
    let there = server()
        .database(&bauta_tests::postgres::fresh_database())
        .start();
    let (mut alice, mut bob) = (Person::join(&here, "alice"), Person::join(&there, "bob"));
    speak(&mut alice, &mut bob);
    let (mut carol, mut dora) = (Person::join(&there, "carol"), Person::join(&here, "dora"));
    speak(&mut carol, &mut dora);
}

/// `reader` follows `author`, and all that can happen between them happens.
fn speak(reader: &mut Person, author: &mut Person) {
    let author_id = follow(reader, author);
    assert_eq!(author.hears("follow")["account"]["acct"], reader.acct.as_str());

    // Posts of each kind keep their audience.
    for visibility in ["public", "unlisted", "private"] {
        author.say(&format!("a {visibility} post"), &[("visibility", visibility)]);
        let read = reader.reads(&format!("a {visibility} post"));
        assert_eq!(read["visibility"], visibility);
        assert_eq!(read["account"]["acct"], author.acct.as_str());
    }
    let local = reader.get("/api/v1/timelines/public?local=true");
    let theirs = |post: &Value| post["account"]["acct"] == author.acct.as_str();
    assert!(!local.as_array().expect("a list").iter().any(theirs), "{local}");

    // Like, boost, answer; then taken back.
    let original = author.say("what do you think?", &[]);
    let copy = text(&reader.reads("what do you think?")["id"]);
    reader.post(&format!("/api/v1/statuses/{copy}/favourite"), &[]);
    assert_eq!(author.hears("favourite")["status"]["id"], original.as_str());
    reader.post(&format!("/api/v1/statuses/{copy}/reblog"), &[]);
    assert_eq!(author.hears("reblog")["status"]["id"], original.as_str());
    let words = format!("@{} I agree", author.acct);
    reader.say(&words, &[("in_reply_to_id", &copy)]);
    let heard = author.hears("mention");
    assert!(says(&heard["status"], "I agree"), "{heard}");
    assert_eq!(heard["status"]["in_reply_to_id"], original.as_str());
    reader.post(&format!("/api/v1/statuses/{copy}/unfavourite"), &[]);
    reader.post(&format!("/api/v1/statuses/{copy}/unreblog"), &[]);
    eventually("taken back", || {
        let post = author.get(&format!("/api/v1/statuses/{original}"));
        (post["favourites_count"] == 0 && post["reblogs_count"] == 0).then_some(())
    });

    // Edit, delete.
    let edited = Request::new("PUT", &format!("/api/v1/statuses/{original}"));
    let answer = author
        .client
        .send(&edited.form(&[("status", "what do you all think?")]));
    assert_eq!(answer.status, 200, "{}", answer.text());
    eventually("edited", || {
        let post = reader.get(&format!("/api/v1/statuses/{copy}"));
        says(&post, "what do you all think?").then_some(())
    });
    let answer = author
        .client
        .send(&Request::new("DELETE", &format!("/api/v1/statuses/{original}")));
    assert_eq!(answer.status, 200);
    eventually("deleted", || {
        (reader.client.get(&format!("/api/v1/statuses/{copy}")).status == 404).then_some(())
    });

    // A direct post reaches only whom it names.
    author.say(
        &format!("@{} between us", reader.acct),
        &[("visibility", "direct")],
    );
    let direct = reader.hears("mention");
    assert_eq!(direct["status"]["visibility"], "direct", "{direct}");

    // The end of it.
    reader.post(&format!("/api/v1/accounts/{author_id}/unfollow"), &[]);
    eventually("unfollowed", || {
        let own = author.get("/api/v1/accounts/verify_credentials");
        (own["followers_count"] == 0).then_some(())
    });
}
