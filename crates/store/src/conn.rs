//! A connection to either database, and the macro that compiles a query for both.

use std::panic::resume_unwind;
use std::time::Instant;

use bauta_model::{AccountId, Clock, CoarseTime, NotificationId, PostId};
use diesel::SqliteConnection;
use diesel::connection::SimpleConnection;

use crate::given::Given;
use crate::postgres::PgConn;
use crate::seal::{Place, Sealer};
use crate::{Error, Result, given, patience};

/// The two databases.
#[expect(
    clippy::large_enum_variant,
    reason = "there are a handful of connections, never moved"
)]
pub(crate) enum Backend {
    Sqlite(SqliteConnection),
    Postgres(PgConn),
}

/// Compiles the same query once for each database: `on!(conn, c => accounts::table.count().get_result(c))`.
macro_rules! on {
    ($conn:expr, $c:ident => $query:expr) => {{
        $conn.in_time();
        match &mut $conn.backend {
            $crate::conn::Backend::Sqlite($c) => $query,
            $crate::conn::Backend::Postgres($c) => $query,
        }
    }};
}
pub(crate) use on;

/// A connection with what a query needs besides: the clock, the seal, and (for the writer) the next ids.
pub struct Conn {
    pub(crate) backend: Backend,
    clock: Clock,
    sealer: Sealer,
    given: Given,
    purge: bool,
    told: Vec<Told>,
    deadline: Option<Instant>,
    broke: bool,
}

/// What a piece of work is unwound with when its connection has been busy with it for too long.
pub(crate) struct TooLong;

/// Somebody was told something: whom, and the notification.
pub type Told = (AccountId, NotificationId);

impl Conn {
    pub(crate) const fn new(backend: Backend, clock: Clock, sealer: Sealer) -> Self {
        Self {
            backend,
            clock,
            sealer,
            given: Given::nothing(),
            purge: false,
            told: Vec::new(),
            deadline: None,
            broke: false,
        }
    }

    /// From now on, a statement that would begin after `deadline` ends its piece of work, and SQLite ends the one that
    /// runs then on this thread. PostgreSQL's server has a time of its own for that.
    pub(crate) fn end_by(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
        patience::end_by(deadline);
    }

    /// Unwinds, past all code between it and whoever runs the piece of work, when that has had its time.
    pub(crate) fn in_time(&self) {
        if self.deadline.is_some_and(|deadline| Instant::now() > deadline) {
            resume_unwind(Box::new(TooLong));
        }
    }

    /// Ends whatever transaction is open. False for a connection that nothing comes back from any more: a server that
    /// stopped, a network that broke.
    pub(crate) fn roll_back(&mut self) -> bool {
        match &mut self.backend {
            // Without a transaction it is an error, and the file is where it was.
            Backend::Sqlite(c) => {
                let _ = c.batch_execute("ROLLBACK");
                true
            }
            // Without a transaction it is a warning.
            Backend::Postgres(c) => {
                self.broke |= c.batch_execute("ROLLBACK").is_err();
                !self.broke
            }
        }
    }

    /// True once nothing came back from it.
    pub(crate) const fn broke(&self) -> bool {
        self.broke
    }

    /// Runs statements that return nothing.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        on!(self, c => c.batch_execute(sql)).map_err(Error::from)
    }

    /// True on SQLite, where deletion is real.
    pub const fn is_sqlite(&self) -> bool {
        matches!(self.backend, Backend::Sqlite(_))
    }

    /// The slot that is now.
    pub fn now(&self) -> CoarseTime {
        self.clock.now()
    }

    /// The clock of the store.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) const fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    /// Seals a text for its place.
    pub fn seal(&self, place: Place, text: &str) -> Vec<u8> {
        self.sealer.seal(place, text.as_bytes())
    }

    /// Seals bytes for their place.
    pub fn seal_bytes(&self, place: Place, bytes: &[u8]) -> Vec<u8> {
        self.sealer.seal(place, bytes)
    }

    /// Opens bytes that were sealed for `place`.
    pub fn open_bytes(&self, place: Place, sealed: &[u8]) -> Result<Vec<u8>> {
        self.sealer.open(place, sealed)
    }

    /// Opens a text that was sealed for `place`.
    pub fn open(&self, place: Place, sealed: &[u8]) -> Result<String> {
        let bytes = self.sealer.open(place, sealed)?;
        String::from_utf8(bytes).map_err(|_| Error::Sealed {
            table: place.table,
            column: place.column,
        })
    }

    /// The id of the next post. Only within a write: the single writer gives ids in commit order.
    pub fn next_post_id(&mut self) -> PostId {
        self.given.post = PostId::after(self.given.post, self.clock.now(), random_gap());
        self.given.post
    }

    /// The id of the next notification. Only within a write.
    pub fn next_notification_id(&mut self) -> NotificationId {
        self.given.notification =
            NotificationId::after(self.given.notification, self.clock.now(), random_gap());
        self.given.notification
    }

    /// Tells the writer where ids stand.
    pub(crate) fn resume_ids(&mut self) -> Result<()> {
        self.given = given::read(self)?;
        Ok(())
    }

    /// Notes in the open transaction how far ids may have been given, so that none is given again after a restart.
    pub(crate) fn note_given(&mut self) -> Result<()> {
        let given = self.given;
        self.given = given::note(self, given)?;
        Ok(())
    }

    /// The open transaction was lost, and whatever it noted with it.
    pub(crate) const fn forget_noted(&mut self) {
        self.given = self.given.unnoted();
    }

    /// Something was deleted: after the commit, the write-ahead log is emptied of its old copies.
    pub fn purge_after_commit(&mut self) {
        self.purge = true;
    }

    pub(crate) fn take_purge(&mut self) -> bool {
        std::mem::take(&mut self.purge)
    }

    /// `account` was told something: whoever listens hears of it after the commit.
    pub(crate) fn note_told(&mut self, account: AccountId, notification: NotificationId) {
        self.told.push((account, notification));
    }

    pub(crate) fn take_told(&mut self) -> Vec<Told> {
        std::mem::take(&mut self.told)
    }
}

/// 1 to 32: the numbers between two public posts must not count the private ones.
fn random_gap() -> u8 {
    let byte = getrandom::u32().expect("the operating system has randomness") as u8;
    (byte & 31) + 1
}
