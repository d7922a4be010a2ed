//! Several people behind one account: coming, signing in, what is each one's own, and going.

use bauta_model::{Duties, Duty, Secret};
use bauta_service::accounts::authenticate::TokenHash;
use bauta_service::accounts::keyholders::{self, Joined, Joining};
use bauta_service::accounts::sign_up::WayIn;
use bauta_service::accounts::{self, passphrase, recovery, sessions};
use bauta_service::posts::{self, Draft};
use bauta_service::{Refused, Registrations, Scopes, Speaker, lists, relations};

use super::house::{HERE, House, JUNE, WORDS, field, handle, on_both, secret};

pub const SECOND: &str = "umbrella anchor violin quarry thimble";
pub const THIRD: &str = "lantern copper badger mitten orchard";

/// A group of one: alice, who signed up.
async fn alice(house: &House) -> (Speaker, Secret<String>) {
    let made = house.sign_up("alice", WayIn::Open).await.unwrap();
    let speaker = house.speaker(&made.token).await.unwrap();
    (speaker, made.token)
}

fn joining(code: &str, label: &str, words: &str) -> Joining {
    Joining {
        code: code.to_owned(),
        label: label.to_owned(),
        passphrase: secret(words),
        with_codes: true,
        limiter: HERE,
    }
}

pub async fn comes(
    house: &House,
    by: &Speaker,
    duties: Duties,
    label: &str,
    words: &str,
) -> (Speaker, Joined) {
    let code = keyholders::invite(&house.app, by, duties).await.unwrap();
    let joined = keyholders::join(&house.app, joining(code.expose(), label, words))
        .await
        .unwrap();
    (house.speaker(&joined.token).await.unwrap(), joined)
}

#[tokio::test]
async fn each_signs_in_with_the_name_and_an_own_passphrase() {
    on_both(Registrations::Closed, |house| async move {
        let (_, speaker) = house.join("alice").await;
        let code = keyholders::invite(&house.app, &speaker, Duties::ALL)
            .await
            .unwrap();
        let invited = keyholders::invited(&house.app, code.expose(), HERE)
            .await
            .unwrap();
        assert_eq!((invited.handle, invited.duties), (handle("alice"), Duties::ALL));
        let weak = keyholders::join(&house.app, joining(code.expose(), "red", "alice alice")).await;
        assert_eq!(field(weak), "passphrase");
        let nameless = keyholders::join(&house.app, joining(code.expose(), "  ", SECOND)).await;
        assert_eq!(field(nameless), "label");
        let joined = keyholders::join(&house.app, joining(code.expose(), "red", SECOND))
            .await
            .unwrap();
        let red = house.speaker(&joined.token).await.unwrap();
        assert_eq!(red.account, speaker.account);
        assert_ne!(red.keyholder, speaker.keyholder);
        let again = keyholders::join(&house.app, joining(code.expose(), "blue", THIRD)).await;
        assert_eq!(field(again), "code");
        let token = house.log_in("alice", SECOND).await.unwrap();
        let signed_in = house.speaker(&token).await.unwrap();
        assert_eq!(
            (signed_in.account, signed_in.keyholder),
            (red.account, red.keyholder)
        );
        for wrong in [THIRD, ""] {
            let refused = house.log_in("alice", wrong).await;
            assert!(matches!(refused, Err(Refused::WrongPassphrase)));
        }
        let group = keyholders::group(&house.app, &red).await.unwrap();
        assert_eq!((group.people.len(), group.invites), (2, 0));
        let me: Vec<_> = group.people.iter().filter(|one| one.me).collect();
        assert_eq!(me.len(), 1);
        assert_eq!(me[0].label, "red");
        let taken = keyholders::set_label(&house.app, &speaker, " RED ").await;
        assert_eq!(field(taken), "label");
        keyholders::set_label(&house.app, &speaker, "green")
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_is_ones_own_is_not_the_others() {
    on_both(Registrations::Open, |house| async move {
        let (speaker, token) = alice(&house).await;
        let (red, joined) = comes(&house, &speaker, Duties::ALL, "red", SECOND).await;
        let app = &house.app;
        let by_operator = accounts::token_by_operator(app, &handle("alice"), &Scopes::all())
            .await
            .unwrap();
        for one in [&speaker, &red] {
            let listed = sessions::list(app, one).await.unwrap();
            assert_eq!(listed.len(), 2, "one's own and the operator's");
        }
        let refused = sessions::revoke(app, &speaker, red.session).await;
        assert!(matches!(refused, Err(Refused::NotFound)));
        // A passphrase that another has can't be told apart.
        let same = passphrase::change(app, &red, &secret(SECOND), &secret(WORDS), HERE).await;
        assert_eq!(field(same), "passphrase");
        passphrase::change(app, &red, &secret(SECOND), &secret(THIRD), HERE)
            .await
            .unwrap();
        assert!(house.log_in("alice", SECOND).await.is_err());
        assert!(house.log_in("alice", WORDS).await.is_ok());
        assert!(house.speaker(&token).await.is_some(), "the other's session stays");
        assert!(
            house.speaker(&by_operator).await.is_none(),
            "the operator's does not"
        );
        // Codes: red's are red's, and alice has none.
        assert_eq!(recovery::left(app, &speaker).await.unwrap(), 0);
        assert_eq!(
            recovery::left(app, &red).await.unwrap(),
            joined.codes.len() as i64
        );
        let request = recovery::Request {
            handle: "alice".to_owned(),
            code: joined.codes[0].expose().clone(),
            passphrase: secret(SECOND),
            limiter: HERE,
            door: bauta_model::Door::Clearnet,
        };
        recovery::recover(app, request).await.unwrap();
        assert!(house.speaker(&joined.token).await.is_none());
        assert!(house.speaker(&token).await.is_some());
        assert!(house.log_in("alice", WORDS).await.is_ok());
        let token = house.log_in("alice", SECOND).await.unwrap();
        let red = house.speaker(&token).await.unwrap();
        accounts::log_out_everywhere(app, &red, false).await.unwrap();
        assert!(house.speaker(&token).await.is_none());
        assert_eq!(sessions::list(app, &speaker).await.unwrap().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn whoever_leaves_loses_everything_at_once_and_the_last_one_stays() {
    on_both(Registrations::Open, |house| async move {
        let (speaker, token) = alice(&house).await;
        let app = &house.app;
        let alone = keyholders::leave(app, &speaker, &secret(WORDS), HERE).await;
        assert_eq!(field(alone), "keyholder");
        let reads = Duties::NONE;
        let (red, joined) = comes(&house, &speaker, reads, "red", SECOND).await;
        assert!(red.may(Duty::Speak).is_err());
        let refused = keyholders::invite(app, &red, Duties::ALL).await;
        assert!(matches!(refused, Err(Refused::Forbidden(_))));
        let waiting = keyholders::invite(app, &speaker, Duties::ALL).await.unwrap();
        let other = house.log_in("alice", WORDS).await.unwrap();
        let wrong = keyholders::leave(app, &speaker, &secret(SECOND), HERE).await;
        assert!(matches!(wrong, Err(Refused::WrongPassphrase)));
        keyholders::leave(app, &speaker, &secret(WORDS), HERE)
            .await
            .unwrap();
        for gone in [&token, &other] {
            assert!(house.speaker(gone).await.is_none());
        }
        assert!(house.log_in("alice", WORDS).await.is_err());
        // Whoever is alone has every duty: nobody is locked out.
        let red = house.speaker(&joined.token).await.unwrap();
        assert_eq!(red.duties, Duties::ALL);
        assert_eq!(keyholders::group(app, &red).await.unwrap().invites, 1);
        keyholders::void_invites(app, &red).await.unwrap();
        let void = keyholders::join(app, joining(waiting.expose(), "blue", THIRD)).await;
        assert_eq!(field(void), "code");
        let late = keyholders::invite(app, &red, Duties::ALL).await.unwrap();
        house.clock.set(JUNE);
        let void = keyholders::join(app, joining(late.expose(), "blue", THIRD)).await;
        assert_eq!(field(void), "code");
        accounts::delete_account(app, &red, &secret(SECOND), HERE)
            .await
            .unwrap();
        assert!(house.log_in("alice", SECOND).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn there_are_no_more_than_a_dozen() {
    on_both(Registrations::Open, |house| async move {
        let (speaker, _) = alice(&house).await;
        for _ in 1..keyholders::MOST {
            keyholders::invite(&house.app, &speaker, Duties::NONE)
                .await
                .unwrap();
        }
        let many = keyholders::invite(&house.app, &speaker, Duties::NONE).await;
        assert_eq!(field(many), "invite");
    })
    .await;
}

/// Every row of the database, by its table, as a backup writes it.
async fn rows(house: &House) -> Vec<(String, String)> {
    house
        .app
        .store
        .read("rows", |conn| {
            let mut rows = Vec::new();
            for table in bauta_store::backup::tables(conn)? {
                bauta_store::backup::export(conn, &table, |line| {
                    rows.push((table.name.clone(), line));
                    Ok::<_, bauta_store::Error>(())
                })?;
            }
            Ok::<_, bauta_store::Error>(rows)
        })
        .await
        .unwrap()
}

/// The tables in which a person or a session is named: what opens the account, and what waits for each of them.
const PERSONAL: &[&str] = &[
    "keyholders",
    "credentials",
    "recovery_codes",
    "sessions",
    "proposals",
    "proposal_agreements",
    "desk_unseen",
];

#[tokio::test]
async fn no_row_of_what_the_account_does_names_a_person_or_a_session() {
    on_both(Registrations::Open, |house| async move {
        let (alice, token) = alice(&house).await;
        let (red, joined) = comes(&house, &alice, Duties::ALL, "red", SECOND).await;
        let (other, _) = house.join("bob").await;
        let app = &house.app;
        for (who, text) in [(&alice, "said by one"), (&red, "said by the other")] {
            let post = posts::post(app, who, Draft::new(text))
                .await
                .unwrap()
                .card
                .post
                .id;
            posts::favourite(app, who, post).await.unwrap();
            posts::bookmark(app, who, post).await.unwrap();
            lists::create(
                app,
                who,
                lists::Wish {
                    title: Some(text.to_owned()),
                    ..lists::Wish::default()
                },
            )
            .await
            .unwrap();
            relations::block(app, who, other.id).await.unwrap();
            relations::unblock(app, who, other.id).await.unwrap();
        }
        let mut told = Vec::new();
        for (who, token) in [(&alice, &token), (&red, &joined.token)] {
            told.push(who.session.to_string());
            told.push(who.keyholder.unwrap().to_string());
            let hash = TokenHash::of(token.expose()).unwrap();
            let hex =
                |byte: &u8| [byte >> 4, byte & 15].map(|half| char::from_digit(half.into(), 16).unwrap());
            told.push(hash.as_bytes().iter().flat_map(hex).collect());
        }
        let rows = rows(&house).await;
        let named = |row: &str| told.iter().any(|one| row.to_lowercase().contains(one.as_str()));
        let where_named: std::collections::BTreeSet<&str> = rows
            .iter()
            .filter(|(_, row)| named(row))
            .map(|(table, _)| table.as_str())
            .collect();
        // What has to name them is found, so that the search is one.
        assert!(where_named.contains("sessions") && where_named.contains("keyholders"));
        for table in where_named {
            assert!(PERSONAL.contains(&table), "{table} tells who it was");
        }
        assert!(rows.iter().any(|(table, _)| table == "posts"));
        assert!(rows.iter().any(|(table, _)| table == "favourites"));
    })
    .await;
}
