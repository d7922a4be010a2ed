//! The figures of some demands taken together.

use serde::{Deserialize, Serialize};

use crate::record::{Given, Secrecy, Tally};

/// What is counted. All are numbers of demands, where nothing else is said.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Demands received.
    pub demands: u32,
    /// Accounts that they ask about.
    pub accounts_asked: u32,
    /// Accounts about which something was produced.
    pub accounts_affected: u32,
    /// Accounts that were told.
    pub accounts_notified: u32,
    /// Produced all that was asked for.
    pub produced_full: u32,
    /// Produced less than was asked for.
    pub produced_part: u32,
    /// Nothing of what was asked for is held.
    pub nothing_held: u32,
    /// Refused, or not genuine.
    pub refused: u32,
    /// Issued, then withdrawn.
    pub withdrawn: u32,
    /// Of those, issued again later.
    pub renewed: u32,
    /// Quashed by a court.
    pub quashed: u32,
    /// Challenged by the provider.
    pub challenged_by_provider: u32,
    /// Challenged or objected to by a user.
    pub challenged_by_user: u32,
    /// Secrecy was asked for, which binds nobody.
    pub secrecy_requested: u32,
    /// Secrecy was binding.
    pub secrecy_binding: u32,
    /// Told to whom they are about.
    pub noticed: u32,
    /// Told late, because of a gag or an emergency.
    pub notice_delayed: u32,
    /// Accounts that were not told, by a written finding of two people.
    pub notice_exceptions: u32,
    /// Days from receipt to notice: the middle one; of an even number the lower of the two in the middle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median_days_to_notice: Option<u32>,
    /// Decided by a desk with a single officer.
    pub one_officer: u32,
    /// Not closed yet.
    pub open: u32,
}

impl Counts {
    /// The figures of `tallies`. `is_renewed` tells whether a later demand renews one.
    pub fn of<'a>(tallies: impl IntoIterator<Item = &'a Tally>, is_renewed: impl Fn(&Tally) -> bool) -> Self {
        let mut counts = Self::default();
        let mut days = Vec::new();
        for tally in tallies {
            counts.add(tally, is_renewed(tally));
            days.extend(tally.days_to_notice);
        }
        counts.median_days_to_notice = median(days);
        counts
    }

    fn add(&mut self, tally: &Tally, is_renewed: bool) {
        self.demands += 1;
        self.accounts_asked = self.accounts_asked.saturating_add(tally.asked);
        self.accounts_affected = self.accounts_affected.saturating_add(tally.affected);
        self.accounts_notified = self.accounts_notified.saturating_add(tally.notified);
        self.notice_exceptions = self.notice_exceptions.saturating_add(tally.notice_exceptions);
        let flags = [
            (&mut self.produced_full, tally.given == Given::Full),
            (&mut self.produced_part, tally.given == Given::Part),
            (&mut self.nothing_held, tally.nothing_held),
            (&mut self.refused, tally.refused),
            (&mut self.withdrawn, tally.withdrawn),
            (&mut self.renewed, tally.withdrawn && is_renewed),
            (&mut self.quashed, tally.quashed),
            (&mut self.challenged_by_provider, tally.challenged_by_provider),
            (&mut self.challenged_by_user, tally.challenged_by_user),
            (&mut self.secrecy_requested, tally.secrecy == Secrecy::Requested),
            (&mut self.secrecy_binding, tally.secrecy == Secrecy::Binding),
            (&mut self.noticed, tally.notified > 0),
            (&mut self.notice_delayed, tally.notice_delayed),
            (&mut self.one_officer, tally.one_officer),
            (&mut self.open, !tally.closed),
        ];
        for (count, is_one) in flags {
            *count += u32::from(is_one);
        }
    }
}

/// The middle of `numbers`; of an even number of them the lower of the two in the middle, so that it is one of them.
pub fn median(mut numbers: Vec<u32>) -> Option<u32> {
    numbers.sort_unstable();
    numbers.get(numbers.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_one_of_the_numbers() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![4]), Some(4));
        assert_eq!(median(vec![9, 1]), Some(1));
        assert_eq!(median(vec![3, 9, 1]), Some(3));
        assert_eq!(median(vec![4, 3, 9, 1]), Some(3));
    }
}
