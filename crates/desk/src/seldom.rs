//! What officers seldom do, and what takes more than their words: other rules for a demand, a date that was set anew, more
//! officers under a gag.

use std::collections::BTreeSet;

use bauta_legal::{Fact, GagFact, ProcessFact, deadline_set};
use bauta_model::{Day, DemandId};

use crate::{Case, Desk, Officer, Refused};

impl Desk {
    /// Reads a demand under the rules of today, which may be newer than those of its intake. Counts when a second officer
    /// agrees; what was approved under the old ones is then void.
    ///
    /// # Errors
    /// As [`Desk::record`]; [`Refused::Invalid`] where no rule fits it any more.
    pub async fn revise_terms(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
        reason: String,
    ) -> Result<Case, Refused> {
        let rules = self.rules;
        self.change(officer, id, expected, move |entry| {
            let demand = entry.case.state.process.demand.as_ref();
            let terms = demand.and_then(|demand| rules.terms(demand));
            let terms = terms
                .ok_or_else(|| Refused::invalid("instrument", "no rule of the pack fits this instrument"))?;
            entry.add(Fact::Process(ProcessFact::TermsRevised {
                terms,
                pack: rules.hash(),
                reason,
            }))?;
            Ok(entry.case.clone())
        })
        .await
    }

    /// Records that a date was agreed or ordered anew: the end of `day`, where the demand is read.
    ///
    /// # Errors
    /// As [`Desk::record`]; [`Refused::Invalid`] for a name that is none.
    pub async fn set_deadline(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
        date: SetDate,
    ) -> Result<Case, Refused> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if date.name.is_empty() || date.name.len() > 40 || !date.name.bytes().all(plain) {
            let why = "name the date in small letters, digits and _, as in due or answer";
            return Err(Refused::invalid("name", why));
        }
        let rules = self.rules;
        self.change(officer, id, expected, move |entry| {
            let demand = entry
                .case
                .state
                .process
                .demand
                .as_ref()
                .ok_or(Refused::NotFound)?;
            let deadline = deadline_set(&date.name, date.day, date.binds, demand, rules);
            entry.add(Fact::Process(ProcessFact::DeadlineSet {
                deadline,
                reason: date.reason,
            }))?;
            Ok(entry.case.clone())
        })
        .await
    }

    /// Lets more officers see a demand under a gag.
    ///
    /// # Errors
    /// As [`Desk::record`]; [`Refused::Invalid`] for a name that is no officer's.
    pub async fn let_in(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
        named: Vec<String>,
    ) -> Result<Case, Refused> {
        let mut officers = BTreeSet::new();
        for handle in &named {
            officers.insert(self.officer_named(handle).await?.id);
        }
        if officers.is_empty() {
            return Err(Refused::invalid("named", "name at least one officer"));
        }
        let fact = Fact::Gag(GagFact::Named { officers });
        self.record(officer, id, expected, vec![fact]).await
    }
}

/// A date that was set anew.
#[derive(Clone, Debug)]
pub struct SetDate {
    /// The date of this name is replaced: `due`, or one of the row's own.
    pub name: String,
    /// Its last day.
    pub day: Day,
    /// Missing it has a consequence in law.
    pub binds: bool,
    /// By whom, and why.
    pub reason: String,
}
