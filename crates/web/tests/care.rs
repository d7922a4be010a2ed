//! How people stand to each other, what they are told, and moderation, driven as a browser without script drives it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod house;
#[path = "house/person.rs"]
mod person;

use axum::http::StatusCode;
use bauta_model::{Handle, Role, Visibility};
use bauta_service::posts::Draft;
use bauta_service::{Scopes, Speaker, accounts};
use house::House;
use person::{Person, hidden};

/// A moderator at a browser.
async fn moderator<'h>(house: &'h House, handle: &str) -> Person<'h> {
    let name = Handle::parse(handle).unwrap();
    let (account, _) = accounts::create_by_operator(&house.app, &name, Role::Moderator)
        .await
        .unwrap();
    let speaker = Speaker {
        account: account.id,
        keyholder: None,
        duties: bauta_model::Duties::ALL,
        role: Role::Moderator,
        session: bauta_model::SessionId::new(2),
        kind: bauta_service::SessionKind::Web,
        scopes: Scopes::all(),
    };
    Person {
        house,
        speaker,
        cookie: house.cookie(handle).await,
    }
}

#[tokio::test]
async fn one_button_follows_and_unfollows() {
    let house = House::new().await;
    let (ann, bob) = (Person::new(&house, "ann").await, Person::new(&house, "bob").await);
    house.says(&ann.speaker, "for my followers").await;
    assert!(bob.get("/@ann").await.text.contains(">Follow</button>"));
    bob.does("/@ann/follow", &[("on", "true")], "/@ann").await;
    assert!(bob.get("/@ann").await.text.contains(">Unfollow</button>"));
    assert!(bob.get("/").await.text.contains("for my followers"));
    assert!(ann.get("/@bob").await.text.contains("Follows you"));
    bob.does("/@ann/follow?back=/local", &[("boosts", "false")], "/local")
        .await;
    assert!(bob.get("/@ann").await.text.contains("Show their boosts"));
    bob.does("/@ann/follow", &[("on", "false")], "/@ann").await;
    assert!(!bob.get("/").await.text.contains("for my followers"));
}

#[tokio::test]
async fn questions_come_before_blocks_mutes_and_removals() {
    let house = House::new().await;
    let (ann, bob) = (Person::new(&house, "ann").await, Person::new(&house, "bob").await);
    bob.does("/@ann/follow", &[], "/@ann").await;
    for tie in [
        "follow", "unfollow", "block", "unblock", "mute", "unmute", "remove",
    ] {
        assert_eq!(ann.get(&format!("/@bob/{tie}")).await.status, StatusCode::OK);
        assert_eq!(
            ann.get(&format!("/@nobody/{tie}")).await.status,
            StatusCode::NOT_FOUND
        );
    }
    ann.does("/@bob/remove", &[], "/@bob").await;
    assert!(!ann.get("/@bob").await.text.contains("Follows you"));
    ann.does("/@bob/mute", &[("hours", "24")], "/@bob").await;
    assert!(ann.get("/mutes").await.text.contains("until"));
    assert_eq!(
        ann.send("/@bob/mute", &[("hours", "5")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    ann.does("/@bob/unmute?back=/mutes", &[], "/mutes").await;
    ann.does("/@bob/block", &[], "/@bob").await;
    assert!(ann.get("/blocks").await.text.contains("@bob"));
    assert!(ann.get("/@bob").await.text.contains("You block this person"));
    ann.does("/@bob/unblock?back=/blocks", &[], "/blocks").await;
    assert!(ann.get("/blocks").await.text.contains("You block nobody"));
}

#[tokio::test]
async fn a_locked_account_answers_requests() {
    let house = House::new().await;
    let ann = Person::locked(&house, "ann").await;
    let (bob, eve) = (Person::new(&house, "bob").await, Person::new(&house, "eve").await);
    for asks in [&bob, &eve] {
        asks.does("/@ann/follow", &[("on", "true")], "/@ann").await;
        assert!(asks.get("/@ann").await.text.contains("Take the request back"));
    }
    assert!(
        ann.get("/notifications")
            .await
            .text
            .contains("asks to follow you")
    );
    assert!(ann.get("/requests").await.text.contains("@eve"));
    ann.does(
        "/requests",
        &[("accept", &bob.speaker.account.to_string())],
        "/requests",
    )
    .await;
    ann.does(
        "/requests",
        &[("reject", &eve.speaker.account.to_string())],
        "/requests",
    )
    .await;
    assert!(ann.get("/requests").await.text.contains("Nobody asks"));
    assert!(ann.get("/@bob").await.text.contains("Follows you"));
    assert!(!ann.get("/@eve").await.text.contains("Follows you"));
}

#[tokio::test]
async fn notifications_say_in_words_what_happened_and_go_when_dismissed() {
    let house = House::new().await;
    let (ann, bob) = (Person::new(&house, "ann").await, Person::new(&house, "bob").await);
    let post = house.says(&ann.speaker, "a question?").await;
    let answer = Draft {
        in_reply_to: Some(post),
        visibility: Visibility::Unlisted,
        ..Draft::new("@ann an answer")
    };
    house.posts(&bob.speaker, answer).await;
    bob.does(
        &format!("/@ann/{post}/like?back=/local"),
        &[("on", "true")],
        &format!("/local#p{post}"),
    )
    .await;
    bob.does("/@ann/follow", &[], "/@ann").await;
    let page = ann.get("/notifications").await.text;
    for words in ["answered you", "likes your post", "follows you", "an answer"] {
        assert!(page.contains(words), "{words}");
    }
    let one = page
        .split("/notifications/")
        .find_map(|part| part.split_once("/dismiss"))
        .unwrap()
        .0
        .to_owned();
    ann.does(&format!("/notifications/{one}/dismiss"), &[], "/notifications")
        .await;
    assert!(
        !ann.get("/notifications")
            .await
            .text
            .contains(&format!("/{one}/dismiss"))
    );
    ann.does("/notifications/clear", &[], "/notifications").await;
    assert!(ann.get("/notifications").await.text.contains("Nothing yet"));
}

#[tokio::test]
async fn a_report_is_decided_and_its_decision_is_on_record() {
    let house = House::new().await;
    let (ann, bob) = (Person::new(&house, "ann").await, Person::new(&house, "bob").await);
    let mod_ = moderator(&house, "mod").await;
    let post = house.says(&bob.speaker, "something against the rules").await;
    let asked = ann.get(&format!("/tell-moderators?post={post}")).await;
    assert!(asked.text.contains("something against the rules"));
    let id = post.to_string();
    let wrong = ann
        .send("/tell-moderators", &[("post", &id), ("comment", "look at this")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("look at this</textarea>") && wrong.text.contains("href=\"#category\""));
    let filed = ann
        .send(
            "/tell-moderators",
            &[
                ("post", &id),
                ("comment", "look at this"),
                ("category", "violation"),
            ],
        )
        .await;
    assert!(filed.status.is_success());

    assert_eq!(ann.get("/moderation").await.status, StatusCode::NOT_FOUND);
    let queue = mod_.get("/moderation").await.text;
    let mut links = queue
        .split("href=\"/moderation/")
        .skip(1)
        .map(|part| part.split('"').next().unwrap());
    let case = links.find(|path| path.parse::<i64>().is_ok()).unwrap().to_owned();
    let place = format!("/moderation/{case}");
    let page = mod_.get(&place).await.text;
    assert!(
        page.contains("look at this")
            && page.contains("something against the rules")
            && page.contains("@ann")
    );
    for (fields, field) in [(&[("decision", "hide")][..], "#reason"), (&[][..], "#decision")] {
        let refused = mod_.send(&place, fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains(&format!("href=\"{field}\"")), "{field}");
    }
    mod_.does(
        &place,
        &[("decision", "hide"), ("reason", "rule 3")],
        "/moderation",
    )
    .await;
    assert_eq!(
        house.get(&format!("/@bob/{post}")).await.status,
        StatusCode::NOT_FOUND
    );
    let record = mod_.get("/moderation/record").await.text;
    assert!(record.contains("hid a post") && record.contains("rule 3"));
    assert!(mod_.get("/moderation?settled=yes").await.text.contains("@bob"));
    mod_.does(&place, &[("decision", "show")], &place).await;
    assert_eq!(house.get(&format!("/@bob/{post}")).await.status, StatusCode::OK);
    mod_.does(&place, &[("decision", "reopen")], &place).await;
    mod_.does(&place, &[("decision", "leave")], "/moderation").await;
}

/// The path of the only report that waits.
async fn waiting_case(mod_: &Person<'_>) -> String {
    let queue = mod_.get("/moderation").await.text;
    let mut links = queue
        .split("href=\"/moderation/")
        .skip(1)
        .map(|part| part.split('"').next().unwrap());
    let case = links.find(|path| path.parse::<i64>().is_ok()).unwrap();
    format!("/moderation/{case}")
}

#[tokio::test]
async fn a_moderator_takes_a_report_on_and_warns() {
    let house = House::new().await;
    let (ann, bob) = (Person::new(&house, "ann").await, Person::new(&house, "bob").await);
    let mod_ = moderator(&house, "mod").await;
    let filed = ann
        .send("/tell-moderators", &[("account", "bob"), ("category", "spam")])
        .await;
    assert!(filed.status.is_success());
    let place = waiting_case(&mod_).await;
    mod_.does(&place, &[("decision", "assign")], &place).await;
    assert!(mod_.get("/moderation").await.text.contains("Taken on by"));
    assert!(mod_.get(&place).await.text.contains("Give it back"));
    mod_.does(&place, &[("decision", "unassign")], &place).await;
    assert!(!mod_.get("/moderation").await.text.contains("Taken on by"));
    mod_.does(
        &place,
        &[("decision", "warn"), ("reason", "No <b>advertising</b>.")],
        "/moderation",
    )
    .await;
    assert!(bob.get("/").await.text.contains("<span class=\"n\">1</span>"));
    let told = bob.get("/notifications").await.text;
    assert!(told.contains("decided something about your account") && told.contains("/settings/decisions"));
    assert!(!told.contains("@mod") && !told.contains("@ann"));
    let page = bob.get("/settings/decisions").await.text;
    assert!(
        page.contains("A warning.") && page.contains("No &#60;b&#62;advertising"),
        "{page}"
    );
    assert!(!page.contains("mod<") && !page.contains("@ann"));
    assert!(
        ann.get("/settings/decisions")
            .await
            .text
            .contains("decided nothing about you")
    );
}

#[tokio::test]
async fn moderators_reach_accounts_without_a_report() {
    let house = House::new().await;
    let (ann, _bob) = (Person::new(&house, "ann").await, Person::new(&house, "bob").await);
    let mod_ = moderator(&house, "mod").await;
    assert_eq!(ann.get("/moderation/people").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        ann.get("/moderation/people/bob").await.status,
        StatusCode::NOT_FOUND
    );
    let place = "/moderation/people/bob";
    let refused = mod_.send(place, &[("decision", "suspend")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("href=\"#reason\""));
    mod_.does(place, &[("decision", "suspend"), ("reason", "Spam.")], place)
        .await;
    assert_eq!(house.get("/@bob").await.status, StatusCode::NOT_FOUND);
    let listed = mod_.get("/moderation/people?show=suspended").await.text;
    assert!(listed.contains("/moderation/people/bob") && !listed.contains("/moderation/people/ann"));
    let found = mod_.get("/moderation/people?q=%40BO").await.text;
    assert!(found.contains("/moderation/people/bob") && !found.contains("/moderation/people/ann"));
    assert!(
        mod_.get("/moderation/people?q=%3Cb%3E")
            .await
            .text
            .contains("no such account")
    );
    assert!(
        mod_.get(place)
            .await
            .text
            .contains("suspended the account. <span")
    );
    mod_.does(place, &[("decision", "unsuspend")], place).await;
    assert_eq!(house.get("/@bob").await.status, StatusCode::OK);
    assert_eq!(
        mod_.get("/moderation/people/nobody").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn quiet_mode_is_one_button_and_strangers_wait_aside() {
    let house = House::new().await;
    let (ann, bob) = (Person::new(&house, "ann").await, Person::new(&house, "bob").await);
    let settings = "/settings/notifications";
    assert!(ann.get(settings).await.text.contains("Begin quiet mode"));
    ann.does(settings, &[("quiet", "on")], "/settings/notifications?saved=1")
        .await;
    let page = ann.get(settings).await.text;
    assert!(page.contains("You are in quiet mode.") && page.contains("value=\"filter\" selected"));
    house.says(&bob.speaker, "@ann can you hear me").await;
    assert!(!ann.get("/notifications").await.text.contains("can you hear me"));
    assert!(ann.get(settings).await.text.contains("Waiting aside (1)"));
    let aside = ann.get("/notifications/aside").await.text;
    assert!(aside.contains("can you hear me") && aside.contains("1 notification,"));
    let number = hidden(&aside, "accept");
    ann.does(
        "/notifications/aside",
        &[("accept", number.as_str())],
        "/notifications/aside",
    )
    .await;
    assert!(
        ann.get("/notifications/aside")
            .await
            .text
            .contains("Nobody waits aside.")
    );
    assert!(ann.get("/notifications").await.text.contains("can you hear me"));
    let both = [("accept", "1"), ("dismiss", "1")];
    let wrong = ann.send("/notifications/aside", &both).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    ann.does(settings, &[("quiet", "off")], "/settings/notifications?saved=1")
        .await;
    let answers = [("new", "drop"), ("limited", "nonsense")];
    ann.does(settings, &answers, "/settings/notifications?saved=1")
        .await;
    let page = ann.get(settings).await.text;
    assert_eq!(
        page.matches("value=\"drop\" selected").count(),
        2,
        "new ones, and limited ones as before"
    );
}

#[tokio::test]
async fn a_suspended_person_reads_why_and_objects() {
    let house = House::new().await;
    let (ann, judge) = (Person::new(&house, "ann").await, moderator(&house, "judge").await);
    let decisions = "/settings/decisions";
    judge
        .does(
            "/moderation/people/ann",
            &[("decision", "suspend"), ("reason", "Insults.")],
            "/moderation/people/ann",
        )
        .await;
    let settings = house.get_as(&ann.cookie, "/settings").await;
    assert_eq!(settings.status, StatusCode::SEE_OTHER);
    assert!(
        !ann.get("/").await.text.contains("/compose"),
        "a stranger everywhere else"
    );
    let page = ann.get(decisions).await.text;
    assert!(page.contains("Insults.") && page.contains("Your account is suspended."));
    let number = hidden(&page, "decision");
    let empty = ann
        .send_from(decisions, decisions, &[("decision", &number), ("text", "")])
        .await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = [("decision", number.as_str()), ("text", "I <b>never</b> did.")];
    let sent = ann.send_from(decisions, decisions, &said).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert!(
        ann.get(decisions)
            .await
            .text
            .contains("Moderators have not answered yet.")
    );
    let page = judge.get("/moderation/appeals").await.text;
    assert!(page.contains("@ann") && page.contains("&#60;b&#62;never"));
    let settle = format!("/moderation/appeals/{number}");
    let stranger = Person::new(&house, "bob")
        .await
        .send(&settle, &[("answer", "grant")])
        .await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
    judge
        .does(&settle, &[("answer", "grant")], "/moderation/appeals")
        .await;
    assert_eq!(ann.get("/settings").await.status, StatusCode::OK);
    assert!(
        ann.get(decisions)
            .await
            .text
            .contains("You objected, and were right.")
    );
    let none = house.get(decisions).await;
    assert_eq!(none.status, StatusCode::SEE_OTHER, "strangers sign in");
}
