//! What is open: each opening held against its leaf, each receipt against its place.

use std::collections::BTreeMap;

use bauta_ledger::leaf::Opening;
use bauta_ledger::log::opening_path;
use bauta_ledger::note::NoteError;
use bauta_ledger::promise::Promise;
use bauta_ledger::proof::Extra;
use bauta_ledger::tile::TILE_WIDTH;
use bauta_ledger::{Leaf, Policy, TlogProof};
use bauta_legal::record::Entry;
use bauta_legal::report::Opened;

use crate::tree::Grown;
use crate::{Failure, Read, get};

/// Every opening of a log of `size` leaves.
pub fn read(read: &mut Read<'_>, size: u64) -> Result<Vec<Opening>, Failure> {
    let mut openings: Vec<Opening> = Vec::new();
    for first in (0..size).step_by(TILE_WIDTH as usize) {
        let path = format!("log/{}", opening_path(first));
        let Some(bytes) = get(read, &path)? else { continue };
        let text = String::from_utf8(bytes).map_err(|_| Failure::Opening(format!("{path} is not text")))?;
        let found =
            Opening::parse_all(&text).map_err(|error| Failure::Opening(format!("{path}: {error}")))?;
        // There is one way to write an opening: a bit that makes no difference to a reader is a change all the same.
        if found.iter().map(Opening::to_line).collect::<String>() != text {
            return Err(Failure::Opening(format!("{path} is not written as openings are")));
        }
        for opening in found {
            let in_place = (first..size.min(first + TILE_WIDTH)).contains(&opening.index);
            let in_order = openings.last().is_none_or(|last| last.index < opening.index);
            if !in_place || !in_order {
                let index = opening.index;
                return Err(Failure::Opening(format!(
                    "{path}: the opening of leaf {index} is out of place"
                )));
            }
            openings.push(opening);
        }
    }
    Ok(openings)
}

/// The entries that are open.
pub fn entries(openings: &[Opening], leaves: &BTreeMap<u64, Leaf>) -> Result<Vec<Opened>, Failure> {
    let entries = openings.iter().map(|opening| {
        let index = opening.index;
        if !leaves.get(&index).is_some_and(|leaf| opening.opens(leaf)) {
            return Err(Failure::Opening(format!(
                "leaf {index} does not commit to what is said to open it"
            )));
        }
        let entry = Entry::parse(opening.payload.as_bytes())
            .map_err(|error| Failure::Opening(format!("the entry of leaf {index}: {error}")))?;
        Ok(Opened { index, entry })
    });
    entries.collect()
}

/// What the reader brings along: promises, by their first line, and receipts.
pub fn brought(files: &[Vec<u8>], policy: &Policy) -> Result<(Vec<Promise>, Vec<TlogProof>), Failure> {
    let keys: Vec<_> = policy.logs().iter().map(|log| log.key.clone()).collect();
    let (mut promises, mut receipts) = (Vec::new(), Vec::new());
    for bytes in files {
        if Promise::is_one(bytes) {
            let promise = Promise::open(bytes, &keys).map_err(|error| match error {
                NoteError::Malformed(_) => Failure::Opening(format!("a promise: {error}")),
                _ => Failure::Signature(format!("a promise: {error}")),
            })?;
            promises.push(promise);
        } else {
            let receipt = TlogProof::parse(bytes);
            receipts.push(receipt.map_err(|error| Failure::Opening(format!("a receipt: {error}")))?);
        }
    }
    Ok((promises, receipts))
}

/// Whether each promise was kept: how many were, and how many still can be.
pub fn promises(promises: &[Promise], grown: &Grown, origin: &str) -> Result<(usize, usize), Failure> {
    let mut kept = 0;
    for promise in promises {
        let wrong = |why: String| Err(Failure::Opening(format!("a promise: {why}")));
        if promise.origin != origin {
            return wrong(format!(
                "it was given by {}, and this is {origin}",
                promise.origin
            ));
        }
        match grown.found.get(&promise.commitment) {
            Some(index) if *index >= promise.after_size => kept += 1,
            Some(index) => {
                return wrong(format!(
                    "its entry is leaf {index}, which was there before the promise"
                ));
            }
            None if grown.last_epoch.is_some_and(|last| last >= promise.by_epoch) => {
                return wrong(format!(
                    "its entry was to be in the log by epoch {}, and is not there: it was left out",
                    promise.by_epoch
                ));
            }
            None => {}
        }
    }
    Ok((kept, promises.len() - kept))
}

/// Whether each receipt's leaf is in the log, and is what the receipt opens.
pub fn receipts(receipts: &[TlogProof], leaves: &BTreeMap<u64, Leaf>) -> Result<usize, Failure> {
    for receipt in receipts {
        let index = receipt.index;
        let wrong = |why: &str| Failure::Opening(format!("the receipt of leaf {index}: {why}"));
        let leaf = leaves
            .get(&index)
            .ok_or_else(|| wrong("the log has no such leaf"))?;
        if !receipt.includes(&leaf.encode()) {
            return Err(wrong("its proof is of another leaf than the log has there"));
        }
        let extra = receipt
            .extra
            .as_deref()
            .ok_or_else(|| wrong("it opens nothing"))?;
        let extra = Extra::parse(extra).map_err(|error| wrong(&error.to_string()))?;
        if extra.epoch != leaf.epoch || extra.opening.index != index || !extra.opening.opens(leaf) {
            return Err(wrong("the leaf does not commit to what it says"));
        }
    }
    Ok(receipts.len())
}
