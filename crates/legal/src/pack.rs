//! The rule pack: instruments, calendars and checks as data (`rules/*.toml`), so that counsel can correct them.
//!
//! A pack is checked when it is loaded, and hashed: each demand keeps the hash of the pack that it was read under.

mod calendar;
mod check;
mod instrument;
mod markdown;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

pub use calendar::{Calendar, Holiday, Weekday};
pub use check::Invalid;
pub use instrument::{Binds, Compels, Count, DeadlineRule, Direction, From, Instrument, LeastTime, Notifies};
pub use markdown::markdown;

use crate::{Binding, Cited, DefectCode, Demand, Hash, InstrumentId, NoticeRule, Terms};

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../rules/", $name, ".toml")))),*]
    };
}

/// The files as they were when the program was built.
const FILES: &[(&str, &str)] = files![
    "general",
    "administrative_subpoena",
    "administrative_summons_customs",
    "civil_subpoena",
    "cloud_act_request",
    "court_order_2703d",
    "dmca_subpoena",
    "dsa_order_to_act",
    "dsa_order_to_inform",
    "emergency_request",
    "european_preservation_order",
    "european_production_order",
    "fisa_order",
    "foreign_discovery",
    "grand_jury_subpoena",
    "informal_request",
    "mlat_request",
    "national_security_letter",
    "order_to_assist",
    "other_national_order",
    "pen_register",
    "preservation_request",
    "removal_order",
    "search_warrant",
    "state_process",
    "summons_to_appear",
    "terrorist_content_removal_order",
    "trial_subpoena",
    "wiretap",
];

/// The name of the file that holds what is common to all instruments.
pub const GENERAL: &str = "general";

/// Longest text of one file, in bytes.
pub const MAX_FILE: usize = 65_536;

/// Most files of a pack.
pub const MAX_FILES: usize = 256;

/// Everything in `rules/general.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct General {
    pub version: String,
    pub zone: String,
    pub checks: BTreeMap<DefectCode, CheckText>,
    #[serde(rename = "calendar")]
    pub calendars: Vec<Calendar>,
}

/// The rule behind a defect, as it is shown beside the fact.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckText {
    /// The rule, in a sentence.
    pub rule: String,
    /// Where it stands.
    pub source: String,
}

/// The rules that a desk works with.
#[derive(Clone, Debug)]
pub struct RulePack {
    version: String,
    zone: String,
    checks: BTreeMap<DefectCode, CheckText>,
    calendars: BTreeMap<String, Calendar>,
    instruments: BTreeMap<InstrumentId, Instrument>,
    own: Vec<String>,
    hash: Hash,
}

/// Why no instrument was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFound {
    /// Nothing is called so.
    #[error("no instrument of the rule pack is called `{0}`")]
    Unknown(String),
    /// Several are, and the law that is cited does not tell them apart.
    #[error("`{0}` could be {1}: give the id")]
    Ambiguous(String, String),
}

impl RulePack {
    /// The pack that the program was built with.
    ///
    /// # Panics
    /// Never in a program whose tests passed: they load it.
    pub fn built_in() -> &'static Self {
        static PACK: LazyLock<RulePack> =
            LazyLock::new(|| RulePack::load(&[]).expect("the pack that is built in is checked by the tests"));
        &PACK
    }

    /// The texts of the built-in files, by name.
    pub fn files() -> &'static [(&'static str, &'static str)] {
        FILES
    }

    /// The built-in files with an operator's own beside them: `(name without .toml, text)`. A file of the same name
    /// takes the place of the built-in one.
    ///
    /// # Errors
    /// [`Invalid`] names the file and what is wrong in it.
    pub fn load(own: &[(String, String)]) -> Result<Self, Invalid> {
        let mut files: BTreeMap<&str, &str> = FILES.iter().copied().collect();
        files.extend(own.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        if files.len() > MAX_FILES {
            return Err(Invalid::new(
                GENERAL,
                format!("a pack has {MAX_FILES} files at most"),
            ));
        }
        let general: General = read(GENERAL, files.get(GENERAL).copied().unwrap_or_default())?;
        let mut instruments = BTreeMap::new();
        for (name, text) in files.iter().filter(|(name, _)| **name != GENERAL) {
            let instrument: Instrument = read(name, text)?;
            if instrument.id.as_str() != *name {
                return Err(Invalid::new(
                    name,
                    format!("its id is `{}`: it has to be the file's name", instrument.id),
                ));
            }
            instruments.insert(instrument.id.clone(), instrument);
        }
        let pack = Self {
            version: general.version,
            zone: general.zone,
            checks: general.checks,
            calendars: check::calendars(general.calendars)?,
            instruments,
            own: own.iter().map(|(name, _)| name.clone()).collect(),
            hash: hash(&files),
        };
        check::pack(&pack)?;
        Ok(pack)
    }

    /// Its version, as it is written.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// SHA-256 over the names and texts of its files.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// The names of the operator's own files in it.
    pub fn own(&self) -> &[String] {
        &self.own
    }

    /// The time zone where a demand names none.
    pub fn zone(&self) -> &str {
        &self.zone
    }

    /// Its instruments, in the order of their ids.
    pub fn instruments(&self) -> impl Iterator<Item = &Instrument> {
        self.instruments.values()
    }

    /// The instrument of that id.
    pub fn instrument(&self, id: &InstrumentId) -> Option<&Instrument> {
        self.instruments.get(id)
    }

    /// The calendar of that name.
    pub fn calendar(&self, id: &str) -> Option<&Calendar> {
        self.calendars.get(id)
    }

    /// The calendar of that name, or that of a country which takes its place in a time zone.
    pub fn calendar_in(&self, id: &str, zone: &str) -> Option<&Calendar> {
        let mut national = self.calendars.values().filter(|one| {
            one.in_place_of.as_deref() == Some(id) && one.zones.iter().any(|known| known == zone)
        });
        national.next().or_else(|| self.calendar(id))
    }

    /// Its calendars, in the order of their names.
    pub fn calendars(&self) -> impl Iterator<Item = &Calendar> {
        self.calendars.values()
    }

    /// The rule behind a defect, as the instrument or the pack words it. Nothing where the instrument has no such check.
    pub fn check<'a>(&'a self, instrument: &'a Instrument, code: DefectCode) -> Option<&'a CheckText> {
        if instrument.skip.contains(&code) {
            return None;
        }
        instrument.checks.get(&code).or_else(|| self.checks.get(&code))
    }

    pub(crate) fn general_checks(&self) -> &BTreeMap<DefectCode, CheckText> {
        &self.checks
    }

    /// The instrument that is called `words` (its id, name or an alias). Where several are, the law that the demand
    /// cites decides.
    ///
    /// # Errors
    /// [`NotFound`] when nothing is called so, or the citation does not tell.
    pub fn find(&self, words: &str, authority: &str) -> Result<&Instrument, NotFound> {
        let asked = plain(words);
        let called = self.instruments.values().filter(|one| one.is_called(&asked));
        let mut ranked: Vec<_> = called.map(|one| (one.fits(authority), one)).collect();
        let best = ranked.iter().map(|(rank, _)| *rank).max();
        ranked.retain(|(rank, _)| Some(*rank) == best);
        match ranked.as_slice() {
            [] => Err(NotFound::Unknown(words.to_owned())),
            [(_, only)] => Ok(only),
            several => {
                let ids: Vec<&str> = several.iter().map(|(_, one)| one.id.as_str()).collect();
                Err(NotFound::Ambiguous(words.to_owned(), ids.join(" or ")))
            }
        }
    }

    /// What the demand's row comes to: a copy for the event that it was received. Nothing where the pack has no such row.
    pub fn terms(&self, demand: &Demand) -> Option<Terms> {
        let row = self.instruments.get(&demand.instrument)?;
        let nothing = Cited::default();
        let cited = demand.cited.as_ref().unwrap_or(&nothing);
        let under = demand.underlying.as_ref().and_then(|id| self.instruments.get(id));
        let source = if row.has_underlying() {
            under.unwrap_or(row)
        } else {
            row
        };
        let (us, eu) = source.classes(cited, demand.signed_by_judge);
        let by_court = demand.signed_by_judge && source.binds == Binds::NotByItself;
        let binding = match source.binds {
            Binds::Yes => Binding::Yes,
            Binds::UntilObjection => Binding::UntilObjection,
            Binds::Voluntary => Binding::Voluntary,
            _ if by_court => Binding::Yes,
            Binds::AsCited if cited.binds => Binding::Yes,
            Binds::NotByItself | Binds::AsCited | Binds::AsUnderlying => Binding::NotByItself,
        };
        let notice = match source.notice {
            Notifies::Allowed | Notifies::AsUnderlying => NoticeRule::Allowed,
            Notifies::Barred => NoticeRule::Barred,
            Notifies::BarredIfCertified => NoticeRule::BarredIfCertified,
        };
        Some(Terms {
            us,
            eu,
            binding,
            notice,
            log: row.log,
            bucket: row.bucket,
            hold_only: source.hold_only,
            emergency: row.emergency,
        })
    }
}

fn read<T: for<'a> Deserialize<'a>>(name: &str, text: &str) -> Result<T, Invalid> {
    if text.len() > MAX_FILE {
        return Err(Invalid::new(name, format!("it is longer than {MAX_FILE} bytes")));
    }
    toml::from_str(text).map_err(|error| Invalid::new(name, error.to_string()))
}

fn hash(files: &BTreeMap<&str, &str>) -> Hash {
    let mut bytes = Vec::new();
    for (name, text) in files {
        bytes.extend_from_slice(Hash::of(name.as_bytes()).bytes());
        bytes.extend_from_slice(Hash::of(text.as_bytes()).bytes());
    }
    Hash::of(&bytes)
}

/// Words as they are compared: lower case, letters and digits only.
pub(crate) fn plain(text: &str) -> String {
    let letters = |c: char| {
        if c.is_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            ' '
        }
    };
    let spaced: String = text
        .chars()
        .filter(|c| !matches!(c, '.' | '\'' | '’'))
        .map(letters)
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}
