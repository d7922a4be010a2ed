//! `cargo xtask test`: installs what tests need, and runs every test there is.

use crate::report::Report;
use crate::{docs, install, lint, process, suites};

/// True when everything passed. One failure doesn't keep the rest from running: one run shows all there is to mend.
pub fn run() -> bool {
    let mut report = Report::default();
    report.check("Debian packages", install::debian);
    report.check("Python packages", install::python);
    report.check("Node packages", install::node);
    lint::checks(&mut report);
    report.check("building the program", || {
        let mut cargo = process::command("cargo");
        cargo.args(["build", "--locked", "--package", "bauta"]);
        process::run(cargo).map_err(|error| vec![error])
    });
    report.check("generated pages", docs::problems);
    suites::cargo_test(&mut report, &["--workspace"], &[], suites::CARGO_LIMIT);
    suites::clients(&mut report);
    report.close()
}
