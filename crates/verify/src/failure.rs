//! What can be wrong, each with its exit status.

/// Why a log or its report does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// A file could not be read.
    #[error("{path} could not be read: {why}")]
    Unreadable {
        /// Which file.
        path: String,
        /// What the system says.
        why: String,
    },
    /// A checkpoint is not signed by whom the policy names, or was changed.
    #[error("signature: {0}")]
    Signature(String),
    /// The tree is not the one that was signed, or does not grow out of an earlier one.
    #[error("inconsistent: {why}\n--- signed now\n{now}--- {of}\n{other}")]
    Inconsistent {
        /// In words.
        why: String,
        /// The checkpoint that is signed now.
        now: String,
        /// What the other one is.
        of: &'static str,
        /// The other one.
        other: String,
    },
    /// An opening, a receipt or a document is not what was committed to.
    #[error("opening: {0}")]
    Opening(String),
    /// The report is not what the open entries come to.
    #[error("totals: {0}")]
    Totals(String),
    /// Something happened to a demand that can't happen in that order.
    #[error("illegal: {0}")]
    Illegal(String),
    /// Too few witnesses cosigned.
    #[error("quorum: {cosigned} of the {known} witnesses that the policy names cosigned, which is too few")]
    Quorum {
        /// How many cosigned.
        cosigned: usize,
        /// How many the policy names.
        known: usize,
    },
}

impl Failure {
    /// The exit status: 1 signature (or a file that can't be read), 2 inconsistent, 3 opening, 4 totals, 5 illegal
    /// transition, 6 quorum.
    pub const fn status(&self) -> u8 {
        match self {
            Self::Unreadable { .. } | Self::Signature(_) => 1,
            Self::Inconsistent { .. } => 2,
            Self::Opening(_) => 3,
            Self::Totals(_) => 4,
            Self::Illegal(_) => 5,
            Self::Quorum { .. } => 6,
        }
    }
}
