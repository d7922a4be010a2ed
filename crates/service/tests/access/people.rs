//! People come, prove who they are, and go: on real stores.

use super::house::{APRIL, HERE, House, JUNE, MAY, WORDS, field, handle, on_both, request, secret};
use bauta_model::{AccountId, Door, PostId, Role, Standing};
use bauta_service::accounts::sign_up::{self, WayIn};
use bauta_service::accounts::{self, invites, passphrase, recovery, sessions};
use bauta_service::{Refused, Registrations, Scopes, SessionKind};

#[tokio::test]
async fn on_an_open_server_anybody_signs_up_and_logs_in() {
    on_both(Registrations::Open, |house| async move {
        let made = house.sign_up("ALT_USCIS", WayIn::Open).await.unwrap();
        assert_eq!(made.account.joined, APRIL.month());
        assert_eq!(made.account.role, Role::User);
        let first = house.speaker(&made.token).await.unwrap();
        assert_eq!((first.account, first.kind), (made.account.id, SessionKind::Web));
        let second = house.log_in("@alt_uscis", WORDS).await.unwrap();
        assert_eq!(house.speaker(&second).await.unwrap().account, made.account.id);
        assert_eq!(field(house.sign_up("alt_uscis", WayIn::Open).await), "handle");
        assert_eq!(field(house.sign_up("Admin", WayIn::Open).await), "handle");
    })
    .await;
}

#[tokio::test]
async fn a_wrong_passphrase_and_an_unknown_handle_get_the_same_answer_and_lock_nothing() {
    on_both(Registrations::Open, |house| async move {
        house.sign_up("alice", WayIn::Open).await.unwrap();
        for _ in 0..30 {
            assert!(matches!(
                house.log_in("alice", "wrong").await,
                Err(Refused::WrongPassphrase)
            ));
        }
        for name in ["nobody", "", "no one", "@@"] {
            assert!(matches!(
                house.log_in(name, WORDS).await,
                Err(Refused::WrongPassphrase)
            ));
        }
        assert!(house.log_in("alice", WORDS).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_weak_passphrase_makes_no_account_and_uses_up_no_invite() {
    on_both(Registrations::Invite, |house| async move {
        let code = invites::mint_by_operator(&house.app, 1).await.unwrap().remove(0);
        let invite = || WayIn::Invite(code.expose().clone());
        let mut weak = request("alice", invite());
        weak.passphrase = secret("password1234");
        assert_eq!(field(accounts::sign_up(&house.app, weak).await), "passphrase");
        assert!(matches!(
            accounts::by_handle(&house.app, &handle("alice")).await,
            Err(Refused::NotFound)
        ));
        assert!(sign_up::invite_is_good(&house.app, code.expose()).await.unwrap());
        house.sign_up("alice", invite()).await.unwrap();
        assert_eq!(field(house.sign_up("bob", invite()).await), "invite");
        assert_eq!(field(house.sign_up("bob", WayIn::Open).await), "invite");
    })
    .await;
}

#[tokio::test]
async fn an_invite_is_good_until_the_end_of_the_month_after_next() {
    on_both(Registrations::Invite, |house| async move {
        let codes = invites::mint_by_operator(&house.app, 2).await.unwrap();
        house.clock.set(JUNE);
        assert!(
            sign_up::invite_is_good(&house.app, codes[0].expose())
                .await
                .unwrap()
        );
        house.clock.set(JUNE.month().plus(1).start());
        assert!(
            !sign_up::invite_is_good(&house.app, codes[0].expose())
                .await
                .unwrap()
        );
        let late = WayIn::Invite(codes[1].expose().clone());
        assert_eq!(field(house.sign_up("late", late).await), "invite");
    })
    .await;
}

#[tokio::test]
async fn people_invite_five_a_month_from_their_second_month() {
    on_both(Registrations::Invite, |house| async move {
        let (_, alice) = house.join("alice").await;
        assert_eq!(invites::left(&house.app, &alice).await.unwrap(), Some(0));
        assert!(matches!(
            invites::mint(&house.app, &alice, 1).await,
            Err(Refused::Forbidden(_))
        ));
        house.clock.set(MAY);
        assert_eq!(invites::mint(&house.app, &alice, 3).await.unwrap().len(), 3);
        assert_eq!(invites::left(&house.app, &alice).await.unwrap(), Some(2));
        assert!(invites::mint(&house.app, &alice, 3).await.is_err());
        house.clock.set(JUNE);
        assert_eq!(invites::left(&house.app, &alice).await.unwrap(), Some(5));
        let mut operator = alice.clone();
        operator.role = Role::Operator;
        assert_eq!(
            invites::mint(&house.app, &operator, 100).await.unwrap().len(),
            100
        );
    })
    .await;
}

#[tokio::test]
async fn a_closed_server_takes_in_nobody_but_its_first_operator() {
    on_both(Registrations::Closed, |house| async move {
        assert!(matches!(
            house.sign_up("alice", WayIn::Open).await,
            Err(Refused::Forbidden(_))
        ));
        let link = accounts::first_operator_link(&house.app).await.unwrap().unwrap();
        let token = || WayIn::FirstOperator(link.expose().rsplit('/').next().unwrap().to_owned());
        let wrong = WayIn::FirstOperator("A".repeat(43));
        assert!(matches!(
            house.sign_up("eve", wrong).await,
            Err(Refused::Forbidden(_))
        ));
        let made = house.sign_up("admin", token()).await.unwrap();
        assert_eq!(made.account.role, Role::Operator);
        assert!(matches!(
            house.sign_up("eve", token()).await,
            Err(Refused::Forbidden(_))
        ));
        assert!(accounts::first_operator_link(&house.app).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_with_the_next_month_however_often_it_is_used() {
    on_both(Registrations::Open, |house| async move {
        let made = house.sign_up("alice", WayIn::Open).await.unwrap();
        house.clock.set(MAY);
        assert!(house.speaker(&made.token).await.is_some());
        house.clock.set(JUNE);
        assert!(house.speaker(&made.token).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one_or_all_at_once() {
    on_both(Registrations::Open, |house| async move {
        let made = house.sign_up("alice", WayIn::Open).await.unwrap();
        let web = house.speaker(&made.token).await.unwrap();
        let scopes = Scopes::parse("read").unwrap();
        let script = accounts::token_by_operator(&house.app, &handle("alice"), &scopes)
            .await
            .unwrap();
        let phone = house.log_in("alice", WORDS).await.unwrap();
        let listed = sessions::list(&house.app, &web).await.unwrap();
        assert_eq!(listed.len(), 3);
        assert_eq!(listed.iter().filter(|session| session.current).count(), 1);
        let by_operator = listed
            .iter()
            .find(|session| session.kind == SessionKind::Operator)
            .unwrap();
        assert_eq!(by_operator.scopes, scopes);
        // Held in memory first, so that the end has something to undo there.
        assert!(house.speaker(&script).await.is_some());
        sessions::revoke(&house.app, &web, by_operator.id).await.unwrap();
        assert!(house.speaker(&script).await.is_none());
        let (_, bob) = house.join("bob").await;
        assert!(matches!(
            sessions::revoke(&house.app, &bob, web.session).await,
            Err(Refused::NotFound)
        ));
        accounts::log_out_everywhere(&house.app, &web, true)
            .await
            .unwrap();
        assert!(house.speaker(&phone).await.is_none());
        assert!(house.speaker(&made.token).await.is_some());
        accounts::log_out(&house.app, &web).await.unwrap();
        assert!(house.speaker(&made.token).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn another_passphrase_ends_every_other_session() {
    on_both(Registrations::Open, |house| async move {
        let made = house.sign_up("alice", WayIn::Open).await.unwrap();
        let web = house.speaker(&made.token).await.unwrap();
        let other = house.log_in("alice", WORDS).await.unwrap();
        let new = secret("umbrella anchor violin quarry thimble");
        assert!(matches!(
            passphrase::change(&house.app, &web, &secret("wrong"), &new, HERE).await,
            Err(Refused::WrongPassphrase)
        ));
        let weak = passphrase::change(&house.app, &web, &secret(WORDS), &secret("alice alice"), HERE).await;
        assert_eq!(field(weak), "passphrase");
        passphrase::change(&house.app, &web, &secret(WORDS), &new, HERE)
            .await
            .unwrap();
        assert!(house.speaker(&other).await.is_none());
        assert!(house.speaker(&made.token).await.is_some());
        assert!(house.log_in("alice", WORDS).await.is_err());
        assert!(house.log_in("alice", new.expose()).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_recovery_code_resets_the_passphrase_once_and_ends_all_sessions() {
    on_both(Registrations::Open, |house| async move {
        let mut request = request("alice", WayIn::Open);
        request.with_codes = true;
        let made = accounts::sign_up(&house.app, request).await.unwrap();
        let web = house.speaker(&made.token).await.unwrap();
        assert_eq!(
            recovery::left(&house.app, &web).await.unwrap(),
            made.codes.len() as i64
        );
        let new = "umbrella anchor violin quarry thimble";
        let recover = |name: &'static str, code: &str, words: &'static str| {
            let request = recovery::Request {
                handle: name.to_owned(),
                code: code.to_owned(),
                passphrase: secret(words),
                limiter: HERE,
                door: Door::Clearnet,
            };
            recovery::recover(&house.app, request)
        };
        let code = made.codes[0].expose();
        house.join("bob").await;
        assert_eq!(field(recover("bob", code, new).await), "code");
        assert_eq!(field(recover("alice", "0000-0000-0000-0000", new).await), "code");
        assert_eq!(field(recover("alice", code, "password1234").await), "passphrase");
        recover("alice", code, new).await.unwrap();
        assert!(house.speaker(&made.token).await.is_none());
        assert_eq!(field(recover("alice", code, new).await), "code");
        assert!(house.log_in("alice", WORDS).await.is_err());
        let token = house.log_in("alice", new).await.unwrap();
        let web = house.speaker(&token).await.unwrap();
        let fresh = recovery::renew(&house.app, &web, &secret(new), HERE)
            .await
            .unwrap();
        assert_eq!(field(recover("alice", made.codes[1].expose(), new).await), "code");
        recover("alice", fresh[0].expose(), new).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_suspended_account_can_do_nothing_and_is_seen_by_nobody() {
    on_both(Registrations::Open, |house| async move {
        let made = house.sign_up("alice", WayIn::Open).await.unwrap();
        assert!(house.speaker(&made.token).await.is_some());
        let id = made.account.id;
        house
            .app
            .store
            .write("suspend", move |conn| {
                bauta_store::accounts::set_standing(conn, id, Standing::Suspended)
            })
            .await
            .unwrap();
        house.app.accounts.invalidate(id);
        house.app.forget_sessions_of(id);
        let refused = accounts::authenticate(&house.app, made.token.expose()).await;
        assert!(matches!(
            refused,
            Err(Refused::Forbidden("Your login is currently disabled"))
        ));
        // A session for the page that says why, and for nothing else.
        let held = house.log_in("alice", WORDS).await.unwrap();
        let refused = accounts::authenticate(&house.app, held.expose()).await;
        assert!(matches!(refused, Err(Refused::Forbidden(_))));
        let known = accounts::authenticate::suspended(&house.app, held.expose()).await;
        assert_eq!(known.unwrap().map(|speaker| speaker.account), Some(id));
        assert!(matches!(
            house.log_in("alice", "wrong").await,
            Err(Refused::WrongPassphrase)
        ));
        assert!(matches!(
            accounts::by_id(&house.app, id).await,
            Err(Refused::NotFound)
        ));
        assert!(accounts::many(&house.app, &[id]).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn many_accounts_come_in_the_order_asked_for() {
    on_both(Registrations::Open, |house| async move {
        let (alice, _) = house.join("alice").await;
        let (bob, _) = house.join("bob").await;
        let asked = [bob.id, AccountId::new(5), alice.id, bob.id];
        for _ in 0..2 {
            let found = accounts::many(&house.app, &asked).await.unwrap();
            let names: Vec<_> = found.iter().map(|card| card.account.handle.as_str()).collect();
            assert_eq!(names, ["bob", "alice", "bob"]);
        }
    })
    .await;
}

#[tokio::test]
async fn deleting_an_account_takes_all_of_it_and_leaves_others_counts_right() {
    on_both(Registrations::Open, |house| async move {
        let (alice, alice_speaks) = house.join("alice").await;
        let (bob, _) = house.join("bob").await;
        let (a, b) = (alice.id, bob.id);
        let bobs = house
            .app
            .store
            .write("fill", move |conn| fill(conn, a, b))
            .await
            .unwrap();
        let wrong = accounts::delete_account(&house.app, &alice_speaks, &secret("wrong"), HERE).await;
        assert!(matches!(wrong, Err(Refused::WrongPassphrase)));
        let own = secret(WORDS);
        set_passphrase(&house, a).await;
        accounts::delete_account(&house.app, &alice_speaks, &own, HERE)
            .await
            .unwrap();
        let bob = accounts::by_id(&house.app, b).await.unwrap();
        let counts = (
            bob.account.posts_count,
            bob.account.followers_count,
            bob.account.following_count,
        );
        assert_eq!(counts, (1, 0, 0));
        let post = house
            .app
            .store
            .read("look", move |conn| bauta_store::posts::by_id(conn, bobs))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (post.replies_count, post.boosts_count, post.favourites_count),
            (0, 0, 0)
        );
        assert!(matches!(
            accounts::by_id(&house.app, a).await,
            Err(Refused::NotFound)
        ));
        assert_eq!(field(house.sign_up("Alice", WayIn::Open).await), "handle");
        assert!(
            accounts::create_by_operator(&house.app, &handle("alice"), Role::User)
                .await
                .is_err()
        );
        house.sign_up("alicia", WayIn::Open).await.unwrap();
    })
    .await;
}

async fn set_passphrase(house: &House, account: AccountId) {
    // As somebody who chose it would have it: through the hash of another account made with the same words.
    let twin = house.sign_up("twin", WayIn::Open).await.unwrap().account.id;
    house
        .app
        .store
        .write("set_passphrase", move |conn| {
            let (_, hash) = bauta_store::credentials::of_account(conn, twin)?.remove(0);
            let (only, _) = bauta_store::credentials::of_account(conn, account)?.remove(0);
            bauta_store::credentials::set_passphrase_hash(conn, account, only, &hash)
        })
        .await
        .unwrap();
}

/// Alice and Bob follow each other; Alice answers, likes and boosts Bob's post twice over; Bob boosts hers.
fn fill(conn: &mut bauta_store::Conn, alice: AccountId, bob: AccountId) -> bauta_store::Result<PostId> {
    use super::house::rows::{boost, favourite, follow, post, reply};
    let bobs = post(conn, bob)?;
    follow(conn, alice, bob)?;
    follow(conn, bob, alice)?;
    reply(conn, alice, bobs, bob)?;
    reply(conn, alice, bobs, bob)?;
    boost(conn, alice, bobs, bob)?;
    favourite(conn, alice, bobs)?;
    let hers = post(conn, alice)?;
    boost(conn, bob, hers, alice)?;
    Ok(bobs)
}

#[tokio::test]
async fn an_account_that_nobody_uses_is_deleted_when_its_owner_wanted_that() {
    on_both(Registrations::Open, |house| async move {
        let april = APRIL.month();
        let (_, alice) = house.join("alice").await;
        let (_, bob) = house.join("bob").await;
        let script = accounts::token_by_operator(&house.app, &handle("alice"), &Scopes::all())
            .await
            .unwrap();
        assert_eq!(accounts::lapse(&house.app, &alice).await.unwrap(), None);
        let wrong = accounts::set_lapse(&house.app, &alice, Some(5)).await;
        assert_eq!(field(wrong), "after");
        accounts::set_lapse(&house.app, &alice, Some(3)).await.unwrap();
        accounts::set_lapse(&house.app, &bob, Some(3)).await.unwrap();
        let dies = accounts::lapse(&house.app, &alice).await.unwrap().unwrap().dies;
        assert_eq!(
            dies,
            april.plus(4),
            "three whole months, and what is left of this one"
        );
        // Held in memory since April: May looks again.
        assert!(house.speaker(&script).await.is_some());
        house.clock.set(MAY);
        assert!(house.speaker(&script).await.is_some());
        let dies = accounts::lapse(&house.app, &alice).await.unwrap().unwrap().dies;
        assert_eq!(dies, april.plus(5));
        for (month, left) in [(3, [true, true]), (4, [true, false]), (5, [false, false])] {
            house.clock.set(april.plus(month).start());
            bauta_service::housekeeping::keep(&house.app).await.unwrap();
            for (name, left) in ["alice", "bob"].into_iter().zip(left) {
                let found = accounts::by_handle(&house.app, &handle(name)).await;
                assert_eq!(found.is_ok(), left, "{name} after {month}");
            }
        }
        assert!(house.speaker(&script).await.is_none());
        assert_eq!(field(house.sign_up("alice", WayIn::Open).await), "handle");
    })
    .await;
}

#[tokio::test]
async fn whoever_runs_the_server_does_not_end_by_themselves() {
    on_both(Registrations::Open, |house| async move {
        let (_, mut root) = house.join("root").await;
        root.role = Role::Operator;
        assert!(matches!(
            accounts::set_lapse(&house.app, &root, Some(3)).await,
            Err(Refused::Forbidden(_))
        ));
        accounts::set_lapse(&house.app, &root, None).await.unwrap();
    })
    .await;
}
