//! A backup brings everything back, from one database into the other, and what was deleted since stays deleted.

use std::path::Path;
use std::process::Command;

use age::secrecy::ExposeSecret;
use bauta_tests::http::Request;
use bauta_tests::postgres;
use bauta_tests::server::{Bauta, program};

/// A fresh key: its public half, and a file with its secret half.
fn key(dir: &Path) -> (String, String) {
    let identity = age::x25519::Identity::generate();
    let file = dir.join("key.txt");
    std::fs::write(&file, identity.to_string().expose_secret()).expect("it can be written");
    (identity.to_public().to_string(), file.display().to_string())
}

fn run(arguments: &[&str]) {
    let output = Command::new(program())
        .args(arguments)
        .output()
        .expect("the program runs");
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_restored_server_has_what_was_there_and_not_what_was_deleted_since() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let (recipient, identity) = key(dir.path());
    let old = dir.path().join("old");
    let mut server = Bauta::setup().without_rate_limits().data(&old).start();
    server.done(&["account", "create", "speaker"]);
    let token = server.token("speaker", "read write");
    let mut client = server.client().with_token(&token);
    let post = |client: &mut bauta_tests::http::Client, text: &str| {
        let posted = client
            .send(&Request::post("/api/v1/statuses").form(&[("status", text)]))
            .json();
        posted["id"].as_str().expect("a post has an id").to_owned()
    };
    let kept = post(&mut client, "What stays");
    let regretted = post(&mut client, "What goes, regretted1f4a9c");
    let backup = dir.path().join("backup.age").display().to_string();
    server.done(&["backup", "--to", &recipient, "--out", &backup]);
    let bytes = std::fs::read(&backup).expect("the backup is there");
    assert!(
        !bytes.windows(10).any(|window| window == b"What stays"),
        "a backup is encrypted"
    );
    assert_eq!(
        client
            .send(&Request::new("DELETE", &format!("/api/v1/statuses/{regretted}")))
            .status,
        200
    );
    server.stop();

    let fresh = dir.path().join("fresh").display().to_string();
    run(&[
        "restore",
        &backup,
        "--identity",
        &identity,
        "--data",
        &fresh,
        "--since",
        &old.display().to_string(),
    ]);
    let restored = Bauta::setup()
        .without_rate_limits()
        .data(Path::new(&fresh))
        .start();
    let mut client = restored.client().with_token(&token);
    assert_eq!(
        client.get(&format!("/api/v1/statuses/{kept}")).json()["content"],
        "<p>What stays</p>"
    );
    assert_eq!(client.get(&format!("/api/v1/statuses/{regretted}")).status, 404);

    let elsewhere = dir.path().join("elsewhere").display().to_string();
    let database = postgres::fresh_database();
    run(&[
        "restore",
        &backup,
        "--identity",
        &identity,
        "--data",
        &elsewhere,
        "--database",
        &database,
    ]);
    let moved = Bauta::setup()
        .without_rate_limits()
        .data(Path::new(&elsewhere))
        .database(&database)
        .start();
    let mut client = moved.client().with_token(&token);
    assert_eq!(
        client.get(&format!("/api/v1/statuses/{kept}")).json()["content"],
        "<p>What stays</p>"
    );
}

#[test]
fn a_wrong_key_a_cut_backup_and_a_used_directory_are_refused() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let (recipient, identity) = key(dir.path());
    let server = Bauta::start();
    server.done(&["account", "create", "speaker"]);
    let backup = dir.path().join("backup.age");
    server.done(&[
        "backup",
        "--to",
        &recipient,
        "--out",
        &backup.display().to_string(),
    ]);
    let refused = |backup: &Path, identity: &str, data: &Path| {
        let (backup, data) = (backup.display().to_string(), data.display().to_string());
        let output = Command::new(program())
            .args(["restore", &backup, "--identity", identity, "--data", &data])
            .output()
            .expect("the program runs");
        assert_eq!(
            output.status.code(),
            Some(1),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    let other = tempfile::tempdir().expect("a temporary directory");
    let (_, wrong) = key(other.path());
    refused(&backup, &wrong, &dir.path().join("a"));
    let bytes = std::fs::read(&backup).expect("the backup is there");
    let cut = dir.path().join("cut.age");
    std::fs::write(&cut, &bytes[..bytes.len() - 20]).expect("it can be written");
    refused(&cut, &identity, &dir.path().join("b"));
    let used = dir.path().join("c");
    let made = Command::new(program())
        .args(["account", "create", "x", "--data", &used.display().to_string()])
        .status();
    assert!(made.expect("the program runs").success());
    refused(&backup, &identity, &used);
    let twice = server.cli(&[
        "backup",
        "--to",
        &recipient,
        "--out",
        &backup.display().to_string(),
    ]);
    assert_eq!(twice.status.code(), Some(1), "a backup is never overwritten");
}
