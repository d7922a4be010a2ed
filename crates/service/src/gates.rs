//! How often one neighbourhood may try what guessers and floods would try. Keyed by what the edge hands on in place of
//! an address; nothing is kept of a try but a moment in memory, under a key that is thrown away.

use std::num::NonZeroU32;
use std::time::Duration;

use bauta_model::LimiterKey;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::Refused;

/// What is tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Gate {
    /// A passphrase.
    SignIn,
    /// Making an account.
    SignUp,
    /// A recovery code.
    Recover,
    /// A report without an account.
    Report,
    /// The code of such a report.
    ReportCode,
}

/// The limits of a running server. A wrong try never counts against an account: that would let anyone silence a
/// speaker.
pub(crate) struct Gates {
    on: bool,
    sign_in: DefaultKeyedRateLimiter<LimiterKey>,
    sign_up: DefaultKeyedRateLimiter<LimiterKey>,
    recover: DefaultKeyedRateLimiter<LimiterKey>,
    report: DefaultKeyedRateLimiter<LimiterKey>,
    report_code: DefaultKeyedRateLimiter<LimiterKey>,
    /// What all strangers may report together: a flood from many places must not bury what moderators have to read.
    reports: DefaultDirectRateLimiter,
    /// All neighbourhoods together: over an onion service a new one costs nothing.
    all_sign_ups: DefaultDirectRateLimiter,
    ticks: DefaultClock,
}

impl Gates {
    pub(crate) fn new(on: bool) -> Self {
        Self {
            on,
            sign_in: RateLimiter::keyed(quota(20, Duration::from_secs(30))),
            sign_up: RateLimiter::keyed(quota(10, Duration::from_mins(6))),
            recover: RateLimiter::keyed(quota(10, Duration::from_mins(1))),
            report: RateLimiter::keyed(quota(5, Duration::from_mins(10))),
            report_code: RateLimiter::keyed(quota(20, Duration::from_mins(1))),
            reports: RateLimiter::direct(quota(100, Duration::from_mins(1))),
            all_sign_ups: RateLimiter::direct(quota(120, Duration::from_secs(30))),
            ticks: DefaultClock::default(),
        }
    }

    /// Lets a try pass, or says how long to wait.
    pub(crate) fn pass(&self, gate: Gate, key: LimiterKey) -> Result<(), Refused> {
        if !self.on {
            return Ok(());
        }
        let limiter = match gate {
            Gate::SignIn => &self.sign_in,
            Gate::SignUp => &self.sign_up,
            Gate::Recover => &self.recover,
            Gate::Report => &self.report,
            Gate::ReportCode => &self.report_code,
        };
        let wait = |wait: Duration| Refused::Limited {
            minutes: u32::try_from(wait.as_secs().div_ceil(60))
                .unwrap_or(u32::MAX)
                .max(1),
        };
        let now = self.ticks.now();
        limiter
            .check_key(&key)
            .map_err(|until| wait(until.wait_time_from(now)))?;
        let together = match gate {
            Gate::Report => &self.reports,
            Gate::SignUp => &self.all_sign_ups,
            Gate::SignIn | Gate::Recover | Gate::ReportCode => return Ok(()),
        };
        together.check().map_err(|until| wait(until.wait_time_from(now)))
    }

    /// Forgets who has not tried for long.
    pub(crate) fn sweep(&self) {
        for limiter in [
            &self.sign_in,
            &self.sign_up,
            &self.recover,
            &self.report,
            &self.report_code,
        ] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

fn quota(burst: u32, refill: Duration) -> Quota {
    let burst = NonZeroU32::new(burst).expect("every burst above is more than none");
    Quota::with_period(refill)
        .expect("every refill above takes longer than nothing")
        .allow_burst(burst)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: LimiterKey = LimiterKey::new([1; 16]);
    const THERE: LimiterKey = LimiterKey::new([2; 16]);

    fn tries(gates: &Gates, key: LimiterKey) -> usize {
        (0..100)
            .take_while(|_| gates.pass(Gate::SignIn, key).is_ok())
            .count()
    }

    #[test]
    fn one_neighbourhood_does_not_use_up_the_tries_of_another() {
        let gates = Gates::new(true);
        assert_eq!(tries(&gates, HERE), 20);
        assert!(matches!(
            gates.pass(Gate::SignIn, HERE),
            Err(Refused::Limited { minutes: 1 })
        ));
        assert!(gates.pass(Gate::SignUp, HERE).is_ok());
        assert_eq!(tries(&gates, THERE), 20);
    }

    #[test]
    fn strangers_report_a_little_each_and_no_more_than_can_be_read_together() {
        let gates = Gates::new(true);
        let mut passed = 0;
        for place in 0..100 {
            let key = LimiterKey::new([place; 16]);
            let from_there = (0..10)
                .take_while(|_| gates.pass(Gate::Report, key).is_ok())
                .count();
            assert!(from_there <= 5);
            passed += from_there;
        }
        assert_eq!(passed, 100);
    }

    #[test]
    fn a_flood_of_sign_ups_from_everywhere_waits_and_nobody_else_does() {
        let gates = Gates::new(true);
        let passed = (0..=255_u8)
            .filter(|from| gates.pass(Gate::SignUp, LimiterKey::new([*from; 16])).is_ok())
            .count();
        assert!((120..125).contains(&passed), "{passed}");
        assert!(gates.pass(Gate::SignIn, THERE).is_ok() && gates.pass(Gate::Recover, THERE).is_ok());
    }

    #[test]
    fn test_suites_are_not_held_up() {
        assert_eq!(tries(&Gates::new(false), HERE), 100);
    }
}
