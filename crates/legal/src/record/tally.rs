//! One demand as a line of the report: coarse enough to be told where its case can't be shown.

use serde::{Deserialize, Serialize};

use super::Half;
use super::id::{PublicId, Version};

/// What was produced.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// Nothing so far.
    #[default]
    Nothing,
    /// Less than was asked for.
    Part,
    /// All that was asked for.
    Full,
}

/// What kind of secrecy came with the demand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Secrecy {
    /// None.
    #[default]
    None,
    /// Asked for, which binds nobody.
    Requested,
    /// By a statute's bar, its certification or a court's order.
    Binding,
}

/// What the template of the Digital Services Act asks of an order besides (Regulation (EU) 2022/2065, Art. 9, 10, 15).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eu {
    /// ISO 3166 code of the member state that issued it, where it was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Pieces of information or items that it names.
    pub items: u32,
    /// Hours from receipt until it was acknowledged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours_to_acknowledge: Option<u32>,
    /// Hours from receipt until it was given effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours_to_effect: Option<u32>,
}

/// One demand, counted.
///
/// A later tally of the same demand has a higher revision and takes the place of the earlier one in the figures; both stay
/// in the log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// Version of the form.
    pub v: Version,
    /// The demand.
    pub demand: PublicId,
    /// 0 for the first.
    pub revision: u32,
    /// How many steps of the demand it counts: those with a lower number.
    pub steps: u32,
    /// The half-year in which the demand was received.
    pub half: Half,
    /// The rule pack's id of the instrument.
    pub instrument: String,
    /// The rule pack's bucket of the report.
    pub bucket: String,
    /// The office that issued it, never a person's name.
    pub issuer: String,
    /// The rank of who signed it, where it tells one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rank: String,
    /// Accounts that it asks about.
    pub asked: u32,
    /// Accounts about which something was produced.
    pub affected: u32,
    /// Accounts that were told.
    pub notified: u32,
    /// What was produced.
    pub given: Given,
    /// Nothing of what it asks for is held.
    pub nothing_held: bool,
    /// Answered with a refusal, or found not to be genuine.
    pub refused: bool,
    /// Withdrawn by who issued it.
    pub withdrawn: bool,
    /// Quashed by a court.
    pub quashed: bool,
    /// Challenged by the provider.
    pub challenged_by_provider: bool,
    /// Challenged or objected to by a user.
    pub challenged_by_user: bool,
    /// What kind of secrecy came with it.
    pub secrecy: Secrecy,
    /// Days from receipt to the notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_to_notice: Option<u32>,
    /// Notice waited for a gag's end, or for an emergency's.
    pub notice_delayed: bool,
    /// Accounts that were not told, by a written finding of two people.
    pub notice_exceptions: u32,
    /// The earlier demand that this one renews.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renews: Option<PublicId>,
    /// Decided by a desk with a single officer.
    pub one_officer: bool,
    /// Nothing more is to be done.
    pub closed: bool,
    /// What the European template asks for besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eu: Option<Eu>,
}
