//! `bauta desk court`, `enforcement`, `terms`, …: what courts and issuers do, and what a desk seldom does.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// A document, by its bytes; the record keeps its hash.
#[derive(Args)]
pub struct CourtPaper {
    /// The court's document
    #[arg(long, value_name = "FILE")]
    pub document: PathBuf,
    /// The court
    #[arg(long)]
    pub court: String,
    /// The document's date, as it stands there
    #[arg(long, value_name = "DATE")]
    pub on: String,
}

/// `bauta desk court ID`
#[derive(Args)]
pub struct CourtArgs {
    /// The demand
    pub id: String,
    /// What it decided
    #[arg(value_enum)]
    pub outcome: OutcomeArg,
    /// NUMBER=TEXT, where it narrowed the demand: what takes the place of which line; may be given more than once
    #[arg(long = "line", value_name = "N=TEXT", required_if_eq("outcome", "narrowed"))]
    pub lines: Vec<String>,
    #[command(flatten)]
    pub paper: CourtPaper,
}

/// What a court decided about a demand.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeArg {
    /// It is set aside
    Quashed,
    /// It has to be obeyed
    Enforced,
    /// It has to be obeyed in part
    Narrowed,
}

/// What a desk seldom does.
#[derive(Subcommand)]
pub enum SeldomCommand {
    /// Record that the issuer asks a court to enforce the demand
    Enforcement {
        /// The demand
        id: String,
        /// Which court
        #[arg(long)]
        court: String,
    },
    /// Record what a court decided about the demand
    Court(CourtArgs),
    /// Record that a higher court looks at what was decided about the demand
    Appeal {
        /// The demand
        id: String,
        /// Which court
        #[arg(long)]
        court: String,
    },
    /// Record that the issuer fell silent
    Stale {
        /// The demand
        id: String,
        /// Since when, after what
        #[arg(long)]
        reason: String,
    },
    /// Record a date that was agreed or ordered anew
    Deadline {
        /// The demand
        id: String,
        /// Which date, as `show` names it: due, answer; a new name is a new date
        name: String,
        /// Its last day
        #[arg(long, value_name = "DATE")]
        until: String,
        /// Missing it has a consequence in law
        #[arg(long)]
        binds: bool,
        /// By whom, and why
        #[arg(long)]
        reason: String,
    },
    /// Read the demand under the rules of today; counts when a second person approves (--step terms)
    Terms {
        /// The demand
        id: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Record that what it orders was done, as when moderators took an item away
    Effect {
        /// The demand
        id: String,
    },
    /// Let more officers see a demand under a gag
    LetIn {
        /// The demand
        id: String,
        /// An officer; may be given more than once
        #[arg(long = "named", required = true, value_name = "HANDLE")]
        named: Vec<String>,
    },
    /// Keep a demand out of the public log until its gag ends, or let its entries follow
    DeferLog {
        /// The demand
        id: String,
        /// Why
        #[arg(long, required_unless_present = "resume")]
        reason: Option<String>,
        /// They follow now
        #[arg(long, conflicts_with = "reason")]
        resume: bool,
    },
}

/// The judgment, or the way to a higher court, of a case.
#[derive(Args)]
pub struct JudgmentArgs {
    /// The number of the case
    #[arg(long, default_value_t = 0)]
    pub case: u16,
    /// The court
    #[arg(long)]
    pub court: String,
    /// The judgment's date, as it stands there
    #[arg(long, value_name = "DATE")]
    pub on: String,
    /// The judgment
    #[arg(long, value_name = "FILE")]
    pub document: PathBuf,
}

/// How silence is asked for or commanded.
#[derive(Args)]
pub struct GagArgs {
    /// It is only asked for
    #[arg(long)]
    pub request: bool,
    /// The instrument's own statute commands it
    #[arg(long, conflicts_with = "request")]
    pub statute: bool,
    /// An official's certification commands it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["request", "statute"])]
    pub certification: Option<PathBuf>,
    /// A court's order commands it, or lifts it with --lift
    #[arg(long, value_name = "FILE", requires = "court", requires = "on")]
    pub order: Option<PathBuf>,
    /// The court
    #[arg(long)]
    pub court: Option<String>,
    /// The order's date, as it stands there
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// The order lifts the gag
    #[arg(long, requires = "order")]
    pub lift: bool,
    /// The order upholds the gag
    #[arg(long, requires = "order", conflicts_with = "lift")]
    pub uphold: bool,
    /// The order narrows the gag
    #[arg(long, requires = "order", conflicts_with_all = ["lift", "uphold"])]
    pub narrow: bool,
    /// The user may be told all the same
    #[arg(long)]
    pub user_may_know: bool,
    /// The last day
    #[arg(long, value_name = "DATE")]
    pub ends: Option<String>,
    /// The day on which somebody has to look at it again
    #[arg(long, value_name = "DATE")]
    pub review: Option<String>,
    /// An officer who may see the demand; may be given more than once
    #[arg(long = "named", value_name = "HANDLE")]
    pub named: Vec<String>,
}
