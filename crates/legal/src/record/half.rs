//! A half-year: the span that the report counts by, and the finest time that a tally tells.

use std::fmt;

use bauta_model::{CoarseTime, Day};
use serde::{Deserialize, Serialize};

/// The first or the second half of a year (UTC), written `2017-H1`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Half {
    year: i32,
    second: bool,
}

impl Half {
    /// The half-year of a day.
    pub fn of(day: Day) -> Self {
        let (year, month, _) = day.civil();
        Self {
            year,
            second: month > 6,
        }
    }

    /// The half-year of a slot.
    pub fn at(time: CoarseTime) -> Self {
        Self::of(time.day())
    }

    /// Reads `2017-H1`; nothing where it is none. Years have four digits.
    pub fn read(text: &str) -> Option<Self> {
        let (year, half) = text.split_once("-H")?;
        if year.len() != 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let second = match half {
            "1" => false,
            "2" => true,
            _ => return None,
        };
        Some(Self {
            year: year.parse().ok()?,
            second,
        })
    }

    /// `January to June 2017`.
    pub fn long(self) -> String {
        let months = if self.second {
            "July to December"
        } else {
            "January to June"
        };
        format!("{months} {}", self.year)
    }

    /// The day after its last, from when its figures are whole.
    pub fn end(self) -> Day {
        let (year, month) = if self.second {
            (self.year + 1, 1)
        } else {
            (self.year, 7)
        };
        Day::from_civil(year, month, 1).unwrap_or(Day::new(0))
    }
}

impl fmt::Display for Half {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-H{}", self.year, if self.second { 2 } else { 1 })
    }
}

impl From<Half> for String {
    fn from(half: Half) -> Self {
        half.to_string()
    }
}

impl TryFrom<String> for Half {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::read(&text).ok_or("a half-year is written as 2017-H1")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_year_is_read_as_it_is_written() {
        let day = |month, day| Day::from_civil(2017, month, day).unwrap();
        assert_eq!(Half::of(day(6, 30)).to_string(), "2017-H1");
        assert_eq!(Half::of(day(7, 1)).to_string(), "2017-H2");
        assert_eq!(Half::read("2017-H2"), Some(Half::of(day(12, 31))));
        assert_eq!(Half::of(day(12, 31)).end(), Day::from_civil(2018, 1, 1).unwrap());
        for text in ["2017", "2017-H3", "17-H1", "2017-h1", "+017-H1", "2017-H1 "] {
            assert_eq!(Half::read(text), None, "{text}");
        }
    }
}
