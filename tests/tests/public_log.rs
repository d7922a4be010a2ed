//! The public log of a running server, with a witness that is another process.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use bauta_tests::eventually;
use bauta_tests::http::Client;
use bauta_tests::server::{Bauta, program};

/// A process that ends with this value.
struct Witness(Child);

impl Drop for Witness {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_server_keeps_a_log_that_another_process_cosigns() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let server = Bauta::setup().domain("log.localhost").data(&data).start();
    let checkpoint = until(
        || server.client().get("/log/checkpoint").text(),
        |text| text.contains("log.localhost/log\n4\n"),
    );
    assert_eq!(checkpoint.matches('\u{2014}').count(), 1, "{checkpoint}");
    let policy = server.client().get("/log/policy").text();
    let key = server.done(&["ledger", "key", "show"]);
    assert!(policy.contains(key.trim()), "{policy} {key}");
    for hidden in [
        "/log/pending",
        "/log/../keys/log.key",
        "/log/%2e%2e/keys/log.key",
        "/log/",
    ] {
        assert_ne!(server.client().get(hidden).status, 200, "{hidden}");
    }
    drop(server);

    let logs = folder.path().join("logs");
    std::fs::write(&logs, format!("# the log to watch\n{key}")).expect("written");
    let mut child = Command::new(program())
        .args([
            "witness",
            "--name",
            "w.localhost",
            "--listen",
            "127.0.0.1:0",
            "--logs",
        ])
        .arg(&logs)
        .arg("--data")
        .arg(folder.path().join("witness"))
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut lines = BufReader::new(child.stdout.take().expect("piped"))
        .lines()
        .map_while(Result::ok);
    let _witness = Witness(child);
    let witness_key = lines.next().expect("its key");
    let place = lines.next().expect("its place");
    let place = place.strip_prefix("listening on ").expect("its place").to_owned();

    let policy = folder.path().join("policy");
    let text = format!("witness w {witness_key} http://{place}\nquorum w\n");
    std::fs::write(&policy, text).expect("written");
    let config = folder.path().join("bauta.toml");
    std::fs::write(&config, format!("log = {{ policy = '{}' }}\n", policy.display())).expect("written");
    let config = config.to_str().expect("text");
    let server = Bauta::setup()
        .domain("log.localhost")
        .data(&data)
        .environment("BAUTA_SLOT", "1s")
        .argument("--config")
        .argument(config)
        .start();
    until(
        || server.client().get("/log/checkpoint").text(),
        |text| text.contains("w.localhost "),
    );
    let status = server.done(&["ledger", "status", "--json", "--config", config]);
    let status: serde_json::Value = serde_json::from_str(&status).expect("JSON");
    assert_eq!(
        (&status["witnesses"], &status["cosigned"]),
        (&1.into(), &1.into()),
        "{status}"
    );
    assert_eq!(status["origin"], "log.localhost/log");
    let mut witness = Client::new(&place, "w.localhost");
    let watched = witness.get("/").text();
    assert!(
        watched.contains("log.localhost/log 4") || watched.contains("log.localhost/log 8"),
        "{watched}"
    );
    assert_eq!(witness.get("/add-checkpoint").status, 405);

    let rotated = server.done(&["ledger", "key", "rotate"]);
    let signing = server.done(&["ledger", "key", "show"]);
    assert_eq!(signing, format!("{rotated}{key}"));
    let rotated = server.done(&["ledger", "key", "rotate", "--drop-old"]);
    assert_eq!(server.done(&["ledger", "key", "show"]), rotated);
}

#[test]
fn no_key_is_made_under_a_name_that_nobody_gave() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(program());
        command.env_remove("BAUTA_DOMAIN").arg("ledger").args(arguments);
        let done = command.arg("--data").arg(folder.path()).output();
        let done = done.expect("the program runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (done.status.code(), text(&done.stdout), text(&done.stderr))
    };
    for arguments in [&["key", "rotate"][..], &["key", "show"], &["status"]] {
        let (status, _, said) = run(arguments);
        assert_eq!(status, Some(1), "{said}");
        assert!(said.contains("--domain") && said.lines().count() == 1, "{said}");
    }
    let (status, key, said) = run(&["key", "rotate", "--domain", "fen.example"]);
    assert_eq!(status, Some(0), "{said}");
    assert!(key.starts_with("fen.example/log+"), "{key}");
    // From here on it has its name, whatever the server is called.
    let shown = run(&["key", "show", "--domain", "other.example"]).1;
    assert!(shown.contains(&key), "{shown}");
}

#[test]
fn a_witness_says_what_it_lacks() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(program());
        command.args(["witness", "--name", "w.localhost"]).args(arguments);
        let done = command
            .arg("--data")
            .arg(folder.path())
            .output()
            .expect("the program runs");
        (
            done.status.code(),
            String::from_utf8_lossy(&done.stderr).into_owned(),
        )
    };
    assert_eq!(run(&["--show-key"]).0, Some(0));
    let (status, said) = run(&[]);
    assert_eq!((status, said.contains("--logs")), (Some(1), true), "{said}");
    let bad = folder.path().join("bad");
    std::fs::write(&bad, "\nlog.example+00000000+AAAA\n").expect("written");
    let (status, said) = run(&["--logs", bad.to_str().expect("text")]);
    assert_eq!((status, said.contains("line 2")), (Some(1), true), "{said}");
    assert_eq!(run(&["--listen", "nowhere", "--logs", "/nonexistent"]).0, Some(1));
}

/// Asks again and again until the answer is right.
fn until(mut ask: impl FnMut() -> String, right: impl Fn(&str) -> bool) -> String {
    eventually("the right answer", || Some(ask()).filter(|said| right(said)))
}
