//! A demand whose story is open: what its page tells.

use serde::Serialize;

use super::{Contradiction, Opened, papers, stories};
use crate::record::{Paper, PublicId, Step, Tally, Uncountable, tally};
use crate::{Publication, State};

/// A demand whose steps are open.
#[derive(Clone, Debug)]
pub struct Case {
    /// The demand.
    pub demand: PublicId,
    /// Its line in the report.
    pub tally: Tally,
    /// Its steps.
    pub steps: Vec<Step>,
    /// Where it stands after them.
    pub state: State,
    /// Its published documents.
    pub papers: Vec<Paper>,
    /// The demands that came later for the same.
    pub renewed_by: Vec<PublicId>,
}

/// How a demand came out, in one word.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It goes on.
    Open,
    /// Withdrawn by who issued it.
    Withdrawn,
    /// Set aside by a court.
    Quashed,
    /// Answered in full.
    Full,
    /// Answered in part.
    Part,
    /// There was nothing to give.
    NothingHeld,
    /// Not answered.
    Refused,
    /// Closed otherwise.
    Closed,
}

impl Case {
    /// How it came out. What was given counts before everything else.
    pub fn outcome(&self) -> Outcome {
        use crate::record::Given;
        let tally = &self.tally;
        match tally.given {
            Given::Full => return Outcome::Full,
            Given::Part => return Outcome::Part,
            Given::Nothing => {}
        }
        let ways = [
            (tally.withdrawn, Outcome::Withdrawn),
            (tally.quashed, Outcome::Quashed),
            (tally.refused, Outcome::Refused),
            (tally.nothing_held, Outcome::NothingHeld),
            (tally.closed, Outcome::Closed),
        ];
        ways.into_iter()
            .find(|(is, _)| *is)
            .map_or(Outcome::Open, |(_, outcome)| outcome)
    }
}

/// Every demand whose page is open: its steps say that it was published, which they can't without the consent of each
/// keyholder or a public docket.
///
/// # Errors
/// [`Contradiction`] where entries can't all be true.
pub fn cases(opened: &[Opened]) -> Result<Vec<Case>, Contradiction> {
    let mut papers = papers(opened)?;
    let mut cases = Vec::new();
    for (demand, steps) in stories(opened)? {
        let illegal = |why| Contradiction::Illegal {
            demand: demand.clone(),
            why,
        };
        let events = steps.iter().map(|step| &step.event);
        let state = State::fold(events).map_err(|(step, why)| {
            illegal(Uncountable::Illegal {
                step: step as u32,
                why,
            })
        })?;
        if state.publication < Publication::RedactedPage {
            continue;
        }
        cases.push(Case {
            demand: demand.clone(),
            tally: tally(&steps, 0).map_err(illegal)?,
            steps,
            state,
            papers: papers
                .remove(demand)
                .into_iter()
                .flatten()
                .map(|(_, paper)| paper.clone())
                .collect(),
            renewed_by: Vec::new(),
        });
    }
    let renewals: Vec<(PublicId, PublicId)> = cases
        .iter()
        .filter_map(|case| Some((case.tally.renews.clone()?, case.demand.clone())))
        .collect();
    for (old, new) in renewals {
        if let Some(case) = cases.iter_mut().find(|case| case.demand == old) {
            case.renewed_by.push(new);
        }
    }
    Ok(cases)
}
