//! The API as apps meet it: real requests on the real router, over a real store.

#![expect(clippy::unwrap_used, reason = "builders of test data may panic")]

mod circles;
mod come_in;
mod discovery;
mod doors;
mod endpoints;
mod filters;
mod grouped;
mod house;
mod lookups;
mod oauth;
mod parameters;
mod profile;
mod refusals;
