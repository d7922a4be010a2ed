//! Dates that count, computed with how they were computed (invariant 11).
//!
//! Days are counted as FRCP 6(a) does: the day of the event is left out, the last day is counted in, and when that day is
//! off the time runs to the next one that is not. A day ends at its last minute in the demand's time zone.

use bauta_model::{CoarseTime, Day};
use jiff::civil;
use jiff::tz::TimeZone;

use crate::pack::{Calendar, Count, DeadlineRule, Direction, From};
use crate::{Deadline, DeadlineNote, Demand, ReceivedTime, RulePack};

/// The user's time to answer, in days.
const WINDOW_DAYS: i32 = 14;

/// Business days that the window leaves before a binding deadline.
const WINDOW_BEFORE: u16 = 2;

/// A name of the IANA time zone database that is built in.
pub(crate) fn is_zone(name: &str) -> bool {
    name.len() < 64 && TimeZone::get(name).is_ok()
}

/// The dates of a demand: those on the paper, and those of its row. What can't be computed, since the paper's date is
/// impossible or missing, is left out; the review flags it.
pub fn deadlines(demand: &Demand, pack: &RulePack) -> Vec<Deadline> {
    let Some(row) = pack.instrument(&demand.instrument) else {
        return Vec::new();
    };
    let zone = zone_of(demand, pack);
    let binds = pack.terms(demand).is_some_and(|terms| {
        matches!(
            terms.binding,
            crate::Binding::Yes | crate::Binding::UntilObjection
        ) && !terms.hold_only
    });
    let mut dates = Vec::new();
    for (name, time) in [("due", &demand.due), ("appearance", &demand.appearance)] {
        dates.extend(
            time.as_ref()
                .and_then(|time| received(name, time, &zone, binds && is_after_service(demand, time))),
        );
    }
    dates.extend(
        row.deadlines
            .iter()
            .filter_map(|rule| computed(rule, demand, pack, &zone)),
    );
    dates
}

/// A date before the service was never a duty.
fn is_after_service(demand: &Demand, time: &ReceivedTime) -> bool {
    match (demand.served.on.day(), time.day()) {
        (Some(served), Some(day)) => day >= served,
        _ => false,
    }
}

/// The user's time to answer: 14 days from `sent`, ending two business days before the binding deadline where that is
/// earlier, and never before `sent`.
pub fn notice_window(
    sent: CoarseTime,
    binding: Option<CoarseTime>,
    demand: &Demand,
    pack: &RulePack,
) -> Deadline {
    let zone = zone_of(demand, pack);
    let long = end_of(local_day(sent, &zone).plus(WINDOW_DAYS), &zone);
    let mut steps = vec![format!("14 days after {}", local_day(sent, &zone).long())];
    let calendar = pack.calendar("us_federal").or_else(|| pack.calendars().next());
    let mut at = long;
    if let (Some(binding), Some(calendar)) = (binding, calendar) {
        let day = walk(
            local_day(binding, &zone),
            WINDOW_BEFORE,
            Direction::Before,
            calendar,
            &mut Vec::new(),
        );
        let short = end_of(day, &zone);
        if short < long {
            at = short.max(sent);
            steps.push(format!(
                "two business days before the binding deadline: {}",
                day.long()
            ));
        }
    }
    Deadline {
        name: "notice_window".to_owned(),
        at,
        binds: false,
        how: DeadlineNote {
            rule: "The user has 14 days to answer, ending two business days before a binding deadline."
                .to_owned(),
            calendar: calendar.map(|calendar| calendar.id.clone()).unwrap_or_default(),
            zone,
            steps,
        },
    }
}

/// A date that was agreed with the issuer, or ordered: the end of `day` in the demand's time zone.
pub fn deadline_set(name: &str, day: Day, binds: bool, demand: &Demand, pack: &RulePack) -> Deadline {
    let zone = zone_of(demand, pack);
    Deadline {
        name: name.to_owned(),
        at: end_of(day, &zone),
        binds,
        how: DeadlineNote {
            rule: "Agreed with the issuer, or ordered.".to_owned(),
            calendar: "every_day".to_owned(),
            zone,
            steps: vec![format!("the end of {}", day.long())],
        },
    }
}

fn zone_of(demand: &Demand, pack: &RulePack) -> String {
    let named = demand.zone.as_ref().filter(|zone| is_zone(zone));
    named.cloned().unwrap_or_else(|| pack.zone().to_owned())
}

fn received(name: &str, time: &ReceivedTime, zone: &str, binds: bool) -> Option<Deadline> {
    let day = time.day()?;
    let at = match time.clock() {
        Some((hour, minute)) => instant(day, hour, minute, zone)?,
        None => end_of(day, zone),
    };
    Some(Deadline {
        name: name.to_owned(),
        at,
        binds,
        how: DeadlineNote {
            rule: "As it stands on the paper.".to_owned(),
            calendar: "none".to_owned(),
            zone: zone.to_owned(),
            steps: vec![format!("received as `{}`, read in {zone}", time.text())],
        },
    })
}

fn computed(rule: &DeadlineRule, demand: &Demand, pack: &RulePack, zone: &str) -> Option<Deadline> {
    let calendar = pack.calendar_in(&rule.calendar, zone)?;
    let (what, from) = match rule.from {
        From::Served => ("service", Some(&demand.served.on)),
        From::Due => ("the due date", demand.due.as_ref()),
        From::Appearance => ("the appearance", demand.appearance.as_ref()),
    };
    let from = from?;
    let start = from.day()?;
    let mut steps = vec![format!("{what}: {}", start.long())];
    let mut at = match rule.count {
        Count::Hours => {
            let (hour, minute) = from.clock().unwrap_or((0, 0));
            let start = instant(start, hour, minute, zone)?;
            let hours =
                i64::from(rule.length) * 3600 * if rule.direction == Direction::After { 1 } else { -1 };
            steps.push(format!("{} on", rule.count.words(rule.length)));
            CoarseTime::from_unix_seconds(start.unix_seconds() + hours)
        }
        Count::CalendarDays => {
            let sign = if rule.direction == Direction::After { 1 } else { -1 };
            let last = start.plus(sign * i32::from(rule.length));
            steps.push(format!("{}: {}", rule.count.words(rule.length), last.long()));
            end_of(next_open(last, rule.direction, calendar, &mut steps), zone)
        }
        Count::CourtDays => {
            let day = walk(start, rule.length, rule.direction, calendar, &mut steps);
            steps.push(format!("{}: {}", rule.count.words(rule.length), day.long()));
            end_of(day, zone)
        }
    };
    if let Some(due) = rule
        .or_due
        .then_some(demand.due.as_ref())
        .flatten()
        .filter(|due| is_after_service(demand, due))
    {
        let due = received("due", due, zone, false)?.at;
        if due < at {
            steps.push("the due date is earlier".to_owned());
            at = due;
        }
    }
    Some(Deadline {
        name: rule.name.clone(),
        at,
        binds: rule.binds,
        how: DeadlineNote {
            rule: format!("{} ({})", rule.label, rule.source),
            calendar: calendar.id.clone(),
            zone: zone.to_owned(),
            steps,
        },
    })
}

/// The first day from `day` on, in `direction`, that is not off.
fn next_open(day: Day, direction: Direction, calendar: &Calendar, steps: &mut Vec<String>) -> Day {
    let step = if direction == Direction::After { 1 } else { -1 };
    let mut open = day;
    // A pack's calendars leave a day of each week that is no weekend, and have 366 holidays at most.
    for _ in 0..3660 {
        let Some(off) = calendar.off(open) else { break };
        steps.push(format!("{} is off: {off}", open.long()));
        open = open.plus(step);
    }
    open
}

/// The day `length` open days from `day`.
fn walk(day: Day, length: u16, direction: Direction, calendar: &Calendar, steps: &mut Vec<String>) -> Day {
    let step = if direction == Direction::After { 1 } else { -1 };
    (0..length).fold(day, |day, _| {
        next_open(day.plus(step), direction, calendar, steps)
    })
}

/// The last minute of a day in a zone.
fn end_of(day: Day, zone: &str) -> CoarseTime {
    instant(day, 23, 59, zone)
        .unwrap_or_else(|| CoarseTime::from_unix_seconds(day.start().unix_seconds() + 86_340))
}

/// A local time as a slot. A clock that was put forward over it counts as if it had not been; of two such times, when it
/// was put back, the first one.
fn instant(day: Day, hour: u32, minute: u32, zone: &str) -> Option<CoarseTime> {
    let (year, month, of_month) = day.civil();
    let time = civil::DateTime::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(of_month).ok()?,
        i8::try_from(hour).ok()?,
        i8::try_from(minute).ok()?,
        0,
        0,
    );
    let stamp = TimeZone::get(zone).ok()?.to_timestamp(time.ok()?).ok()?;
    Some(CoarseTime::from_unix_seconds(stamp.as_second()))
}

/// The day that a slot falls on in a zone.
fn local_day(at: CoarseTime, zone: &str) -> Day {
    let local = || {
        let stamp = jiff::Timestamp::from_second(at.unix_seconds()).ok()?;
        let date = TimeZone::get(zone).ok()?.to_datetime(stamp).date();
        Day::from_civil(i32::from(date.year()), date.month() as u32, date.day() as u32)
    };
    local().unwrap_or_else(|| at.day())
}
