//! How a subcommand fails: in one line, with the next step.

use bauta_service::Refused;

/// A failure that the person at the command line is told.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failure(pub String);

/// What a subcommand comes to.
pub type Outcome<T> = Result<T, Failure>;

impl Failure {
    /// A failure with this sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl From<bauta_store::Error> for Failure {
    fn from(error: bauta_store::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<bauta_desk::Refused> for Failure {
    fn from(refused: bauta_desk::Refused) -> Self {
        Self(refused.to_string())
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self(refused.to_string())
    }
}
