//! What an officer hands in: the paper's facts, and whom it is about. The second part is kept apart and sealed.

use serde_json::{Map, Value};

use crate::demand::MEMBER_STATES;
use crate::pack::NotFound;
use crate::{Demand, ReceivedTime, RulePack};

/// Longest text of a field, in characters.
pub const MAX_TEXT: usize = 4_000;

/// Most lines that a demand asks for.
pub const MAX_LINES: usize = 200;

/// Most accounts that a demand names.
pub const MAX_TARGETS: usize = 1_000;

/// A demand as it is handed in, as received: dates that no calendar has stay as they are.
#[derive(Clone, Debug)]
pub struct Intake {
    /// What the paper says.
    pub demand: Demand,
    /// Whom it is about, as it names them.
    pub targets: Vec<String>,
}

/// Why something handed in is no demand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidIntake {
    /// No JSON of the right form.
    #[error("this is no demand: {0}")]
    Form(String),
    /// No row of the pack.
    #[error(transparent)]
    Instrument(#[from] NotFound),
    /// It asks for nothing.
    #[error("a demand asks for at least one thing: `requested` is empty")]
    Nothing,
    /// It is about nobody, or about too many.
    #[error("a demand names 1 to {MAX_TARGETS} accounts")]
    Targets,
    /// A field is too long, or there are too many.
    #[error("`{0}` is longer than this program takes")]
    TooLong(&'static str),
    /// A time zone that nobody knows.
    #[error("`{0}` is no IANA time zone, such as America/New_York")]
    Zone(String),
    /// No member state of the Union.
    #[error("`{0}` is no member state of the European Union; write its code, as in NL")]
    State(String),
}

impl InvalidIntake {
    /// The field that it is about, as it is called in data.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Form(_) => "demand",
            Self::Instrument(_) => "instrument",
            Self::Nothing => "requested",
            Self::Targets => "targets",
            Self::TooLong(field) => field,
            Self::Zone(_) => "zone",
            Self::State(_) => "member_state",
        }
    }
}

impl Intake {
    /// Reads what is handed in: the fields of [`Demand`], with `targets`. `instrument` and `underlying` may be the name or
    /// an alias of a row of the pack; how many accounts it asks about is counted here.
    ///
    /// # Errors
    /// [`InvalidIntake`] says which field can't be taken.
    pub fn read(text: &str, pack: &RulePack) -> Result<Self, InvalidIntake> {
        let fields = serde_json::from_str(text).map_err(form)?;
        Self::of(fields, pack)
    }

    /// As [`Intake::read`], of fields.
    ///
    /// # Errors
    /// As [`Intake::read`].
    pub fn of(mut fields: Map<String, Value>, pack: &RulePack) -> Result<Self, InvalidIntake> {
        let targets = fields
            .remove("targets")
            .unwrap_or_else(|| Value::Array(Vec::new()));
        let targets: Vec<String> = serde_json::from_value(targets).map_err(form)?;
        if fields.contains_key("accounts") {
            return Err(InvalidIntake::Form("unknown field `accounts`".to_owned()));
        }
        fields.insert("accounts".to_owned(), targets.len().into());
        let citation = fields
            .get("authority")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let citation = citation.to_owned();
        for name in ["instrument", "underlying"] {
            if let Some(Value::String(words)) = fields.get_mut(name) {
                if is_long(words) {
                    return Err(InvalidIntake::TooLong(name));
                }
                pack.find(words, &citation)?.id.as_str().clone_into(words);
            }
        }
        let mut demand: Demand = serde_json::from_value(Value::Object(fields)).map_err(form)?;
        demand.requested.retain(|line| !line.trim().is_empty());
        let intake = Self { demand, targets };
        intake.check()?;
        Ok(intake)
    }

    fn check(&self) -> Result<(), InvalidIntake> {
        let demand = &self.demand;
        check_lengths(demand)?;
        if demand.requested.is_empty() {
            return Err(InvalidIntake::Nothing);
        }
        if self.targets.is_empty() || self.targets.len() > MAX_TARGETS {
            return Err(InvalidIntake::Targets);
        }
        if self.targets.iter().any(|target| is_long(target)) {
            return Err(InvalidIntake::TooLong("targets"));
        }
        if let Some(zone) = demand
            .zone
            .as_ref()
            .filter(|zone| !crate::deadline::is_zone(zone))
        {
            return Err(InvalidIntake::Zone(zone.clone()));
        }
        let known = |code: &String| MEMBER_STATES.iter().any(|(known, _)| known == code);
        match demand.member_state.as_ref().filter(|code| !known(code)) {
            Some(code) => Err(InvalidIntake::State(code.chars().take(40).collect())),
            None => Ok(()),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands on")]
fn form(error: serde_json::Error) -> InvalidIntake {
    InvalidIntake::Form(error.to_string())
}

fn is_long(text: &str) -> bool {
    text.chars().count() > MAX_TEXT
}

fn check_lengths(demand: &Demand) -> Result<(), InvalidIntake> {
    let many = |lines: &[String]| lines.len() > MAX_LINES || lines.iter().any(|line| is_long(line));
    let time = |time: &Option<ReceivedTime>| time.as_ref().is_some_and(|time| is_long(time.text()));
    let maybe = |text: &Option<String>| text.as_deref().is_some_and(is_long);
    let served = &demand.served;
    let fields = [
        ("authority", is_long(&demand.authority)),
        ("issuer", is_long(&demand.issuer)),
        ("issuer_rank", is_long(&demand.issuer_rank)),
        (
            "served",
            is_long(served.on.text()) || is_long(&served.by) || maybe(&served.upon),
        ),
        ("due", time(&demand.due)),
        ("appearance", time(&demand.appearance)),
        ("requested", many(&demand.requested)),
        ("entity_named", maybe(&demand.entity_named)),
        ("court", maybe(&demand.court)),
        ("language", maybe(&demand.language)),
        ("redress", maybe(&demand.redress)),
        ("foreign_conflict", maybe(&demand.foreign_conflict)),
    ];
    let too_long = fields.into_iter().find(|(_, long)| *long);
    too_long.map_or(Ok(()), |(name, _)| Err(InvalidIntake::TooLong(name)))
}
