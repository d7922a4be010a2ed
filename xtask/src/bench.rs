//! `cargo xtask bench`: the side-by-side benchmarks of the crate bauta-bench.

use crate::process;
use crate::report::say;

/// Runs them in a release build of their own; true when every goal was met.
pub fn run(arguments: &[&str]) -> bool {
    run_with(arguments, &[])
}

/// As [`run`], with variables of the environment that say how large some of them are.
pub fn run_with(arguments: &[&str], sizes: &[(&str, &str)]) -> bool {
    let mut cargo = process::command("cargo");
    cargo
        .args([
            "run",
            "--quiet",
            "--locked",
            "--release",
            "--package",
            "bauta-bench",
            "--",
        ])
        .args(arguments)
        .envs(sizes.iter().copied());
    // The bench starts the program itself, which has to be built alike.
    let mut build = process::command("cargo");
    build.args(["build", "--quiet", "--locked", "--release", "--package", "bauta"]);
    match process::run(build).and_then(|()| process::run(cargo)) {
        Ok(()) => true,
        Err(error) => {
            say(error);
            false
        }
    }
}
