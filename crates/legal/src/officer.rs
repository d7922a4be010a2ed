//! Who did something.

use std::fmt;
use std::str::FromStr;

/// An officer of the desk: the desk's number for a person, or a number that means nothing outside one public record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct OfficerId(u64);

impl OfficerId {
    /// The server itself: passes on what a user answered, and says that a time is over. It decides nothing.
    pub const SERVER: Self = Self(0);

    /// Wraps a number, 1 or more for a person.
    pub const fn new(raw: u64) -> Self {
        Self(raw)
    }

    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for OfficerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for OfficerId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let canonical = text == "0" || (!text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()));
        canonical
            .then(|| text.parse().ok())
            .flatten()
            .map(Self)
            .ok_or("an officer is a whole number, as a text")
    }
}

impl serde::Serialize for OfficerId {
    /// As a text: JSON's numbers end at 53 bits.
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for OfficerId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
