//! Between the rows of the queue and what the log commits to.

use bauta_ledger::leaf::{Commitment, MOST_PAYLOAD_BYTES, epoch_of};
use bauta_ledger::{Opening, Salt};
use bauta_model::{CoarseTime, LogEntryId};
use bauta_store::log_entries::{LogEntry, Open};

use crate::Failed;

/// A new entry about `about`, to be inserted in the transaction of what it tells. `payload` is canonical JSON; with
/// `open` it is opened as soon as it is in the log.
///
/// # Errors
/// [`Failed::NoEntry`] when the payload is too long for an entry, or the system has no randomness.
pub fn entry(about: i64, now: CoarseTime, payload: String, open: bool) -> Result<LogEntry, Failed> {
    if payload.len() > MOST_PAYLOAD_BYTES {
        return Err(Failed::NoEntry);
    }
    let salt = Salt::random().map_err(|_| Failed::NoEntry)?;
    Ok(LogEntry {
        id: LogEntryId::random(),
        about,
        epoch: epoch_of(now.unix_seconds().max(0).cast_unsigned()).cast_signed(),
        leaf: None,
        open: if open { Open::Wanted } else { Open::Closed },
        salt: salt.to_base64(),
        payload,
    })
}

/// What the log commits to for an entry.
pub(crate) fn commitment(entry: &LogEntry) -> Result<Commitment, Failed> {
    let salt = Salt::from_base64(&entry.salt).ok_or(Failed::NoEntry)?;
    Ok(Commitment::to(&salt, entry.payload.as_bytes()))
}

/// What opens an entry that has a leaf.
pub(crate) fn opening(entry: &LogEntry) -> Result<Option<Opening>, Failed> {
    let Some(leaf) = entry.leaf else { return Ok(None) };
    Ok(Some(Opening {
        index: leaf.cast_unsigned(),
        salt: Salt::from_base64(&entry.salt).ok_or(Failed::NoEntry)?,
        payload: entry.payload.clone(),
    }))
}
