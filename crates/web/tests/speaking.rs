//! Writing and what people do with posts, driven as a browser without script drives it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod house;
#[path = "house/person.rs"]
mod person;
#[path = "speaking/quotes.rs"]
mod quotes;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use bauta_model::Visibility;
use bauta_service::posts::Draft;
use house::House;
use person::Person;

#[tokio::test]
async fn a_new_person_finds_three_things_to_do_and_then_their_post() {
    let house = House::new().await;
    let ann = Person::new(&house, "ann").await;
    let home = ann.get("/").await.text;
    assert!(
        home.contains("href=\"/compose\"")
            && home.contains("href=\"/local\"")
            && home.contains("/settings/profile")
    );
    let place = ann.says("first words").await;
    assert!(place.starts_with("/@ann/"));
    assert!(ann.get(&place).await.text.contains("first words"));
    assert!(ann.get("/").await.text.contains("first words"));
}

#[tokio::test]
async fn the_composer_says_in_words_who_will_see_it() {
    let house = House::new().await;
    let ann = Person::new(&house, "ann").await;
    let page = ann.get("/compose?text=a%20%3Cb%3E").await.text;
    assert!(page.contains("Everyone, for good") && page.contains("Operators of both servers can read this"));
    assert!(
        page.contains("\na &#60;b&#62;</textarea>") || page.contains("\na &lt;b&gt;</textarea>"),
        "{page}"
    );
    assert_eq!(
        house.get("/compose?reply=7").await.header("location"),
        "/sign-in?back=%2Fcompose%3Freply%3D7"
    );
}

#[tokio::test]
async fn a_mistake_keeps_what_was_typed() {
    let house = House::new().await;
    let ann = Person::new(&house, "ann").await;
    let long = "word ".repeat(300);
    let answer = ann
        .send_from(
            "/compose",
            "/compose",
            &[
                ("text", &long),
                ("visibility", "unlisted"),
                ("warning", "spiders"),
            ],
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("href=\"#text\"") && answer.text.contains("word word"));
    assert!(answer.text.contains("value=\"spiders\"") && answer.text.contains("value=\"unlisted\" checked"));
    let nobody = ann
        .send_from(
            "/compose",
            "/compose",
            &[("text", "hello"), ("visibility", "nobody")],
        )
        .await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nobody.text.contains("href=\"#audience\""));
}

#[tokio::test]
async fn the_leak_check_asks_mends_and_lets_through() {
    let house = House::new().await;
    let ann = Person::new(&house, "ann").await;
    let typed = [
        ("text", "write to ann.smith@work.example"),
        ("visibility", "public"),
        ("warning", ""),
        ("step", "post"),
    ];
    let asked = ann.send_from("/compose", "/compose", &typed).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.text.contains("<mark>ann.smith@work.example</mark>"));
    assert!(!ann.get("/").await.text.contains("ann.smith"));

    let with = |step: &'static str| [typed[0], typed[1], typed[2], ("step", step)];
    let mended = ann.send_from("/compose", "/compose", &with("mend-0")).await;
    assert!(mended.status.is_success() && mended.text.contains("write to [e-mail]</textarea>"));
    let changed = ann.send_from("/compose", "/compose", &with("change")).await;
    assert!(changed.status.is_success() && changed.text.contains("ann.smith@work.example</textarea>"));
    let anyway = ann.send_from("/compose", "/compose", &with("anyway")).await;
    assert_eq!(anyway.status, StatusCode::SEE_OTHER);
    assert!(
        ann.get(anyway.header("location"))
            .await
            .text
            .contains("ann.smith")
    );
}

#[tokio::test]
async fn the_same_form_posts_once() {
    let house = House::new().await;
    let ann = Person::new(&house, "ann").await;
    let form = [("text", "only once"), ("visibility", "public"), ("key", "12ab")];
    let first = ann.send_from("/compose", "/compose", &form).await;
    let second = ann.send_from("/compose", "/compose", &form).await;
    assert_eq!(first.header("location"), second.header("location"));
    let other = ann
        .send_from(
            "/compose",
            "/compose",
            &[("text", "other words"), form[1], form[2]],
        )
        .await;
    assert_ne!(first.header("location"), other.header("location"));
}

#[tokio::test]
async fn an_answer_names_whom_it_answers_and_reaches_no_more() {
    let house = House::new().await;
    let (ann, bob) = (Person::new(&house, "ann").await, Person::new(&house, "bob").await);
    let draft = Draft {
        visibility: Visibility::Unlisted,
        ..Draft::new("quiet words")
    };
    let id = house.posts(&ann.speaker, draft).await.to_string();
    let (id, place) = (id.as_str(), format!("/@ann/{id}"));
    let page = bob.get(&format!("/compose?reply={id}")).await.text;
    assert!(page.contains("@ann </textarea>") && page.contains("quiet words"));
    assert!(page.contains("value=\"unlisted\" checked"));
    let answer = bob
        .send_from(
            "/compose",
            "/compose",
            &[("text", "@ann yes"), ("visibility", "unlisted"), ("reply", id)],
        )
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(ann.get(&place).await.text.contains("yes"));
    assert_eq!(
        bob.house.get_as(&bob.cookie, "/compose?reply=7").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn only_its_author_edits_and_deletes_a_post() {
    let house = House::new().await;
    let (ann, bob) = (Person::new(&house, "ann").await, Person::new(&house, "bob").await);
    let place = ann.says("first version").await;
    let (edit, delete) = (format!("{place}/edit"), format!("{place}/delete"));
    for path in [&edit, &delete] {
        assert_eq!(bob.get(path).await.status, StatusCode::NOT_FOUND);
        let sent = bob.send_from("/compose", path, &[("text", "stolen")]).await;
        assert_eq!(sent.status, StatusCode::NOT_FOUND);
    }
    assert!(ann.get(&edit).await.text.contains("first version</textarea>"));
    let saved = ann.send_from(&edit, &edit, &[("text", "second version")]).await;
    assert_eq!(
        (saved.status, saved.header("location")),
        (StatusCode::SEE_OTHER, place.as_str())
    );
    assert!(ann.get(&place).await.text.contains("second version"));
    assert!(ann.get(&delete).await.text.contains("Delete this post?"));
    let gone = ann.send_from(&delete, &delete, &[]).await;
    assert_eq!(
        (gone.status, gone.header("location")),
        (StatusCode::SEE_OTHER, "/@ann")
    );
    assert_eq!(ann.get(&place).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_words_below_a_post_do_and_undo() {
    let house = House::new().await;
    let (ann, bob) = (Person::new(&house, "ann").await, Person::new(&house, "bob").await);
    let place = format!("/@ann/{}", house.says(&ann.speaker, "a sentence").await);
    for act in ["like", "save", "boost", "mute-thread"] {
        for on in ["true", "false", "true"] {
            let sent = bob
                .send_from(&place, &format!("{place}/{act}?back=/local"), &[("on", on)])
                .await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{act}: {}", sent.text);
            assert!(sent.header("location").starts_with("/local#p"));
        }
    }
    assert!(bob.get("/bookmarks").await.text.contains("a sentence"));
    assert!(bob.get("/favourites").await.text.contains("a sentence"));
    let pinned = ann
        .send_from(&place, &format!("{place}/pin"), &[("on", "true")])
        .await;
    assert!(pinned.header("location").starts_with(&place));
    let strange = bob
        .send_from(
            &place,
            &format!("{place}/like?back=//evil.example"),
            &[("on", "true")],
        )
        .await;
    assert!(strange.header("location").starts_with(&place));
}

#[tokio::test]
async fn a_form_without_its_token_does_nothing() {
    let house = House::new().await;
    let ann = Person::new(&house, "ann").await;
    let request = Request::post("/compose")
        .header("cookie", &ann.cookie)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("text=forged&visibility=public"))
        .unwrap();
    assert_eq!(house.ask(request).await.status, StatusCode::FORBIDDEN);
    assert!(!house.get("/local").await.text.contains("forged"));
}

#[tokio::test]
async fn a_poll_is_asked_answered_and_changed_by_forms() {
    let house = House::new().await;
    let (ann, ben) = (Person::new(&house, "ann").await, Person::new(&house, "ben").await);
    let form = [
        ("text", "How is the water?"),
        ("visibility", "public"),
        ("option1", "High"),
        ("option2", "<b>Low"),
        ("open_for", "3600"),
    ];
    let one = ann.send_from("/compose", "/compose", &form[..3]).await;
    assert_eq!(one.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(one.text.contains("href=\"#option1\"") && one.text.contains("value=\"High\""));
    let place = ann
        .send_from("/compose", "/compose", &form)
        .await
        .header("location")
        .to_owned();
    let page = ben.get(&place).await.text;
    assert!(
        page.contains("type=\"radio\" name=\"choice\" value=\"1\"") && !page.contains("<b>Low"),
        "{page}"
    );
    let vote = format!("{place}/vote");
    let stranger = house.get(&place).await.text;
    assert!(stranger.contains("<meter") && !stranger.contains("name=\"choice\""));
    assert!(!ann.get(&place).await.text.contains("name=\"choice\""));
    let none = ben.send_from(&place, &vote, &[]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sent = ben.send_from(&place, &vote, &[("choice", "1")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let page = ben.get(&place).await.text;
    assert!(page.contains("You voted.") && page.contains("1 (100 %)") && !page.contains("name=\"choice\""));
    assert!(ben.get("/local").await.text.contains("<meter"));
    assert!(house.get(&format!("{place}/embed")).await.text.contains("<meter"));
    let edit = format!("{place}/edit");
    assert!(
        ann.get(&edit)
            .await
            .text
            .contains("name=\"option2\" value=\"&#60;b&#62;Low\"")
    );
    let kept = [
        ("text", "How high is it?"),
        ("option1", "High"),
        ("option2", "<b>Low"),
    ];
    ann.does(&edit, &kept, &place).await;
    assert!(ben.get(&place).await.text.contains("1 (100 %)"));
    let anew = [
        ("text", "How high is it?"),
        ("option1", "High"),
        ("option2", "Dry"),
        ("multiple", "yes"),
    ];
    ann.does(&edit, &anew, &place).await;
    assert!(
        ben.get(&place)
            .await
            .text
            .contains("type=\"checkbox\" name=\"choice\"")
    );
    assert!(
        ben.get(&format!("{place}/history"))
            .await
            .text
            .contains("<bdi>High</bdi>")
    );
    ann.does(&edit, &[("text", "Never mind.")], &place).await;
    assert!(!ben.get(&place).await.text.contains("<meter"));
}

#[tokio::test]
async fn an_option_is_checked_for_leaks_like_words() {
    let house = House::new().await;
    let ann = Person::new(&house, "ann").await;
    let form = [
        ("text", "Whom do I ask?"),
        ("visibility", "public"),
        ("option1", "nobody"),
        ("option2", "ann@mail.example"),
        ("open_for", "3600"),
    ];
    let asked = ann.send_from("/compose", "/compose", &form).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        asked.text.contains("<mark>ann@mail.example</mark>"),
        "{}",
        asked.text
    );
    let mut mend = form.to_vec();
    mend.push(("step", "mend-0"));
    let mended = ann.send_from("/compose", "/compose", &mend).await;
    assert!(mended.text.contains("value=\"[e-mail]\"") && mended.text.contains("value=\"3600\" selected"));
}

#[tokio::test]
async fn a_post_is_written_for_later_moved_and_deleted_by_forms() {
    let house = House::new().await;
    let (ann, ben) = (Person::new(&house, "ann").await, Person::new(&house, "ben").await);
    assert!(ann.get("/settings").await.text.contains("href=\"/scheduled\""));
    assert!(ann.get("/scheduled").await.text.contains("Nothing waits."));
    let form = |at| {
        [
            ("text", "High water <tomorrow>."),
            ("visibility", "unlisted"),
            ("at", at),
        ]
    };
    for wrong in ["tomorrow", "2016-01-01 10:00"] {
        let again = ann.send_from("/compose", "/compose", &form(wrong)).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text.contains("href=\"#at\"") && again.text.contains(&format!("value=\"{wrong}\"")));
    }
    let sent = ann
        .send_from("/compose", "/compose", &form("2117-04-07 14:02"))
        .await;
    assert_eq!(
        (sent.status, sent.header("location")),
        (StatusCode::SEE_OTHER, "/scheduled")
    );
    let page = ann.get("/scheduled").await.text;
    assert!(
        page.contains("2117-04-07 14:02 UTC") && page.contains("High water &#60;tomorrow&#62;."),
        "{page}"
    );
    assert!(!ben.get("/@ann").await.text.contains("High water"));
    let action = page
        .split("action=\"/scheduled/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let action = format!("/scheduled/{action}");
    let wrong = ann.send_from("/scheduled", &action, &[("at", "soon")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        ben.send(&action, &[("at", "2117-05-08 10:00")]).await.status,
        StatusCode::NOT_FOUND
    );
    ann.does(&action, &[("at", "2117-05-08 10:00")], "/scheduled")
        .await;
    assert!(ann.get("/scheduled").await.text.contains("2117-05-08 10:00 UTC"));
    ann.does(&format!("{action}/delete"), &[], "/scheduled").await;
    assert!(ann.get("/scheduled").await.text.contains("Nothing waits."));
}
