//! Time, as coarse as the house knows it: a slot (a minute), a day, a month. The system clock is read here and
//! nowhere else (law 8).

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The beginning of a slot, in seconds since 1970 (UTC). It can't be made finer: nothing finer is ever read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CoarseTime(i64);

/// A day, as days since 1970-01-01 (UTC).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day(i32);

/// A calendar month, as months since January 1970 (UTC).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Month(i32);

impl CoarseTime {
    /// Wraps seconds that the store or an id vouches for.
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970, always the beginning of a slot.
    pub const fn unix_seconds(self) -> i64 {
        self.0
    }

    /// The day of the slot.
    pub const fn day(self) -> Day {
        Day(self.0.div_euclid(86_400) as i32)
    }

    /// The month of the slot.
    pub const fn month(self) -> Month {
        self.day().month()
    }

    /// The slot that begins `duration` later. Slots are whole seconds: a fraction is dropped.
    #[must_use]
    pub const fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration.as_secs() as i64))
    }

    /// Reads a date, or a date and a time, as RFC 3339 and ISO 8601 write them: `2017-04-07`, `2017-04-07T14:02Z`,
    /// `2017-04-07 14:02:30.5+02:00`. Without a zone it is UTC; fractions of a second are dropped. In seconds since 1970:
    /// what somebody asks for need not be the beginning of a slot.
    pub fn read_seconds(text: &str) -> Option<i64> {
        let text = text.trim();
        let (date, rest) = text.split_at_checked(10)?;
        let mut parts = date.split('-');
        let mut part = || number(parts.next()?);
        let day = Day::from_civil(i32::try_from(part()?).ok()?, part()?, part()?)?;
        if rest.is_empty() {
            return Some(day.start().0);
        }
        let rest = rest.strip_prefix(['T', 't', ' '])?;
        let zone = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
        let (clock, zone) = rest.split_at(zone);
        let mut parts = clock.split('.').next()?.split(':');
        let (hour, minute) = (number(parts.next()?)?, number(parts.next()?)?);
        let second = parts.next().map_or(Some(0), number)?;
        if hour > 23 || minute > 59 || second > 60 || parts.next().is_some() {
            return None;
        }
        let of_day = i64::from(hour * 3600 + minute * 60 + second);
        Some(day.start().0 + of_day - offset(zone)?)
    }

    /// RFC 3339 in UTC with the milliseconds that Mastodon's clients expect: `2017-04-07T14:02:00.000Z`.
    pub fn rfc3339(self) -> String {
        let (year, month, day) = self.day().civil();
        let (hour, minute, second) = self.time_of_day();
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.000Z")
    }

    /// Hour and minute as people read them: `14:02 UTC`.
    pub fn clock_utc(self) -> String {
        let (hour, minute, _) = self.time_of_day();
        format!("{hour:02}:{minute:02} UTC")
    }

    const fn time_of_day(self) -> (i64, i64, i64) {
        let seconds = self.0.rem_euclid(86_400);
        (seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

/// Digits alone.
fn number(text: &str) -> Option<u32> {
    let digits = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

/// Seconds by which a zone is ahead of UTC: `Z`, `+02:00`, `-0330`, or nothing.
fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "" | "Z" | "z") {
        return Some(0);
    }
    let (ahead, digits) = if let Some(digits) = zone.strip_prefix('+') {
        (1, digits)
    } else {
        (-1, zone.strip_prefix('-')?)
    };
    let digits = digits.replace(':', "");
    if digits.len() != 4 {
        return None;
    }
    let clock = number(&digits)?;
    let (hours, minutes) = (clock / 100, clock % 100);
    (hours < 24 && minutes < 60).then(|| ahead * i64::from(hours * 3600 + minutes * 60))
}

const MONTH_NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Day {
    /// Wraps a count of days since 1970-01-01.
    pub const fn new(days: i32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    pub const fn get(self) -> i32 {
        self.0
    }

    /// The day `days` later.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0 + days)
    }

    /// Year, month (1 to 12) and day (1 to 31) of the proleptic Gregorian calendar.
    ///
    /// Counted in eras of 400 years that begin in March, so that the leap day is the last of its year.
    pub const fn civil(self) -> (i32, u32, u32) {
        let days = self.0 as i64 + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year as i32, month as u32, day as u32)
    }

    /// The day of a calendar date, or nothing where there is no such date.
    pub fn from_civil(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let shifted_year = i64::from(year) - i64::from(month <= 2);
        let era = shifted_year.div_euclid(400);
        let year_of_era = shifted_year.rem_euclid(400);
        let shifted_month = i64::from((month + 9) % 12);
        let of_year = (153 * shifted_month + 2) / 5 + i64::from(day) - 1;
        let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
        let found = Self((era * 146_097 + of_era - 719_468) as i32);
        (found.civil() == (year, month, day)).then_some(found)
    }

    /// The month of the day.
    pub const fn month(self) -> Month {
        let (year, month, _) = self.civil();
        Month((year - 1970) * 12 + month as i32 - 1)
    }

    /// The slot at 00:00 of the day.
    pub const fn start(self) -> CoarseTime {
        CoarseTime(self.0 as i64 * 86_400)
    }

    /// `7 April 2017`, as the pages write it.
    pub fn long(self) -> String {
        let (year, month, day) = self.civil();
        format!("{day} {} {year}", MONTH_NAMES[month as usize - 1])
    }

    /// `April 7, 2017`, as newspapers in the United States write it.
    pub fn long_us(self) -> String {
        let (year, month, day) = self.civil();
        format!("{} {day}, {year}", MONTH_NAMES[month as usize - 1])
    }

    /// `2017-04-07`.
    pub fn iso(self) -> String {
        let (year, month, day) = self.civil();
        format!("{year:04}-{month:02}-{day:02}")
    }
}

impl Month {
    /// Wraps a count of months since January 1970.
    pub const fn new(months: i32) -> Self {
        Self(months)
    }

    /// Months since January 1970.
    pub const fn get(self) -> i32 {
        self.0
    }

    /// The month `months` later.
    #[must_use]
    pub const fn plus(self, months: i32) -> Self {
        Self(self.0 + months)
    }

    /// The slot at 00:00 of the first day.
    pub fn start(self) -> CoarseTime {
        let (year, month) = (1970 + self.0.div_euclid(12), self.0.rem_euclid(12) as u32 + 1);
        Day::from_civil(year, month, 1).map_or(CoarseTime(0), Day::start)
    }

    /// `January 2017`.
    pub fn long(self) -> String {
        format!(
            "{} {}",
            MONTH_NAMES[self.0.rem_euclid(12) as usize],
            1970 + self.0.div_euclid(12)
        )
    }
}

impl fmt::Display for Month {
    /// `2017-01`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:04}-{:02}",
            1970 + self.0.div_euclid(12),
            self.0.rem_euclid(12) + 1
        )
    }
}

/// Tells the slot, the day and the month: the only reader of the system's clock.
///
/// Copies share their settings. A demo or a test can set the clock to a moment of its own, which then stands
/// still until it is set again, or until it counts on from there.
#[derive(Clone, Debug)]
pub struct Clock {
    slot_seconds: i64,
    /// [`i64::MIN`] while the clock counts, or the second that it was set to.
    set_to: Arc<AtomicI64>,
    /// Seconds by which a clock that counts is ahead of the system's; below 0 where a story goes on in its own time.
    ahead: Arc<AtomicI64>,
}

impl Clock {
    /// The length of a slot that people can rely on.
    pub const SLOT: Duration = Duration::from_mins(1);

    /// The system's clock in slots of a minute.
    pub fn system() -> Self {
        Self::with_slot(Self::SLOT)
    }

    /// The system's clock in slots of `slot`, at least a second long. Anything shorter than a minute is for test
    /// suites on loopback.
    pub fn with_slot(slot: Duration) -> Self {
        Self {
            slot_seconds: (slot.as_secs() as i64).max(1),
            set_to: Arc::new(AtomicI64::new(i64::MIN)),
            ahead: Arc::new(AtomicI64::new(0)),
        }
    }

    /// Sets the clock, for the story of a demo and for tests.
    pub fn set(&self, time: CoarseTime) {
        self.set_to.store(time.0, Ordering::Release);
    }

    /// Lets a clock that was set count on from where it stands: the time of a story goes on. Nothing else is changed.
    pub fn count_on(&self) {
        let set = self.set_to.load(Ordering::Acquire);
        if set != i64::MIN {
            self.ahead.store(set - system_seconds(), Ordering::Release);
            self.set_to.store(i64::MIN, Ordering::Release);
        }
    }

    /// The slot that is now.
    pub fn now(&self) -> CoarseTime {
        let seconds = match self.set_to.load(Ordering::Acquire) {
            i64::MIN => system_seconds() + self.ahead.load(Ordering::Acquire),
            set => set,
        };
        self.slot_of(seconds)
    }

    /// The slot that a second belongs to.
    pub const fn slot_of(&self, unix_seconds: i64) -> CoarseTime {
        CoarseTime(unix_seconds.div_euclid(self.slot_seconds) * self.slot_seconds)
    }

    /// The day that is now.
    pub fn today(&self) -> Day {
        self.now().day()
    }

    /// The month that is now.
    pub fn month(&self) -> Month {
        self.now().month()
    }

    /// The length of a slot.
    pub const fn slot(&self) -> Duration {
        Duration::from_secs(self.slot_seconds as u64)
    }
}

fn system_seconds() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_day_of_the_withdrawal_is_written_as_people_write_it() {
        let day = Day::from_civil(2017, 4, 7).unwrap();
        assert_eq!(day.long(), "7 April 2017");
        assert_eq!(day.long_us(), "April 7, 2017");
        assert_eq!(day.start().rfc3339(), "2017-04-07T00:00:00.000Z");
        assert_eq!(day.month().to_string(), "2017-04");
        assert_eq!(day.month().start().day().iso(), "2017-04-01");
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        assert_eq!(Day::from_civil(2017, 2, 29), None);
        assert_eq!(Day::from_civil(2017, 13, 1), None);
        assert_eq!(Day::from_civil(2017, 0, 1), None);
        assert!(Day::from_civil(2016, 2, 29).is_some());
    }

    #[test]
    fn a_clock_that_was_set_stands_still() {
        let clock = Clock::system();
        clock.set(CoarseTime(1_491_573_725));
        assert_eq!(clock.now().clock_utc(), "14:02 UTC");
        assert_eq!(clock.now().unix_seconds() % 60, 0);
    }

    #[test]
    fn a_clock_counts_on_from_where_it_was_set() {
        let clock = Clock::with_slot(Duration::from_secs(1));
        let copy = clock.clone();
        let day = Day::from_civil(2017, 5, 24).unwrap();
        clock.set(day.start());
        clock.count_on();
        // Counting on again moves nothing.
        clock.count_on();
        assert_eq!((copy.today(), copy.month()), (day, day.month()));
        assert!(copy.now() >= day.start());
    }

    #[test]
    fn a_time_is_read_as_people_and_programs_write_it() {
        let noon = Day::from_civil(2017, 4, 7).unwrap().start().unix_seconds() + 12 * 3600;
        for text in [
            "2017-04-07T12:00:00.000Z",
            "2017-04-07T12:00Z",
            " 2017-04-07 12:00 ",
            "2017-04-07T14:00:00+02:00",
            "2017-04-07T08:30:00.123456-0330",
        ] {
            assert_eq!(CoarseTime::read_seconds(text), Some(noon), "{text}");
        }
        assert_eq!(CoarseTime::read_seconds("2017-04-07"), Some(noon - 12 * 3600));
        for text in [
            "",
            "tomorrow",
            "2017-04-7T12:00",
            "2017-02-30",
            "2017-04-07T24:00",
            "2017-04-07T12",
            "2017-04-07T12:00+2",
            "2017-04-07T12:00:00:00",
            "2017-04-07x12:00",
            "+017-04-07",
            "2017-04-07T12:00+99:00",
            "201\u{e9}-04-07",
        ] {
            assert_eq!(CoarseTime::read_seconds(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_day_comes_back_from_its_date(days in -1_000_000i32..1_000_000) {
            let (year, month, day) = Day(days).civil();
            prop_assert_eq!(Day::from_civil(year, month, day), Some(Day(days)));
        }
    }
}
