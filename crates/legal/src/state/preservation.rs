//! The copy that is kept for a demand.

use std::collections::BTreeSet;

use bauta_model::CoarseTime;
use serde::Serialize;

use super::{Refusal, Region, Rule};
use crate::PreservationFact;

/// Where a preservation stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PreservationPosition {
    /// There is none.
    #[default]
    None,
    /// Named records are kept.
    Active,
    /// They are kept longer.
    Extended,
    /// They were let go.
    Released,
    /// A new demand asked for them.
    Used,
}

use PreservationPosition as K;

impl PreservationPosition {
    /// All of them.
    pub const ALL: [Self; 5] = [K::None, K::Active, K::Extended, K::Released, K::Used];

    /// As it is written in data.
    pub const fn name(self) -> &'static str {
        match self {
            K::None => "none",
            K::Active => "active",
            K::Extended => "extended",
            K::Released => "released",
            K::Used => "used",
        }
    }

    fn edge(self, fact: &PreservationFact) -> Option<Self> {
        let kept = matches!(self, K::Active | K::Extended);
        let (allowed, to) = match fact {
            PreservationFact::Activated { .. } => (self == K::None, K::Active),
            PreservationFact::Extended { .. } => (kept, K::Extended),
            PreservationFact::Released {} => (kept || self == K::Used, K::Released),
            PreservationFact::UsedBy { .. } => (kept, K::Used),
        };
        allowed.then_some(to)
    }
}

/// The copy that is kept for a demand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preservation {
    /// Where it stands.
    pub position: PreservationPosition,
    /// `table.column` of what is kept.
    pub columns: BTreeSet<String>,
    /// Until when.
    pub until: Option<CoarseTime>,
    /// How often it was extended. Most laws allow it once; the pack says so, and nothing here forbids more.
    pub extensions: u32,
    /// The demand that asked for it.
    pub used_by: Option<String>,
}

impl Preservation {
    pub(super) fn apply(&mut self, fact: &PreservationFact, at: CoarseTime) -> Result<(), Refusal> {
        let to = self.position.edge(fact).ok_or(Refusal::Edge {
            region: Region::Preservation,
            from: self.position.name(),
            fact: fact.name(),
        })?;
        match fact {
            PreservationFact::Activated { columns, until } => {
                if columns.is_empty() {
                    return Err(Rule::NothingChosen.into());
                }
                self.keep_until(*until, at)?;
                self.columns.clone_from(columns);
            }
            PreservationFact::Extended { until } => {
                self.keep_until(*until, at)?;
                self.extensions += 1;
            }
            PreservationFact::Released {} => {}
            PreservationFact::UsedBy { demand } => self.used_by = Some(demand.clone()),
        }
        self.position = to;
        Ok(())
    }

    fn keep_until(&mut self, until: CoarseTime, at: CoarseTime) -> Result<(), Refusal> {
        if until <= at || self.until.is_some_and(|before| until <= before) {
            return Err(Rule::UntilIsPast.into());
        }
        self.until = Some(until);
        Ok(())
    }
}
