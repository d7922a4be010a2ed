//! Client applications: how they register, are let in by a person, get a token, and lose it.

pub mod authorise;
mod redirect;
mod register;
mod revoke;
pub mod token;

pub use redirect::{OUT_OF_BAND, Redirect};
pub use register::{App as RegisteredApp, Registered, Registration, by_id, of_session, register};
pub use revoke::revoke;
pub use token::token;
