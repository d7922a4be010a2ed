//! National-security process, which may be told in bands only.

use serde::{Deserialize, Serialize};

use super::Half;
use super::id::Version;

/// Width of a band: 50 USC 1874(a)(3) allows 250 for all national-security process of a half-year taken together.
pub const WIDTH: u32 = 250;

/// A half-year's national-security process. A later one of the same half-year has a higher revision and takes its place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Version of the form.
    pub v: Version,
    /// The half-year.
    pub half: Half,
    /// 0 for the first.
    pub revision: u32,
    /// How many orders, directives and letters of all kinds: the band that the number is in.
    pub process: Span,
    /// How many customer selectors they named.
    pub selectors: Span,
}

/// A band: the multiple of [`WIDTH`] that it begins with. `0` is "0 to 249", which none and one are alike in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Span(u32);

impl Span {
    /// The band that a number is in. The number itself is not kept.
    pub const fn of(number: u32) -> Self {
        Self(number - number % WIDTH)
    }

    /// Its lowest number.
    pub const fn low(self) -> u32 {
        self.0
    }

    /// Its highest number.
    pub const fn high(self) -> u32 {
        self.0.saturating_add(WIDTH - 1)
    }
}

impl From<Span> for u32 {
    fn from(span: Span) -> Self {
        span.0
    }
}

impl TryFrom<u32> for Span {
    type Error = &'static str;

    fn try_from(low: u32) -> Result<Self, Self::Error> {
        if low.is_multiple_of(WIDTH) {
            Ok(Self(low))
        } else {
            Err("a band begins with a multiple of 250")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_and_one_are_in_the_same_band() {
        assert_eq!(Span::of(0), Span::of(1));
        assert_eq!(Span::of(0), Span::of(249));
        assert_ne!(Span::of(249), Span::of(250));
        assert_eq!((Span::of(260).low(), Span::of(260).high()), (250, 499));
        assert!(Span::try_from(1).is_err());
    }
}
