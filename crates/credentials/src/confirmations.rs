//! "Yes, publish it anyway": texts that were held back once and pass when they are sent again within ten minutes.
//!
//! Only keyed hashes are kept, in memory, under keys that are thrown away; neither text nor account can be read from them.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use bauta_model::AccountId;
use parking_lot::Mutex;

use crate::KeyedHash;

/// How long a text can be sent again.
const LIFETIME: Duration = Duration::from_mins(10);

/// The texts that wait for their author's second word. Bounded: the oldest goes when there are too many.
pub struct Confirmations {
    capacity: usize,
    generations: Mutex<VecDeque<Generation>>,
}

/// What was remembered under one key, in at most [`LIFETIME`].
struct Generation {
    key: KeyedHash,
    born: Instant,
    seen: HashMap<[u8; 32], Instant>,
    order: VecDeque<[u8; 32]>,
}

impl Confirmations {
    /// Remembers at most `capacity` texts under each of the two keys that live at a time.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            generations: Mutex::new(VecDeque::new()),
        }
    }

    /// Remembers that `account` was warned about `text`.
    ///
    /// # Panics
    /// When the operating system has no randomness to give.
    pub fn remember(&self, account: AccountId, text: &str) {
        self.remember_at(account, text, Instant::now());
    }

    /// Whether `account` was warned about exactly this text in the last ten minutes. It is forgotten with the answer.
    pub fn take(&self, account: AccountId, text: &str) -> bool {
        self.take_at(account, text, Instant::now())
    }

    /// Forgets what is older than it should be; for a worker that comes by now and then.
    pub fn sweep(&self) {
        forget_old(&mut self.generations.lock(), Instant::now());
    }

    fn remember_at(&self, account: AccountId, text: &str, now: Instant) {
        let mut generations = self.generations.lock();
        forget_old(&mut generations, now);
        if generations
            .back()
            .is_none_or(|last| now.duration_since(last.born) >= LIFETIME)
        {
            generations.push_back(Generation::new(now));
        }
        if let Some(current) = generations.back_mut() {
            current.insert(account, text, now, self.capacity);
        }
    }

    fn take_at(&self, account: AccountId, text: &str, now: Instant) -> bool {
        let mut generations = self.generations.lock();
        forget_old(&mut generations, now);
        let mut warned = false;
        for generation in generations.iter_mut() {
            let hash = generation.hash(account, text);
            warned |= generation
                .seen
                .remove(&hash)
                .is_some_and(|at| now.duration_since(at) < LIFETIME);
        }
        warned
    }
}

fn forget_old(generations: &mut VecDeque<Generation>, now: Instant) {
    // The last thing that a generation took in came less than a lifetime after its birth.
    while generations
        .front()
        .is_some_and(|first| now.duration_since(first.born) >= 2 * LIFETIME)
    {
        generations.pop_front();
    }
}

impl Generation {
    fn new(now: Instant) -> Self {
        Self {
            key: KeyedHash::random(),
            born: now,
            seen: HashMap::new(),
            order: VecDeque::new(),
        }
    }

    fn hash(&self, account: AccountId, text: &str) -> [u8; 32] {
        self.key.of(&[&account.get().to_le_bytes(), text.as_bytes()])
    }

    fn insert(&mut self, account: AccountId, text: &str, now: Instant, capacity: usize) {
        let hash = self.hash(account, text);
        if self.seen.insert(hash, now).is_none() {
            self.order.push_back(hash);
        }
        // `order` also holds what was taken since, so it is what bounds both.
        while self.order.len() > capacity {
            if let Some(oldest) = self.order.pop_front() {
                self.seen.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: AccountId = AccountId::new(1);
    const BOB: AccountId = AccountId::new(2);

    #[test]
    fn the_same_text_of_the_same_account_passes_once() {
        let confirmations = Confirmations::new(10);
        confirmations.remember(ALICE, "call me: 555 0100");
        assert!(!confirmations.take(BOB, "call me: 555 0100"));
        assert!(!confirmations.take(ALICE, "call me: 555 0101"));
        assert!(confirmations.take(ALICE, "call me: 555 0100"));
        assert!(!confirmations.take(ALICE, "call me: 555 0100"));
    }

    #[test]
    fn after_ten_minutes_nothing_is_remembered() {
        let start = Instant::now();
        let minute = |n: u64| start + Duration::from_mins(n);
        let confirmations = Confirmations::new(10);
        confirmations.remember_at(ALICE, "early", minute(0));
        confirmations.remember_at(ALICE, "late", minute(9));
        confirmations.remember_at(ALICE, "later", minute(11));
        assert!(!confirmations.take_at(ALICE, "early", minute(10)));
        assert!(confirmations.take_at(ALICE, "late", minute(18)));
        assert!(confirmations.take_at(ALICE, "later", minute(20)));
        confirmations.remember_at(ALICE, "last", minute(20));
        assert!(!confirmations.take_at(ALICE, "last", minute(60)));
        assert!(confirmations.generations.lock().is_empty());
    }

    #[test]
    fn the_oldest_goes_when_there_are_too_many() {
        let confirmations = Confirmations::new(3);
        for n in 0..100 {
            confirmations.remember(ALICE, &n.to_string());
        }
        assert!(!confirmations.take(ALICE, "96"));
        assert!(confirmations.take(ALICE, "97"));
        let held: usize = confirmations
            .generations
            .lock()
            .iter()
            .map(|g| g.seen.len() + g.order.len())
            .sum();
        assert!(held <= 6);
    }
}
