//! An acknowledged post is there after the process is killed, and is on the disk before its answer.

use std::collections::HashSet;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bauta_tests::http::{Client, Request};
use bauta_tests::server::Bauta;
use bauta_tests::{bounds, eventually};

#[test]
fn what_was_acknowledged_is_there_after_every_kill() {
    let mut server = Bauta::setup().without_rate_limits().start();
    server.done(&["account", "create", "writer"]);
    let token = server.token("writer", "read write");
    let mut acknowledged: HashSet<String> = HashSet::new();
    for round in 0..bounds::kills(4) {
        let stop = AtomicBool::new(false);
        let client = server.client().with_token(&token);
        let posted = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..4)
                .map(|writer| {
                    let (client, stop) = (client.clone(), &stop);
                    scope.spawn(move || post_until(client, stop, &format!("round {round} writer {writer}")))
                })
                .collect();
            std::thread::sleep(Duration::from_millis(150 + 37 * u64::from(round % 7)));
            server.kill();
            stop.store(true, Ordering::Relaxed);
            writers
                .into_iter()
                .flat_map(|writer| writer.join().expect("a writer ends well"))
                .collect::<Vec<_>>()
        });
        acknowledged.extend(posted);
        server.start_again();
    }
    assert!(!acknowledged.is_empty());
    let mut client = server.client().with_token(&token);
    for id in &acknowledged {
        let found = client.get(&format!("/api/v1/statuses/{id}"));
        assert_eq!(found.status, 200, "post {id} was acknowledged and is gone");
    }
}

/// The newest post is deleted, the server is killed and starts again: its id is never the id of another post.
#[test]
fn a_deleted_posts_id_is_not_given_again_after_a_kill() {
    let mut server = Bauta::setup().without_rate_limits().start();
    server.done(&["account", "create", "writer"]);
    let token = server.token("writer", "read write");
    let mut last = 0;
    for round in 0..6 {
        let mut client = server.client().with_token(&token);
        let request = Request::post("/api/v1/statuses").form(&[("status", &format!("round {round}"))]);
        let posted = client.send(&request);
        assert_eq!(posted.status, 200);
        let answer = posted.json();
        let id = answer["id"].as_str().and_then(|id| id.parse::<i64>().ok());
        let id = id.expect("a post has an id");
        let gone = client.send(&Request::new("DELETE", &format!("/api/v1/statuses/{id}")));
        assert_eq!(gone.status, 200);
        // Gaps between ids are random: without a mark, some of these would not be above the ones before.
        assert!(id > last, "{id} was given after {last}");
        last = id;
        server.kill();
        server.start_again();
    }
}

/// Posts until told to stop or until the server is gone; the ids that were acknowledged.
fn post_until(mut client: Client, stop: &AtomicBool, text: &str) -> Vec<String> {
    let mut ids = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let text = format!("{text} post {}", ids.len());
        let request = Request::post("/api/v1/statuses").form(&[("status", text.as_str())]);
        match client.try_send(&request) {
            Ok(response) if response.status == 200 => {
                ids.push(
                    response.json()["id"]
                        .as_str()
                        .expect("a post has an id")
                        .to_owned(),
                );
            }
            _ => break,
        }
    }
    ids
}

/// A kill can't show a missing sync, since the kernel keeps what was written: so the system calls are watched.
#[test]
fn the_database_is_synced_between_a_post_and_its_answer() {
    let server = Bauta::setup().without_rate_limits().start();
    server.done(&["account", "create", "writer"]);
    let token = server.token("writer", "read write");
    let trace = tempfile::NamedTempFile::new().expect("a temporary file");
    let mut strace = Command::new("strace")
        .args([
            "-f",
            "-yy",
            "-e",
            "trace=fsync,fdatasync,write,writev,sendto,sendmsg",
            "-o",
        ])
        .arg(trace.path())
        .args(["-p", &server.process().to_string()])
        .stderr(Stdio::null())
        .spawn()
        .expect("strace is installed (Debian package strace)");
    let mut client = server.client().with_token(&token);
    await_trace(&mut client, trace.path());
    let before = read(trace.path()).lines().count();
    for n in 0..5 {
        let request = Request::post("/api/v1/statuses").form(&[("status", &format!("traced {n}"))]);
        assert_eq!(client.send(&request).status, 200);
    }
    eventually("five answers are traced", || {
        (answers(&read(trace.path()), before) >= 5).then_some(())
    });
    let _ = Command::new("kill").arg(strace.id().to_string()).status();
    let _ = strace.wait();
    let mut synced = false;
    let mut seen = 0;
    for line in read(trace.path()).lines().skip(before) {
        if is_sync(line) {
            synced = true;
        }
        if is_answer(line) {
            assert!(
                synced,
                "an answer went out before the database was synced: {line}"
            );
            synced = false;
            seen += 1;
        }
    }
    assert!(seen >= 5, "only {seen} answers were seen");
}

fn await_trace(client: &mut Client, path: &std::path::Path) {
    eventually("the trace begins", || {
        client.get("/api/v1/timelines/public");
        read(path).contains("HTTP/1.1 200").then_some(())
    });
}

fn answers(trace: &str, skip: usize) -> usize {
    trace.lines().skip(skip).filter(|line| is_answer(line)).count()
}

fn is_answer(line: &str) -> bool {
    line.contains("TCP") && line.contains("HTTP/1.1 200")
}

/// A sync of the write-ahead log that has ended: strace splits a call that another thread interrupts.
fn is_sync(line: &str) -> bool {
    line.contains("sync")
        && (line.contains("bauta.sqlite-wal") || line.contains("resumed"))
        && line.trim_end().ends_with("= 0")
}

fn read(path: &std::path::Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned()
}
