//! What is done each hour, and looked at each slot.

use std::collections::BTreeMap;
use std::sync::Arc;

use bauta_ledger::LogError;
use bauta_ledger::leaf::{Commitment, LEAVES_PER_EPOCH};
use bauta_ledger::log::{Compared, KeyFolder, Placed, Seen};
use bauta_model::{Event, LogEntryId, emit};
use bauta_store::log_entries::{self, LogEntry};

use crate::{Failed, PublicLog, open_log, queue};

/// Openings that are published at a time.
const OPENINGS: i64 = 256;

/// Hours that are appended at a time: a log that stood still for years catches up without holding all of them in memory.
const HOURS: u64 = 4096;

impl PublicLog {
    /// Works until the process ends.
    pub async fn run(self: Arc<Self>) {
        let slot = self.setup.clock.slot();
        let mut stopped = false;
        loop {
            let failed = self.tick().await.is_err();
            // Once for each time that it stops: `bauta ledger status` says why.
            if failed && !stopped {
                emit(Event::LogStopped);
            }
            stopped = failed;
            tokio::time::sleep(slot).await;
        }
    }

    /// Does what is due: appends when an hour began, publishes what was opened, asks witnesses that have not cosigned.
    ///
    /// # Errors
    /// Whatever the log refuses, such as that a witness is ahead. Nothing was signed then; entries stay in the queue.
    pub async fn tick(self: &Arc<Self>) -> Result<(), Failed> {
        let now = self.epoch();
        let due = self.with_log(move |log| Ok(log.next_epoch().is_none_or(|next| next <= now)));
        let due = due.await?;
        match self.compare().await {
            // Until something is to be signed, they may be away.
            Err(Failed::Log(LogError::NotCompared)) if !due => {}
            compared => compared?,
        }
        if due {
            self.find().await?;
            while let Some(next) = self.with_log(|log| Ok(log.next_epoch())).await?
                && next + HOURS <= now
            {
                self.append_hours(next + HOURS - 1, Vec::new()).await?;
            }
            self.append(now).await?;
        }
        self.publish_openings().await?;
        self.ask_for_cosignatures().await
    }

    /// Before the first signature of this process the witnesses say how far they are. They are asked at once, so that
    /// whoever restored an old copy hears of it at the start and not within the hour.
    async fn compare(self: &Arc<Self>) -> Result<(), Failed> {
        if self.with_log(|log| Ok(log.compared())).await?.is_some() {
            return Ok(());
        }
        let (has_witnesses, seen) = self.ask_how_far().await?;
        // The database remembers entries at leaves: without any witness it can still tell that the folder is too old.
        let last: Option<i64> = self.setup.store.read("log_last", log_entries::last_leaf).await?;
        let known = last.map_or(0, |last| last.cast_unsigned() + 1);
        let cosigned = seen.iter().filter_map(|seen| match seen {
            Seen::Size(theirs) => Some(*theirs),
            Seen::Agrees | Seen::OtherRoot => None,
        });
        let known = cosigned.fold(known, u64::max);
        self.with_log(move |log| match log.size() {
            ours if ours < known => Err(LogError::Behind { theirs: known, ours }),
            _ => Ok(()),
        })
        .await?;
        let compared = self
            .with_log(move |log| log.compare(has_witnesses, &seen))
            .await?;
        if compared == Compared::CannotKnow {
            emit(Event::LogAlone);
        }
        Ok(())
    }

    /// Entries that a process appended which ended before it could write down where.
    async fn find(self: &Arc<Self>) -> Result<(), Failed> {
        let read = self.setup.store.read("log_find", |conn| -> Result<_, Failed> {
            let waiting = log_entries::waiting(conn, i64::MAX)?;
            Ok((waiting, log_entries::last_leaf(conn)?))
        });
        let (waiting, last) = read.await?;
        let waiting = by_commitment(&waiting)?;
        if waiting.is_empty() {
            return Ok(());
        }
        let from = last.map_or(0, |last| last.cast_unsigned() + 1);
        let found = self
            .with_log(move |log| {
                let leaves = log.leaves(from.min(log.size()), log.size())?;
                let at = (from..).zip(leaves);
                let found = at.filter_map(|(index, leaf)| Some((*waiting.get(&leaf.commitment)?, index)));
                Ok(found.collect())
            })
            .await?;
        self.note_leaves(found).await
    }

    async fn append(self: &Arc<Self>, epoch: u64) -> Result<(), Failed> {
        let most = LEAVES_PER_EPOCH.cast_signed();
        let read = self
            .setup
            .store
            .read("log_waiting", move |conn| log_entries::waiting(conn, most));
        let waiting: Vec<LogEntry> = read.await?;
        let ids = by_commitment(&waiting)?;
        let placed = self.append_hours(epoch, ids.keys().copied().collect()).await?;
        let found = placed
            .iter()
            .filter_map(|placed| Some((*ids.get(&placed.commitment)?, placed.index)));
        self.note_leaves(found.collect()).await
    }

    /// Appends the hours up to `epoch`, with entries in the last one.
    async fn append_hours(
        self: &Arc<Self>,
        epoch: u64,
        entries: Vec<Commitment>,
    ) -> Result<Vec<Placed>, Failed> {
        let setup = self.setup.clone();
        self.with_log(move |log| {
            // A key that was rotated signs from the next hour on.
            log.set_keys(KeyFolder::open(&setup.keys, &setup.folder)?.load(&setup.origin)?)?;
            log.publish_policy(&setup.policy)?;
            let placed = log.append(epoch, &entries);
            if placed.is_err()
                && let Ok(again) = open_log(&setup)
            {
                *log = again;
            }
            placed
        })
        .await
    }

    async fn note_leaves(&self, found: Vec<(LogEntryId, u64)>) -> Result<(), Failed> {
        if found.is_empty() {
            return Ok(());
        }
        let write = self
            .setup
            .store
            .write("log_placed", move |conn| -> Result<(), Failed> {
                for (id, leaf) in &found {
                    log_entries::found_at(conn, *id, leaf.cast_signed())?;
                }
                Ok(())
            });
        write.await
    }

    async fn publish_openings(self: &Arc<Self>) -> Result<(), Failed> {
        let read = self
            .setup
            .store
            .read("log_to_open", |conn| log_entries::to_publish(conn, OPENINGS));
        let entries: Vec<LogEntry> = read.await?;
        if entries.is_empty() {
            return Ok(());
        }
        let openings: Vec<_> = entries
            .iter()
            .filter_map(|entry| queue::opening(entry).transpose())
            .collect();
        let openings: Vec<_> = openings.into_iter().collect::<Result<_, _>>()?;
        self.with_log(move |log| log.open_entries(&openings)).await?;
        let ids: Vec<LogEntryId> = entries.iter().map(|entry| entry.id).collect();
        let write = self
            .setup
            .store
            .write("log_opened", move |conn| -> Result<(), Failed> {
                for id in ids {
                    log_entries::published(conn, id)?;
                }
                Ok(())
            });
        write.await
    }
}

fn by_commitment(entries: &[LogEntry]) -> Result<BTreeMap<Commitment, LogEntryId>, Failed> {
    entries
        .iter()
        .map(|entry| Ok((queue::commitment(entry)?, entry.id)))
        .collect()
}
