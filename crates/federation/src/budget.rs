//! How often others can make us ask a host: what they tell must not become a flood for a third.

use std::collections::HashMap;

use parking_lot::Mutex;

/// Questions to one host in a slot, beyond those that our own people ask.
const MOST: u32 = 60;
/// Hosts that are counted in a slot: beyond them nobody is asked.
const MOST_HOSTS: usize = 10_000;

/// What was asked in the slot that is now.
#[derive(Default)]
pub struct Budget(Mutex<(i64, HashMap<String, u32>)>);

impl Budget {
    /// Counts a question to `host` in the slot that began at `now`. False if it is one too many.
    pub fn allows(&self, host: &str, now: i64) -> bool {
        let mut spent = self.0.lock();
        if spent.0 != now {
            *spent = (now, HashMap::new());
        }
        if !spent.1.contains_key(host) && spent.1.len() >= MOST_HOSTS {
            return false;
        }
        let count = spent.1.entry(host.to_owned()).or_default();
        *count += 1;
        *count <= MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_asked_so_often_and_in_the_next_slot_again() {
        let budget = Budget::default();
        assert!((0..MOST).all(|_| budget.allows("a", 60)));
        assert!(!budget.allows("a", 60) && budget.allows("b", 60));
        assert!(budget.allows("a", 120));
    }
}
