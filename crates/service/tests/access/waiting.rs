//! The waiting room: nobody who waits is seen or does anything, and who decides needs no record.

use super::house::{JUNE, MAY, WORDS, field, handle, on_both, on_both_letting_in};
use bauta_model::{Role, Standing};
use bauta_service::accounts::authenticate::suspended;
use bauta_service::accounts::sign_up::WayIn;
use bauta_service::accounts::waiting::{self, MOST_WORDS};
use bauta_service::accounts::{self, authenticate, invites};
use bauta_service::moderation::{self, Why};
use bauta_service::{Refused, Registrations, Window, housekeeping};

const PENDING: Refused = Refused::Forbidden("Your login is currently pending approval");

#[tokio::test]
async fn whoever_waits_is_nobody_until_moderators_let_them_in() {
    on_both(Registrations::Approval, |house| async move {
        let app = &house.app;
        let (_, judge) = house.join_as("judge", Role::Moderator).await;
        let (_, user) = house.join("user").await;
        let words = || WayIn::Asking("high <b>water</b>".into());
        let ann = house.sign_up("ann", words()).await.unwrap();
        let eve = house.sign_up("eve", WayIn::Open).await.unwrap();
        assert_eq!(ann.account.standing, Standing::Suspended);
        let held = authenticate(app, ann.token.expose()).await;
        assert_eq!(held.unwrap_err().to_string(), PENDING.to_string());
        let refused = accounts::by_handle(app, &handle("ann")).await;
        assert!(matches!(refused, Err(Refused::NotFound)));
        // They see for themselves that they wait, and sign in as ever.
        let own = suspended(app, ann.token.expose()).await.unwrap().unwrap();
        assert!(waiting::is_waiting(app, &own).await.unwrap());
        house.log_in("ann", WORDS).await.unwrap();

        let listed = waiting::applicants(app, &judge, Window::first(10)).await.unwrap();
        let mut said: Vec<&str> = listed.items.iter().map(|one| one.words.as_str()).collect();
        said.sort_unstable();
        assert_eq!(said, ["", "high <b>water</b>"]);
        for refused in [
            waiting::applicants(app, &user, Window::first(10)).await.err(),
            waiting::let_in(app, &user, ann.account.id).await.err(),
            waiting::turn_away(app, &user, ann.account.id).await.err(),
            moderation::unsuspend(app, &judge, ann.account.id, Why::default())
                .await
                .err(),
        ] {
            assert!(matches!(refused, Some(Refused::Forbidden(_))), "{refused:?}");
        }
        waiting::let_in(app, &judge, ann.account.id).await.unwrap();
        assert_eq!(house.speaker(&ann.token).await.unwrap().account, ann.account.id);
        assert!(accounts::by_handle(app, &handle("ann")).await.is_ok());
        waiting::turn_away(app, &judge, eve.account.id).await.unwrap();
        assert_eq!(field(house.sign_up("eve", words()).await), "handle");
        for again in [ann.account.id, eve.account.id] {
            assert!(waiting::let_in(app, &judge, again).await.is_err());
            assert!(waiting::turn_away(app, &judge, again).await.is_err());
        }
        assert!(
            moderation::record(app, &judge, None, 10)
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn an_invite_leads_past_the_waiting_room() {
    on_both(Registrations::Approval, |house| async move {
        let app = &house.app;
        let code = invites::mint_by_operator(app, 1).await.unwrap().remove(0);
        let invited = house
            .sign_up("ann", WayIn::Invite(code.expose().clone()))
            .await
            .unwrap();
        assert!(house.speaker(&invited.token).await.is_some());
        assert_eq!(
            field(house.sign_up("bob", WayIn::Invite(code.expose().clone())).await),
            "invite"
        );
        let long = WayIn::Asking("x".repeat(MOST_WORDS + 1));
        assert_eq!(field(house.sign_up("bob", long).await), "reason");
    })
    .await;
}

#[tokio::test]
async fn chance_lets_some_in_each_hour() {
    on_both_letting_in(24 * 5, |house| async move {
        let mut waits = Vec::new();
        for number in 0..8 {
            waits.push(house.sign_up(&format!("w{number}"), WayIn::Open).await.unwrap());
        }
        for there in [5, 8, 8] {
            housekeeping::keep(&house.app).await.unwrap();
            let mut found = 0;
            for made in &waits {
                found += usize::from(authenticate(&house.app, made.token.expose()).await.is_ok());
            }
            assert_eq!(found, there);
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_is_not_answered_in_two_months_is_forgotten() {
    on_both(Registrations::Approval, |house| async move {
        let april = house.sign_up("april", WayIn::Asking("mud".into())).await.unwrap();
        let here = async || {
            housekeeping::keep(&house.app).await.unwrap();
            let own = suspended(&house.app, april.token.expose()).await.unwrap();
            own.is_some()
        };
        house.clock.set(MAY);
        house.sign_up("may", WayIn::Open).await.unwrap();
        assert!(here().await);
        house.clock.set(JUNE);
        assert!(!here().await);
        let (_, judge) = house.join_as("judge", Role::Moderator).await;
        let left = waiting::applicants(&house.app, &judge, Window::first(10))
            .await
            .unwrap();
        let left: Vec<&str> = left
            .items
            .iter()
            .map(|one| one.card.account.handle.as_str())
            .collect();
        assert_eq!(left, ["may"]);
    })
    .await;
}
