//! From the steps of a demand to its line in the report.

use bauta_model::CoarseTime;

use crate::event::ACKNOWLEDGED;
use crate::{
    Adjudication, Answer, Bucket, Challenger, Decision, Event, Fact, GagFact, Item, Notice, Position,
    ProcessFact, Refusal, Second, State,
};

use super::{Eu, Given, Half, PublicId, Secrecy, Step, Tally, Version};

/// Why steps have no line in the report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Uncountable {
    /// They don't begin with a demand that was received.
    #[error("the steps do not begin with a demand that was received")]
    NoDemand,
    /// A step can't follow from those before.
    #[error("step {step} can't follow from those before: {why}")]
    Illegal {
        /// Its number.
        step: u32,
        /// What stands in the way.
        why: Refusal,
    },
}

/// The line in the report that `steps`, all of one demand and in order, come to.
///
/// # Errors
/// [`Uncountable`] when they are no story of a demand.
pub fn tally(steps: &[Step], revision: u32) -> Result<Tally, Uncountable> {
    let events = || steps.iter().map(|step| &step.event);
    let state = State::fold(events()).map_err(|(step, why)| Uncountable::Illegal {
        step: step as u32,
        why,
    })?;
    let process = &state.process;
    let (Some(first), Some(demand), Some(terms)) = (steps.first(), &process.demand, &process.terms) else {
        return Err(Uncountable::NoDemand);
    };
    let told = facts(steps).any(|fact| matches!(fact, ProcessFact::NoticeSent { .. }));
    let asked = demand.accounts;
    let one_of = |yes: bool| if yes { asked } else { 0 };
    let excepted = matches!(process.notice, Notice::Excepted { .. });
    Ok(Tally {
        v: Version,
        demand: first.demand.clone(),
        revision,
        steps: steps.len() as u32,
        half: Half::at(first.event.at),
        instrument: demand.instrument.to_string(),
        bucket: bucket(terms.bucket),
        issuer: demand.issuer.clone(),
        rank: demand.issuer_rank.clone(),
        asked,
        affected: one_of(!process.produced.is_empty()),
        notified: one_of(told),
        given: given(&state, steps),
        nothing_held: nothing_held(&state),
        refused: refused(&state, steps),
        withdrawn: facts(steps).any(|fact| matches!(fact, ProcessFact::Withdrawn { .. })),
        quashed: process
            .adjudged
            .as_ref()
            .is_some_and(|adjudged| !adjudged.enforced),
        challenged_by_provider: challenged(steps, Challenger::Provider),
        challenged_by_user: challenged(steps, Challenger::User)
            || facts(steps).any(|fact| matches!(fact, ProcessFact::Answered(Answer::Objects { .. }))),
        secrecy: secrecy(events()),
        days_to_notice: days_to_notice(steps),
        notice_delayed: facts(steps).any(|fact| matches!(fact, ProcessFact::NoticeDelayed {})),
        notice_exceptions: one_of(excepted),
        renews: process.renews.as_deref().and_then(PublicId::read),
        one_officer: facts(steps).any(waited),
        closed: process.position == Position::Closed,
        eu: (matches!(terms.bucket, Bucket::Eu | Bucket::EuDsa) || demand.member_state.is_some()).then(
            || {
                let since = |step: Option<&Step>| step.map(|step| hours(first.event.at, step.event.at));
                Eu {
                    state: demand.member_state.clone(),
                    items: demand.requested.len() as u32,
                    hours_to_acknowledge: since(steps.iter().find(|step| is_acknowledged(&step.event.fact))),
                    hours_to_effect: since(steps.iter().find(|step| has_effect(&step.event.fact))),
                }
            },
        ),
    })
}

fn facts(steps: &[Step]) -> impl Iterator<Item = &ProcessFact> {
    steps.iter().filter_map(|step| match &step.event.fact {
        Fact::Process(fact) => Some(fact),
        _ => None,
    })
}

/// The name of a bucket, as it is written in data.
fn bucket(bucket: Bucket) -> String {
    match serde_json::to_value(bucket) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// In full: each line that was asked for at first, was not narrowed since, and is no umbrella has something in the answer.
fn given(state: &State, steps: &[Step]) -> Given {
    let process = &state.process;
    if process.produced.is_empty() {
        return Given::Nothing;
    }
    let narrowed = process.narrowed
        || facts(steps).any(|fact| {
            matches!(
                fact,
                ProcessFact::Adjudicated {
                    outcome: Adjudication::Modified { .. },
                    ..
                }
            )
        });
    let answers = |line: &u16| process.produced.iter().any(|item: &Item| item.line == *line);
    let all = process
        .lines
        .iter()
        .all(|(number, line)| !line.umbrella && answers(number));
    if all && !narrowed {
        Given::Full
    } else {
        Given::Part
    }
}

/// No line has a record that could be given: credentials are named and never given.
fn nothing_held(state: &State) -> bool {
    state.process.scope.as_ref().is_some_and(|scope| {
        let records = scope.lines.iter().flat_map(|line| &line.records);
        records.into_iter().all(|record| record.credential)
    })
}

fn refused(state: &State, steps: &[Step]) -> bool {
    let decided = state.process.determination.as_ref().is_some_and(|determination| {
        determination.second.is_some() && matches!(determination.decision, Decision::Refuse { .. })
    });
    decided
        || facts(steps).any(|fact| {
            matches!(
                fact,
                ProcessFact::NotGenuine { .. } | ProcessFact::EmergencyDeclined { .. }
            )
        })
}

fn challenged(steps: &[Step], who: Challenger) -> bool {
    facts(steps).any(|fact| matches!(fact, ProcessFact::Challenged { by, .. } if *by == who))
}

fn secrecy<'a>(events: impl Iterator<Item = &'a Event>) -> Secrecy {
    let kinds = events.map(|event| match &event.fact {
        Fact::Gag(GagFact::Activated { .. }) => Secrecy::Binding,
        Fact::Gag(GagFact::Requested {}) => Secrecy::Requested,
        _ => Secrecy::None,
    });
    kinds.max().unwrap_or_default()
}

fn days_to_notice(steps: &[Step]) -> Option<u32> {
    let received = steps.first()?.event.at.day().get();
    let told = steps
        .iter()
        .find(|step| matches!(step.event.fact, Fact::Process(ProcessFact::NoticeSent { .. })))?;
    u32::try_from(told.event.at.day().get() - received).ok()
}

fn waited(fact: &ProcessFact) -> bool {
    matches!(
        fact,
        ProcessFact::Seconded {
            second: Second::Waited,
            ..
        } | ProcessFact::Produced {
            second: Second::Waited,
            ..
        }
    )
}

/// A person told the issuer that it came.
fn is_acknowledged(fact: &Fact) -> bool {
    matches!(fact, Fact::Process(ProcessFact::DocumentAdded(document)) if document.kind == ACKNOWLEDGED)
}

/// What it orders was done.
const fn has_effect(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Process(
            ProcessFact::EffectGiven {}
                | ProcessFact::Produced { .. }
                | ProcessFact::EmergencyDisclosed { .. }
        )
    )
}

/// Whole hours, as many as have passed.
fn hours(from: CoarseTime, to: CoarseTime) -> u32 {
    u32::try_from((to.unix_seconds() - from.unix_seconds()) / 3600).unwrap_or(0)
}
