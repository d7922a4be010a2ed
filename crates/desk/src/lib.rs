//! What officers do at the legal desk: demands, holds, notices, production. Joins `legal` with the store.
//!
//! Events are the truth: [`Desk::record`] folds what happened, asks `legal` whether the next fact can follow, and appends
//! it in one transaction. Everything that is shown is made from that fold. Bauta sorts facts and shows rules that may be
//! out of date. This is not legal advice.

mod answer;
mod archive;
mod case;
mod command;
mod copies;
mod held;
mod holdings;
mod intake;
mod letters;
mod notice;
mod officer;
mod outside;
mod papers;
mod pictures;
mod production;
mod proof;
mod public;
mod refused;
mod seldom;
mod signing;
mod summary;
mod table;
mod upkeep;
mod view;
mod writing;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use bauta_inventory::Inventory;
use bauta_legal::pack::RulePack;
use bauta_model::{Account, Clock, Post};
use bauta_public_log::PublicLog;
use bauta_store::Store;

pub use answer::{UserAnswer, check_key};
pub use archive::tar_entry;
pub use bauta_legal as legal;
pub use bauta_letters::Sender;
pub use case::{Case, Target};
pub use command::{Act, Command, GagTerms};
pub use copies::Copy;
pub use holdings::AskedLine;
pub use intake::Review;
pub use letters::{Draft, Form};
pub use notice::{Letter, Receipt, Told, ToldLine, ensure_server_account};
pub use officer::{Duties, Officer};
pub use outside::{OutsideLine, Stated, Statement};
pub use papers::PaperKind;
pub use pictures::PictureBytes;
pub use production::{Archive, File, Manifest, Preview, Redaction};
pub use proof::{About, Entered, Proof};
pub use refused::Refused;
pub use seldom::SetDate;
pub use table::{Covered, Open};
pub use writing::{Offered, Written};

/// Hears of the server's own direct post once it is durable, so that timelines in memory have it.
pub type PostHeard = Arc<dyn Fn(&Post, Option<&Account>) + Send + Sync>;

/// What opening a desk needs to know.
pub struct Setup {
    /// The database.
    pub store: Arc<Store>,
    /// The only source of time.
    pub clock: Clock,
    /// What is held, declared.
    pub inventory: &'static Inventory,
    /// The rules that demands are read against.
    pub rules: &'static RulePack,
    /// The server's own name: `bauta.example`.
    pub domain: String,
    /// Where links begin: `https://bauta.example`.
    pub base_url: String,
    /// Names by which papers may call whoever runs the server, beside the domain.
    pub entities: Vec<String>,
    /// What stands at the head of letters.
    pub sender: Sender,
    /// The directory of keys that lie apart from the rows.
    pub keys: PathBuf,
    /// The directory of what the public can load.
    pub record: PathBuf,
    /// Draws papers in a sandbox.
    pub worker: bauta_media::Worker,
    /// Reads the bytes of pictures.
    pub pictures: PictureBytes,
    /// Hears of the server's own posts.
    pub heard: PostHeard,
}

/// The desk of a running server. Shared; every method may be called from anywhere.
pub struct Desk {
    store: Arc<Store>,
    clock: Clock,
    inventory: &'static Inventory,
    rules: &'static RulePack,
    domain: String,
    base_url: String,
    entities: Vec<String>,
    sender: Sender,
    keys: PathBuf,
    record: PathBuf,
    worker: bauta_media::Worker,
    table: table::Table,
    pictures: PictureBytes,
    heard: PostHeard,
    log: OnceLock<Arc<PublicLog>>,
}

impl Desk {
    /// The desk over an open store.
    pub fn new(setup: Setup) -> Self {
        Self {
            store: setup.store,
            clock: setup.clock,
            inventory: setup.inventory,
            rules: setup.rules,
            domain: setup.domain,
            base_url: setup.base_url,
            entities: setup.entities,
            sender: setup.sender,
            keys: setup.keys,
            record: setup.record,
            worker: setup.worker,
            table: table::Table::default(),
            pictures: setup.pictures,
            heard: setup.heard,
            log: OnceLock::new(),
        }
    }

    /// The rules by which demands are read.
    pub fn rules(&self) -> &'static RulePack {
        self.rules
    }
}
