//! Credentials: passphrases, tokens, codes, and the keyed hashes around them. No SQL, no HTTP.

pub mod codes;
mod confirmations;
pub mod csrf;
mod hasher;
mod keyed;
pub mod passphrase;
pub mod pkce;
mod strength;
pub mod token;

pub use confirmations::Confirmations;
pub use hasher::{Busy, Cost, Hasher, Lane, are_kin};
pub use keyed::KeyedHash;
