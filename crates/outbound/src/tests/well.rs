//! What works.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use http::HeaderValue;
use http::header::{ACCEPT, HeaderName};

use super::house::{Changing, Peer, client, client_with, ok, redirect};
use crate::{Error, Redirects, Request};

#[tokio::test]
async fn a_get_says_only_what_it_must() {
    let peer = Peer::answering(ok).await;
    let request =
        Request::get(peer.url("/a?b=c")).header(ACCEPT, HeaderValue::from_static("application/json"));
    let answer = client(true).send(request).await.unwrap();
    let mut lines: Vec<String> = std::str::from_utf8(&answer.body)
        .unwrap()
        .trim()
        .lines()
        .map(str::to_ascii_lowercase)
        .collect();
    lines.sort();
    assert_eq!(
        lines,
        [
            "accept: application/json".to_owned(),
            "get /a?b=c http/1.1".to_owned(),
            format!("host: 127.0.0.1:{}", peer.port),
            "user-agent: bauta".to_owned(),
        ]
    );
    assert_eq!(answer.content_type().as_deref(), Some("application/json"));
    assert!(answer.is_success());
}

#[tokio::test]
async fn a_post_brings_its_body_and_a_kept_connection_is_used_again() {
    let peer = Peer::answering(ok).await;
    let client = client(true);
    for _ in 0..3 {
        let answer = client
            .send(Request::post(peer.url("/inbox"), "a body"))
            .await
            .unwrap();
        assert!(answer.body.ends_with(b"\r\n\r\na body"));
    }
    assert_eq!(peer.taken(), 1);
}

#[tokio::test]
async fn a_connection_that_the_host_closed_is_replaced() {
    let peer = Peer::start(|mut stream, _| async move {
        use tokio::io::AsyncWriteExt;
        super::house::head(&mut stream).await;
        let _ = stream.write_all(ok("once").as_bytes()).await;
    })
    .await;
    let client = client(true);
    for _ in 0..3 {
        assert_eq!(
            client.send(Request::get(peer.url("/"))).await.unwrap().body,
            "once"
        );
    }
    assert_eq!(peer.taken(), 3);
}

#[tokio::test]
async fn every_hop_is_prepared_for_its_own_path() {
    let peer = Peer::answering(|head| {
        if head.starts_with("GET /first ") {
            redirect("/second")
        } else {
            ok(head)
        }
    })
    .await;
    let request = Request::get(peer.url("/first")).prepared(|method, url| {
        let value = HeaderValue::from_str(&format!("{method} {}", url.path())).unwrap();
        vec![(HeaderName::from_static("signature"), value)]
    });
    let answer = client(true).send(request).await.unwrap();
    assert!(
        std::str::from_utf8(&answer.body)
            .unwrap()
            .contains("signature: GET /second")
    );
    assert_eq!(answer.url.path(), "/second");
}

#[tokio::test]
async fn a_redirect_to_another_origin_is_followed_only_where_the_caller_wants_it() {
    let end = Peer::answering(|_| ok("there")).await;
    let to = end.url("/x").to_string();
    let start = Peer::answering(move |_| redirect(&to)).await;
    let client = client(true);
    let refused = client.send(Request::get(start.url("/"))).await;
    assert_eq!(refused.unwrap_err(), Error::OtherOrigin);
    assert_eq!(end.taken(), 0);
    let followed = Request::get(start.url("/")).redirects(Redirects::Anywhere);
    assert_eq!(client.send(followed).await.unwrap().body, "there");
    let seen = Request::get(start.url("/")).redirects(Redirects::Never);
    assert_eq!(client.send(seen).await.unwrap().status, 302);
    let posted = client.send(Request::post(start.url("/"), "x")).await.unwrap();
    assert_eq!(posted.status, 302, "a POST never follows");
}

#[tokio::test]
async fn a_name_is_looked_up_once_for_a_connection() {
    let peer = Peer::answering(ok).await;
    let names = Arc::new(Changing::new(&[&["127.0.0.1"]]));
    let client = client_with(true, Box::new(Arc::clone(&names)));
    let url = url::Url::parse(&format!("http://peer.example:{}/", peer.port)).unwrap();
    let answer = client.send(Request::get(url)).await.unwrap();
    assert!(
        std::str::from_utf8(&answer.body)
            .unwrap()
            .to_lowercase()
            .contains("host: peer.example:")
    );
    assert_eq!(names.asked.load(Ordering::SeqCst), 1);
}
