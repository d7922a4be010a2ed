//! `bauta peers …`: has it done, and prints it.

use std::fmt::Write;

use bauta_model::counted;
use serde_json::Value;

use crate::admin::{self, Peers, Request, Wish};
use crate::cli::peers::{ModeArg, PeersArgs, PeersCommand, RuleArgs, ShowArg};
use crate::failure::{Failure, Outcome};
use crate::output;

/// Runs the subcommand.
pub fn run(args: PeersArgs) -> Outcome<()> {
    let asked = asked(&args.command)?;
    let answer = admin::ask(&args.data.into(), &Request::Peers { asked })?;
    match args.command {
        PeersCommand::Export => output::bytes(answer.as_str().unwrap_or_default().as_bytes()),
        _ if args.json => output::json(&answer),
        PeersCommand::List => list(&answer),
        PeersCommand::Import { apply, .. } => import(&answer, apply),
        PeersCommand::Queue => queue(&answer),
        PeersCommand::Mode { .. } => output::line(&format!("mode: {}", text(&answer, "mode"))),
        PeersCommand::ShowTo { .. } => output::line(&format!("shown to: {}", text(&answer, "shown_to"))),
        PeersCommand::PurgeMedia { .. } => {
            output::line(&counted(
                number(&answer, "copies"),
                "copy deleted",
                "copies deleted",
            ));
        }
        PeersCommand::Retry { .. } | PeersCommand::Drop { .. } => {
            output::line(&counted(number(&answer, "deliveries"), "delivery", "deliveries"));
        }
        _ => output::line(&format!(
            "done: {} there, {} ended",
            counted(number(&answer, "accounts"), "known account", "known accounts"),
            counted(number(&answer, "severed"), "follow", "follows")
        )),
    }
    Ok(())
}

fn asked(command: &PeersCommand) -> Outcome<Peers> {
    Ok(match command {
        PeersCommand::List => Peers::List,
        PeersCommand::Block(rule) => wish(rule, "suspend"),
        PeersCommand::Limit(rule) => wish(rule, "silence"),
        PeersCommand::Allow(rule) => wish(rule, "noop"),
        PeersCommand::Remove { domain } => Peers::Remove {
            domain: domain.clone(),
        },
        PeersCommand::Import { file, apply } => Peers::Import {
            csv: std::fs::read_to_string(file)
                .map_err(|error| Failure::new(format!("{} could not be read: {error}", file.display())))?,
            apply: *apply,
        },
        PeersCommand::Export => Peers::Export,
        PeersCommand::Mode { mode } => Peers::OnlyAllowed {
            on: *mode == ModeArg::AllowList,
        },
        PeersCommand::ShowTo { whom } => Peers::ShowTo {
            whom: match whom {
                ShowArg::Nobody => "nobody",
                ShowArg::Members => "members",
                ShowArg::Everybody => "everybody",
            }
            .to_owned(),
        },
        PeersCommand::Queue => Peers::Queue,
        PeersCommand::Retry { host } => Peers::Retry { host: host.clone() },
        PeersCommand::PurgeMedia { domain } => Peers::PurgeMedia {
            domain: domain.clone(),
        },
        PeersCommand::Drop { host } => Peers::Drop { host: host.clone() },
    })
}

fn wish(args: &RuleArgs, severity: &str) -> Peers {
    Peers::Put(Wish {
        domain: args.domain.clone(),
        severity: severity.to_owned(),
        public_comment: args.public_comment.clone(),
        private_comment: args.private_comment.clone(),
        obfuscate: args.obfuscate,
        reject_media: args.reject_media,
        reject_reports: args.reject_reports,
    })
}

fn list(answer: &Value) {
    output::line(&format!(
        "mode: {}; rules are shown to {}",
        text(answer, "mode"),
        text(answer, "shown_to")
    ));
    for rule in each(answer, "rules") {
        let mut line = format!("{:8} {}", text(rule, "severity"), text(rule, "domain"));
        for flag in ["reject_media", "reject_reports", "obfuscate"] {
            if rule[flag] == true {
                let _ = write!(line, " {flag}");
            }
        }
        for comment in ["public_comment", "private_comment"] {
            if !text(rule, comment).is_empty() {
                let _ = write!(line, "\n         {comment}: {}", text(rule, comment));
            }
        }
        output::line(&line);
    }
}

fn import(answer: &Value, applied: bool) {
    for bad in each(answer, "bad") {
        output::line(&format!("line {}: {}", bad["line"], text(bad, "why")));
    }
    for change in each(answer, "changes") {
        output::line(&format!(
            "{}: {} -> {} ({} there, {} to end)",
            text(change, "domain"),
            change["before"].as_str().unwrap_or("no rule"),
            text(change, "after"),
            counted(number(change, "accounts"), "known account", "known accounts"),
            counted(number(change, "severed"), "follow", "follows"),
        ));
    }
    let count = counted(each(answer, "changes").count(), "rule", "rules");
    if applied {
        output::line(&format!("{count} changed"));
    } else {
        output::line(&format!("{count} would change; --apply changes them"));
    }
}

fn queue(answer: &Value) {
    let waiting = counted(number(answer, "deliveries"), "delivery", "deliveries");
    output::line(&format!("waiting: {waiting}"));
    for of in each(answer, "waiting") {
        output::line(&format!(
            "{}: {} since {}, tried {}, next {}",
            text(of, "host"),
            of["deliveries"],
            text(of, "since"),
            counted(number(of, "attempts"), "time", "times"),
            text(of, "next"),
        ));
    }
    for of in each(answer, "given_up") {
        output::line(&format!(
            "{}: {} given up, last on {}",
            text(of, "host"),
            of["deliveries"],
            text(of, "last"),
        ));
    }
}

fn each<'v>(answer: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    answer[name].as_array().into_iter().flatten()
}

fn text<'v>(answer: &'v Value, name: &str) -> &'v str {
    answer[name].as_str().unwrap_or_default()
}

fn number(answer: &Value, name: &str) -> u64 {
    answer[name].as_u64().unwrap_or_default()
}
