//! The program: command line, configuration, wiring.

mod admin;
mod cli;
mod commands;
mod config;
mod config_peers;
mod failure;
mod log;
mod output;
mod serve;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return output::usage(&error),
    };
    match commands::run(cli) {
        Ok(code) => code,
        Err(failure) => output::failure(&failure),
    }
}
