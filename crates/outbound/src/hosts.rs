//! What is remembered of a host while the process lives: how many ask it now, and until when it rests.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// More hosts than this are not remembered at once.
const MOST_HOSTS: usize = 20_000;

/// The first rest; each failure in a row doubles it.
const FIRST_REST: Duration = Duration::from_secs(2);

/// The longest rest, and the longest that a host may ask for.
pub const LONGEST_REST: Duration = Duration::from_secs(3600);

/// Failures in a row that are forgiven before a host rests.
const FORGIVEN: u32 = 1;

/// One host.
pub struct Host {
    /// A permit is one connection in use.
    pub gate: Semaphore,
    /// The proxy's user name for this host.
    pub isolation: String,
    longest: Duration,
    rest: Mutex<Rest>,
}

#[derive(Default)]
struct Rest {
    failures: u32,
    until: Option<Instant>,
}

impl Host {
    fn new(connections: usize, longest: Duration) -> Self {
        Self {
            longest,
            gate: Semaphore::new(connections),
            isolation: random_name(),
            rest: Mutex::new(Rest::default()),
        }
    }

    /// True while the host is left alone.
    pub fn rests(&self) -> bool {
        self.rest.lock().at(Instant::now())
    }

    /// The host answered.
    pub fn succeeded(&self) {
        *self.rest.lock() = Rest::default();
    }

    /// The host did not answer as a living host does.
    pub fn failed(&self) {
        self.rest.lock().after_failure(Instant::now(), self.longest);
    }

    /// The host asked to be left alone.
    pub fn asked_for(&self, rest: Duration) {
        self.rest.lock().until = Some(Instant::now() + rest.min(self.longest));
    }
}

impl Rest {
    fn at(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| until > now)
    }

    fn after_failure(&mut self, now: Instant, most: Duration) {
        self.failures = self.failures.saturating_add(1);
        if self.failures > FORGIVEN {
            let doublings = (self.failures - FORGIVEN - 1).min(16);
            let longest = FIRST_REST.saturating_mul(1 << doublings).min(most);
            self.until = Some(now + jittered(longest));
        }
    }
}

/// Between half of `longest` and all of it, so that hosts that failed together don't come back together.
fn jittered(longest: Duration) -> Duration {
    let thousandths = 500 + getrandom::u32().map_or(500, |random| random % 501);
    longest * thousandths / 1000
}

fn random_name() -> String {
    let mut bytes = [0; 12];
    // Without randomness all hosts would share a circuit: then none is asked.
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    URL_SAFE_NO_PAD.encode(bytes)
}

/// All hosts that are remembered.
pub struct Hosts {
    connections: usize,
    longest: Duration,
    known: Mutex<HashMap<String, Arc<Host>>>,
}

impl Hosts {
    /// None yet; each will get `connections` at once, and rest `longest` at most.
    pub fn new(connections: usize, longest: Duration) -> Self {
        Self {
            connections,
            longest,
            known: Mutex::new(HashMap::new()),
        }
    }

    /// The host of an origin.
    pub fn get(&self, origin: &str) -> Arc<Host> {
        let mut known = self.known.lock();
        if let Some(host) = known.get(origin) {
            return Arc::clone(host);
        }
        if known.len() >= MOST_HOSTS {
            known.retain(|_, host| Arc::strong_count(host) > 1 || host.rests());
        }
        if known.len() >= MOST_HOSTS {
            known.retain(|_, host| Arc::strong_count(host) > 1);
        }
        let host = Arc::new(Host::new(self.connections, self.longest));
        known.insert(origin.to_owned(), Arc::clone(&host));
        host
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_fails_rests_longer_each_time() {
        let (mut rest, now) = (Rest::default(), Instant::now());
        rest.after_failure(now, LONGEST_REST);
        assert!(!rest.at(now), "one failure is forgiven");
        rest.after_failure(now, LONGEST_REST);
        assert!(rest.at(now));
        assert!(!rest.at(now + FIRST_REST));
        for _ in 0..40 {
            rest.after_failure(now, LONGEST_REST);
        }
        assert!(rest.at(now + LONGEST_REST / 3));
        assert!(!rest.at(now + LONGEST_REST));
    }

    #[test]
    fn a_success_forgives_what_was_before() {
        let host = Host::new(1, LONGEST_REST);
        host.failed();
        host.failed();
        assert!(host.rests());
        host.succeeded();
        host.failed();
        assert!(!host.rests());
    }

    #[test]
    fn memory_of_hosts_is_bounded_and_each_is_isolated() {
        let hosts = Hosts::new(1, LONGEST_REST);
        let kept = hosts.get("https://kept:443");
        for number in 0..MOST_HOSTS + 5 {
            hosts.get(&format!("https://{number}:443"));
        }
        assert!(hosts.known.lock().len() <= MOST_HOSTS);
        assert!(Arc::ptr_eq(&kept, &hosts.get("https://kept:443")));
        assert_ne!(kept.isolation, hosts.get("https://other:443").isolation);
    }
}
