//! Memory and start on the data of the demo.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::{Figure, Goal};
use crate::process::Process;

/// Resident memory a minute after the start.
pub fn resident() -> Vec<Figure> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let data = dir.path().join("demo");
    demo(&data);
    let server = Process::bauta(&data);
    std::thread::sleep(Duration::from_mins(1));
    vec![Figure::new(
        "resident_mib",
        server.resident_mib(),
        Goal::AtMost(20.0),
    )]
}

/// From the start of the process to its ready line, when the data is there already.
pub fn second() -> Vec<Figure> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let data = dir.path().join("demo");
    demo(&data);
    Process::bauta(&data).stop();
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            let server = Process::bauta(&data);
            let start = server.start.as_secs_f64() * 1000.0;
            server.stop();
            start
        })
        .collect();
    times.sort_by(f64::total_cmp);
    vec![Figure::new(
        "second_start_ms",
        times[times.len() / 2],
        Goal::AtMost(50.0),
    )]
}

/// Plays the story into `data`.
fn demo(data: &Path) {
    let done = Command::new(crate::process::program())
        .args(["demo", "--no-serve", "--data"])
        .arg(data)
        .output()
        .expect("the demo runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
