//! Which public log a restored server goes on with, and what its operator has to know (docs/decisions/0017).

use std::path::Path;

use bauta_ledger::log::{KeyFolder, LogError, copy};

use crate::config::Config;
use crate::failure::{Failure, Outcome};

/// The log that is there after a restore.
pub struct RestoredLog {
    /// Its leaves; nothing where none had begun.
    size: Option<u64>,
}

/// A log that is there already would be mixed with that of the backup.
pub fn refuse_another(config: &Config) -> Outcome<()> {
    match copy::newest(&config.log_folder()).map_err(failed)? {
        None => Ok(()),
        Some(_) => Err(Failure::new(
            "the data directory holds a public log already; restore into a fresh one",
        )),
    }
}

impl RestoredLog {
    /// Takes over the log of the data directory that was in use since the backup, where it is longer: what was signed
    /// is signed, and a second continuation would be a fork.
    pub fn newest_of(config: &Config, since: Option<&Path>) -> Outcome<Self> {
        let own = config.log_folder();
        let mut size = copy::newest(&own).map_err(failed)?;
        if let Some(since) = since
            && let Some((name, leaves)) = copy::newest(since).map_err(failed)?
        {
            if size.as_ref().is_some_and(|(own, _)| *own != name) {
                return Err(Failure::new(format!(
                    "{} is the log of {name}, and the backup's is another",
                    since.display()
                )));
            }
            if size.as_ref().is_none_or(|(_, own)| *own < leaves) {
                copy::copy(since, |path, bytes| copy::bring_back(&own, path, bytes)).map_err(failed)?;
                size = Some((name, leaves));
            }
        }
        Ok(Self {
            size: size.map(|(_, leaves)| leaves),
        })
    }

    /// What to do before the server starts.
    pub fn told(&self, config: &Config) -> Outcome<Vec<String>> {
        let Some(size) = self.size else {
            return Ok(vec![
                "The backup holds no public log: where the old server had one, bring back its log and its keys before you start."
                    .to_owned(),
            ]);
        };
        let mut lines = vec![format!("{size} leaves of the public log are back")];
        let keys = KeyFolder::open(&config.keys(), &config.log_folder())
            .map_err(LogError::from)
            .and_then(|keys| keys.origin())
            .map_err(failed)?;
        if keys.is_none() {
            let keys = config.keys();
            lines.push(format!(
                "Its keys are in no backup: bring your copy of them back to {} before you start, or nothing is signed.",
                keys.display()
            ));
        }
        lines.push(
            if config.log_policy()?.witnesses().is_empty() {
                "It has no witness, so nobody can know whether this is its newest copy. If the old server signed anything \
                 later, bring back that log, or restore with --since."
            } else {
                "Before it signs, it asks its witnesses: when one is ahead, this copy is an old one and nothing is signed."
            }
            .to_owned(),
        );
        Ok(lines)
    }
}

fn failed(error: LogError) -> Failure {
    Failure::new(error.to_string())
}
