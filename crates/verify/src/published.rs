//! The report as a fold over the open entries, against the one that was published; demands replayed; documents hashed.

use bauta_legal::record::{Entry, Paper, Uncountable};
use bauta_legal::report::{self, Contradiction, Opened, package};
use bauta_legal::{Hash, State};

use crate::{Failure, Read, Verified, get};

/// Compares everything that was published with the entries.
pub fn check(read: &mut Read<'_>, entries: &[Opened], verified: &mut Verified) -> Result<(), Failure> {
    verified.replayed = replay(entries)?;
    let report = report::fold(entries).map_err(|error| contradiction(&error))?;
    verified.demands = report.total.demands;
    let files = package::files(&report).map_err(|error| Failure::Totals(error.to_string()))?;
    let mut missing = None;
    for file in &files {
        let path = format!("report/{}", file.path);
        match get(read, &path)? {
            Some(bytes) if bytes == file.bytes => verified.files += 1,
            Some(_) => {
                return Err(Failure::Totals(format!(
                    "{path} is not what the open entries come to"
                )));
            }
            None => missing = Some(path),
        }
    }
    if let Some(path) = missing.filter(|_| verified.files > 0) {
        return Err(Failure::Totals(format!(
            "{path} is not there, and the rest of the report is"
        )));
    }
    if verified.files == 0 {
        // The log alone, without its report: there is nothing to compare, and no document to hash.
        return Ok(());
    }
    for entry in entries {
        if let Entry::Paper(paper) = &entry.entry {
            document(read, paper)?;
            verified.documents += 1;
        }
    }
    Ok(())
}

/// Plays every demand whose steps are open through the states again.
fn replay(entries: &[Opened]) -> Result<usize, Failure> {
    let stories = report::stories(entries).map_err(|error| contradiction(&error))?;
    for (demand, steps) in &stories {
        let events = steps.iter().map(|step| &step.event);
        if let Err((step, why)) = State::fold(events) {
            return Err(Failure::Illegal(format!("demand {demand}, step {step}: {why}")));
        }
    }
    Ok(stories.len())
}

fn contradiction(error: &Contradiction) -> Failure {
    match error {
        Contradiction::Illegal {
            why: Uncountable::Illegal { .. },
            ..
        } => Failure::Illegal(error.to_string()),
        _ => Failure::Totals(error.to_string()),
    }
}

fn document(read: &mut Read<'_>, paper: &Paper) -> Result<(), Failure> {
    let path = format!("report/{}", paper.path());
    let bytes =
        get(read, &path)?.ok_or_else(|| Failure::Opening(format!("the document {path} is not there")))?;
    if bytes.len() == paper.bytes as usize && Hash::of(&bytes) == paper.sha256 {
        Ok(())
    } else {
        Err(Failure::Opening(format!(
            "the document {path} is not the one that the log names"
        )))
    }
}
