//! What a client says about itself does not get past the door.

mod house;

use house::{config, open, status};
use tokio::io::AsyncWriteExt;

const MARK: &str = "203.0.113.77-canary";

/// Headers that tell about a person, their machine, or the way that they came.
const TELLTALES: [&str; 48] = [
    "user-agent",
    "referer",
    "accept-language",
    "accept-encoding",
    "accept-charset",
    "forwarded",
    "forwarded-for",
    "x-forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-port",
    "x-forwarded-user",
    "x-original-forwarded-for",
    "x-real-ip",
    "x-client-ip",
    "client-ip",
    "x-cluster-client-ip",
    "x-originating-ip",
    "x-remote-addr",
    "x-envoy-external-address",
    "true-client-ip",
    "cf-connecting-ip",
    "cf-connecting-ipv6",
    "cf-ipcountry",
    "cf-ray",
    "fastly-client-ip",
    "fly-client-ip",
    "x-azure-clientip",
    "x-amz-cf-id",
    "cdn-loop",
    "via",
    "dnt",
    "sec-gpc",
    "sec-ch-ua",
    "sec-ch-ua-platform",
    "sec-ch-ua-model",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "device-memory",
    "downlink",
    "save-data",
    "from",
    "if-none-match",
    "if-modified-since",
    "x-requested-with",
    "x-request-id",
    "traceparent",
];

fn request_with_everything() -> String {
    let telltales: String = TELLTALES.map(|name| format!("{name}: {MARK}\r\n")).concat();
    format!(
        "POST /a?b=c HTTP/1.1\r\nhost: localhost\r\n{telltales}\
         accept: text/html\r\nauthorization: Bearer t\r\ncontent-type: text/plain\r\ncookie: _ga={MARK}; bauta_s=1\r\n\
         idempotency-key: k\r\norigin: http://localhost\r\nrange: bytes=0-9\r\nsec-fetch-site: same-origin\r\n\
         connection: close\r\ntransfer-encoding: chunked\r\ntrailer: x-late\r\n\r\n\
         1\r\na\r\n0\r\nx-late: {MARK}\r\n\r\n"
    )
}

#[tokio::test]
async fn only_listed_headers_pass_and_everything_else_is_gone() {
    let house = open(config()).await;
    let answer = house.say(request_with_everything()).await;
    assert_eq!(status(&answer), 200, "{answer}");
    assert!(!answer.contains(MARK), "{answer}");
    let (_, told) = answer.split_once("\r\n\r\n").unwrap();
    let mut headers: Vec<_> = told
        .lines()
        .filter_map(|line| line.strip_prefix("header "))
        .collect();
    headers.sort_unstable();
    assert_eq!(
        headers,
        [
            "accept: text/html",
            "authorization: Bearer t",
            "content-type: text/plain",
            "cookie: bauta_s=1",
            "host: localhost",
            "idempotency-key: k",
            "origin: http://localhost",
            "range: bytes=0-9",
            "sec-fetch-site: same-origin",
        ]
    );
    assert!(told.contains("target /a?b=c\n"));
    assert!(told.contains("door Some(Clearnet)"));
    assert!(told.contains("key true"));
    assert!(told.contains("peer false"), "{told}");
    assert!(told.contains("trailers false"), "{told}");
    house.stop().await;
}

#[tokio::test]
async fn answers_name_neither_program_nor_second() {
    let house = open(config()).await;
    let answer = house.say(house::get_request("/")).await.to_lowercase();
    assert!(!answer.contains("\r\ndate:"), "{answer}");
    assert!(!answer.contains("\r\nserver:"), "{answer}");
    house.stop().await;
}

#[tokio::test]
async fn an_absolute_target_is_made_relative_and_its_name_is_the_host() {
    let house = open(config()).await;
    let answer = house
        .say("GET http://localhost:99/x?y HTTP/1.1\r\nhost: other.example\r\nconnection: close\r\n\r\n")
        .await;
    assert!(answer.contains("target /x?y\n"), "{answer}");
    assert!(answer.contains("header host: localhost:99\n"), "{answer}");
    house.stop().await;
}

#[tokio::test]
async fn a_forwarding_header_is_remembered_once_for_the_whole_process() {
    let house = open(config()).await;
    let mut stream = house.connect().await;
    stream
        .write_all(
            b"GET / HTTP/1.1\r\nhost: localhost\r\nx-forwarded-for: 203.0.113.9\r\nconnection: close\r\n\r\n",
        )
        .await
        .unwrap();
    house::read_all(&mut stream).await;
    assert!(bauta_edge::proxy_seen());
    house.stop().await;
}
