//! What can go wrong in the store.

use bauta_model::Incident;

/// A result of the store.
pub type Result<T> = std::result::Result<T, Error>;

/// An error of the store. Its text names no value and no person.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused a statement.
    #[error("the database refused a statement: {0}")]
    Database(#[from] diesel::result::Error),
    /// No connection could be had.
    #[error("the database could not be opened: {0}")]
    Connection(#[from] diesel::ConnectionError),
    /// Another process holds the data.
    #[error("another bauta process is using this data; stop it first, or ask it through admin.sock")]
    Locked,
    /// A file could not be read or written.
    #[error("a file of the store could not be used: {0}")]
    File(#[from] std::io::Error),
    /// The live tables differ from inventory.toml.
    #[error("{0}")]
    Undeclared(String),
    /// The database was written by a newer program.
    #[error(
        "the database is of version {found}; this program knows versions up to {known}: use a newer bauta"
    )]
    TooNew {
        /// What the database says.
        found: i32,
        /// What this program knows.
        known: i32,
    },
    /// A stored value does not open: another key, or a changed file.
    #[error("a stored value of {table}.{column} does not open")]
    Sealed {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// Values are sealed and there are no keys.
    #[error("what is stored is sealed, and there are no keys: bring the folder seal back")]
    NoKeys,
    /// The keys can't be used.
    #[error(transparent)]
    Keys(#[from] bauta_seal::Error),
    /// A stored number is none that the program knows.
    #[error("a stored value of {0} is not one that this program knows")]
    Unknown(&'static str),
    /// The database server can't be reached; what was to be written is not.
    #[error("the database server can't be reached")]
    Away,
    /// The answer to a commit was lost with the database server, and nobody knows yet whether it happened.
    #[error("nobody knows yet whether this was written")]
    Unsure,
    /// A piece of work that reads took longer than it may.
    #[error("reading took too long")]
    TooLong,
    /// The store failed; the log has the operation's name beside the number.
    #[error("the store failed (incident {0})")]
    Failed(Incident),
}

impl Error {
    /// The statement broke a unique key: what was to be made is there already.
    pub const fn is_duplicate(&self) -> bool {
        matches!(
            self,
            Self::Database(diesel::result::Error::DatabaseError(
                diesel::result::DatabaseErrorKind::UniqueViolation,
                _
            ))
        )
    }

    /// The statement names a row that is gone by now.
    pub const fn is_dangling(&self) -> bool {
        matches!(
            self,
            Self::Database(diesel::result::Error::DatabaseError(
                diesel::result::DatabaseErrorKind::ForeignKeyViolation,
                _
            ))
        )
    }
}
