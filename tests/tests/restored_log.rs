//! A restored server goes on with its public log, and never in a second way: the real program, with a witness and without.

#[expect(
    dead_code,
    reason = "these tests need the log of that house, and little of its desk"
)]
mod log_house;

use std::fs;
use std::path::Path;

use age::secrecy::ExposeSecret;
use bauta_tests::eventually;
use log_house::House;

fn checkpoint(house: &House) -> String {
    house.server.client().get("/log/checkpoint").text()
}

/// Writes a backup; gives its file, and one with the secret key.
fn backup(house: &House) -> [String; 2] {
    let key = age::x25519::Identity::generate();
    let identity = house.file("key.txt", key.to_string().expose_secret().as_bytes());
    let file = house.path("backup.age");
    let recipient = key.to_public().to_string();
    house.server.done(&["backup", "--to", &recipient, "--out", &file]);
    [file, identity]
}

/// Restores into a folder of the house; gives what the program says.
fn restore(house: &House, [file, identity]: &[String; 2], into: &str, more: &[&str]) -> String {
    let (data, config) = (house.path(into), house.path("bauta.toml"));
    let restore = [
        "restore",
        file,
        "--identity",
        identity,
        "--data",
        &data,
        "--config",
        &config,
    ];
    let output = std::process::Command::new(bauta_tests::server::program())
        .args(restore)
        .args(more)
        .output()
        .expect("the program runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn bring_keys(house: &House, from: &str, into: &str) {
    let (from, into) = (house.path(from), house.path(into));
    fs::create_dir_all(&into).expect("a folder");
    for file in House::files_below(&from) {
        let name = Path::new(&file).file_name().expect("a name");
        fs::copy(&file, Path::new(&into).join(name)).expect("copied");
    }
}

/// Goes on with the data in another folder of the house; the server before was stopped.
fn move_to(house: &mut House, data: &str) {
    house.server = House::serve(Path::new(&house.path("")), data);
}

fn until_stopped(house: &House) {
    eventually("the log says that it stopped", || {
        house.server.said().contains("log-stopped").then_some(())
    });
}

#[test]
fn a_restored_server_goes_on_with_its_log() {
    let mut house = House::new();
    let taken = house.desk(&["intake", &house.summons()]);
    let id = taken["id"].as_str().expect("an id").to_owned();
    house.pass_hours();
    let before = checkpoint(&house);
    let backup = backup(&house);
    house.server.stop();

    let said = restore(&house, &backup, "fresh", &[]);
    for part in [
        "leaves of the public log are back",
        "keys are in no backup",
        "no witness",
    ] {
        assert!(said.contains(part), "{said}");
    }
    move_to(&mut house, "fresh");
    until_stopped(&house);
    let status = house.server.cli(&["ledger", "status"]);
    assert!(status.stderr.contains("its key is not here"), "{}", status.stderr);
    assert!(
        !Path::new(&house.path("fresh/keys/log.key")).exists(),
        "another key was made"
    );
    house.server.stop();

    bring_keys(&house, "data/keys", "fresh/keys");
    move_to(&mut house, "fresh");
    assert_eq!(checkpoint(&house), before);
    house.pass_hours();
    assert_ne!(checkpoint(&house), before);
    let receipt = house.server.done(&["desk", "receipt", &id]);
    let receipt = house.file("receipt", receipt.as_bytes());
    let verdict = House::verify(&house.site(), &["--receipt", &receipt]);
    assert_eq!(verdict.status, 0, "{verdict:?}");
}

#[test]
fn an_old_copy_signs_nothing_and_the_newest_goes_on() {
    let mut house = House::with_witness();
    house.until_cosigned();
    let before = checkpoint(&house);
    let backup = backup(&house);
    house.pass_hours();
    house.until_cosigned();
    let newest = checkpoint(&house);
    assert_ne!(newest, before);
    house.server.stop();

    let said = restore(&house, &backup, "old", &[]);
    assert!(said.contains("asks its witnesses"), "{said}");
    bring_keys(&house, "data/keys", "old/keys");
    move_to(&mut house, "old");
    until_stopped(&house);
    assert_eq!(checkpoint(&house), before);
    house.server.stop();

    let since = house.path("data");
    restore(&house, &backup, "fresh", &["--since", &since]);
    bring_keys(&house, "data/keys", "fresh/keys");
    move_to(&mut house, "fresh");
    assert_eq!(checkpoint(&house), newest);
    house.pass_hours();
    house.until_cosigned();
    assert_ne!(checkpoint(&house), newest);
    let verdict = House::verify(&house.site(), &["--policy", &house.reader_policy()]);
    assert_eq!(verdict.status, 0, "{verdict:?}");
    assert!(!house.server.said().contains("log-stopped"));
}
