//! Reporting what is against the law without an account, and quarantine, driven as a browser without script drives them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod house;
#[path = "house/person.rs"]
mod person;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use bauta_model::{Handle, Role};
use bauta_service::{Scopes, Speaker, accounts};
use bauta_tests::page_lint;
use house::{Answer, House};
use person::{Person, hidden};

async fn moderator<'h>(house: &'h House, handle: &str) -> Person<'h> {
    let name = Handle::parse(handle).unwrap();
    let (account, _) = accounts::create_by_operator(&house.app, &name, Role::Moderator)
        .await
        .unwrap();
    Person {
        house,
        speaker: Speaker {
            account: account.id,
            keyholder: None,
            duties: bauta_model::Duties::ALL,
            role: Role::Moderator,
            session: bauta_model::SessionId::new(2),
            kind: bauta_service::SessionKind::Web,
            scopes: Scopes::all(),
        },
        cookie: house.cookie(handle).await,
    }
}

/// A stranger sends the form of a page.
async fn send(house: &House, page: &str, fields: &[(&str, &str)]) -> Answer {
    let form = house.get(page).await;
    assert_eq!(page_lint(&form.text), Vec::<String>::new(), "{page}");
    let mut all = vec![("csrf", hidden(&form.text, "csrf"))];
    all.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let request = Request::post(page)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(serde_urlencoded::to_string(&all).unwrap()))
        .unwrap();
    let answer = house.ask(request).await;
    assert_eq!(page_lint(&answer.text), Vec::<String>::new(), "POST {page}");
    answer
}

fn between<'t>(text: &'t str, begin: &str, end: &str) -> &'t str {
    let rest = &text[text.find(begin).unwrap_or_else(|| panic!("no {begin}")) + begin.len()..];
    &rest[..rest.find(end).unwrap()]
}

#[tokio::test]
async fn a_stranger_reports_and_sees_what_became_of_it() {
    let house = House::new().await;
    let bob = Person::new(&house, "bob").await;
    let mod_ = moderator(&house, "mod").await;
    let post = house.says(&bob.speaker, "a call to something terrible").await;
    assert!(house.get("/").await.text.contains("href=\"/report-illegal\""));

    let place = format!("http://localhost:8080/@bob/{post}");
    let wrong = send(
        &house,
        "/report-illegal",
        &[("address", &place), ("words", "see law 7")],
    )
    .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("see law 7</textarea>") && wrong.text.contains("href=\"#kind\""));
    let nobody = [("address", "/@nobody"), ("kind", "terrorism")];
    let nobody = send(&house, "/report-illegal", &nobody).await;
    assert!(nobody.status == StatusCode::UNPROCESSABLE_ENTITY && nobody.text.contains("href=\"#address\""));
    let right = [
        ("address", place.as_str()),
        ("kind", "intimate"),
        ("words", "see law 7"),
    ];
    let done = send(&house, "/report-illegal", &right).await;
    assert_eq!(done.status, StatusCode::OK);
    let code = between(&done.text, "<code>", "</code>").to_owned();
    let outcome = async || {
        send(&house, "/report-illegal/outcome", &[("code", &code)])
            .await
            .text
    };
    assert!(outcome().await.contains("have not decided yet") && outcome().await.contains("8 April 2017"));
    let unknown = send(
        &house,
        "/report-illegal/outcome",
        &[("code", "0000-0000-0000-0000")],
    )
    .await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);

    let queue = mod_.get("/moderation").await.text;
    assert!(queue.contains("With a last day") && queue.contains("8 April 2017"));
    let case = format!(
        "/moderation/{}",
        between(
            &queue,
            "<ol class=\"rows plain\">\n<li><a href=\"/moderation/",
            "\""
        )
    );
    let page = mod_.get(&case).await.text;
    assert!(page.contains("see law 7") && page.contains("value=\"intimate\" selected"));
    let none = [("decision", "quarantine"), ("reason", "law 7"), ("kind", "")];
    assert_eq!(
        mod_.send(&case, &none).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let decided = [
        ("decision", "quarantine"),
        ("reason", "law 7"),
        ("kind", "terrorism"),
    ];
    mod_.does(&case, &decided, "/moderation").await;
    assert_eq!(
        house.get(&format!("/@bob/{post}")).await.status,
        StatusCode::NOT_FOUND
    );
    assert!(outcome().await.contains("did something about it"));
    let told = bob.get("/settings/decisions").await.text;
    assert!(told.contains("taken down as against the law") && told.contains("law 7"));
}

#[tokio::test]
async fn what_is_in_quarantine_is_looked_at_reported_and_put_back_by_moderators_alone() {
    let house = House::new().await;
    let bob = Person::new(&house, "bob").await;
    let mod_ = moderator(&house, "mod").await;
    let post = house.says(&bob.speaker, "a call to something terrible").await;
    let place = format!("/@bob/{post}");
    send(
        &house,
        "/report-illegal",
        &[("address", &place), ("kind", "child-abuse")],
    )
    .await;
    let queue = mod_.get("/moderation").await.text;
    let case = format!(
        "/moderation/{}",
        between(
            &queue,
            "<ol class=\"rows plain\">\n<li><a href=\"/moderation/",
            "\""
        )
    );
    let decided = [
        ("decision", "quarantine"),
        ("reason", "law 7"),
        ("kind", "child-abuse"),
    ];
    mod_.does(&case, &decided, "/moderation").await;

    let list = mod_.get("/moderation/quarantine").await.text;
    assert!(list.contains("not reported to an authority yet"));
    let one = format!(
        "/moderation/quarantine/{}",
        between(&list, "href=\"/moderation/quarantine/", "\"")
    );
    for stranger in [
        house.get(&one).await.status,
        bob.get(&one).await.status,
        bob.get("/moderation/quarantine").await.status,
    ] {
        assert_ne!(stranger, StatusCode::OK);
    }
    assert!(
        !mod_.get(&one).await.text.contains("something terrible"),
        "closed until asked for"
    );
    let opened = mod_.send(&one, &[("act", "look")]).await.text;
    assert!(opened.contains("something terrible"));
    let report = between(&opened, "<textarea id=\"report\"", "</textarea>");
    for field in [
        "Incident type: Child Pornography",
        "Screen or user name: @bob",
        "never collected",
        &place,
    ] {
        assert!(report.contains(field), "{field}: {report}");
    }
    assert!(
        mod_.get("/moderation/record")
            .await
            .text
            .contains("looked into a quarantine")
    );
    assert_eq!(
        mod_.get(&format!("{one}/123456789")).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        mod_.send(&one, &[("act", "burn")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        bob.send(&one, &[("act", "look")]).await.status,
        StatusCode::NOT_FOUND
    );
    mod_.does(&one, &[("act", "sent")], &one).await;
    assert!(
        mod_.get(&one)
            .await
            .text
            .contains("reported to an authority on 7 April 2017")
    );
    mod_.does(
        &one,
        &[("act", "release"), ("reason", "It was satire.")],
        "/moderation/quarantine",
    )
    .await;
    assert_eq!(house.get(&place).await.status, StatusCode::OK);
    assert!(
        mod_.get("/moderation/quarantine")
            .await
            .text
            .contains("Nothing is in quarantine.")
    );
}
