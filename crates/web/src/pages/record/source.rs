//! The opened entries, from the log's own folder: what verify reads is what the pages are made of.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bauta_ledger::leaf::Opening;
use bauta_legal::record::Entry;
use bauta_legal::report::Opened;

/// The data directory, whose `log` folder has the openings. The program puts it on the router as an extension.
#[derive(Clone)]
pub struct RecordFolder(pub PathBuf);

/// Openings are in folders of at most this depth (tlog-tiles: three digits each).
const MOST_DEPTH: usize = 7;

/// Every opened entry, by its place in the log. Waits for the disk.
///
/// # Errors
/// When a file can't be read, or is no file of openings: a record that is damaged is not shown in part.
pub fn opened(folder: &Path) -> io::Result<Vec<Opened>> {
    let mut opened = Vec::new();
    below(&folder.join("log/openings"), MOST_DEPTH, &mut opened)?;
    opened.sort_by_key(|one| one.index);
    Ok(opened)
}

fn below(folder: &Path, depth: usize, opened: &mut Vec<Opened>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let digits = name.strip_prefix('x').unwrap_or(&name);
        // A file that is being written has another name until it is whole.
        if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            if depth > 0 {
                below(&entry.path(), depth - 1, opened)?;
            }
        } else {
            file(&entry.path(), opened)?;
        }
    }
    Ok(())
}

fn file(path: &Path, opened: &mut Vec<Opened>) -> io::Result<()> {
    let text = fs::read_to_string(path)?;
    let openings = Opening::parse_all(&text).map_err(io::Error::other)?;
    for opening in openings {
        let entry = Entry::parse(opening.payload.as_bytes()).map_err(io::Error::other)?;
        opened.push(Opened {
            index: opening.index,
            entry,
        });
    }
    Ok(())
}
