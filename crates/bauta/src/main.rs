//! The program `bauta`.

use std::process::ExitCode;

fn main() -> ExitCode {
    bauta::run()
}
