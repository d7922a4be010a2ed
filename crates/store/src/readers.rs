//! Readers: threads with connections of their own, apart from the writer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::writer::failed;
use crate::{Conn, Error, Result};

type Job = Box<dyn FnOnce(&mut Conn) + Send>;

/// The queue to the reader threads. They end when it is dropped.
pub(crate) struct Readers {
    queue: Sender<Job>,
}

impl Readers {
    pub(crate) fn start(conns: Vec<Conn>) -> Result<Self> {
        let (queue, jobs) = channel::<Job>();
        let jobs = Arc::new(Mutex::new(jobs));
        for mut conn in conns {
            let jobs = Arc::clone(&jobs);
            std::thread::Builder::new().name("reader".into()).spawn(move || {
                while let Some(job) = next(&jobs) {
                    job(&mut conn);
                }
            })?;
        }
        Ok(Self { queue })
    }

    /// Runs `job` on a reader, in one consistent view of the database.
    pub(crate) async fn run<T, E, F>(&self, name: &'static str, job: F) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut Conn) -> std::result::Result<T, E> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let _ = sender.send(in_one_view(conn, name, job));
        });
        if self.queue.send(job).is_err() {
            return Err(failed(name).into());
        }
        receiver.await.unwrap_or_else(|_| Err(failed(name).into()))
    }
}

/// Waits for a job without holding up whoever waits behind.
fn next(jobs: &Mutex<Receiver<Job>>) -> Option<Job> {
    jobs.lock().recv().ok()
}

fn in_one_view<T, E: From<Error>>(
    conn: &mut Conn,
    name: &'static str,
    job: impl FnOnce(&mut Conn) -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    let begin = if conn.is_sqlite() {
        "BEGIN DEFERRED"
    } else {
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    };
    conn.batch(begin)?;
    let done = catch_unwind(AssertUnwindSafe(|| job(conn))).unwrap_or_else(|_| Err(failed(name).into()));
    conn.batch("ROLLBACK")?;
    done
}
