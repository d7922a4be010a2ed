//! Cases before courts. What happens to them never moves the demand (invariant 6).

use serde::Serialize;

use super::{Refusal, Region, Rule};
use crate::{CaseFact, CourtDocument, DocketEntry, Document, Party, ReceivedTime};

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CasePosition {
    /// It is being written.
    Drafted,
    /// It was filed.
    Filed,
    /// It goes on.
    Pending,
    /// It was stayed.
    Stayed,
    /// It ended, and can be brought again.
    DismissedWithoutPrejudice,
    /// It ended, and can't be brought again.
    DismissedWithPrejudice,
    /// It was decided.
    Judgment,
    /// A higher court looks at it.
    Appealed,
}

use CasePosition as C;

impl CasePosition {
    /// All of them.
    pub const ALL: [Self; 8] = [
        C::Drafted,
        C::Filed,
        C::Pending,
        C::Stayed,
        C::DismissedWithoutPrejudice,
        C::DismissedWithPrejudice,
        C::Judgment,
        C::Appealed,
    ];

    /// As it is written in data.
    pub const fn name(self) -> &'static str {
        match self {
            C::Drafted => "drafted",
            C::Filed => "filed",
            C::Pending => "pending",
            C::Stayed => "stayed",
            C::DismissedWithoutPrejudice => "dismissed_without_prejudice",
            C::DismissedWithPrejudice => "dismissed_with_prejudice",
            C::Judgment => "judgment",
            C::Appealed => "appealed",
        }
    }

    /// Where `fact` leads from here. A case that ended still takes docket entries and documents.
    fn edge(self, fact: &CaseFact) -> Option<Self> {
        let open = matches!(self, C::Filed | C::Pending | C::Stayed | C::Appealed);
        let (allowed, to) = match fact {
            CaseFact::Drafted { .. } => (false, self),
            CaseFact::Filed { .. } => (self == C::Drafted, C::Filed),
            CaseFact::Pending {} => (matches!(self, C::Filed | C::Stayed | C::Appealed), C::Pending),
            CaseFact::Stayed {} => (matches!(self, C::Filed | C::Pending | C::Appealed), C::Stayed),
            CaseFact::Dismissed {
                with_prejudice: true, ..
            } => (open, C::DismissedWithPrejudice),
            CaseFact::Dismissed { .. } => (open, C::DismissedWithoutPrejudice),
            CaseFact::Judged { .. } => (open, C::Judgment),
            CaseFact::Appealed { .. } => (
                matches!(
                    self,
                    C::Judgment | C::DismissedWithPrejudice | C::DismissedWithoutPrejudice
                ),
                C::Appealed,
            ),
            CaseFact::Docketed(_) => (self != C::Drafted, self),
            CaseFact::DocumentAdded(_) => (true, self),
        };
        allowed.then_some(to)
    }
}

/// A case before a court.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Where it stands.
    pub position: CasePosition,
    /// The court.
    pub court: Option<String>,
    /// The docket number.
    pub docket: Option<String>,
    /// The docket is sealed.
    pub sealed: bool,
    /// When it was filed, as it stands there.
    pub filed: Option<ReceivedTime>,
    /// Who takes part.
    pub parties: Vec<Party>,
    /// The docket, in its order.
    pub entries: Vec<DocketEntry>,
    /// Its documents, in the order in which they came.
    pub documents: Vec<Document>,
    /// The judgments.
    pub judgments: Vec<CourtDocument>,
    /// Whoever brought it ended it.
    pub dismissed_voluntarily: bool,
    /// The case that it brings again.
    pub refiles: Option<u16>,
    /// The case that brings it again.
    pub refiled_as: Option<u16>,
}

impl Case {
    fn drafted(refiles: Option<u16>) -> Self {
        Self {
            position: C::Drafted,
            court: None,
            docket: None,
            sealed: false,
            filed: None,
            parties: Vec::new(),
            entries: Vec::new(),
            documents: Vec::new(),
            judgments: Vec::new(),
            dismissed_voluntarily: false,
            refiles,
            refiled_as: None,
        }
    }

    /// Anybody can read its docket.
    pub fn is_public(&self) -> bool {
        self.docket.is_some() && !self.sealed
    }

    fn apply(&mut self, fact: &CaseFact) -> Result<(), Refusal> {
        let to = self.position.edge(fact).ok_or(Refusal::Edge {
            region: Region::Case,
            from: self.position.name(),
            fact: fact.name(),
        })?;
        match fact {
            CaseFact::Filed {
                court,
                docket,
                sealed,
                on,
                parties,
            } => {
                self.court = Some(court.clone());
                self.docket = Some(docket.clone());
                self.sealed = *sealed;
                self.filed = Some(on.clone());
                self.parties.clone_from(parties);
            }
            CaseFact::Dismissed { voluntary, .. } => self.dismissed_voluntarily = *voluntary,
            CaseFact::Judged { document } => self.judgments.push(document.clone()),
            CaseFact::Docketed(entry) => self.entries.push(entry.clone()),
            CaseFact::DocumentAdded(document) => self.documents.push(document.clone()),
            CaseFact::Drafted { .. }
            | CaseFact::Pending {}
            | CaseFact::Stayed {}
            | CaseFact::Appealed { .. } => {}
        }
        self.position = to;
        Ok(())
    }
}

/// Applies a fact to case number `number` of `cases`.
pub(super) fn apply(cases: &mut Vec<Case>, number: u16, fact: &CaseFact) -> Result<(), Refusal> {
    let next = cases.len();
    if let CaseFact::Drafted { refiles } = fact {
        if usize::from(number) != next {
            return Err(match cases.get(usize::from(number)) {
                Some(case) => Refusal::Edge {
                    region: Region::Case,
                    from: case.position.name(),
                    fact: fact.name(),
                },
                None => Rule::WrongCase.into(),
            });
        }
        if let Some(old) = refiles {
            let old = cases.get_mut(usize::from(*old)).ok_or(Rule::WrongCase)?;
            if old.position != C::DismissedWithoutPrejudice || old.refiled_as.is_some() {
                return Err(Rule::NotRefilable.into());
            }
            old.refiled_as = Some(number);
        }
        cases.push(Case::drafted(*refiles));
        return Ok(());
    }
    let case = cases.get_mut(usize::from(number)).ok_or(Rule::WrongCase)?;
    case.apply(fact)
}

/// How often the claim of case `number` was dismissed by whoever brought it. Twice works like a judgment on the merits
/// (FRCP 41(a)(1)(B)): a warning.
pub fn voluntary_dismissals(cases: &[Case], number: u16) -> usize {
    let mut count = 0;
    let mut at = Some(number);
    // A case refiles an earlier one only, so that this ends.
    while let Some(case) = at.and_then(|number| cases.get(usize::from(number))) {
        count += usize::from(case.dismissed_voluntarily);
        at = case.refiles;
    }
    count
}
