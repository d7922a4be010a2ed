//! What courts and issuers do, and what a desk seldom does: from words of the command line to what the desk records.

use bauta_desk::Act;
use serde_json::{Value, json};

use super::Asker;
use super::facts::{court_paper, narrowed};
use crate::cli::courts::{CourtArgs, OutcomeArg, SeldomCommand};
use crate::failure::Outcome;

/// Does one of these steps.
pub fn seldom(asker: &Asker, command: SeldomCommand) -> Outcome<Value> {
    let process = |name: &str, fields: Value| vec![json!({"process": {name: fields}})];
    match command {
        SeldomCommand::Enforcement { id, court } => {
            asker.record(&id, process("enforcement_sought", json!({"court": court})))
        }
        SeldomCommand::Court(args) => {
            let fields = decided(&args)?;
            asker.record(&args.id, process("adjudicated", fields))
        }
        SeldomCommand::Appeal { id, court } => {
            asker.record(&id, process("review_sought", json!({"court": court})))
        }
        SeldomCommand::Stale { id, reason } => {
            asker.record(&id, process("went_stale", json!({"reason": reason})))
        }
        SeldomCommand::Effect { id } => asker.record(&id, process("effect_given", json!({}))),
        SeldomCommand::DeferLog { id, reason, .. } => {
            let facts = match reason {
                Some(reason) => process("log_deferred", json!({"reason": reason})),
                None => process("log_resumed", json!({})),
            };
            asker.record(&id, facts)
        }
        SeldomCommand::Deadline {
            id,
            name,
            until,
            binds,
            reason,
        } => asker.act(
            &id,
            Act::SetDeadline {
                name,
                until,
                binds,
                reason,
            },
        ),
        SeldomCommand::Terms { id, reason } => asker.act(&id, Act::ReviseTerms { reason }),
        SeldomCommand::LetIn { id, named } => asker.act(&id, Act::LetIn { named }),
    }
}

fn decided(args: &CourtArgs) -> Outcome<Value> {
    let outcome = match args.outcome {
        OutcomeArg::Quashed => json!({"quashed": {}}),
        OutcomeArg::Enforced => json!({"enforced": {}}),
        OutcomeArg::Narrowed => {
            let lines = args
                .lines
                .iter()
                .map(|line| narrowed(line))
                .collect::<Outcome<Vec<_>>>()?;
            json!({"modified": {"lines": lines}})
        }
    };
    Ok(json!({"outcome": outcome, "document": court_paper(&args.paper)?}))
}
