//! A copy of a log's folder for a backup, and back. What is in it is public; the keys lie elsewhere.
//!
//! A copy can be taken beside the process that appends. Tiles are on the disk before a checkpoint names them, so the
//! checkpoint is read first; where there is another one by the end, tiles may have been tidied away meanwhile, and all of
//! it is read again.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::disk::{Access, Disk};
use crate::log::{CHECKPOINT, LogError, PENDING};

/// Which log it is, and how many leaves its newest checkpoint has: signed, or about to be. Nothing where none has begun.
///
/// # Errors
/// [`LogError::Damaged`] when that is no checkpoint.
pub fn newest(folder: &Path) -> Result<Option<(String, u64)>, LogError> {
    let signed = read(folder, CHECKPOINT)?
        .map(|bytes| SignedCheckpoint::parse(&bytes))
        .transpose()?
        .map(|signed| signed.checkpoint);
    let pending = read(folder, PENDING)?
        .map(|bytes| Checkpoint::parse(&String::from_utf8_lossy(&bytes)))
        .transpose()?;
    let newest = signed.into_iter().chain(pending).max_by_key(|found| found.size);
    Ok(newest.map(|found| (found.origin, found.size)))
}

/// Gives every file of the log in `folder` to `take`, by its path there. A path that comes twice counts as it came last.
///
/// # Errors
/// What the disk and `take` say.
pub fn copy<E: From<io::Error>>(
    folder: &Path,
    mut take: impl FnMut(&str, &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    loop {
        let heads = [CHECKPOINT, PENDING].map(|name| read(folder, name));
        let [checkpoint, pending] = heads;
        let (checkpoint, pending) = (checkpoint?, pending?);
        for (name, bytes) in [(CHECKPOINT, &checkpoint), (PENDING, &pending)] {
            if let Some(bytes) = bytes {
                take(name, bytes)?;
            }
        }
        let mut paths = Vec::new();
        walk(folder, "", &mut paths)?;
        for path in paths {
            if let Some(bytes) = read(folder, &path)? {
                take(&path, &bytes)?;
            }
        }
        if read(folder, CHECKPOINT)? == checkpoint {
            return Ok(());
        }
    }
}

/// Writes a file that [`copy`] gave. When this returns it is on the disk.
///
/// # Errors
/// [`LogError::Damaged`] for a path that is none of a log's.
pub fn bring_back(folder: &Path, path: &str, bytes: &[u8]) -> Result<(), LogError> {
    if !is_of_a_log(path) {
        return Err(LogError::Damaged(format!("{path:?} is no file of a log")));
    }
    let access = if path == PENDING {
        Access::Private
    } else {
        Access::Public
    };
    let disk = Disk::open(folder, Arc::new(|_| Ok(())))?;
    Ok(disk.write(path, bytes, access)?)
}

/// Files of a log are named by digits, small letters, and points that don't lead.
fn is_of_a_log(path: &str) -> bool {
    path.split('/').all(|part| {
        let plain = part
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.');
        plain && !part.is_empty() && !part.starts_with('.') && !is_half_written(part)
    })
}

fn is_half_written(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "part")
}

/// Paths of the files below `at`, but for the two heads and what is half written.
fn walk(folder: &Path, at: &str, found: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(folder.join(at)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let path = if at.is_empty() {
            name
        } else {
            format!("{at}/{name}")
        };
        if entry.file_type()?.is_dir() {
            walk(folder, &path, found)?;
        } else if is_of_a_log(&path) && path != CHECKPOINT && path != PENDING {
            found.push(path);
        }
    }
    Ok(())
}

/// The bytes of a file, or nothing where it is not there, or not any more.
fn read(folder: &Path, path: &str) -> io::Result<Option<Vec<u8>>> {
    match fs::read(folder.join(path)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        read => read.map(Some),
    }
}
