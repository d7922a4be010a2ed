//! Defects that need no lawyer to see: each has a code.

use std::fmt;

/// What can be wrong with a demand on its face.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefectCode {
    /// It was due before it was served.
    DueBeforeService,
    /// The day by which the court wants it back is over.
    ReturnDatePast,
    /// Less time than the rule leaves.
    TooLittleTime,
    /// The issuer's rank is below what the statute asks for.
    IssuerBelowRank,
    /// Nobody has called back on a number found independently.
    IssuerUnverified,
    /// Nobody has signed it.
    NotSigned,
    /// It names no kind of record.
    NotSpecific,
    /// The authority does not reach such records.
    OutsideScope,
    /// It names somebody else than who runs the server.
    WrongEntity,
    /// Private content without what content takes.
    ContentWithoutWarrant,
    /// It names no law that was broken.
    NoOffenceNamed,
    /// It carries no duty without a court's order.
    NotSelfExecuting,
    /// It asks for silence and cites nothing that commands it.
    SecrecyOnlyRequested,
    /// There is no such account here. Looks the same in public data as one that exists.
    NoSuchTarget,
    /// A date that no calendar has, or that can't be read. Kept as it was received.
    ImpossibleDate,
}

impl DefectCode {
    /// All of them, in their order.
    pub const ALL: [Self; 15] = [
        Self::DueBeforeService,
        Self::ReturnDatePast,
        Self::TooLittleTime,
        Self::IssuerBelowRank,
        Self::IssuerUnverified,
        Self::NotSigned,
        Self::NotSpecific,
        Self::OutsideScope,
        Self::WrongEntity,
        Self::ContentWithoutWarrant,
        Self::NoOffenceNamed,
        Self::NotSelfExecuting,
        Self::SecrecyOnlyRequested,
        Self::NoSuchTarget,
        Self::ImpossibleDate,
    ];

    /// As it is written in data.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DueBeforeService => "due_before_service",
            Self::ReturnDatePast => "return_date_past",
            Self::TooLittleTime => "too_little_time",
            Self::IssuerBelowRank => "issuer_below_rank",
            Self::IssuerUnverified => "issuer_unverified",
            Self::NotSigned => "not_signed",
            Self::NotSpecific => "not_specific",
            Self::OutsideScope => "outside_scope",
            Self::WrongEntity => "wrong_entity",
            Self::ContentWithoutWarrant => "content_without_warrant",
            Self::NoOffenceNamed => "no_offence_named",
            Self::NotSelfExecuting => "not_self_executing",
            Self::SecrecyOnlyRequested => "secrecy_only_requested",
            Self::NoSuchTarget => "no_such_target",
            Self::ImpossibleDate => "impossible_date",
        }
    }
}

impl fmt::Display for DefectCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
