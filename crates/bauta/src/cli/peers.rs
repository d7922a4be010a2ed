//! `bauta peers …`: what is decided about other servers, and what is on its way to them.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::DataArgs;

/// `bauta peers …`
#[derive(Args)]
pub struct PeersArgs {
    /// What to do
    #[command(subcommand)]
    pub command: PeersCommand,
    #[command(flatten)]
    pub data: DataArgs,
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// `bauta peers …`
#[derive(Subcommand)]
pub enum PeersCommand {
    /// Every rule
    List,
    /// Take nothing from a domain and send nothing to it. Ends follows both ways at once
    Block(RuleArgs),
    /// Keep the accounts of a domain out of public lists and strangers' notifications
    Limit(RuleArgs),
    /// Speak with a domain, though one above it is blocked, or in allow-list mode
    Allow(RuleArgs),
    /// Take the rule of a domain away. Follows that a block ended do not come back
    Remove {
        /// The domain
        domain: String,
    },
    /// Show what a list in Mastodon's CSV would change; with --apply, change it
    Import {
        /// The file
        file: PathBuf,
        /// Change it
        #[arg(long)]
        apply: bool,
    },
    /// Print the rules as Mastodon's CSV
    Export,
    /// Whom this server speaks with
    Mode {
        /// Which
        #[arg(value_enum)]
        mode: ModeArg,
    },
    /// Who sees the rules and their public comments
    ShowTo {
        /// Whom
        #[arg(value_enum)]
        whom: ShowArg,
    },
    /// What waits for other servers, by host, and what was given up
    Queue,
    /// Try everything that waits for a host now
    Retry {
        /// HOST or HOST:PORT, as the queue shows it
        host: String,
    },
    /// Delete the copies of a domain's pictures; people here can ask for each again
    PurgeMedia {
        /// The domain; it holds for those under it too
        domain: String,
    },
    /// Drop everything that waits for a host
    Drop {
        /// HOST or HOST:PORT, as the queue shows it
        host: String,
    },
}

/// A rule.
#[derive(Args)]
pub struct RuleArgs {
    /// The domain; it holds for those under it too
    pub domain: String,
    /// Why, for those to whom rules are shown
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub public_comment: String,
    /// Why, for moderators
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub private_comment: String,
    /// Show the name in part only
    #[arg(long)]
    pub obfuscate: bool,
    /// Take no pictures and other media
    #[arg(long)]
    pub reject_media: bool,
    /// Take no reports
    #[arg(long)]
    pub reject_reports: bool,
}

/// Whom the server speaks with.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModeArg {
    /// All that are not blocked
    Open,
    /// Only those that have a rule which is no block
    AllowList,
}

/// Who sees the rules.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShowArg {
    /// Operators and moderators
    Nobody,
    /// Whoever is signed in
    Members,
    /// Everybody
    Everybody,
}
