//! What was run, how long it took and how it went: the last lines of every command.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::time::{Duration, Instant};

/// A line for whoever runs the command.
#[expect(
    clippy::print_stdout,
    reason = "the one place where xtask speaks; tests capture it"
)]
pub fn say(line: impl Display) {
    println!("{line}");
}

/// How many tests of a suite passed and failed.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Totals {
    pub passed: usize,
    pub failed: usize,
}

impl Totals {
    pub const ONE_FAILED: Self = Self { passed: 0, failed: 1 };
    pub const ONE_PASSED: Self = Self { passed: 1, failed: 0 };

    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The steps of one run.
#[derive(Default)]
pub struct Report {
    steps: Vec<(String, Duration)>,
    failures: Vec<String>,
    totals: Totals,
    results: BTreeMap<String, Totals>,
}

impl Report {
    /// Every suite and check so far, by name. Suites of one name count together.
    pub const fn results(&self) -> &BTreeMap<String, Totals> {
        &self.results
    }

    /// Runs a check that counts as one test. What it finds is printed, and the run goes on: one look shows all.
    pub fn check(&mut self, name: &str, check: impl FnOnce() -> Result<(), Vec<String>>) -> bool {
        let (problems, took) = timed(name, check);
        let passed = problems.is_ok();
        for problem in problems.err().unwrap_or_default() {
            say(format_args!("  {problem}"));
        }
        self.suite(
            name,
            if passed {
                Totals::ONE_PASSED
            } else {
                Totals::ONE_FAILED
            },
        );
        self.step(name, took);
        passed
    }

    /// Notes the result of a suite.
    pub fn suite(&mut self, name: &str, totals: Totals) {
        if totals.failed > 0 {
            self.failures.push(format!("{name}: {} failed", totals.failed));
        }
        self.totals.add(totals);
        self.results.entry(name.to_owned()).or_default().add(totals);
    }

    /// Notes how long a step took.
    pub fn step(&mut self, name: &str, took: Duration) {
        self.steps.push((name.to_owned(), took));
    }

    /// Prints the slowest steps, what failed, and last the totals. True when nothing failed.
    pub fn close(mut self) -> bool {
        self.steps.sort_by_key(|(_, took)| std::cmp::Reverse(*took));
        say("\nThe ten slowest steps:");
        for (name, took) in self.steps.iter().take(10) {
            say(format_args!("{:8.1} s  {name}", took.as_secs_f64()));
        }
        if !self.failures.is_empty() {
            say("\nWhat failed:");
        }
        for failure in &self.failures {
            say(format_args!("  {failure}"));
        }
        say(format_args!(
            "\n{} passed, {} failed",
            self.totals.passed, self.totals.failed
        ));
        self.totals.failed == 0
    }
}

/// Announces a step, runs it and measures it.
pub fn timed<T>(name: &str, step: impl FnOnce() -> T) -> (T, Duration) {
    say(format_args!("\n== {name}"));
    let begun = Instant::now();
    let result = step();
    (result, begun.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failed_check_fails_the_run_and_the_next_still_runs() {
        let mut report = Report::default();
        assert!(!report.check("one", || Err(vec!["wrong".to_owned()])));
        assert!(report.check("two", || Ok(())));
        assert_eq!(report.totals, Totals { passed: 1, failed: 1 });
        assert!(!report.close());
    }

    #[test]
    fn a_run_without_failures_is_good() {
        let mut report = Report::default();
        report.suite("many", Totals { passed: 9, failed: 0 });
        assert!(report.close());
    }
}
