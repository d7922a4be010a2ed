//! Opening a database, and the two ways in.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use bauta_inventory::Inventory;
use bauta_model::{Clock, Event, emit};
use bauta_seal::Keyring;
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use crate::conn::{Backend, Conn, Told};
use crate::link::Link;
use crate::purge::Purge;
use crate::readers::{PATIENCE, Readers};
use crate::seal::{Deletion, Sealer, turn};
use crate::writer::{Listener, Writer};
use crate::{Error, Result, live_schema, migrate, patience, postgres, wiping};

/// Where the rows live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// A file; it is made if it is not there.
    Sqlite(PathBuf),
    /// A `postgres://` URL.
    Postgres(String),
}

impl Where {
    /// The database of a data directory that has no other.
    pub fn embedded(data: &Path) -> Self {
        Self::Sqlite(data.join("bauta.sqlite"))
    }
}

/// What opening needs to know.
#[derive(Clone)]
pub struct Options {
    /// Where the rows live.
    pub database: Where,
    /// The only source of time.
    pub clock: Clock,
    /// How many connections read.
    pub readers: usize,
    /// The keys under which values are sealed; none where they are written as they are.
    pub keyring: Option<Arc<Keyring>>,
}

/// The open database.
pub struct Store {
    writer: Writer,
    readers: Readers,
    purge: Arc<Purge>,
    listener: Arc<OnceLock<Listener>>,
    sqlite: bool,
    keyring: Option<Arc<Keyring>>,
}

/// What every SQLite connection is told. `secure_delete` overwrites what is deleted with zeros; nothing temporary
/// touches the disk.
const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; \
     PRAGMA cache_size = -1024; PRAGMA trusted_schema = OFF;";

impl Store {
    /// Opens the database, brings it up to date, and compares it with the inventory.
    ///
    /// Blocks: call it outside an asynchronous task.
    ///
    /// # Errors
    /// [`Error::Undeclared`] when the live tables and `inventory` differ; [`Error::Locked`] when another server uses
    /// the same PostgreSQL database.
    pub fn open(options: &Options, inventory: &Inventory) -> Result<Self> {
        let mut writer = first(options)?;
        let count = migrate::run(&mut writer)?;
        if count > 0 {
            emit(Event::Migrated { count });
        }
        live_schema::check(&mut writer, inventory)?;
        settle(&mut writer)?;
        turn::refuse_older(&mut writer, options.keyring.as_deref())?;
        writer.resume_ids()?;
        let sqlite = writer.is_sqlite();
        if !sqlite && options.keyring.is_none() {
            emit(Event::DeletionNotReal);
        }
        let purge = if sqlite {
            Purge::start(connect(options)?)?
        } else {
            Purge::none()
        };
        let readers = (0..options.readers.max(1))
            .map(|_| {
                let options = options.clone();
                Link::open(Box::new(move || reader(&options)))
            })
            .collect::<Result<Vec<_>>>()?;
        let listener = Arc::default();
        let keyring = options.keyring.clone();
        let options = options.clone();
        let writer = Link::with(writer, Box::new(move || again(&options)));
        Ok(Self {
            writer: Writer::start(writer, Arc::clone(&purge), Arc::clone(&listener))?,
            listener,
            readers: Readers::start(readers)?,
            purge,
            sqlite,
            keyring,
        })
    }

    /// What becomes of a deleted text.
    pub const fn deletion(&self) -> Deletion {
        match (&self.keyring, self.sqlite) {
            (Some(_), _) => Deletion::KeyDies,
            (None, true) => Deletion::Overwritten,
            (None, false) => Deletion::NotReal,
        }
    }

    /// The keys under which values are sealed.
    pub const fn keyring(&self) -> Option<&Arc<Keyring>> {
        self.keyring.as_ref()
    }

    /// Lets `hear` know after each commit whom it told something. Once; a second listener is not heard.
    ///
    /// It runs on the writer's thread, so it must be short.
    pub fn on_told(&self, hear: impl Fn(&[Told]) + Send + Sync + 'static) {
        let _ = self.listener.set(Box::new(hear));
    }

    /// Compares the live tables with the inventory, as at start.
    pub async fn check(&self, inventory: &'static Inventory) -> Result<()> {
        self.read("check", move |conn| live_schema::check(conn, inventory))
            .await
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`Error::Away`] when PostgreSQL can't be reached, [`Error::TooLong`] when it doesn't answer in time.
    pub async fn answers(&self) -> Result<()> {
        self.read("health", |conn| conn.batch("SELECT 1")).await
    }

    /// Runs a named piece of work that writes. It is durable when this returns; an error undoes all of it.
    ///
    /// # Errors
    /// [`Error::Away`] while PostgreSQL can't be reached; [`Error::Unsure`] where it went away with the answer to the
    /// commit and stays away, and nobody knows whether it is written; and its own.
    pub async fn write<T, E, F>(&self, name: &'static str, work: F) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut Conn) -> std::result::Result<T, E> + Send + 'static,
    {
        self.writer.run(name, work, |_| ()).await
    }

    /// As [`Store::write`]; `after` sees the result once it is durable, in commit order, before this returns. After
    /// [`Error::Unsure`] it sees it later, or never where nothing was written.
    pub async fn write_then<T, E, F, G>(
        &self,
        name: &'static str,
        work: F,
        after: G,
    ) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut Conn) -> std::result::Result<T, E> + Send + 'static,
        G: FnOnce(&T) + Send + 'static,
    {
        self.writer.run(name, work, after).await
    }

    /// Runs a named piece of work that reads, in one consistent view, for two seconds at most.
    ///
    /// # Errors
    /// [`Error::TooLong`] when it takes longer, [`Error::Away`] while PostgreSQL can't be reached, and its own.
    pub async fn read<T, E, F>(&self, name: &'static str, work: F) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut Conn) -> std::result::Result<T, E> + Send + 'static,
    {
        self.readers.run(name, Some(PATIENCE), work).await
    }

    /// As [`Store::read`], for as long as it takes: what a backup needs. Until it ends, what others delete stays in
    /// the write-ahead log.
    ///
    /// # Errors
    /// As [`Store::read`], but for the time.
    pub async fn read_whole<T, E, F>(&self, name: &'static str, work: F) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut Conn) -> std::result::Result<T, E> + Send + 'static,
    {
        self.readers.run(name, None, work).await
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.purge.stop();
    }
}

pub(crate) fn connect(options: &Options) -> Result<Conn> {
    let backend = match &options.database {
        Where::Sqlite(path) => Backend::Sqlite(sqlite(path)?),
        Where::Postgres(url) => Backend::Postgres(postgres::connect(url)?),
    };
    let sealer = Sealer::new(options.keyring.clone());
    Ok(Conn::new(backend, options.clock.clone(), sealer))
}

fn sqlite(path: &Path) -> Result<SqliteConnection> {
    let path = path.to_str().ok_or_else(|| {
        Error::File(std::io::Error::new(
            std::io::ErrorKind::InvalidInput,
            "the path is not valid UTF-8",
        ))
    })?;
    wiping::set_up();
    patience::watch();
    let mut conn = SqliteConnection::establish(path)?;
    conn.batch_execute(SQLITE_SETTINGS)?;
    Ok(conn)
}

/// How long a start waits for the lock of a server that has just ended: PostgreSQL notices a moment later.
const HANDOVER: Duration = Duration::from_secs(5);

/// The writer's connection at start.
fn first(options: &Options) -> Result<Conn> {
    let begun = Instant::now();
    loop {
        match locked(options) {
            Err(Error::Locked) if begun.elapsed() < HANDOVER => std::thread::sleep(HANDOVER / 50),
            taken => return taken,
        }
    }
}

/// What the writer's connection is told once the tables are there: what is acknowledged is on the disk, whatever the
/// database server's own settings say, and no statement holds up the others for good.
fn settle(conn: &mut Conn) -> Result<()> {
    if conn.is_sqlite() {
        return Ok(());
    }
    conn.batch("SET synchronous_commit = on; SET statement_timeout = '60s'")
}

/// The one connection that writes: it holds the lock.
fn locked(options: &Options) -> Result<Conn> {
    let mut conn = connect(options)?;
    take_advisory_lock(&mut conn)?;
    Ok(conn)
}

/// The writer's connection, made again. Whoever took the lock in between keeps it.
fn again(options: &Options) -> Result<Conn> {
    let mut conn = locked(options)?;
    settle(&mut conn)?;
    conn.resume_ids()?;
    Ok(conn)
}

fn reader(options: &Options) -> Result<Conn> {
    let mut conn = connect(options)?;
    if conn.is_sqlite() {
        conn.batch("PRAGMA query_only = ON")?;
    }
    Ok(conn)
}

/// "bauta" in ASCII: the number of the lock that a server holds on a PostgreSQL database.
pub(crate) const ADVISORY_LOCK: &str = "SELECT pg_try_advisory_lock(422877885537) AS taken";

#[derive(diesel::QueryableByName)]
struct Taken {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    taken: bool,
}

fn take_advisory_lock(conn: &mut Conn) -> Result<()> {
    use diesel::RunQueryDsl;
    let Backend::Postgres(c) = &mut conn.backend else {
        return Ok(());
    };
    let row: Taken = diesel::sql_query(ADVISORY_LOCK).get_result(c)?;
    if row.taken { Ok(()) } else { Err(Error::Locked) }
}
