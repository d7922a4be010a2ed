//! Three real servers on loopback, on SQLite, PostgreSQL and SQLite: what one person does is known on both others.

mod person;

use bauta_tests::eventually;
use bauta_tests::forms::Browser;
use bauta_tests::http::Request;
use bauta_tests::server::Bauta;
use person::{Person, follow, says, text, three, turns};
use serde_json::Value;

/// Somebody with an app and a browser.
fn both(server: &Bauta, name: &str) -> (Person, Browser, String) {
    let said = server.done(&["account", "create", name]);
    let passphrase = said
        .trim()
        .lines()
        .last()
        .expect("a passphrase")
        .trim()
        .to_owned();
    let person = Person {
        client: server
            .client()
            .with_token(&server.token(name, "read write follow")),
        acct: format!("{name}@{}", server.domain()),
    };
    let browser = server.signed_in(name, &passphrase);
    (person, browser, passphrase)
}

fn votes(poll: &Value) -> Option<i64> {
    poll["votes_count"].as_i64()
}

#[test]
fn what_one_does_is_known_on_both_others() {
    for (number, turn) in turns(&three()).into_iter().enumerate() {
        live(turn, number);
    }
}

/// The author is of the first server, and somebody of each other follows.
fn live([home, here, there]: [&Bauta; 3], number: usize) {
    let name = |who: &str| format!("{who}{number}");
    let (mut author, mut pages, passphrase) = both(home, &name("author"));
    let mut readers = [
        Person::join(here, &name("ann")),
        Person::join(there, &name("ben")),
    ];
    let mut ids = readers
        .iter_mut()
        .map(|reader| follow(reader, &author))
        .collect::<Vec<_>>();

    // Another name.
    let renamed = Request::new("PATCH", "/api/v1/accounts/update_credentials")
        .form(&[("display_name", "Another Name")]);
    assert_eq!(author.client.send(&renamed).status, 200);
    for (reader, id) in readers.iter_mut().zip(&ids) {
        eventually("the name is known", || {
            let account = reader.get(&format!("/api/v1/accounts/{id}"));
            (account["display_name"] == "Another Name").then_some(())
        });
    }

    // A poll in which both vote: the author counts, and both learn the sum.
    let asked = [
        ("poll[options][]", "high"),
        ("poll[options][]", "low"),
        ("poll[expires_in]", "600"),
    ];
    let original = author.say("where is the water?", &asked);
    for (choice, reader) in ["0", "1"].into_iter().zip(&mut readers) {
        let poll = text(&reader.reads("where is the water?")["poll"]["id"]);
        reader.post(&format!("/api/v1/polls/{poll}/votes"), &[("choices[]", choice)]);
    }
    eventually("both are counted", || {
        (votes(&author.get(&format!("/api/v1/polls/{original}"))) == Some(2)).then_some(())
    });
    for reader in &mut readers {
        eventually("the sum is known", || {
            let home = reader.get("/api/v1/timelines/home");
            let post = home
                .as_array()?
                .iter()
                .find(|post| says(post, "where is the water?"))?
                .clone();
            (votes(&post["poll"]) == Some(2)).then_some(())
        });
    }

    // One reports it: the author's moderators hear of it, and do not hear who.
    let mut moderator = home.somebody(&name("mina"), "moderator");
    let bad = text(&readers[0].reads("where is the water?")["id"]);
    let report = readers[0].post(
        "/api/v1/reports",
        &[
            ("account_id", &ids[0]),
            ("status_ids[]", &bad),
            ("comment", "no question"),
            ("forward", "true"),
        ],
    );
    assert_eq!(report["forwarded"], true, "{report}");
    eventually("the report arrives", || {
        let page = moderator.get("/moderation");
        (page.says(&name("author")) && !page.says(&name("ann"))).then_some(())
    });

    // A block ends the follow of one, and of nobody else.
    let ben = author.find(&readers[1].acct.clone());
    author.post(&format!("/api/v1/accounts/{ben}/block"), &[]);
    eventually("the follow of whom they block ends", || {
        (readers[1].relation(&ids[1])["following"] == false).then_some(())
    });
    author.say("not for everybody", &[("visibility", "private")]);
    readers[0].reads("not for everybody");
    let theirs = readers[1].get("/api/v1/timelines/home");
    assert!(
        !theirs
            .as_array()
            .expect("a list")
            .iter()
            .any(|post| says(post, "not for everybody")),
        "{theirs}"
    );
    author.post(&format!("/api/v1/accounts/{ben}/unblock"), &[]);
    eventually("the block is taken back", || {
        (readers[1].relation(&ids[1])["blocked_by"] == false).then_some(())
    });
    ids[1] = follow(&mut readers[1], &author);

    // An account goes, with all that it said, everywhere.
    let (mut gone, mut gone_pages, gone_passphrase) = both(home, &name("gone"));
    let gone_ids = readers
        .iter_mut()
        .map(|reader| follow(reader, &gone))
        .collect::<Vec<_>>();
    gone.say("my last words", &[]);
    for reader in &mut readers {
        reader.reads("my last words");
    }
    let form = gone_pages
        .get("/settings/delete")
        .form("Delete my account for good");
    let said = gone_pages.submit(&form.fill("Your passphrase, to be sure that it is you", &gone_passphrase));
    assert_eq!(said.status(), 200, "{}", said.text());
    for (reader, id) in readers.iter_mut().zip(&gone_ids) {
        eventually("the account is gone", || {
            (reader.client.get(&format!("/api/v1/accounts/{id}")).status == 404).then_some(())
        });
        let home = reader.get("/api/v1/timelines/home");
        assert!(
            !home
                .as_array()
                .expect("a list")
                .iter()
                .any(|post| says(post, "my last words")),
            "{home}"
        );
    }

    // A move to the third server leads both there.
    let (new, mut new_pages, _) = both(there, &name("robert"));
    let form = new_pages.get("/settings/move").form("This account is mine too");
    let known =
        new_pages.submit(&form.fill("Handle of the other account, such as name@server", &author.acct));
    assert!(known.says(&author.acct), "{}", known.text());
    let form = pages.get("/settings/move").form("Move my followers there");
    let form = form.fill("Handle of the account where you go", &new.acct);
    let left = pages.submit(&form.fill("Your passphrase, to be sure that it is you", &passphrase));
    assert!(left.says(&new.acct), "{}", left.text());
    let local = name("robert");
    for (reader, acct) in readers.iter_mut().zip([new.acct.clone(), local]) {
        let lookup = format!("/api/v1/accounts/lookup?acct={}", acct.replace(':', "%3A"));
        eventually("the follower is led", || {
            let found = reader.client.get(&lookup);
            let id = (found.status == 200).then(|| text(&found.json()["id"]))?;
            (reader.relation(&id)["following"] == true).then_some(())
        });
    }
}
