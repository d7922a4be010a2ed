//! Deletion is real: after a purge the write-ahead log is emptied, however long a reader blocks it.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use bauta_model::{Event, emit};
use diesel::prelude::*;
use diesel::sql_types::Integer;
use parking_lot::Mutex;

use crate::conn::Backend;
use crate::{Conn, Result};

/// How long until a blocked truncation is tried again.
const AGAIN: Duration = Duration::from_millis(500);
/// Blocked tries after which the log says so: a minute.
const SAY_SO: u32 = 120;

pub(crate) const TRUNCATE: &str = "PRAGMA wal_checkpoint(TRUNCATE)";

#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = Integer)]
    busy: i32,
}

/// Asks the purge thread to truncate.
pub(crate) struct Purge {
    wanted: Mutex<Option<Sender<()>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Purge {
    /// For a database whose deletion is not real: there is nothing to truncate.
    pub(crate) fn none() -> Arc<Self> {
        Arc::new(Self {
            wanted: Mutex::new(None),
            thread: Mutex::new(None),
        })
    }

    /// Starts the thread on a connection of its own.
    pub(crate) fn start(mut conn: Conn) -> Result<Arc<Self>> {
        let (wanted, asked) = channel();
        let thread = std::thread::Builder::new().name("purge".into()).spawn(move || {
            let mut blocked = 0_u32;
            let mut open = true;
            // Something may have been deleted just before the last end of the process.
            let mut pending = true;
            while open {
                let wait = if pending { AGAIN } else { Duration::from_hours(1) };
                match asked.recv_timeout(wait) {
                    Ok(()) => pending = true,
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => open = false,
                }
                if pending || !open {
                    let done = truncate(&mut conn);
                    report(done, &mut blocked);
                    pending = !done;
                }
            }
        })?;
        Ok(Arc::new(Self {
            wanted: Mutex::new(Some(wanted)),
            thread: Mutex::new(Some(thread)),
        }))
    }

    /// Something was deleted.
    pub(crate) fn want(&self) {
        if let Some(wanted) = &*self.wanted.lock() {
            let _ = wanted.send(());
        }
    }

    /// Truncates a last time and ends the thread.
    pub(crate) fn stop(&self) {
        *self.wanted.lock() = None;
        if let Some(thread) = self.thread.lock().take() {
            let _ = thread.join();
        }
    }
}

fn report(done: bool, blocked: &mut u32) {
    if done {
        if *blocked >= SAY_SO {
            emit(Event::PurgeDone);
        }
        *blocked = 0;
    } else {
        *blocked += 1;
        if *blocked == SAY_SO {
            emit(Event::PurgeBlocked);
        }
    }
}

/// True when the log is empty.
fn truncate(conn: &mut Conn) -> bool {
    #[cfg(feature = "weaken")]
    if bauta_memory::weaken::is(bauta_memory::weaken::LOG) {
        return true;
    }
    match &mut conn.backend {
        Backend::Sqlite(c) => diesel::sql_query(TRUNCATE)
            .get_result::<Checkpoint>(c)
            .is_ok_and(|row| row.busy == 0),
        Backend::Postgres(_) => true,
    }
}
