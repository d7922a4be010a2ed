//! The closed list of what may be logged. There is no free text and nothing about a person (law 4).

use std::fmt;
use std::sync::OnceLock;

/// A random number that ties an error page to a log line, and to nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Incident(u32);

impl Incident {
    /// A fresh number.
    ///
    /// # Panics
    /// When the operating system has no randomness to give.
    pub fn random() -> Self {
        Self(getrandom::u32().expect("the operating system has randomness"))
    }
}

impl fmt::Display for Incident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// Something that the server did, or that befell it. Never something that a person did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// The process began.
    Started {
        /// The version of the program.
        version: &'static str,
    },
    /// Migrations brought the database up to date.
    Migrated {
        /// How many were applied.
        count: usize,
    },
    /// The indexes in memory are complete.
    IndexesReady,
    /// The process was asked to stop and lets open requests finish.
    Draining,
    /// The process ends.
    Stopped,
    /// A named database operation failed.
    StoreFailed {
        /// The operation's name, from the source code.
        operation: &'static str,
        /// Quoted on the error page.
        incident: Incident,
    },
    /// A handler failed; the page quotes the number.
    RequestFailed {
        /// Quoted on the error page.
        incident: Incident,
    },
    /// The purge could not truncate the write-ahead log for a minute: a reader blocks it.
    PurgeBlocked,
    /// Nothing kept the purge from finishing any more.
    PurgeDone,
    /// The media worker ended badly and was started again.
    WorkerRestarted,
    /// TLS files were read again.
    CertificateReloaded,
    /// TLS files could not be read again; the old ones stay.
    CertificateKept,
    /// A certificate was obtained by ACME.
    CertificateObtained,
    /// No certificate could be obtained by ACME; there will be another try.
    CertificateRefused {
        /// A word of `acme`'s list.
        why: &'static str,
    },
    /// A request came with a forwarding header: a proxy or CDN stands in front and sees addresses.
    ProxySeen,
    /// Something that keeps memory and process to themselves is not there.
    Unguarded {
        /// A word of the program's list.
        what: &'static str,
    },
    /// On PostgreSQL deletion is not real yet.
    DeletionNotReal,
    /// The database server can't be reached: nothing is written and little is read until it can.
    DatabaseAway,
    /// The database server is reached again.
    DatabaseBack,
    /// The bucket of media does not answer: they wait here, and those that lie there can't be read until it does.
    BucketAway,
    /// The bucket of media answers again.
    BucketBack,
    /// The keys were turned: what was deleted before has none any more.
    KeysTurned,
    /// The keys could not be turned; there will be another try.
    KeysNotTurned,
    /// Values that no key opens were met at a turn.
    ValuesWithoutKey {
        /// How many.
        count: u64,
    },
    /// The data is sealed: the server waits for the root.
    WaitsForRoot,
    /// A backup was written.
    BackupWritten,
    /// The public log can't be continued; `bauta ledger status` says why.
    LogStopped,
    /// The public log has no witness: nobody can know whether this copy of it is the newest.
    LogAlone,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started { version } => write!(f, "started version={version}"),
            Self::Migrated { count } => write!(f, "migrated count={count}"),
            Self::IndexesReady => f.write_str("indexes-ready"),
            Self::Draining => f.write_str("draining"),
            Self::Stopped => f.write_str("stopped"),
            Self::StoreFailed { operation, incident } => {
                write!(f, "store-failed operation={operation} incident={incident}")
            }
            Self::RequestFailed { incident } => write!(f, "request-failed incident={incident}"),
            Self::PurgeBlocked => f.write_str("purge-blocked"),
            Self::PurgeDone => f.write_str("purge-done"),
            Self::WorkerRestarted => f.write_str("worker-restarted"),
            Self::CertificateReloaded => f.write_str("certificate-reloaded"),
            Self::CertificateKept => f.write_str("certificate-kept"),
            Self::CertificateObtained => f.write_str("certificate-obtained"),
            Self::CertificateRefused { why } => write!(f, "certificate-refused {why}"),
            Self::ProxySeen => f.write_str("proxy-seen"),
            Self::Unguarded { what } => write!(f, "unguarded {what}"),
            Self::DeletionNotReal => f.write_str("deletion-not-real"),
            Self::DatabaseAway => f.write_str("database-away"),
            Self::DatabaseBack => f.write_str("database-back"),
            Self::BucketAway => f.write_str("bucket-away"),
            Self::BucketBack => f.write_str("bucket-back"),
            Self::KeysTurned => f.write_str("keys-turned"),
            Self::KeysNotTurned => f.write_str("keys-not-turned"),
            Self::ValuesWithoutKey { count } => write!(f, "values-without-key count={count}"),
            Self::WaitsForRoot => f.write_str("waits-for-root"),
            Self::BackupWritten => f.write_str("backup-written"),
            Self::LogStopped => f.write_str("log-stopped"),
            Self::LogAlone => f.write_str("log-alone"),
        }
    }
}

static SINK: OnceLock<fn(Event)> = OnceLock::new();

/// Says where events go. The program calls it once; a second call changes nothing.
pub fn install_sink(sink: fn(Event)) {
    let _ = SINK.set(sink);
}

/// Logs an event. Before a sink is installed it goes nowhere.
pub fn emit(event: Event) {
    if let Some(sink) = SINK.get() {
        sink(event);
    }
}
