//! When mutes end, for readers who are in memory: the timelines know only who is hidden, not until when.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};

use bauta_model::{AccountId, CoarseTime};
use bauta_timeline::Timelines;
use parking_lot::Mutex;

/// Mutes that will end, by slot. Of a reader who was loaded anew an older entry costs one more loading, no more.
pub(crate) struct MuteEnds {
    /// The first of `ends`, so that asking costs nothing while nothing ends.
    next: AtomicI64,
    ends: Mutex<BTreeSet<(i64, AccountId)>>,
}

impl Default for MuteEnds {
    fn default() -> Self {
        Self {
            next: AtomicI64::new(i64::MAX),
            ends: Mutex::default(),
        }
    }
}

impl MuteEnds {
    /// A mute of `reader` ends in the slot `at`.
    pub(crate) fn note(&self, at: CoarseTime, reader: AccountId) {
        let mut ends = self.ends.lock();
        ends.insert((at.unix_seconds(), reader));
        self.next.fetch_min(at.unix_seconds(), Ordering::AcqRel);
    }

    /// Lets `timelines` load readers anew of whose mutes one has ended.
    pub(crate) fn settle(&self, now: CoarseTime, timelines: &Timelines) {
        let now = now.unix_seconds();
        if self.next.load(Ordering::Acquire) > now {
            return;
        }
        let mut ends = self.ends.lock();
        while let Some((at, reader)) = ends.first().copied().filter(|(at, _)| *at <= now) {
            ends.remove(&(at, reader));
            timelines.drop_reader(reader);
        }
        let next = ends.first().map_or(i64::MAX, |(at, _)| *at);
        self.next.store(next, Ordering::Release);
    }
}
