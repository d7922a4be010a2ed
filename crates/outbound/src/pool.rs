//! Connections that wait to be used again for the origin that they were made for.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::SendRequest;
use parking_lot::Mutex;
use tokio::task::AbortHandle;
use tokio::time::Instant;

/// How long a connection waits.
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// How many wait, over all origins.
const MOST: usize = 64;

/// A connection. Dropping it closes it, whatever is still on its way.
pub struct Connection {
    pub(crate) sender: SendRequest<Full<Bytes>>,
    pub(crate) task: AbortHandle,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Waiting {
    origin: String,
    since: Instant,
    connection: Connection,
}

/// The waiting connections.
#[derive(Default)]
pub struct Pool {
    waiting: Mutex<VecDeque<Waiting>>,
}

impl Pool {
    /// A connection to `origin` that still stands.
    pub fn take(&self, origin: &str) -> Option<Connection> {
        let mut waiting = self.waiting.lock();
        waiting.retain(|one| !one.connection.sender.is_closed() && one.since.elapsed() < LONGEST_WAIT);
        let at = waiting.iter().position(|one| one.origin == origin)?;
        waiting.remove(at).map(|one| one.connection)
    }

    /// Keeps a connection whose answer was read to its end.
    pub fn keep(&self, origin: &str, connection: Connection) {
        if connection.sender.is_closed() {
            return;
        }
        let mut waiting = self.waiting.lock();
        if waiting.len() >= MOST {
            waiting.pop_front();
        }
        waiting.push_back(Waiting {
            origin: origin.to_owned(),
            since: Instant::now(),
            connection,
        });
    }
}
