//! Certificates from an authority that speaks ACME (RFC 8555), so that TLS ends in the server itself and no proxy in
//! front sees who comes.
//!
//! The server proves that a name is its own by a certificate on its own TLS port (`tls-alpn-01`, RFC 8737): no other
//! port, no access to DNS. The authority learns the server's names and nothing else: its account there has no e-mail
//! address, and every request goes out through [`bauta_outbound`], over the proxy where there is one.
//!
//! Key and chain lie in one file, which is replaced as one.

mod account;
mod chain;
mod errand;
mod files;
mod order;
mod wire;

pub use errand::{Proof, Setup, keep};
pub use files::Folder;
