//! `bauta desk …`: each subcommand becomes a command of the desk, done by whoever holds the data.

mod courts;
pub mod facts;
mod papers;
mod print;

use std::collections::BTreeSet;
use std::path::Path;

use bauta_desk::legal::Step;
use bauta_desk::{Act, Command, Redaction, UserAnswer};
use serde_json::Value;

use crate::admin::{self, Request};
use crate::cli::Settings;
use crate::cli::desk::{DeskArgs, DeskCommand, StepArg};
use crate::cli::letters::OutsideArgs;
use crate::failure::{Failure, Outcome};
use crate::output;

/// Who asks, and of which server.
pub struct Asker {
    settings: Settings,
    officer: Option<String>,
    expected: Option<u32>,
}

impl Asker {
    /// Has a command done.
    pub fn ask(&self, command: Command) -> Outcome<Value> {
        admin::ask(
            &self.settings,
            &Request::Desk {
                officer: self.officer.clone(),
                asked: Box::new(command),
            },
        )
    }

    /// The demand as it is.
    fn show(&self, id: &str) -> Outcome<Value> {
        self.ask(Command::Show { id: id.to_owned() })
    }

    /// A step of a demand.
    fn act(&self, id: &str, act: Act) -> Outcome<Value> {
        self.ask(Command::Act {
            id: id.to_owned(),
            expected: self.expected,
            act,
        })
    }

    /// Facts that people type.
    fn record(&self, id: &str, facts: Vec<Value>) -> Outcome<Value> {
        let facts = facts.into_iter().map(facts::fact).collect::<Outcome<_>>()?;
        self.act(id, Act::Record { facts })
    }
}

/// Runs the subcommand and prints what came of it.
pub fn run(args: DeskArgs) -> Outcome<()> {
    let asker = Asker {
        settings: args.data.into(),
        officer: args.officer,
        expected: args.expect,
    };
    let shape = print::Shape::of(&args.command);
    if let DeskCommand::Letter(letter) = args.command {
        return papers::letter(&asker, letter, args.json);
    }
    if let DeskCommand::Receipt(receipt) = args.command {
        return papers::receipt(&asker, receipt, args.json);
    }
    let answer = dispatch(&asker, args.command)?;
    if args.json {
        output::json(&answer);
    } else {
        print::answer(shape, &answer);
    }
    Ok(())
}

fn dispatch(asker: &Asker, command: DeskCommand) -> Outcome<Value> {
    match command {
        DeskCommand::Intake { file, renews } => asker.ask(Command::Intake {
            demand: read(&file)?,
            renews,
        }),
        DeskCommand::Review { id, record } => {
            if record {
                asker.act(&id, Act::Review {})?;
            }
            asker.ask(Command::Review { id })
        }
        DeskCommand::List => asker.ask(Command::List {}),
        DeskCommand::Show { id } => asker.show(&id),
        DeskCommand::Officers => asker.ask(Command::Officers {}),
        DeskCommand::Officer {
            handle,
            duties,
            none,
            key,
        } => asker.ask(Command::SetOfficer {
            handle,
            duties: (none || !duties.is_empty()).then_some(duties),
            key,
        }),
        DeskCommand::Hold { id, nothing, reason } => asker.act(&id, Act::Hold { nothing, reason }),
        DeskCommand::Outside(args) => outside(asker, args),
        DeskCommand::Scope { id, no_records } => {
            let done = asker.act(&id, Act::Scope {})?;
            if no_records {
                asker.record(&id, vec![facts::no_records()])
            } else {
                Ok(done)
            }
        }
        DeskCommand::Notice {
            id,
            preview,
            except,
            reason,
        } => match except {
            Some(ground) => asker.record(&id, vec![facts::except(ground, reason.as_deref())]),
            None if preview => asker.ask(Command::NoticePreview { id }),
            None => asker.act(&id, Act::Notice {}),
        },
        DeskCommand::Consent {
            id,
            keyholder,
            revoke,
            publish,
        } => {
            let answer = match (revoke, publish) {
                (true, _) => UserAnswer::Revoke {},
                (_, true) => UserAnswer::ConsentToPublish {},
                _ => UserAnswer::Consent {},
            };
            asker.act(&id, Act::PassOn { keyholder, answer })
        }
        DeskCommand::UserObjects { id, keyholder, words } => {
            let answer = UserAnswer::Object { words: read(&words)? };
            asker.act(&id, Act::PassOn { keyholder, answer })
        }
        DeskCommand::Counsel { id, keyholder, key } => {
            let answer = UserAnswer::Counsel { key };
            asker.act(&id, Act::PassOn { keyholder, answer })
        }
        DeskCommand::Approve { id, step } => asker.act(&id, Act::Approve { step: step_of(step) }),
        DeskCommand::Preview { id, redactions } => asker.ask(Command::Preview {
            id,
            items: None,
            redactions: redactions_of(&redactions)?,
        }),
        DeskCommand::Ready { id, redactions } => {
            let redactions = redactions_of(&redactions)?;
            asker.act(
                &id,
                Act::Ready {
                    items: None,
                    redactions,
                },
            )
        }
        DeskCommand::Produce {
            id,
            to,
            out,
            emergency,
        } => asker.ask(Command::Produce {
            id,
            expected: asker.expected,
            to,
            emergency,
            out: absolute(&out)?,
        }),
        DeskCommand::Manifests { id } => asker.ask(Command::Manifests { id }),
        DeskCommand::Close { id } => asker.act(&id, Act::Close {}),
        DeskCommand::Preserve {
            id,
            columns,
            until,
            release,
        } => {
            let columns: BTreeSet<String> = columns.into_iter().collect();
            match until {
                None if release => asker.act(&id, Act::PreserveUntil { until: None }),
                None => Err(Failure::new("say until when with --until, or --release")),
                Some(until) if columns.is_empty() => {
                    asker.act(&id, Act::PreserveUntil { until: Some(until) })
                }
                Some(until) => asker.act(&id, Act::Preserve { columns, until }),
            }
        }
        DeskCommand::Paper {
            id,
            add,
            name,
            counsel_note,
            get,
            out,
        } => paper(asker, id, add.as_deref(), name, counsel_note, get.zip(out)),
        DeskCommand::Copy(args) => papers::copy(asker, args),
        DeskCommand::Pages(args) => papers::pages(&args),
        DeskCommand::Redact(args) => papers::redact(&args),
        DeskCommand::Record { id, file } => {
            let read: Value = serde_json::from_str(&read(&file)?)
                .map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
            let facts = match read {
                Value::Array(facts) => facts,
                fact => vec![fact],
            };
            asker.record(&id, facts)
        }
        DeskCommand::Seldom(command) => courts::seldom(asker, command),
        typed => facts::typed(asker, typed),
    }
}

/// Records a statement, and lists what is asked and was said.
fn outside(asker: &Asker, args: OutsideArgs) -> Outcome<Value> {
    if let (Some(line), Some(about), Some(words)) = (args.line, args.about, args.say) {
        asker.act(&args.id, Act::StateOutside { line, about, words })?;
    }
    let review = asker.ask(Command::Review { id: args.id })?;
    Ok(review["outside"].clone())
}

fn paper(
    asker: &Asker,
    id: String,
    add: Option<&Path>,
    name: String,
    counsel_note: bool,
    get: Option<(String, std::path::PathBuf)>,
) -> Outcome<Value> {
    if let Some((paper, out)) = get {
        let out = absolute(&out)?;
        return asker.ask(Command::Paper { id, paper, out });
    }
    let Some(file) = add else {
        return asker.ask(Command::Papers { id });
    };
    if !counsel_note {
        papers::can_be_drawn(file)?;
    }
    let kind = if counsel_note { "counsel_note" } else { "document" }.to_owned();
    asker.ask(Command::AddPaper {
        id,
        kind,
        name,
        file: absolute(file)?,
    })
}

/// The step that a word means.
pub const fn step_of(step: StepArg) -> Step {
    match step {
        StepArg::Determination => Step::Determination,
        StepArg::Ready => Step::Ready,
        StepArg::Production => Step::Production,
        StepArg::NoticeException => Step::NoticeException,
        StepArg::CourtOrder => Step::CourtOrder,
        StepArg::Terms => Step::Terms,
    }
}

fn redactions_of(texts: &[String]) -> Outcome<BTreeSet<Redaction>> {
    let wrong = |text: &str| Failure::new(format!("{text:?} is no redaction; write it as in 0:posts.text:3"));
    texts
        .iter()
        .map(|text| {
            let mut parts = text.split(':');
            let (account, column, row) = (parts.next(), parts.next(), parts.next());
            match (
                account.and_then(|n| n.parse().ok()),
                column,
                row.and_then(|n| n.parse().ok()),
            ) {
                (Some(account), Some(column), Some(row)) => Ok(Redaction {
                    account,
                    column: column.to_owned(),
                    row,
                }),
                _ => Err(wrong(text)),
            }
        })
        .collect()
}

/// The server's directory is not this one.
fn absolute(path: &Path) -> Outcome<std::path::PathBuf> {
    std::path::absolute(path).map_err(|error| Failure::new(format!("{} is no path: {error}", path.display())))
}

/// Reads a text.
pub fn read(path: &Path) -> Outcome<String> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("{} could not be read: {error}", path.display())))
}
