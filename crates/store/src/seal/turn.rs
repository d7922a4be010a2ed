//! The turn of a day over a whole database: a look at every sealed value, and a key file with the keys of those.
//!
//! Killed at any step it is begun again: until the new key file has its name, the old one and the root of its day open
//! everything that was written since.

use std::sync::Arc;

use bauta_model::{Day, Event, emit};
use bauta_seal::{Keyring, Survivors, Turned};

use super::{COLUMNS, Column, walk};
use crate::{Conn, Error, Result, Store, settings};

/// The day of the newest keys under which something here is sealed, in days since 1970.
const SEALED_DAY: &str = "sealed_day";

/// Values that one commit seals. Each batch is looked for from the column's beginning, so they are not small.
const BATCH: usize = 2000;

/// Refuses keys that are older than what is sealed: a copy from before would lose what was written since.
pub(crate) fn refuse_older(conn: &mut Conn, keyring: Option<&Keyring>) -> Result<()> {
    let Some(values) = settings::get(conn, SEALED_DAY)?.and_then(|day| day.parse().ok()) else {
        return Ok(());
    };
    let values = Day::new(values);
    match keyring {
        None => Err(Error::NoKeys),
        Some(keyring) if keyring.day() < values => Err(bauta_seal::Error::KeysAreOlder {
            keys: keyring.day(),
            values,
        }
        .into()),
        Some(_) => Ok(()),
    }
}

impl Store {
    /// Whether the keys fit what is stored, as at start: after rows came from elsewhere.
    ///
    /// # Errors
    /// [`Error::NoKeys`], and [`bauta_seal::Error::KeysAreOlder`].
    pub async fn check_keys(&self) -> Result<()> {
        let keyring = self.keyring().cloned();
        self.read("check_keys", move |conn| refuse_older(conn, keyring.as_deref()))
            .await
    }

    /// Turns the keys where a day is over, or where there are values from before there were keys. Nothing where there is
    /// nothing to do.
    ///
    /// # Errors
    /// Those of the database and of the key file; the old keys are in force then.
    pub async fn turn_keys(&self) -> Result<Option<Turned>> {
        let Some(keyring) = self.keyring().cloned() else {
            return Ok(None);
        };
        let turning = Arc::clone(&keyring);
        // On the writer, between two commits: what was sealed before is there when the look begins.
        let due = self
            .write("begin_turn", move |conn| -> Result<bool> {
                if settings::get(conn, SEALED_DAY)?.is_none() {
                    settings::set(conn, SEALED_DAY, &turning.day().get().to_string())?;
                }
                Ok(turning.begin_turn(conn.clock().today())?)
            })
            .await?;
        if keyring.expects_plain() {
            self.seal_plain().await?;
        } else if !due {
            return Ok(None);
        }
        let survivors = self.read_whole("look_at_sealed", {
            let survivors = keyring.look();
            move |conn| look(conn, survivors)
        });
        let survivors = survivors.await?;
        let ended = tokio::task::spawn_blocking(move || keyring.end_turn(survivors, false)).await;
        let turned = ended.map_err(|_| Error::Failed(bauta_model::Incident::random()))??;
        self.write("sealed_day", move |conn| {
            settings::set(conn, SEALED_DAY, &turned.day.get().to_string())
        })
        .await?;
        emit(Event::KeysTurned);
        if turned.lost > 0 {
            emit(Event::ValuesWithoutKey { count: turned.lost });
        }
        Ok(Some(turned))
    }

    /// Seals what was written before there were keys, a batch a commit: a look that lasts would keep the write-ahead log
    /// from being emptied, and the writer waiting for that.
    async fn seal_plain(&self) -> Result<()> {
        for column in COLUMNS.iter().filter(|column| !column.appended) {
            while self
                .write("seal_plain", move |conn| seal_batch(conn, column))
                .await?
                == BATCH
            {}
        }
        Ok(())
    }
}

fn look(conn: &mut Conn, mut survivors: Survivors) -> Result<Survivors> {
    for column in COLUMNS {
        walk::each(conn, column, |value| {
            survivors.note(&column.place(value.id), &value.bytes);
            Ok(())
        })?;
    }
    Ok(survivors)
}

/// Seals the next values of a column that are not. How many.
fn seal_batch(conn: &mut Conn, column: &Column) -> Result<usize> {
    let batch = walk::plain(conn, column, BATCH)?;
    for value in &batch {
        let sealed = conn.seal_bytes(column.place(value.id), &value.bytes[1..]);
        walk::replace(conn, column, value.id, &value.bytes, &sealed)?;
    }
    if !batch.is_empty() {
        // The bytes that were readable are overwritten, and the write-ahead log is emptied.
        conn.purge_after_commit();
    }
    Ok(batch.len())
}
