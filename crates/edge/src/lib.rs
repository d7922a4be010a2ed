//! The door of the house: listeners, TLS, limits. The only room where a person's address or a raw header exists.
//!
//! A connection's peer address is read once, when it is accepted, turned into a [`bauta_model::LimiterKey`] and
//! dropped. A request goes on with its method, path, query and body, the few headers of
//! [`headers::ALLOWED`], a limiter key and a [`bauta_model::Door`], and nothing else. Nothing here logs what a
//! client did: a wrong request is answered or its connection closed, silently.
//!
//! What it defends against: slow clients, floods of connections and requests, oversized headers and bodies,
//! foreign `Host` names. What it can't: a proxy or CDN in front sees every address before this room does.
//! [`proxy_seen`] tells when one gave itself away.

mod address;
mod body;
mod config;
mod connection;
mod gate;
pub mod headers;
mod host;
mod keys;
mod listener;
mod proxy_line;
mod rates;
mod refusal;
mod server;
mod tls;

pub use address::Peer;
pub use config::{BindAddress, Config, InvalidAddress, Limits, Listen, PathRule};
pub use headers::proxy_seen;
pub use rates::{Allowance, Quotas, Scope};
pub use server::{EdgeError, serve};
pub use tls::{Tls, TlsError};
