//! The duty of silence: a clock of its own, moved by courts only.

use std::collections::BTreeSet;

use bauta_model::CoarseTime;
use serde::Serialize;

use super::{Refusal, Region, Rule};
use crate::{GagBasis, GagFact, NoticeRule, OfficerId};

/// Where a gag stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GagPosition {
    /// There is none.
    #[default]
    None,
    /// Silence is asked for, and nothing commands it.
    Requested,
    /// Silence is commanded.
    Active,
    /// A court is asked to end it. It is in force.
    Challenged,
    /// A court upheld it.
    Upheld,
    /// A court narrowed it.
    Narrowed,
    /// A court lifted it.
    Lifted,
    /// Its end came.
    Expired,
}

use GagPosition as G;

impl GagPosition {
    /// All of them.
    pub const ALL: [Self; 8] = [
        G::None,
        G::Requested,
        G::Active,
        G::Challenged,
        G::Upheld,
        G::Narrowed,
        G::Lifted,
        G::Expired,
    ];

    /// As it is written in data.
    pub const fn name(self) -> &'static str {
        match self {
            G::None => "none",
            G::Requested => "requested",
            G::Active => "active",
            G::Challenged => "challenged",
            G::Upheld => "upheld",
            G::Narrowed => "narrowed",
            G::Lifted => "lifted",
            G::Expired => "expired",
        }
    }

    const fn commands(self) -> bool {
        matches!(self, G::Active | G::Challenged | G::Upheld | G::Narrowed)
    }

    fn edge(self, fact: &GagFact) -> Option<Self> {
        let (allowed, to) = match fact {
            GagFact::Requested {} => (self == G::None, G::Requested),
            GagFact::Activated { .. } => (!self.commands(), G::Active),
            GagFact::Named { .. } => (self.commands(), self),
            GagFact::Challenged { .. } => (self.commands() && self != G::Challenged, G::Challenged),
            GagFact::Upheld { .. } => (self.commands(), G::Upheld),
            GagFact::Narrowed { .. } => (self.commands(), G::Narrowed),
            GagFact::Lifted { .. } => (self.commands(), G::Lifted),
            GagFact::Expired {} => (self.commands(), G::Expired),
        };
        allowed.then_some(to)
    }
}

/// The duty of silence about a demand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gag {
    /// Where it stands.
    pub position: GagPosition,
    /// What it rests on.
    pub basis: Option<GagBasis>,
    /// The user may be told all the same. Counsel always may.
    pub user_may_know: bool,
    /// When it ends by its own terms.
    pub ends: Option<CoarseTime>,
    /// When somebody has to look at it again.
    pub review: Option<CoarseTime>,
    /// The officers who may see the demand.
    pub named: BTreeSet<OfficerId>,
    /// When it was lifted, or came to its end.
    pub ended: Option<CoarseTime>,
}

impl Gag {
    /// Silence is commanded at `at`.
    pub fn in_force(&self, at: CoarseTime) -> bool {
        self.position.commands() && self.ends.is_none_or(|ends| at < ends)
    }

    /// Telling the user is forbidden at `at`.
    pub fn bars_notice(&self, at: CoarseTime) -> bool {
        self.in_force(at) && !self.user_may_know
    }

    pub(super) fn apply(
        &mut self,
        fact: &GagFact,
        at: CoarseTime,
        by: OfficerId,
        notice: NoticeRule,
    ) -> Result<(), Refusal> {
        if matches!(fact, GagFact::Activated { .. }) && self.position.commands() && self.in_force(at) {
            return Err(Rule::SecondGag.into());
        }
        let to = self.position.edge(fact).ok_or(Refusal::Edge {
            region: Region::Gag,
            from: self.position.name(),
            fact: fact.name(),
        })?;
        match fact {
            GagFact::Activated {
                basis,
                user_may_know,
                ends,
                review,
                named,
            } => {
                let statute = match basis {
                    GagBasis::Statute {} => notice == NoticeRule::Barred,
                    GagBasis::Certification { .. } => notice == NoticeRule::BarredIfCertified,
                    GagBasis::Order { .. } => true,
                };
                check(statute, Rule::NoStatute)?;
                check(ends.is_some() || review.is_some(), Rule::NoEnd)?;
                check(ends.is_none_or(|ends| at < ends), Rule::EndIsPast)?;
                check(named.contains(&by), Rule::NobodyNamed)?;
                *self = Self {
                    position: to,
                    basis: Some(basis.clone()),
                    user_may_know: *user_may_know,
                    ends: *ends,
                    review: *review,
                    named: named.clone(),
                    ended: None,
                };
            }
            GagFact::Named { officers } => self.named.extend(officers),
            GagFact::Upheld { ends, .. } => self.ends = ends.or(self.ends),
            GagFact::Narrowed {
                user_may_know, ends, ..
            } => {
                self.user_may_know |= user_may_know;
                self.ends = ends.or(self.ends);
            }
            GagFact::Lifted { .. } => self.ended = Some(at),
            GagFact::Expired {} => {
                check(self.ends.is_some_and(|ends| ends <= at), Rule::NotYetOver)?;
                self.ended = self.ends;
            }
            GagFact::Requested {} | GagFact::Challenged { .. } => {}
        }
        self.position = to;
        Ok(())
    }
}

fn check(holds: bool, rule: Rule) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(rule.into()) }
}
