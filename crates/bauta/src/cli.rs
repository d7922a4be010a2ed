//! The command line, as people and scripts rely on it.

pub mod courts;
pub mod desk;
pub mod emoji;
pub mod letters;
pub mod peers;
mod record;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use record::{ReportArgs, ReportCommand, VerifyArgs};

/// A microblog server for speech that must stay anonymous.
#[derive(Parser)]
#[command(name = "bauta", version, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Every subcommand.
#[derive(Subcommand)]
pub enum Command {
    /// Run the server. Starts with no configuration at all
    Serve(Settings),
    /// Make accounts
    Account {
        #[command(subcommand)]
        command: AccountCommand,
    },
    /// Print an access token for scripts
    Token(TokenArgs),
    /// Mint invites
    Invite(InviteArgs),
    /// What is held: check the declaration, show it, or list what is held about an account
    Inventory(InventoryArgs),
    /// The legal desk: demands, from intake to the end
    Desk(desk::DeskArgs),
    /// Write the public report, its data and its log as files
    Report(ReportArgs),
    /// Check a log and its report: signatures, tree, openings, totals, transitions. Needs no network for a folder
    Verify(VerifyArgs),
    /// Play the story of the case into a fresh data directory and serve it on loopback
    Demo(DemoArgs),
    /// Write an encrypted backup
    Backup(BackupArgs),
    /// Bring a backup back into a fresh data directory
    Restore(RestoreArgs),
    /// Make keys and a root, so that what is private lies on the disk sealed. The server must be stopped
    Seal(SealArgs),
    /// Bring the root to a server that waits for it: from a file, from a pipe, or typed
    Unseal(UnsealArgs),
    /// Tell what is wrong with a set-up, and how to mend it
    Doctor(DoctorArgs),
    /// Print what to write into torrc for an onion service
    TorConfig(TorConfigArgs),
    /// Bring the database up to date without serving
    Migrate(Settings),
    /// The public log of the legal desk: its keys, and how it stands
    Ledger(LedgerArgs),
    /// Other servers: whom to speak with, and what is on its way to them
    Peers(peers::PeersArgs),
    /// Small pictures with a name, which texts use as :name:
    Emoji(emoji::EmojiArgs),
    /// Watch other people's logs and cosign what only grew (tlog-witness)
    Witness(WitnessArgs),
    /// Decode pictures for a server, in a sandbox. Started by the server itself
    #[command(hide = true)]
    Worker {
        /// The program for films, what it is to make, and of which format
        #[arg(hide = true)]
        film: Vec<std::ffi::OsString>,
    },
}

/// Where things are and how the server behaves. Flags win over the environment, the environment over the file.
#[derive(Args, Clone, Debug, Default)]
pub struct Settings {
    /// A TOML file with any of these settings
    #[arg(long, value_name = "FILE", env = "BAUTA_CONFIG")]
    pub config: Option<PathBuf>,
    /// The data directory [default: ./bauta-data]
    #[arg(long, value_name = "DIR", env = "BAUTA_DATA")]
    pub data: Option<PathBuf>,
    /// postgres://… instead of the embedded database
    #[arg(long, value_name = "URL", env = "BAUTA_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// HOST:PORT or unix:/PATH [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR", env = "BAUTA_LISTEN")]
    pub listen: Option<String>,
    /// The domain that handles belong to [default: localhost:8080]
    #[arg(long, value_name = "NAME", env = "BAUTA_DOMAIN")]
    pub domain: Option<String>,
    /// Who can sign up [default: invite]
    #[arg(long, value_enum, env = "BAUTA_REGISTRATIONS")]
    pub registrations: Option<RegistrationsArg>,
    /// Don't start where a protection is missing: swap is on, the kernel can't confine the process
    #[arg(long, env = "BAUTA_STRICT")]
    pub strict: bool,
}

/// Who can sign up.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RegistrationsArg {
    /// Whoever has an invite
    Invite,
    /// Anybody
    Open,
    /// Anybody, who then waits to be let in
    Approval,
    /// Nobody
    Closed,
}

/// `bauta account …`
#[derive(Subcommand)]
pub enum AccountCommand {
    /// Make an account and print its passphrase once
    Create {
        /// 1 to 30 letters, digits or underscores
        handle: String,
        /// What it may do
        #[arg(long, value_enum, default_value = "user")]
        role: RoleArg,
        #[command(flatten)]
        data: DataArgs,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Roles that the command line can give. The last four make an officer of the legal desk.
#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum RoleArg {
    /// Speaks, follows, reads
    User,
    /// Works the reports queue
    Moderator,
    /// Runs the server
    Operator,
    /// An officer who takes demands in
    Intake,
    /// An officer who says what will be done
    Determine,
    /// An officer who makes ready and produces
    Produce,
    /// An officer who advises, and counts as a second person
    Counsel,
}

/// Where the data is.
#[derive(Args, Clone, Debug, Default)]
pub struct DataArgs {
    /// A TOML file with settings
    #[arg(long, global = true, value_name = "FILE", env = "BAUTA_CONFIG")]
    pub config: Option<PathBuf>,
    /// The data directory [default: ./bauta-data]
    #[arg(long, global = true, value_name = "DIR", env = "BAUTA_DATA")]
    pub data: Option<PathBuf>,
    /// postgres://… instead of the embedded database
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "BAUTA_DATABASE",
        hide_env_values = true
    )]
    pub database: Option<String>,
}

impl From<DataArgs> for Settings {
    fn from(args: DataArgs) -> Self {
        Self {
            config: args.config,
            data: args.data,
            database: args.database,
            ..Self::default()
        }
    }
}

/// `bauta token …`
#[derive(Args)]
pub struct TokenArgs {
    /// The account
    pub handle: String,
    /// Scopes, separated by spaces
    #[arg(long, default_value = "read write follow push")]
    pub scopes: String,
    #[command(flatten)]
    pub data: DataArgs,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `bauta invite …`
#[derive(Args)]
pub struct InviteArgs {
    /// How many
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub count: u32,
    #[command(flatten)]
    pub data: DataArgs,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `bauta inventory …`
#[derive(Args)]
pub struct InventoryArgs {
    /// What to do
    #[command(subcommand)]
    pub command: Option<InventoryCommand>,
    #[command(flatten)]
    pub data: DataArgs,
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// `bauta inventory …`
#[derive(Subcommand)]
pub enum InventoryCommand {
    /// Compare the declaration with the live database
    Check,
    /// Print the declaration
    Show,
    /// List what is held about an account
    Holdings {
        /// The account
        handle: String,
    },
}

/// `bauta demo …`
#[derive(Args)]
pub struct DemoArgs {
    /// A data directory that is not there yet, or is empty [default: a temporary one]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// HOST:PORT on loopback [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// Followers of the account in the story
    #[arg(long, default_value_t = 153_000)]
    pub followers: u32,
    /// Play the story and stop, without serving
    #[arg(long)]
    pub no_serve: bool,
}

/// `bauta backup …`
#[derive(Args)]
pub struct BackupArgs {
    /// Who can open it: an age public key (age1…). May be given more than once
    #[arg(long = "to", value_name = "AGE-KEY", required = true)]
    pub recipients: Vec<String>,
    /// The file to write; it must not be there yet
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    pub data: DataArgs,
}

/// `bauta seal`
#[derive(Args)]
pub struct SealArgs {
    /// A new file for the root, instead of standard output: on a machine or a stick that is not the server's disk
    #[arg(long, value_name = "FILE")]
    pub root: Option<PathBuf>,
    #[command(flatten)]
    pub data: DataArgs,
}

/// `bauta unseal`
#[derive(Args)]
pub struct UnsealArgs {
    /// The file with the root [default: standard input]
    #[arg(long, value_name = "FILE")]
    pub root: Option<PathBuf>,
    /// Write the root that the server's keys are under now over the one in FILE, so that nobody has an older one
    #[arg(long, requires = "root")]
    pub turn: bool,
    #[command(flatten)]
    pub data: DataArgs,
}

/// `bauta restore …`
#[derive(Args)]
pub struct RestoreArgs {
    /// The backup
    pub backup: PathBuf,
    /// A file with the age secret key
    #[arg(long, value_name = "FILE")]
    pub identity: PathBuf,
    /// The data directory that was in use since: what was deleted there is deleted again, and its public log goes on
    #[arg(long, value_name = "DIR")]
    pub since: Option<PathBuf>,
    #[command(flatten)]
    pub data: DataArgs,
}

/// `bauta tor-config …`
#[derive(Args)]
pub struct TorConfigArgs {
    /// The unix socket that Tor connects to [default: that of the configuration, or onion.sock in the data directory]
    #[arg(long, value_name = "FILE")]
    pub socket: Option<PathBuf>,
    /// Where Tor keeps the service's key and name
    #[arg(long, value_name = "DIR", default_value = "/var/lib/tor/bauta")]
    pub directory: PathBuf,
    #[command(flatten)]
    pub data: DataArgs,
}

/// `bauta doctor …`
#[derive(Args)]
pub struct DoctorArgs {
    #[command(flatten)]
    pub settings: Settings,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `bauta ledger …`
#[derive(Args)]
pub struct LedgerArgs {
    /// What to do
    #[command(subcommand)]
    pub command: LedgerCommand,
    #[command(flatten)]
    pub data: DataArgs,
    /// The server's name, while the log has no key yet [default: that of its first key]
    #[arg(long, global = true, value_name = "NAME", env = "BAUTA_DOMAIN")]
    pub domain: Option<String>,
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// `bauta ledger …`
#[derive(Subcommand)]
pub enum LedgerCommand {
    /// The keys that sign the log
    Key {
        #[command(subcommand)]
        command: KeyCommand,
    },
    /// Check every file of the log and tell how it stands
    Status,
}

/// `bauta ledger key …`
#[derive(Subcommand)]
pub enum KeyCommand {
    /// Print the public keys that sign now
    Show,
    /// Make a new key. The old one signs beside it until the next rotation
    Rotate {
        /// The old key signs nothing any more, as when it was stolen
        #[arg(long)]
        drop_old: bool,
    },
}

/// `bauta witness …`
#[derive(Args)]
pub struct WitnessArgs {
    /// Its name, which stands in its cosignatures: the host under which it is reached, and a path if wanted
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// A file with the keys of the logs to watch, one a line
    #[arg(long, value_name = "FILE")]
    pub logs: Option<PathBuf>,
    /// Where its key and what it cosigned last are kept
    #[arg(long, value_name = "DIR", default_value = "bauta-witness")]
    pub data: PathBuf,
    /// HOST:PORT or unix:/PATH
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8081")]
    pub listen: String,
    /// A certificate chain (PEM), to be reached over TLS
    #[arg(long, value_name = "FILE", requires = "key")]
    pub certificate: Option<PathBuf>,
    /// The certificate's private key (PEM)
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub key: Option<PathBuf>,
    /// A proxy stands in front: one address stands for many logs
    #[arg(long)]
    pub proxied: bool,
    /// Print its public key and stop
    #[arg(long)]
    pub show_key: bool,
}
