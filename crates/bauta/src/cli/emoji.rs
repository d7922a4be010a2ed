//! `bauta emoji …`

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::DataArgs;

/// `bauta emoji …`
#[derive(Args)]
pub struct EmojiArgs {
    /// What to do
    #[command(subcommand)]
    pub command: EmojiCommand,
    #[command(flatten)]
    pub data: DataArgs,
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// `bauta emoji …`
#[derive(Subcommand)]
pub enum EmojiCommand {
    /// Every small picture, by name
    List,
    /// Add one, rebuilt from its pixels. Posts use it as :NAME:
    Add {
        /// 2 to 64 letters from A to Z, digits and underscores
        name: String,
        /// PNG, JPEG, WebP or GIF, at most 256 KB and 512 pixels a side
        file: PathBuf,
        /// Under what apps list it
        #[arg(long, default_value = "")]
        category: String,
    },
    /// Remove one: its name is a word again
    Remove {
        /// Its name
        name: String,
    },
}
