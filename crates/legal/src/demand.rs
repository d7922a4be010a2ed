//! A demand as it was received: what the paper says, never put right. Whom it is about stands elsewhere, sealed.

use std::collections::BTreeSet;

use bauta_inventory::{Eu, Us};
use bauta_model::Day;
use serde::{Deserialize, Serialize};

use crate::moment::{parse_clock, parse_day};
use crate::terms::InstrumentId;

/// The member states of the Union: ISO 3166-1 codes and names.
pub const MEMBER_STATES: [(&str, &str); 27] = [
    ("AT", "Austria"),
    ("BE", "Belgium"),
    ("BG", "Bulgaria"),
    ("HR", "Croatia"),
    ("CY", "Cyprus"),
    ("CZ", "Czechia"),
    ("DK", "Denmark"),
    ("EE", "Estonia"),
    ("FI", "Finland"),
    ("FR", "France"),
    ("DE", "Germany"),
    ("GR", "Greece"),
    ("HU", "Hungary"),
    ("IE", "Ireland"),
    ("IT", "Italy"),
    ("LV", "Latvia"),
    ("LT", "Lithuania"),
    ("LU", "Luxembourg"),
    ("MT", "Malta"),
    ("NL", "Netherlands"),
    ("PL", "Poland"),
    ("PT", "Portugal"),
    ("RO", "Romania"),
    ("SK", "Slovakia"),
    ("SI", "Slovenia"),
    ("ES", "Spain"),
    ("SE", "Sweden"),
];

/// What the paper says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    /// The row of the rule pack.
    pub instrument: InstrumentId,
    /// The law that it cites, in its own words.
    #[serde(default)]
    pub authority: String,
    /// The office that issued it.
    #[serde(default)]
    pub issuer: String,
    /// The rank of whoever signed, in its own words.
    #[serde(default)]
    pub issuer_rank: String,
    /// A judge or a court's order stands behind it.
    #[serde(default)]
    pub signed_by_judge: bool,
    /// When and how it came.
    pub served: Served,
    /// By when it wants an answer, as received.
    #[serde(default)]
    pub due: Option<ReceivedTime>,
    /// When somebody has to appear, as received.
    #[serde(default)]
    pub appearance: Option<ReceivedTime>,
    /// The IANA time zone in which its dates are read; the pack's where none is known.
    #[serde(default)]
    pub zone: Option<String>,
    /// What it says about silence.
    #[serde(default)]
    pub non_disclosure: NonDisclosure,
    /// It names an offence or a law that was broken.
    #[serde(default)]
    pub offence_named: bool,
    /// What it wants, line by line, in its own words.
    pub requested: Vec<String>,
    /// Somebody called back on a number found independently.
    #[serde(default)]
    pub issuer_verified: bool,
    /// It is signed.
    #[serde(default)]
    pub signed: bool,
    /// How many accounts it asks about.
    #[serde(default = "one")]
    pub accounts: u32,
    /// Whom it is addressed to, in its own words.
    #[serde(default)]
    pub entity_named: Option<String>,
    /// The member state of the Union whose authority issued it (ISO 3166-1: see [`MEMBER_STATES`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_state: Option<String>,
    /// The court, where there is one.
    #[serde(default)]
    pub court: Option<String>,
    /// The court's docket is sealed.
    #[serde(default)]
    pub sealed_docket: bool,
    /// The language that it is written in (BCP 47), where it is not the operator's.
    #[serde(default)]
    pub language: Option<String>,
    /// What it says about how it can be contested.
    #[serde(default)]
    pub redress: Option<String>,
    /// The law of another country that forbids what it asks for.
    #[serde(default)]
    pub foreign_conflict: Option<String>,
    /// The process that a treaty request arrives as.
    #[serde(default)]
    pub underlying: Option<InstrumentId>,
    /// What it cites, where the row of the pack says "as cited" or "as ordered".
    #[serde(default)]
    pub cited: Option<Cited>,
}

fn one() -> u32 {
    1
}

/// When and how a demand came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Served {
    /// The day, as received.
    pub on: ReceivedTime,
    /// Fax, mail, hand, a portal.
    pub by: String,
    /// Who took it.
    #[serde(default)]
    pub upon: Option<String>,
}

/// What a document itself says it can compel, as an officer read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cited {
    /// Classes of 18 USC 2703.
    #[serde(default)]
    pub us: BTreeSet<Us>,
    /// Classes of Regulation (EU) 2023/1543.
    #[serde(default)]
    pub eu: BTreeSet<Eu>,
    /// It binds without a further order.
    #[serde(default)]
    pub binds: bool,
}

/// What a demand says about silence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NonDisclosure {
    /// Nothing.
    #[default]
    None,
    /// It asks for it. That is no gag.
    Request,
    /// It cites a statute's bar.
    Statute,
    /// It carries a certification.
    Certification,
    /// A court's order came with it.
    Order,
}

/// A date as it was received: kept in its own form, even where no calendar has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReceivedTime(String);

impl ReceivedTime {
    /// Keeps `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// What was received.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The day, where there is such a day.
    pub fn day(&self) -> Option<Day> {
        self.read().map(|(day, _)| day)
    }

    /// Hour and minute, where they are given.
    pub fn clock(&self) -> Option<(u32, u32)> {
        self.read().and_then(|(_, clock)| clock)
    }

    /// Nothing that a calendar and a clock have.
    pub fn is_impossible(&self) -> bool {
        self.read().is_none()
    }

    fn read(&self) -> Option<(Day, Option<(u32, u32)>)> {
        let Some((day, clock)) = self.0.split_once(['T', ' ']) else {
            return Some((parse_day(&self.0).ok()?, None));
        };
        let seconds = if clock.len() == 5 {
            format!("{clock}:00")
        } else {
            clock.to_owned()
        };
        let (hour, minute, _) = parse_clock(&seconds)?;
        Some((parse_day(day).ok()?, Some((hour, minute))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_impossible_date_is_kept_as_received() {
        for text in [
            "2017-02-30",
            "2017-03-13T25:00",
            "soon",
            "",
            "2017-03-13T11:4",
            "13/03/2017",
        ] {
            let time = ReceivedTime::new(text);
            assert!(time.is_impossible(), "{text}");
            assert_eq!(serde_json::to_string(&time).unwrap(), format!("{text:?}"));
        }
    }

    #[test]
    fn a_date_may_carry_a_clock() {
        let time = ReceivedTime::new("2017-03-13T11:45:00");
        assert_eq!(time.day().unwrap().iso(), "2017-03-13");
        assert_eq!(time.clock(), Some((11, 45)));
        assert_eq!(ReceivedTime::new("2017-03-13 11:45").clock(), Some((11, 45)));
        assert_eq!(ReceivedTime::new("2017-03-13").clock(), None);
    }
}
