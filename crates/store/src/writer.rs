//! The one writer: a thread that commits what is queued together, each piece of work in a savepoint of its own.
//!
//! An answer goes out after the commit that it belongs to is on the disk (`synchronous=FULL`), in commit order, so
//! that whatever a piece of work hands to memory afterwards arrives there in id order.
//!
//! When PostgreSQL goes away, what waits is refused at once, and the writer looks for it again. A commit whose answer
//! was lost is asked for by its number once the server is back, so nobody is told of a write that didn't happen, or
//! tries again what did. Where the server stays away, whoever waits hears that nobody knows; memory hears the truth
//! later.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use bauta_model::{Event, Incident, emit};
use tokio::sync::oneshot;

use crate::answer::{Answer, Fate, Waits};
use crate::conn::Told;
use crate::link::Link;
use crate::purge::Purge;
use crate::{Conn, Error, Result, transaction};

/// The most that one commit takes: beyond it, the first of the queue would wait too long for its answer.
const BATCH: usize = 256;

/// Hears whom a commit told something.
pub(crate) type Listener = Box<dyn Fn(&[Told]) + Send + Sync>;

/// A piece of work: runs in a savepoint, and returns what is to happen once its fate is known. It gets nothing where the
/// database is away.
type Job = Box<dyn FnOnce(Option<&mut Conn>) -> Outcome + Send>;

/// A piece of work with its name.
type Named = (&'static str, Job);

/// How a batch ended, as far as the connection tells.
enum End {
    Known(Fate),
    /// The answer to its commit was lost; the number of the transaction.
    Unknown(String),
}

/// How often a server that is away is looked for, at most.
const LOOK: Duration = Duration::from_millis(50);

/// How long the fate of a commit may stay unknown before those who wait for it hear so.
const DOUBT: Duration = Duration::from_secs(10);

/// What a piece of work came to before the commit.
struct Outcome {
    /// Whether its savepoint is kept.
    keep: bool,
    /// Whoever waits for it.
    answer: Answer,
}

/// The queue to the writer thread.
pub(crate) struct Writer {
    queue: Option<Sender<Named>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(link: Link, purge: Arc<Purge>, listener: Arc<OnceLock<Listener>>) -> Result<Self> {
        let (queue, jobs) = channel();
        let thread = std::thread::Builder::new().name("writer".into()).spawn(move || {
            work(link, &jobs, &purge, &listener);
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
            let done = match conn {
                Some(conn) => {
                    catch_unwind(AssertUnwindSafe(|| job(conn))).unwrap_or_else(|_| Err(failed(name).into()))
                }
                None => Err(Error::Away.into()),
            };
            Outcome {
                keep: done.is_ok(),
                answer: Box::new(Waits::new(done, after, sender)),
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

fn work(mut link: Link, jobs: &Receiver<Named>, purge: &Purge, listener: &OnceLock<Listener>) {
    while let Some(batch) = next(&mut link, jobs) {
        let Some(conn) = link.up() else {
            batch.into_iter().for_each(refuse);
            continue;
        };
        let Some((fate, answers, told)) = commit(conn, batch).settle(&mut link, jobs) else {
            return;
        };
        for answer in answers {
            answer.hear(fate);
        }
        if let Some(hear) = listener.get().filter(|_| !told.is_empty()) {
            hear(&told);
        }
        if link.up().is_some_and(Conn::take_purge) {
            purge.want();
        }
    }
}

/// Waits for work, and takes with it what else waits. While the database is away, looks for it.
fn next(link: &mut Link, jobs: &Receiver<Named>) -> Option<Vec<Named>> {
    let first = loop {
        if link.look() {
            break jobs.recv().ok()?;
        }
        match jobs.recv_timeout(link.wait().max(LOOK)) {
            Ok(job) => break job,
            Err(RecvTimeoutError::Timeout) => drop(link.up()),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    };
    let mut batch = vec![first];
    batch.extend(jobs.try_iter().take(BATCH - 1));
    Some(batch)
}

/// Answers that the database is away.
fn refuse((_, job): Named) {
    job(None).answer.hear(Fate::Away);
}

/// A batch that was tried, and who waits to hear of it.
struct Tried {
    end: End,
    answers: Vec<Answer>,
    told: Vec<Told>,
}

impl Tried {
    /// What became of it. Nothing where the process ends before that can be known.
    fn settle(mut self, link: &mut Link, jobs: &Receiver<Named>) -> Option<(Fate, Vec<Answer>, Vec<Told>)> {
        let fate = match self.end {
            End::Known(fate) => fate,
            End::Unknown(number) => find_out(link, jobs, &number, &mut self.answers)?,
        };
        let told = match fate {
            Fate::Written => self.told,
            Fate::Broken(_) | Fate::Away => Vec::new(),
        };
        Some((fate, self.answers, told))
    }
}

/// Asks whether a transaction was committed, as soon as the server is back. Its lock is free again only once the
/// session that ran the transaction has ended, so the answer is final. Nothing else is written before: what memory
/// hears must come in the order of commits.
fn find_out(link: &mut Link, jobs: &Receiver<Named>, number: &str, waiting: &mut [Answer]) -> Option<Fate> {
    let since = Instant::now();
    loop {
        link.look();
        if let Some(conn) = link.up() {
            match transaction::committed(conn, number) {
                Ok(true) => return Some(Fate::Written),
                Ok(false) => return Some(Fate::Away),
                Err(_) => drop(conn.roll_back()),
            }
        }
        if since.elapsed() >= DOUBT {
            for answer in waiting.iter_mut() {
                answer.unsure();
            }
        }
        match jobs.recv_timeout(link.wait().clamp(LOOK, DOUBT / 10)) {
            Ok(job) => refuse(job),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
}

/// Runs a batch in one transaction.
fn commit(conn: &mut Conn, batch: Vec<Named>) -> Tried {
    let name = batch.first().map_or("empty", |(name, _)| *name);
    let mut broken = incident_of(transaction::begin(conn), name);
    let mut answers = Vec::with_capacity(batch.len());
    let mut told = Vec::new();
    for (name, job) in batch {
        if broken.is_none() {
            broken = incident_of(conn.batch("SAVEPOINT job"), name);
        }
        let outcome = job(Some(conn));
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
    let end = match broken {
        None => end(conn, name),
        Some(incident) => End::Known(undo(conn, incident)),
    };
    Tried { end, answers, told }
}

/// Commits.
fn end(conn: &mut Conn, name: &'static str) -> End {
    let mut number = None;
    let done = transaction::number(conn).and_then(|found| {
        number = found;
        conn.batch("COMMIT")
    });
    let Some(incident) = incident_of(done, name) else {
        return End::Known(Fate::Written);
    };
    match (undo(conn, incident), number) {
        (Fate::Away, Some(number)) => End::Unknown(number),
        (fate, _) => End::Known(fate),
    }
}

fn undo(conn: &mut Conn, incident: Incident) -> Fate {
    conn.forget_noted();
    if conn.roll_back() {
        Fate::Broken(incident)
    } else {
        Fate::Away
    }
}

fn incident_of(result: Result<()>, operation: &'static str) -> Option<Incident> {
    let incident = Incident::random();
    result.err().map(|_| {
        emit(Event::StoreFailed { operation, incident });
        incident
    })
}
