//! `bauta desk …`: everything that the desk's pages do, for scripts.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::DataArgs;
use super::courts::{CourtPaper, GagArgs};

/// `bauta desk …`
#[derive(Args)]
pub struct DeskArgs {
    /// What to do
    #[command(subcommand)]
    pub command: DeskCommand,
    #[command(flatten)]
    pub data: DataArgs,
    /// Which officer acts [default: the operator at the machine]
    #[arg(long, global = true, value_name = "HANDLE")]
    pub officer: Option<String>,
    /// How many events the demand had when you looked: if there are others by now, nothing is done
    #[arg(long, global = true, value_name = "N")]
    pub expect: Option<u32>,
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// Every step of a demand.
#[derive(Subcommand)]
pub enum DeskCommand {
    /// Take a demand in: a JSON file with what the paper says, and "targets"
    Intake {
        /// The file
        file: PathBuf,
        /// The demand that this one renews
        #[arg(long, value_name = "ID")]
        renews: Option<String>,
    },
    /// Read a demand against the rules and against what is held
    Review {
        /// The demand
        id: String,
        /// Record what was found as well
        #[arg(long)]
        record: bool,
    },
    /// List demands
    List,
    /// Show a demand, all of it
    Show {
        /// The demand
        id: String,
    },
    /// List officers
    Officers,
    /// Make an account an officer, change its duties, or set its age public key
    Officer {
        /// The account
        handle: String,
        /// intake, determine, produce or counsel; may be given more than once
        #[arg(long = "duty", value_name = "DUTY")]
        duties: Vec<String>,
        /// Take the office away
        #[arg(long, conflicts_with = "duties")]
        none: bool,
        /// An age public key (age1…), to which papers are encrypted
        #[arg(long, value_name = "AGE-KEY")]
        key: Option<String>,
    },
    /// Decide about a hold: a sealed copy of what is held and asked for, unless --nothing
    Hold {
        /// The demand
        id: String,
        /// Copy nothing
        #[arg(long)]
        nothing: bool,
        /// Why
        #[arg(long, default_value = "What is held and asked for is kept as it is.")]
        reason: String,
    },
    /// Record that the demand is genuine, or that it is not
    Verify {
        /// The demand
        id: String,
        /// How that is known
        #[arg(long, value_enum, default_value = "called-back")]
        how: HowArg,
        /// Whom, which number, where it was found; or why it is not genuine
        #[arg(long)]
        note: String,
        /// It is not genuine
        #[arg(long)]
        not_genuine: bool,
    },
    /// Compute asked against held, and record it
    Scope {
        /// The demand
        id: String,
        /// Record as well that nothing asked for is held
        #[arg(long)]
        no_records: bool,
    },
    /// Say what the operator knows of what lies outside the program; or list what is asked
    Outside(super::letters::OutsideArgs),
    /// Tell the user; under a gag that bars it, record that the notice waits
    Notice {
        /// The demand
        id: String,
        /// Only print what it would say
        #[arg(long)]
        preview: bool,
        /// Don't tell, on this ground: takes a second person
        #[arg(long, value_enum, value_name = "GROUND")]
        except: Option<ExceptArg>,
        /// Why not
        #[arg(long, requires = "except")]
        reason: Option<String>,
    },
    /// Record that notice is due, and by when
    Delay {
        /// The demand
        id: String,
        /// The last day
        #[arg(long, value_name = "DATE")]
        until: String,
    },
    /// Record one of the four findings
    Finding {
        /// The demand
        id: String,
        /// offence_shown, least_restrictive, not_to_suppress_speech or need_outweighs
        finding: String,
        /// It is not met
        #[arg(long)]
        not_met: bool,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Record the provider's objection; its grounds are the defects on record
    Object {
        /// The demand
        id: String,
        /// What else it says; or why it is lifted
        #[arg(long)]
        reason: String,
        /// Lift the objection
        #[arg(long)]
        lift: bool,
    },
    /// Record that the issuer asks for less, in writing
    Narrow {
        /// The demand
        id: String,
        /// NUMBER=TEXT: what takes the place of which line; may be given more than once
        #[arg(long = "line", required = true, value_name = "N=TEXT")]
        lines: Vec<String>,
        /// The writing
        #[arg(long, value_name = "FILE")]
        document: PathBuf,
    },
    /// Pass on that a keyholder consents, in writing, or no longer does
    Consent {
        /// The demand
        id: String,
        /// Which of the keyholders, from 0
        #[arg(long, default_value_t = 0)]
        keyholder: u16,
        /// No longer
        #[arg(long, conflicts_with = "publish")]
        revoke: bool,
        /// To a public page about the demand
        #[arg(long)]
        publish: bool,
    },
    /// Pass on that a keyholder objects, in writing
    UserObjects {
        /// The demand
        id: String,
        /// Which of the keyholders, from 0
        #[arg(long, default_value_t = 0)]
        keyholder: u16,
        /// A file with their words
        #[arg(long, value_name = "FILE")]
        words: PathBuf,
    },
    /// Pass on who speaks for a keyholder
    Counsel {
        /// The demand
        id: String,
        /// Which of the keyholders, from 0
        #[arg(long, default_value_t = 0)]
        keyholder: u16,
        /// Counsel's age public key
        #[arg(long, value_name = "AGE-KEY")]
        key: String,
    },
    /// Say what will be done; counts when a second person approves
    Determine {
        /// The demand
        id: String,
        #[command(flatten)]
        what: DetermineArgs,
    },
    /// Agree, as the second person, to what the first one entered
    Approve {
        /// The demand
        id: String,
        /// To what
        #[arg(long, value_enum, default_value = "determination")]
        step: StepArg,
    },
    /// Print what would be produced
    Preview {
        /// The demand
        id: String,
        /// ACCOUNT:TABLE.COLUMN:ROW to leave out; may be given more than once
        #[arg(long = "redact", value_name = "A:T.C:R")]
        redactions: Vec<String>,
    },
    /// Make what was approved ready, for another officer to produce
    Ready {
        /// The demand
        id: String,
        /// ACCOUNT:TABLE.COLUMN:ROW to leave out; may be given more than once
        #[arg(long = "redact", value_name = "A:T.C:R")]
        redactions: Vec<String>,
    },
    /// Produce what lies ready: a signed archive, encrypted to the recipient
    Produce {
        /// The demand
        id: String,
        /// The recipient's age public key
        #[arg(long, value_name = "AGE-KEY")]
        to: String,
        /// The file to write; it must not be there yet
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Disclose what was approved in an emergency
        #[arg(long)]
        emergency: bool,
    },
    /// Print the receipt of a demand in the public log, or the signed promise while it waits
    Receipt(super::letters::ReceiptArgs),
    /// List the manifests of what was made ready or produced
    Manifests {
        /// The demand
        id: String,
    },
    /// Record that a court is asked to set the demand, or its gag, aside
    Challenge {
        /// The demand
        id: String,
        /// Which court
        #[arg(long)]
        court: String,
        /// The user does it, not the provider
        #[arg(long)]
        user: bool,
        /// The gag, not the demand
        #[arg(long)]
        gag: bool,
    },
    /// What happens to a case before a court
    Case {
        /// The demand
        id: String,
        /// What
        #[command(subcommand)]
        command: CaseCommand,
    },
    /// Record a wish or a command to keep silent
    Gag {
        /// The demand
        id: String,
        #[command(flatten)]
        gag: GagArgs,
    },
    /// Record that the demand was withdrawn
    Withdraw {
        /// The demand
        id: String,
        /// The date of the withdrawal, as received
        #[arg(long, value_name = "DATE")]
        on: String,
        /// The letter
        #[arg(long, value_name = "FILE")]
        document: Option<PathBuf>,
    },
    /// Close a demand: nothing more will happen to it
    Close {
        /// The demand
        id: String,
    },
    /// Copy named records for an order to preserve, keep them longer, or let them go
    Preserve {
        /// The demand
        id: String,
        /// TABLE.COLUMN; may be given more than once
        #[arg(long = "column", value_name = "T.C")]
        columns: Vec<String>,
        /// Until which day, the last one included
        #[arg(long, value_name = "DATE")]
        until: Option<String>,
        /// Let them go
        #[arg(long, conflicts_with_all = ["columns", "until"])]
        release: bool,
    },
    /// What happens to an emergency
    Emergency {
        /// The demand
        id: String,
        /// What
        #[arg(value_enum)]
        what: EmergencyArg,
        /// What is told of the danger, what shows it, or why it is declined
        #[arg(long)]
        reason: String,
    },
    /// Let the public read more: band, aggregate, redacted_page or full_page
    Publish {
        /// The demand
        id: String,
        /// How far
        #[arg(long)]
        to: String,
    },
    /// Correct an earlier event: it stays, and this stands beside it
    Correct {
        /// The demand
        id: String,
        /// The number of the event, from 0
        #[arg(long, value_name = "N")]
        of: u32,
        /// What was wrong
        #[arg(long)]
        note: String,
    },
    /// Enter a court's order that puts one guard aside for one step; takes two officers
    Override {
        /// The demand
        id: String,
        /// window, findings, compelled, call_back or wait
        #[arg(long)]
        guard: String,
        /// For which step
        #[arg(long, value_enum)]
        step: StepArg,
        #[command(flatten)]
        paper: CourtPaper,
    },
    /// Add a paper, list papers, or take one out as it lies there: encrypted
    Paper {
        /// The demand
        id: String,
        /// Add this file
        #[arg(long, value_name = "FILE")]
        add: Option<PathBuf>,
        /// What it is
        #[arg(long, default_value = "letter")]
        name: String,
        /// It is counsel's note: in no export, report, production or log
        #[arg(long)]
        counsel_note: bool,
        /// Take this paper out
        #[arg(long, value_name = "PAPER", requires = "out", conflicts_with = "add")]
        get: Option<String>,
        /// The file to write; it must not be there yet
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Draft a letter: nothing is sent
    Letter(super::letters::LetterArgs),
    /// Draw the pages of a paper, each in the sandbox
    Pages(super::letters::PagesArgs),
    /// Make a public copy of a paper: pixels alone, with black boxes
    Redact(super::letters::RedactArgs),
    /// Redacted copies for the public: propose one, look at one, publish what another officer proposed
    Copy(super::letters::CopyArgs),
    #[command(flatten)]
    Seldom(super::courts::SeldomCommand),
    /// Record facts from a JSON file, as `show` prints them under "fact"
    Record {
        /// The demand
        id: String,
        /// A fact, or a list of facts
        file: PathBuf,
    },
}

/// What will be done.
#[derive(Args)]
#[group(required = true, multiple = true)]
pub struct DetermineArgs {
    /// Answer with what is asked for and held
    #[arg(long, conflicts_with = "refuse")]
    pub produce: bool,
    /// Of that, only what everybody can read
    #[arg(long, requires = "produce")]
    pub only_public: bool,
    /// Only this TABLE.COLUMN; may be given more than once
    #[arg(long = "column", value_name = "T.C", requires = "produce")]
    pub columns: Vec<String>,
    /// Because each keyholder agreed
    #[arg(long, requires = "produce", conflicts_with = "duty_to_report")]
    pub by_consent: bool,
    /// Because this law makes the provider report it
    #[arg(long, value_name = "LAW", requires = "produce")]
    pub duty_to_report: Option<String>,
    /// Don't answer: no_duty, defects, findings, foreign_law or hold_only
    #[arg(long, value_name = "GROUND", requires = "reason")]
    pub refuse: Option<String>,
    /// What else is said
    #[arg(long)]
    pub reason: Option<String>,
}

/// What happens to a case before a court.
#[derive(Subcommand)]
pub enum CaseCommand {
    /// A case is filed; it is the demand's next one
    File {
        /// The court
        #[arg(long)]
        court: String,
        /// The docket number
        #[arg(long)]
        docket: String,
        /// The date, as it stands there
        #[arg(long, value_name = "DATE")]
        on: String,
        /// The docket is sealed
        #[arg(long)]
        sealed: bool,
        /// ROLE=NAME; may be given more than once
        #[arg(long = "party", value_name = "ROLE=NAME")]
        parties: Vec<String>,
        /// The number of the case that it brings again
        #[arg(long, value_name = "N")]
        refiles: Option<u16>,
    },
    /// Something is entered in the docket; also after the end
    Docket {
        /// The number of the case
        #[arg(long, default_value_t = 0)]
        case: u16,
        /// The date, as it stands there
        #[arg(long, value_name = "DATE")]
        on: String,
        /// What was entered
        #[arg(long)]
        kind: String,
        /// The rule that it cites
        #[arg(long)]
        rule: Option<String>,
        /// How many pages
        #[arg(long)]
        pages: Option<u32>,
    },
    /// The case ends without a judgment
    Dismiss {
        /// The number of the case
        #[arg(long, default_value_t = 0)]
        case: u16,
        /// The date, as it stands there
        #[arg(long, value_name = "DATE")]
        on: String,
        /// It can't be brought again
        #[arg(long)]
        with_prejudice: bool,
        /// Not by whoever brought it
        #[arg(long)]
        involuntary: bool,
        /// The rule that it cites
        #[arg(long)]
        rule: Option<String>,
    },
    /// The case was decided
    Judge(super::courts::JudgmentArgs),
    /// The case went to a higher court
    Appeal {
        /// The number of the case
        #[arg(long, default_value_t = 0)]
        case: u16,
        /// Which court
        #[arg(long)]
        court: String,
    },
    /// The case is stayed
    Stay {
        /// The number of the case
        #[arg(long, default_value_t = 0)]
        case: u16,
    },
    /// The case goes on
    Pending {
        /// The number of the case
        #[arg(long, default_value_t = 0)]
        case: u16,
    },
}

/// How it is known that a demand is genuine.
#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum HowArg {
    /// Called back on a number found independently
    CalledBack,
    /// It stands on a court's docket
    CourtRecord,
    /// Handed over by somebody who identified themselves
    InPerson,
    /// Signed with a key that was known before
    Signature,
}

/// What stands in the way of telling the user.
#[derive(ValueEnum, Clone, Copy, Debug)]
#[value(rename_all = "snake_case")]
pub enum ExceptArg {
    /// The account is known to be in another's hands
    AccountTaken,
    /// A life is threatened
    ThreatToLife,
}

/// A step.
#[derive(ValueEnum, Clone, Copy, Debug)]
#[value(rename_all = "snake_case")]
pub enum StepArg {
    /// What will be done
    Determination,
    /// What lies ready
    Ready,
    /// Producing
    Production,
    /// Not telling the user
    NoticeException,
    /// A court's order
    CourtOrder,
    /// Reading the demand under other terms
    Terms,
}

/// What happens to an emergency.
#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum EmergencyArg {
    /// An official says that a life is in danger
    Ask,
    /// The first of two people approves
    Approve,
    /// It is not answered
    Decline,
}
