//! `bauta` with switches that take single protections away, for tests alone: built with the feature `weaken` and no other way.

use std::process::ExitCode;

fn main() -> ExitCode {
    bauta::run()
}
