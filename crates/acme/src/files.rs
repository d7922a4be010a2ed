//! What is kept: the account at the authority, and the key with its chain.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The folder that holds the account and the certificate. Only its owner may look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder(PathBuf);

impl Folder {
    /// A folder, which need not be there yet.
    pub const fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// The PEM file with the private key and the chain.
    pub fn certificate(&self) -> PathBuf {
        self.0.join("certificate.pem")
    }

    /// The account's key at the authority, as JSON.
    pub(crate) fn account(&self) -> PathBuf {
        self.0.join("account.json")
    }

    /// Puts `bytes` in the place of a file: whoever reads it sees the old or the new, also after a loss of power.
    pub(crate) fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.0)?;
        let fresh = path.with_extension("new");
        // What a stop in the middle left behind.
        match fs::remove_file(&fresh) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&fresh)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&fresh, path)?;
        fs::File::open(&self.0)?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_is_replaced_is_whole_and_private() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = Folder::new(place.path().join("acme"));
        let path = folder.certificate();
        for text in [b"one".as_slice(), b"another"] {
            folder.replace(&path, text).expect("it can be written");
            assert_eq!(fs::read(&path).expect("it is there"), text);
        }
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().expect("a folder")), 0o700);
    }

    #[test]
    fn what_a_stop_left_behind_is_in_nobodys_way() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = Folder::new(place.path().to_owned());
        fs::write(place.path().join("certificate.new"), "half").expect("it can be written");
        folder
            .replace(&folder.certificate(), b"whole")
            .expect("it can be written");
        assert_eq!(fs::read(folder.certificate()).expect("it is there"), b"whole");
    }
}
