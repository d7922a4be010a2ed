//! Unix sockets, the onion's door, names, and the listener that redirects.

mod house;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use axum::Router;
use bauta_edge::{Config, EdgeError, Listen, serve};
use house::{any_port, config_at, get_request, loopback, open, say_on_socket, socket_in, status};

const CIRCUIT: &str = "PROXY TCP6 fc00:dead:beef:4dad::0:7 ::1 65535 80\r\n";

fn unix(path: &Path) -> Listen {
    Listen::Unix {
        path: path.to_owned(),
        mode: 0o660,
    }
}

fn onion(path: &Path) -> Listen {
    Listen::Onion {
        path: path.to_owned(),
        mode: 0o600,
        host: "bautaexample.onion".into(),
    }
}

fn named(host: &str, target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")
}

#[tokio::test]
async fn a_unix_socket_is_for_its_group_and_goes_with_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_in(&folder, "web.sock");
    let house = open(config_at(vec![unix(&path)])).await;
    assert_eq!(house.address, format!("unix:{}", path.display()));
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o660);
    let answer = say_on_socket(&path, &get_request("/")).await;
    assert!(answer.contains("door Some(Clearnet)"), "{answer}");
    house.stop().await;
    assert_eq!(
        folder.path().read_dir().unwrap().count(),
        0,
        "nothing is left behind"
    );
}

#[tokio::test]
async fn a_stale_socket_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_in(&folder, "web.sock");
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let house = open(config_at(vec![unix(&path)])).await;
    assert_eq!(status(&say_on_socket(&path, &get_request("/")).await), 200);
    house.stop().await;
}

async fn refuses_to_open(path: &Path) {
    let config = Config::new(vec![unix(path)], "localhost");
    let served = serve(config, Router::new(), |_| {}, std::future::ready(())).await;
    assert!(matches!(served, Err(EdgeError::Bind { .. })));
}

#[tokio::test]
async fn a_socket_that_somebody_listens_on_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_in(&folder, "web.sock");
    let house = open(config_at(vec![unix(&path)])).await;
    refuses_to_open(&path).await;
    assert_eq!(status(&say_on_socket(&path, &get_request("/")).await), 200);
    house.stop().await;
}

#[tokio::test]
async fn a_file_that_is_no_socket_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_in(&folder, "web.sock");
    std::fs::write(&path, "precious").unwrap();
    refuses_to_open(&path).await;
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
}

#[tokio::test]
async fn the_onion_door_knows_circuits_and_its_own_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_in(&folder, "onion.sock");
    let house = open(config_at(vec![onion(&path)])).await;
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let answer = say_on_socket(&path, &format!("{CIRCUIT}{}", named("bautaexample.onion", "/"))).await;
    assert!(answer.contains("door Some(Onion)"), "{answer}");
    assert!(!answer.contains("fc00"), "{answer}");
    let answer = say_on_socket(&path, &format!("{CIRCUIT}{}", named("localhost", "/"))).await;
    assert_eq!(status(&answer), 421);
    house.stop().await;
}

#[tokio::test]
async fn without_a_circuit_nobody_comes_in_by_the_onion_door() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_in(&folder, "onion.sock");
    let house = open(config_at(vec![onion(&path)])).await;
    let answer = say_on_socket(&path, &named("bautaexample.onion", "/")).await;
    assert_eq!(status(&answer), 400);
    house.stop().await;
}

#[tokio::test]
async fn each_circuit_has_limits_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_in(&folder, "onion.sock");
    let house = open(config_at(vec![onion(&path)])).await;
    let sign_in = |circuit: u8| {
        format!(
            "PROXY TCP6 fc00:dead:beef:4dad::0:{circuit} ::1 65535 80\r\nPOST /sign-in HTTP/1.1\r\n\
             host: bautaexample.onion\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        )
    };
    for expected in [200, 200, 429] {
        assert_eq!(status(&say_on_socket(&path, &sign_in(1)).await), expected);
    }
    assert_eq!(status(&say_on_socket(&path, &sign_in(2)).await), 200);
    house.stop().await;
}

#[tokio::test]
async fn a_named_server_answers_to_no_other_name() {
    let mut config = config_at(vec![loopback()]);
    config.domain = "example.org".into();
    let house = open(config).await;
    assert_eq!(status(&house.say(named("example.org", "/")).await), 200);
    assert_eq!(status(&house.say(named("EXAMPLE.org:443", "/")).await), 200);
    for other in ["www.example.org", "localhost", "127.0.0.1", "example.com"] {
        let answer = house.say(named(other, "/")).await;
        assert_eq!(status(&answer), 421, "{other}");
        assert!(answer.contains("does not answer to that name"));
    }
    assert_eq!(status(&house.say(named("127.0.0.1", "/health")).await), 200);
    house.stop().await;
}

#[tokio::test]
async fn a_server_on_loopback_answers_to_no_foreign_name() {
    let house = open(config_at(vec![loopback()])).await;
    assert_eq!(status(&house.say(named(&house.address, "/")).await), 200);
    assert_eq!(status(&house.say(named("rebound.example.net", "/")).await), 421);
    house.stop().await;
}

#[tokio::test]
async fn plain_http_is_sent_to_https() {
    let mut config = config_at(vec![Listen::Redirect(any_port())]);
    config.domain = "example.org".into();
    let house = open(config).await;
    let answer = house.say(named("whatever", "/@alice?page=2")).await;
    assert_eq!(status(&answer), 308);
    assert!(
        answer.contains("location: https://example.org/@alice?page=2\r\n"),
        "{answer}"
    );
    house.stop().await;
}
