//! A process that appends is killed (signal 9) at every step that changes the disk; the log must open again and never
//! have two trees of one size.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bauta_ledger::key::Algorithm;
use bauta_ledger::log::KeyRing;
use bauta_ledger::{Checkpoint, Hash, Log, SigningKey};

const FOLDER: &str = "BAUTA_LEDGER_KILLED_FOLDER";
const STEP: &str = "BAUTA_LEDGER_KILLED_STEP";

fn ring() -> KeyRing {
    let seed = [5; 32].into();
    KeyRing::of(SigningKey::from_seed("log.example", Algorithm::Ed25519, seed).expect("a seed"))
}

/// What the killed process does: it appends an epoch, and at the given step says so and waits for its end.
fn append_and_stop_at(folder: &Path, stop: usize) {
    let count = AtomicUsize::new(0);
    let step = Arc::new(move |_: &str| {
        if count.fetch_add(1, Ordering::Relaxed) == stop {
            say("at the step");
            loop {
                std::thread::park();
            }
        }
        Ok(())
    });
    let mut log = Log::open_with(folder, ring(), step).expect("a log");
    log.compare(false, &[]).expect("nobody to ask");
    log.append(log.next_epoch().unwrap_or(100), &[])
        .expect("appended");
    say("appended");
}

fn say(line: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .expect("a pipe");
}

fn note(seen: &mut BTreeMap<u64, Hash>, checkpoint: &Checkpoint) {
    let root = *seen.entry(checkpoint.size).or_insert(checkpoint.root);
    assert_eq!(root, checkpoint.root, "two trees of {} leaves", checkpoint.size);
}

#[test]
fn a_killed_log_opens_again() {
    if let (Ok(folder), Ok(stop)) = (std::env::var(FOLDER), std::env::var(STEP)) {
        return append_and_stop_at(Path::new(&folder), stop.parse().expect("a number"));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut seen = BTreeMap::new();
    for stop in 0..200 {
        let before = Log::open(folder.path(), ring()).expect("a log").size();
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args([
                "--exact",
                "a_killed_log_opens_again",
                "--nocapture",
                "--test-threads=1",
            ])
            .env(FOLDER, folder.path())
            .env(STEP, stop.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a child");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let said = lines.map_while(Result::ok).find_map(|line| {
            let ends = [line.ends_with("at the step"), line.ends_with("appended")];
            ends.contains(&true).then_some(ends[1])
        });
        let finished = said.expect("the child got to the step or to the end");
        let _ = child.kill();
        child.wait().expect("a child");
        if let Ok(pending) = std::fs::read_to_string(folder.path().join("pending")) {
            note(
                &mut seen,
                &Checkpoint::parse(&pending).expect("whole or not there"),
            );
        }
        let log = Log::open(folder.path(), ring()).expect("a kill damages nothing");
        if let Some(signed) = log.checkpoint() {
            note(&mut seen, &signed.checkpoint);
        }
        assert!(log.size() == before || log.size() == before + 4);
        if finished {
            assert_eq!(log.size(), before + 4);
            return;
        }
    }
    panic!("an append has more steps than were tried");
}
