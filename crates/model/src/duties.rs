//! What each of several people behind one account does in it.

/// One duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// Speaking, and everything else that others see or that changes what the account reads.
    Speak,
    /// Answering notices of demands.
    Answer,
    /// Inviting others, and what is about the account as a whole.
    Manage,
}

impl Duty {
    /// All of them, in the order in which pages list them.
    pub const ALL: [Self; 3] = [Self::Speak, Self::Answer, Self::Manage];

    const fn bit(self) -> u8 {
        match self {
            Self::Speak => 1,
            Self::Answer => 2,
            Self::Manage => 4,
        }
    }

    /// The word in forms.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Speak => "speak",
            Self::Answer => "answer",
            Self::Manage => "manage",
        }
    }
}

/// A set of duties. Everybody reads, whatever their duties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duties(u8);

impl Duties {
    /// Whoever is alone behind an account has all.
    pub const ALL: Self = Self(7);
    /// Reading alone.
    pub const NONE: Self = Self(0);

    /// True if the set holds `duty`.
    pub const fn has(self, duty: Duty) -> bool {
        self.0 & duty.bit() != 0
    }

    /// The set with `duty` too.
    #[must_use]
    pub const fn with(self, duty: Duty) -> Self {
        Self(self.0 | duty.bit())
    }

    /// The stored number.
    pub const fn code(self) -> i16 {
        self.0 as i16
    }

    /// Reads the stored number.
    pub const fn from_code(code: i16) -> Option<Self> {
        if code >= 0 && code <= Self::ALL.code() {
            Some(Self(code as u8))
        } else {
            None
        }
    }

    /// What a group's duties have to be so that nobody is locked out: a duty that nobody has is everybody's, and
    /// whoever is alone has all.
    pub fn mended(all: &[Self]) -> Vec<Self> {
        if let [_] = all {
            return vec![Self::ALL];
        }
        let missing = Duty::ALL
            .into_iter()
            .filter(|duty| !all.iter().any(|held| held.has(*duty)));
        let missing = missing.fold(Self::NONE, Self::with);
        all.iter().map(|held| Self(held.0 | missing.0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sets_come_back_from_their_numbers() {
        for code in 0..=7 {
            assert_eq!(Duties::from_code(code).map(Duties::code), Some(code));
        }
        assert_eq!(Duties::from_code(8), None);
        assert_eq!(Duties::from_code(-1), None);
        assert!(Duty::ALL.into_iter().all(|duty| Duties::ALL.has(duty)));
    }

    proptest! {
        #[test]
        fn every_duty_is_somebodys(codes in proptest::collection::vec(0i16..=7, 1..12)) {
            let all: Vec<Duties> = codes.iter().filter_map(|code| Duties::from_code(*code)).collect();
            let mended = Duties::mended(&all);
            prop_assert_eq!(mended.len(), all.len());
            for duty in Duty::ALL {
                prop_assert!(mended.iter().any(|held| held.has(duty)));
                for (before, after) in all.iter().zip(&mended) {
                    prop_assert!(!before.has(duty) || after.has(duty));
                }
            }
            prop_assert_eq!(Duties::mended(&mended), mended.clone());
        }
    }
}
