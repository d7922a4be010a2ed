//! The two doors: what goes out by the onion's, and an account that comes by no other.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use bauta_model::{Door, LimiterKey, Secret};
use bauta_service::accounts;
use bauta_service::{Refused, Registrations};

use super::house::{Answer, House, WORDS, open};

async fn by(house: &House, door: Door, path: &str, token: &str) -> Answer {
    let request = Request::builder()
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .extension(door)
        .body(Body::empty())
        .unwrap();
    house.send(request).await
}

const ME: &str = "/api/v1/accounts/verify_credentials";

#[tokio::test]
async fn by_the_onion_what_is_got_next_is_under_its_name() {
    let house = open(Registrations::Open).await;
    house.join("ana").await;
    let token = house.token("ana", "read write").await;
    let here = by(&house, Door::Clearnet, ME, &token).await.good();
    let there = by(&house, Door::Onion, ME, &token).await.good();
    assert!(
        here["avatar"]
            .as_str()
            .unwrap()
            .starts_with("http://localhost:8080/media/")
    );
    assert!(
        there["avatar"]
            .as_str()
            .unwrap()
            .starts_with("http://abc.onion/media/")
    );
    assert_eq!(there["url"], here["url"], "whom it names is the same everywhere");
    let instance = by(&house, Door::Onion, "/api/v2/instance", &token).await.good();
    assert_eq!(instance["configuration"]["urls"]["streaming"], "ws://abc.onion");
    let oauth = by(
        &house,
        Door::Onion,
        "/.well-known/oauth-authorization-server",
        &token,
    )
    .await;
    assert_eq!(oauth.good()["token_endpoint"], "http://abc.onion/oauth/token");
    for text in ["one", "two"] {
        let body = serde_json::json!({ "status": text });
        let said = house
            .ask("POST", "/api/v1/statuses", Some(&token), Some(body))
            .await;
        assert_eq!(said.status, StatusCode::OK);
    }
    let page = by(&house, Door::Onion, "/api/v1/timelines/home?limit=1", &token).await;
    assert!(
        page.header("link").starts_with("<http://abc.onion/api/"),
        "{}",
        page.header("link")
    );
}

#[tokio::test]
async fn an_account_that_is_kept_to_the_onion_comes_by_no_other_door() {
    let house = open(Registrations::Open).await;
    house.join("ana").await;
    house.join("ben").await;
    let here = LimiterKey::new([0; 16]);
    let log_in = |handle: &str, passphrase: &str, door| {
        let request = accounts::log_in::Request {
            handle: handle.to_owned(),
            passphrase: Secret::new(passphrase.to_owned()),
            limiter: here,
            door,
        };
        accounts::log_in(&house.app, request)
    };
    let mine = log_in("ana", WORDS, Door::Clearnet).await.unwrap().token;
    let speaker = accounts::authenticate(&house.app, mine.expose())
        .await
        .unwrap()
        .unwrap();
    let right = Secret::new(WORDS.to_owned());
    let wrong = Secret::new("nothing like it".to_owned());
    let keep = |own, door| accounts::keep_to_onion(&house.app, &speaker, own, here, door);
    assert!(matches!(
        keep(&right, Door::Clearnet).await,
        Err(Refused::Forbidden(_))
    ));
    assert!(matches!(
        keep(&wrong, Door::Onion).await,
        Err(Refused::WrongPassphrase)
    ));
    let other = house.token("ana", "read").await;
    assert_eq!(
        by(&house, Door::Clearnet, ME, &other).await.status,
        StatusCode::OK
    );
    keep(&right, Door::Onion).await.unwrap();

    let kept = by(&house, Door::Onion, ME, mine.expose()).await;
    assert_eq!(kept.status, StatusCode::OK);
    let token = house.token("ana", "read write").await;
    assert_eq!(by(&house, Door::Onion, ME, &token).await.status, StatusCode::OK);
    for path in [ME, "/api/v1/timelines/public", "/api/v1/streaming/user"] {
        let (status, why) = by(&house, Door::Clearnet, path, &token).await.error();
        assert_eq!(status, 403, "{path}");
        assert!(why.contains("onion service alone"), "{why}");
    }
    // No door told is no onion.
    assert_eq!(house.get(ME, Some(&token)).await.status, StatusCode::FORBIDDEN);
    let ended = by(&house, Door::Onion, ME, &other).await;
    assert_eq!(
        ended.status,
        StatusCode::UNAUTHORIZED,
        "every other session ended"
    );

    // Who does not know the passphrase learns nothing; who knows it is told, and let in by the other door alone.
    for handle in ["ana", "ben", "nobody"] {
        let refused = log_in(handle, "nothing like it", Door::Clearnet).await;
        assert!(matches!(refused, Err(Refused::WrongPassphrase)), "{handle}");
    }
    assert!(matches!(
        log_in("ana", WORDS, Door::Clearnet).await,
        Err(Refused::Forbidden(_))
    ));
    assert!(log_in("ana", WORDS, Door::Onion).await.is_ok());
    assert!(log_in("ben", WORDS, Door::Clearnet).await.is_ok());
}
