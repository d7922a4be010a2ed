//! Why a verb did not happen: one list for every front, which maps it to a status in one place.

use bauta_model::{Incident, counted};

/// A refusal. Its text is for people.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// There is no valid session or token. (401)
    #[error("Sign in first.")]
    NotSignedIn,
    /// The handle and the passphrase do not belong together, or there is no such account: the answer is the same. (401)
    #[error("This handle and this passphrase do not belong together.")]
    WrongPassphrase,
    /// The speaker may not do this; the text says why. (403)
    #[error("{0}")]
    Forbidden(&'static str),
    /// There is no such thing, or the speaker may not know of it: the answer is the same. (404)
    #[error("There is nothing here.")]
    NotFound,
    /// A value is missing, wrong or too long. (422)
    #[error("{why}")]
    Invalid {
        /// The field of the form, by its name.
        field: &'static str,
        /// One sentence for the person.
        why: String,
    },
    /// The text carries something that could identify somebody, and its author has not said that they saw it. (422)
    #[error("{}", .0.sentence())]
    Leak(crate::posts::Leak),
    /// Too much at once. (429)
    #[error("Too many tries. Wait {}, then go on.", counted(.minutes.to_owned(), "minute", "minutes"))]
    Limited {
        /// Whole minutes to wait.
        minutes: u32,
    },
    /// The server has too much to do at the moment. (503)
    #[error("The server is busy. Wait a minute, then try again.")]
    Busy,
    /// The database can't be reached. (503)
    #[error(
        "The database of this server is away. Wait a minute, and look whether it was done before you try again."
    )]
    Away,
    /// The database went away while it wrote, and stays away: nobody knows whether it is done. (503)
    #[error(
        "The database of this server went away while it wrote this, and nobody knows yet whether it is done: look before \
         you try again."
    )]
    Unsure,
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
}

impl From<bauta_store::Error> for Refused {
    fn from(error: bauta_store::Error) -> Self {
        match error {
            bauta_store::Error::Failed(incident) => return Self::Failed(incident),
            bauta_store::Error::Away => return Self::Away,
            bauta_store::Error::Unsure => return Self::Unsure,
            bauta_store::Error::TooLong => return Self::Busy,
            _ => {}
        }
        let incident = Incident::random();
        bauta_model::emit(bauta_model::Event::RequestFailed { incident });
        Self::Failed(incident)
    }
}

impl From<bauta_desk::Refused> for Refused {
    fn from(why: bauta_desk::Refused) -> Self {
        match why {
            bauta_desk::Refused::NotFound => Self::NotFound,
            bauta_desk::Refused::Forbidden(why) => Self::Forbidden(why),
            bauta_desk::Refused::Invalid { field, why } => Self::Invalid { field, why },
            bauta_desk::Refused::Away => Self::Away,
            bauta_desk::Refused::Unsure => Self::Unsure,
            bauta_desk::Refused::Busy => Self::Busy,
            bauta_desk::Refused::Failed(incident) => Self::Failed(incident),
            other => Self::invalid("step", other.to_string()),
        }
    }
}

impl From<bauta_credentials::Busy> for Refused {
    fn from(_: bauta_credentials::Busy) -> Self {
        Self::Busy
    }
}

impl From<bauta_credentials::passphrase::TooWeak> for Refused {
    fn from(why: bauta_credentials::passphrase::TooWeak) -> Self {
        Self::invalid("passphrase", why.to_string())
    }
}

impl From<bauta_model::InvalidHandle> for Refused {
    fn from(why: bauta_model::InvalidHandle) -> Self {
        let why = match why {
            bauta_model::InvalidHandle::Empty => "A handle has at least one character.",
            bauta_model::InvalidHandle::TooLong => "A handle has at most 30 characters.",
            bauta_model::InvalidHandle::Elsewhere => {
                "A handle of another server is a name, an @ and a domain."
            }
            bauta_model::InvalidHandle::Character => {
                "A handle has only the letters A to Z, digits and underscores."
            }
        };
        Self::invalid("handle", why)
    }
}
