//! Apps register, are let in by a person, get tokens and lose them.

use super::house::{HERE, House, JUNE, WORDS, field, on_both, secret};
use bauta_service::accounts::authenticate::{Bearer, bearer};
use bauta_service::accounts::sign_up::WayIn;
use bauta_service::apps::authorise::{self, Granted, Prepared, Request, Unprepared};
use bauta_service::apps::token::{Denied, Grant};
use bauta_service::apps::{self, OUT_OF_BAND, Registered, Registration, token};
use bauta_service::{App, Refused, Registrations, Scopes, SessionKind, Speaker, accounts};

// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CALLBACK: &str = "https://app.example/callback?a=1";

fn registration() -> Registration {
    Registration {
        name: "Pigeon".to_owned(),
        redirect_uris: vec![CALLBACK.to_owned(), OUT_OF_BAND.to_owned()],
        scopes: Scopes::parse("read write:statuses"),
        website: Some("https://app.example".to_owned()),
    }
}

async fn registered(app: &App) -> Registered {
    apps::register(app, registration()).await.unwrap()
}

fn ask(of: &Registered) -> Request {
    Request {
        response_type: "code".to_owned(),
        client_id: of.app.client_id.clone(),
        redirect_uri: CALLBACK.to_owned(),
        scope: "read".to_owned(),
        state: Some("s t&te".to_owned()),
        code_challenge: Some(CHALLENGE.to_owned()),
        code_challenge_method: Some("S256".to_owned()),
    }
}

async fn redeem(app: &App, of: &Registered, grant: Grant) -> Result<token::Issued, Denied> {
    let request = token::Request {
        client_id: of.app.client_id.clone(),
        client_secret: secret(of.secret.expose()),
        grant,
        scopes: None,
        limiter: HERE,
    };
    token(app, request).await
}

fn code(code: &str, verifier: Option<&str>) -> Grant {
    Grant::Code {
        code: secret(code),
        redirect_uri: CALLBACK.to_owned(),
        verifier: verifier.map(secret),
    }
}

/// The code in the address that the person is sent to.
fn granted(app: &App, speaker: &Speaker, prepared: Prepared) -> String {
    let Ok(Granted::Redirect(target)) = authorise::grant(app, speaker, prepared) else {
        panic!("no address");
    };
    let target = target.expose();
    let (before, after) = target.split_once("&code=").unwrap();
    assert_eq!(before, CALLBACK);
    let (code, state) = after.split_once("&state=").unwrap();
    assert_eq!(state, "s+t%26te");
    code.to_owned()
}

async fn alice(house: &House) -> Speaker {
    let made = house.sign_up("alice", WayIn::Open).await.unwrap();
    house.speaker(&made.token).await.unwrap()
}

#[tokio::test]
async fn a_person_lets_an_app_in_with_pkce() {
    on_both(Registrations::Open, |house| async move {
        let speaker = alice(&house).await;
        let pigeon = registered(&house.app).await;
        let prepared = authorise::prepare(&house.app, &ask(&pigeon)).await.unwrap();
        assert_eq!(prepared.app.name, "Pigeon");
        let given = granted(&house.app, &speaker, prepared);
        let issued = redeem(&house.app, &pigeon, code(&given, Some(VERIFIER)))
            .await
            .unwrap();
        let spoken = house.speaker(&issued.token).await.unwrap();
        assert_eq!((spoken.account, spoken.kind), (speaker.account, SessionKind::App));
        assert_eq!(spoken.scopes.to_string(), "read");
        let again = redeem(&house.app, &pigeon, code(&given, Some(VERIFIER))).await;
        assert!(matches!(again, Err(Denied::Grant)), "a code is good once");
        let listed = accounts::sessions::list(&house.app, &speaker).await.unwrap();
        assert!(
            listed
                .iter()
                .any(|line| line.app_name.as_deref() == Some("Pigeon"))
        );
        // Revoking: not with another app's secret, then with its own.
        let other = registered(&house.app).await;
        let wrong = apps::revoke(&house.app, &pigeon.app.client_id, &other.secret, &issued.token).await;
        assert!(matches!(wrong, Err(Denied::Client)));
        apps::revoke(&house.app, &other.app.client_id, &other.secret, &issued.token)
            .await
            .unwrap();
        assert!(house.speaker(&issued.token).await.is_some());
        apps::revoke(&house.app, &pigeon.app.client_id, &pigeon.secret, &issued.token)
            .await
            .unwrap();
        assert!(house.speaker(&issued.token).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_stolen_code_is_worth_nothing() {
    on_both(Registrations::Open, |house| async move {
        let speaker = alice(&house).await;
        let pigeon = registered(&house.app).await;
        let other = registered(&house.app).await;
        let fresh = async || {
            let prepared = authorise::prepare(&house.app, &ask(&pigeon)).await.unwrap();
            granted(&house.app, &speaker, prepared)
        };
        for verifier in [None, Some("a".repeat(43))] {
            let stolen = redeem(&house.app, &pigeon, code(&fresh().await, verifier.as_deref())).await;
            assert!(matches!(stolen, Err(Denied::Grant)));
        }
        let by_another = redeem(&house.app, &other, code(&fresh().await, Some(VERIFIER))).await;
        assert!(matches!(by_another, Err(Denied::Grant)));
        let elsewhere = Grant::Code {
            code: secret(&fresh().await),
            redirect_uri: OUT_OF_BAND.to_owned(),
            verifier: Some(secret(VERIFIER)),
        };
        assert!(matches!(
            redeem(&house.app, &pigeon, elsewhere).await,
            Err(Denied::Grant)
        ));
        // Without a challenge there must be no verifier either.
        let mut plain = ask(&pigeon);
        plain.code_challenge = None;
        let prepared = authorise::prepare(&house.app, &plain).await.unwrap();
        let given = granted(&house.app, &speaker, prepared);
        assert!(matches!(
            redeem(&house.app, &pigeon, code(&given, Some(VERIFIER))).await,
            Err(Denied::Grant)
        ));
    })
    .await;
}

#[tokio::test]
async fn what_an_app_may_not_ask_is_told_to_the_app_only_where_its_address_is_sure() {
    on_both(Registrations::Open, |house| async move {
        let pigeon = registered(&house.app).await;
        let shown: [fn(&mut Request); 3] = [
            |ask| ask.client_id = "nobody".to_owned(),
            |ask| ask.redirect_uri = "https://evil.example/".to_owned(),
            |ask| ask.redirect_uri.push('&'),
        ];
        for spoil in shown {
            let mut asked = ask(&pigeon);
            spoil(&mut asked);
            let refused = authorise::prepare(&house.app, &asked).await;
            assert!(matches!(refused, Err(Unprepared::Shown(_))), "{asked:?}");
        }
        let told: [(fn(&mut Request), &str); 4] = [
            (
                |ask| ask.response_type = "token".to_owned(),
                "unsupported_response_type",
            ),
            (|ask| ask.scope = "write".to_owned(), "invalid_scope"),
            (|ask| ask.scope = "nonsense".to_owned(), "invalid_scope"),
            (
                |ask| ask.code_challenge_method = Some("plain".to_owned()),
                "invalid_request",
            ),
        ];
        for (spoil, error) in told {
            let mut asked = ask(&pigeon);
            spoil(&mut asked);
            match authorise::prepare(&house.app, &asked).await {
                Err(Unprepared::Redirect(target)) => {
                    assert!(
                        target.starts_with(&format!("{CALLBACK}&error={error}&")),
                        "{target}"
                    );
                    assert!(target.ends_with("&state=s+t%26te"), "{target}");
                }
                other => panic!("{asked:?}: {other:?}"),
            }
        }
        let mut asked = ask(&pigeon);
        asked.redirect_uri = OUT_OF_BAND.to_owned();
        let prepared = authorise::prepare(&house.app, &asked).await.unwrap();
        assert_eq!(authorise::deny(&prepared), None);
        let speaker = alice(&house).await;
        assert!(matches!(
            authorise::grant(&house.app, &speaker, prepared),
            Ok(Granted::Code(_))
        ));
    })
    .await;
}

#[tokio::test]
async fn an_app_has_a_token_of_its_own_for_a_while() {
    on_both(Registrations::Invite, |house| async move {
        let pigeon = registered(&house.app).await;
        let issued = redeem(&house.app, &pigeon, Grant::ClientCredentials)
            .await
            .unwrap();
        let text = issued.token.expose();
        match bearer(&house.app, text).await.unwrap() {
            Some(Bearer::App { app, scopes, .. }) => {
                assert_eq!(app, pigeon.app.id);
                assert_eq!(scopes.to_string(), "read");
            }
            other => panic!("{other:?}"),
        }
        assert!(house.speaker(&issued.token).await.is_none());
        house.clock.set(JUNE);
        assert!(bearer(&house.app, text).await.unwrap().is_none());
        let wrong = token::Request {
            client_id: pigeon.app.client_id.clone(),
            client_secret: secret(&"A".repeat(43)),
            grant: Grant::ClientCredentials,
            scopes: None,
            limiter: HERE,
        };
        assert!(matches!(token(&house.app, wrong).await, Err(Denied::Client)));
        let passphrase = Grant::Passphrase {
            handle: "alice".to_owned(),
            passphrase: secret(WORDS),
        };
        let refused = redeem(&house.app, &pigeon, passphrase).await;
        assert!(
            matches!(refused, Err(Denied::GrantType)),
            "by invitation, apps get no passphrases"
        );
    })
    .await;
}

#[tokio::test]
async fn test_suites_on_loopback_may_hand_in_a_passphrase() {
    on_both(Registrations::Open, |house| async move {
        let speaker = alice(&house).await;
        let pigeon = registered(&house.app).await;
        let grant = |words: &str| Grant::Passphrase {
            handle: "alice".to_owned(),
            passphrase: secret(words),
        };
        let issued = redeem(&house.app, &pigeon, grant(WORDS)).await.unwrap();
        assert_eq!(
            house.speaker(&issued.token).await.unwrap().account,
            speaker.account
        );
        assert!(matches!(
            redeem(&house.app, &pigeon, grant("wrong")).await,
            Err(Denied::Grant)
        ));
    })
    .await;
}

#[tokio::test]
async fn what_an_app_says_of_itself_is_checked() {
    on_both(Registrations::Open, |house| async move {
        let spoiled: [(fn(&mut Registration), &str); 5] = [
            (|app| app.name = " \u{202E} ".to_owned(), "client_name"),
            (|app| app.name = "a".repeat(61), "client_name"),
            (
                |app| app.redirect_uris = vec!["javascript:alert(1)".to_owned()],
                "redirect_uris",
            ),
            (|app| app.redirect_uris = Vec::new(), "redirect_uris"),
            (
                |app| app.website = Some("javascript:alert(1)".to_owned()),
                "website",
            ),
        ];
        for (spoil, named) in spoiled {
            let mut wrong = registration();
            spoil(&mut wrong);
            assert_eq!(field(apps::register(&house.app, wrong).await), named);
        }
        assert!(matches!(
            apps::by_id(&house.app, bauta_model::AppId::new(5)).await,
            Err(Refused::NotFound)
        ));
    })
    .await;
}

#[tokio::test]
async fn ending_all_sessions_voids_the_codes_that_were_not_redeemed_yet() {
    on_both(Registrations::Open, |house| async move {
        let speaker = alice(&house).await;
        let pigeon = registered(&house.app).await;
        let prepared = authorise::prepare(&house.app, &ask(&pigeon)).await.unwrap();
        let given = granted(&house.app, &speaker, prepared);
        accounts::log_out_everywhere(&house.app, &speaker, true)
            .await
            .unwrap();
        let late = redeem(&house.app, &pigeon, code(&given, Some(VERIFIER))).await;
        assert!(matches!(late, Err(Denied::Grant)));
    })
    .await;
}
