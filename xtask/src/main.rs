//! `cargo xtask`: what is done to the sources. `test` and `lint` are what CI runs; see CONTRIBUTING.md.

mod bench;
mod docs;
mod install;
mod laws;
mod licences;
mod lint;
mod nightly;
mod process;
mod report;
mod rooms;
mod seizure;
mod sources;
mod spdx;
mod suites;
mod test;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use report::say;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  test             install what the tests need, and run all of them
  lint             formatting, clippy, licences, rooms, and the laws that the sources must obey
  bench [--json]   the side-by-side benchmarks, in a release build
  nightly [fuzz]   the long runs: fuzzing, property tests, crash tests, benchmarks; or the fuzzing alone
  seizure [--nightly]   the seizure test alone; with a raw image of the disk and a long wait
  docs [--check]   write the generated pages of docs/, or fail when one is stale";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["test"] => test::run(),
        ["lint"] => lint::run(),
        ["bench", rest @ ..] => bench::run(rest),
        ["nightly"] => nightly::run(),
        ["nightly", "fuzz"] => nightly::fuzz_only(),
        ["seizure"] => seizure::run(false),
        ["seizure", "--nightly"] => seizure::run(true),
        ["docs"] => docs::write(),
        ["docs", "--check"] => docs::check(),
        ["--help" | "-h" | "help"] => {
            say(USAGE);
            return ExitCode::SUCCESS;
        }
        _ => {
            say(USAGE);
            return ExitCode::from(2);
        }
    };
    if done {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The folder of the whole repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a folder of the repository")
        .to_owned()
}
