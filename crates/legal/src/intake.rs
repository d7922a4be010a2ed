//! What an officer hands in: the paper's facts, and whom it is about. The second part is kept apart and sealed.

use serde::Deserialize;

use crate::pack::NotFound;
use crate::{Cited, Demand, NonDisclosure, ReceivedTime, RulePack, Served};

/// Longest text of a field, in characters.
pub const MAX_TEXT: usize = 4_000;

/// Most lines that a demand asks for, and most accounts that it names.
pub const MAX_LINES: usize = 500;

/// A demand as it is handed in: a [`Demand`] whose instrument is named in words, with its targets.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is that of Demand")]
pub struct Intake {
    /// The id, the name or an alias of a row of the pack.
    pub instrument: String,
    #[serde(default)]
    pub authority: String,
    #[serde(default)]
    pub issuer: String,
    #[serde(default)]
    pub issuer_rank: String,
    #[serde(default)]
    pub signed_by_judge: bool,
    pub served: Served,
    #[serde(default)]
    pub due: Option<ReceivedTime>,
    #[serde(default)]
    pub appearance: Option<ReceivedTime>,
    #[serde(default)]
    pub zone: Option<String>,
    #[serde(default)]
    pub non_disclosure: NonDisclosure,
    #[serde(default)]
    pub offence_named: bool,
    pub requested: Vec<String>,
    #[serde(default)]
    pub issuer_verified: bool,
    #[serde(default)]
    pub signed: bool,
    #[serde(default)]
    pub entity_named: Option<String>,
    #[serde(default)]
    pub court: Option<String>,
    #[serde(default)]
    pub sealed_docket: bool,
    #[serde(default)]
    pub language: Option<String>,
    #[serde(default)]
    pub redress: Option<String>,
    #[serde(default)]
    pub foreign_conflict: Option<String>,
    /// The id, the name or an alias of the process that a treaty request arrives as.
    #[serde(default)]
    pub underlying: Option<String>,
    #[serde(default)]
    pub cited: Option<Cited>,
    /// Whom it is about, as it names them.
    #[serde(default)]
    pub targets: Vec<String>,
}

/// Why something handed in is no demand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidIntake {
    /// No row of the pack.
    #[error(transparent)]
    Instrument(#[from] NotFound),
    /// It asks for nothing.
    #[error("a demand asks for at least one thing: `requested` is empty")]
    Nothing,
    /// A field is too long, or there are too many.
    #[error("`{0}` is longer than this program takes")]
    TooLong(&'static str),
    /// A time zone that nobody knows.
    #[error("`{0}` is no IANA time zone, such as America/New_York")]
    Zone(String),
}

impl Intake {
    /// The demand that is handed in, as received: dates that no calendar has stay as they are.
    ///
    /// # Errors
    /// [`InvalidIntake`] says which field can't be taken.
    pub fn demand(&self, pack: &RulePack) -> Result<Demand, InvalidIntake> {
        self.check_lengths()?;
        if self.requested.iter().all(|line| line.trim().is_empty()) {
            return Err(InvalidIntake::Nothing);
        }
        if let Some(zone) = self.zone.as_ref().filter(|zone| !crate::deadline::is_zone(zone)) {
            return Err(InvalidIntake::Zone(zone.clone()));
        }
        let underlying = self
            .underlying
            .as_ref()
            .map(|words| pack.find(words, &self.authority));
        Ok(Demand {
            instrument: pack.find(&self.instrument, &self.authority)?.id.clone(),
            authority: self.authority.clone(),
            issuer: self.issuer.clone(),
            issuer_rank: self.issuer_rank.clone(),
            signed_by_judge: self.signed_by_judge,
            served: self.served.clone(),
            due: self.due.clone(),
            appearance: self.appearance.clone(),
            zone: self.zone.clone(),
            non_disclosure: self.non_disclosure,
            offence_named: self.offence_named,
            requested: self
                .requested
                .iter()
                .filter(|line| !line.trim().is_empty())
                .cloned()
                .collect(),
            issuer_verified: self.issuer_verified,
            signed: self.signed,
            accounts: self.targets.len() as u32,
            entity_named: self.entity_named.clone(),
            court: self.court.clone(),
            sealed_docket: self.sealed_docket,
            language: self.language.clone(),
            redress: self.redress.clone(),
            foreign_conflict: self.foreign_conflict.clone(),
            underlying: underlying.transpose()?.map(|row| row.id.clone()),
            cited: self.cited.clone(),
        })
    }

    fn check_lengths(&self) -> Result<(), InvalidIntake> {
        let long = |text: &str| text.chars().count() > MAX_TEXT;
        let many = |lines: &[String]| lines.len() > MAX_LINES || lines.iter().any(|line| long(line));
        let time = |time: &Option<ReceivedTime>| time.as_ref().is_some_and(|time| long(time.text()));
        let maybe = |text: &Option<String>| text.as_deref().is_some_and(long);
        let fields = [
            ("instrument", long(&self.instrument)),
            ("authority", long(&self.authority)),
            ("issuer", long(&self.issuer)),
            ("issuer_rank", long(&self.issuer_rank)),
            (
                "served",
                long(self.served.on.text()) || long(&self.served.by) || maybe(&self.served.upon),
            ),
            ("due", time(&self.due)),
            ("appearance", time(&self.appearance)),
            ("requested", many(&self.requested)),
            ("targets", many(&self.targets)),
            ("entity_named", maybe(&self.entity_named)),
            ("court", maybe(&self.court)),
            ("language", maybe(&self.language)),
            ("redress", maybe(&self.redress)),
            ("foreign_conflict", maybe(&self.foreign_conflict)),
            ("underlying", maybe(&self.underlying)),
        ];
        let too_long = fields.into_iter().find(|(_, long)| *long);
        too_long.map_or(Ok(()), |(name, _)| Err(InvalidIntake::TooLong(name)))
    }
}
