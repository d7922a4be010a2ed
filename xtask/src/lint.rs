//! `cargo xtask lint`: what can be told from the sources alone.

use crate::report::Report;
use crate::{licences, process, rooms, sources};

/// True when there is nothing to say.
pub fn run() -> bool {
    let mut report = Report::default();
    checks(&mut report);
    report.close()
}

/// The checks, for `cargo xtask test` too.
pub fn checks(report: &mut Report) {
    report.check("formatting", || {
        cargo(&["fmt", "--all", "--check", "--", "--color", "never"])
    });
    report.check("licences and bans", licences::check);
    report.check("rooms: arrows go down", rooms::check);
    report.check("laws that the sources must obey", sources::check);
    report.check("clippy", || {
        cargo(&[
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ])
    });
}

fn cargo(arguments: &[&str]) -> Result<(), Vec<String>> {
    let mut cargo = process::command("cargo");
    cargo.args(arguments);
    process::run(cargo).map_err(|error| vec![error])
}
