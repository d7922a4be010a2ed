//! What hosts do to those who ask them.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use url::Url;

use super::house::{Changing, Peer, client, client_with, head, ok, redirect, soon};
use crate::{Error, Limits, Redirects, Request};

#[tokio::test]
async fn a_body_that_drips_ends_with_the_whole_time() {
    let peer = Peer::start(|mut stream, _| async move {
        head(&mut stream).await;
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            .await;
        while stream.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    let answer = client(true)
        .send(Request::get(peer.url("/")).limits(soon()))
        .await;
    assert_eq!(answer.unwrap_err(), Error::TimedOut);
}

#[tokio::test]
async fn a_head_that_drips_or_never_ends_is_no_answer() {
    let silent = Peer::start(|mut stream, _| async move {
        head(&mut stream).await;
        while stream.write_all(b"H").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    })
    .await;
    let answer = client(true)
        .send(Request::get(silent.url("/")).limits(soon()))
        .await;
    assert!(matches!(answer.unwrap_err(), Error::TimedOut | Error::Unreadable));
    let endless = Peer::start(|mut stream, _| async move {
        head(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n").await;
        while stream.write_all(b"X-More: and more of it\r\n").await.is_ok() {}
    })
    .await;
    let answer = client(true).send(Request::get(endless.url("/"))).await;
    assert_eq!(answer.unwrap_err(), Error::Unreadable);
}

#[tokio::test]
async fn a_body_that_never_ends_is_cut_at_the_limit() {
    let limits = Limits {
        body: 100_000,
        ..Limits::default()
    };
    for said in [
        "Content-Length: 100000000",
        "Transfer-Encoding: chunked",
        "Connection: close",
    ] {
        let peer = Peer::start(move |mut stream, _| async move {
            head(&mut stream).await;
            let _ = stream
                .write_all(format!("HTTP/1.1 200 OK\r\n{said}\r\n\r\n").as_bytes())
                .await;
            while stream.write_all(b"400\r\n").await.is_ok() {
                let _ = stream.write_all(&[b'x'; 1024]).await;
                let _ = stream.write_all(b"\r\n").await;
            }
        })
        .await;
        let answer = client(true)
            .send(Request::get(peer.url("/")).limits(limits))
            .await;
        assert_eq!(answer.unwrap_err(), Error::TooLarge, "{said}");
    }
}

#[tokio::test]
async fn a_redirect_into_a_private_network_goes_nowhere() {
    for to in [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::]/",
        "http://0.0.0.0/",
        "http://0/",
        "http://2130706433/",
        "http://0x7f.0.0.1/",
        "http://127.1/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://192.168.0.1/",
        "http://172.16.0.1/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[::127.0.0.1]/",
        "http://100.64.0.1/",
        "http://localhost/",
        "http://router.local/",
    ] {
        // The first hop is allowed as a public one would be; the next is judged as in the wild.
        let names = Arc::new(Changing::new(&[&["127.0.0.1"]]));
        let peer = Peer::answering(move |_| redirect(to)).await;
        let client = client_with(false, Box::new(names));
        let first = Url::parse(&format!("http://peer.example:{}/", peer.port)).unwrap();
        let answer = client
            .send(Request::get(first).redirects(Redirects::Anywhere))
            .await;
        assert!(
            matches!(answer.unwrap_err(), Error::NotAllowed),
            "the port alone is refused"
        );
        let answer = client
            .send(Request::get(Url::parse(to).unwrap()).redirects(Redirects::Anywhere))
            .await;
        assert!(
            matches!(answer.unwrap_err(), Error::NotAllowed | Error::NotPublic),
            "{to}"
        );
        // Where loopback is allowed, everything else private still is not.
        let local = super::house::client(true);
        let answer = local
            .send(
                Request::get(peer.url("/"))
                    .redirects(Redirects::Anywhere)
                    .limits(soon()),
            )
            .await;
        assert!(answer.is_err(), "{to}");
    }
}

#[tokio::test]
async fn redirects_in_a_circle_end() {
    let peer = Peer::answering(|head| {
        let to = if head.starts_with("GET /a ") { "/b" } else { "/a" };
        redirect(to)
    })
    .await;
    let answer = client(true).send(Request::get(peer.url("/a"))).await;
    assert_eq!(answer.unwrap_err(), Error::Redirects);
    for nowhere in ["http://", "//", "http://[", ""] {
        let peer = Peer::answering(move |_| {
            format!("HTTP/1.1 302 Found\r\nLocation: {nowhere}\r\nContent-Length: 0\r\n\r\n")
        })
        .await;
        let answer = client(true).send(Request::get(peer.url("/"))).await;
        assert_eq!(answer.unwrap_err(), Error::Redirects, "{nowhere}");
    }
}

#[tokio::test]
async fn a_name_that_changes_to_a_private_address_is_refused_when_it_does() {
    let names = Arc::new(Changing::new(&[
        &["10.0.0.1", "::1", "0.0.0.0"],
        &["127.0.0.1"],
        &[],
    ]));
    let client = client_with(false, Box::new(Arc::clone(&names)));
    let url = Url::parse("http://rebinding.example/").unwrap();
    for expected in [Error::NotPublic, Error::NotPublic, Error::NoSuchHost] {
        let answer = client.send(Request::get(url.clone())).await;
        assert_eq!(answer.unwrap_err(), expected);
    }
    assert_eq!(names.asked.load(Ordering::SeqCst), 3, "one look-up for one try");
}

#[tokio::test]
async fn private_addresses_among_public_ones_are_never_connected_to() {
    let peer = Peer::answering(ok).await;
    // On the peer's port, 127.0.0.1 would answer at once; the public one can't.
    let names = Arc::new(Changing::new(&[&["127.0.0.1", "10.255.255.1", "127.0.0.2"]]));
    let client = client_with(false, Box::new(names));
    let answer = client
        .send(Request::get(Url::parse("http://mixed.example/").unwrap()).limits(soon()))
        .await;
    assert_eq!(answer.unwrap_err(), Error::NotPublic);
    assert_eq!(peer.taken(), 0);
}

#[tokio::test]
async fn what_is_compressed_unasked_is_not_read() {
    let peer = Peer::answering(|_| {
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx".to_owned()
    })
    .await;
    let answer = client(true).send(Request::get(peer.url("/"))).await;
    assert_eq!(answer.unwrap_err(), Error::Unreadable);
}

#[tokio::test]
async fn what_is_not_http_is_no_answer_and_such_a_host_rests() {
    let peer = Peer::start(|mut stream, _| async move {
        head(&mut stream).await;
        let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.9\r\n\r\n").await;
    })
    .await;
    let client = client(true);
    let mut said = Vec::new();
    for _ in 0..4 {
        said.push(client.send(Request::get(peer.url("/"))).await.unwrap_err());
    }
    assert_eq!(said[..2], [Error::Unreadable, Error::Unreadable]);
    assert_eq!(said[2..], [Error::Resting, Error::Resting]);
    assert_eq!(peer.taken(), 2);
    assert!(client.rests(&peer.url("/")));
}

#[tokio::test]
async fn a_host_that_asks_for_rest_gets_it() {
    let peer = Peer::answering(|_| {
        "HTTP/1.1 429 Slow down\r\nRetry-After: 99999999\r\nContent-Length: 0\r\n\r\n".to_owned()
    })
    .await;
    let client = client(true);
    assert_eq!(
        client.send(Request::get(peer.url("/"))).await.unwrap().status,
        429
    );
    assert_eq!(
        client.send(Request::get(peer.url("/"))).await.unwrap_err(),
        Error::Resting
    );
}

#[tokio::test]
async fn one_host_has_few_connections_and_keeps_nobody_else_waiting() {
    let slow = Peer::start(|mut stream, _| async move {
        head(&mut stream).await;
        tokio::time::sleep(Duration::from_mins(1)).await;
    })
    .await;
    let quick = Peer::answering(ok).await;
    let client = client(true);
    let mut waiting = Vec::new();
    for _ in 0..12 {
        let (client, url) = (client.clone(), slow.url("/"));
        waiting.push(tokio::spawn(async move {
            client.send(Request::get(url).limits(soon())).await.unwrap_err()
        }));
    }
    assert!(
        client
            .send(Request::get(quick.url("/")))
            .await
            .unwrap()
            .is_success()
    );
    for one in waiting {
        assert!(matches!(one.await.unwrap(), Error::TimedOut | Error::Resting));
    }
    assert!(slow.taken() <= 4, "{} connections", slow.taken());
}
