//! The worker of the public log: an hour at a time it takes up to four entries from the queue, fills up with pads, has
//! crate ledger append and sign, finds out at which leaf each entry lies, publishes what was opened, and asks the
//! witnesses of the policy for their cosignatures.
//!
//! Entries are queued by whoever has something to record, in the transaction of what they record ([`entry`]). A full
//! queue waits; it never makes the log grow faster.

mod queue;
mod witnesses;
mod worker;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use bauta_ledger::log::{Compared, KeyFolder};
use bauta_ledger::{Log, LogError, Policy, leaf};
use bauta_model::{Clock, LogEntryId};
use bauta_outbound::Client;
use bauta_store::log_entries::LogEntry;
use bauta_store::{Store, log_entries};
use parking_lot::Mutex;
use serde::Serialize;

pub use queue::entry;

/// What opening the log needs.
#[derive(Clone)]
pub struct Setup {
    /// The log's folder, which is published.
    pub folder: PathBuf,
    /// The keys' folder, which is not.
    pub keys: PathBuf,
    /// The log's name: the server's domain and `/log`.
    pub origin: String,
    /// The witnesses and the quorum.
    pub policy: Policy,
    /// The queue's database.
    pub store: Arc<Store>,
    /// The only source of time.
    pub clock: Clock,
    /// Asks the witnesses; nothing where there are none.
    pub client: Option<Client>,
}

/// Why the worker did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The queue.
    #[error(transparent)]
    Store(#[from] bauta_store::Error),
    /// The log.
    #[error(transparent)]
    Log(#[from] LogError),
    /// There is no such entry, or it can't be read.
    #[error("there is no such entry of the log")]
    NoEntry,
    /// The entry waits for its hour.
    #[error("the entry is not in the log yet; it is within hours")]
    NotYet,
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Self {
        Self::Log(LogError::Io(error))
    }
}

/// The log of this server and its queue. One for each process.
pub struct PublicLog {
    setup: Setup,
    log: Mutex<Log>,
    /// What each witness cosigned last, by its name in the policy, as far as this process knows.
    cosigned: Mutex<BTreeMap<String, u64>>,
}

/// What can be told of the log's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Its name.
    pub origin: String,
    /// Leaves.
    pub size: u64,
    /// The next hour that has no leaves.
    pub next_epoch: Option<u64>,
    /// Entries that wait.
    pub waiting: u64,
    /// Witnesses that were asked before the first signature; nothing where there were none, so that nobody can know
    /// whether this copy of the log is the newest.
    pub compared_with: Option<usize>,
    /// Witnesses that have cosigned the newest checkpoint.
    pub cosigned: usize,
    /// Witnesses of the policy.
    pub witnesses: usize,
}

impl PublicLog {
    /// Opens the log and checks the whole of its tree; makes its first key where there is none. Waits for the disk.
    pub fn open(setup: Setup) -> Result<Self, Failed> {
        let log = open_log(&setup)?;
        Ok(Self {
            setup,
            log: Mutex::new(log),
            cosigned: Mutex::default(),
        })
    }

    /// A promise, signed now, that the entry will be in the log: a signed note, for whoever issued the demand.
    pub async fn promise(self: &Arc<Self>, id: LogEntryId) -> Result<String, Failed> {
        let (entry, waiting) = self
            .setup
            .store
            .read("log_promise", move |conn| -> Result<_, Failed> {
                let entry = log_entries::by_id(conn, id)?.ok_or(Failed::NoEntry)?;
                Ok((entry, log_entries::count_waiting(conn)?))
            })
            .await?;
        let commitment = queue::commitment(&entry)?;
        let (queued, now) = (entry.epoch.max(0).cast_unsigned(), self.epoch());
        self.with_log(move |log| {
            let promise = log.promise(commitment, queued, now, waiting.cast_unsigned())?;
            Ok(promise.to_text())
        })
        .await
    }

    /// The receipt of an entry: a tlog-proof that carries its opening, for those whom it concerns.
    ///
    /// # Errors
    /// [`Failed::NotYet`] while it waits.
    pub async fn receipt(self: &Arc<Self>, id: LogEntryId) -> Result<String, Failed> {
        let read = self
            .setup
            .store
            .read("log_receipt", move |conn| log_entries::by_id(conn, id));
        let entry: LogEntry = read.await?.ok_or(Failed::NoEntry)?;
        let opening = queue::opening(&entry)?.ok_or(Failed::NotYet)?;
        self.with_log(move |log| Ok(log.receipt(&opening)?.to_text()))
            .await
    }

    /// How the log stands.
    pub async fn status(self: &Arc<Self>) -> Result<Status, Failed> {
        let waiting = self.setup.store.read("log_status", log_entries::count_waiting);
        let waiting: i64 = waiting.await?;
        let witnesses = self.setup.policy.witnesses().len();
        let cosigned = self.missing_cosignatures().await?;
        self.with_log(move |log| {
            Ok(Status {
                origin: log.origin().to_owned(),
                size: log.size(),
                next_epoch: log.next_epoch(),
                waiting: waiting.cast_unsigned(),
                compared_with: match log.compared() {
                    Some(Compared::With(count)) => Some(count),
                    _ => None,
                },
                cosigned: witnesses - cosigned.len(),
                witnesses,
            })
        })
        .await
    }

    /// The hour of this moment, counted from 1970.
    fn epoch(&self) -> u64 {
        leaf::epoch_of(self.setup.clock.now().unix_seconds().max(0).cast_unsigned())
    }

    /// Works on the log on a thread that may wait for the disk.
    async fn with_log<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut Log) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, Failed> {
        let this = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&mut this.log.lock())).await;
        match done {
            Ok(done) => Ok(done?),
            Err(_) => Err(Failed::Log(LogError::Damaged("its worker broke off".to_owned()))),
        }
    }
}

fn open_log(setup: &Setup) -> Result<Log, LogError> {
    let keys = KeyFolder::open(&setup.keys, &setup.folder)?.load(&setup.origin)?;
    let log = Log::open(&setup.folder, keys)?;
    log.publish_policy(&setup.policy)?;
    Ok(log)
}
