//! A bounded cache of shared values that a change always beats: least recently used goes first.

use std::hash::{BuildHasher, Hash};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use rustc_hash::{FxBuildHasher, FxHashMap};

/// How much a cache may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Values.
    pub count: usize,
    /// Bytes, about.
    pub bytes: usize,
}

/// Taken before a value is loaded, given back with it. A value that changed in between is not let in.
#[derive(Clone, Copy, Debug)]
pub struct Ticket {
    of_one: bool,
    changes: u64,
}

/// Locks of their own, so that two processors seldom wait for each other. Each holds a part of the limits.
const SHARDS: usize = 16;
/// Counters of changes. Two keys that share one only make a value be loaded twice.
const STAMPS: usize = 1024;
const NONE: u32 = u32::MAX;

pub(crate) struct Cache<K, V> {
    shards: Box<[Mutex<Shard<K, V>>]>,
    stamps: Box<[AtomicU64]>,
    /// Changes of anything.
    all: AtomicU64,
    weigh: fn(&V) -> usize,
}

struct Shard<K, V> {
    places: FxHashMap<K, u32>,
    slots: Vec<Slot<K, V>>,
    free: Vec<u32>,
    newest: u32,
    oldest: u32,
    weight: usize,
    limits: Limits,
}

/// A value in a list from the one used last to the one used longest ago.
struct Slot<K, V> {
    key: K,
    value: Option<Arc<V>>,
    weight: usize,
    newer: u32,
    older: u32,
}

impl<K: Copy + Eq + Hash, V> Cache<K, V> {
    pub fn new(limits: Limits, weigh: fn(&V) -> usize) -> Self {
        let shards = if limits.count < SHARDS * 8 { 1 } else { SHARDS };
        let part = Limits {
            count: (limits.count / shards).max(1),
            bytes: limits.bytes / shards,
        };
        Self {
            shards: (0..shards).map(|_| Mutex::new(Shard::new(part))).collect(),
            all: AtomicU64::new(0),
            stamps: (0..STAMPS).map(|_| AtomicU64::new(0)).collect(),
            weigh,
        }
    }

    fn shard(&self, key: &K) -> &Mutex<Shard<K, V>> {
        // The map within takes the upper and lower bits of the same hash; the shard takes some of the middle.
        let hash = FxBuildHasher.hash_one(key);
        &self.shards[(hash >> 24) as usize % self.shards.len()]
    }

    fn stamp(&self, key: &K) -> &AtomicU64 {
        let hash = FxBuildHasher.hash_one(key);
        &self.stamps[(hash >> 34) as usize % STAMPS]
    }

    pub fn ticket(&self, key: &K) -> Ticket {
        Ticket {
            of_one: true,
            changes: self.stamp(key).load(Ordering::Acquire),
        }
    }

    /// A ticket for whatever the load will find, where the key is not known yet.
    pub fn ticket_for_any(&self) -> Ticket {
        Ticket {
            of_one: false,
            changes: self.all.load(Ordering::Acquire),
        }
    }

    fn count_change(&self, key: &K) {
        self.stamp(key).fetch_add(1, Ordering::AcqRel);
        self.all.fetch_add(1, Ordering::AcqRel);
    }

    pub fn get(&self, key: &K) -> Option<Arc<V>> {
        self.shard(key).lock().get(key, self.weigh)
    }

    /// Lets a value in, unless its key changed since the ticket was taken. Says whether it did.
    pub fn insert(&self, ticket: Ticket, key: K, value: Arc<V>) -> bool {
        let weight = (self.weigh)(&value);
        let mut shard = self.shard(&key).lock();
        // Checked under the lock: a change counts first and then waits for this lock to take the value out.
        let changes = if ticket.of_one {
            self.stamp(&key)
        } else {
            &self.all
        };
        let unchanged = changes.load(Ordering::Acquire) == ticket.changes;
        if unchanged {
            shard.insert(key, value, weight);
        }
        unchanged
    }

    /// Takes a value out, and keeps out what is being loaded.
    pub fn invalidate(&self, key: &K) {
        self.count_change(key);
        self.shard(key).lock().remove(key);
    }

    /// Takes every value out, and keeps out what is being loaded.
    pub fn clear(&self) {
        for stamp in &self.stamps {
            stamp.fetch_add(1, Ordering::AcqRel);
        }
        self.all.fetch_add(1, Ordering::AcqRel);
        for shard in &self.shards {
            let mut shard = shard.lock();
            *shard = Shard::new(shard.limits);
        }
    }

    /// Keeps out what is being loaded, and gives the held value, for the change to be made on it.
    pub fn changed(&self, key: &K) -> Option<Arc<V>> {
        self.count_change(key);
        self.get(key)
    }

    /// Values held, and their weight.
    pub fn size(&self) -> (usize, usize) {
        self.shards.iter().fold((0, 0), |(count, bytes), shard| {
            let shard = shard.lock();
            (count + shard.places.len(), bytes + shard.weight)
        })
    }
}

impl<K: Copy + Eq + Hash, V> Shard<K, V> {
    fn new(limits: Limits) -> Self {
        Self {
            places: FxHashMap::default(),
            slots: Vec::new(),
            free: Vec::new(),
            newest: NONE,
            oldest: NONE,
            weight: 0,
            limits,
        }
    }

    fn get(&mut self, key: &K, weigh: fn(&V) -> usize) -> Option<Arc<V>> {
        let place = *self.places.get(key)?;
        self.touch(place);
        let slot = &mut self.slots[place as usize];
        let value = slot.value.clone()?;
        // Values grow while they are held: pieces are rendered, marks are set.
        let weight = weigh(&value);
        self.weight = self.weight - slot.weight + weight;
        slot.weight = weight;
        Some(value)
    }

    fn insert(&mut self, key: K, value: Arc<V>, weight: usize) {
        self.remove(&key);
        let slot = Slot {
            key,
            value: Some(value),
            weight,
            newer: NONE,
            older: NONE,
        };
        let place = if let Some(place) = self.free.pop() {
            self.slots[place as usize] = slot;
            place
        } else {
            self.slots.push(slot);
            (self.slots.len() - 1) as u32
        };
        self.places.insert(key, place);
        self.weight += weight;
        self.link(place);
        while self.places.len() > self.limits.count
            || (self.weight > self.limits.bytes && self.places.len() > 1)
        {
            let oldest = self.slots[self.oldest as usize].key;
            self.remove(&oldest);
        }
    }

    fn remove(&mut self, key: &K) {
        let Some(place) = self.places.remove(key) else {
            return;
        };
        self.unlink(place);
        let slot = &mut self.slots[place as usize];
        slot.value = None;
        self.weight -= slot.weight;
        self.free.push(place);
    }

    fn touch(&mut self, place: u32) {
        if self.newest != place {
            self.unlink(place);
            self.link(place);
        }
    }

    fn link(&mut self, place: u32) {
        let before = self.newest;
        let slot = &mut self.slots[place as usize];
        (slot.newer, slot.older) = (NONE, before);
        match self.slots.get_mut(before as usize) {
            Some(slot) => slot.newer = place,
            None => self.oldest = place,
        }
        self.newest = place;
    }

    fn unlink(&mut self, place: u32) {
        let Slot { newer, older, .. } = self.slots[place as usize];
        match self.slots.get_mut(newer as usize) {
            Some(slot) => slot.older = older,
            None => self.newest = older,
        }
        match self.slots.get_mut(older as usize) {
            Some(slot) => slot.newer = newer,
            None => self.oldest = newer,
        }
    }
}
