//! `cargo xtask seizure`: the seizure test alone; `--nightly` with a raw image of the disk, and ten minutes of waiting.

use std::time::Duration;

use crate::report::Report;
use crate::{install, process, suites};

/// It waits for ten minutes, twice at a time.
const LIMIT: Duration = Duration::from_hours(1);

/// What the long run does more.
const NIGHTLY: &[(&str, &str)] = &[("BAUTA_SEIZURE_WAIT", "600"), ("BAUTA_SEIZURE_IMAGE", "1")];

/// True when nothing was found that should not be there. Its reports are in target/seizure.
pub fn run(nightly: bool) -> bool {
    let mut report = Report::default();
    report.check("Debian packages", install::debian);
    build(&mut report);
    let environment = if nightly { NIGHTLY } else { &[] };
    let tests = ["--package", "bauta-tests", "--test", "seizure"];
    suites::cargo_test(&mut report, &tests, environment, LIMIT);
    report.close()
}

/// Builds the program, and beside it the one that has a switch for each protection.
pub fn build(report: &mut Report) {
    report.check("building the program", || {
        let mut cargo = process::command("cargo");
        // With the features of the whole workspace, so that nothing is built once more for the tests.
        cargo.args(["build", "--locked", "--workspace", "--bin", "bauta"]);
        process::run(cargo).map_err(|error| vec![error])
    });
    report.check("building the program with switches", || {
        let mut cargo = process::command("cargo");
        cargo.args(["build", "--locked", "--workspace", "--bin", "bauta-weakened"]);
        cargo.args(["--features", "bauta/weaken,bauta/s3"]);
        process::run(cargo).map_err(|error| vec![error])
    });
}
