//! How far an account reaches: less while it is new and anybody can sign up, or while reports against it wait.
//!
//! How new is told by whole calendar months, because no joining day is kept. What was done is counted in memory alone,
//! as governor does: one moment for each account and act, gone when it does not matter any more.

use std::num::NonZeroU32;
use std::time::Duration;

use bauta_model::{AccountId, Month};
use bauta_store::reports::{self, Weight};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::{App, Refused, Registrations, Speaker, accounts};

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// A post or a boost.
    Post,
    /// Naming somebody in a post: once for each.
    Mention,
    /// Following somebody, or asking to.
    Follow,
    /// A link in a post: once for each.
    Link,
    /// A report to the moderators.
    Report,
}

const ACTS: usize = 5;

/// How far an account is trusted not to be one of a thousand that a program made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    /// It joined this month or last where anybody can, or reports weigh against it.
    Little,
    /// It has been here for a whole calendar month or two.
    Some,
    /// It is older, or came with an invite.
    Full,
}

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

impl Trust {
    /// How often an act is let pass within a window that slides.
    const fn allowance(self, act: Act) -> (u32, Duration) {
        match (self, act) {
            (Self::Little, Act::Post | Act::Mention) => (30, HOUR),
            (Self::Little, Act::Follow) => (40, DAY),
            (Self::Little, Act::Link) => (10, HOUR),
            (Self::Little, Act::Report) => (10, DAY),
            (Self::Some, Act::Post | Act::Mention) => (100, HOUR),
            (Self::Some, Act::Follow) => (150, DAY),
            (Self::Some, Act::Link) => (60, HOUR),
            (Self::Some, Act::Report) => (30, DAY),
            (Self::Full, Act::Post | Act::Link) => (300, HOUR),
            (Self::Full, Act::Mention) => (600, HOUR),
            (Self::Full, Act::Follow) => (400, DAY),
            (Self::Full, Act::Report) => (100, DAY),
        }
    }

    fn of(registrations: Registrations, months: i32, weight: Weight) -> Self {
        if registrations != Registrations::Open {
            return Self::Full;
        }
        if months < 2 || weight.waiting >= MANY_REPORTERS || weight.upheld > 0 {
            return Self::Little;
        }
        if months < 4 { Self::Some } else { Self::Full }
    }
}

/// So many different people must have reported an account before reports that nobody has looked at count against it:
/// fewer would let one enemy silence a speaker.
const MANY_REPORTERS: usize = 3;

/// What all accounts that are trusted little may do together: a flood of them does not drown the others.
const ALL_NEWCOMERS: (u32, Duration) = (600, Duration::from_mins(1));

/// The limits of a running server.
pub(crate) struct Reach {
    on: bool,
    levels: [[DefaultKeyedRateLimiter<AccountId>; ACTS]; 3],
    newcomers: DefaultDirectRateLimiter,
    ticks: DefaultClock,
}

impl Reach {
    pub(crate) fn new(on: bool) -> Self {
        let acts = [Act::Post, Act::Mention, Act::Follow, Act::Link, Act::Report];
        let level = |trust: Trust| acts.map(|act| RateLimiter::keyed(quota(trust.allowance(act))));
        Self {
            on,
            levels: [level(Trust::Little), level(Trust::Some), level(Trust::Full)],
            newcomers: RateLimiter::direct(quota(ALL_NEWCOMERS)),
            ticks: DefaultClock::default(),
        }
    }

    /// Lets `times` acts pass at once, or says how long to wait.
    fn pass(&self, trust: Trust, act: Act, account: AccountId, times: u32) -> Result<(), Refused> {
        let Some(times) = NonZeroU32::new(times) else {
            return Ok(());
        };
        let most = trust.allowance(act).0;
        let checked = self.levels[trust as usize][act as usize].check_key_n(&account, times);
        let Ok(checked) = checked else {
            return Err(Refused::invalid(
                "status",
                format!("Your account is new here: at most {most} of these at a time."),
            ));
        };
        checked.map_err(|until| self.wait(until.wait_time_from(self.ticks.now())))?;
        if trust == Trust::Little {
            let all = self.newcomers.check();
            all.map_err(|until| self.wait(until.wait_time_from(self.ticks.now())))?;
        }
        Ok(())
    }

    #[expect(clippy::unused_self, reason = "one place says how a wait is told")]
    fn wait(&self, wait: Duration) -> Refused {
        let minutes = u32::try_from(wait.as_secs().div_ceil(60)).unwrap_or(u32::MAX);
        Refused::Limited {
            minutes: minutes.max(1),
        }
    }

    /// Forgets who has done nothing for long.
    pub(crate) fn sweep(&self) {
        for limiter in self.levels.iter().flatten() {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

fn quota((times, window): (u32, Duration)) -> Quota {
    let burst = NonZeroU32::new(times).expect("every allowance above is more than none");
    Quota::with_period(window / times)
        .expect("every window above is longer than nothing")
        .allow_burst(burst)
}

/// Lets the speaker do something, or says how long to wait.
///
/// # Errors
/// [`Refused::Limited`].
pub async fn check(app: &App, speaker: &Speaker, act: Act) -> Result<(), Refused> {
    check_many(app, speaker, act, 1).await
}

/// As [`check`], for what is done `times` at once: the mentions or the links of a post.
///
/// # Errors
/// [`Refused::Limited`]; [`Refused::Invalid`] for more than could ever be let pass at once.
pub async fn check_many(app: &App, speaker: &Speaker, act: Act, times: usize) -> Result<(), Refused> {
    if !app.reach.on || times == 0 {
        return Ok(());
    }
    let trust = trust(app, speaker).await?;
    let times = u32::try_from(times).unwrap_or(u32::MAX);
    app.reach.pass(trust, act, speaker.account, times)
}

async fn trust(app: &App, speaker: &Speaker) -> Result<Trust, Refused> {
    if app.site.registrations != Registrations::Open || speaker.role.moderates() {
        return Ok(Trust::Full);
    }
    let joined = accounts::by_id(app, speaker.account).await?.account.joined;
    let me = speaker.account;
    let weight = app
        .store
        .read("report_weight", move |conn| reports::weight(conn, me))
        .await
        .map_err(Refused::from)?;
    let months = months_since(joined, app.clock.month());
    Ok(Trust::of(app.site.registrations, months, weight))
}

const fn months_since(joined: Month, now: Month) -> i32 {
    now.get() - joined.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Weight = Weight {
        waiting: 0,
        upheld: 0,
    };

    fn passes(reach: &Reach, trust: Trust, act: Act, account: i64) -> usize {
        (0..1000)
            .take_while(|_| reach.pass(trust, act, AccountId::new(account), 1).is_ok())
            .count()
    }

    #[test]
    fn newcomers_reach_less_only_where_anybody_can_sign_up() {
        assert_eq!(Trust::of(Registrations::Open, 0, NOTHING), Trust::Little);
        assert_eq!(Trust::of(Registrations::Open, 1, NOTHING), Trust::Little);
        assert_eq!(Trust::of(Registrations::Open, 2, NOTHING), Trust::Some);
        assert_eq!(Trust::of(Registrations::Open, 4, NOTHING), Trust::Full);
        assert_eq!(Trust::of(Registrations::Invite, 0, NOTHING), Trust::Full);
        assert_eq!(Trust::of(Registrations::Closed, 0, NOTHING), Trust::Full);
    }

    #[test]
    fn a_single_enemy_does_not_shorten_anybodys_reach() {
        let reported = |waiting, upheld| Trust::of(Registrations::Open, 9, Weight { waiting, upheld });
        assert_eq!(reported(1, 0), Trust::Full);
        assert_eq!(reported(3, 0), Trust::Little);
        assert_eq!(reported(0, 1), Trust::Little);
    }

    #[test]
    fn each_account_and_each_act_counts_for_itself() {
        let reach = Reach::new(true);
        assert_eq!(passes(&reach, Trust::Little, Act::Follow, 1), 40);
        assert_eq!(passes(&reach, Trust::Little, Act::Follow, 2), 40);
        assert_eq!(passes(&reach, Trust::Little, Act::Link, 1), 10);
        assert_eq!(passes(&reach, Trust::Full, Act::Follow, 3), 400);
    }

    #[test]
    fn newcomers_together_do_not_drown_the_others() {
        let reach = Reach::new(true);
        let passed: usize = (1..=60)
            .map(|account| passes(&reach, Trust::Little, Act::Post, account))
            .sum();
        assert!((600..700).contains(&passed), "{passed}");
        assert_eq!(passes(&reach, Trust::Full, Act::Post, 99), 300);
    }

    #[test]
    fn more_at_once_than_ever_pass_is_said_to_be_too_much() {
        let reach = Reach::new(true);
        let refused = reach
            .pass(Trust::Little, Act::Link, AccountId::new(1), 11)
            .unwrap_err();
        assert!(matches!(refused, Refused::Invalid { .. }));
    }
}
