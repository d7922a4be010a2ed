//! `cargo xtask nightly`: what takes too long for every change. It prints its figures as it goes.

use std::time::Duration;

use crate::report::Report;
use crate::{bench, process, root, suites};

/// Cases of each property and fuzz test, and how often the crash test kills the server (see `bauta_tests::bounds`).
const LONG: &[(&str, &str)] = &[
    ("BAUTA_CASES", "50000"),
    ("PROPTEST_CASES", "50000"),
    ("BAUTA_KILLS", "1000"),
];

/// How long each fuzz target runs, where cargo-fuzz and a nightly compiler are at hand.
const FUZZ: Duration = Duration::from_mins(10);

/// True when everything passed and every goal was met.
pub fn run() -> bool {
    let mut report = Report::default();
    report.check("release build", || {
        let mut cargo = process::command("cargo");
        cargo.args(["build", "--locked", "--release", "--package", "bauta"]);
        process::run(cargo).map_err(|error| vec![error])
    });
    // The same tests as in every run, with long bounds; the program they start is built beside them.
    report.check("building the program", || {
        let mut cargo = process::command("cargo");
        cargo.args(["build", "--locked", "--package", "bauta"]);
        process::run(cargo).map_err(|error| vec![error])
    });
    suites::cargo_test(&mut report, &["--workspace"], LONG);
    for target in fuzz_targets() {
        report.check(&format!("fuzzing {target}"), || fuzz(&target));
    }
    report.check("benchmarks", || {
        if bench::run(&["--json"]) {
            Ok(())
        } else {
            Err(vec!["a goal was not met".to_owned()])
        }
    });
    report.close()
}

/// The targets that coverage-guided fuzzing can run here. Without its tools there are none, and the fuzz entries
/// among the tests, which need no tool, have run with many cases instead.
fn fuzz_targets() -> Vec<String> {
    if !root().join("fuzz/Cargo.toml").is_file() || process::on_path("cargo-fuzz").is_none() {
        return Vec::new();
    }
    let mut list = process::command("cargo");
    list.args(["+nightly", "fuzz", "list"]);
    process::output(list)
        .unwrap_or_default()
        .lines()
        .map(str::to_owned)
        .collect()
}

fn fuzz(target: &str) -> Result<(), Vec<String>> {
    let mut cargo = process::command("cargo");
    cargo.args([
        "+nightly",
        "fuzz",
        "run",
        target,
        "--",
        &format!("-max_total_time={}", FUZZ.as_secs()),
    ]);
    process::run(cargo).map_err(|error| vec![error])
}
