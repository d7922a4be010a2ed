//! Where is looked: everything that somebody who takes the machine has, and everything that others were sent.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::marks::Fate;
use super::search::{Finder, Hit};

/// A kind of place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Place {
    Database,
    WriteAheadLog,
    Keys,
    OtherFiles,
    FileNames,
    Output,
    Memory,
    Backup,
    Core,
    Peer,
    Strangers,
    PostgresHeap,
    PostgresLog,
    PostgresWriteAhead,
    Image,
}

/// What the law says of a mark of that fate in that place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Says {
    Forbidden,
    May,
    /// A promise that is not kept yet, and where people are told so.
    KnownLimit(&'static str),
}

impl Place {
    /// For people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Database => "the database file",
            Self::WriteAheadLog => "the database's write-ahead log and journals",
            Self::Keys => "the files of keys",
            Self::OtherFiles => "every other file that the server wrote",
            Self::FileNames => "the names of all files",
            Self::Output => "the log and all other output",
            Self::Memory => "an image of the server's memory",
            Self::Backup => "a backup",
            Self::Core => "core files",
            Self::Peer => "what another server was sent",
            Self::Strangers => "pages, API and feeds, as a stranger gets them",
            Self::PostgresHeap => "PostgreSQL's tables and indexes",
            Self::PostgresLog => "PostgreSQL's own log",
            Self::PostgresWriteAhead => "PostgreSQL's write-ahead log",
            Self::Image => "the raw image of the file system",
        }
    }

    /// What is so for marks of a fate.
    pub fn says(self, fate: Fate) -> Says {
        match (fate, self) {
            (Fate::Public, _) | (Fate::Followers, Self::Peer) => Says::May,
            (
                Fate::Private | Fate::Followers,
                Self::Database
                | Self::WriteAheadLog
                | Self::Memory
                | Self::PostgresHeap
                | Self::PostgresWriteAhead
                | Self::Image,
            ) => Says::May,
            (Fate::Deleted, Self::PostgresHeap | Self::PostgresWriteAhead) => Says::KnownLimit(
                "on PostgreSQL deletion is not real until the database is sealed: the server's start, `bauta doctor` and /privacy say so",
            ),
            (Fate::Deleted, Self::Image) => Says::KnownLimit(
                "the file system keeps blocks that a file gave back, until it uses them again: `bauta doctor` and docs/privacy.md say so",
            ),
            _ => Says::Forbidden,
        }
    }
}

/// A mark that was found.
#[derive(Clone, Debug)]
pub struct Found {
    pub place: Place,
    /// A file's name, a page's path, a mapping.
    pub at: String,
    pub hit: Hit,
}

/// Everything that was found, and how much was looked at.
#[derive(Default)]
pub struct Evidence {
    pub found: Vec<Found>,
    pub looked: std::collections::BTreeMap<Place, (usize, u64)>,
}

impl Evidence {
    /// Looks at one thing.
    pub fn look(&mut self, finder: &Finder, place: Place, at: &str, bytes: &[u8]) {
        let looked = self.looked.entry(place).or_default();
        looked.0 += 1;
        looked.1 += bytes.len() as u64;
        let hits = finder.look(bytes).into_iter();
        self.found.extend(hits.map(|hit| Found {
            place,
            at: at.to_owned(),
            hit,
        }));
    }

    /// Looks at every file below `dir`, its names too. Files that go meanwhile were there for nobody.
    pub fn look_at_files(&mut self, finder: &Finder, dir: &Path, place: impl Fn(&str) -> Place + Copy) {
        for path in files(dir) {
            let name = path.strip_prefix(dir).unwrap_or(&path).display().to_string();
            if let Ok(bytes) = std::fs::read(&path) {
                self.look(finder, Place::FileNames, &name, name.as_bytes());
                self.look(finder, place(&name), &name, &bytes);
            }
        }
    }

    /// Looks at all memory of a process that can hold what it was told: as the superuser, who may.
    pub fn look_at_memory(&mut self, finder: &Finder, process: u32) {
        let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).expect("the process runs");
        let memory = File::open(format!("/proc/{process}/mem")).expect("the superuser may read it");
        for line in maps.lines() {
            let Some((from, to)) = writable(line) else {
                continue;
            };
            let mut bytes = vec![0; (to - from) as usize];
            if memory.read_exact_at(&mut bytes, from).is_err() {
                for (number, page) in bytes.chunks_mut(4096).enumerate() {
                    let _ = memory.read_exact_at(page, from + number as u64 * 4096);
                }
            }
            let name = line
                .split_ascii_whitespace()
                .nth(5)
                .unwrap_or("memory without a name");
            self.look(finder, Place::Memory, name, &bytes);
        }
    }
}

/// Where in a data directory a file belongs.
pub fn of_data(name: &str) -> Place {
    let ending = |end: &str| name.ends_with(end);
    if name.starts_with("keys") || ending(".key") {
        Place::Keys
    } else if ending("-wal") || ending("-shm") || ending("-journal") {
        Place::WriteAheadLog
    } else if ending(".sqlite") {
        Place::Database
    } else {
        Place::OtherFiles
    }
}

/// Where in PostgreSQL's directory a file belongs.
pub fn of_postgres(name: &str) -> Place {
    if name.starts_with("data/pg_wal") {
        Place::PostgresWriteAhead
    } else if name.starts_with("log") || name.starts_with("data/log") || name.starts_with("data/pg_log") {
        Place::PostgresLog
    } else {
        Place::PostgresHeap
    }
}

/// A mapping that the process can write, or that has no file behind it.
fn writable(line: &str) -> Option<(u64, u64)> {
    let mut fields = line.split_ascii_whitespace();
    let (range, mode, name) = (fields.next()?, fields.next()?, fields.nth(3).unwrap_or_default());
    let readable = mode.starts_with('r') && (mode.as_bytes()[1] == b'w' || !name.starts_with('/'));
    if !readable || name.starts_with("[v") {
        return None;
    }
    let (from, to) = range.split_once('-')?;
    Some((
        u64::from_str_radix(from, 16).ok()?,
        u64::from_str_radix(to, 16).ok()?,
    ))
}

/// Every file below `dir`.
pub fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => found.extend(files(&path)),
            Ok(kind) if kind.is_file() => found.push(path),
            _ => {}
        }
    }
    found
}
