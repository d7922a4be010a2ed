//! The turn of a day: what is still there keeps a key, and everything else loses it.

use std::cmp::Ordering;
use std::sync::Arc;

use bauta_model::Day;

use crate::key_file::{Entry, KeyFile, Writing};
use crate::keyring;
use crate::value::{Id, Key, Sealed};
use crate::{Keyring, Place, Result, Root};

/// What a look over all sealed values has found.
pub struct Survivors {
    /// The day that will be that of the key file.
    day: Day,
    sealing: Arc<Key>,
    before: Vec<Arc<Key>>,
    /// Values that must have a key in the file already.
    old: Vec<Id>,
    /// Keys of values that had none of their own.
    new: Vec<Entry>,
}

/// What a turn did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Turned {
    /// The day of the keys from now on.
    pub day: Day,
    /// Values that have a key of their own.
    pub kept: u64,
    /// Values that are there and have no key: they can't be opened any more.
    pub lost: u64,
}

impl Keyring {
    /// From now on values are sealed under the key of `today`. To be called where nothing is being written; whatever is
    /// sealed before must be there to be seen when the look begins. Whether a turn is due.
    ///
    /// # Errors
    /// None, unless the day is a century ahead.
    pub fn begin_turn(&self, today: Day) -> Result<bool> {
        let mut held = self.held.write();
        held.lead_to(today)?;
        Ok(held.days.len() > 1)
    }

    /// A look over all values that begins now.
    pub fn look(&self) -> Survivors {
        let held = self.held.read();
        let day = held.days.last().map_or(held.root.day(), |(day, _)| *day);
        let before = held.days.len().saturating_sub(1);
        Survivors {
            day,
            sealing: held.sealing(),
            before: held.days[..before]
                .iter()
                .map(|(_, key)| Arc::clone(key))
                .collect(),
            old: Vec::new(),
            new: Vec::new(),
        }
    }

    /// Ends a turn: writes the key file anew with what survived, under the root of the new day, and forgets the old
    /// roots. `plain` says that values which are not sealed may still be there.
    ///
    /// # Errors
    /// [`crate::Error::File`]; the old keys are in force then, and the turn can be begun again.
    pub fn end_turn(&self, survivors: Survivors, plain: bool) -> Result<Turned> {
        let (root, file) = {
            let held = self.held.read();
            (held.root.on(survivors.day)?, Arc::clone(&held.file))
        };
        let writing = keyring::begin(&self.folder, &root, plain)?;
        let turned = survivors.write(writing, &file)?;
        keyring::put_in_place(&self.folder)?;
        self.take_up(root)?;
        Ok(turned)
    }

    /// The new file is the one in force. The old root and the keys of the days before are zero once nobody holds them.
    fn take_up(&self, root: Root) -> Result<()> {
        let file = keyring::reopen(&self.folder, &root)?;
        let mut held = self.held.write();
        held.days.retain(|(day, _)| *day >= root.day());
        held.root = root;
        held.file = file;
        Ok(())
    }
}

impl Survivors {
    /// Notes a value that is still there.
    pub fn note(&mut self, place: &Place, bytes: &[u8]) {
        let Some(sealed) = Sealed::of(bytes) else {
            return;
        };
        if sealed.open(&sealed.own_key(&self.sealing), place).is_some() {
            return;
        }
        let keys = self.before.iter().rev().map(|day| sealed.own_key(day));
        match keys.into_iter().find(|own| sealed.open(own, place).is_some()) {
            Some(key) => self.new.push(Entry { id: sealed.id(), key }),
            None => self.old.push(sealed.id()),
        }
    }

    /// Merges the keys that stay with the new ones.
    fn write(mut self, mut writing: Writing, file: &KeyFile) -> Result<Turned> {
        self.old.sort_unstable();
        self.old.dedup();
        self.new.sort_unstable_by_key(|entry| entry.id);
        let mut old = self.old.iter().peekable();
        let mut new = self.new.iter().peekable();
        let mut lost = 0;
        file.each(|entry| {
            while let Some(added) = new.next_if(|added| added.id < entry.id) {
                writing.add(added)?;
            }
            while old.next_if(|id| **id < entry.id).is_some() {
                lost += 1;
            }
            match old.peek().map(|id| (**id).cmp(&entry.id)) {
                Some(Ordering::Equal) => {
                    old.next();
                    writing.add(&entry)
                }
                _ => Ok(()),
            }
        })?;
        new.try_for_each(|added| writing.add(added))?;
        lost += old.count() as u64;
        Ok(Turned {
            day: self.day,
            kept: writing.end()?,
            lost,
        })
    }
}
