//! Sealing: values that can be read only with a key, and keys that die (docs/decisions/0018).
//!
//! A *root* is a secret of one day. Tomorrow's is computed from today's, and yesterday's from nothing. A value is sealed
//! under the key of the day on which it was written (XChaCha20-Poly1305). When the day is over, the keys of those values
//! that are still there move to the *key file*, which is written anew under the root of the new day, and the old root is
//! forgotten. What was deleted by then has no key anywhere, in whatever copy its bytes lie.

mod error;
mod file;
mod key_file;
mod keyring;
mod root;
mod turn;
mod value;

#[cfg(test)]
mod tests;

pub use error::{Error, Result};
pub use file::{FileKey, Span, plain_length};
pub use keyring::{Keyring, has_keys};
pub use root::Root;
pub use turn::{Survivors, Turned};
pub use value::{Place, State, plain, state};
