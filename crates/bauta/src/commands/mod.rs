//! The subcommands: each reads its arguments, has something done, and prints it.

pub mod backup;
mod data;
mod demo;
mod desk;
mod doctor;
mod doctor_bucket;
mod emoji;
mod inventory;
mod ledger;
mod neighbours;
mod peers;
mod report;
mod restore;
mod restored_log;
mod seal;
mod tor_config;
pub mod verify;
mod witness;

use std::process::ExitCode;

use crate::cli::{Cli, Command};
use crate::config::Config;
use crate::failure::Outcome;
use crate::serve;

/// Runs a subcommand.
pub fn run(cli: Cli) -> Outcome<ExitCode> {
    match cli.command {
        Command::Serve(settings) => serve::run(&Config::load(&settings)?)?,
        Command::Account { command } => data::account(command)?,
        Command::Token(args) => data::token(args)?,
        Command::Invite(args) => data::invite(args)?,
        Command::Inventory(args) => inventory::run(args)?,
        Command::Desk(args) => desk::run(args)?,
        Command::Report(args) => report::run(&args)?,
        Command::Verify(args) => return verify::run(&args),
        Command::Demo(args) => demo::run(&args)?,
        Command::Backup(args) => backup::run(args)?,
        Command::Restore(args) => restore::run(&args)?,
        Command::Seal(args) => seal::seal(args)?,
        Command::Unseal(args) => seal::unseal(&args)?,
        Command::TorConfig(args) => tor_config::run(&args)?,
        Command::Doctor(args) => return doctor::run(&args),
        Command::Migrate(settings) => migrate(&settings)?,
        Command::Ledger(args) => ledger::run(args)?,
        Command::Peers(args) => peers::run(args)?,
        Command::Emoji(args) => emoji::run(args)?,
        Command::Witness(args) => witness::run(&args)?,
        Command::Worker { .. } => return Ok(bauta_media::worker_main()),
    }
    Ok(ExitCode::SUCCESS)
}

/// Opening brings the database up to date; there is nothing else to do.
fn migrate(settings: &crate::cli::Settings) -> Outcome<()> {
    let config = Config::load(settings)?;
    let (app, _lock) = serve::open(&config)?;
    drop(app);
    crate::output::line("the database is up to date");
    Ok(())
}
