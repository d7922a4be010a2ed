//! Three real servers on loopback, on SQLite, PostgreSQL and SQLite: what passes through one of them on its way from
//! another to the third.

mod person;

use bauta_tests::eventually;
use bauta_tests::http::Request;
use person::{Person, follow, says, server, text, three, turns};
use serde_json::Value;

#[test]
fn boosts_and_answers_of_a_third_reach_everybody_and_go_with_what_they_are_about() {
    for (number, turn) in turns(&three()).into_iter().enumerate() {
        let [author, middle, reader] = turn.map(|server| Person::join(server, &format!("p{number}")));
        pass_on(author, middle, reader);
        if number == 2 {
            // Each database passed on and received by then.
            continue;
        }
        let people = turn.map(|server| Person::join(server, &format!("q{number}")));
        let neighbour = Person::join(turn[0], &format!("r{number}"));
        let stranger = Person::join(turn[1], &format!("s{number}"));
        answers_go_on(people, neighbour, stranger);
    }
}

/// What is below a post, as its reader has it.
fn below(reader: &mut Person, post: &str) -> Vec<Value> {
    let thread = reader.get(&format!("/api/v1/statuses/{post}/context"));
    thread["descendants"].as_array().expect("a list").clone()
}

/// `author` is followed by `reader` alone, and follows `answers`, whose server the reader's does not know; `neighbour` is of the
/// author's server, and `stranger` of that of `answers`.
fn answers_go_on(
    [mut author, mut answers, mut reader]: [Person; 3],
    mut neighbour: Person,
    mut stranger: Person,
) {
    follow(&mut reader, &author);
    follow(&mut author, &answers);
    follow(&mut answers, &author);
    follow(&mut stranger, &author);
    let original = author.say("who knows the way?", &[]);
    let seen = text(&answers.reads("who knows the way?")["id"]);
    let copy = text(&reader.reads("who knows the way?")["id"]);
    let strangers = text(&stranger.reads("who knows the way?")["id"]);

    // What the author's followers are not meant to get by the author's server: first, so that it would be here by the end.
    let words = format!("@{} for few alone", author.acct);
    answers.say(&words, &[("in_reply_to_id", &seen), ("visibility", "private")]);
    answers.say(&words, &[("in_reply_to_id", &seen), ("visibility", "direct")]);
    let words = format!("@{} whom nobody asked", author.acct);
    stranger.say(&words, &[("in_reply_to_id", &strangers)]);
    eventually("all three came to the author", || {
        (below(&mut author, &original).len() == 3).then_some(())
    });

    let words = format!("@{} along the water", author.acct);
    let answer = answers.say(&words, &[("in_reply_to_id", &seen)]);
    let own = neighbour.say("over the bridge", &[("in_reply_to_id", &original)]);
    let both = eventually("the answers are passed on", || {
        Some(below(&mut reader, &copy)).filter(|all| all.len() == 2)
    });
    let by = |words: &str| {
        let found = both.iter().find(|post| says(post, words)).expect(words);
        text(&found["account"]["acct"])
    };
    assert_eq!(by("along the water"), answers.acct);
    assert_eq!(by("over the bridge"), neighbour.acct);

    // New words, and the end of both.
    let edit = Request::new("PUT", &format!("/api/v1/statuses/{answer}"));
    let edit = edit.form(&[("status", &format!("@{} along the canal", author.acct))]);
    assert_eq!(answers.client.send(&edit).status, 200);
    eventually("new words are passed on", || {
        let all = below(&mut reader, &copy);
        all.iter().any(|post| says(post, "along the canal")).then_some(())
    });
    for (who, id) in [(&mut answers, &answer), (&mut neighbour, &own)] {
        let delete = Request::new("DELETE", &format!("/api/v1/statuses/{id}"));
        assert_eq!(who.client.send(&delete).status, 200);
    }
    eventually("their end is passed on", || {
        below(&mut reader, &copy).is_empty().then_some(())
    });
}

/// `author` posts, `middle` boosts and answers, `reader` follows `middle` alone.
fn pass_on(mut author: Person, mut middle: Person, mut reader: Person) {
    follow(&mut middle, &author);
    follow(&mut reader, &middle);
    let original = author.say("a word from afar", &[]);
    let seen = text(&middle.reads("a word from afar")["id"]);
    middle.post(&format!("/api/v1/statuses/{seen}/reblog"), &[]);
    let passed = eventually("the boost of a third's post", || {
        let home = reader.get("/api/v1/timelines/home");
        let all = home.as_array()?.clone();
        all.into_iter()
            .find(|post| says(&post["reblog"], "a word from afar"))
    });
    assert_eq!(passed["account"]["acct"], middle.acct.as_str());
    assert_eq!(passed["reblog"]["account"]["acct"], author.acct.as_str());
    assert_eq!(author.hears("reblog")["status"]["id"], original.as_str());

    // The reader, whom the author does not know, likes and answers what was passed on.
    let copy = text(&passed["reblog"]["id"]);
    reader.post(&format!("/api/v1/statuses/{copy}/favourite"), &[]);
    assert_eq!(author.hears("favourite")["account"]["acct"], reader.acct.as_str());
    let words = format!("@{} well said", author.acct);
    let answer = reader.say(&words, &[("in_reply_to_id", &copy)]);
    assert_eq!(
        author.hears("mention")["status"]["in_reply_to_id"],
        original.as_str()
    );
    // Who answers an answer is heard by both above, and by nobody's reading.
    let heard = text(&author.hears("mention")["status"]["id"]);
    let words = format!("@{} thank you", reader.acct);
    author.say(&words, &[("in_reply_to_id", &heard)]);
    assert_eq!(
        reader.hears("mention")["status"]["in_reply_to_id"],
        answer.as_str()
    );

    // An edit and a deletion of the author reach the author's followers; the boost goes with the post at the middle.
    let edit = Request::new("PUT", &format!("/api/v1/statuses/{original}"));
    let answered = author
        .client
        .send(&edit.form(&[("status", "another word from afar")]));
    assert_eq!(answered.status, 200, "{}", answered.text());
    eventually("edited at the middle", || {
        let post = middle.get(&format!("/api/v1/statuses/{seen}"));
        says(&post, "another word").then_some(())
    });
    eventually("edited at the reader's, who answered it", || {
        let post = reader.get(&format!("/api/v1/statuses/{copy}"));
        says(&post, "another word").then_some(())
    });
    let delete = Request::new("DELETE", &format!("/api/v1/statuses/{original}"));
    assert_eq!(author.client.send(&delete).status, 200);
    eventually("deleted at the middle", || {
        (middle.client.get(&format!("/api/v1/statuses/{seen}")).status == 404).then_some(())
    });
    eventually("deleted at the reader's, who answered it", || {
        (reader.client.get(&format!("/api/v1/statuses/{copy}")).status == 404).then_some(())
    });
}

#[test]
fn a_visitor_is_led_to_their_own_server_to_follow_and_to_answer() {
    let here = server().start();
    let there = server().start();
    let mut alice = Person::join(&here, "alice");
    let bob = Person::join(&there, "bob");
    let post = alice.say("open to all", &[]);
    let mut visitor = here.browser();
    for place in ["/@alice".to_owned(), format!("/@alice/{post}")] {
        let page = visitor.get(&format!("{place}/elsewhere"));
        assert!(page.lint().is_empty(), "{:?}", page.lint());
        let led = visitor.submit(
            &page
                .form("Go on there")
                .fill("Your account", &format!("@{}", bob.acct)),
        );
        let address = led.response.header("location").expect("a redirect");
        let object = here
            .url(&place)
            .replace(':', "%3A")
            .replace('/', "%2F")
            .replace('@', "%40");
        assert_eq!(address, there.url(&format!("/search?q={object}")));
        for wrong in [
            "bob",
            "@bob@127.0.0.1:1",
            "nobody@",
            "javascript:alert(1)",
            &alice.acct,
        ] {
            let again = visitor.submit(&page.form("Go on there").fill("Your account", wrong));
            assert_eq!(again.status(), 422, "{wrong}");
        }
    }
    assert_eq!(visitor.get("/@nobody/elsewhere").status(), 404);
    let found = here
        .client()
        .get(&format!(
            "/.well-known/webfinger?resource=acct:alice@{}",
            here.domain()
        ))
        .json();
    for intent in ["Follow", "Object", "Like", "Announce", "Create"] {
        assert!(
            found.to_string().contains(&format!("fep/3b86/{intent}")),
            "{found}"
        );
    }
}
