//! Lists, hashtags, notes, conversations and servers, driven as a browser without script drives it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod house;
#[path = "house/person.rs"]
mod person;

use axum::http::StatusCode;
use bauta_model::{Role, Visibility};
use bauta_service::posts::Draft;
use bauta_service::{Speaker, accounts, announcements};
use house::House;
use person::{Person, hidden};

/// The number in the path `/lists/NUMBER`.
fn list_of(html: &str) -> String {
    let rest = &html[html.find("/lists/").unwrap() + "/lists/".len()..];
    rest.chars().take_while(char::is_ascii_digit).collect()
}

#[tokio::test]
async fn a_list_is_made_filled_from_a_profile_read_and_deleted() {
    let house = House::new().await;
    let (ann, bob) = (Person::new(&house, "ann").await, Person::new(&house, "bob").await);
    house.says(&ann.speaker, "high water at nine").await;
    assert!(bob.get("/lists").await.text.contains("You have no list yet."));
    let blank = bob.send("/lists", &[("title", " ")]).await;
    assert_eq!(blank.status, StatusCode::UNPROCESSABLE_ENTITY);
    let made = bob.send("/lists", &[("title", "Lagoon <b>")]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    let id = list_of(&format!("{} ", made.header("location")));
    bob.get(&format!("/lists/{id}/edit")).await;
    assert!(
        bob.get("/@ann/keep")
            .await
            .text
            .contains("Only people whom you follow")
    );
    bob.does("/@ann/follow", &[("on", "true")], "/@ann").await;
    assert!(bob.get("/@ann/keep").await.text.contains("Lagoon &#60;b&#62;"));
    let field = format!("list_{id}");
    bob.does(
        "/@ann/keep",
        &[("note", "met at the locks"), (&field, "1"), ("endorse", "1")],
        "/@ann",
    )
    .await;
    let kept = bob.get("/@ann/keep").await.text;
    assert!(kept.contains("met at the locks</textarea>") && kept.matches("checked").count() == 2);
    assert!(
        bob.get(&format!("/lists/{id}"))
            .await
            .text
            .contains("high water at nine")
    );
    assert!(bob.get("/").await.text.contains("high water at nine"));
    let strangers = house.get("/@bob").await;
    assert!(strangers.text.contains("Recommends: <a href=\"/@ann\">"));
    assert!(!strangers.text.contains("met at the locks"));
    let edited = format!("/lists/{id}/edit?saved=1");
    let fields = [("title", "Lagoon"), ("replies", "2"), ("exclusive", "1")];
    bob.does(&format!("/lists/{id}/edit"), &fields, &edited).await;
    assert!(!bob.get("/").await.text.contains("high water at nine"));
    assert!(
        bob.get("/").await.text.contains("<bdi>Lagoon</bdi>"),
        "one step from home"
    );
    let account = ann.speaker.account.to_string();
    bob.does(
        &format!("/lists/{id}/remove"),
        &[("account", account.as_str())],
        &format!("/lists/{id}/edit"),
    )
    .await;
    assert!(bob.get("/").await.text.contains("high water at nine"));
    assert_eq!(
        ann.send(&format!("/lists/{id}/delete"), &[]).await.status,
        StatusCode::NOT_FOUND
    );
    bob.get(&format!("/lists/{id}/delete")).await;
    bob.does(&format!("/lists/{id}/delete"), &[], "/lists").await;
    assert_eq!(
        bob.get(&format!("/lists/{id}")).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_hashtag_is_followed_from_its_page_and_shown_on_a_profile() {
    let house = House::new().await;
    let (ann, bob) = (Person::new(&house, "ann").await, Person::new(&house, "bob").await);
    house.says(&ann.speaker, "dawn at the #Rialto").await;
    assert!(bob.get("/tags/rialto").await.text.contains(">Follow</button>"));
    bob.does("/tags/rialto/follow", &[("on", "true")], "/tags/rialto")
        .await;
    assert!(bob.get("/tags/rialto").await.text.contains(">Unfollow</button>"));
    assert!(bob.get("/").await.text.contains("dawn at the"));
    assert!(bob.get("/followed-tags").await.text.contains("#rialto"));
    bob.does(
        "/tags/rialto/follow?back=/followed-tags",
        &[("on", "false")],
        "/followed-tags",
    )
    .await;
    assert!(!bob.get("/").await.text.contains("dawn at the"));
    ann.does("/settings/featured", &[("name", "#Rialto")], "/settings/featured")
        .await;
    let wrong = ann.send("/settings/featured", &[("name", "a b")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        house
            .get("/@ann")
            .await
            .text
            .contains("href=\"/@ann/tagged/rialto\"")
    );
    assert!(bob.get("/@ann/tagged/rialto").await.text.contains("dawn at the"));
    let remove = hidden(&ann.get("/settings/featured").await.text, "remove");
    ann.does(
        "/settings/featured",
        &[("remove", remove.as_str())],
        "/settings/featured",
    )
    .await;
    assert!(!house.get("/@ann").await.text.contains("tagged/rialto"));
}

#[tokio::test]
async fn a_conversation_is_read_and_put_away() {
    let house = House::new().await;
    let (ann, bob) = (Person::new(&house, "ann").await, Person::new(&house, "bob").await);
    assert!(
        bob.get("/conversations")
            .await
            .text
            .contains("No conversation yet.")
    );
    bob.does("/@ann/follow", &[("on", "true")], "/@ann").await;
    let draft = Draft {
        visibility: Visibility::Direct,
        ..Draft::new("@bob at nine?")
    };
    let post = bauta_service::posts::post(&house.app, &ann.speaker, draft)
        .await
        .unwrap();
    let id = post.card.post.id;
    let page = bob.get("/conversations").await.text;
    assert!(page.contains("at nine?") && page.contains(">I have read it</button>"));
    bob.does(&format!("/conversations/{id}/read"), &[], "/conversations")
        .await;
    assert!(
        !bob.get("/conversations")
            .await
            .text
            .contains(">I have read it</button>")
    );
    bob.does(&format!("/conversations/{id}/remove"), &[], "/conversations")
        .await;
    assert!(!bob.get("/conversations").await.text.contains("at nine?"));
    assert!(ann.get("/conversations").await.text.contains("at nine?"));
}

#[tokio::test]
async fn a_server_is_left_out_and_let_in() {
    let house = House::new().await;
    let bob = Person::new(&house, "bob").await;
    bob.does(
        "/settings/servers",
        &[("domain", "far.example")],
        "/settings/servers",
    )
    .await;
    assert!(bob.get("/settings/servers").await.text.contains("far.example"));
    let wrong = bob.send("/settings/servers", &[("domain", "not a server")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.text.contains("value=\"not a server\""),
        "what was typed stays"
    );
    bob.does(
        "/settings/servers",
        &[("remove", "far.example")],
        "/settings/servers",
    )
    .await;
    assert!(
        bob.get("/settings/servers")
            .await
            .text
            .contains("You leave out no server.")
    );
}

#[tokio::test]
async fn a_filter_puts_a_post_behind_its_name_or_leaves_it_out() {
    let house = House::new().await;
    let (ann, bob) = (Person::new(&house, "ann").await, Person::new(&house, "bob").await);
    house.says(&ann.speaker, "high water at nine").await;
    assert!(bob.get("/filters").await.text.contains("You filter nothing."));
    bob.get("/filters/new").await;
    let nowhere = [("title", "Tides <i>"), ("keywords", "High\nlow water")];
    let wrong = bob.send("/filters/new", &nowhere).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.text.contains("low water</textarea>"),
        "what was typed stays"
    );
    let fields = [
        nowhere[0],
        nowhere[1],
        ("public", "1"),
        ("whole_words", "1"),
        ("action", "warn"),
    ];
    bob.does("/filters/new", &fields, "/filters").await;
    let local = bob.get("/local").await.text;
    assert!(local.contains("Filtered: <bdi>Tides &lt;i&gt;</bdi></summary>") && local.contains("high water"));
    assert!(
        !bob.get("/@ann").await.text.contains("Filtered:"),
        "not on profiles"
    );
    assert!(!ann.get("/local").await.text.contains("Filtered:"));
    let page = bob.get("/filters").await.text;
    let place = page
        .split("href=\"/filters/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let place = format!("/filters/{place}");
    let shown = bob.get(&place).await.text;
    assert!(
        shown.contains("High") && shown.contains("low water"),
        "in any order"
    );
    let fields = [
        ("title", "Tides"),
        ("keywords", "high"),
        ("public", "1"),
        ("action", "hide"),
    ];
    assert_eq!(ann.send(&place, &fields).await.status, StatusCode::NOT_FOUND);
    bob.does(&place, &fields, "/filters").await;
    assert!(!bob.get("/local").await.text.contains("high water"));
    assert!(bob.get("/@ann").await.text.contains("high water"));
    bob.does(&format!("{place}/delete"), &[], "/filters").await;
    assert!(bob.get("/local").await.text.contains("high water"));
}

#[tokio::test]
async fn people_are_found_and_what_is_announced_is_read_and_waved_away() {
    let house = House::new().await;
    let (ann, bob) = (Person::new(&house, "ann").await, Person::new(&house, "bob").await);
    let changes = accounts::update_profile::Changes {
        hide_collections: Some(false),
        ..Default::default()
    };
    accounts::update_profile(&house.app, &bob.speaker, changes)
        .await
        .unwrap();
    let carol = house.person("carol", |account| account.discoverable = true).await;
    ann.does("/@bob/follow", &[("on", "true")], "/@bob").await;
    bob.does("/@carol/follow", &[("on", "true")], "/@carol").await;
    assert!(house.get("/directory").await.text.contains("@carol"));
    assert!(!house.get("/directory").await.text.contains("@ann"));
    let page = ann.get("/directory").await.text;
    assert!(page.contains("Followed by people whom you follow"));
    let id = carol.account.to_string();
    ann.does("/directory", &[("dismiss", id.as_str())], "/directory")
        .await;
    assert!(
        !ann.get("/directory")
            .await
            .text
            .contains("You may want to follow")
    );
    house.says(&carol, "high water at the #Rialto").await;
    assert!(
        house
            .get("/explore")
            .await
            .text
            .contains("Nothing is talked about")
    );

    let refused = ann.send("/moderation/announcements", &[("text", "boo")]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let moderator = Speaker {
        role: Role::Moderator,
        ..house.person("mod", |_| ()).await
    };
    announcements::publish(&house.app, &moderator, "Bring <boots>", None)
        .await
        .unwrap();
    let page = ann.get("/announcements").await.text;
    assert!(page.contains("Bring &#60;boots&#62;") || page.contains("Bring &lt;boots&gt;"));
    assert!(!page.contains("Announce it"), "people don't announce");
    let begin = page.find("/announcements/").unwrap() + "/announcements/".len();
    let id: String = page[begin..].chars().take_while(char::is_ascii_digit).collect();
    let path = format!("/announcements/{id}");
    ann.does(&format!("{path}?on=1"), &[("name", "🌊")], "/announcements")
        .await;
    assert!(
        ann.get("/announcements")
            .await
            .text
            .contains("aria-pressed=\"true\"")
    );
    ann.does(&format!("{path}?off=1"), &[("name", "🌊")], "/announcements")
        .await;
    let wrong = ann.send(&format!("{path}?on=1"), &[("name", "word")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    ann.does(&format!("{path}/dismiss"), &[], "/announcements").await;
    assert!(ann.get("/announcements").await.text.contains("Read."));
}
