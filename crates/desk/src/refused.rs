//! Why the desk did not do something: one sentence for the officer or the user.

use bauta_model::Incident;

/// A refusal. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// There is no such thing, or whoever asks may not know of it: the answer is the same. (404)
    #[error("There is nothing here.")]
    NotFound,
    /// This takes another duty. (403)
    #[error("{0}")]
    Forbidden(&'static str),
    /// A value is missing, wrong or too long. (422)
    #[error("{why}")]
    Invalid {
        /// The field, by its name.
        field: &'static str,
        /// One sentence.
        why: String,
    },
    /// Somebody else was first. (409)
    #[error(
        "Somebody else has added to this demand since you looked at it ({found} events now). Look again, then decide."
    )]
    Raced {
        /// How many events there are now.
        found: u32,
    },
    /// The order of things or a rule does not allow it. (409)
    #[error("{0}")]
    NotNow(bauta_legal::Refusal),
    /// The database can't be reached. (503)
    #[error("The database of this server is away. Look whether it was done before you try again.")]
    Away,
    /// The database went away while it wrote, and stays away: nobody knows whether it is done. (503)
    #[error(
        "The database went away while it wrote this, and nobody knows yet whether it is done: look before you try again."
    )]
    Unsure,
    /// The server has too much to do at the moment. (503)
    #[error("The server is busy. Wait a minute, then try again.")]
    Busy,
    /// Something of ours failed; the log has the same number. (500)
    #[error("Something failed on our side. Nothing was changed. Number: {0}.")]
    Failed(Incident),
}

impl Refused {
    /// A wrong value in `field`.
    pub fn invalid(field: &'static str, why: impl Into<String>) -> Self {
        Self::Invalid {
            field,
            why: why.into(),
        }
    }

    /// Something of ours failed, with a line in the log.
    pub(crate) fn failed() -> Self {
        let incident = Incident::random();
        bauta_model::emit(bauta_model::Event::RequestFailed { incident });
        Self::Failed(incident)
    }
}

impl From<bauta_store::Error> for Refused {
    fn from(error: bauta_store::Error) -> Self {
        match error {
            bauta_store::Error::Failed(incident) => Self::Failed(incident),
            bauta_store::Error::Away => Self::Away,
            bauta_store::Error::Unsure => Self::Unsure,
            bauta_store::Error::TooLong => Self::Busy,
            _ => Self::failed(),
        }
    }
}

impl From<bauta_legal::Refusal> for Refused {
    fn from(refusal: bauta_legal::Refusal) -> Self {
        Self::NotNow(refusal)
    }
}
