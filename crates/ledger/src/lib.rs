//! A transparency log in plain files: what was said can't be taken back, edited or dated back without everybody who
//! looks seeing it.
//!
//! The formats are those of C2SP, written from the specifications: [tiles](https://c2sp.org/tlog-tiles),
//! [checkpoints](https://c2sp.org/tlog-checkpoint), [signed notes](https://c2sp.org/signed-note),
//! [cosignatures](https://c2sp.org/tlog-cosignature), [proofs](https://c2sp.org/tlog-proof),
//! [policies](https://c2sp.org/tlog-policy). Hashing is that of RFC 6962 with SHA-256. What a leaf holds is our own
//! (see [`leaf`]). This crate knows nothing of the rest of Bauta, opens no connection and reads no clock: times come in
//! as arguments. [`log`] and [`witness`] write plain files.

pub mod bundle;
pub mod checkpoint;
pub mod cosignature;
mod disk;
mod encoding;
pub mod frontier;
pub mod key;
pub mod leaf;
pub mod log;
pub mod merkle;
pub mod note;
pub mod policy;
pub mod promise;
pub mod proof;
pub mod tile;
pub mod tree;
pub mod witness;

pub use checkpoint::{Checkpoint, SignedCheckpoint};
pub use key::{SigningKey, VerifierKey};
pub use leaf::{Leaf, Opening, Salt};
pub use log::{Log, LogError};
pub use merkle::Hash;
pub use note::Note;
pub use policy::Policy;
pub use proof::TlogProof;
