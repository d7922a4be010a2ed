//! Deletion is real on SQLite: within a minute no byte of a deleted text is in the data directory, even if a reader held
//! the write-ahead log open meanwhile.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use bauta_tests::http::Request;
use bauta_tests::server::Bauta;

/// Every file below `dir` that holds `mark`.
fn holders(dir: &Path, mark: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).expect("it can be listed").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(holders(&path, mark));
        } else if std::fs::read(&path).is_ok_and(|bytes| holds(&bytes, mark)) {
            found.push(path.display().to_string());
        }
    }
    found
}

fn holds(bytes: &[u8], mark: &str) -> bool {
    bytes.windows(mark.len()).any(|window| window == mark.as_bytes())
}

fn gone_within_a_minute(dir: &Path, mark: &str) {
    let begin = Instant::now();
    loop {
        let held = holders(dir, mark);
        if held.is_empty() {
            return;
        }
        assert!(
            begin.elapsed() < Duration::from_mins(1),
            "{mark} is still in {held:?}"
        );
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_deleted_post_is_nowhere_and_a_reader_is_waited_out() {
    let server = Bauta::setup().without_rate_limits().start();
    server.done(&["account", "create", "speaker"]);
    let mut client = server.client().with_token(&server.token("speaker", "read write"));
    let (mark, warning) = ("marked4d1c0ffee7a5e", "warned9b2e61f0aa37c");
    let form = [
        ("status", mark),
        ("spoiler_text", warning),
        ("visibility", "private"),
    ];
    let posted = client.send(&Request::post("/api/v1/statuses").form(&form)).json();
    let id = posted["id"].as_str().expect("a post has an id").to_owned();
    assert!(
        !holders(server.data(), mark).is_empty(),
        "the mark must be found before it is deleted"
    );
    let edited = format!("{mark} and then edited");
    let edit = Request::new("PUT", &format!("/api/v1/statuses/{id}")).form(&[("status", edited.as_str())]);
    assert_eq!(client.send(&edit).status, 200);
    // A foreign reader keeps a view of the database open for some seconds.
    let script = "import sqlite3,sys,time; c=sqlite3.connect(sys.argv[1]); c.execute('begin'); \
                  c.execute('select count(*) from posts').fetchall(); print('reading', flush=True); time.sleep(4)";
    let mut reader = Command::new("python3")
        .args(["-c", script])
        .arg(server.data().join("bauta.sqlite"))
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is installed");
    let mut first = [0; 7];
    std::io::Read::read_exact(reader.stdout.as_mut().expect("it is piped"), &mut first).expect("it reads");
    assert_eq!(
        client
            .send(&Request::new("DELETE", &format!("/api/v1/statuses/{id}")))
            .status,
        200
    );
    let _ = reader.wait();
    gone_within_a_minute(server.data(), mark);
    gone_within_a_minute(server.data(), warning);
}
