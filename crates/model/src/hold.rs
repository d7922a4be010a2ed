//! When a post appears: at once, or at a minute by chance.

use std::time::Duration;

/// For how long a post may be held before it appears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hold {
    /// Not at all.
    #[default]
    AtOnce,
    /// At some slot within an hour.
    Hour,
    /// At some slot within a day.
    Day,
}

impl Hold {
    /// All, the shortest first.
    pub const ALL: [Self; 3] = [Self::AtOnce, Self::Hour, Self::Day];

    /// The stored number.
    pub const fn code(self) -> i16 {
        match self {
            Self::AtOnce => 0,
            Self::Hour => 1,
            Self::Day => 2,
        }
    }

    /// Reads the stored number.
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            0 => Some(Self::AtOnce),
            1 => Some(Self::Hour),
            2 => Some(Self::Day),
            _ => None,
        }
    }

    /// The word in forms and in the API.
    pub const fn as_api(self) -> &'static str {
        match self {
            Self::AtOnce => "none",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// Reads the word.
    pub fn from_api(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hold| hold.as_api() == word)
    }

    /// The longest that it takes; nothing where it takes no time.
    pub const fn span(self) -> Option<Duration> {
        match self {
            Self::AtOnce => None,
            Self::Hour => Some(Duration::from_hours(1)),
            Self::Day => Some(Duration::from_hours(24)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_are_read_back() {
        for hold in Hold::ALL {
            assert_eq!(Hold::from_api(hold.as_api()), Some(hold));
            assert_eq!(Hold::from_code(hold.code()), Some(hold));
        }
        assert_eq!((Hold::from_api(""), Hold::from_code(3)), (None, None));
    }
}
