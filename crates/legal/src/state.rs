//! The state of a demand: five regions side by side, folded from its events.
//!
//! [`State::apply`] is the only way on. It looks at the rules that concern everybody, hands the fact to its region, and
//! gives back a new state or the reason why not. A region never writes into another one; the process *reads* the gag and
//! the cases where a rule says so.

mod case;
mod gag;
mod position;
mod preservation;
mod process;
mod publication;
mod refusal;
mod rules;

use std::collections::BTreeSet;

use bauta_model::CoarseTime;

pub use case::{Case, CasePosition, voluntary_dismissals};
pub use gag::{Gag, GagPosition};
pub use position::Position;
pub use preservation::{Preservation, PreservationPosition};
pub use process::{Adjudged, Determination, Notice, Override, Prepared, Process};
pub use publication::Publication;
pub use refusal::{Guard, Refusal, Region, Rule};

use crate::{
    Event, Fact, GagFact, LogRule, NoticeRule, OfficerId, PreservationFact, ProcessFact, PublicationFact,
    Told,
};

/// Everything that follows from the events of one demand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The demand itself.
    pub process: Process,
    /// Cases before courts, by their number.
    pub cases: Vec<Case>,
    /// The duty of silence.
    pub gag: Gag,
    /// The copy that is kept.
    pub preservation: Preservation,
    /// What the public can read.
    pub publication: Publication,
    /// How many events there are.
    pub events: u32,
    /// When the last one was recorded.
    pub last: Option<CoarseTime>,
    /// The people who have recorded something and are at the desk still.
    pub officers: BTreeSet<OfficerId>,
}

/// What happens to the entry in the public log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logged {
    /// There is one.
    Entry,
    /// There will be one when the gag ends.
    Deferred,
    /// There is none: the demand is counted in a band.
    Band,
}

impl State {
    /// The state after `events`.
    ///
    /// # Errors
    /// The number of the first event that can't follow, and why.
    pub fn fold<'a>(events: impl IntoIterator<Item = &'a Event>) -> Result<Self, (usize, Refusal)> {
        let mut state = Self::default();
        for (number, event) in events.into_iter().enumerate() {
            state = state.apply(event).map_err(|refusal| (number, refusal))?;
        }
        Ok(state)
    }

    /// The state after one more event.
    ///
    /// # Errors
    /// [`Refusal`] names the missing arrow or the rule; nothing has changed then.
    pub fn apply(&self, event: &Event) -> Result<Self, Refusal> {
        if self.last.is_some_and(|last| event.at < last) {
            return Err(Rule::Backwards.into());
        }
        if event.officer == OfficerId::SERVER && !is_the_servers(&event.fact) {
            return Err(Rule::ServerDecides.into());
        }
        let named = event.officer == OfficerId::SERVER || self.gag.named.contains(&event.officer);
        if self.gag.in_force(event.at) && !named {
            return Err(Rule::NotNamed.into());
        }
        let mut next = self.clone();
        next.change(event)?;
        next.events += 1;
        next.last = Some(event.at);
        if event.officer != OfficerId::SERVER {
            next.officers.insert(event.officer);
        }
        if let Fact::Process(ProcessFact::OfficerLeft { officer }) = &event.fact {
            next.officers.remove(officer);
        }
        Ok(next)
    }

    fn change(&mut self, event: &Event) -> Result<(), Refusal> {
        if !matches!(event.fact, Fact::Process(_)) && self.process.position == Position::Unopened {
            return Err(self.no_edge(&event.fact));
        }
        match &event.fact {
            Fact::Process(fact) => self.change_process(event, fact),
            Fact::Case { case, fact } => case::apply(&mut self.cases, *case, fact),
            Fact::Gag(fact) => {
                let notice = self
                    .process
                    .terms
                    .as_ref()
                    .map_or(NoticeRule::Allowed, |terms| terms.notice);
                self.gag.apply(fact, event.at, event.officer, notice)
            }
            Fact::Preservation(fact) => {
                self.refuse_credentials(fact)?;
                self.preservation.apply(fact, event.at)
            }
            Fact::Publication(PublicationFact::Published { to }) => {
                let (gagged, page) = (self.gag.in_force(event.at), self.may_have_a_page());
                self.publication = self.publication.advance(*to, gagged, page)?;
                Ok(())
            }
            Fact::Corrected(correction) => self.correct(correction),
        }
    }

    fn no_edge(&self, fact: &Fact) -> Refusal {
        let (region, fact) = match fact {
            Fact::Process(fact) => (Region::Process, fact.name()),
            Fact::Case { fact, .. } => (Region::Case, fact.name()),
            Fact::Gag(fact) => (Region::Gag, fact.name()),
            Fact::Preservation(fact) => (Region::Preservation, fact.name()),
            Fact::Publication(fact) => (Region::Publication, fact.name()),
            Fact::Corrected(_) => (Region::Process, "corrected"),
        };
        Refusal::Edge {
            region,
            from: self.process.position.name(),
            fact,
        }
    }

    fn refuse_credentials(&self, fact: &PreservationFact) -> Result<(), Refusal> {
        let PreservationFact::Activated { columns, .. } = fact else {
            return Ok(());
        };
        let records = self
            .process
            .scope
            .iter()
            .flat_map(|scope| &scope.lines)
            .flat_map(|line| &line.records);
        if records
            .filter(|record| record.credential)
            .any(|record| columns.contains(&record.column))
        {
            return Err(Rule::Credential.into());
        }
        Ok(())
    }

    /// A page about this demand can't tell more than everybody could read, or than each keyholder agreed to.
    fn may_have_a_page(&self) -> bool {
        let docket_is_sealed = self
            .process
            .demand
            .as_ref()
            .is_some_and(|demand| demand.sealed_docket);
        let public_docket = !docket_is_sealed && self.cases.iter().any(Case::is_public);
        public_docket || self.process.all_consent(Told::Publication)
    }

    /// What happens to the entry in the public log at `at`.
    pub fn logged(&self, at: CoarseTime) -> Logged {
        match self.process.terms.as_ref().map(|terms| terms.log) {
            Some(LogRule::Band) => Logged::Band,
            _ if self.process.log_deferred && self.gag.in_force(at) => Logged::Deferred,
            _ => Logged::Entry,
        }
    }

    /// The user has still to be told.
    pub fn notice_owed(&self) -> bool {
        match self.process.notice {
            Notice::Sent { .. } | Notice::Excepted { .. } => false,
            Notice::Due { .. } | Notice::Delayed => true,
            Notice::Not => !matches!(
                self.process.position,
                Position::Unopened | Position::NotGenuine | Position::Closed
            ),
        }
    }

    /// By when the user has to be told, where a rule says so: 24 hours after the end of a gag, 72 hours after an
    /// emergency, or what was entered.
    pub fn notice_by(&self) -> Option<CoarseTime> {
        const DAY: std::time::Duration = std::time::Duration::from_hours(24);
        let gag_ended = self.gag.ended.or(self.gag.ends).map(|ended| ended.plus(DAY));
        match self.process.notice {
            Notice::Delayed => gag_ended,
            Notice::Due { by } => Some(by),
            Notice::Not => self.process.disclosed_at.map(|at| at.plus(DAY * 3)),
            Notice::Sent { .. } | Notice::Excepted { .. } => None,
        }
    }

    /// The earliest date that has a consequence in law when it is missed.
    pub fn binding_deadline(&self) -> Option<CoarseTime> {
        let binding = self.process.deadlines.values().filter(|deadline| deadline.binds);
        binding.map(|deadline| deadline.at).min()
    }
}

/// Facts that the server may record by itself.
fn is_the_servers(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Process(ProcessFact::Answered(_) | ProcessFact::AccountsCounted { .. })
            | Fact::Gag(GagFact::Expired {})
            | Fact::Preservation(PreservationFact::Released {})
    )
}
