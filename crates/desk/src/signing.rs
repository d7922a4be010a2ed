//! The desk's own key, by which a recipient knows an archive for this server's: a file apart from the rows.

use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::Ed25519KeyPair;

use crate::{Desk, Refused};

impl Desk {
    /// The key; made when it is first needed.
    pub(crate) fn signing_key(&self) -> Result<Ed25519KeyPair, Refused> {
        let path = self.keys.join("desk.key");
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let document =
                    Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| Refused::failed())?;
                let write = || -> std::io::Result<()> {
                    std::fs::DirBuilder::new()
                        .recursive(true)
                        .mode(0o700)
                        .create(&self.keys)?;
                    let mut file = std::fs::OpenOptions::new()
                        .create_new(true)
                        .write(true)
                        .mode(0o600)
                        .open(&path)?;
                    file.write_all(document.as_ref())?;
                    file.sync_all()
                };
                write().map_err(|_| Refused::failed())?;
                document.as_ref().to_vec()
            }
            Err(_) => return Err(Refused::failed()),
        };
        Ed25519KeyPair::from_pkcs8(&bytes).map_err(|_| Refused::failed())
    }
}
