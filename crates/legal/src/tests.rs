//! Tests of the whole: ways of a demand, every pair of state and event, and the invariants.

mod dates;
mod record;
mod rules;
mod stories;
mod told;
