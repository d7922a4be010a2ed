//! Tests of the whole: ways of a demand, every pair of state and event, and the invariants.

mod dates;
mod forms;
mod guards;
mod invariants;
mod pairs;
mod record;
mod rules;
mod samples;
mod silence;
mod stories;
mod told;
mod walk;
