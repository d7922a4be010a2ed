//! Files that are whole or not there: written beside, synced, renamed, and the folder synced.
//!
//! Every step can be made to fail or to end the process, for the test that kills at each of them.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Is called before each step that changes the disk, with what it is; an error ends the work there.
pub type Step = Arc<dyn Fn(&str) -> io::Result<()> + Send + Sync>;

/// A folder of plain files.
#[derive(Clone)]
pub(crate) struct Disk {
    root: PathBuf,
    step: Step,
}

/// Whether others may read a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Made to be published.
    Public,
    /// Only its owner.
    Private,
}

impl Disk {
    /// Uses a folder, and makes it where it is not there.
    pub fn open(root: &Path, step: Step) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(root)?;
        Ok(Self {
            root: root.to_owned(),
            step,
        })
    }

    /// The bytes of a file, or nothing where there is none.
    pub fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.root.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes a file. When this returns it is on the disk under its name; before, the old one or none is.
    pub fn write(&self, path: &str, bytes: &[u8], access: Access) -> io::Result<()> {
        let folder = self.put(path, bytes, access)?;
        self.sync_folder_of(path, &folder)
    }

    /// Writes files, of which none is relied upon before this returns: then all are on the disk under their names. Each
    /// folder is synced once, which halves the waiting where many hours were missed.
    pub fn write_all(&self, files: &[(String, Vec<u8>)], access: Access) -> io::Result<()> {
        let mut folders = BTreeMap::new();
        for (path, bytes) in files {
            folders.insert(self.put(path, bytes, access)?, path);
        }
        folders
            .iter()
            .try_for_each(|(folder, path)| self.sync_folder_of(path, folder))
    }

    fn sync_folder_of(&self, path: &str, folder: &Path) -> io::Result<()> {
        (self.step)(&format!("sync the folder of {path}"))?;
        sync_folder(folder)
    }

    /// Writes a file and syncs it under its name, and gives the folder, which is not synced yet.
    fn put(&self, path: &str, bytes: &[u8], access: Access) -> io::Result<PathBuf> {
        let target = self.root.join(path);
        let folder = target.parent().unwrap_or(&self.root).to_owned();
        self.make_folder(&folder)?;
        let mut part = target.clone().into_os_string();
        part.push(".part");
        let part = PathBuf::from(part);
        (self.step)(&format!("write {path}"))?;
        let mode = if access == Access::Public { 0o644 } else { 0o600 };
        let mut file = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(true)
            .mode(mode)
            .open(&part)?;
        file.write_all(bytes)?;
        (self.step)(&format!("sync {path}"))?;
        file.sync_all()?;
        (self.step)(&format!("rename {path}"))?;
        fs::rename(&part, &target)?;
        Ok(folder)
    }

    /// Takes a file away, if it is there.
    pub fn remove(&self, path: &str) -> io::Result<()> {
        (self.step)(&format!("remove {path}"))?;
        match fs::remove_file(self.root.join(path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Takes a folder away with what is in it, if it is there.
    pub fn remove_folder(&self, path: &str) -> io::Result<()> {
        (self.step)(&format!("remove {path}"))?;
        match fs::remove_dir_all(self.root.join(path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Each folder is made in one that is on the disk, so that a file's name outlives a crash.
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        let parent = folder.parent().unwrap_or(&self.root);
        if folder != self.root {
            self.make_folder(parent)?;
        }
        (self.step)("make a folder")?;
        DirBuilder::new().mode(0o755).create(folder)?;
        sync_folder(parent)
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
