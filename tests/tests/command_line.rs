//! The command line as scripts rely on it: exit statuses, one-line errors, JSON, one writer.

use std::process::{Command, Output};

use bauta_tests::server::{Bauta, program};
use serde_json::Value;

fn run(arguments: &[&str]) -> Output {
    Command::new(program())
        .args(arguments)
        .output()
        .expect("the program runs")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn wrong_use_exits_with_2_and_failure_with_1_in_one_line() {
    assert_eq!(run(&["serve", "--nonsense"]).status.code(), Some(2));
    assert_eq!(run(&["nonsense"]).status.code(), Some(2));
    assert_eq!(run(&["--help"]).status.code(), Some(0));
    for command in [
        "serve",
        "account",
        "token",
        "invite",
        "inventory",
        "demo",
        "backup",
        "restore",
        "doctor",
        "migrate",
    ] {
        assert_eq!(
            run(&[command, "--help"]).status.code(),
            Some(0),
            "{command} --help"
        );
    }
    let missing = run(&["serve", "--config", "/nonexistent/bauta.toml"]);
    assert_eq!(missing.status.code(), Some(1));
    assert_eq!(
        stderr(&missing).trim_end().lines().count(),
        1,
        "{}",
        stderr(&missing)
    );
}

#[test]
fn an_unknown_setting_names_the_nearest_right_one() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let config = dir.path().join("bauta.toml");
    std::fs::write(&config, "registraitons = 'open'\n").expect("it can be written");
    let refused = run(&["serve", "--config", config.to_str().expect("it is text")]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        stderr(&refused).contains("the nearest is \"registrations\""),
        "{}",
        stderr(&refused)
    );
}

#[test]
fn a_running_server_does_what_subcommands_ask() {
    let mut server = Bauta::start();
    let mut client = server.client();
    assert_eq!(client.get("/health").status, 200);
    let made: Value = serde_json::from_str(&server.done(&["account", "create", "Speaker_1", "--json"]))
        .expect("it is JSON");
    assert_eq!(
        made["passphrase"]
            .as_str()
            .expect("a passphrase")
            .split(' ')
            .count(),
        7
    );
    let again = server.cli(&["account", "create", "SPEAKER_1"]);
    assert_eq!(
        again.status.code(),
        Some(1),
        "a handle that differs only in case is taken"
    );
    let token = server.token("speaker_1", "read");
    let me = server
        .client()
        .with_token(&token)
        .get("/api/v1/accounts/verify_credentials");
    assert_eq!(me.json()["acct"], "Speaker_1");
    assert_eq!(server.done(&["invite", "--count", "3"]).lines().count(), 3);
    let held: Value = serde_json::from_str(&server.done(&["inventory", "holdings", "speaker_1", "--json"]))
        .expect("it is JSON");
    assert!(held["never"].as_array().is_some_and(|never| !never.is_empty()));
    server.done(&["inventory", "check"]);
    server.stop();
}

#[test]
fn subcommands_do_the_work_themselves_when_no_server_runs() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let data = dir.path().join("data");
    let data = data.to_str().expect("it is text");
    assert!(
        run(&["account", "create", "alone", "--role", "operator", "--data", data])
            .status
            .success()
    );
    let token = run(&["token", "alone", "--scopes", "read", "--data", data]);
    let token = String::from_utf8_lossy(&token.stdout).into_owned();
    assert_eq!(token.lines().last().expect("a token").len(), 43);
    assert!(run(&["inventory", "check", "--data", data]).status.success());
    assert!(run(&["migrate", "--data", data]).status.success());
}

#[test]
fn a_second_server_on_the_same_data_is_refused() {
    let server = Bauta::start();
    let data = server.data().to_str().expect("it is text").to_owned();
    let second = run(&["serve", "--data", &data, "--listen", "127.0.0.1:0"]);
    assert_eq!(second.status.code(), Some(1));
    assert!(
        stderr(&second).contains("another bauta process"),
        "{}",
        stderr(&second)
    );
}

#[test]
fn doctor_says_how_to_mend_what_it_finds() {
    let server = Bauta::start();
    let told: Value = serde_json::from_str(&server.done(&["doctor", "--json"])).expect("it is JSON");
    let told = told.as_array().expect("a list");
    assert!(
        told.iter()
            .any(|finding| finding["what"] == "database" && finding["state"] == "ok"),
        "{told:?}"
    );
    assert!(
        told.iter()
            .any(|finding| finding["what"] == "sealing" && finding["state"] == "warn")
    );
    assert!(told.iter().all(|finding| finding["state"] != "fail"), "{told:?}");
}

#[test]
fn the_first_start_leaves_the_operators_link_to_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let server = Bauta::start();
    let link = server.data().join("operator-link");
    let mode = std::fs::metadata(&link)
        .expect("the link is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let path = std::fs::read_to_string(&link).expect("it can be read");
    let path = path
        .trim()
        .split_once(server.domain())
        .expect("it is a link to this server")
        .1
        .to_owned();
    assert_eq!(server.client().get(&path).status, 200);
}

/// A PNG of one white pixel.
const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==";

#[test]
fn small_pictures_come_and_go_whether_a_server_runs_or_not() {
    use base64::Engine;
    let mut server = Bauta::start();
    let folder = tempfile::tempdir().expect("a temporary directory");
    let file = folder.path().join("sea.png");
    let pixel = base64::engine::general_purpose::STANDARD.decode(PIXEL);
    std::fs::write(&file, pixel.expect("it is base64")).expect("it can be written");
    let file = file.to_str().expect("it is text").to_owned();
    let mut client = server.client();
    assert_eq!(server.done(&["emoji", "list"]), "");
    server.done(&["emoji", "add", ":sea:", &file, "--category", "Lagoon"]);
    let shown = client.get("/api/v1/custom_emojis").json();
    assert_eq!(
        (&shown[0]["shortcode"], &shown[0]["category"]),
        (&"sea".into(), &"Lagoon".into())
    );
    let again = server.cli(&["emoji", "add", "sea", &file]);
    assert_eq!(again.status.code(), Some(1));
    assert!(again.stderr.contains("This name is taken."), "{}", again.stderr);
    for wrong in [
        "/nonexistent/sea.png",
        env!("CARGO_MANIFEST_DIR"),
        concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
    ] {
        let refused = server.cli(&["emoji", "add", "other", wrong]);
        assert_eq!(refused.status.code(), Some(1), "{wrong}");
        assert_eq!(refused.stderr.trim_end().lines().count(), 1, "{}", refused.stderr);
    }
    server.stop();
    server.done(&["emoji", "add", "boat", &file]);
    assert!(
        server
            .done(&["emoji", "list"])
            .starts_with(":boat:  1 × 1, image/png\n:sea:")
    );
    server.done(&["emoji", "remove", "sea"]);
    assert_eq!(server.cli(&["emoji", "remove", "sea"]).status.code(), Some(1));
    server.start_again();
    let listed: Value = serde_json::from_str(&server.done(&["emoji", "list", "--json"])).expect("it is JSON");
    assert_eq!(
        (listed.as_array().map(Vec::len), &listed[0]["name"]),
        (Some(1), &"boat".into())
    );
}
