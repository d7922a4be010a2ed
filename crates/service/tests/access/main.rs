//! How people and apps come in and go, on real stores of both kinds.

#![expect(clippy::unwrap_used, reason = "builders of test data may panic")]

mod apps;
mod deciding;
mod emojis;
mod house;
mod keyholders;
mod people;
mod pictures;
mod waiting;
