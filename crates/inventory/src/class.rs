//! The words that an entry may use: record classes, who can see it, how long it stays.

use std::fmt;

/// The class of a record in 18 USC 2703. Every column has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Us {
    /// (c)(2)(A) name.
    Name,
    /// (c)(2)(B) where somebody can be written to.
    Mailing,
    /// (c)(2)(C) connection records, session times and durations.
    Session,
    /// (c)(2)(D) length and types of service.
    LengthAndType,
    /// (c)(2)(E) subscriber number or identity.
    Identity,
    /// (c)(2)(F) means of payment.
    Payment,
    /// (c)(1) other records that are not content.
    Other,
    /// (a), (b) stored content that is not for everyone.
    PrivateContent,
    /// Stored content that everyone can read.
    PublicContent,
    /// What is yet to come.
    Prospective,
    /// About the server alone.
    None,
}

impl Us {
    /// The six of (c)(2), which a subpoena can compel: basic subscriber records.
    pub const BASIC: [Self; 6] = [
        Self::Name,
        Self::Mailing,
        Self::Session,
        Self::LengthAndType,
        Self::Identity,
        Self::Payment,
    ];
}

impl fmt::Display for Us {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "A name",
            Self::Mailing => "B address",
            Self::Session => "C session",
            Self::LengthAndType => "D length, type",
            Self::Identity => "E number",
            Self::Payment => "F payment",
            Self::Other => "other",
            Self::PrivateContent => "private content",
            Self::PublicContent => "public content",
            Self::Prospective => "prospective",
            Self::None => "–",
        })
    }
}

/// The class of a record in Regulation (EU) 2023/1543. Every column has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Eu {
    /// Art. 3(9) subscriber data.
    Subscriber,
    /// Art. 3(10) data requested for the sole purpose of identifying somebody.
    IdentificationOnly,
    /// Art. 3(11) traffic data.
    Traffic,
    /// Art. 3(12) content data.
    Content,
    /// About the server alone, or a credential.
    None,
}

impl fmt::Display for Eu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Subscriber => "subscriber",
            Self::IdentificationOnly => "identification only",
            Self::Traffic => "traffic",
            Self::Content => "content",
            Self::None => "–",
        })
    }
}

/// Who can see something. The widest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Everyone.
    Public,
    /// Those who follow, and those who are named.
    Followers,
    /// The person.
    Owner,
    /// Moderators.
    Moderators,
    /// Whoever runs the server.
    Operator,
    /// Only the program.
    Server,
}

impl fmt::Display for Who {
    /// In words for the person that it is about.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "everyone",
            Self::Followers => "followers",
            Self::Owner => "you",
            Self::Moderators => "moderators",
            Self::Operator => "the operator",
            Self::Server => "only the program",
        })
    }
}

/// `Everyone, followers and the operator.`
pub(crate) fn sentence(who: &[Who]) -> String {
    let names: Vec<String> = who.iter().map(ToString::to_string).collect();
    let joined = match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    };
    let mut letters = joined.chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}.", first.to_uppercase(), letters.as_str())
    })
}

/// How long something stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub enum Keep {
    /// Until its owner deletes it, or what it belongs to is deleted.
    UntilDeleted,
    /// Until the account is deleted.
    UntilAccountDeleted,
    /// Until a newer one takes its place.
    UntilReplaced,
    /// Until the month is over.
    UntilMonthEnd,
    /// Until the server stops.
    UntilStop,
    /// As long as there is the server.
    WhileRunningServer,
    /// It has left the server, and what happens to it is out of its hands.
    BeyondRecall,
    /// For so many minutes.
    Minutes(u32),
    /// For so many days.
    Days(u32),
    /// For so many months.
    Months(u32),
}

impl TryFrom<String> for Keep {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let unknown = || format!("`{text}` is not a term that the inventory knows");
        Ok(match text.as_str() {
            "until_deleted" => Self::UntilDeleted,
            "until_account_deleted" => Self::UntilAccountDeleted,
            "until_replaced" => Self::UntilReplaced,
            "until_month_end" => Self::UntilMonthEnd,
            "until_stop" => Self::UntilStop,
            "while_running_server" => Self::WhileRunningServer,
            "beyond_recall" => Self::BeyondRecall,
            other => {
                let (number, unit) = other.split_once(' ').ok_or_else(unknown)?;
                let number = number.parse().ok().filter(|n| *n > 0).ok_or_else(unknown)?;
                match unit {
                    "minute" | "minutes" => Self::Minutes(number),
                    "day" | "days" => Self::Days(number),
                    "month" | "months" => Self::Months(number),
                    _ => return Err(unknown()),
                }
            }
        })
    }
}

impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = |f: &mut fmt::Formatter<'_>, n: u32, unit: &str| {
            write!(f, "For {n} {unit}{}.", if n == 1 { "" } else { "s" })
        };
        match *self {
            Self::UntilDeleted => f.write_str("Until it is deleted."),
            Self::UntilAccountDeleted => f.write_str("Until the account is deleted."),
            Self::UntilReplaced => f.write_str("Until a new one takes its place."),
            Self::UntilMonthEnd => f.write_str("Until the month is over."),
            Self::UntilStop => f.write_str("Until the server stops."),
            Self::WhileRunningServer => f.write_str("As long as there is the server."),
            Self::BeyondRecall => f.write_str("It can't be called back."),
            Self::Minutes(n) => counted(f, n, "minute"),
            Self::Days(n) => counted(f, n, "day"),
            Self::Months(n) => counted(f, n, "month"),
        }
    }
}

/// What a column with a time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Seconds since 1970, on a slot.
    Slot,
    /// Days since 1970.
    Day,
    /// Months since January 1970.
    Month,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_read_or_refused() {
        assert_eq!(Keep::try_from("10 minutes".to_owned()), Ok(Keep::Minutes(10)));
        assert_eq!(Keep::try_from("1 month".to_owned()), Ok(Keep::Months(1)));
        for wrong in ["", "forever", "0 days", "-1 days", "10", "10 years", "ten days"] {
            assert!(Keep::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn those_who_see_it_make_a_sentence() {
        assert_eq!(sentence(&[Who::Public]), "Everyone.");
        assert_eq!(
            sentence(&[Who::Owner, Who::Moderators, Who::Operator]),
            "You, moderators and the operator."
        );
    }
}
