//! Tests of the whole: ways of a demand, every pair of state and event, and the invariants.

mod record;
mod stories;
mod told;
