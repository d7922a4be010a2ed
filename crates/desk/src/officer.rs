//! Who acts: an officer with duties, or the operator at the machine.

use bauta_legal::{Fact, OfficerId, ProcessFact, Step};
use bauta_model::{AccountId, Handle};
use bauta_store::desk::officers;
use serde_json::{Value, json};

use crate::papers::recipient;
use crate::{Desk, Refused};

/// What somebody may do at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Duties(i16);

impl Duties {
    /// Take demands in and lead them through.
    pub const INTAKE: Self = Self(1);
    /// Say what will be done.
    pub const DETERMINE: Self = Self(2);
    /// Make ready and produce.
    pub const PRODUCE: Self = Self(4);
    /// Advise; counts as a second person.
    pub const COUNSEL: Self = Self(8);
    /// All of them.
    pub const ALL: Self = Self(15);

    /// Every duty with its word.
    pub const WORDS: [(Self, &'static str); 4] = [
        (Self::INTAKE, "intake"),
        (Self::DETERMINE, "determine"),
        (Self::PRODUCE, "produce"),
        (Self::COUNSEL, "counsel"),
    ];

    /// Reads a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS
            .into_iter()
            .find(|(_, known)| *known == word)
            .map(|(duty, _)| duty)
    }

    /// The words.
    pub fn words(self) -> Vec<&'static str> {
        Self::WORDS
            .into_iter()
            .filter(|(duty, _)| self.any(*duty))
            .map(|(_, word)| word)
            .collect()
    }

    /// One of `other` is among them.
    pub const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn bits(self) -> i16 {
        self.0
    }

    pub(crate) const fn from_bits(bits: i16) -> Self {
        Self(bits & Self::ALL.0)
    }
}

/// Somebody who acts at the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    /// In events.
    pub id: OfficerId,
    /// The account; nobody's at the machine.
    pub account: Option<AccountId>,
    /// How they are called on pages of the desk.
    pub name: String,
    /// What they may do.
    pub duties: Duties,
}

/// The operator at the machine, in events.
const AT_THE_MACHINE: OfficerId = OfficerId::new(1);

impl Officer {
    /// The operator at the machine, whose shell is the authority.
    pub fn at_the_machine() -> Self {
        Self {
            id: AT_THE_MACHINE,
            account: None,
            name: "the operator at the machine".to_owned(),
            duties: Duties::ALL,
        }
    }

    pub(crate) fn of(row: officers::Officer) -> Self {
        Self {
            id: OfficerId::new(row.account.get() as u64),
            account: Some(row.account),
            name: row.handle.as_str().to_owned(),
            duties: Duties::from_bits(row.duties),
        }
    }

    /// Refuses a fact that takes a duty which this officer does not have.
    pub(crate) fn may_record(&self, fact: &Fact) -> Result<(), Refused> {
        let (duties, why) = needed(fact);
        if self.duties.any(duties) {
            Ok(())
        } else {
            Err(Refused::Forbidden(why))
        }
    }
}

fn needed(fact: &Fact) -> (Duties, &'static str) {
    const LEAD: (Duties, &str) = (
        Duties(1 | 2 | 4),
        "This takes an officer who takes demands in, determines or produces.",
    );
    const DETERMINE: (Duties, &str) = (Duties::DETERMINE, "This takes an officer who determines.");
    const SECOND: (Duties, &str) = (Duties(2 | 8), "This takes an officer who determines, or counsel.");
    const PRODUCE: (Duties, &str) = (Duties(4 | 8), "This takes an officer who produces, or counsel.");
    let Fact::Process(fact) = fact else {
        return LEAD;
    };
    match fact {
        ProcessFact::Determined(_)
        | ProcessFact::Objected { .. }
        | ProcessFact::ObjectionLifted { .. }
        | ProcessFact::NoticeExcepted { .. }
        | ProcessFact::FindingRecorded { .. }
        | ProcessFact::EmergencyDeclined { .. }
        | ProcessFact::EmergencyApproved { .. } => DETERMINE,
        ProcessFact::Seconded {
            step: Step::CourtOrder,
            ..
        } => DETERMINE,
        ProcessFact::Seconded { .. }
        | ProcessFact::CourtOrdered { .. }
        | ProcessFact::TermsRevised { .. }
        | ProcessFact::LogDeferred { .. } => SECOND,
        ProcessFact::Produced { .. } | ProcessFact::EmergencyDisclosed { .. } => PRODUCE,
        ProcessFact::DocumentAdded(_) => (Duties::ALL, "This takes an officer of the desk."),
        _ => LEAD,
    }
}

impl Desk {
    /// The officer that an account is.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for everybody else.
    pub async fn officer(&self, account: AccountId) -> Result<Officer, Refused> {
        let found = self
            .store
            .read("desk_officer", move |conn| officers::of(conn, account))
            .await?;
        found.map(Officer::of).ok_or(Refused::NotFound)
    }

    /// The officer of a handle, for the command line.
    ///
    /// # Errors
    /// [`Refused::Invalid`] where nobody of that name is an officer.
    pub async fn officer_named(&self, handle: &str) -> Result<Officer, Refused> {
        let unknown = || {
            Refused::invalid(
                "officer",
                format!(
                    "{handle} is no officer; make one with `bauta desk officer {handle} --duty determine`"
                ),
            )
        };
        let handle = Handle::parse(handle).map_err(|_| unknown())?;
        let all = self.store.read("desk_officers", officers::all).await?;
        all.into_iter()
            .find(|row| row.handle == handle)
            .map(Officer::of)
            .ok_or_else(unknown)
    }

    /// Every officer: handle, duties, whether there is a key.
    pub async fn officers(&self) -> Result<Value, Refused> {
        let all = self.store.read("desk_officers", officers::all).await?;
        let line = |row: officers::Officer| {
            json!({
                "handle": row.handle.as_str(),
                "duties": Duties::from_bits(row.duties).words(),
                "key": row.age_key,
            })
        };
        Ok(all.into_iter().map(line).collect())
    }

    /// Gives an account these duties; none takes the office away.
    ///
    /// # Errors
    /// [`Refused::Invalid`] where there is no such account.
    pub async fn set_duties(&self, handle: &str, duties: Duties) -> Result<(), Refused> {
        let account = self.account(handle).await?;
        self.store
            .write("desk_set_duties", move |conn| {
                officers::set_duties(conn, account, duties.bits())
            })
            .await?;
        Ok(())
    }

    /// Sets an officer's public key. Papers are encrypted to it from now on.
    ///
    /// # Errors
    /// [`Refused::Invalid`] for what is no age public key.
    pub async fn set_key(&self, account: AccountId, key: &str) -> Result<(), Refused> {
        let key = recipient(key)?.to_string();
        self.store
            .write("desk_set_key", move |conn| {
                if officers::of(conn, account)?.is_none() {
                    return Err(Refused::NotFound);
                }
                Ok(officers::set_key(conn, account, Some(&key))?)
            })
            .await
    }

    /// As [`Desk::set_key`], by handle.
    ///
    /// # Errors
    /// As [`Desk::set_key`].
    pub async fn set_key_of(&self, handle: &str, key: &str) -> Result<(), Refused> {
        let account = self.account(handle).await?;
        self.set_key(account, key).await
    }

    async fn account(&self, handle: &str) -> Result<AccountId, Refused> {
        let none = || Refused::invalid("handle", format!("there is no account {handle}"));
        let handle = Handle::parse(handle).map_err(|_| none())?;
        let found = self
            .store
            .read("find_account", move |conn| {
                bauta_store::accounts::by_handle(conn, &handle)
            })
            .await?;
        found.map(|account| account.id).ok_or_else(none)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duties_are_words_and_bits() {
        for (duty, word) in Duties::WORDS {
            assert_eq!(Duties::from_word(word), Some(duty));
            assert_eq!(Duties::from_bits(duty.bits()), duty);
        }
        assert_eq!(Duties::ALL.words(), ["intake", "determine", "produce", "counsel"]);
        assert_eq!(Duties::from_word("operate"), None);
    }

    #[test]
    fn who_only_takes_in_does_not_determine() {
        let clerk = Officer {
            duties: Duties::INTAKE,
            ..Officer::at_the_machine()
        };
        let refuse = Fact::Process(ProcessFact::Determined(bauta_legal::Decision::Refuse {
            ground: bauta_legal::Ground::Defects,
            reason: "r".into(),
        }));
        assert!(matches!(clerk.may_record(&refuse), Err(Refused::Forbidden(_))));
        assert!(
            clerk
                .may_record(&Fact::Process(ProcessFact::VerificationBegun {}))
                .is_ok()
        );
        let counsel = Officer {
            duties: Duties::COUNSEL,
            ..clerk
        };
        assert!(counsel.may_record(&refuse).is_err());
        let second = Fact::Process(ProcessFact::Seconded {
            step: Step::Determination,
            second: bauta_legal::Second::Counsel,
        });
        assert!(counsel.may_record(&second).is_ok());
    }
}
