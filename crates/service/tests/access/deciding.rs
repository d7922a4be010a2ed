//! What those behind an account decide together, and what each of them may do.

use bauta_model::{Duties, Duty, KeyholderId};
use bauta_service::accounts::keyholders::{self, Decision, Matter, Stage};
use bauta_service::accounts::sign_up::WayIn;
use bauta_service::accounts::{self, keyholders::WAIT};
use bauta_service::posts::{self, Draft};
use bauta_service::{Refused, Registrations, Speaker};

use super::house::{APRIL, HERE, House, WORDS, field, on_both, secret};
use super::keyholders::{SECOND, THIRD, comes};

/// Three people: alice, who was there first, and two who came.
async fn three(house: &House) -> [Speaker; 3] {
    let made = house.sign_up("alice", WayIn::Open).await.unwrap();
    let alice = house.speaker(&made.token).await.unwrap();
    let (red, _) = comes(house, &alice, Duties::ALL, "red", SECOND).await;
    let (blue, _) = comes(house, &alice, Duties::NONE, "blue", THIRD).await;
    [alice, red, blue]
}

async fn only(house: &House, who: &Speaker) -> Decision {
    let (mut all, _) = keyholders::decisions(&house.app, who).await.unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn id(who: &Speaker) -> KeyholderId {
    who.keyholder.unwrap()
}

/// Days pass, and the slot begins.
async fn days(house: &House, days: i32) {
    let seconds = i64::from(days) * 86_400;
    house.clock.set(bauta_model::CoarseTime::from_unix_seconds(
        APRIL.unix_seconds() + seconds,
    ));
    keyholders::settle(&house.app).await.unwrap();
}

#[tokio::test]
async fn two_take_somebody_out_after_seven_days() {
    on_both(Registrations::Open, |house| async move {
        let [alice, red, blue] = three(&house).await;
        let app = &house.app;
        let token = house.log_in("alice", THIRD).await.unwrap();
        keyholders::propose(app, &alice, Matter::Remove(id(&blue)))
            .await
            .unwrap();
        let again = keyholders::propose(app, &red, Matter::Remove(id(&blue))).await;
        assert_eq!(field(again), "proposal");
        let seen = only(&house, &blue).await;
        assert!(matches!(seen.stage, Stage::Open { .. }) && seen.needed == 2 && !seen.mine);
        days(&house, WAIT + 1).await;
        assert!(
            house.speaker(&token).await.is_some(),
            "one is not enough, however long"
        );
        keyholders::agree(app, &red, seen.id).await.unwrap();
        assert!(matches!(only(&house, &blue).await.stage, Stage::Waiting { .. }));
        days(&house, 2 * WAIT + 1).await;
        assert!(house.speaker(&token).await.is_some());
        days(&house, 2 * WAIT + 2).await;
        assert!(house.speaker(&token).await.is_none());
        assert!(house.log_in("alice", THIRD).await.is_err());
        let over = only(&house, &red).await;
        assert_eq!(
            (over.stage, over.matter, over.agreed.len()),
            (Stage::Done, None, 0)
        );
        assert_eq!(field(keyholders::agree(app, &red, over.id).await), "proposal");
        let stranger = house.join("bob").await.1;
        let refused = keyholders::agree(app, &stranger, over.id).await;
        assert!(matches!(refused, Err(Refused::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn any_of_them_stops_it_and_whoever_left_counts_for_nothing() {
    on_both(Registrations::Open, |house| async move {
        let [alice, red, blue] = three(&house).await;
        let app = &house.app;
        let alone = accounts::delete_account(app, &alice, &secret(WORDS), HERE).await;
        assert!(matches!(alone, Err(Refused::Forbidden(_))));
        keyholders::propose(app, &alice, Matter::Delete).await.unwrap();
        let asked = only(&house, &red).await.id;
        keyholders::agree(app, &red, asked).await.unwrap();
        keyholders::stop(app, &blue, asked).await.unwrap();
        days(&house, WAIT + 3).await;
        assert_eq!(only(&house, &alice).await.stage, Stage::Stopped);
        assert!(
            house
                .speaker(&house.log_in("alice", WORDS).await.unwrap())
                .await
                .is_some()
        );
        // Red agrees and leaves: two are left, and one of them agrees.
        keyholders::propose(app, &alice, Matter::Rule(2)).await.unwrap();
        let (all, _) = keyholders::decisions(app, &alice).await.unwrap();
        let rule = all.iter().find(|one| one.stage.is_live()).unwrap().id;
        keyholders::agree(app, &red, rule).await.unwrap();
        keyholders::leave(app, &red, &secret(SECOND), HERE).await.unwrap();
        let (all, _) = keyholders::decisions(app, &alice).await.unwrap();
        let rule = all.into_iter().find(|one| one.id == rule).unwrap();
        assert!(
            matches!(rule.stage, Stage::Open { .. }) && rule.agreed.len() == 1,
            "{rule:?}"
        );
        // Whoever is alone decides at once, and nothing that was proposed comes upon them.
        keyholders::leave(app, &blue, &secret(THIRD), HERE).await.unwrap();
        let (all, _) = keyholders::decisions(app, &alice).await.unwrap();
        assert!(all.iter().all(|one| !one.stage.is_live()));
        let refused = keyholders::propose(app, &alice, Matter::Delete).await;
        assert_eq!(field(refused), "proposal");
        accounts::delete_account(app, &alice, &secret(WORDS), HERE)
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_account_that_they_decide_to_delete_is_deleted() {
    on_both(Registrations::Open, |house| async move {
        let [alice, red, _] = three(&house).await;
        let app = &house.app;
        keyholders::propose(app, &alice, Matter::Rule(1)).await.unwrap();
        let rule = only(&house, &alice).await.id;
        keyholders::agree(app, &red, rule).await.unwrap();
        days(&house, WAIT + 1).await;
        let (_, needed) = keyholders::decisions(app, &alice).await.unwrap();
        assert_eq!(needed, 1);
        for wrong in [0, 13] {
            let refused = keyholders::propose(app, &alice, Matter::Rule(wrong)).await;
            assert_eq!(field(refused), "proposal");
        }
        keyholders::propose(app, &red, Matter::Delete).await.unwrap();
        days(&house, 2 * WAIT + 1).await;
        assert!(
            house.log_in("alice", WORDS).await.is_ok(),
            "any one, and it waits all the same"
        );
        days(&house, 2 * WAIT + 2).await;
        assert!(house.log_in("alice", WORDS).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn whoever_does_not_speak_reads_on_pages_and_in_apps() {
    on_both(Registrations::Open, |house| async move {
        let [alice, red, blue] = three(&house).await;
        let app = &house.app;
        assert_eq!(blue.scopes.to_string(), "read");
        let draft = || Draft::new("said");
        let refused = posts::post(app, &blue, draft()).await;
        assert!(matches!(refused, Err(Refused::Forbidden(_))));
        let refused = accounts::invites::mint(app, &blue, 1).await;
        assert!(matches!(refused, Err(Refused::Forbidden(_))));
        posts::post(app, &red, draft()).await.unwrap();
        // Duties change together, and with the next request.
        let speaks = Duties::NONE.with(Duty::Speak);
        keyholders::propose(app, &blue, Matter::Duties(id(&blue), speaks))
            .await
            .unwrap();
        let asked = only(&house, &alice).await.id;
        keyholders::agree(app, &alice, asked).await.unwrap();
        let token = house.log_in("alice", THIRD).await.unwrap();
        days(&house, WAIT + 1).await;
        let blue = house.speaker(&token).await.unwrap();
        assert_eq!(blue.duties, speaks);
        posts::post(app, &blue, draft()).await.unwrap();
    })
    .await;
}

/// Verbs that read, or are about what is one's own: everybody behind an account may.
const FREE: &[&str] = &[
    "about",
    "accept",
    "account",
    "agree",
    "aliases",
    "all",
    "all_scheduled",
    "answer",
    "appeals",
    "applicants",
    "archive",
    "as_if_published",
    "authenticate",
    "blocked",
    "blocked_domains",
    "bookmarks",
    "change",
    "check",
    "check_asking",
    "check_many",
    "chrome",
    "containing",
    "count_open",
    "count_requests",
    "decisions",
    "decisions_about_me",
    "delete_account",
    "due",
    "end_of",
    "export",
    "familiar_followers",
    "favourites",
    "followed",
    "get",
    "grant",
    "group",
    "grouped",
    "habits",
    "held_file",
    "home",
    "invite",
    "is_onion_only",
    "is_waiting",
    "keyword",
    "lapse",
    "leave",
    "left",
    "list",
    "log_out",
    "log_out_everywhere",
    "look",
    "markers",
    "may_quote",
    "members",
    "muted",
    "of_post",
    "open",
    "own",
    "people",
    "person",
    "person_at",
    "picked",
    "policy",
    "preferences",
    "progress",
    "propose",
    "prove_again",
    "quarantined",
    "quarantines",
    "queue",
    "read",
    "record",
    "relationship",
    "relationships",
    "renew",
    "report",
    "request",
    "requests",
    "revoke",
    "rule",
    "said_by",
    "scheduled",
    "set_label",
    "set_marker",
    "source",
    "standing",
    "stop",
    "subscribe",
    "subscription",
    "suggested",
    "suggestions",
    "timeline",
    "unread",
    "unread_groups",
    "unread_of",
    "unsubscribe",
    "void_invites",
    "waiting",
];

#[test]
fn every_verb_that_changes_something_asks_for_a_duty() {
    let mut checked = 0;
    let mut folders = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for verb in text.split("\npub ").skip(1) {
                let verb = verb.strip_prefix("async ").unwrap_or(verb);
                let Some(rest) = verb.strip_prefix("fn ") else {
                    continue;
                };
                let name: String = rest
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                let (head, body) = rest.split_once("{\n").unwrap_or((rest, ""));
                if !head.contains("speaker: &Speaker") {
                    continue;
                }
                checked += 1;
                let body = body.split("\n}\n").next().unwrap_or_default();
                let asks = ["speaker.speaks()?", "speaker.manages()?", "speaker.may("];
                assert!(
                    asks.iter().any(|ask| body.contains(ask)) || FREE.contains(&name.as_str()),
                    "{}: {name} asks for no duty",
                    path.display()
                );
            }
        }
    }
    assert!(checked > 100, "only {checked} verbs were found");
}
