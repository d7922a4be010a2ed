//! PostgreSQL crashes under a running server and comes back: nobody is told of a post that isn't there, what was
//! acknowledged is there once, and the server needs no restart.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bauta_tests::eventually;
use bauta_tests::http::{Client, Request, Response};
use bauta_tests::postgres::Postgres;
use bauta_tests::server::Bauta;

const WRITERS: usize = 4;

/// A server on a database of its own, the name of that database, and a token to write with.
fn serve(postgres: &Postgres) -> (Bauta, String, String) {
    let url = postgres.fresh_database();
    let (_, database) = url.rsplit_once('/').expect("a URL has a path");
    let server = Bauta::setup().database(&url).without_rate_limits().start();
    server.done(&["account", "create", "writer"]);
    let token = server.token("writer", "read write");
    (server, database.to_owned(), token)
}

#[test]
fn a_database_that_goes_away_and_comes_back() {
    let postgres = Postgres::own();
    let (server, database, token) = serve(&postgres);
    // The server has the officer's session in memory: only the desk itself asks the database then.
    let mut officer = server.somebody("clerk", "intake");
    assert_eq!(officer.get("/desk").status(), 200);
    let mut client = server.client().with_token(&token);
    let stop = AtomicBool::new(false);
    let answers: HashMap<String, u16> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (client, stop) = (client.clone(), &stop);
                scope.spawn(move || post_until(client, stop, writer))
            })
            .collect();
        let at_end = AtEnd(&stop);
        for round in 0..3 {
            post(&mut client, &format!("before crash {round}"));
            postgres.crash();
            eventually("health tells of it", || {
                (client.get("/health").status == 503).then_some(())
            });
            let refused = try_post(&mut client, "while it is away");
            assert_eq!(refused, 503);
            nobody_is_led_to_sign_in(&server);
            let desk = officer.get("/desk");
            assert_eq!(desk.status(), 503, "{}", desk.text());
            postgres.start_again();
            eventually("it is well again", || {
                (client.get("/health").status == 200).then_some(())
            });
            eventually("posting works again", || {
                (try_post(&mut client, &format!("after crash {round}")) == 200).then_some(())
            });
        }
        drop(at_end);
        writers
            .into_iter()
            .flat_map(|writer| writer.join().expect("a writer ends well"))
            .collect()
    });
    assert!(
        answers.values().any(|status| *status == 503),
        "nobody met the crash"
    );
    for (text, status) in &answers {
        let found = postgres_count(&postgres, &database, text);
        // A post may be written and the database gone before it could be shown to its author.
        let expected = if *status == 200 { 1..=1 } else { 0..=1 };
        assert!(
            expected.contains(&found),
            "{text:?} was answered with {status} and is there {found} times"
        );
    }
    assert!(server.said().contains("database-away"));
    assert!(server.said().contains("database-back"));
}

#[test]
fn a_post_of_which_nobody_knows_whether_it_is_there() {
    let postgres = Postgres::own();
    let (server, database, token) = serve(&postgres);
    let mut client = server.client().with_token(&token);
    postgres.hold_commits();
    let (text, refused) = std::thread::scope(|scope| {
        let mut client = client.clone();
        let writer = scope.spawn(move || {
            for number in 0_u32.. {
                let text = format!("Lost post {number}.");
                let answer = post_once(&mut client, &text);
                if answer.status != 200 {
                    return (text, answer);
                }
            }
            panic!("one is not acknowledged")
        });
        eventually("a commit is held", || postgres.held_commit());
        postgres.crash();
        writer
            .join()
            .expect("it is answered while the database stays away")
    });
    assert_eq!(refused.status, 503);
    assert!(
        refused.text().contains("nobody knows yet whether it is done"),
        "{}",
        refused.text()
    );
    postgres.start_again();
    postgres.let_commits_go();
    // An app that asks again with its key gets the post that there is.
    eventually("it is well again", || {
        (post_once(&mut client, &text).status == 200).then_some(())
    });
    assert_eq!(postgres_count(&postgres, &database, &text), 1);
    let home = client.get("/api/v1/timelines/home").text();
    assert_eq!(home.matches(&text).count(), 1, "{home}");
}

/// As an app posts: its text is the key of the request.
fn post_once(client: &mut Client, text: &str) -> Response {
    let request = Request::post("/api/v1/statuses").form(&[("status", text)]);
    client.send(&request.with_header("idempotency-key", text))
}

/// A session that is not in memory can't be looked up, which is no reason to ask its owner to sign in again.
fn nobody_is_led_to_sign_in(server: &Bauta) {
    let mut person = server.client();
    person.set_cookie("bauta_session", &"A".repeat(43));
    assert_eq!(person.get("/settings/sessions").status, 503);
}

/// Tells the writers to stop when it is dropped: also where the test fails, which would wait for them otherwise.
struct AtEnd<'a>(&'a AtomicBool);

impl Drop for AtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Posts texts that are all different, and keeps each one's answer.
fn post_until(mut client: Client, stop: &AtomicBool, writer: usize) -> Vec<(String, u16)> {
    let mut answers = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let text = format!("writer {writer} post {}.", answers.len());
        let status = try_post(&mut client, &text);
        answers.push((text, status));
        if status != 200 {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    answers
}

fn try_post(client: &mut Client, text: &str) -> u16 {
    let request = Request::post("/api/v1/statuses").form(&[("status", text)]);
    client.send(&request).status
}

fn post(client: &mut Client, text: &str) {
    assert_eq!(try_post(client, text), 200);
}

/// How many posts have this text, asked past the server.
fn postgres_count(postgres: &Postgres, database: &str, text: &str) -> usize {
    let counted = postgres.sql(
        database,
        &format!("SELECT count(*) FROM posts WHERE position(convert_to('{text}', 'UTF8') in text) > 0"),
    );
    counted.parse().expect("a count")
}
