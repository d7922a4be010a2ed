//! `cargo xtask nightly`: what takes too long for every change. It prints its figures as it goes.
//!
//! `cargo xtask nightly fuzz` runs its fuzzing alone. `BAUTA_FUZZ_SECONDS` says how long each target runs.

use std::time::Duration;

use crate::report::{Report, say};
use crate::{bench, install, process, root, suites};

/// Cases of each property test, and how often the crash test kills the server (see `bauta_tests::bounds`). A case of
/// `BAUTA_CASES` asks two databases; one of `PROPTEST_CASES` may write a whole log to the disk, and open it again.
const LONG: &[(&str, &str)] = &[
    ("BAUTA_CASES", "2000"),
    ("PROPTEST_CASES", "2000"),
    ("BAUTA_KILLS", "1000"),
    ("BAUTA_HOSTS", "10000"),
];

/// Sizes of benchmarks that are smaller otherwise.
const LONG_BENCH: &[(&str, &str)] = &[("BAUTA_BENCH_LEAVES", "1048576")];

/// The tests with long bounds are not done after this: something hangs.
const LIMIT: Duration = Duration::from_hours(4);

/// How long each fuzz target runs.
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
        cargo.args(["build", "--locked", "--workspace", "--bin", "bauta"]);
        process::run(cargo).map_err(|error| vec![error])
    });
    suites::cargo_test(&mut report, &["--workspace"], LONG, LIMIT);
    fuzz_all(&mut report);
    report.check("benchmarks", || {
        if bench::run_with(&["--json"], LONG_BENCH) {
            Ok(())
        } else {
            Err(vec!["a goal was not met".to_owned()])
        }
    });
    report.close()
}

/// Fuzzes every target, and nothing else.
pub fn fuzz_only() -> bool {
    let mut report = Report::default();
    fuzz_all(&mut report);
    report.close()
}

fn fuzz_all(report: &mut Report) {
    let mut targets = Vec::new();
    let ready = report.check("fuzz targets", || {
        install::cargo_fuzz()?;
        targets = fuzz_targets().map_err(|error| vec![error])?;
        if targets.is_empty() {
            return Err(vec!["there are none".to_owned()]);
        }
        Ok(())
    });
    let seconds = match seconds() {
        Ok(seconds) => seconds,
        Err(error) => {
            report.check("BAUTA_FUZZ_SECONDS", || Err(vec![error]));
            return;
        }
    };
    if !ready {
        return;
    }
    let how = How::here();
    say(format_args!("{}; each target for {seconds} s", how.words()));
    for target in targets {
        report.check(&format!("fuzzing {target}"), || fuzz(&target, how, seconds));
    }
}

/// What the compiler that is here can do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// A nightly compiler: guided by coverage, with the address sanitizer.
    Sanitized,
    /// The usual compiler: guided by coverage all the same, without the sanitizer.
    Guided,
}

impl How {
    fn here() -> Self {
        let mut rustc = process::command("rustc");
        rustc.args(["+nightly", "--version"]);
        if process::output(rustc).is_ok() {
            Self::Sanitized
        } else {
            Self::Guided
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Sanitized => "fuzzing guided by coverage, with the address sanitizer of a nightly compiler",
            Self::Guided => {
                "there is no nightly compiler here: fuzzing guided by coverage, WITHOUT the address sanitizer"
            }
        }
    }

    /// What comes before the target on cargo's command line.
    const fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Sanitized => &["+nightly", "fuzz", "run"],
            Self::Guided => &["fuzz", "run", "--sanitizer", "none"],
        }
    }
}

/// How long each target runs, in seconds.
fn seconds() -> Result<u64, String> {
    match std::env::var("BAUTA_FUZZ_SECONDS") {
        Ok(text) => text
            .parse()
            .map_err(|_| format!("{text:?} is no number of seconds")),
        Err(_) => Ok(FUZZ.as_secs()),
    }
}

fn fuzz_targets() -> Result<Vec<String>, String> {
    let mut list = process::command("cargo");
    list.current_dir(root()).args(["fuzz", "list"]);
    Ok(process::output(list)?.lines().map(str::to_owned).collect())
}

fn fuzz(target: &str, how: How, seconds: u64) -> Result<(), Vec<String>> {
    let mut cargo = process::command("cargo");
    cargo.args(how.arguments()).arg(target);
    // What is found goes to the first folder, which is not kept; the seeds of the repository are only read.
    let seeds = root().join("fuzz/seeds").join(target);
    if seeds.is_dir() {
        let found = root().join("fuzz/corpus").join(target);
        std::fs::create_dir_all(&found).map_err(|error| vec![format!("{}: {error}", found.display())])?;
        cargo.arg(found).arg(seeds);
    }
    cargo.args([
        "--",
        &format!("-max_total_time={seconds}"),
        // The decoders run under a limit of memory in the program too.
        "-rss_limit_mb=1024",
        "-print_final_stats=1",
    ]);
    process::run(cargo).map_err(|error| vec![error])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fuzz_target_is_declared() {
        let manifest = std::fs::read_to_string(root().join("fuzz/Cargo.toml")).expect("it is there");
        let files = std::fs::read_dir(root().join("fuzz/fuzz_targets")).expect("it is there");
        let mut count = 0;
        for file in files.flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            if name.ends_with(".rs") {
                assert!(
                    manifest.contains(&format!("fuzz_targets/{name}")),
                    "{name} is never run"
                );
                count += 1;
            }
        }
        assert!(count > 0);
    }

    #[test]
    fn without_a_nightly_compiler_it_says_so_and_fuzzes_all_the_same() {
        assert!(How::Guided.words().contains("no nightly compiler"));
        assert!(!How::Guided.arguments().contains(&"+nightly"));
        assert!(How::Guided.arguments().contains(&"run"));
    }
}
