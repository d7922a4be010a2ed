//! `bauta ledger key show|rotate`, `bauta ledger status`.

use bauta_ledger::Policy;
use bauta_ledger::log::{KeyFolder, Log, LogError};
use serde_json::json;

use crate::cli::{KeyCommand, LedgerArgs, LedgerCommand, Settings};
use crate::config::Config;
use crate::failure::{Failure, Outcome};
use crate::output;

/// A log keeps the name of its first key for ever: none is made under a name that nobody gave.
const NAMELESS: &str = "this log has no key yet, and keeps the name of its first one for ever: start the server once, or \
     name it with --domain or --config, as for bauta serve";

/// Runs the subcommand. The keys and the log are plain files: a running server takes a new key with the next hour.
pub fn run(args: LedgerArgs) -> Outcome<()> {
    let config = Config::load(&Settings {
        domain: args.domain,
        ..args.data.into()
    })?;
    let failed = |error: LogError| Failure::new(error.to_string());
    if !config.data.is_dir() {
        return Err(Failure::new(format!(
            "there is no data directory {}; name it with --data",
            config.data.display()
        )));
    }
    let keys = KeyFolder::open(&config.keys(), &config.log_folder())
        .map_err(|error| Failure::new(format!("the keys of the log: {error}")))?;
    let origin = match config.log_name()? {
        Some(origin) => origin,
        None if config.named => config.log_origin()?,
        None => return Err(Failure::new(NAMELESS)),
    };
    match args.command {
        LedgerCommand::Key {
            command: KeyCommand::Show,
        } => {
            let ring = keys.load(&origin).map_err(failed)?;
            let current: Vec<String> = ring.current().map(ToString::to_string).collect();
            let ever: Vec<String> = ring.ever().iter().map(ToString::to_string).collect();
            if args.json {
                output::json(&json!({"origin": origin, "signing": current, "ever": ever}));
            } else {
                for key in &current {
                    output::line(key);
                }
            }
        }
        LedgerCommand::Key {
            command: KeyCommand::Rotate { drop_old },
        } => {
            let key = keys.rotate(&origin, drop_old).map_err(failed)?;
            if args.json {
                output::json(&json!({"origin": origin, "key": key.to_string()}));
            } else {
                output::line(&key.to_string());
                output::note("Tell the witnesses of this log: they believe only keys that they know.");
            }
        }
        LedgerCommand::Status => {
            let ring = keys.load(&origin).map_err(failed)?;
            // Reads and checks all of it; a `pending` checkpoint is the running server's to publish.
            let log = Log::look(&config.log_folder(), ring).map_err(failed)?;
            let policy = config.log_policy()?;
            print_status(&log, &policy, args.json);
        }
    }
    Ok(())
}

fn print_status(log: &Log, policy: &Policy, as_json: bool) {
    let witnesses: Vec<_> = policy
        .witnesses()
        .iter()
        .map(|witness| witness.key.clone())
        .collect();
    let cosigned = log.checkpoint().map_or(0, |newest| {
        newest
            .note
            .verified(&witnesses)
            .map_or(0, |verified| verified.len())
    });
    let (size, root) = (log.size(), log.root().to_string());
    if as_json {
        output::json(&json!({
            "origin": log.origin(),
            "size": size,
            "root": root,
            "next_epoch": log.next_epoch(),
            "witnesses": witnesses.len(),
            "cosigned": cosigned,
        }));
        return;
    }
    output::line(&format!(
        "{}: {size} leaves, and every tile fits them",
        log.origin()
    ));
    output::line(&format!("root {root}"));
    if witnesses.is_empty() {
        output::line("no witness: nobody can know whether this copy of the log is the newest");
    } else {
        output::line(&format!(
            "{cosigned} of {} witnesses have cosigned it",
            witnesses.len()
        ));
    }
}
