//! The suites and how their totals are read: cargo's, Python's unittest, Node's test runner.
//!
//! A new suite for a client library is a file in tests/clients: `NAME.py` with unittest cases, or `NAME.mjs` for
//! `node --test`. It starts its own server with the launcher beside it (`bauta.py`, `bauta.mjs`).

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::report::{Report, Totals, say, timed};
use crate::{install, process, root};

/// A suite that takes longer hangs. Far above what they take, since it only has to end before CI's own limit.
pub const CARGO_LIMIT: Duration = Duration::from_mins(45);
const CLIENT_LIMIT: Duration = Duration::from_mins(8);

/// Files in tests/clients that are no suites: the launchers.
const LAUNCHERS: [&str; 2] = ["bauta.py", "bauta.mjs"];

/// Runs `cargo test` with `arguments` and notes the time and totals of each test program.
pub fn cargo_test(report: &mut Report, arguments: &[&str], environment: &[(&str, &str)], limit: Duration) {
    let mut cargo = process::command("cargo");
    cargo
        .args(["test", "--locked", "--no-fail-fast"])
        .args(arguments)
        .envs(environment.iter().copied());
    let mut reading = CargoOutput::default();
    let (ended, _) = timed("cargo test", || {
        process::streamed(cargo, limit, |line| reading.line(line))
    });
    let mut all = Totals::default();
    for (name, totals, took) in reading.suites {
        all.add(totals);
        report.suite(&name, totals);
        report.step(&name, took);
    }
    let failed = match ended {
        Ok(status) if status.success() => None,
        // Cargo's own failure, such as a test that doesn't compile or a test program that dies, has no total.
        Ok(status) => (all.failed == 0).then(|| status.to_string()),
        Err(error) => Some(error),
    };
    if let Some(failed) = failed {
        say(&failed);
        report.suite(&format!("cargo test ({failed})"), Totals::ONE_FAILED);
    } else if all == Totals::default() {
        report.suite("cargo test (it ran no test)", Totals::ONE_FAILED);
    }
}

/// Runs every suite in tests/clients.
pub fn clients(report: &mut Report) {
    let mut files: Vec<PathBuf> = std::fs::read_dir(root().join("tests/clients"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| is_suite(path))
        .collect();
    files.sort();
    for file in files {
        let name = format!(
            "tests/clients/{}",
            file.file_name().unwrap_or_default().to_string_lossy()
        );
        client(report, &name, &file);
    }
}

fn client(report: &mut Report, name: &str, file: &Path) {
    let python = file.extension().is_some_and(|extension| extension == "py");
    let (command, read): (Command, fn(&str, &mut Totals)) = if python {
        (unittest(file), unittest_totals)
    } else {
        (node_test(file), node_totals)
    };
    let mut totals = Totals::default();
    let mut ended = Ok(false);
    let ((), took) = timed(name, || {
        ended = process::streamed(command, CLIENT_LIMIT, |line| read(line, &mut totals))
            .map(|status| status.success());
    });
    report.step(name, took);
    // A suite that broke off, or in which no test was found, has not passed.
    let silent = totals == Totals::default() || (ended != Ok(true) && totals.failed == 0);
    if silent {
        totals.failed += 1;
    }
    report.suite(&ended.err().unwrap_or_else(|| name.to_owned()), totals);
}

fn is_suite(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_test = path
        .extension()
        .is_some_and(|extension| extension == "py" || extension == "mjs");
    is_test && !LAUNCHERS.contains(&&*name) && !name.starts_with('_')
}

fn unittest(file: &Path) -> Command {
    let mut python = process::command(install::python_program());
    python
        .args(["-B", "-m", "unittest", "--verbose"])
        .arg(file.file_stem().unwrap_or_default());
    in_clients(python)
}

fn node_test(file: &Path) -> Command {
    let mut node = process::command("node");
    node.args(["--test", "--test-reporter=tap"]).arg(file);
    in_clients(node)
}

fn in_clients(mut command: Command) -> Command {
    command
        .current_dir(root().join("tests/clients"))
        .env("BAUTA_BIN", root().join("target/debug/bauta"));
    command
}

/// `Ran 12 tests in 3.2s` counts all; `FAILED (failures=1, errors=2)` takes back. Skipped is not passed.
fn unittest_totals(line: &str, totals: &mut Totals) {
    if let Some(rest) = line.strip_prefix("Ran ") {
        totals.passed += rest
            .split(' ')
            .next()
            .and_then(|count| count.parse().ok())
            .unwrap_or(0);
    } else if let Some(inside) = line
        .strip_prefix("FAILED (")
        .or_else(|| line.strip_prefix("OK ("))
    {
        let parts = inside
            .trim_end_matches(')')
            .split(", ")
            .filter_map(|part| part.split_once('='));
        let wrong = parts.filter(|(kind, _)| *kind != "expected failures");
        let wrong: usize = wrong.filter_map(|(_, count)| count.parse::<usize>().ok()).sum();
        totals.passed = totals.passed.saturating_sub(wrong);
        totals.failed += wrong;
    }
}

/// `# pass 3`, `# fail 1`, and so on, in TAP.
fn node_totals(line: &str, totals: &mut Totals) {
    let Some((kind, count)) = line.strip_prefix("# ").and_then(|rest| rest.split_once(' ')) else {
        return;
    };
    let count = count.parse().unwrap_or(0);
    match kind {
        "pass" => totals.passed += count,
        "fail" | "cancelled" | "skipped" | "todo" => totals.failed += count,
        _ => (),
    }
}

/// Reads what `cargo test` prints: which program runs, and its result.
struct CargoOutput {
    suites: Vec<(String, Totals, Duration)>,
    current: String,
    begun: Instant,
}

impl Default for CargoOutput {
    fn default() -> Self {
        Self {
            suites: Vec::new(),
            current: "building the tests".to_owned(),
            begun: Instant::now(),
        }
    }
}

impl CargoOutput {
    fn line(&mut self, line: &str) {
        let line = line.trim_start();
        if let Some(totals) = cargo_totals(line) {
            self.suites
                .push((self.current.clone(), totals, self.begun.elapsed()));
            self.begun = Instant::now();
        } else if let Some(program) = line
            .strip_prefix("Running ")
            .or_else(|| line.strip_prefix("Doc-tests "))
        {
            if self.suites.is_empty() && self.current == "building the tests" {
                self.suites
                    .push((self.current.clone(), Totals::default(), self.begun.elapsed()));
            }
            self.current = program_name(program);
            self.begun = Instant::now();
        }
    }
}

/// `tests/speak.rs (target/debug/deps/speak-0123456789abcdef)` is called `speak tests/speak.rs`.
fn program_name(program: &str) -> String {
    let Some((source, file)) = program.split_once(" (") else {
        return format!("{program} (documentation)");
    };
    let file = file.rsplit('/').next().unwrap_or_default();
    let name = file.rsplit_once('-').map_or(file, |(name, _)| name);
    format!("{name} {}", source.trim_start_matches("unittests "))
}

/// `test result: ok. 6 passed; 0 failed; …`
fn cargo_totals(line: &str) -> Option<Totals> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut counts = counts.split("; ");
    let mut count = |kind: &str| counts.next()?.strip_suffix(kind)?.trim().parse().ok();
    Some(Totals {
        passed: count("passed")?,
        failed: count("failed")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_totals_of_cargo_are_read() {
        let mut reading = CargoOutput::default();
        for line in [
            "   Compiling bauta v0.1.0",
            "     Running unittests src/lib.rs (target/debug/deps/bauta_text-6c23c318c7c7e819)",
            "test result: ok. 6 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.13s",
            "     Running tests/speak.rs (target/debug/deps/speak-6c23c318c7c7e819)",
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s",
            "   Doc-tests bauta_text",
            "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
        ] {
            reading.line(line);
        }
        let read: Vec<_> = reading
            .suites
            .iter()
            .map(|(name, totals, _)| (name.as_str(), totals.passed, totals.failed))
            .collect();
        let expected = [
            ("building the tests", 0, 0),
            ("bauta_text src/lib.rs", 6, 0),
            ("speak tests/speak.rs", 1, 2),
            ("bauta_text (documentation)", 0, 0),
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn the_totals_of_unittest_are_read() {
        let read = |lines: &[&str]| {
            let mut totals = Totals::default();
            for line in lines {
                unittest_totals(line, &mut totals);
            }
            (totals.passed, totals.failed)
        };
        assert_eq!(read(&["Ran 12 tests in 3.201s", "", "OK"]), (12, 0));
        assert_eq!(read(&["Ran 1 test in 3.201s", "FAILED (errors=1)"]), (0, 1));
        assert_eq!(
            read(&["Ran 12 tests in 3.201s", "FAILED (failures=1, errors=2)"]),
            (9, 3)
        );
        assert_eq!(read(&["Ran 12 tests in 3.201s", "OK (skipped=2)"]), (10, 2));
    }

    #[test]
    fn the_totals_of_node_are_read() {
        let mut totals = Totals::default();
        for line in [
            "# Subtest: logs in",
            "# pass then fail",
            "# tests 4",
            "# pass 3",
            "# fail 0",
            "# skipped 1",
        ] {
            node_totals(line, &mut totals);
        }
        assert_eq!(totals, Totals { passed: 3, failed: 1 });
    }

    #[test]
    fn launchers_and_shared_parts_are_no_suites() {
        assert!(is_suite(Path::new("x/mastodon.py")) && is_suite(Path::new("x/masto.mjs")));
        for none in [
            "x/bauta.py",
            "x/bauta.mjs",
            "x/_shared.py",
            "x/requirements.txt",
            "x/package.json",
        ] {
            assert!(!is_suite(Path::new(none)), "{none}");
        }
    }
}
