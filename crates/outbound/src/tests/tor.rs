//! A SOCKS proxy that records, as Tor's port would be asked.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use url::Url;

use super::house::{Peer, head, ok};
use crate::{Authorities, Client, Error, Options, Proxy, Reach, Request};

type Asked = Arc<Mutex<Vec<(String, String, u16)>>>;

/// A proxy that answers for every host itself: user name, name and port of each connection are recorded.
async fn proxy(verdict: u8) -> (Peer, Asked) {
    let asked = Asked::default();
    let record = Arc::clone(&asked);
    let peer = Peer::start(move |mut stream, _| {
        let record = Arc::clone(&record);
        async move {
            let mut hello = [0; 3];
            stream.read_exact(&mut hello).await.unwrap();
            assert_eq!(hello, [5, 1, 2]);
            stream.write_all(&[5, 2]).await.unwrap();
            let mut length = [0; 2];
            stream.read_exact(&mut length).await.unwrap();
            let mut user = vec![0; usize::from(length[1])];
            stream.read_exact(&mut user).await.unwrap();
            let mut length = [0; 1];
            stream.read_exact(&mut length).await.unwrap();
            let mut password = vec![0; usize::from(length[0])];
            stream.read_exact(&mut password).await.unwrap();
            stream.write_all(&[1, 0]).await.unwrap();
            let mut ask = [0; 5];
            stream.read_exact(&mut ask).await.unwrap();
            assert_eq!(ask[..4], [5, 1, 0, 3], "by name");
            let mut rest = vec![0; usize::from(ask[4]) + 2];
            stream.read_exact(&mut rest).await.unwrap();
            let port = u16::from_be_bytes([rest[rest.len() - 2], rest[rest.len() - 1]]);
            let host = String::from_utf8(rest[..rest.len() - 2].to_vec()).unwrap();
            record.lock().push((String::from_utf8(user).unwrap(), host, port));
            stream
                .write_all(&[5, verdict, 0, 1, 0, 0, 0, 0, 0, 0])
                .await
                .unwrap();
            if verdict == 0 {
                head(&mut stream).await;
                let _ = stream.write_all(ok("through").as_bytes()).await;
            }
        }
    })
    .await;
    (peer, asked)
}

fn client(peer: &Peer, reach: Reach) -> Client {
    let proxy = Proxy::parse(&format!("socks5://127.0.0.1:{}", peer.port), reach).unwrap();
    Client::new(&Options {
        local: false,
        proxy: Some(proxy),
        authorities: Authorities::File(super::https::authority_file()),
        own: None,
    })
    .unwrap()
}

fn get(url: &str) -> Request {
    Request::get(Url::parse(url).unwrap())
}

#[tokio::test]
async fn every_host_has_a_circuit_of_its_own() {
    let (peer, asked) = proxy(0).await;
    let client = client(&peer, Reach::Everything);
    for url in [
        "http://one.example/",
        "http://two.example/",
        "http://one.example/again",
        "http://three.onion/",
    ] {
        assert_eq!(client.send(get(url)).await.unwrap().body, "through", "{url}");
    }
    let asked = asked.lock().clone();
    let hosts: Vec<&str> = asked.iter().map(|(_, host, _)| host.as_str()).collect();
    assert_eq!(
        hosts,
        ["one.example", "two.example", "one.example", "three.onion"]
    );
    assert_eq!(asked[0].0, asked[2].0, "one host stays on its circuit");
    assert_ne!(asked[0].0, asked[1].0);
    assert_ne!(asked[1].0, asked[3].0);
    assert!(asked.iter().all(|(_, _, port)| *port == 80));
}

#[tokio::test]
async fn an_onion_is_asked_through_the_proxy_or_not_at_all() {
    let (peer, asked) = proxy(0).await;
    let onions = client(&peer, Reach::Onions);
    assert_eq!(
        onions.send(get("http://three.onion/")).await.unwrap().body,
        "through"
    );
    assert_eq!(asked.lock().len(), 1);
    let direct = super::house::client(false);
    assert_eq!(
        direct.send(get("http://three.onion/")).await.unwrap_err(),
        Error::NotAllowed
    );
}

#[tokio::test]
async fn a_private_address_is_refused_before_the_proxy_hears_of_it() {
    let (peer, asked) = proxy(0).await;
    let client = client(&peer, Reach::Everything);
    for url in [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://10.0.0.1/",
        "http://[::ffff:7f00:1]/",
    ] {
        assert_eq!(
            client.send(get(url)).await.unwrap_err(),
            Error::NotPublic,
            "{url}"
        );
    }
    assert!(asked.lock().is_empty());
}

#[tokio::test]
async fn what_the_proxy_says_is_told_apart() {
    for (verdict, expected) in [
        (1, Error::Proxy),
        (2, Error::NotPublic),
        (4, Error::Unreachable),
        (5, Error::Unreachable),
    ] {
        let (peer, _) = proxy(verdict).await;
        let answer = client(&peer, Reach::Everything)
            .send(get("http://one.example/"))
            .await;
        assert_eq!(answer.unwrap_err(), expected);
    }
    let nobody = Peer::start(|_, _| async {}).await;
    let answer = client(&nobody, Reach::Everything)
        .send(get("http://one.example/"))
        .await;
    assert_eq!(answer.unwrap_err(), Error::Proxy);
}
