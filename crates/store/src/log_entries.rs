//! Entries of the public log: queued in the transaction of what they tell, later found at a leaf, later opened.
//!
//! What an entry says is a text here. Which leaf it gets is decided by the log's own files; this table only follows them.

use bauta_model::LogEntryId;
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::log_entries;
use crate::{Conn, Error, Place, Result};

/// How far an entry is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// Nobody can read it.
    Closed,
    /// It is to be opened as soon as it is in the log.
    Wanted,
    /// Its opening is published, which can't be taken back.
    Published,
}

impl Open {
    const fn code(self) -> i16 {
        match self {
            Self::Closed => 0,
            Self::Wanted => 1,
            Self::Published => 2,
        }
    }

    fn from_code(code: i16) -> Result<Self> {
        match code {
            0 => Ok(Self::Closed),
            1 => Ok(Self::Wanted),
            2 => Ok(Self::Published),
            _ => Err(Error::Unknown("log_entries.open")),
        }
    }
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Random.
    pub id: LogEntryId,
    /// What it is about: a number of the caller's, by which its entries are found again.
    pub about: i64,
    /// The hour since 1970 in which it was queued.
    pub epoch: i64,
    /// Its leaf, once it has one.
    pub leaf: Option<i64>,
    /// How far it is opened.
    pub open: Open,
    /// 32 random bytes as text: a secret until the entry is opened.
    pub salt: String,
    /// What it says: canonical JSON.
    pub payload: String,
}

const fn salt_place(id: LogEntryId) -> Place {
    Place::new("log_entries", "salt", id.get())
}

const fn place(id: LogEntryId) -> Place {
    Place::new("log_entries", "payload", id.get())
}

/// Queues an entry.
pub fn insert(conn: &mut Conn, entry: &LogEntry) -> Result<()> {
    let payload = conn.seal(place(entry.id), &entry.payload);
    let salt = conn.seal(salt_place(entry.id), &entry.salt);
    on!(conn, c => diesel::insert_into(log_entries::table)
        .values((
            log_entries::id.eq(entry.id.get()),
            log_entries::about_id.eq(entry.about),
            log_entries::epoch.eq(entry.epoch),
            log_entries::leaf.eq(entry.leaf),
            log_entries::open.eq(entry.open.code()),
            log_entries::salt.eq(&salt),
            log_entries::payload.eq(&payload),
        ))
        .execute(c))?;
    Ok(())
}

type Row = (i64, i64, i64, Option<i64>, i16, Vec<u8>, Vec<u8>);

fn entry(conn: &Conn, (id, about, epoch, leaf, open, salt, payload): Row) -> Result<LogEntry> {
    let id = LogEntryId::new(id);
    Ok(LogEntry {
        id,
        about,
        epoch,
        leaf,
        open: Open::from_code(open)?,
        salt: conn.open(salt_place(id), &salt)?,
        payload: conn.open(place(id), &payload)?,
    })
}

/// The entries that wait for a leaf: by the hour in which they came, within it in a random order. At most `most`.
pub fn waiting(conn: &mut Conn, most: i64) -> Result<Vec<LogEntry>> {
    let rows: Vec<Row> = on!(conn, c => log_entries::table
        .filter(log_entries::leaf.is_null())
        .order((log_entries::epoch, log_entries::id))
        .limit(most)
        .load(c))?;
    rows.into_iter().map(|row| entry(conn, row)).collect()
}

/// How many entries wait for a leaf.
pub fn count_waiting(conn: &mut Conn) -> Result<i64> {
    Ok(on!(conn, c => log_entries::table
        .filter(log_entries::leaf.is_null())
        .count()
        .get_result(c))?)
}

/// The highest leaf that an entry was found at.
pub fn last_leaf(conn: &mut Conn) -> Result<Option<i64>> {
    Ok(on!(conn, c => log_entries::table
        .select(diesel::dsl::max(log_entries::leaf))
        .first(c))?)
}

/// An entry was found at a leaf. One that has a leaf keeps it.
pub fn found_at(conn: &mut Conn, id: LogEntryId, leaf: i64) -> Result<()> {
    on!(conn, c => diesel::update(log_entries::table
            .filter(log_entries::id.eq(id.get()).and(log_entries::leaf.is_null())))
        .set(log_entries::leaf.eq(Some(leaf)))
        .execute(c))?;
    Ok(())
}

/// Has every closed entry about `about` opened, now or as soon as it is in the log.
pub fn open_all_about(conn: &mut Conn, about: i64) -> Result<()> {
    on!(conn, c => diesel::update(log_entries::table
            .filter(log_entries::about_id.eq(about).and(log_entries::open.eq(Open::Closed.code()))))
        .set(log_entries::open.eq(Open::Wanted.code()))
        .execute(c))?;
    Ok(())
}

/// The entries in the log whose opening is to be published. At most `most`.
pub fn to_publish(conn: &mut Conn, most: i64) -> Result<Vec<LogEntry>> {
    let rows: Vec<Row> = on!(conn, c => log_entries::table
        .filter(log_entries::open.eq(Open::Wanted.code()).and(log_entries::leaf.is_not_null()))
        .order(log_entries::leaf)
        .limit(most)
        .load(c))?;
    rows.into_iter().map(|row| entry(conn, row)).collect()
}

/// The opening of an entry is published.
pub fn published(conn: &mut Conn, id: LogEntryId) -> Result<()> {
    on!(conn, c => diesel::update(log_entries::table.find(id.get()))
        .set(log_entries::open.eq(Open::Published.code()))
        .execute(c))?;
    Ok(())
}

/// An entry.
pub fn by_id(conn: &mut Conn, id: LogEntryId) -> Result<Option<LogEntry>> {
    let row: Option<Row> = on!(conn, c => log_entries::table.find(id.get()).first(c).optional())?;
    row.map(|row| entry(conn, row)).transpose()
}

/// The entries about `about`, in the order of their leaves; those that wait come last or first, as the database likes.
pub fn about(conn: &mut Conn, about: i64) -> Result<Vec<LogEntry>> {
    let rows: Vec<Row> = on!(conn, c => log_entries::table
        .filter(log_entries::about_id.eq(about))
        .order((log_entries::leaf, log_entries::id))
        .load(c))?;
    rows.into_iter().map(|row| entry(conn, row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::on_both;

    fn queued(id: i64, epoch: i64, open: Open) -> LogEntry {
        LogEntry {
            id: LogEntryId::new(id),
            about: 7,
            epoch,
            leaf: None,
            open,
            salt: format!("salt {id}"),
            payload: format!("{{\"n\":{id}}}"),
        }
    }

    #[test]
    fn entries_wait_find_a_leaf_once_and_are_opened_once() {
        on_both(|conn| {
            for (id, epoch) in [(1, 20), (2, 10), (3, 10)] {
                insert(conn, &queued(id, epoch, Open::Closed)).unwrap();
            }
            let order = |conn: &mut Conn, most| -> Vec<i64> {
                let waiting = waiting(conn, most).unwrap();
                waiting.iter().map(|entry| entry.id.get()).collect()
            };
            assert_eq!(order(conn, 9), [2, 3, 1]);
            assert_eq!(order(conn, 2), [2, 3]);
            assert_eq!(
                (count_waiting(conn).unwrap(), last_leaf(conn).unwrap()),
                (3, None)
            );
            open_all_about(conn, 8).unwrap();
            open_all_about(conn, 7).unwrap();
            assert!(to_publish(conn, 9).unwrap().is_empty(), "none is in the log yet");
            found_at(conn, LogEntryId::new(2), 40).unwrap();
            found_at(conn, LogEntryId::new(2), 41).unwrap();
            assert_eq!(order(conn, 9), [3, 1]);
            assert_eq!(last_leaf(conn).unwrap(), Some(40));
            let open = to_publish(conn, 9).unwrap();
            let expected = LogEntry {
                leaf: Some(40),
                ..queued(2, 10, Open::Wanted)
            };
            assert_eq!(open, [expected]);
            published(conn, LogEntryId::new(2)).unwrap();
            open_all_about(conn, 7).unwrap();
            assert!(to_publish(conn, 9).unwrap().is_empty());
            assert_eq!(
                by_id(conn, LogEntryId::new(2)).unwrap().unwrap().open,
                Open::Published
            );
            assert_eq!(about(conn, 7).unwrap().len(), 3);
        });
    }
}
