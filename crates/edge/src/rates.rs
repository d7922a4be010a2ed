//! How many requests of a kind a neighbourhood, and everybody together, may make.
//!
//! Two buckets for each kind: one for each limiter key (a network of up to 256 addresses, or a Tor circuit), and one
//! for all, which is touched only by requests that the first let in. The service has limits of its own for accounts
//! and tokens; these here keep the machine standing. So reads are wide: Mastodon's 300 in 5 minutes would be
//! used up by some ten pages with pictures, and a network may hold hundreds of readers. What costs (a passphrase is
//! hashed, an account made, a picture decoded) is narrow.

use std::num::NonZeroU32;
use std::time::Duration;

use bauta_model::{Clock, CoarseTime, LimiterKey};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

/// A kind of request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// Looks at something.
    Read,
    /// Changes something.
    Write,
    /// Tries a passphrase, a code or a client secret.
    SignIn,
    /// Makes an account.
    SignUp,
    /// Brings a file.
    Upload,
    /// Another server tells something.
    Peer,
}

impl Scope {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Read,
        Self::Write,
        Self::SignIn,
        Self::SignUp,
        Self::Upload,
        Self::Peer,
    ];
}

/// So many requests at once, refilled evenly over the window.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Allowance {
    /// How many.
    pub requests: NonZeroU32,
    /// In which time.
    pub window: Duration,
}

impl Allowance {
    /// `requests` (at least one) in `seconds` (at least one).
    pub const fn new(requests: u32, seconds: u64) -> Self {
        let requests = match NonZeroU32::new(requests) {
            Some(requests) => requests,
            None => NonZeroU32::MIN,
        };
        let seconds = if seconds == 0 { 1 } else { seconds };
        Self {
            requests,
            window: Duration::from_secs(seconds),
        }
    }

    fn quota(self) -> Quota {
        let period = (self.window / self.requests.get()).max(Duration::from_nanos(1));
        Quota::with_period(period)
            .expect("the period is longer than nothing")
            .allow_burst(self.requests)
    }
}

/// What is let in of each kind: for one limiter key, and for all together.
#[derive(Clone, Copy, Debug)]
pub struct Quotas {
    each: [Allowance; 6],
    all: [Allowance; 6],
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            // 20 a second from one network; a page with its pictures is about 30 requests.
            each: [
                Allowance::new(6000, 300),
                Allowance::new(600, 300),
                Allowance::new(60, 300),
                Allowance::new(20, 1800),
                Allowance::new(120, 1800),
                // A large server has many people who say something at once.
                Allowance::new(15_000, 300),
            ],
            // Sign-ins for all: 10 a second is what two cores hash with Argon2id.
            all: [
                Allowance::new(3_000_000, 300),
                Allowance::new(60_000, 300),
                Allowance::new(3000, 300),
                Allowance::new(1200, 1800),
                Allowance::new(6000, 1800),
                Allowance::new(150_000, 300),
            ],
        }
    }
}

impl Quotas {
    /// Changes one kind.
    #[must_use]
    pub const fn with(mut self, scope: Scope, each: Allowance, all: Allowance) -> Self {
        self.each[scope as usize] = each;
        self.all[scope as usize] = all;
        self
    }
}

/// The buckets of a running server.
pub(crate) struct RateLimits {
    kinds: [Buckets; 6],
    clock: Clock,
    ticks: DefaultClock,
}

type Keyed = RateLimiter<LimiterKey, DashMapStateStore<LimiterKey>, DefaultClock, StateInformationMiddleware>;
type Single = RateLimiter<NotKeyed, InMemoryState, DefaultClock, StateInformationMiddleware>;

struct Buckets {
    each: Keyed,
    each_allows: Allowance,
    all: Single,
    all_allows: Allowance,
}

/// What became of a request, in the words of Mastodon's headers.
pub(crate) struct Verdict {
    /// Requests in a window.
    pub limit: u32,
    /// How many are left.
    pub remaining: u32,
    /// The slot by which it is different.
    pub reset: CoarseTime,
    /// How long to wait, where the request is refused. Whole slots.
    pub wait: Option<Duration>,
}

impl RateLimits {
    pub(crate) fn new(quotas: &Quotas, clock: Clock) -> Self {
        Self {
            kinds: Scope::ALL
                .map(|scope| Buckets::new(quotas.each[scope as usize], quotas.all[scope as usize])),
            clock,
            ticks: DefaultClock::default(),
        }
    }

    /// Counts a request. Without a key it counts for everybody together only.
    pub(crate) fn count(&self, scope: Scope, key: Option<LimiterKey>) -> Verdict {
        let buckets = &self.kinds[scope as usize];
        let now = self.ticks.now();
        let (each, allows) = match key {
            Some(key) => (buckets.each.check_key(&key), buckets.each_allows),
            None => (buckets.all.check(), buckets.all_allows),
        };
        let each = match each {
            Ok(snapshot) => snapshot,
            Err(not_until) => return self.refused(allows, not_until.wait_time_from(now)),
        };
        if key.is_some()
            && let Err(not_until) = buckets.all.check()
        {
            return self.refused(buckets.all_allows, not_until.wait_time_from(now));
        }
        Verdict {
            limit: allows.requests.get(),
            remaining: each.remaining_burst_capacity(),
            reset: self.clock.now().plus(self.in_slots(allows.window)),
            wait: None,
        }
    }

    fn refused(&self, allows: Allowance, wait: Duration) -> Verdict {
        let wait = self.in_slots(wait);
        Verdict {
            limit: allows.requests.get(),
            remaining: 0,
            reset: self.clock.now().plus(wait),
            wait: Some(wait),
        }
    }

    /// Rounds up to whole slots, and one more: the current slot has begun already.
    fn in_slots(&self, time: Duration) -> Duration {
        let slot = self.clock.slot().as_secs();
        Duration::from_secs(
            time.as_secs()
                .div_euclid(slot)
                .saturating_add(1)
                .saturating_mul(slot),
        )
    }

    /// Forgets keys whose buckets are full again, among them all that belong to a key that was thrown away.
    pub(crate) fn forget(&self) {
        for buckets in &self.kinds {
            buckets.each.retain_recent();
            buckets.each.shrink_to_fit();
        }
    }
}

impl Buckets {
    fn new(each: Allowance, all: Allowance) -> Self {
        Self {
            each: RateLimiter::dashmap(each.quota()).with_middleware(),
            each_allows: each,
            all: RateLimiter::direct(all.quota()).with_middleware(),
            all_allows: all,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDE: Allowance = Allowance::new(1000, 300);
    const HERE: LimiterKey = LimiterKey::new([1; 16]);
    const THERE: LimiterKey = LimiterKey::new([2; 16]);

    fn limits(each: Allowance, all: Allowance) -> RateLimits {
        let clock = Clock::system();
        clock.set(CoarseTime::from_unix_seconds(1_491_573_725));
        RateLimits::new(&Quotas::default().with(Scope::SignIn, each, all), clock)
    }

    #[test]
    fn one_network_that_has_used_up_its_share_does_not_stop_others() {
        let limits = limits(Allowance::new(2, 300), WIDE);
        assert_eq!(limits.count(Scope::SignIn, Some(HERE)).remaining, 1);
        assert_eq!(limits.count(Scope::SignIn, Some(HERE)).remaining, 0);
        assert!(limits.count(Scope::SignIn, Some(HERE)).wait.is_some());
        assert!(limits.count(Scope::SignIn, Some(THERE)).wait.is_none());
        assert!(limits.count(Scope::Read, Some(HERE)).wait.is_none());
    }

    #[test]
    fn everybody_together_has_a_limit_too() {
        let limits = limits(WIDE, Allowance::new(2, 300));
        assert!(limits.count(Scope::SignIn, Some(HERE)).wait.is_none());
        assert!(limits.count(Scope::SignIn, Some(THERE)).wait.is_none());
        let verdict = limits.count(Scope::SignIn, Some(LimiterKey::new([3; 16])));
        assert!(verdict.wait.is_some());
        assert_eq!(verdict.limit, 2);
    }

    #[test]
    fn refused_requests_do_not_use_up_what_all_have() {
        let limits = limits(Allowance::new(1, 300), Allowance::new(2, 300));
        for _ in 0..5 {
            limits.count(Scope::SignIn, Some(HERE));
        }
        assert!(limits.count(Scope::SignIn, Some(THERE)).wait.is_none());
    }

    #[test]
    fn a_reset_is_a_whole_slot() {
        let limits = limits(Allowance::new(1, 300), WIDE);
        let first = limits.count(Scope::SignIn, Some(HERE));
        assert_eq!(first.reset.rfc3339(), "2017-04-07T14:08:00.000Z");
        let refused = limits.count(Scope::SignIn, Some(HERE));
        assert_eq!(refused.reset.unix_seconds() % 60, 0);
        assert_eq!(refused.wait.unwrap().as_secs() % 60, 0);
    }

    #[test]
    fn full_buckets_are_forgotten() {
        let limits = limits(Allowance::new(1_000_000_000, 1), WIDE);
        limits.count(Scope::SignIn, Some(HERE));
        std::thread::yield_now();
        limits.forget();
        assert!(limits.kinds[Scope::SignIn as usize].each.is_empty());
    }
}
