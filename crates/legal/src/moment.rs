//! Times and days as they stand in events: `2017-04-07T14:02:00Z` and `2017-04-07`, one way to write each.

use bauta_model::{CoarseTime, Day};

/// A text that is no time, or no day, or not written in the one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMoment {
    /// Not `YYYY-MM-DDThh:mm:ssZ`.
    #[error("a time is written as 2017-04-07T14:02:00Z")]
    Time,
    /// Not `YYYY-MM-DD`.
    #[error("a day is written as 2017-04-07, and has to exist")]
    Day,
}

/// `count` digits at `from`, as a number.
pub(crate) fn digits(text: &str, from: usize, count: usize) -> Option<u32> {
    let part = text.get(from..from + count)?;
    part.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| part.parse().ok())?
}

/// Reads `2017-04-07`.
///
/// # Errors
/// [`InvalidMoment::Day`] for another form or a day that no calendar has.
pub(crate) fn parse_day(text: &str) -> Result<Day, InvalidMoment> {
    let parsed = || {
        let form = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
        let (year, month, day) = (digits(text, 0, 4)?, digits(text, 5, 2)?, digits(text, 8, 2)?);
        form.then(|| Day::from_civil(year as i32, month, day))?
    };
    parsed().ok_or(InvalidMoment::Day)
}

/// Hour, minute and second of `hh:mm:ss`.
pub(crate) fn parse_clock(text: &str) -> Option<(u32, u32, u32)> {
    let form = text.len() == 8 && text.as_bytes()[2] == b':' && text.as_bytes()[5] == b':';
    let (hour, minute, second) = (digits(text, 0, 2)?, digits(text, 3, 2)?, digits(text, 6, 2)?);
    (form && hour < 24 && minute < 60 && second < 60).then_some((hour, minute, second))
}

fn parse_time(text: &str) -> Result<CoarseTime, InvalidMoment> {
    let parsed = || {
        let (day, rest) = text.split_once('T')?;
        let day = parse_day(day).ok()?;
        let (hour, minute, second) = parse_clock(rest.strip_suffix('Z')?)?;
        let seconds = i64::from(hour * 3600 + minute * 60 + second);
        Some(CoarseTime::from_unix_seconds(
            day.start().unix_seconds() + seconds,
        ))
    };
    parsed().ok_or(InvalidMoment::Time)
}

fn print_time(time: CoarseTime) -> String {
    time.rfc3339().replace(".000Z", "Z")
}

/// A [`CoarseTime`] in serde.
pub mod slot {
    use super::{CoarseTime, parse_time, print_time};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes `2017-04-07T14:02:00Z`.
    pub fn serialize<S: Serializer>(time: &CoarseTime, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&print_time(*time))
    }

    /// Reads the same.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<CoarseTime, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        parse_time(&text).map_err(D::Error::custom)
    }
}

/// An `Option<CoarseTime>` in serde.
pub mod optional_slot {
    use super::{CoarseTime, parse_time, print_time};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes `2017-04-07T14:02:00Z` or null.
    pub fn serialize<S: Serializer>(time: &Option<CoarseTime>, to: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => to.serialize_some(&print_time(*time)),
            None => to.serialize_none(),
        }
    }

    /// Reads the same.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<CoarseTime>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| parse_time(&text).map_err(D::Error::custom))
            .transpose()
    }
}

/// A [`Day`] in serde.
pub mod day {
    use super::{Day, parse_day};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes `2017-04-07`.
    pub fn serialize<S: Serializer>(day: &Day, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&day.iso())
    }

    /// Reads the same.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Day, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        parse_day(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_one_form() {
        let time = parse_time("2017-04-07T14:02:00Z").unwrap();
        assert_eq!(print_time(time), "2017-04-07T14:02:00Z");
        for text in [
            "2017-04-07",
            "2017-04-07T14:02Z",
            "2017-04-07T14:02:00",
            "2017-04-07T24:00:00Z",
            "2017-02-29T00:00:00Z",
            "+017-04-07T14:02:00Z",
            "2017-04-07T14:02:00Z ",
            "２017-04-07T14:02:00Z",
            "",
        ] {
            assert_eq!(parse_time(text), Err(InvalidMoment::Time), "{text}");
        }
    }
}
