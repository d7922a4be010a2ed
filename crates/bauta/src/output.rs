//! The only place that writes to standard output and standard error, besides the log.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use serde_json::Value;

use crate::failure::Failure;

/// Prints a line on standard output. A reader that went away is no failure of ours.
pub fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}

/// Writes a file on standard output.
pub fn bytes(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(bytes);
    let _ = out.flush();
}

/// Prints a value as JSON.
pub fn json(value: &Value) {
    line(&format!("{value:#}"));
}

/// Prints a line on standard error.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// True when a person looks at standard output.
pub fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Prints a failure in one line; the exit status is 1.
pub fn failure(failure: &Failure) -> ExitCode {
    let one_line = failure.0.replace('\n', " ");
    note(&format!("bauta: {one_line}"));
    ExitCode::from(1)
}

/// Prints what clap has to say: help with status 0, wrong use with `wrong`.
pub fn usage(error: &clap::Error, wrong: u8) -> ExitCode {
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { wrong } else { 0 })
}
