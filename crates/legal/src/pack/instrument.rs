//! One row of the pack: an instrument.

use std::collections::{BTreeMap, BTreeSet};

use bauta_inventory::{Eu, Us};
use bauta_model::counted;
use serde::Deserialize;
use serde::de::value::BorrowedStrDeserializer;

use super::{CheckText, plain};
use crate::{Bucket, Cited, DefectCode, InstrumentId, LogRule};

/// An instrument: what it is, what it can compel, and what is looked at on its face.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    /// The name of the file.
    pub id: InstrumentId,
    /// The version of the row.
    pub version: u32,
    /// What it is called.
    pub name: String,
    /// What else it is called.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The laws that it rests on, as they are cited.
    pub authority: Vec<String>,
    /// What it can compel.
    pub compels: BTreeSet<Compels>,
    /// Of that, what it compels only when a judge or a court stands behind it.
    #[serde(default)]
    pub judge_for: BTreeSet<Compels>,
    /// The same for people.
    pub compels_text: String,
    /// Who may authorise it.
    pub authorised_by: String,
    /// Ranks that may sign it; empty where the rule names none. Compared word for word.
    #[serde(default)]
    pub ranks: BTreeSet<String>,
    /// A judge or a court has to stand behind it.
    #[serde(default)]
    pub judge: bool,
    /// Whether it binds without a further order.
    pub binds: Binds,
    /// The same for people.
    pub binds_text: String,
    /// Whether the provider may tell the user.
    pub notice: Notifies,
    /// The same for people.
    pub notice_text: String,
    /// What has to be shown to get it.
    pub standard: String,
    /// What it is counted as.
    pub bucket: Bucket,
    /// Whether it gets an entry in the log.
    pub log: LogRule,
    /// It asks for a hold and can't ask for production.
    #[serde(default)]
    pub hold_only: bool,
    /// It may take the path of an emergency.
    #[serde(default)]
    pub emergency: bool,
    /// The least time between service and due date.
    #[serde(default)]
    pub least_time: Option<LeastTime>,
    /// Its dates.
    #[serde(default, rename = "deadline")]
    pub deadlines: Vec<DeadlineRule>,
    /// Checks of its own, or in its own words.
    #[serde(default)]
    pub checks: BTreeMap<DefectCode, CheckText>,
    /// Checks of the whole pack that make no sense for it.
    #[serde(default)]
    pub skip: BTreeSet<DefectCode>,
    /// Where the rules stand.
    pub sources: Vec<String>,
    /// What counsel has still to check.
    #[serde(default)]
    pub verify: Vec<String>,
}

/// What an instrument can compel: a class of records, by its name in the inventory, or a bundle of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub enum Compels {
    /// `basic`: the six of 18 USC 2703(c)(2).
    Basic,
    /// A class of 18 USC 2703, under its own name.
    Us(Us),
    /// A class of Regulation (EU) 2023/1543, with `eu_` before its name.
    Eu(Eu),
    /// `as_cited`: what the document cites.
    AsCited,
    /// `as_underlying`: what the process that it arrives as can compel.
    AsUnderlying,
}

impl TryFrom<String> for Compels {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let unknown = || format!("`{text}` is no class of records that can be compelled");
        match text.as_str() {
            "basic" => Ok(Self::Basic),
            "as_cited" => Ok(Self::AsCited),
            "as_underlying" => Ok(Self::AsUnderlying),
            name => {
                let class = match name.strip_prefix("eu_") {
                    Some(name) => named(name).map(Self::Eu),
                    None => named(name).map(Self::Us),
                };
                // What everybody can read needs no compulsion, and what is about the server alone is no record.
                class
                    .filter(|one| !matches!(one, Self::Us(Us::None | Us::PublicContent) | Self::Eu(Eu::None)))
                    .ok_or_else(unknown)
            }
        }
    }
}

/// A class by its name in the inventory.
fn named<'de, T: Deserialize<'de>>(name: &'de str) -> Option<T> {
    let name: BorrowedStrDeserializer<'de, serde::de::value::Error> = BorrowedStrDeserializer::new(name);
    T::deserialize(name).ok()
}

/// Whether an instrument binds without a further order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Binds {
    /// Yes.
    Yes,
    /// Until somebody objects in time.
    UntilObjection,
    /// Only when a court orders it.
    NotByItself,
    /// Never.
    Voluntary,
    /// As the document cites.
    AsCited,
    /// As the process that it arrives as.
    AsUnderlying,
}

/// Whether the provider may tell the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notifies {
    /// Yes, unless a court's order came with it.
    Allowed,
    /// A statute bars it.
    Barred,
    /// A statute bars it when an official certifies that it has to.
    BarredIfCertified,
    /// As with the process that it arrives as.
    AsUnderlying,
}

/// The least time between service and due date.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeastTime {
    /// In calendar days.
    pub days: u16,
}

/// A date that follows from a rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineRule {
    /// Its name: letters, digits, underscores.
    pub name: String,
    /// What it is, for people.
    pub label: String,
    /// What it is counted from.
    pub from: From,
    /// Forward or back.
    #[serde(default)]
    pub direction: Direction,
    /// How many.
    pub length: u16,
    /// Of what.
    pub count: Count,
    /// The calendar whose days off count.
    pub calendar: String,
    /// The due date ends it where that is earlier.
    #[serde(default)]
    pub or_due: bool,
    /// Missing it has a consequence in law.
    pub binds: bool,
    /// Where it stands.
    pub source: String,
}

/// What a date is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum From {
    /// The day of service.
    Served,
    /// The date by which an answer is wanted.
    Due,
    /// The date on which somebody has to appear.
    Appearance,
}

/// Forward or back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Later.
    #[default]
    After,
    /// Earlier.
    Before,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// Hours, one after the other.
    Hours,
    /// Days of the calendar; one that is off moves the end to the next that is not (FRCP 6(a)(1)).
    CalendarDays,
    /// Days that are not off.
    CourtDays,
}

impl Count {
    /// In words, for `length` of them.
    pub fn words(self, length: u16) -> String {
        let (one, many) = match self {
            Self::Hours => ("hour", "hours"),
            Self::CalendarDays => ("calendar day", "calendar days"),
            Self::CourtDays => ("court day", "court days"),
        };
        counted(length, one, many)
    }
}

impl Instrument {
    pub(super) fn is_called(&self, asked: &str) -> bool {
        let names = [self.id.as_str(), &self.name];
        let names = names.into_iter().chain(self.aliases.iter().map(String::as_str));
        names.into_iter().any(|name| plain(name) == asked)
    }

    /// How well a citation fits: 2 where the pack knows it, 1 where the instrument rests on many laws, else 0.
    pub(super) fn fits(&self, citation: &str) -> u8 {
        let cited = section(citation);
        if self
            .authority
            .iter()
            .any(|law| !cited.is_empty() && section(law) == cited)
        {
            return 2;
        }
        u8::from(self.authority.iter().any(|law| section(law).is_empty()))
    }

    /// Its terms are those of another process.
    pub fn has_underlying(&self) -> bool {
        self.compels.contains(&Compels::AsUnderlying)
    }

    /// The classes that it can compel, with a judge behind it or without.
    pub fn classes(&self, cited: &Cited, judge: bool) -> (BTreeSet<Us>, BTreeSet<Eu>) {
        let (mut us, mut eu) = (BTreeSet::new(), BTreeSet::new());
        for one in self
            .compels
            .iter()
            .filter(|one| judge || !self.judge_for.contains(one))
        {
            match one {
                Compels::Basic => us.extend(Us::BASIC),
                Compels::Us(class) => us.extend([*class]),
                Compels::Eu(class) => eu.extend([*class]),
                Compels::AsCited => {
                    us.extend(&cited.us);
                    eu.extend(&cited.eu);
                }
                Compels::AsUnderlying => {}
            }
        }
        (us, eu)
    }
}

/// Title and section of a citation of the United States Code, `19 USC 1509`; else the whole in plain words. Empty where
/// it cites no law by number.
fn section(citation: &str) -> String {
    let words = plain(citation);
    if !words.bytes().any(|b| b.is_ascii_digit()) {
        return String::new();
    }
    let parts: Vec<&str> = words.split(' ').collect();
    let code = parts.windows(3).find(|part| part[1] == "usc");
    code.map_or(words.clone(), |part| part.join(" "))
}
