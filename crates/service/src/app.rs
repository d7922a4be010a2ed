//! The running server as the verbs see it.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bauta_credentials::csrf::Csrf;
use bauta_credentials::{Confirmations, Cost, Hasher};
use bauta_inventory::Inventory;
use bauta_media::{Segments, Worker};
use bauta_model::Clock;
use bauta_store::{Options, Store, Where};
use bauta_timeline::{Accounts, CacheLimits, Cards, Limits, Timelines};
use zeroize::Zeroizing;

use crate::{Refused, Site};

/// What opening an [`App`] needs to know.
pub struct Setup {
    /// What the operator decided.
    pub site: Site,
    /// The only source of time.
    pub clock: Clock,
    /// The data directory. It is there, and only its owner can read it.
    pub data: PathBuf,
    /// Where the rows live.
    pub database: Where,
    /// The program to start as the media worker.
    pub program: PathBuf,
}

/// Everything that a verb may need. One per process, shared.
pub struct App {
    /// What the operator decided.
    pub site: Site,
    /// The only source of time.
    pub clock: Clock,
    /// What is held, declared.
    pub inventory: &'static Inventory,
    /// The database.
    pub store: Arc<Store>,
    /// Home and public timelines.
    pub timelines: Arc<Timelines>,
    /// Posts with their rendered pieces.
    pub cards: Arc<Cards>,
    /// Accounts with their rendered pieces.
    pub accounts: Arc<Accounts>,
    /// Hashes and verifies passphrases.
    pub hasher: Hasher,
    /// Texts that wait for their author's second word.
    pub confirmations: Confirmations,
    /// Tokens of forms.
    pub csrf: Csrf,
    /// The bytes of pictures.
    pub media: Arc<Segments>,
    /// Rebuilds pictures in a sandbox.
    pub worker: Worker,
}

/// Posts kept with their pieces: some 4 KB each.
const CARDS: CacheLimits = CacheLimits {
    count: 20_000,
    bytes: 128 * 1024 * 1024,
};
/// Accounts kept with their pieces.
const ACCOUNTS: CacheLimits = CacheLimits {
    count: 20_000,
    bytes: 64 * 1024 * 1024,
};
/// Connections that read.
const READERS: usize = 3;
/// Texts that the leak check remembers at a time.
const CONFIRMATIONS: usize = 10_000;

impl App {
    /// Opens the data. Blocks: call it outside an asynchronous task.
    ///
    /// # Errors
    /// What [`Store::open`] refuses, and files that can't be used.
    pub fn open(setup: Setup) -> Result<Self, bauta_store::Error> {
        let inventory = Inventory::builtin();
        let options = Options {
            database: setup.database,
            clock: setup.clock.clone(),
            readers: READERS,
        };
        let store = Store::open(&options, inventory)?;
        let key = server_key(&setup.data.join("server.key"))?;
        let media = Segments::open(&setup.data.join("media"), setup.clock.clone())
            .map_err(|error| bauta_store::Error::File(std::io::Error::other(error)))?;
        Ok(Self {
            site: setup.site,
            clock: setup.clock,
            inventory,
            store: Arc::new(store),
            timelines: Arc::new(Timelines::new(Limits::default())),
            cards: Arc::new(Cards::new(CARDS)),
            accounts: Arc::new(Accounts::new(ACCOUNTS)),
            hasher: Hasher::new(Cost::USUAL),
            confirmations: Confirmations::new(CONFIRMATIONS),
            csrf: Csrf::from_key(&key),
            media: Arc::new(media),
            worker: Worker::new(setup.program),
        })
    }
}

/// The key of forms, made at the first start: a page that was open over a restart still works.
fn server_key(path: &Path) -> Result<Zeroizing<[u8; 32]>, std::io::Error> {
    match std::fs::read(path) {
        Ok(bytes) => {
            let key: [u8; 32] = bytes.try_into().map_err(|_| {
                std::io::Error::new(
                    std::io::ErrorKind::InvalidData,
                    "server.key is not 32 bytes; delete it, a new one is made",
                )
            })?;
            Ok(Zeroizing::new(key))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut key = Zeroizing::new([0; 32]);
            getrandom::fill(key.as_mut_slice()).map_err(std::io::Error::other)?;
            let mut file = std::fs::OpenOptions::new()
                .create_new(true)
                .write(true)
                .mode(0o600)
                .open(path)?;
            file.write_all(key.as_slice())?;
            file.sync_all()?;
            Ok(key)
        }
        Err(error) => Err(error),
    }
}

impl From<bauta_credentials::Busy> for Refused {
    fn from(_: bauta_credentials::Busy) -> Self {
        Self::Busy
    }
}
