//! A server that is asked to stop finishes what it began, and nothing else.

mod house;

use std::time::Duration;

use house::{config, get_request, open, read_all, status};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn an_open_request_is_answered_after_the_server_was_asked_to_stop() {
    let mut house = open(config()).await;
    let mut stream = house.connect().await;
    stream
        .write_all(b"GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await
        .unwrap();
    // The server has read the request when it answers another one on a later connection.
    assert_eq!(status(&house.say(get_request("/health")).await), 200);
    house.ask_to_stop();
    assert!(read_all(&mut stream).await.ends_with("at last"));
    house.ended().await;
}

#[tokio::test]
async fn idle_connections_do_not_hold_the_server_up() {
    let mut config = config();
    config.limits.drain = house::PATIENCE * 2;
    let mut house = open(config).await;
    let mut kept = house.connect().await;
    kept.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await
        .unwrap();
    let mut first = [0; 4];
    kept.read_exact(&mut first).await.unwrap();
    let _silent = house.connect().await;
    let address = house.address.clone();
    house.ask_to_stop();
    house.ended().await;
    assert!(
        TcpStream::connect(address).await.is_err(),
        "nobody listens any more"
    );
}

#[tokio::test]
async fn a_websocket_outlives_the_time_for_idle_connections_and_keeps_its_place() {
    let mut config = config();
    config.limits = house::short_limits();
    config.limits.connections = 1;
    let house = open(config).await;
    let mut stream = house.connect().await;
    let upgrade =
        "GET /mirror HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
    stream.write_all(upgrade.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.unwrap());
    }
    assert!(answer.starts_with(b"HTTP/1.1 101 "));
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(house.say(get_request("/health")).await, "", "the place is taken");
    stream.write_all(b"still here").await.unwrap();
    let mut heard = [0; 10];
    stream.read_exact(&mut heard).await.unwrap();
    assert_eq!(&heard, b"still here");
    house.stop().await;
}

#[tokio::test]
async fn a_client_who_never_reads_is_dropped_when_the_time_is_over() {
    let mut config = config();
    config.limits.drain = Duration::from_millis(200);
    let mut house = open(config).await;
    let mut deaf = house.connect().await;
    deaf.write_all(get_request("/large").as_bytes()).await.unwrap();
    deaf.readable().await.unwrap();
    house.ask_to_stop();
    house.ended().await;
}
