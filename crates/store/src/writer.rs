//! The one writer: a thread that commits what is queued together, each piece of work in a savepoint of its own.
//!
//! An answer goes out after the commit that it belongs to is on the disk (`synchronous=FULL`), in commit order, so
//! that whatever a piece of work hands to memory afterwards arrives there in id order.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;

use bauta_model::{Event, Incident, emit};
use tokio::sync::oneshot;

use crate::conn::Told;
use crate::purge::Purge;
use crate::{Conn, Error, Result};

/// The most that one commit takes: beyond it, the first of the queue would wait too long for its answer.
const BATCH: usize = 256;

/// Hears whom a commit told something.
pub(crate) type Listener = Box<dyn Fn(&[Told]) + Send + Sync>;

/// A piece of work: runs in a savepoint, and returns what is to happen once its fate is known.
type Job = Box<dyn FnOnce(&mut Conn) -> Outcome + Send>;

/// What a piece of work came to before the commit.
struct Outcome {
    /// Whether its savepoint is kept.
    keep: bool,
    /// Gets the commit's result and answers whoever waits.
    answer: Box<dyn FnOnce(Option<Incident>) + Send>,
}

/// The queue to the writer thread.
pub(crate) struct Writer {
    queue: Option<Sender<(&'static str, Job)>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(conn: Conn, purge: Arc<Purge>, listener: Arc<OnceLock<Listener>>) -> Result<Self> {
        let (queue, jobs) = channel();
        let thread = std::thread::Builder::new().name("writer".into()).spawn(move || {
            work(conn, &jobs, &purge, &listener);
        })?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    /// Queues `job`; `after` runs on the writer thread once it is durable, before the answer and in commit order.
    pub(crate) async fn run<T, E, F, G>(
        &self,
        name: &'static str,
        job: F,
        after: G,
    ) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut Conn) -> std::result::Result<T, E> + Send + 'static,
        G: FnOnce(&T) + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let done =
                catch_unwind(AssertUnwindSafe(|| job(conn))).unwrap_or_else(|_| Err(failed(name).into()));
            let keep = done.is_ok();
            let answer = move |broken: Option<Incident>| {
                let done = match (done, broken) {
                    (Ok(_), Some(incident)) => Err(Error::Failed(incident).into()),
                    (done, _) => done,
                };
                if let Ok(value) = &done {
                    after(value);
                }
                // Whoever waited may be gone: a client that hung up. The work is done all the same.
                let _ = sender.send(done);
            };
            Outcome {
                keep,
                answer: Box::new(answer),
            }
        });
        let queued = self
            .queue
            .as_ref()
            .is_some_and(|queue| queue.send((name, job)).is_ok());
        if !queued {
            return Err(failed(name).into());
        }
        receiver.await.unwrap_or_else(|_| Err(failed(name).into()))
    }
}

impl Drop for Writer {
    /// Lets the queue run dry: whatever was accepted is written.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Logs that a named operation failed, and gives the number that the answer quotes.
pub(crate) fn failed(operation: &'static str) -> Error {
    let incident = Incident::random();
    emit(Event::StoreFailed { operation, incident });
    Error::Failed(incident)
}

fn work(mut conn: Conn, jobs: &Receiver<(&'static str, Job)>, purge: &Purge, listener: &OnceLock<Listener>) {
    while let Ok(first) = jobs.recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH {
            match jobs.try_recv() {
                Ok(job) => batch.push(job),
                Err(_) => break,
            }
        }
        let told = commit(&mut conn, batch);
        if let Some(hear) = listener.get().filter(|_| !told.is_empty()) {
            hear(&told);
        }
        if conn.take_purge() {
            purge.want();
        }
    }
}

/// Runs a batch in one transaction, answers everyone, and says who was told something.
fn commit(conn: &mut Conn, batch: Vec<(&'static str, Job)>) -> Vec<Told> {
    let begin = if conn.is_sqlite() {
        "BEGIN IMMEDIATE"
    } else {
        "BEGIN"
    };
    let name = batch.first().map_or("empty", |(name, _)| *name);
    let mut broken = incident_of(conn.batch(begin), name);
    let mut answers = Vec::with_capacity(batch.len());
    let mut told = Vec::new();
    for (name, job) in batch {
        if broken.is_none() {
            broken = incident_of(conn.batch("SAVEPOINT job"), name);
        }
        let outcome = job(conn);
        // What is rolled back told nobody anything.
        told.extend(conn.take_told().into_iter().filter(|_| outcome.keep));
        let end = if outcome.keep {
            "RELEASE SAVEPOINT job"
        } else {
            "ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job"
        };
        if broken.is_none() {
            broken = incident_of(conn.batch(end), name);
        }
        answers.push(outcome.answer);
    }
    if broken.is_none() {
        broken = incident_of(conn.note_given(), "note_given");
    }
    if broken.is_none() {
        broken = incident_of(conn.batch("COMMIT"), name);
    }
    if broken.is_some() {
        conn.forget_noted();
        let _ = conn.batch("ROLLBACK");
    }
    for answer in answers {
        answer(broken);
    }
    if broken.is_some() { Vec::new() } else { told }
}

fn incident_of(result: Result<()>, operation: &'static str) -> Option<Incident> {
    let incident = Incident::random();
    result.err().map(|_| {
        emit(Event::StoreFailed { operation, incident });
        incident
    })
}
