//! Days off, as data: weekends and holidays by rule or by date.

use bauta_model::Day;
use serde::Deserialize;

/// A calendar.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Its name.
    pub id: String,
    /// What it is, for people.
    pub label: String,
    /// Days of the week that are off.
    pub weekend: Vec<Weekday>,
    /// Holidays.
    #[serde(default, rename = "holiday")]
    pub holidays: Vec<Holiday>,
    /// The calendar that it takes the place of, where a demand is read in one of [`Self::zones`].
    #[serde(default)]
    pub in_place_of: Option<String>,
    /// IANA time zones of the country that it is of.
    #[serde(default)]
    pub zones: Vec<String>,
    /// Where it stands.
    pub source: String,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

/// A holiday: on a date of each year, on a certain weekday of a month, by Easter, or on one day only.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Holiday {
    /// On a date of each year.
    Yearly(Yearly),
    /// On a certain weekday of a month.
    Nth(Nth),
    /// So many days from Easter Sunday.
    Easter(Easter),
    /// On one day only.
    Once(Once),
}

/// On a date of each year.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Yearly {
    /// Its name.
    pub name: String,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// A Saturday moves it to Friday, a Sunday to Monday; the day itself is off too.
    #[serde(default)]
    pub observed: bool,
    /// The first year.
    #[serde(default)]
    pub since: Option<i32>,
}

/// On a certain weekday of a month.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nth {
    /// Its name.
    pub name: String,
    /// 1 to 12.
    pub month: u32,
    /// Which weekday.
    pub weekday: Weekday,
    /// 1 to 4, or -1 for the last.
    #[serde(rename = "nth")]
    pub which: i32,
}

/// So many days from Easter Sunday, as the western churches count it, or the Orthodox ones.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Easter {
    /// Its name.
    pub name: String,
    /// Days after Easter Sunday; before it where negative.
    #[serde(rename = "easter")]
    pub days: i32,
    /// By the Easter of the Orthodox churches.
    #[serde(default)]
    pub orthodox: bool,
}

/// On one day only.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Once {
    /// Its name.
    pub name: String,
    /// The day.
    #[serde(with = "crate::moment::day")]
    pub date: Day,
}

/// The weekday of a day.
pub(crate) fn weekday(day: Day) -> Weekday {
    // 1 January 1970 was a Thursday.
    match (i64::from(day.get()) + 3).rem_euclid(7) {
        0 => Weekday::Monday,
        1 => Weekday::Tuesday,
        2 => Weekday::Wednesday,
        3 => Weekday::Thursday,
        4 => Weekday::Friday,
        5 => Weekday::Saturday,
        _ => Weekday::Sunday,
    }
}

impl Calendar {
    /// Why the day is off, or nothing.
    pub fn off(&self, day: Day) -> Option<&str> {
        let holiday = self.holidays.iter().find(|holiday| holiday.is_on(day));
        if let Some(holiday) = holiday {
            return Some(holiday.name());
        }
        self.weekend.contains(&weekday(day)).then_some("a weekend")
    }
}

impl Holiday {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Yearly(Yearly { name, .. })
            | Self::Nth(Nth { name, .. })
            | Self::Easter(Easter { name, .. })
            | Self::Once(Once { name, .. }) => name,
        }
    }

    fn is_on(&self, day: Day) -> bool {
        let (_, month, of_month) = day.civil();
        match self {
            Self::Yearly(yearly) => {
                yearly.is_on(day)
                    || (yearly.observed && weekday(day) == Weekday::Friday && yearly.is_on(day.plus(1)))
                    || (yearly.observed && weekday(day) == Weekday::Monday && yearly.is_on(day.plus(-1)))
            }
            Self::Nth(nth) => {
                let last = nth.which == -1 && day.plus(7).civil().1 != month;
                let which = last || nth.which == of_month.div_ceil(7) as i32;
                month == nth.month && weekday(day) == nth.weekday && which
            }
            Self::Easter(holiday) => {
                let sunday = day.plus(-holiday.days);
                let of_year = if holiday.orthodox {
                    orthodox_easter
                } else {
                    easter_sunday
                };
                of_year(sunday.civil().0) == Some(sunday)
            }
            Self::Once(once) => once.date == day,
        }
    }
}

impl Yearly {
    fn is_on(&self, day: Day) -> bool {
        let (year, month, of_month) = day.civil();
        month == self.month && of_month == self.day && self.since.is_none_or(|since| since <= year)
    }
}

/// Easter Sunday of a year of the Gregorian calendar: the anonymous algorithm, printed in Nature of 20 April 1876.
fn easter_sunday(year: i32) -> Option<Day> {
    let golden = year.rem_euclid(19);
    let (century, of_century) = (year.div_euclid(100), year.rem_euclid(100));
    let (leap_centuries, century_rest) = (century / 4, century % 4);
    let lunar = (century - (century + 8) / 25 + 1) / 3;
    let moon = (19 * golden + century - leap_centuries - lunar + 15).rem_euclid(30);
    let (leaps, rest) = (of_century / 4, of_century % 4);
    let sunday = (32 + 2 * century_rest + 2 * leaps - moon - rest).rem_euclid(7);
    let late = (golden + 11 * moon + 22 * sunday) / 451;
    let days = moon + sunday - 7 * late + 114;
    Day::from_civil(year, (days / 31) as u32, (days % 31 + 1) as u32)
}

/// Easter Sunday of the Orthodox churches, as a day of the Gregorian calendar: Meeus, Astronomical Algorithms, chapter 8.
fn orthodox_easter(year: i32) -> Option<Day> {
    let moon = (19 * year.rem_euclid(19) + 15).rem_euclid(30);
    let sunday = (2 * year.rem_euclid(4) + 4 * year.rem_euclid(7) - moon + 34).rem_euclid(7);
    let days = moon + sunday + 114;
    let julian = Day::from_civil(year, (days / 31) as u32, (days % 31 + 1) as u32)?;
    // The Julian calendar is behind by the leap days of centuries that the Gregorian one leaves out.
    let century = year.div_euclid(100);
    Some(julian.plus(century - century.div_euclid(4) - 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_is_on_the_sundays_of_the_almanac() {
        for (year, month, day) in [
            (1818, 3, 22),
            (1943, 4, 25),
            (2000, 4, 23),
            (2017, 4, 16),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2038, 4, 25),
            (2100, 3, 28),
        ] {
            assert_eq!(easter_sunday(year), Day::from_civil(year, month, day), "{year}");
        }
        for (year, month, day) in [
            (2016, 5, 1),
            (2017, 4, 16),
            (2021, 5, 2),
            (2024, 5, 5),
            (2025, 4, 20),
            (2026, 4, 12),
            (2027, 5, 2),
        ] {
            assert_eq!(orthodox_easter(year), Day::from_civil(year, month, day), "{year}");
        }
        for year in 1583..2600 {
            let sunday = easter_sunday(year).unwrap();
            assert_eq!(weekday(sunday), Weekday::Sunday, "{year}");
            let earliest = Day::from_civil(year, 3, 22).unwrap();
            assert!(sunday >= earliest && sunday <= earliest.plus(34), "{year}");
        }
    }
}
