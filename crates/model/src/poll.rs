//! Polls: what a post asks, and how its readers answer.

use crate::CoarseTime;

/// A question with options that readers choose from. It is a part of its post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poll {
    /// What can be chosen, in the author's order.
    pub options: Vec<PollOption>,
    /// A reader may choose several.
    pub multiple: bool,
    /// Nobody sees how many chose what until it is over.
    pub hide_totals: bool,
    /// The slot at whose beginning it is over.
    pub expires: CoarseTime,
    /// Accounts that voted.
    pub voters: i64,
}

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PollOption {
    /// One line of plain text.
    pub title: String,
    /// How many chose it.
    pub votes: i64,
}

impl Poll {
    /// Nobody can vote any more.
    pub const fn is_over(&self, now: CoarseTime) -> bool {
        self.expires.unix_seconds() <= now.unix_seconds()
    }

    /// How many chose what may be told.
    pub const fn shows_totals(&self, now: CoarseTime) -> bool {
        !self.hide_totals || self.is_over(now)
    }

    /// All that was chosen: a reader who chose two counts twice.
    pub fn votes(&self) -> i64 {
        self.options.iter().map(|option| option.votes).sum()
    }

    /// Whom a share of the choices is counted against: readers, or votes where each has one.
    pub fn whole(&self) -> i64 {
        if self.multiple { self.voters } else { self.votes() }
    }

    /// True if `other` asks the same, so that votes for the one are votes for the other.
    pub fn asks_the_same(&self, other: &Self) -> bool {
        self.multiple == other.multiple && self.titles().eq(other.titles())
    }

    /// What can be chosen, in order.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        self.options.iter().map(|option| option.title.as_str())
    }
}
