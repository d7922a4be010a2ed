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
/// and others waiting. The statement that runs then is ended, by PostgreSQL's server or SQLite's progress handler.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

type Job = Box<dyn FnOnce(&mut Link) + Send>;

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
                    job(&mut link);
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
        let job: Job = Box::new(move |link| {
            let done = match begun(link, name, patience) {
                Ok(conn) => in_one_view(conn, name, patience, job),
                Err(why) => Err(why.into()),
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

/// A connection with a view begun. One that broke while nobody used it is made again: the work has asked nothing of
/// it yet. Work that is in its midst isn't repeated: it can run only once, and what it was told may have led it on.
fn begun<'a>(link: &'a mut Link, name: &'static str, patience: Option<Duration>) -> Result<&'a mut Conn> {
    for _ in 0..2 {
        let conn = link.up().ok_or(Error::Away)?;
        let sql = begin(conn.is_sqlite(), patience);
        if conn.batch(&sql).is_ok() {
            break;
        }
        if conn.roll_back() {
            return Err(failed(name));
        }
        link.look();
    }
    link.up().filter(|conn| !conn.broke()).ok_or(Error::Away)
}

/// Runs `job` in the view that was begun, and ends that.
fn in_one_view<T, E: From<Error>>(
    conn: &mut Conn,
    name: &'static str,
    patience: Option<Duration>,
    job: impl FnOnce(&mut Conn) -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    let began = Instant::now();
    conn.end_by(patience.map(|patience| began + patience));
    let done = catch_unwind(AssertUnwindSafe(|| job(conn)))
        .unwrap_or_else(|why| Err(unwound(name, why.as_ref()).into()));
    conn.end_by(None);
    let alive = conn.roll_back();
    match done {
        Ok(value) => Ok(value),
        Err(_) if !alive => Err(Error::Away.into()),
        // Its statement was ended.
        Err(_) if patience.is_some_and(|patience| began.elapsed() >= patience) => Err(Error::TooLong.into()),
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

    /// As a reader runs it.
    fn read<T>(
        conn: &mut Conn,
        patience: Option<Duration>,
        job: impl FnOnce(&mut Conn) -> Result<T>,
    ) -> Result<T> {
        conn.batch(&begin(conn.is_sqlite(), patience)).unwrap();
        in_one_view(conn, "test", patience, job)
    }

    #[test]
    fn no_statement_begins_after_the_time_of_its_work() {
        on_both(|conn| {
            let late = read(conn, Some(SHORT), |conn| {
                std::thread::sleep(SHORT * 3);
                settings::get(conn, "title")
            });
            assert!(matches!(late, Err(Error::TooLong)), "{late:?}");
            // The next one is not held to the time of the last.
            let whole = read(conn, None, |conn| settings::get(conn, "title"));
            assert!(whole.is_ok(), "{whole:?}");
        });
    }

    /// Counts up to `end`; without one, for ever.
    fn count(conn: &mut Conn, end: Option<u32>) -> Result<()> {
        let end = end.map_or(String::new(), |end| format!(" WHERE i < {end}"));
        conn.batch(&format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n{end}) SELECT count(*) FROM n"
        ))
    }

    #[test]
    fn a_statement_that_takes_too_long_is_ended() {
        on_both(|conn| {
            let endless = read(conn, Some(SHORT), |conn| count(conn, None));
            assert!(matches!(endless, Err(Error::TooLong)), "{endless:?}");
            let quick = read(conn, Some(PATIENCE), |conn| count(conn, Some(10)));
            assert!(quick.is_ok(), "{quick:?}");
        });
    }

    #[test]
    fn what_may_take_as_long_as_it_needs_is_not_ended() {
        on_both(|conn| {
            let endless = read(conn, Some(SHORT), |conn| count(conn, None));
            assert!(endless.is_err());
            // Far beyond the steps after which the time is looked at.
            let whole = read(conn, None, |conn| count(conn, Some(200_000)));
            assert!(whole.is_ok(), "{whole:?}");
            // The writer's work is in no view of a reader's.
            conn.batch("BEGIN").unwrap();
            count(conn, Some(200_000)).unwrap();
            conn.batch("COMMIT").unwrap();
        });
    }
}
