//! What a letter is made of: plain facts, which the desk takes from the demand, its state and the inventory.

use bauta_model::{CoarseTime, Day};

/// Who writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    /// The server's name.
    pub title: String,
    /// Its domain.
    pub domain: String,
    /// Who runs it, by its name in law.
    pub entity: Option<String>,
    /// The postal address, line by line.
    pub address: Vec<String>,
    /// How to reach the desk.
    pub contact: Option<String>,
}

/// One demand, as a letter needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    /// Who writes.
    pub sender: Sender,
    /// The day of the draft.
    pub today: Day,
    /// The demand's random public name.
    pub reference: String,
    /// The instrument's name for people, such as "administrative summons".
    pub instrument: String,
    /// The law that it cites, as received.
    pub authority: String,
    /// The office that issued it.
    pub issuer: String,
    /// The rank of whoever signed, as received.
    pub issuer_rank: String,
    /// When it was served, as received.
    pub served_on: String,
    /// How it was served.
    pub served_by: String,
    /// By when it wants an answer, as received.
    pub due: Option<String>,
    /// What it wants, in its own words.
    pub requested: Vec<String>,
    /// How many accounts it asks about.
    pub accounts: u32,
    /// It binds without a further order.
    pub binds: bool,
    /// What it says about silence.
    pub secrecy: Secrecy,
    /// A gag is active: the user may not be told.
    pub gagged: bool,
    /// Defects, with the rule and the fact of each.
    pub grounds: Vec<Ground>,
    /// Asked against held.
    pub held: Vec<Line>,
    /// Something was already produced.
    pub produced: bool,
    /// Dates that count.
    pub deadlines: Vec<Deadline>,
    /// The end of the time in which the user can answer.
    pub window_ends: Option<Day>,
    /// A sealed copy of what is held of the things asked for was made.
    pub hold: bool,
    /// What has happened so far, in a line each, with its day.
    pub steps: Vec<(Day, String)>,
    /// The lawsuit, where there is one.
    pub case: Option<Case>,
    /// What became of the demand.
    pub outcome: Option<Outcome>,
    /// Whether the public log has it.
    pub log: Log,
    /// Hash of the inventory that the holdings were computed from.
    pub inventory: String,
    /// Hash of the rule pack that the defects were computed from.
    pub rules: String,
}

/// How the demand stands in the public log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Log {
    /// Not there, or nothing can be said.
    #[default]
    Absent,
    /// It waits for its hour, and a signed promise goes with the letter.
    Promised {
        /// The last day by which it is there.
        by: Day,
        /// What the entry commits to, in base64, as the promise names it.
        commitment: String,
    },
    /// It is there, and its receipt goes with the letter.
    Entered {
        /// At which leaf.
        leaf: u64,
    },
}

/// What a demand says about silence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Secrecy {
    /// Nothing.
    #[default]
    None,
    /// It asks for it, and cites nothing that commands it.
    Requested,
    /// A statute, a certification or a court's order commands it.
    Commanded,
}

/// A defect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// Its code in data.
    pub code: String,
    /// The rule.
    pub rule: String,
    /// The fact that triggers it.
    pub fact: String,
    /// Where the rule stands.
    pub source: String,
}

/// One line of asked against held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The words of the demand.
    pub requested: String,
    /// What it comes to.
    pub status: Status,
    /// Why.
    pub sentence: String,
    /// Rows, where something is held.
    pub rows: u64,
    /// What the operator says of what lies outside the program.
    pub statement: Option<Stated>,
}

/// The operator's own statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// In the operator's words.
    pub words: String,
    /// The day on which an officer entered it.
    pub on: Day,
}

/// The state of what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// There are such records.
    Held,
    /// It exists, and is never produced.
    Credential,
    /// It was destroyed by rule, and a purge was logged.
    Expired,
    /// There is no place for it.
    NeverCollected,
    /// Not part of the program: the operator speaks.
    Outside,
    /// It names no kind of record: it has to be narrowed in writing.
    TooBroad,
}

/// A date that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// For people.
    pub name: String,
    /// The slot at whose end it is over.
    pub at: CoarseTime,
    /// Missing it has a consequence in law.
    pub binds: bool,
    /// How it was computed.
    pub how: String,
}

/// A lawsuit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The court.
    pub court: String,
    /// The docket's number.
    pub docket: String,
    /// How it stands, such as "voluntarily dismissed without prejudice".
    pub status: String,
}

/// What became of a demand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Whoever issued it has withdrawn it.
    pub withdrawn: bool,
    /// In words, such as "withdrawn".
    pub words: String,
    /// The day.
    pub on: Day,
}

/// A received date for people.
pub(crate) fn received(text: &str) -> String {
    read(text).unwrap_or_else(|| format!("\u{201c}{text}\u{201d}"))
}

fn read(text: &str) -> Option<String> {
    let (date, clock) = text
        .split_once(['T', ' '])
        .map_or((text, None), |(date, clock)| (date, Some(clock)));
    let day = civil(date)?.long();
    let Some(clock) = clock else {
        return Some(day);
    };
    let mut parts = clock.split(':');
    let (hour, minute) = (parts.next()?, parts.next()?);
    let two =
        |part: &str, below: u32| part.len() == 2 && part.parse::<u32>().is_ok_and(|number| number < below);
    (two(hour, 24) && two(minute, 60)).then(|| format!("{day}, {hour}:{minute}"))
}

fn civil(date: &str) -> Option<Day> {
    let mut parts = date.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    Day::from_civil(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_reads_well_or_stays_as_it_came() {
        assert_eq!(received("2017-03-13T11:45:00"), "13 March 2017, 11:45");
        assert_eq!(received("2017-03-14"), "14 March 2017");
        for odd in ["2017-02-30", "soon", "", "2017-03-13T25:00", "2017-3-1"] {
            assert_eq!(received(odd), format!("\u{201c}{odd}\u{201d}"));
        }
    }
}
