//! How a group decides: pure, without a clock and without rows.
//!
//! A proposal takes effect when enough of those who are behind the account at that moment agree to it, and seven whole
//! days have passed since enough agreed, and nobody stopped it. Whoever is not behind the account any more counts for
//! nothing.

use std::collections::BTreeSet;

use bauta_model::{Day, KeyholderId};

/// Whole days between enough agreements and the effect.
pub const WAIT: i32 = 7;
/// Days after which a proposal that not enough agreed to is over.
pub const OPEN: i32 = 30;
/// What is needed where the group has not chosen.
pub const USUAL: u8 = 2;

/// Those who are behind the account now, and how many of them have to agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voters {
    /// All of them.
    pub people: BTreeSet<KeyholderId>,
    /// As the group chose.
    pub rule: u8,
}

impl Voters {
    /// How many have to agree: never more than there are, so that no rule can lock a group in.
    pub fn needed(&self, all: bool) -> usize {
        let there = self.people.len();
        if all {
            return there.max(1);
        }
        usize::from(self.rule).clamp(1, there.max(1))
    }
}

/// Where a proposal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not enough agree.
    Open {
        /// The last day on which they can.
        until: Day,
    },
    /// Enough agree.
    Waiting {
        /// The first day on which it takes effect.
        ready: Day,
    },
    /// It took effect.
    Done,
    /// Somebody stopped it.
    Stopped,
    /// It came to nothing.
    Lapsed,
}

impl Stage {
    /// True while something can still come of it.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Open { .. } | Self::Waiting { .. })
    }
}

/// Why a step is not possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Illegal {
    /// The one who takes it is not behind the account.
    NotOneOfUs,
    /// It is over.
    Over,
    /// Whoever is alone decides at once.
    Alone,
}

/// A proposal, as far as its way goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// It is about this person: it comes to nothing when they go.
    pub about: Option<KeyholderId>,
    /// All have to agree, whatever the rule.
    pub all: bool,
    /// Those who agreed.
    pub agreed: BTreeSet<KeyholderId>,
    /// Where it stands.
    pub stage: Stage,
}

impl Proposal {
    /// A proposal of `by`, who agrees to it.
    ///
    /// # Errors
    /// [`Illegal::NotOneOfUs`]; [`Illegal::Alone`].
    pub fn new(
        voters: &Voters,
        by: KeyholderId,
        about: Option<KeyholderId>,
        all: bool,
        today: Day,
    ) -> Result<Self, Illegal> {
        if voters.people.len() < 2 {
            return Err(Illegal::Alone);
        }
        let mut new = Self {
            about,
            all,
            agreed: BTreeSet::new(),
            stage: Stage::Open {
                until: today.plus(OPEN),
            },
        };
        new.agree(voters, by, today)?;
        Ok(new)
    }

    /// `who` agrees.
    ///
    /// # Errors
    /// [`Illegal`].
    pub fn agree(&mut self, voters: &Voters, who: KeyholderId, today: Day) -> Result<(), Illegal> {
        self.step(voters, who, today)?;
        self.agreed.insert(who);
        if matches!(self.stage, Stage::Open { .. }) {
            self.settle(voters, today);
        }
        Ok(())
    }

    /// `who` stops it, whoever agreed to it and however long it has waited.
    ///
    /// # Errors
    /// [`Illegal`].
    pub fn stop(&mut self, voters: &Voters, who: KeyholderId) -> Result<(), Illegal> {
        if !voters.people.contains(&who) {
            return Err(Illegal::NotOneOfUs);
        }
        // Not settled first: whoever stops it on the last day was not too late.
        if !self.stage.is_live() {
            return Err(Illegal::Over);
        }
        self.stage = Stage::Stopped;
        Ok(())
    }

    fn step(&mut self, voters: &Voters, who: KeyholderId, today: Day) -> Result<(), Illegal> {
        if !voters.people.contains(&who) {
            return Err(Illegal::NotOneOfUs);
        }
        self.refresh(voters, today);
        if self.stage.is_live() {
            Ok(())
        } else {
            Err(Illegal::Over)
        }
    }

    fn enough(&self, voters: &Voters) -> bool {
        self.agreed.len() >= voters.needed(self.all)
    }

    /// What came of people who went and days that passed, and nothing that goes forward.
    pub fn refresh(&mut self, voters: &Voters, today: Day) {
        self.agreed.retain(|who| voters.people.contains(who));
        let late = matches!(self.stage, Stage::Open { until } if until < today);
        let gone = self.about.is_some_and(|about| !voters.people.contains(&about));
        if self.stage.is_live() && (late || gone || voters.people.len() < 2) {
            self.stage = Stage::Lapsed;
        }
        if matches!(self.stage, Stage::Waiting { .. }) && !self.enough(voters) {
            self.stage = Stage::Open {
                until: today.plus(OPEN),
            };
        }
    }

    /// Where it stands now that days have passed, or people came or went. True if it takes effect with this.
    pub fn settle(&mut self, voters: &Voters, today: Day) -> bool {
        self.refresh(voters, today);
        match self.stage {
            Stage::Open { .. } if self.enough(voters) => {
                // The day that is begun does not count.
                self.stage = Stage::Waiting {
                    ready: today.plus(WAIT + 1),
                };
            }
            Stage::Waiting { ready } if ready <= today => {
                self.stage = Stage::Done;
                return true;
            }
            _ => {}
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use bauta_model::{Duties, Duty};
    use proptest::prelude::*;

    use super::*;

    const fn who(n: i64) -> KeyholderId {
        KeyholderId::new(n)
    }

    fn voters(people: &[i64], rule: u8) -> Voters {
        Voters {
            people: people.iter().copied().map(who).collect(),
            rule,
        }
    }

    const TODAY: Day = Day::new(17_000);

    #[test]
    fn two_of_three_wait_seven_days() {
        let three = voters(&[1, 2, 3], 2);
        let mut gone = Proposal::new(&three, who(1), Some(who(3)), false, TODAY).unwrap();
        assert!(matches!(gone.stage, Stage::Open { .. }));
        gone.agree(&three, who(2), TODAY.plus(2)).unwrap();
        let ready = TODAY.plus(10);
        assert_eq!(gone.stage, Stage::Waiting { ready });
        assert!(!gone.settle(&three, ready.plus(-1)));
        assert!(gone.settle(&three, ready));
        assert_eq!(gone.stage, Stage::Done);
        assert!(!gone.settle(&three, ready.plus(1)), "once");
        assert_eq!(gone.stop(&three, who(3)), Err(Illegal::Over));
    }

    #[test]
    fn whoever_leaves_takes_their_agreement_along() {
        let mut gone = Proposal::new(&voters(&[1, 2, 3, 4], 2), who(1), None, false, TODAY).unwrap();
        gone.agree(&voters(&[1, 2, 3, 4], 2), who(2), TODAY).unwrap();
        assert!(!gone.settle(&voters(&[1, 3, 4], 2), TODAY.plus(8)));
        assert!(matches!(gone.stage, Stage::Open { .. }));
        let three = voters(&[1, 3, 4], 2);
        gone.agree(&three, who(3), TODAY.plus(9)).unwrap();
        assert_eq!(
            gone.stage,
            Stage::Waiting {
                ready: TODAY.plus(17)
            }
        );
    }

    #[test]
    fn nothing_is_decided_by_strangers_or_alone() {
        let two = voters(&[1, 2], 1);
        let stranger = Proposal::new(&two, who(9), None, false, TODAY);
        assert_eq!(stranger, Err(Illegal::NotOneOfUs));
        let alone = Proposal::new(&voters(&[1], 1), who(1), None, false, TODAY);
        assert_eq!(alone, Err(Illegal::Alone));
        let mut any_one = Proposal::new(&two, who(1), None, false, TODAY).unwrap();
        assert!(
            matches!(any_one.stage, Stage::Waiting { .. }),
            "any one, and it waits"
        );
        assert_eq!(any_one.stop(&two, who(9)), Err(Illegal::NotOneOfUs));
        any_one.stop(&two, who(2)).unwrap();
        assert_eq!(any_one.agree(&two, who(1), TODAY), Err(Illegal::Over));
    }

    /// A step in the life of a group.
    #[derive(Clone, Debug)]
    enum Step {
        Agree(i64),
        Stop(i64),
        Come(i64),
        Leave(i64),
        Rule(u8),
        Days(i32),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => (1i64..7).prop_map(Step::Agree),
            1 => (1i64..7).prop_map(Step::Stop),
            1 => (1i64..7).prop_map(Step::Come),
            1 => (1i64..7).prop_map(Step::Leave),
            1 => (0u8..9).prop_map(Step::Rule),
            4 => (0i32..12).prop_map(Step::Days),
        ]
    }

    proptest! {
        #[test]
        fn nothing_takes_effect_without_enough_agreements_and_the_wait(
            all: bool,
            about in proptest::option::of(1i64..5),
            steps in proptest::collection::vec(step(), 0..40),
        ) {
            let mut group = voters(&[1, 2, 3, 4], 2);
            let mut today = TODAY;
            let mut proposal = Proposal::new(&group, who(1), about.map(who), all, today).unwrap();
            let mut enough_since = None;
            let mut stopped = false;
            for step in steps {
                let before = proposal.stage;
                match step {
                    Step::Agree(n) => {
                        let there = group.people.contains(&who(n));
                        let done = proposal.agree(&group, who(n), today);
                        prop_assert!(there || done.is_err());
                    }
                    Step::Stop(n) => {
                        if proposal.stop(&group, who(n)).is_ok() {
                            prop_assert!(group.people.contains(&who(n)) && before.is_live());
                            stopped = true;
                        }
                    }
                    Step::Come(n) => {
                        group.people.insert(who(n));
                    }
                    // The last one can't leave.
                    Step::Leave(n) => {
                        if group.people.len() > 1 {
                            group.people.remove(&who(n));
                        }
                    }
                    Step::Rule(k) => group.rule = k,
                    Step::Days(n) => today = today.plus(n),
                }
                prop_assert!(!group.people.is_empty());
                let effect = proposal.settle(&group, today);
                let agreed = proposal.agreed.iter().filter(|who| group.people.contains(who)).count();
                prop_assert_eq!(agreed, proposal.agreed.len(), "nobody counts who is gone");
                let enough = agreed >= group.needed(all);
                prop_assert!(group.needed(all) <= group.people.len(), "the group can always decide");
                if effect || proposal.stage == Stage::Done && before != Stage::Done {
                    prop_assert!(enough && !stopped && group.people.len() > 1);
                    let since: Day = enough_since.expect("enough agreed before");
                    prop_assert!(today.get() - since.get() > WAIT);
                    if let Some(about) = about {
                        prop_assert!(group.people.contains(&who(about)));
                    }
                }
                enough_since = match (enough, enough_since) {
                    (false, _) => None,
                    (true, None) => Some(today),
                    (true, since) => since,
                };
                if stopped {
                    prop_assert_eq!(proposal.stage, Stage::Stopped);
                }
                if !before.is_live() {
                    prop_assert_eq!(proposal.stage, before, "what is over stays over");
                }
            }
        }

        #[test]
        fn no_order_of_steps_locks_everybody_out(
            start in proptest::collection::vec(0i16..=7, 1..6),
            steps in proptest::collection::vec((0usize..6, 0i16..=7, any::<bool>()), 0..30),
        ) {
            let read = |code: i16| Duties::from_code(code).unwrap();
            let mut people: Vec<Duties> = Duties::mended(&start.into_iter().map(read).collect::<Vec<_>>());
            for (at, code, goes) in steps {
                let at = at % people.len();
                if goes && people.len() > 1 {
                    people.remove(at);
                } else if !goes {
                    people[at] = read(code);
                }
                people = Duties::mended(&people);
                prop_assert!(!people.is_empty());
                for duty in Duty::ALL {
                    prop_assert!(people.iter().any(|held| held.has(duty)));
                }
            }
        }
    }
}
