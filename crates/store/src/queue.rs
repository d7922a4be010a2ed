//! The operator's view of what is on its way to other servers: how much, to whom, since when, and what was given up.

use std::collections::{BTreeMap, BTreeSet};

use bauta_model::{CoarseTime, Day};
use diesel::prelude::*;

use crate::conn::on;
use crate::domain_rules::{drop_deliveries, host_of};
use crate::outbox::{Delivery, Outcome};
use crate::schema::{deliveries, given_up};
use crate::{Conn, Result};

/// What waits for one host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Host and port.
    pub host: String,
    /// How many deliveries.
    pub deliveries: i64,
    /// How often the one that was tried most was tried.
    pub attempts: i32,
    /// Since when the oldest waits.
    pub since: CoarseTime,
    /// When the next is tried.
    pub next: CoarseTime,
}

/// A host to which deliveries were given up. It is forgotten when the next delivery arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenUp {
    /// Host and port.
    pub host: String,
    /// How many deliveries.
    pub deliveries: i64,
    /// The last day on which one was.
    pub last: Day,
}

/// The queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// By host, the one with the most first.
    pub waiting: Vec<Waiting>,
    /// By host, the one with the most first.
    pub given_up: Vec<GivenUp>,
}

/// Looks at the queue.
pub fn look(conn: &mut Conn) -> Result<Queue> {
    use diesel::dsl::{count_star, max, min};
    type Row = (String, i64, Option<i32>, Option<i64>, Option<i64>);
    let rows: Vec<Row> = on!(conn, c => deliveries::table
        .group_by(deliveries::inbox)
        .select((
            deliveries::inbox,
            count_star(),
            max(deliveries::attempts),
            min(deliveries::since_slot),
            min(deliveries::due_slot),
        ))
        .load(c))?;
    let mut hosts: BTreeMap<String, Waiting> = BTreeMap::new();
    for (inbox, count, attempts, since, next) in rows {
        let host = host_of(&inbox).to_owned();
        let slot = |seconds: Option<i64>| CoarseTime::from_unix_seconds(seconds.unwrap_or_default());
        let (attempts, since, next) = (attempts.unwrap_or_default(), slot(since), slot(next));
        let of = hosts.entry(host.clone()).or_insert(Waiting {
            host,
            deliveries: 0,
            attempts,
            since,
            next,
        });
        of.deliveries += count;
        of.attempts = of.attempts.max(attempts);
        of.since = of.since.min(since);
        of.next = of.next.min(next);
    }
    let mut waiting: Vec<Waiting> = hosts.into_values().collect();
    waiting.sort_by_key(|of| std::cmp::Reverse(of.deliveries));
    let rows: Vec<(String, i64, i32)> =
        on!(conn, c => given_up::table.order(given_up::deliveries.desc()).load(c))?;
    let given_up = rows.into_iter().map(|(host, deliveries, last)| GivenUp {
        host,
        deliveries,
        last: Day::new(last),
    });
    Ok(Queue {
        waiting,
        given_up: given_up.collect(),
    })
}

/// Makes every delivery to a host due now. Says how many.
pub fn retry(conn: &mut Conn, host: &str) -> Result<usize> {
    let now = conn.now().unix_seconds();
    let inboxes: Vec<String> =
        on!(conn, c => deliveries::table.select(deliveries::inbox).distinct().load(c))?;
    let mut due = 0;
    for inbox in inboxes.iter().filter(|inbox| host_of(inbox) == host) {
        due += on!(conn, c => diesel::update(deliveries::table.filter(deliveries::inbox.eq(inbox)))
            .set((deliveries::due_slot.eq(now), deliveries::attempts.eq(0)))
            .execute(c))?;
    }
    Ok(due)
}

/// Drops every delivery to a host, and forgets what was given up. Says how many deliveries.
pub fn drop_host(conn: &mut Conn, host: &str) -> Result<usize> {
    on!(conn, c => diesel::delete(given_up::table.find(host)).execute(c))?;
    drop_deliveries(conn, |other| other == host)
}

/// Counts what was given up, and forgets hosts that took something.
pub(crate) fn note_given_up(conn: &mut Conn, outcomes: &[(Delivery, Outcome)]) -> Result<()> {
    let (mut lost, mut alive) = (BTreeMap::<&str, i64>::new(), BTreeSet::new());
    for (delivery, outcome) in outcomes {
        let host = host_of(&delivery.inbox);
        match outcome {
            Outcome::GivenUp => *lost.entry(host).or_default() += 1,
            Outcome::Done => {
                alive.insert(host);
            }
            Outcome::Again(_) => {}
        }
    }
    if !alive.is_empty() {
        let alive: Vec<&str> = alive.into_iter().collect();
        on!(conn, c => diesel::delete(given_up::table.filter(given_up::host.eq_any(&alive))).execute(c))?;
    }
    let today = conn.now().day().get();
    for (host, count) in lost {
        on!(conn, c => diesel::insert_into(given_up::table)
            .values((
                given_up::host.eq(host),
                given_up::deliveries.eq(count),
                given_up::last_day.eq(today),
            ))
            .on_conflict(given_up::host)
            .do_update()
            .set((
                given_up::deliveries.eq(given_up::deliveries + count),
                given_up::last_day.eq(today),
            ))
            .execute(c))?;
    }
    Ok(())
}
