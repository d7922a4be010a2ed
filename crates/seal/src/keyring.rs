//! The keys that a running server has: those of the day, and the key file.

use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bauta_model::Day;
use parking_lot::RwLock;

use crate::key_file::{KeyFile, Writing};
use crate::value::{self, Key, Sealed, State};
use crate::{Error, Place, Result, Root};

/// The name of the key file in its folder.
const FILE: &str = "keys";

/// Under which it is written until it is whole.
const NEW: &str = "keys.new";

/// Whether `folder` has keys: what is kept beside it is sealed.
pub fn has_keys(folder: &Path) -> bool {
    folder.join(FILE).exists()
}

/// Seals and opens for a whole server.
pub struct Keyring {
    pub(crate) folder: PathBuf,
    pub(crate) held: RwLock<Held>,
}

/// What is held in memory, and nowhere else.
pub(crate) struct Held {
    /// The root of the key file's day.
    pub(crate) root: Root,
    /// The days whose values may have no key of their own yet, from the key file's on. The last one seals.
    pub(crate) days: Vec<(Day, Arc<Key>)>,
    pub(crate) file: Arc<KeyFile>,
}

impl Keyring {
    /// Makes the first key file in `folder`: values that are there already may be read as they are, until a turn has
    /// sealed them.
    ///
    /// # Errors
    /// [`Error::KeysAreThere`], [`Error::File`].
    pub fn make(folder: &Path, root: &Root) -> Result<()> {
        if has_keys(folder) {
            return Err(Error::KeysAreThere);
        }
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        Writing::begin(&folder.join(NEW), root, true)?.end()?;
        put_in_place(folder)
    }

    /// Opens the keys in `folder` with a root of their day or an earlier one.
    ///
    /// # Errors
    /// [`Error::WrongRoot`], [`Error::RootIsNewer`], [`Error::Damaged`], [`Error::File`].
    pub fn open(folder: &Path, root: &Root, today: Day) -> Result<Self> {
        let path = folder.join(FILE);
        let root = root.on(KeyFile::day_of(&path)?)?;
        let file = Arc::new(KeyFile::open(&path, &root)?);
        let mut held = Held {
            days: vec![(root.day(), Arc::new(root.values()))],
            root,
            file,
        };
        held.lead_to(today)?;
        Ok(Self {
            folder: folder.to_owned(),
            held: RwLock::new(held),
        })
    }

    /// The day of the key file.
    pub fn day(&self) -> Day {
        self.held.read().root.day()
    }

    /// Whether a turn is to be made.
    pub fn is_due(&self, today: Day) -> bool {
        self.expects_plain() || self.day() < today
    }

    /// Values that are not sealed may still be there, from before there were keys.
    pub fn expects_plain(&self) -> bool {
        self.held.read().file.header().plain
    }

    /// Seals `value` for its place, under the key of the day.
    pub fn seal(&self, place: &Place, value: &[u8]) -> Vec<u8> {
        if value.is_empty() {
            return value::plain(value);
        }
        let key = self.held.read().sealing();
        value::seal(&key, place, value)
    }

    /// Opens what was sealed for `place`. Nothing when there is no key for it any more, or it is of another place.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Damaged`] when the key file can't be read.
    pub fn open_value(&self, place: &Place, bytes: &[u8]) -> Result<Option<Vec<u8>>> {
        match value::state(bytes) {
            State::Empty => return Ok(Some(Vec::new())),
            State::Plain if self.expects_plain() => return Ok(Some(bytes[1..].to_vec())),
            State::Plain | State::Unknown => return Ok(None),
            State::Sealed => {}
        }
        let Some(sealed) = Sealed::of(bytes) else {
            return Ok(None);
        };
        let held = self.held.read();
        let before = &held.days[..held.days.len().saturating_sub(1)];
        if let Some(value) = sealed.open(&sealed.own_key(&held.sealing()), place) {
            return Ok(Some(value));
        }
        if let Some(own) = held.file.find(&sealed.id())? {
            return Ok(sealed.open(&own, place));
        }
        Ok(before
            .iter()
            .rev()
            .find_map(|(_, day)| sealed.open(&sealed.own_key(day), place)))
    }
}

impl Held {
    pub(crate) fn sealing(&self) -> Arc<Key> {
        let last = self.days.last().map(|(_, key)| Arc::clone(key));
        last.unwrap_or_else(|| Arc::new(self.root.values()))
    }

    /// Adds the keys of the days up to `today`. A clock that went back changes nothing.
    pub(crate) fn lead_to(&mut self, today: Day) -> Result<()> {
        let last = self.days.last().map_or(self.root.day(), |(day, _)| *day);
        for number in last.get() + 1..=today.get() {
            let day = Day::new(number);
            self.days.push((day, Arc::new(self.root.on(day)?.values())));
        }
        Ok(())
    }
}

/// Begins a new key file beside the one in use.
pub(crate) fn begin(folder: &Path, root: &Root, plain: bool) -> Result<Writing> {
    Writing::begin(&folder.join(NEW), root, plain)
}

/// Puts the new key file in the place of the old one. After a kill, one of the two is there.
pub(crate) fn put_in_place(folder: &Path) -> Result<()> {
    std::fs::rename(folder.join(NEW), folder.join(FILE))?;
    Ok(File::open(folder)?.sync_all()?)
}

/// Opens the key file of `folder`.
pub(crate) fn reopen(folder: &Path, root: &Root) -> Result<Arc<KeyFile>> {
    Ok(Arc::new(KeyFile::open(&folder.join(FILE), root)?))
}
