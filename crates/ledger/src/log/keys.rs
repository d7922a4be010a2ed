//! The keys of a log, in a folder apart from it and from the database.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::{Access, Disk};
use crate::key::{Algorithm, SigningKey, VerifierKey};
use crate::log::{LogError, copy};
use crate::note::Note;

/// The key that signs.
const CURRENT: &str = "log.key";
/// The key that signed before, and signs beside it until the next rotation.
const PREVIOUS: &str = "log-previous.key";
/// The public halves of all keys there ever were, oldest first.
const EVER: &str = "log.pub";

/// The keys that a log signs with, and the public halves of all that it ever signed with.
pub struct KeyRing {
    origin: String,
    /// The newest first.
    signing: Vec<SigningKey>,
    ever: Vec<VerifierKey>,
}

impl KeyRing {
    /// A ring of one key; its name is the log's origin.
    pub fn of(key: SigningKey) -> Self {
        let public = key.public().clone();
        Self {
            origin: public.name().to_owned(),
            signing: vec![key],
            ever: vec![public],
        }
    }

    /// The log's name, which is the name of its keys.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Public halves of all keys there ever were, oldest first.
    pub fn ever(&self) -> &[VerifierKey] {
        &self.ever
    }

    /// Public halves of the keys that sign now, newest first.
    pub fn current(&self) -> impl Iterator<Item = &VerifierKey> {
        self.signing.iter().map(SigningKey::public)
    }

    pub(super) fn newest(&self) -> &SigningKey {
        &self.signing[0]
    }

    pub(super) fn sign(&self, note: &mut Note) {
        for key in &self.signing {
            note.sign(key);
        }
    }
}

/// The folder of the keys, and where their log is.
pub struct KeyFolder {
    disk: Disk,
    log: PathBuf,
}

impl KeyFolder {
    /// Uses a folder, and makes it where it is not there. `log` is the folder of the log that the keys are for.
    pub fn open(folder: &Path, log: &Path) -> io::Result<Self> {
        let disk = Disk::open(folder, Arc::new(|_| Ok(())))?;
        let log = log.to_owned();
        Ok(Self { disk, log })
    }

    /// The name of the log whose key is here: it stays, whatever the server is called later.
    pub fn origin(&self) -> Result<Option<String>, LogError> {
        Ok(self.key(CURRENT)?.map(|key| key.public().name().to_owned()))
    }

    /// The name that the log has for ever: that of its key, or of a log that has begun and whose key is not here.
    pub fn log_name(&self) -> Result<Option<String>, LogError> {
        let begun = || Ok(copy::newest(&self.log)?.map(|(name, _)| name));
        self.origin()?.map_or_else(begun, |name| Ok(Some(name)))
    }

    /// The ring of the log called `origin`; its first key is made where neither that nor the log has begun.
    ///
    /// # Errors
    /// [`LogError::KeyMissing`] beside a log that was restored or moved without its keys.
    pub fn load(&self, origin: &str) -> Result<KeyRing, LogError> {
        let Some(current) = self.key(CURRENT)? else {
            if self.disk.read(EVER)?.is_some() {
                return Err(LogError::Damaged(
                    "the log had keys, and its key is not there".into(),
                ));
            }
            if copy::newest(&self.log)?.is_some() {
                return Err(LogError::KeyMissing);
            }
            let key = SigningKey::generate(origin, Algorithm::Ed25519)?;
            self.remember(&[key.public().clone()])?;
            self.disk
                .write(CURRENT, key.to_secret_text().as_bytes(), Access::Private)?;
            return Ok(KeyRing::of(key));
        };
        if current.public().name() != origin {
            let name = current.public().name();
            return Err(LogError::Damaged(format!(
                "its key is that of {name}, not of {origin}"
            )));
        }
        let mut ever = self.ever()?;
        for key in [Some(&current), self.key(PREVIOUS)?.as_ref()]
            .into_iter()
            .flatten()
        {
            if !ever.contains(key.public()) {
                ever.push(key.public().clone());
            }
        }
        let mut signing = vec![current];
        signing.extend(self.key(PREVIOUS)?);
        Ok(KeyRing {
            origin: origin.to_owned(),
            signing,
            ever,
        })
    }

    /// Makes a new key. The one of today signs beside it until the next rotation, so that those who know only that one
    /// have time; with `drop_old` it signs nothing any more, as when it was stolen. Gives the new public key.
    pub fn rotate(&self, origin: &str, drop_old: bool) -> Result<VerifierKey, LogError> {
        let ring = self.load(origin)?;
        let key = SigningKey::generate(origin, Algorithm::Ed25519)?;
        let mut ever = ring.ever.clone();
        ever.push(key.public().clone());
        // Whatever ends the process in between, the ring that is loaded then can sign and knows every key that did.
        self.remember(&ever)?;
        if drop_old {
            self.disk.remove(PREVIOUS)?;
        } else {
            let old = ring.newest().to_secret_text();
            self.disk.write(PREVIOUS, old.as_bytes(), Access::Private)?;
        }
        self.disk
            .write(CURRENT, key.to_secret_text().as_bytes(), Access::Private)?;
        Ok(key.public().clone())
    }

    fn key(&self, name: &str) -> Result<Option<SigningKey>, LogError> {
        let Some(bytes) = self.disk.read(name)?.map(zeroize::Zeroizing::new) else {
            return Ok(None);
        };
        let text = std::str::from_utf8(&bytes).map_err(|_| crate::key::KeyError::Malformed)?;
        Ok(Some(SigningKey::parse(text)?))
    }

    fn ever(&self) -> Result<Vec<VerifierKey>, LogError> {
        let bytes = self.disk.read(EVER)?.unwrap_or_default();
        let text = String::from_utf8(bytes).map_err(|_| crate::key::KeyError::Malformed)?;
        let keys: Result<Vec<_>, _> = text.lines().map(VerifierKey::parse).collect();
        Ok(keys?)
    }

    fn remember(&self, keys: &[VerifierKey]) -> io::Result<()> {
        let lines: Vec<String> = keys.iter().map(VerifierKey::to_string).collect();
        let text = lines.join("\n") + "\n";
        self.disk.write(EVER, text.as_bytes(), Access::Private)
    }
}
