//! What is open: each opening held against its leaf, each receipt against its place.

use std::collections::BTreeMap;

use bauta_ledger::leaf::Opening;
use bauta_ledger::log::opening_path;
use bauta_ledger::proof::Extra;
use bauta_ledger::tile::TILE_WIDTH;
use bauta_ledger::{Leaf, TlogProof};
use bauta_legal::record::Entry;
use bauta_legal::report::Opened;

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
