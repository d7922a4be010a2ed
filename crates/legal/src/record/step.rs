//! One event of a demand, as the public may read it.

use serde::{Deserialize, Serialize};

use super::id::{PublicId, Version};
use super::public::{NotPublic, Public};
use crate::{Event, Fact, LogRule, ProcessFact};

/// One event of a demand in its public form.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Version of the form.
    pub v: Version,
    /// The demand.
    pub demand: PublicId,
    /// Its number among the public ones of the demand, from 0.
    pub n: u32,
    /// What happened: free text is withheld, officers are numbered anew, hashes of documents are salted.
    pub event: Event,
}

/// The public forms of a demand's events. More events only ever add to the end.
///
/// Empty for what is told in a band only. `salt` is the demand's own, random, and kept with it.
///
/// # Errors
/// [`NotPublic`] when an event holds what nobody has decided about.
pub fn steps(demand: &PublicId, events: &[Event], salt: &[u8; 32]) -> Result<Vec<Step>, NotPublic> {
    let mut public = Public::new(salt);
    let mut steps = Vec::new();
    // The number of each event among the public ones, for corrections.
    let mut numbers: Vec<Option<u32>> = Vec::new();
    for event in events {
        if is_band(event) {
            return Ok(Vec::new());
        }
        let told = match public.event(event)? {
            Some(told) => renumbered(told, &numbers),
            None => None,
        };
        numbers.push(told.as_ref().map(|_| steps.len() as u32));
        if let Some(event) = told {
            steps.push(Step {
                v: Version,
                demand: demand.clone(),
                n: steps.len() as u32,
                event,
            });
        }
    }
    Ok(steps)
}

fn is_band(event: &Event) -> bool {
    match &event.fact {
        Fact::Process(ProcessFact::Received(received)) => received.terms.log == LogRule::Band,
        Fact::Process(ProcessFact::TermsRevised { terms, .. }) => terms.log == LogRule::Band,
        _ => false,
    }
}

/// A correction names the public number of what it corrects; what corrects nothing public is left out.
fn renumbered(mut event: Event, numbers: &[Option<u32>]) -> Option<Event> {
    if let Fact::Corrected(correction) = &mut event.fact {
        correction.of = numbers.get(correction.of as usize).copied().flatten()?;
    }
    Some(event)
}
