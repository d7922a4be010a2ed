//! `cargo xtask test`: installs what tests need, and runs every test there is.

use crate::report::Report;
use crate::{docs, install, laws, lint, seizure, suites};

/// True when everything passed. One failure doesn't keep the rest from running: one run shows all there is to mend.
pub fn run() -> bool {
    let mut report = Report::default();
    report.check("Debian packages", install::debian);
    report.check("Python packages", install::python);
    report.check("Node packages", install::node);
    lint::checks(&mut report);
    seizure::build(&mut report);
    report.check("generated pages", docs::problems);
    suites::cargo_test(&mut report, &["--workspace"], &[], suites::CARGO_LIMIT);
    suites::clients(&mut report);
    let results = report.results().clone();
    report.check("docs/laws.md", || laws::write(&results));
    report.close()
}
