//! The public record: building it as files, and checking it.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Settings;

/// `bauta report …`
#[derive(Args)]
pub struct ReportArgs {
    /// What to do
    #[command(subcommand)]
    pub command: ReportCommand,
}

/// `bauta report …`
#[derive(Subcommand)]
pub enum ReportCommand {
    /// Write the report, its data, its cases and the log as files that any web server or archive can hold
    Build {
        /// The folder to write; it must not be there yet, or be empty
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        #[command(flatten)]
        settings: Settings,
    },
}

/// `bauta verify …`
#[derive(Args)]
#[command(
    after_help = "Exit status: 0 everything holds, 1 signature (or a file can't be read), 2 inconsistent, 3 opening, \
    4 totals, 5 illegal transition, 6 quorum; 64 wrong use."
)]
pub struct VerifyArgs {
    /// A folder that `bauta report build` wrote, a copy of a log's own folder, or the address of a server
    #[arg(value_name = "PATH|URL")]
    pub place: String,
    /// Whom you believe (tlog-policy); without it the log's own policy is taken
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// A receipt, or a promise, whose entry has to be found in the log. May be given more than once
    #[arg(long = "receipt", value_name = "FILE")]
    pub receipts: Vec<PathBuf>,
    /// A checkpoint that you kept from earlier. May be given more than once
    #[arg(long = "previous", value_name = "CHECKPOINT")]
    pub previous: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
