//! The account pages as a person goes through them: a browser that knows links and forms only, over a real server with
//! a real database.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod apps;
mod house;
mod join;
mod settings;
