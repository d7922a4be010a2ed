//! The program: command line, configuration, wiring.

mod admin;
mod certificate;
mod cli;
mod commands;
mod config;
mod config_bucket;
mod config_legal;
mod config_peers;
mod config_rules;
mod config_tls;
mod failure;
mod guard;
mod keys;
mod log;
mod output;
mod resident;
mod serve;
#[cfg(feature = "weaken")]
mod weaken;

use std::process::ExitCode;

use clap::Parser;

/// Law 5: freed memory is zero.
#[global_allocator]
static ALLOCATOR: bauta_memory::Wiping = bauta_memory::Wiping;

/// The whole program.
pub fn run() -> ExitCode {
    #[cfg(feature = "weaken")]
    weaken::begin();
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return output::usage(&error, wrong_use()),
    };
    // The picture worker locks itself in, in a way of its own.
    if !matches!(cli.command, cli::Command::Worker { .. }) {
        guard::keep_panics_quiet(false);
        guard::begin();
    }
    match commands::run(cli) {
        Ok(code) => code,
        Err(failure) => output::failure(&failure),
    }
}

/// The status of wrong use: 2, save where that says something of a log.
fn wrong_use() -> u8 {
    let first = std::env::args_os().nth(1);
    if first.is_some_and(|first| first == "verify") {
        commands::verify::WRONG_USE
    } else {
        2
    }
}
