//! `bauta desk letter`, `receipt`, `pages` and `redact`: drafts, what the public log gives, and papers as pixels.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// `bauta desk letter ID KIND`
#[derive(Args)]
pub struct LetterArgs {
    /// The demand
    pub id: String,
    /// acknowledgement, objection, what-we-hold, notice, withdrawal, memo, first-hour or calendar
    pub kind: String,
    /// Keep this text as the draft, in the place of what is kept
    #[arg(long, value_name = "FILE", conflicts_with_all = ["sent", "drop", "out"])]
    pub keep: Option<PathBuf>,
    /// A person sent it, in this way: it becomes a paper of the case
    #[arg(long, value_name = "HOW", conflicts_with_all = ["drop", "out"])]
    pub sent: Option<String>,
    /// Throw the changes away: the letter is again as the facts give it
    #[arg(long, conflicts_with = "out")]
    pub drop: bool,
    /// Its form; a calendar has its own
    #[arg(long, value_enum, default_value = "text")]
    pub format: FormArg,
    /// A file to write, which may not be there yet [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `bauta desk outside ID`
#[derive(Args)]
pub struct OutsideArgs {
    /// The demand
    pub id: String,
    /// Which of its lines, as `show` numbers them
    #[arg(long, value_name = "N", requires = "about")]
    pub line: Option<u16>,
    /// About what: proxy, host, backups, mail, tor or copies
    #[arg(long, value_name = "NAME", requires = "say")]
    pub about: Option<String>,
    /// The operator's own words, for which the officer answers
    #[arg(long, value_name = "TEXT", requires = "line")]
    pub say: Option<String>,
}

/// `bauta desk receipt ID`
#[derive(Args)]
pub struct ReceiptArgs {
    /// The demand
    pub id: String,
    /// Which of its public steps; 0 is that it came
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub step: u32,
    /// List its steps in the log instead
    #[arg(long, conflicts_with_all = ["step", "out"])]
    pub list: bool,
    /// The file to write; it must not be there yet
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// A letter's form.
#[derive(Clone, Copy, ValueEnum)]
pub enum FormArg {
    /// Plain text
    Text,
    /// A page that prints well
    Html,
    /// PDF
    Pdf,
}

/// `bauta desk pages FILE`
#[derive(Args)]
pub struct PagesArgs {
    /// A PDF, or a picture of a page; a paper of a case is opened with `age` first
    pub file: PathBuf,
    /// A directory for the pages, which may not be there yet
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// `bauta desk redact FILE`
#[derive(Args)]
pub struct RedactArgs {
    /// A PDF, or a picture of a page; a paper of a case is opened with `age` first
    pub file: PathBuf,
    /// PAGE,X,Y,WIDTH,HEIGHT: a black box, in fractions of the page from its top left; may be given more than once
    #[arg(long = "box", value_name = "BOX")]
    pub boxes: Vec<String>,
    /// The PDF to write, which may not be there yet
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// `bauta desk copy ID`
#[derive(Args)]
pub struct CopyArgs {
    /// The demand
    pub id: String,
    /// Propose a copy of this PDF or picture; a paper of the case is opened with `age` first, and sent with its first line
    #[arg(long, value_name = "FILE", requires = "title")]
    pub add: Option<PathBuf>,
    /// What the public reads as its name
    #[arg(long, requires = "add")]
    pub title: Option<String>,
    /// PAGE,X,Y,WIDTH,HEIGHT: a black box, in fractions of the page from its top left; may be given more than once
    #[arg(long = "box", value_name = "BOX", requires = "add")]
    pub boxes: Vec<String>,
    /// Take the file of this copy out, to look at it
    #[arg(long, value_name = "COPY", requires = "out", conflicts_with = "add")]
    pub get: Option<String>,
    /// The file to write; it must not be there yet
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Publish this copy, which another officer proposed
    #[arg(long, value_name = "COPY", conflicts_with_all = ["add", "get"])]
    pub publish: Option<String>,
    /// Throw this copy away
    #[arg(long, value_name = "COPY", conflicts_with_all = ["add", "get", "publish"])]
    pub drop: Option<String>,
}
