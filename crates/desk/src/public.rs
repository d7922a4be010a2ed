//! The public record: in the transaction of each event its target-free form is queued for the log, closed, and opened as far
//! as the demand was published.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bauta_legal::record::{Entry as Told, PublicId, Step, Tally, steps, tally};
use bauta_legal::{Hash, Logged, Publication};
use bauta_model::LogEntryId;
use bauta_store::Conn;
use bauta_store::log_entries::{self, LogEntry, Open};

use crate::{Case, Refused};

/// Seconds of an hour: the log's epoch.
const EPOCH: i64 = 3600;

/// Queues what of a demand's events is not in the log yet. Nothing while counsel defers it, or where it is told in a band.
pub(crate) fn queue(conn: &mut Conn, case: &Case, salt: &str) -> Result<(), Refused> {
    let now = conn.now();
    if case.state.logged(now) != Logged::Entry {
        return Ok(());
    }
    let id = PublicId::read(&case.public_name).ok_or_else(Refused::failed)?;
    let salt: Hash = salt.parse().map_err(|_| Refused::failed())?;
    let told = steps(&id, &case.events, salt.bytes()).map_err(|_| Refused::failed())?;
    let mut queued = 0;
    let mut tallies: Vec<Tally> = Vec::new();
    for entry in log_entries::about(conn, case.id.get())? {
        match Told::parse(entry.payload.as_bytes()) {
            Ok(Told::Step(_)) => queued += 1,
            Ok(Told::Tally(tally)) => tallies.push(*tally),
            _ => {}
        }
    }
    let page = case.state.publication >= Publication::RedactedPage;
    for step in told.iter().skip(queued) {
        let open = if page { Open::Wanted } else { Open::Closed };
        put(conn, case, &step.clone().into(), open)?;
    }
    if page {
        log_entries::open_all_about(conn, case.id.get())?;
    }
    if case.state.publication >= Publication::Aggregate {
        count(conn, case, &told, &tallies)?;
    }
    Ok(())
}

/// The coarse line, revised by an appended one when it has changed.
fn count(conn: &mut Conn, case: &Case, told: &[Step], before: &[Tally]) -> Result<(), Refused> {
    let revisions = before.len() as u32;
    let of = |revision| tally(told, revision).map_err(|_| Refused::failed());
    let unchanged = match revisions.checked_sub(1) {
        Some(last) => before.contains(&of(last)?),
        None => false,
    };
    if !unchanged {
        put(conn, case, &of(revisions)?.into(), Open::Wanted)?;
    }
    Ok(())
}

pub(crate) fn put(conn: &mut Conn, case: &Case, entry: &Told, open: Open) -> Result<(), Refused> {
    let payload = entry.to_bytes().map_err(|_| Refused::failed())?;
    let mut salt = [0; 32];
    getrandom::fill(&mut salt).expect("the operating system has randomness");
    let entry = LogEntry {
        id: LogEntryId::random(),
        about: case.id.get(),
        epoch: conn.now().unix_seconds() / EPOCH,
        leaf: None,
        open,
        salt: STANDARD.encode(salt),
        payload: String::from_utf8(payload).map_err(|_| Refused::failed())?,
    };
    Ok(log_entries::insert(conn, &entry)?)
}
