//! Readers: threads with connections of their own, apart from the writer.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::conn::TooLong;
use crate::link::Link;
use crate::writer::failed;
use crate::{Conn, Error, Result};

/// How long a piece of work may read. Whoever holds a view of the database for longer keeps deleted rows on the disk,
/// and others waiting. On PostgreSQL the server ends the statement that runs then, on SQLite the next one isn't begun.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

/// Gets nothing where the database is away.
type Job = Box<dyn FnOnce(Option<&mut Conn>) + Send>;

/// The queue to the reader threads. They end when it is dropped.
pub(crate) struct Readers {
    queue: Sender<Job>,
}

impl Readers {
    pub(crate) fn start(links: Vec<Link>) -> Result<Self> {
        let (queue, jobs) = channel::<Job>();
        let jobs = Arc::new(Mutex::new(jobs));
        for mut link in links {
            let jobs = Arc::clone(&jobs);
            std::thread::Builder::new().name("reader".into()).spawn(move || {
                while let Some(job) = next(&jobs) {
                    job(link.up());
                    link.look();
                }
            })?;
        }
        Ok(Self { queue })
    }

    /// Runs `job` on a reader, in one consistent view of the database. `patience` says how long it may take; nothing
    /// where it may take as long as it needs.
    pub(crate) async fn run<T, E, F>(
        &self,
        name: &'static str,
        patience: Option<Duration>,
        job: F,
    ) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut Conn) -> std::result::Result<T, E> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let done = match conn {
                Some(conn) => in_one_view(conn, name, patience, job),
                None => Err(Error::Away.into()),
            };
            let _ = sender.send(done);
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
    patience: Option<Duration>,
    job: impl FnOnce(&mut Conn) -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    let began = Instant::now();
    let begun = conn.batch(&begin(conn.is_sqlite(), patience));
    if begun.is_err() {
        return Err(if conn.roll_back() {
            failed(name)
        } else {
            Error::Away
        }
        .into());
    }
    conn.end_by(patience.map(|patience| began + patience));
    let done = catch_unwind(AssertUnwindSafe(|| job(conn)))
        .unwrap_or_else(|why| Err(unwound(name, why.as_ref()).into()));
    conn.end_by(None);
    let alive = conn.roll_back();
    match done {
        Ok(value) => Ok(value),
        Err(_) if !alive => Err(Error::Away.into()),
        // The server has ended its statement.
        Err(_) if !conn.is_sqlite() && patience.is_some_and(|patience| began.elapsed() >= patience) => {
            Err(Error::TooLong.into())
        }
        Err(why) => Err(why),
    }
}

fn begin(sqlite: bool, patience: Option<Duration>) -> String {
    if sqlite {
        return "BEGIN DEFERRED".to_owned();
    }
    // Nought is without end.
    let limit = patience.map_or(0, |patience| patience.as_millis());
    format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = {limit}")
}

fn unwound(name: &'static str, why: &(dyn Any + Send)) -> Error {
    if why.is::<TooLong>() {
        Error::TooLong
    } else {
        failed(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings;
    use crate::testing::on_both;

    const SHORT: Duration = Duration::from_millis(50);

    #[test]
    fn no_statement_begins_after_the_time_of_its_work() {
        on_both(|conn| {
            let read = in_one_view(conn, "slow", Some(SHORT), |conn| {
                std::thread::sleep(SHORT * 3);
                settings::get(conn, "title")
            });
            assert!(matches!(read, Err(Error::TooLong)), "{read:?}");
            // The next one is not held to the time of the last.
            let read = in_one_view(conn, "whole", None, |conn| settings::get(conn, "title"));
            assert!(read.is_ok(), "{read:?}");
        });
    }

    #[test]
    fn postgresql_ends_a_statement_that_takes_too_long() {
        on_both(|conn| {
            if conn.is_sqlite() {
                return;
            }
            let read = in_one_view(conn, "slow", Some(SHORT), |conn| {
                conn.batch("SELECT pg_sleep(600)")
            });
            assert!(matches!(read, Err(Error::TooLong)), "{read:?}");
            let read = in_one_view(conn, "quick", Some(PATIENCE), |conn| conn.batch("SELECT 1"));
            assert!(read.is_ok(), "{read:?}");
        });
    }
}
