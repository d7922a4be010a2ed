//! What people can do, and the rules. No HTTP, no SQL.
//!
//! One module a verb, grouped by what it acts on. A verb takes the [`App`], who speaks ([`Speaker`]) and a request, and
//! answers with words of the domain or with [`Refused`].

mod app;
mod refused;
mod site;
mod speaker;

pub use app::{App, Setup};
pub use refused::Refused;
pub use site::{Limits, Registrations, Site};
pub use speaker::{Scopes, SessionKind, Speaker};
