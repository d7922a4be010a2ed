//! What the public can read of a demand: only ever more.

use serde::{Deserialize, Serialize};

use super::{Refusal, Rule};

/// How much the public can read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Publication {
    /// Nothing.
    #[default]
    Sealed,
    /// That it is one among a band.
    Band,
    /// That it is one among a figure.
    Aggregate,
    /// A page with parts blacked out.
    RedactedPage,
    /// A page.
    FullPage,
}

impl Publication {
    /// All of them, from the least.
    pub const ALL: [Self; 5] = [
        Self::Sealed,
        Self::Band,
        Self::Aggregate,
        Self::RedactedPage,
        Self::FullPage,
    ];

    /// Whether `to` may follow. `gagged`: a gag is in force. `page`: each keyholder agrees, or there is a public docket.
    pub(super) fn advance(self, to: Self, gagged: bool, page: bool) -> Result<Self, Refusal> {
        if to <= self {
            return Err(Rule::BackwardsPublication.into());
        }
        if gagged && to > Self::Band {
            return Err(Rule::GagForbidsPublication.into());
        }
        if !page && to >= Self::RedactedPage {
            return Err(Rule::NoConsentToPublish.into());
        }
        Ok(to)
    }
}
