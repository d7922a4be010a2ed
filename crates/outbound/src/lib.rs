//! Every request that leaves: resolve, check, connect as checked, limits, SOCKS.
//!
//! The only room besides `edge` that knows addresses, and never a person's: they are of servers, and none leaves this
//! crate. A caller names a URL and gets an answer or an [`Error`] that says what kind of thing went wrong.
//!
//! What holds for every request:
//! - A name is resolved once for a connection, every address is checked to be public, and the connection goes to an
//!   address that was checked. A redirect is a new request under the same rules.
//! - Only ports 80 and 443, only `http` and `https`; [`Options::local`] lifts this for tests and demos on loopback.
//! - [`Options::own`] makes a client for one service that the operator named, on whatever network; it asks nobody else.
//! - Limits for size, redirects, and the whole time from the first look-up to the last byte; a host gets a few
//!   connections at once, and rests after failures.
//! - The User-Agent is [`USER_AGENT`], without version or platform. No cookies, no compression, no TLS resumption, no
//!   log.

mod address;
mod client;
mod connect;
mod error;
mod hosts;
mod pool;
mod proxy;
mod request;
mod resolve;
mod socks;
mod target;
#[cfg(test)]
mod tests;
mod tls;

pub use client::{Client, Options};
pub use error::{Error, SetupError};
pub use proxy::{Proxy, Reach};
pub use request::{Answer, Limits, Redirects, Request, USER_AGENT};
pub use tls::Authorities;
