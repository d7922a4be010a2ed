//! What can go wrong with keys.

use bauta_model::Day;

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something stays sealed. No key and no value is in it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A text is no root: cut, mistyped, or something else.
    #[error(
        "this is not a root: it is one line that begins with bauta-root-1, and a check at its end did not match"
    )]
    NotARoot,
    /// The key file does not open with this root.
    #[error("the keys do not open with this root")]
    WrongRoot,
    /// The key file is of an earlier day than the root, and no root leads back.
    #[error(
        "this root is of {}, the keys are of {}: nothing leads back to an earlier root. Use an older copy of the root, \
         or newer keys",
        root.iso(), keys.iso()
    )]
    RootIsNewer {
        /// The day of the root.
        root: Day,
        /// The day of the key file.
        keys: Day,
    },
    /// The key file is older than what is sealed.
    #[error(
        "the keys are of {}, what is sealed is of {}: these are an older copy of the keys. Bring the newest back",
        keys.iso(), values.iso()
    )]
    KeysAreOlder {
        /// The day of the key file.
        keys: Day,
        /// The day since which values are sealed under newer keys.
        values: Day,
    },
    /// The key file is no key file, or was cut or changed.
    #[error("the key file is damaged: bring a copy of it back")]
    Damaged,
    /// A key file is there already.
    #[error("there are keys already")]
    KeysAreThere,
    /// The key file could not be read or written.
    #[error("the key file could not be used: {0}")]
    File(#[from] std::io::Error),
}
